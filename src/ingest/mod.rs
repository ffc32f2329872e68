//! Ingest: read what is on disk, once.
//!
//! In: the folders `raw/` and `schemas/`. Out: documents and the text of the schema files. Bytes are read once, hashed, decoded
//! or refused, never guessed. Nothing else of the first half touches the disk. New sources and new projects are written here too.

mod project;
mod reading;
mod register;
mod registry;
mod schemas;
mod sources;

pub use project::{Created, create};
pub use register::{Candidate, Registered, candidates, language_name, register};
pub use registry::derived_entry as entry_of;
pub use schemas::{built_in, schema_file, schema_files};
pub use sources::{Described, RawFolder, documents};
