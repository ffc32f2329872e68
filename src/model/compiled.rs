//! Compiled: what the build script made of the program's own vocabularies and reference data, so that nothing of them is parsed when the
//! program starts.
//!
//! In: the files of a project. Out: what they say, where they are those of the program and nothing but them; none where one of them is another,
//! which then has to be read.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::built_text::BuiltText;
use super::reference::{self, Reference, day_numbered};
use super::schemas::SchemaFiles;
use super::vocabulary::{Language, Vocabulary};

/// What the build made of one language.
#[derive(Debug)]
struct Tongue {
    code: &'static str,
    language: &'static [u8],
    vocabulary: &'static [u8],
    /// The names and wording of the language and of the reference data.
    tree: &'static [u8],
}

/// The reference data, as literals.
static REFERENCE: Reference = include!(concat!(env!("OUT_DIR"), "/reference.rs"));
static TONGUES: &[Tongue] = include!(concat!(env!("OUT_DIR"), "/tongues.rs"));

/// The reference data.
#[must_use]
pub fn reference(files: &SchemaFiles) -> Option<Reference> {
    files.files.are_built_in("reference/").then(|| REFERENCE.clone())
}

/// What is always needed of a language.
#[must_use]
pub fn language(files: &SchemaFiles, code: &str) -> Option<Language> {
    read(tongue(files, code)?.language)
}

/// All wording of a language.
#[must_use]
pub fn vocabulary(files: &SchemaFiles, code: &str) -> Option<Vocabulary> {
    read(tongue(files, code)?.vocabulary)
}

/// The tree of words of a language and the program's reference data.
#[must_use]
pub fn tree(files: &SchemaFiles, code: &str) -> Option<&'static [u8]> {
    Some(tongue(files, code)?.tree)
}

fn tongue(files: &SchemaFiles, code: &str) -> Option<&'static Tongue> {
    let tongue = TONGUES.iter().find(|tongue| tongue.code == code)?;
    files.files.are_built_in(&format!("vocabulary/{code}/")).then_some(tongue)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}
