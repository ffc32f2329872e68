//! Ingest: read what is on disk, once.
//!
//! In: the folders `raw/` and `schemas/`. Out: documents and the text of the schema files. Bytes are read once, hashed, decoded
//! or refused, never guessed. Nothing else of the first half touches the disk. New sources and new projects are written here too.

mod columns;
mod document_stream;
mod files;
mod ipc;
mod items;
mod project;
mod reading;
mod records;
mod register;
mod registry;
mod runs;
mod schemas;
mod seen;
mod sources;
mod walk;

pub use document_stream::{DocumentStream, Incoming};
pub use items::{Item, Items, total_bytes};
pub use project::{Created, create};
pub use register::{Candidate, Registered, candidates, language_name, register};
pub use runs::{Runs, Step};
pub use schemas::{schema_file, schema_files};
pub use seen::Seen;
pub use sources::{Described, Intake, RawFolder, Taken, open};
