//! The source texts of a folder, in path order.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::reading::Reading;
use super::registry::{Entries, derived_entry};
use crate::error::Error;
use crate::findings::{Finding, Place, Report, code};
use crate::model::Document;
use crate::model::record::hex;

/// The largest text that is read: offsets are 32 bits.
const SIZE_LIMIT: u64 = u32::MAX as u64 - 1;

/// Where the texts are, and where their registry is if not among them.
#[derive(Clone, Debug)]
pub struct RawFolder {
    pub folder: PathBuf,
    /// The project's own `raw/`: its registry applies where the folder has none, and then need not have a text for each entry.
    pub fallback_registry: PathBuf,
    /// Whether ids are file stems whatever the registry says (`extract`).
    pub ids_are_stems: bool,
}

/// Reads every `.txt` of the folder, at any depth, in path order.
///
/// `language_of` tells the language of a text that has no entry.
///
/// # Errors
/// `Io` where a file or folder cannot be read. What is wrong with a text is a finding, and the text is left out.
pub fn documents(raw: &RawFolder, language_of: &dyn Fn(&str) -> String, report: &mut Report) -> Result<Vec<Document>, Error> {
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
            Finding::new(code::RAW_MISSING, Place::file(&shown), "the folder holds no .txt file")
                .hint("put texts into it, or name another folder with --raw"),
        );
    }
    let mut documents: Vec<Document> = Vec::new();
    for path in paths {
        let Some(document) = document(raw, &path, &entries, language_of, report)? else { continue };
        if let Some(twin) = documents.iter().find(|other| other.id() == document.id()) {
            let message = format!("source \"{}\" is also {}", document.id(), twin.display_path);
            report.push(Finding::new(code::REGISTRY_INVALID, Place::file(&document.display_path), message).hint("rename one of the files"));
            continue;
        }
        documents.push(document);
    }
    if entries_need_files {
        let found: Vec<String> = documents.iter().map(|document| document.id().to_owned()).collect();
        for (line, entry) in entries.without_file(&found) {
            let message = format!("source \"{}\" is registered, but there is no such text in {shown}", entry.id);
            report.push(
                Finding::new(code::REGISTRY_ENTRY_WITHOUT_FILE, Place::new(&entries.path, line, 0), message)
                    .hint(format!("put {}.txt back, or remove the entry", entry.id)),
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
            let message = format!("not UTF-8 at byte {}", error.utf8_error().valid_up_to());
            report.push(Finding::new(code::REGISTRY_INVALID, Place::file(shown), message));
            Ok((Entries::default(), false))
        }
    }
}

fn document(
    raw: &RawFolder,
    path: &str,
    entries: &Entries,
    language_of: &dyn Fn(&str) -> String,
    report: &mut Report,
) -> Result<Option<Document>, Error> {
    let full = if path.is_empty() { raw.folder.clone() } else { raw.folder.join(path) };
    let shown = full.to_string_lossy().into_owned();
    let reading = Reading::open(&full)?;
    let size = reading.size();
    if size > SIZE_LIMIT {
        report.push(Finding::new(code::SOURCE_EMPTY, Place::file(&shown), format!("the file has {size} bytes, at most {SIZE_LIMIT} can be read")));
        return Ok(None);
    }
    let bytes = reading.bytes()?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            report.push(not_utf8(&shown, &error));
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
            report.push(
                Finding::new(code::SOURCE_UNREGISTERED, Place::file(&shown), format!("source \"{stem}\" is not registered"))
                    .hint("add an entry to sources.toml: id, title, publisher, language, licence"),
            );
            derived_entry(&stem, &text, &language_of(&text))
        }
    };
    if raw.ids_are_stems {
        entry.id = stem;
    }
    let path = if path.is_empty() { full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()) } else { path.to_owned() };
    Ok(Some(Document::new(entry, path, shown, sha256, text)))
}

fn not_utf8(shown: &str, error: &std::string::FromUtf8Error) -> Finding {
    let at = error.utf8_error().valid_up_to();
    let before = &error.as_bytes()[..at];
    let line = before.iter().filter(|&&byte| byte == b'\n').count() as u32 + 1;
    let message = format!("byte {at} is 0x{:02x}, which is not UTF-8", error.as_bytes()[at]);
    Finding::new(code::SOURCE_NOT_UTF8, Place::new(shown, line, 0), message).hint("convert the file, for instance: iconv -f WINDOWS-1252 -t UTF-8")
}

fn text_files(folder: &Path, below: &str, paths: &mut Vec<String>) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::io("read the folder", folder))? {
        let entry = entry.map_err(Error::io("read the folder", folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            text_files(&path, &format!("{below}{name}/"), paths)?;
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            paths.push(format!("{below}{name}"));
        }
    }
    Ok(())
}
