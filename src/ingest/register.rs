//! Register: new texts for the folder of sources, and their entries in the registry.
//!
//! In: files as the user named them. Out: candidates that can be taken, or findings that say why not; then copies in the folder and
//! entries at the end of `sources.toml`. Nothing is written unless every file can be taken, and what stands in the registry stays as it is.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::files::FileKind;
use super::registry::Entries;
use super::sources::{Described, SIZE_LIMIT, not_utf8};
use super::walk::{Walk, Walked};
use crate::error::Error;
use crate::findings::{Finding, Place, Report, code};
use crate::model::document::Format;
use crate::model::record::hex;

/// The registry's name in the folder of sources.
const REGISTRY: &str = "sources.toml";

/// A file that can become a source.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: String,
    /// Where the user has it.
    pub from: PathBuf,
    /// Where it will lie among the sources.
    pub path: PathBuf,
    pub format: Format,
    pub text: String,
    pub sha256: String,
}

/// An entry that was written.
#[derive(Clone, Debug)]
pub struct Registered {
    pub registry: PathBuf,
    /// The line on which it starts.
    pub line: u32,
}

/// Reads the files and sees whether each can be taken; what is wrong is in the report.
///
/// # Errors
/// `Io` where a file or folder cannot be read.
pub fn candidates(files: &[PathBuf], raw: &Path, report: &mut Report) -> Result<Vec<Candidate>, Error> {
    if !raw.is_dir() {
        let missing = Finding::new(code::RAW_MISSING, Place::file(raw.to_string_lossy()), "there is no such folder of sources");
        report.push(missing.hint("start a project with rollcall init, or name another folder with --raw"));
        return Ok(Vec::new());
    }
    let registry = raw.join(REGISTRY);
    let entries = match fs::read_to_string(&registry) {
        Ok(text) => Entries::parse(&registry.to_string_lossy(), &text, report),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Entries::default(),
        Err(error) => return Err(Error::io("read", registry)(error)),
    };
    let present = present(raw)?;
    let mut candidates: Vec<Candidate> = Vec::new();
    for file in files {
        let Some(candidate) = candidate(file, raw, report)? else { continue };
        let problem = twin(&candidate, &entries, &present, &candidates);
        match problem {
            Some((message, hint)) => {
                report.push(Finding::new(code::SOURCE_DUPLICATE, Place::file(file.to_string_lossy()), message).hint(hint));
            }
            None => candidates.push(candidate),
        }
    }
    Ok(candidates)
}

/// The texts that are among the sources: path and hash.
fn present(raw: &Path) -> Result<Vec<(PathBuf, String)>, Error> {
    let hash = |walked: Result<Walked, Error>| {
        let full = raw.join(walked?.path);
        let bytes = fs::read(&full).map_err(Error::io("read", &full))?;
        Ok((full, hex(&Sha256::digest(&bytes))))
    };
    // Records are no files: they are known by their ids.
    let is_text = |walked: &Result<Walked, Error>| {
        walked.as_ref().is_err() || walked.as_ref().is_ok_and(|walked| matches!(FileKind::of(&walked.path), Some(FileKind::Text(_))))
    };
    Walk::new(raw)?.filter(is_text).map(hash).collect()
}

fn candidate(file: &Path, raw: &Path, report: &mut Report) -> Result<Option<Candidate>, Error> {
    let shown = file.to_string_lossy().into_owned();
    let mut refuse = |code, message: String, hint: String| {
        report.push(Finding::new(code, Place::file(&shown), message).hint(hint));
        Ok(None)
    };
    let Some(format) = Format::of(file) else {
        return refuse(code::SOURCE_FORMAT, format!("a source is one of {}", Format::extensions()), "save it as text or as a web page".to_owned());
    };
    let size = fs::metadata(file).map_err(Error::io("read", file))?.len();
    if size > SIZE_LIMIT {
        return refuse(code::SOURCE_EMPTY, format!("the file has {size} bytes, at most {SIZE_LIMIT} can be read"), "split it".to_owned());
    }
    let text = match String::from_utf8(fs::read(file).map_err(Error::io("read", file))?) {
        Ok(text) => text,
        Err(error) => {
            report.push(not_utf8(code::SOURCE_NOT_UTF8, &shown, &error));
            return Ok(None);
        }
    };
    if text.trim().is_empty() {
        return refuse(code::SOURCE_EMPTY, "the file has no text".to_owned(), "put the text back".to_owned());
    }
    let stem = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let id = slug(&stem);
    let extension = file.extension().map_or_else(String::new, |extension| extension.to_string_lossy().to_ascii_lowercase());
    if id.is_empty() {
        let hint = "rename it with letters a to z or digits".to_owned();
        return refuse(code::SOURCE_FORMAT, format!("\"{stem}\" makes no id"), hint);
    }
    let path = match within(file, raw)? {
        true if stem == id => file.to_owned(),
        true => {
            let message = format!("the id is the name of the file, and \"{stem}\" is none");
            return refuse(code::SOURCE_FORMAT, message, format!("rename it to {id}.{extension}"));
        }
        false => raw.join(format!("{id}.{extension}")),
    };
    let sha256 = hex(&Sha256::digest(text.as_bytes()));
    Ok(Some(Candidate { id, from: file.to_owned(), path, format, text, sha256 }))
}

fn within(file: &Path, folder: &Path) -> Result<bool, Error> {
    let real = |path: &Path| fs::canonicalize(path).map_err(Error::io("read", path));
    Ok(real(file)?.starts_with(real(folder)?))
}

/// What a text is a duplicate of, and what to do.
fn twin(candidate: &Candidate, entries: &Entries, present: &[(PathBuf, String)], others: &[Candidate]) -> Option<(String, String)> {
    let Candidate { id, path, sha256, .. } = candidate;
    if let Some((line, _)) = entries.with_id(id) {
        let message = format!("source \"{id}\" is registered already: {}:{line}", entries.path);
        return Some((message, "rename the file if it is another text".to_owned()));
    }
    if let Some((line, entry)) = entries.with_original(sha256) {
        let message = format!("the same bytes are registered as \"{}\": {}:{line}", entry.id, entries.path);
        return Some((message, "there is nothing to add".to_owned()));
    }
    if let Some(other) = others.iter().find(|other| other.id == *id || other.sha256 == *sha256) {
        let what = if other.sha256 == *sha256 { "has the same bytes" } else { "would have the same id" };
        return Some((format!("{} {what}: \"{}\"", other.from.display(), other.id), "rename one of the files, or leave one out".to_owned()));
    }
    let same = |path: &Path| fs::canonicalize(path).ok();
    let own = same(&candidate.from);
    let (other, hash) =
        present.iter().find(|(other, hash)| same(other) != own && (hash == sha256 || other.with_extension("") == path.with_extension("")))?;
    let what = if hash == sha256 { "the same bytes are there already" } else { "another text is there already" };
    Some((format!("{what}: {}", other.display()), "register that one, or rename the file".to_owned()))
}

/// An id of a name: letters without marks, digits, hyphens for all else.
fn slug(name: &str) -> String {
    let mut id = String::new();
    for letter in name.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' | '_' | '.' => id.push(letter),
            _ if !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    id.trim_matches(|letter: char| !letter.is_ascii_alphanumeric()).to_owned()
}

/// The English name of the language that a text is in, where that can be told with some certainty.
#[must_use]
pub fn language_name(text: &str) -> Option<&'static str> {
    whatlang::detect(text).filter(whatlang::Info::is_reliable).map(|found| found.lang().eng_name())
}

/// Copies a text to its place among the sources and appends its entry.
///
/// # Errors
/// `Io` where a file cannot be written.
pub fn register(candidate: &Candidate, described: &Described, raw: &Path) -> Result<Registered, Error> {
    if candidate.from != candidate.path {
        fs::write(&candidate.path, &candidate.text).map_err(Error::io("write", &candidate.path))?;
    }
    let registry = raw.join(REGISTRY);
    let mut text = match fs::read_to_string(&registry) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "# The registry of the source texts in this folder: one entry a text.\n".to_owned()
        }
        Err(error) => return Err(Error::io("read", registry)(error)),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let line = text.matches('\n').count() as u32 + 2;
    text.push_str(&entry(candidate, described));
    // Written aside and renamed: a registry is never half a registry.
    let aside = raw.join(format!(".{REGISTRY}.new"));
    fs::write(&aside, text).map_err(Error::io("write", &aside))?;
    fs::rename(&aside, &registry).map_err(Error::io("write", &registry))?;
    Ok(Registered { registry, line })
}

/// What nobody can read from a file: said as unknown, or as a line to be filled in.
const TO_FILL_IN: &str = "unknown";

fn entry(candidate: &Candidate, described: &Described) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let title: String = described.title.as_deref().unwrap_or(&candidate.id).chars().take(200).collect();
    let mut entry = String::from("\n[[source]]\n");
    let _ = writeln!(entry, "id = {}", quoted(&candidate.id));
    let _ = writeln!(entry, "title = {}", quoted(&title));
    let _ = writeln!(entry, "publisher = {}         # fill in: who published it", quoted(TO_FILL_IN));
    let _ = writeln!(entry, "# published = \"2015-03\"      # fill in: the day, month or year in which it came out");
    let _ = writeln!(entry, "# as_of = \"2015-03-02\"       # fill in: the day, month or year that it speaks of");
    let _ = writeln!(entry, "language = {}", quoted(&described.language));
    let _ = writeln!(entry, "licence = {}           # fill in: SPDX id, or the name of the terms", quoted(TO_FILL_IN));
    let _ = writeln!(entry, "# url = \"https://...\"        # fill in: where it was found");
    let _ = writeln!(entry, "transcript = false");
    let _ = writeln!(entry, "original_sha256 = {}", quoted(&candidate.sha256));
    entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_the_name_of_a_file() {
        assert_eq!(slug("Fact Sheet (2014)"), "fact-sheet-2014");
        assert_eq!(slug("Processus de Rabat – États"), "processus-de-rabat-etats");
        assert_eq!(slug("a_b.c-d"), "a_b.c-d");
        assert_eq!(slug("–"), "");
    }
}
