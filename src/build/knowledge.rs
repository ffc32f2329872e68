//! Compiles the program's own vocabularies and reference data, so that they need not be parsed when it starts.
//!
//! In: the folder `schemas`. Out: `reference.rs`, and for each language its vocabulary and its tree of words, with `tongues.rs` that lists
//! them. The types and the compiler are the library's own, so that what is built in and what is read at start cannot differ in kind. What is
//! wrong with the rows (keys that stand twice, codes that there are not) is for the tests to find.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

#[allow(dead_code, reason = "the build script reads texts and asks nothing of them")]
#[path = "../model/built_text.rs"]
pub mod built_text;
#[path = "../model/fx.rs"]
mod fx;
#[path = "../model/gazetteer/growth.rs"]
mod growth;
#[allow(dead_code, reason = "the build script writes tables and reads none")]
#[path = "../model/countries/hash.rs"]
mod hash;
#[path = "literals.rs"]
pub mod literals;
#[allow(dead_code, reason = "the build script writes rows and asks nothing of them")]
#[path = "../model/reference.rs"]
mod reference;
#[allow(dead_code, reason = "the build script puts tags and asks nothing of them")]
#[path = "../model/gazetteer/tag.rs"]
mod tag;
#[allow(dead_code, reason = "the build script writes trees and reads none")]
#[path = "../model/gazetteer/tree.rs"]
mod tree;
#[allow(dead_code, reason = "the build script puts wording together and asks nothing of it")]
#[path = "../model/vocabulary.rs"]
mod vocabulary;
#[path = "../model/gazetteer/wording.rs"]
mod wording;
#[path = "../model/gazetteer/words.rs"]
mod words;

use growth::Growth;
use reference::{Alias, Reference};
use vocabulary::{Files, Vocabulary};

/// Writes what is made of `schemas_dir` into `out_dir`.
///
/// # Errors
/// Where a file is missing or wrong: the build must stop, and say which.
pub fn write(out_dir: &Path, schemas_dir: &Path) -> Result<(), Box<dyn Error>> {
    let reference = read_reference(&schemas_dir.join("reference"))?;
    fs::write(out_dir.join("reference.rs"), literals::of(&reference)?)?;
    let folder = schemas_dir.join("vocabulary");
    let mut codes = Vec::new();
    for entry in fs::read_dir(&folder)? {
        codes.push(entry?.file_name().to_string_lossy().into_owned());
    }
    codes.sort();
    let mut list = String::from("&[\n");
    for code in codes {
        let mut files = TomlFiles { folder: folder.join(&code), problems: Vec::new() };
        let Some(vocabulary) = Vocabulary::of(&code, &mut files).filter(|_| files.problems.is_empty()) else {
            return Err(files.problems.join("\n").into());
        };
        save(out_dir, &format!("{code}.language.bin"), &vocabulary.language)?;
        save(out_dir, &format!("{code}.vocabulary.bin"), &vocabulary)?;
        fs::write(out_dir.join(format!("{code}.tree.bin")), Growth::of(&reference, &vocabulary).lay_out()?)?;
        write!(list, "    Tongue {{ code: {code:?}")?;
        for part in ["language", "vocabulary", "tree"] {
            write!(list, ", {part}: include_bytes!(concat!(env!(\"OUT_DIR\"), {:?}))", format!("/{code}.{part}.bin"))?;
        }
        list.push_str(" },\n");
    }
    list.push(']');
    fs::write(out_dir.join("tongues.rs"), list)?;
    Ok(())
}

fn save(out_dir: &Path, name: &str, value: &impl Serialize) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(out_dir.join(name), postcard::to_extend(value, Vec::new())?)?)
}

fn read_reference(folder: &Path) -> Result<Reference, Box<dyn Error>> {
    let mut aliases = Vec::new();
    for (row, line) in rows::<Alias>(folder, "aliases")? {
        aliases.push(Alias { line, ..row });
    }
    Ok(Reference {
        countries: all(folder, "countries")?,
        groups: all(folder, "groups")?,
        group_members: all(folder, "group_members")?,
        dialogues: all(folder, "dialogues")?,
        organizations: all(folder, "organizations")?,
        cities: all(folder, "cities")?,
        aliases: aliases.into(),
        other_codes: all(folder, "other_codes")?,
    })
}

fn all<T: Clone + DeserializeOwned>(folder: &Path, name: &str) -> Result<Cow<'static, [T]>, Box<dyn Error>> {
    Ok(rows(folder, name)?.into_iter().map(|(row, _)| row).collect())
}

/// The rows of a file with their lines.
fn rows<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<(T, u32)>, Box<dyn Error>> {
    let path = folder.join(format!("{name}.csv"));
    let said = |error: csv::Error| format!("{}: {error}", path.display());
    let mut reader = csv::Reader::from_path(&path).map_err(said)?;
    let header = reader.headers().map_err(said)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(said)?;
        let line = record.position().map_or(0, |position| position.line() as u32);
        rows.push((record.deserialize(Some(&header)).map_err(said)?, line));
    }
    Ok(rows)
}

/// The files of a vocabulary.
struct TomlFiles {
    folder: PathBuf,
    problems: Vec<String>,
}

impl TomlFiles {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.toml"))
    }
}

impl Files for TomlFiles {
    fn read<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let path = self.path(name);
        let read = fs::read_to_string(&path).map_err(|error| error.to_string());
        let parsed = read.and_then(|text| toml::from_str(&text).map_err(|error| error.to_string()));
        parsed.map_err(|problem| self.problems.push(format!("{}: {problem}", path.display()))).ok()
    }

    fn miss(&mut self, name: &str, what: &str) {
        let path = self.path(name);
        self.problems.push(format!("{}: there is no {what}", path.display()));
    }
}
