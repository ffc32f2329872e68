//! Ingest: read what is on disk, once.
//!
//! In: the folders `raw/` and `schemas/`. Out: documents and the text of the schema files. Bytes are read once, hashed, decoded
//! or refused, never guessed. Nothing else of the first half touches the disk.

mod reading;
mod registry;
mod schemas;
mod sources;

pub use schemas::{built_in, schema_file, schema_files};
pub use sources::{RawFolder, documents};
