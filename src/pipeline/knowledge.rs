//! Knowledge: what is known before any document is read.
//!
//! In: the files of `schemas/`. Out: the schemas, the normalizer of country names, the lines that are ignored on purpose, and one gazetteer
//! a language. The command that only normalizes names reads the tables of countries and nothing else, so that it starts at once.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::cache::Sound;
use super::{Project, refuse_errors};
use crate::error::Error;
use crate::extract::IgnoredLine;
use crate::findings::{Finding, Place, Report, code};
use crate::ingest;
use crate::model::gazetteer::Gazetteer;
use crate::model::reference::{ALIASES, Alias, Reference};
use crate::model::schemas::{SchemaFiles, Schemas, parse_toml};
use crate::normalize::country::{self, Normalizer, Sources};

/// One gazetteer a language, each made when the first text in it comes.
#[derive(Debug)]
pub struct Gazetteers<'a> {
    schemas: &'a Schemas,
    countries: &'a Normalizer,
    /// As the vocabularies are.
    made: Vec<OnceLock<Option<Gazetteer>>>,
}

impl<'a> Gazetteers<'a> {
    #[must_use]
    pub fn new(schemas: &'a Schemas, countries: &'a Normalizer) -> Self {
        Self { schemas, countries, made: schemas.vocabularies.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The gazetteer for a language; that of the first vocabulary where the language has none.
    #[must_use]
    pub fn of(&self, language: &str) -> Option<&Gazetteer> {
        let at = self.schemas.vocabularies.iter().position(|vocabulary| vocabulary.code == language).unwrap_or(0);
        let Schemas { reference, vocabularies, files, .. } = self.schemas;
        let tongue = vocabularies.get(at)?;
        let vocabulary = tongue.vocabulary()?;
        let built = || tongue.built_tree().filter(|_| files.files.are_built_in("reference/"));
        self.made[at].get_or_init(|| Gazetteer::new(reference, vocabulary, self.countries.table(), built())).as_ref()
    }
}

/// Reads and parses the schemas.
///
/// # Errors
/// `Refused` where something in them is wrong, which is then in the report.
pub fn schemas(project: &Project, report: &mut Report) -> Result<Schemas, Error> {
    let files = ingest::schema_files(&project.schemas, report)?;
    let sound = project.cache.as_deref().and_then(|folder| Sound::new(folder, &files));
    let schemas = if sound.as_ref().is_some_and(Sound::is_known) {
        Schemas::of_sound(files, report)
    } else {
        let before = report.findings().len();
        parse_toml::<IgnoredFile>(&files, "ignored.toml", report);
        let schemas = Schemas::parse(files, report);
        sound.iter().filter(|_| report.findings().len() == before).for_each(Sound::remember);
        schemas
    };
    refuse_errors(report)?;
    if let Some(schemas) = &schemas {
        report.set_severities(&schemas.settings.severity);
    }
    schemas.ok_or(Error::Refused { errors: 1 })
}

/// The normalizer of country names: that of the program, or one made of the project's own tables where those differ; the
/// project's aliases on top. Reads no other schemas, so that the command that only normalizes starts at once.
///
/// # Errors
/// `Io` where a file cannot be read, `Refused` where the tables contradict themselves, which is then in the report.
pub fn countries(project: &Project, report: &mut Report) -> Result<Normalizer, Error> {
    let mut texts = Vec::new();
    for path in country_files() {
        texts.push(ingest::schema_file(&project.schemas, &path)?.unwrap_or_else(|| Cow::Owned(String::new())));
    }
    let are_built_in = texts.iter().all(|text| matches!(text, Cow::Borrowed(_)));
    let mut files = SchemaFiles { root: project.schemas.to_string_lossy().into_owned(), ..SchemaFiles::default() };
    if let Some(text) = ingest::schema_file(&project.schemas, ALIASES)? {
        files.files.insert(ALIASES.to_owned(), text.into_owned());
    }
    let aliases = Reference::parse_aliases(&files, report);
    normalizer(&texts, are_built_in, &aliases, &files.display("reference"), report)
}

/// The tables that a normalizer is made of.
fn country_files() -> impl Iterator<Item = String> {
    country::FILES.iter().map(|name| format!("reference/{name}"))
}

fn normalizer(texts: &[impl AsRef<str>], are_built_in: bool, aliases: &[Alias], folder: &str, report: &mut Report) -> Result<Normalizer, Error> {
    let countries = if are_built_in { Ok(Normalizer::built_in()) } else { Normalizer::from_csv(&Sources::of(texts)) };
    if let Err(problem) = &countries {
        report.push(Finding::new(code::SCHEMA_INVALID, Place::file(folder), problem.as_str()));
    }
    refuse_errors(report)?;
    let names = aliases.iter().map(|alias| (alias.name.as_str(), alias.iso3.as_str()));
    countries.map(|countries| countries.with_aliases(names)).map_err(|_| Error::Refused { errors: 1 })
}

/// The names of countries as running text has them.
pub(super) fn countries_of_prose(schemas: &Schemas, report: &mut Report) -> Result<Normalizer, Error> {
    let texts: Vec<&str> = country_files().map(|path| schemas.files.get(&path).unwrap_or_default()).collect();
    let are_built_in = country_files().all(|path| schemas.files.files.are_built_in(&path));
    let mut countries = normalizer(&texts, are_built_in, &schemas.reference.aliases, &schemas.files.display("reference"), report)?;
    // In prose "IN" and "no" are words.
    countries.codes = false;
    Ok(countries)
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoredFile {
    #[serde(default)]
    line: Vec<IgnoredLine>,
}

pub(super) fn ignored_lines(schemas: &Schemas, report: &mut Report) -> Vec<IgnoredLine> {
    parse_toml::<IgnoredFile>(&schemas.files, "ignored.toml", report).map_or_else(Vec::new, |file| file.line)
}
