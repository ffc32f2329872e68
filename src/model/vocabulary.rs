//! Vocabulary: the wording of one language, read from `schemas/vocabulary/<language>/*.toml`.

use super::schemas::SchemaFiles;
use crate::findings::Report;

/// The wording of one language.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// ISO 639-1: the name of the folder.
    pub language: String,
}

impl Vocabulary {
    /// Every folder below `vocabulary/` as a language.
    #[must_use]
    pub fn parse_all(_files: &SchemaFiles, _report: &mut Report) -> Vec<Self> {
        Vec::new()
    }
}
