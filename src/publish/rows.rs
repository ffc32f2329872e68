//! What is wrong with rows that are read from a file, for the difference and the checks, which merge them.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use crate::error::Error;
pub use crate::model::rows::{MemoryRows, RowSource, collect};

/// Shorthand for a file that is not what it should be.
pub fn unsound(path: &Path, problem: impl Into<String>) -> Error {
    Error::Store { path: PathBuf::from(path), problem: problem.into() }
}

/// What is wrong with a row whose key stands so to the one of the row before; nothing where it follows it.
#[must_use]
pub fn disorder(before: Ordering) -> Option<&'static str> {
    match before {
        Ordering::Less => None,
        Ordering::Equal => Some("the key of the row before stands again"),
        Ordering::Greater => Some("the row should stand before the one above it: the file is not sorted by its key"),
    }
}
