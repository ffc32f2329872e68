//! The source texts of a folder: what is known of all before any is read, and a document of each.
//!
//! In: a folder or a file. Out: its items in order ([`Items`]), each of which becomes a document by itself ([`Intake::document`]), so that
//! several are read at a time.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::files::{FileKind, decompressed};
use super::items::{Item, Items, below, named};
use super::reading::Reading;
use super::records::{At, Raw};
use super::registry::{Entries, derived_entry};
use crate::error::Error;
use crate::findings::{Code, Finding, Place, Report, code};
use crate::model::Document;
use crate::model::document::{Format, uncompressed};
use crate::model::record::hex;
use crate::model::toml_file::line_and_column;

/// The largest text that is read: offsets are 32 bits.
pub const SIZE_LIMIT: u64 = u32::MAX as u64 - 1;

/// The registry, by its name in the folder of sources.
pub const REGISTRY: &str = "sources.toml";

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
pub type Describe<'a> = &'a (dyn Fn(&str, Format) -> Described + Sync);

/// What is known of all sources before any is read.
#[derive(Debug)]
pub struct Intake {
    pub(super) raw: RawFolder,
    pub(super) entries: Entries,
    /// Whether each entry needs a text.
    pub(super) entries_need_files: bool,
}

/// Opens a folder of sources, or a single file.
///
/// # Errors
/// `Io` where the folder or the registry cannot be read.
pub fn open(raw: &RawFolder, report: &mut Report) -> Result<(Intake, Items), Error> {
    let (raw, only) = match one_record(&raw.folder) {
        Some((folder, id)) => (&RawFolder { folder, ..raw.clone() }, Some(id)),
        None => (raw, None),
    };
    let shown = raw.folder.to_string_lossy().into_owned();
    let mut intake = Intake { raw: raw.clone(), entries: Entries::default(), entries_need_files: false };
    if !raw.folder.exists() {
        report.push(
            Finding::new(code::RAW_MISSING, Place::file(&shown), "there is no such folder of sources")
                .hint("create it and put texts into it, or name another folder with --raw"),
        );
        return Ok((intake, Items::none(&raw.folder)));
    }
    (intake.entries, intake.entries_need_files) = registry(raw, report)?;
    let items = Items::of(&raw.folder, only)?;
    Ok((intake, items))
}

/// The file and the id in `texts.jsonl#id`.
fn one_record(path: &Path) -> Option<(PathBuf, String)> {
    let text = path.to_str().filter(|_| !path.exists())?;
    let holds_records = |at: usize| matches!(FileKind::of(&text[..at]), Some(FileKind::Records(_))) && Path::new(&text[..at]).is_file();
    let at = text.match_indices('#').map(|(at, _)| at).find(|&at| holds_records(at))?;
    Some((PathBuf::from(&text[..at]), text[at + 1..].to_owned()))
}

/// What became of an item.
#[derive(Debug)]
pub struct Taken {
    /// None where it cannot be one.
    pub document: Option<Document>,
    /// Where the record stands; none for a file with one text.
    pub(super) record: Option<(Arc<str>, At)>,
}

impl Taken {
    /// Whether it is a file that gives no text, or not all that it had.
    #[must_use]
    pub fn is_refused_file(&self) -> bool {
        self.document.is_none() && self.record.is_none()
    }
}

impl Intake {
    /// Makes a document of an item; what keeps it from being one is in the report.
    ///
    /// `describe` is asked for a text that has no entry.
    ///
    /// # Errors
    /// `Io` where a file cannot be read.
    pub fn document(&self, item: Item, describe: Describe<'_>, report: &mut Report) -> Result<Taken, Error> {
        match item {
            Item::File(file) => Ok(Taken { document: self.file(&file.path, describe, report)?, record: None }),
            Item::Record { shown, path, raw } => {
                let at = raw.at;
                Ok(Taken { document: self.record(&shown, &path, raw, describe, report), record: Some((shown, at)) })
            }
            Item::Unreadable(finding) => {
                report.push(finding);
                Ok(Taken { document: None, record: None })
            }
        }
    }

    fn file(&self, path: &str, describe: Describe<'_>, report: &mut Report) -> Result<Option<Document>, Error> {
        let full = below(&self.raw.folder, path);
        let shown = full.to_string_lossy().into_owned();
        let reading = Reading::open(&full)?;
        let inner = uncompressed(&shown);
        let is_compressed = inner.len() < shown.len();
        if reading.size() > SIZE_LIMIT {
            report.push(too_large(&shown, reading.size()));
            return Ok(None);
        }
        let mut bytes = reading.bytes()?;
        if is_compressed {
            match decompress(&shown, &bytes) {
                Ok(text) if text.len() as u64 > SIZE_LIMIT => {
                    report.push(too_large(&shown, text.len() as u64));
                    return Ok(None);
                }
                Ok(text) => bytes = text,
                Err(problem) => {
                    let finding = Finding::new(code::SOURCE_EMPTY, Place::file(&shown), format!("the file cannot be decompressed: {problem}"));
                    report.push(finding.hint("put the whole file back"));
                    return Ok(None);
                }
            }
        }
        let sha256 = hex(&Sha256::digest(&bytes));
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let encoding = if is_utf16(error.as_bytes()) { "UTF-16" } else { "WINDOWS-1252" };
                let finding = not_utf8(code::SOURCE_NOT_UTF8, &shown, &error);
                report.push(finding.hint(format!("convert the file, for instance: iconv -f {encoding} -t UTF-8")));
                return Ok(None);
            }
        };
        if text.trim().is_empty() {
            report.push(Finding::new(code::SOURCE_EMPTY, Place::file(&shown), "the file has no text").hint("remove the file, or put the text back"));
            return Ok(None);
        }
        let stem = Path::new(inner).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let mut entry = match self.entries.find(&stem, &sha256) {
            Some(entry) => entry.clone(),
            None => {
                if !self.entries.unread {
                    report.push(
                        Finding::new(code::SOURCE_UNREGISTERED, Place::file(&shown), format!("source \"{stem}\" is not registered"))
                            .hint("add an entry to sources.toml: id, title, publisher, language, licence"),
                    );
                }
                derived_entry(&stem, describe(&text, Format::of(Path::new(inner)).unwrap_or(Format::Text)))
            }
        };
        if self.raw.ids_are_stems {
            entry.id = stem;
        }
        Ok(Some(Document::new(entry, named(&full, path), shown, sha256, text)))
    }

    /// A record says of itself what an entry would, as far as it says anything: that it has none is no finding.
    fn record(&self, shown: &str, path: &str, raw: Raw, describe: Describe<'_>, report: &mut Report) -> Option<Document> {
        let record = match raw.parse(shown, !self.raw.ids_are_stems) {
            Ok(record) => record,
            Err(finding) => {
                report.push(finding);
                return None;
            }
        };
        let sha256 = hex(&Sha256::digest(record.text.as_bytes()));
        let mut entry = match self.entries.find(&record.id, &sha256) {
            Some(entry) => entry.clone(),
            None => {
                let described = describe(&record.text, Format::Text);
                let language = record.language.clone().unwrap_or(described.language);
                derived_entry(&record.id, Described { language, ..described })
            }
        };
        if self.raw.ids_are_stems {
            entry.id.clone_from(&record.id);
        }
        entry.published = entry.published.or(record.published);
        let (path, display) = (format!("{path}#{}", record.id), format!("{shown}#{}", record.id));
        Some(Document::in_format(Format::Text, entry, path, display, sha256, record.text))
    }
}

fn too_large(shown: &str, size: u64) -> Finding {
    let finding = Finding::new(code::SOURCE_EMPTY, Place::file(shown), format!("the file has {size} bytes, at most {SIZE_LIMIT} can be read"));
    finding.compared(format!("{size} bytes"), format!("at most {SIZE_LIMIT} bytes"))
}

fn decompress(name: &str, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    decompressed(name, bytes)?.take(SIZE_LIMIT + 1).read_to_end(&mut text)?;
    Ok(text)
}

/// The registry, and whether each of its entries needs a text: yes where it lies among the texts.
pub fn registry(raw: &RawFolder, report: &mut Report) -> Result<(Entries, bool), Error> {
    let own = raw.folder.join(REGISTRY);
    let (path, is_own) = if own.is_file() { (own, true) } else { (raw.fallback_registry.join(REGISTRY), false) };
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

/// Whether a file begins with the mark of UTF-16.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

/// The first byte of a file that is not UTF-8.
pub fn not_utf8(kind: &'static Code, shown: &str, error: &std::string::FromUtf8Error) -> Finding {
    let at = error.utf8_error().valid_up_to();
    let before = String::from_utf8_lossy(&error.as_bytes()[..at]);
    let (line, column) = line_and_column(&before, before.len());
    let found = format!("0x{:02x}", error.as_bytes()[at]);
    Finding::new(kind, Place::new(shown, line, column), format!("byte {at} is {found}, which is not UTF-8")).compared(found, "UTF-8")
}
