//! The source texts of a folder, in path order.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::reading::Reading;
use super::registry::{Entries, derived_entry};
use crate::error::Error;
use crate::findings::{Code, Finding, Place, Report, code};
use crate::model::Document;
use crate::model::document::Format;
use crate::model::record::hex;
use crate::model::toml_file::line_and_column;

/// The largest text that is read: offsets are 32 bits.
pub const SIZE_LIMIT: u64 = u32::MAX as u64 - 1;

/// Where the texts are, and where their registry is if not among them.
#[derive(Clone, Debug)]
pub struct RawFolder {
    pub folder: PathBuf,
    /// The project's own `raw/`: its registry applies where the folder has none, and then need not have a text for each entry.
    pub fallback_registry: PathBuf,
    /// Whether ids are file stems whatever the registry says (`extract`).
    pub ids_are_stems: bool,
}

/// What a text says of itself, where the registry says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    pub title: Option<String>,
    /// ISO 639-1.
    pub language: String,
}

/// Tells what a text says of itself.
pub type Describe<'a> = &'a dyn Fn(&str, Format) -> Described;

/// Reads every text of the folder that is of a known format, at any depth, in path order.
///
/// `describe` is asked for a text that has no entry.
///
/// # Errors
/// `Io` where a file or folder cannot be read. What is wrong with a text is a finding, and the text is left out.
pub fn documents(raw: &RawFolder, describe: Describe<'_>, report: &mut Report) -> Result<Vec<Document>, Error> {
    let shown = raw.folder.to_string_lossy().into_owned();
    if !raw.folder.exists() {
        report.push(
            Finding::new(code::RAW_MISSING, Place::file(&shown), "there is no such folder of sources")
                .hint("create it and put texts into it, or name another folder with --raw"),
        );
        return Ok(Vec::new());
    }
    let (entries, entries_need_files) = registry(raw, report)?;
    let mut paths = Vec::new();
    if raw.folder.is_file() {
        paths.push(String::new());
    } else {
        text_files(&raw.folder, "", &mut paths)?;
    }
    paths.sort();
    if paths.is_empty() {
        report.push(
            Finding::new(code::RAW_MISSING, Place::file(&shown), format!("the folder holds no text ({})", Format::extensions()))
                .hint("put texts into it, or name another folder with --raw"),
        );
    }
    let mut documents: Vec<Document> = Vec::new();
    for path in paths {
        let Some(document) = document(raw, &path, &entries, describe, report)? else { continue };
        if let Some(twin) = documents.iter().find(|other| other.id() == document.id()) {
            let message = format!("source \"{}\" is also {}", document.id(), twin.display_path);
            report.push(Finding::new(code::REGISTRY_INVALID, Place::file(&document.display_path), message).hint("rename one of the files"));
            continue;
        }
        documents.push(document);
    }
    if entries_need_files && !entries.unread {
        let found: Vec<String> = documents.iter().map(|document| document.id().to_owned()).collect();
        for (line, entry) in entries.without_file(&found) {
            let message = format!("source \"{}\" is registered, but there is no such text in {shown}", entry.id);
            report.push(
                Finding::new(code::REGISTRY_ENTRY_WITHOUT_FILE, Place::new(&entries.path, line, 1), message)
                    .hint(format!("put the text of {} back, or remove the entry", entry.id)),
            );
        }
    }
    Ok(documents)
}

/// The registry, and whether each of its entries needs a text: yes where it lies among the texts.
fn registry(raw: &RawFolder, report: &mut Report) -> Result<(Entries, bool), Error> {
    let own = raw.folder.join("sources.toml");
    let (path, is_own) = if own.is_file() { (own, true) } else { (raw.fallback_registry.join("sources.toml"), false) };
    if !path.is_file() {
        return Ok((Entries::default(), false));
    }
    let text = fs::read(&path).map_err(Error::io("read", &path))?;
    let shown = path.to_string_lossy();
    match String::from_utf8(text) {
        Ok(text) => Ok((Entries::parse(&shown, &text, report), is_own)),
        Err(error) => {
            report.push(not_utf8(code::REGISTRY_INVALID, &shown, &error));
            Ok((Entries::unread(&shown), false))
        }
    }
}

fn document(raw: &RawFolder, path: &str, entries: &Entries, describe: Describe<'_>, report: &mut Report) -> Result<Option<Document>, Error> {
    let full = if path.is_empty() { raw.folder.clone() } else { raw.folder.join(path) };
    let shown = full.to_string_lossy().into_owned();
    let reading = Reading::open(&full)?;
    let size = reading.size();
    if size > SIZE_LIMIT {
        let finding = Finding::new(code::SOURCE_EMPTY, Place::file(&shown), format!("the file has {size} bytes, at most {SIZE_LIMIT} can be read"));
        report.push(finding.compared(format!("{size} bytes"), format!("at most {SIZE_LIMIT} bytes")));
        return Ok(None);
    }
    let bytes = reading.bytes()?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            report.push(not_utf8(code::SOURCE_NOT_UTF8, &shown, &error).hint("convert the file, for instance: iconv -f WINDOWS-1252 -t UTF-8"));
            return Ok(None);
        }
    };
    if text.trim().is_empty() {
        report.push(Finding::new(code::SOURCE_EMPTY, Place::file(&shown), "the file has no text").hint("remove the file, or put the text back"));
        return Ok(None);
    }
    let stem = Path::new(&full).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let mut entry = match entries.find(&stem, &sha256) {
        Some(entry) => entry.clone(),
        None => {
            if !entries.unread {
                report.push(
                    Finding::new(code::SOURCE_UNREGISTERED, Place::file(&shown), format!("source \"{stem}\" is not registered"))
                        .hint("add an entry to sources.toml: id, title, publisher, language, licence"),
                );
            }
            derived_entry(&stem, describe(&text, Format::of(&full).unwrap_or(Format::Text)))
        }
    };
    if raw.ids_are_stems {
        entry.id = stem;
    }
    let path = if path.is_empty() { full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()) } else { path.to_owned() };
    Ok(Some(Document::new(entry, path, shown, sha256, text)))
}

/// The first byte of a file that is not UTF-8.
pub fn not_utf8(kind: &'static Code, shown: &str, error: &std::string::FromUtf8Error) -> Finding {
    let at = error.utf8_error().valid_up_to();
    let before = String::from_utf8_lossy(&error.as_bytes()[..at]);
    let (line, column) = line_and_column(&before, before.len());
    let found = format!("0x{:02x}", error.as_bytes()[at]);
    Finding::new(kind, Place::new(shown, line, column), format!("byte {at} is {found}, which is not UTF-8")).compared(found, "UTF-8")
}

pub fn text_files(folder: &Path, below: &str, paths: &mut Vec<String>) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::io("read the folder", folder))? {
        let entry = entry.map_err(Error::io("read the folder", folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            text_files(&path, &format!("{below}{name}/"), paths)?;
        } else if Format::of(&path).is_some() {
            paths.push(format!("{below}{name}"));
        }
    }
    Ok(())
}
