//! Digests of what makes the records of a document: the program and the schemas. Where both are the same, so are the records.

use super::schemas::SchemaFiles;

/// SHA-256 over the sources of the program, the schemas that are compiled into it and the versions of what it is built from.
pub const PROGRAM: &str = env!("ROLLCALL_PROGRAM_DIGEST");

/// What only the second half goes by.
const OF_THE_SECOND_HALF: [&str; 4] = ["corrections.toml", "dataset.toml", "expectations.toml", "renames.toml"];

/// What tells the files of `schemas/` that decide what is read from a document from others, beside [`PROGRAM`].
#[must_use]
pub fn of_own_schemas(files: &SchemaFiles) -> [u8; 32] {
    files.program_and_own(|path| !OF_THE_SECOND_HALF.contains(&path))
}

/// SHA-256 over the files of `schemas/` that decide what is read from a document.
#[must_use]
pub fn of_schemas(files: &SchemaFiles) -> String {
    files.digest(|path| !OF_THE_SECOND_HALF.contains(&path))
}
