//! Tongues: the languages that there is a vocabulary of, and their vocabularies as they are asked for.
//!
//! In: the files below `vocabulary/`. Out: what the build made of them where they are the program's own, else what they say, with everything
//! that is wrong with it.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;

use super::compiled;
use super::schemas::{SchemaFiles, parse_toml};
use super::vocabulary::{Files, Language, Vocabulary};
use crate::findings::{Finding, Place, Report, code};

/// A language that there is a vocabulary of. One that is known to be sound is parsed when the first text in the language comes; any other at once,
/// for what is wrong with it.
#[derive(Clone, Debug)]
pub struct Tongue {
    /// ISO 639-1: the name of the folder.
    pub code: String,
    pub language: Language,
    files: SchemaFiles,
    vocabulary: OnceLock<Option<Arc<Vocabulary>>>,
}

impl Tongue {
    /// Every folder below `vocabulary/` as a language, in the order of their names.
    #[must_use]
    pub fn all(files: &SchemaFiles, is_sound: bool, report: &mut Report) -> Vec<Self> {
        let folders: BTreeSet<&str> = files
            .files
            .iter()
            .filter_map(|(path, _)| path.strip_prefix("vocabulary/"))
            .filter_map(|path| path.split_once('/'))
            .map(|(folder, _)| folder)
            .collect();
        folders.into_iter().filter_map(|folder| Self::of(files, folder, is_sound, report)).collect()
    }

    fn of(files: &SchemaFiles, folder: &str, is_sound: bool, report: &mut Report) -> Option<Self> {
        let own = SchemaFiles { root: files.root.clone(), files: files.files.below(&format!("vocabulary/{folder}/")) };
        let vocabulary = OnceLock::new();
        let language = if let Some(compiled) = compiled::language(&own, folder) {
            compiled
        } else if is_sound {
            parse_toml(&own, &format!("vocabulary/{folder}/language.toml"), report)?
        } else {
            let parsed = parse(&own, folder, report)?;
            let language = parsed.language.clone();
            vocabulary.get_or_init(|| Some(Arc::new(parsed)));
            language
        };
        Some(Self { code: folder.to_owned(), language, files: own, vocabulary })
    }

    /// The vocabulary; none where it is not as sound as it was said to be.
    #[must_use]
    pub fn vocabulary(&self) -> Option<&Arc<Vocabulary>> {
        let read = || compiled::vocabulary(&self.files, &self.code).or_else(|| parse(&self.files, &self.code, &mut Report::default()));
        self.vocabulary.get_or_init(|| read().map(Arc::new)).as_ref()
    }

    /// The tree of words that the build grew of this vocabulary and the program's reference data; none where the vocabulary is another.
    #[must_use]
    pub fn built_tree(&self) -> Option<&'static [u8]> {
        compiled::tree(&self.files, &self.code)
    }
}

/// The files of one language, while they are read.
struct Reading<'a> {
    files: &'a SchemaFiles,
    folder: &'a str,
    report: &'a mut Report,
}

impl Reading<'_> {
    fn path(&self, name: &str) -> String {
        format!("vocabulary/{}/{name}.toml", self.folder)
    }
}

impl Files for Reading<'_> {
    fn read<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        parse_toml(self.files, &self.path(name), self.report)
    }

    fn miss(&mut self, name: &str, what: &str) {
        let place = Place::file(self.files.display(&self.path(name)));
        self.report.push(Finding::new(code::SCHEMA_INVALID, place, format!("there is no {what}")));
    }
}

fn parse(files: &SchemaFiles, folder: &str, report: &mut Report) -> Option<Vocabulary> {
    Vocabulary::of(folder, &mut Reading { files, folder, report })
}
