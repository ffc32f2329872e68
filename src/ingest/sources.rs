//! The source texts of a folder, in path order, one after the other: never all of them in memory.
//!
//! In: a folder or a file. Out: items in order ([`Items`]), each of which becomes a document by itself ([`Intake::document`]), so that several
//! are read at a time; then what only shows where all are seen together ([`Seen`]): ids that stand twice, entries without a text.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::files::{FileKind, decompressed};
use super::reading::Reading;
use super::records::{At, Raw, Records, invalid};
use super::registry::{Entries, derived_entry};
use super::walk::{Walk, Walked};
use crate::error::Error;
use crate::findings::{Code, Finding, Place, Report, code};
use crate::model::Document;
use crate::model::document::{Format, uncompressed};
use crate::model::record::hex;
use crate::model::toml_file::line_and_column;

/// The largest text that is read: offsets are 32 bits.
pub const SIZE_LIMIT: u64 = u32::MAX as u64 - 1;

/// The registry, by its name in the folder of sources.
const REGISTRY: &str = "sources.toml";

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

/// Something that can become a document.
#[derive(Debug)]
pub enum Item {
    /// A file with one text.
    File(Walked),
    Record {
        /// The file as findings name it.
        shown: Arc<str>,
        /// Its path below the folder.
        path: Arc<str>,
        raw: Raw,
    },
    /// A file, or the rest of one, that gives no records.
    Unreadable(Finding),
}

impl Item {
    /// About how many bytes of text it has.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::File(file) => file.bytes as usize,
            Self::Record { raw, .. } => raw.bytes(),
            Self::Unreadable(_) => 0,
        }
    }
}

/// The items of a folder, in path order.
#[derive(Debug)]
pub struct Items {
    folder: PathBuf,
    files: Files,
    open: Option<OpenRecords>,
    /// The id of the only record that is asked for: `texts.jsonl#id` names one.
    only: Option<String>,
    /// Whether there was any file.
    found: bool,
    /// Bytes of the files that were read.
    position: u64,
}

#[derive(Debug)]
enum Files {
    Walk(Walk),
    One(Option<Walked>),
}

#[derive(Debug)]
struct OpenRecords {
    records: Records,
    shown: Arc<str>,
    path: Arc<str>,
}

impl Items {
    /// No texts of a folder that is there.
    #[must_use]
    pub fn none(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), files: Files::One(None), open: None, only: None, found: true, position: 0 }
    }

    /// About how many bytes of the files were read so far.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position + self.open.as_ref().map_or(0, |open| open.records.position())
    }

    /// Files of kinds that are not read, one finding for each kind.
    fn not_read(&self) -> impl Iterator<Item = Finding> + '_ {
        let walk = match &self.files {
            Files::Walk(walk) => Some(walk),
            Files::One(_) => None,
        };
        let others = walk.into_iter().flat_map(|walk| walk.passed_over()).filter(|(_, (_, first))| !is_about_the_folder(first));
        others.map(|(extension, (files, first))| {
            let ending = if extension.is_empty() { "without an ending".to_owned() } else { format!("that end in {extension}") };
            let shown = below(&self.folder, first).to_string_lossy().into_owned();
            let message = format!("files {ending} are not read ({files} here), only {}", FileKind::extensions());
            Finding::new(code::FILE_NOT_READ, Place::file(shown), message)
                .hint("save it as text or as a web page (a PDF file: pdftotext -layout), or move it out of the folder")
        })
    }

    /// Some items, of about so many bytes together; none at the end.
    ///
    /// # Errors
    /// `Io` where a file or folder cannot be read.
    pub fn batch(&mut self, bytes: usize) -> Result<Vec<Item>, Error> {
        let mut batch = Vec::new();
        let mut size = 0;
        while size < bytes
            && let Some(item) = self.next()?
        {
            size += item.bytes();
            batch.push(item);
        }
        Ok(batch)
    }

    fn next(&mut self) -> Result<Option<Item>, Error> {
        loop {
            if let Some(open) = &mut self.open {
                match open.records.next() {
                    Some(Ok(raw)) if self.only.is_some() && raw.id() != self.only => continue,
                    Some(Ok(raw)) => return Ok(Some(Item::Record { shown: Arc::clone(&open.shown), path: Arc::clone(&open.path), raw })),
                    Some(Err(finding)) => return Ok(Some(Item::Unreadable(finding))),
                    None => {
                        open.records.end()?;
                        self.position += open.records.size();
                        self.open = None;
                    }
                }
            }
            let file = match &mut self.files {
                Files::Walk(walk) => walk.next().transpose()?,
                Files::One(file) => file.take(),
            };
            let Some(file) = file else { return Ok(None) };
            self.found = true;
            let full = below(&self.folder, &file.path);
            let shown = full.to_string_lossy().into_owned();
            let Some(FileKind::Records(container)) = FileKind::of(&shown) else {
                self.position += file.bytes;
                return Ok(Some(Item::File(file)));
            };
            let path = named(&full, &file.path);
            match Records::open(&full, shown.clone(), container)? {
                Ok(records) => self.open = Some(OpenRecords { records, shown: shown.into(), path: path.into() }),
                Err(finding) => return Ok(Some(Item::Unreadable(finding))),
            }
        }
    }
}

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
    let mut items = Items { only, ..Items::none(&raw.folder) };
    let mut intake = Intake { raw: raw.clone(), entries: Entries::default(), entries_need_files: false };
    if !raw.folder.exists() {
        report.push(
            Finding::new(code::RAW_MISSING, Place::file(&shown), "there is no such folder of sources")
                .hint("create it and put texts into it, or name another folder with --raw"),
        );
        return Ok((intake, items));
    }
    (intake.entries, intake.entries_need_files) = registry(raw, report)?;
    items.found = false;
    items.files = if raw.folder.is_file() {
        let bytes = fs::metadata(&raw.folder).map_err(Error::io("read", &raw.folder))?.len();
        Files::One(Some(Walked { path: String::new(), bytes }))
    } else {
        Files::Walk(Walk::new(&raw.folder)?)
    };
    Ok((intake, items))
}

/// Bytes of all files of a folder of sources, or of a single one; none where they cannot be told.
#[must_use]
pub fn total_bytes(folder: &Path) -> Option<u64> {
    if folder.is_dir() {
        return Walk::new(folder).ok()?.map(|file| file.ok().map(|file| file.bytes)).sum();
    }
    fs::metadata(folder).ok().map(|found| found.len())
}

/// The file and the id in `texts.jsonl#id`.
fn one_record(path: &Path) -> Option<(PathBuf, String)> {
    let text = path.to_str().filter(|_| !path.exists())?;
    let holds_records = |at: usize| matches!(FileKind::of(&text[..at]), Some(FileKind::Records(_))) && Path::new(&text[..at]).is_file();
    let at = text.match_indices('#').map(|(at, _)| at).find(|&at| holds_records(at))?;
    Some((PathBuf::from(&text[..at]), text[at + 1..].to_owned()))
}

fn below(folder: &Path, path: &str) -> PathBuf {
    if path.is_empty() { folder.to_path_buf() } else { folder.join(path) }
}

/// Whether a file tells of the folder itself: the registry, a note for people, a licence.
fn is_about_the_folder(path: &str) -> bool {
    let stem = path.split('.').next().unwrap_or(path).to_ascii_lowercase();
    path == REGISTRY || ["readme", "license", "licence", "notice"].contains(&stem.as_str())
}

/// The path below the folder; the name of a file that was named itself.
fn named(full: &Path, path: &str) -> String {
    if path.is_empty() { full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()) } else { path.to_owned() }
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

/// What was taken so far: told only by all sources together, in their order.
#[derive(Debug, Default)]
pub struct Seen {
    /// Where an id was first, by a hash of it that no two ids share.
    places: HashMap<[u8; 16], FirstPlace>,
    /// Entries of the registry that have their text.
    entries: Vec<String>,
    /// Records of all, and those of them that were left out.
    records: u64,
    left_out: u64,
}

/// Short: there are as many as documents.
#[derive(Debug)]
enum FirstPlace {
    File(Box<str>),
    Record(Arc<str>, At),
}

impl Seen {
    /// Takes a document, unless there is one with its id already, which is then in the report.
    pub fn take(&mut self, taken: Taken, intake: &Intake, report: &mut Report) -> Option<Document> {
        let is_record = taken.record.is_some();
        let document = self.first_of_its_id(taken, report);
        self.records += u64::from(is_record);
        self.left_out += u64::from(is_record && document.is_none());
        if let Some(document) = document.as_ref().filter(|document| intake.entries.with_id(document.id()).is_some()) {
            self.entries.push(document.id().to_owned());
        }
        document
    }

    fn first_of_its_id(&mut self, taken: Taken, report: &mut Report) -> Option<Document> {
        let (document, record) = (taken.document?, taken.record);
        let digest = Sha256::digest(document.id().as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        let first = match self.places.entry(key) {
            Entry::Occupied(first) => first,
            Entry::Vacant(free) => {
                free.insert(match record {
                    Some((shown, at)) => FirstPlace::Record(shown, at),
                    None => FirstPlace::File(document.display_path.as_str().into()),
                });
                return Some(document);
            }
        };
        let first = match first.get() {
            FirstPlace::File(path) => path.to_string(),
            FirstPlace::Record(shown, at) => format!("{shown}, {at}"),
        };
        let message = format!("source \"{}\" is also {first}", document.id());
        report.push(match record {
            Some((shown, at)) => invalid(&shown, at, 1, &message),
            None => Finding::new(code::REGISTRY_INVALID, Place::file(&document.display_path), message).hint("rename one of the files"),
        });
        None
    }

    /// Says what is missing, or too much, now that all have been seen. `at_most` is the share of records that may be left out.
    pub fn finish(self, intake: &Intake, items: &Items, at_most: f64, report: &mut Report) {
        let shown = intake.raw.folder.to_string_lossy();
        if self.left_out as f64 > self.records as f64 * at_most {
            let percent = |share: f64| format!("{:.1} per cent", share * 100.0);
            let share = percent(self.left_out as f64 / self.records as f64);
            let message = format!("{} of {} records are left out, {share}, expected at most {}", self.left_out, self.records, percent(at_most));
            let finding = Finding::new(code::RECORDS_LEFT_OUT, Place::file(&*shown), message);
            report.push(finding.compared(share, format!("at most {}", percent(at_most))).hint("mend the records that record-invalid names"));
        }
        items.not_read().for_each(|finding| report.push(finding));
        if !items.found {
            report.push(
                Finding::new(code::RAW_MISSING, Place::file(&*shown), format!("the folder holds no text ({})", FileKind::extensions()))
                    .hint("put texts into it, or name another folder with --raw"),
            );
        }
        if intake.entries_need_files && !intake.entries.unread {
            for (line, entry) in intake.entries.without_file(&self.entries) {
                let message = format!("source \"{}\" is registered, but there is no such text in {shown}", entry.id);
                report.push(
                    Finding::new(code::REGISTRY_ENTRY_WITHOUT_FILE, Place::new(&intake.entries.path, line, 1), message)
                        .hint(format!("put the text of {} back, or remove the entry", entry.id)),
                );
            }
        }
    }
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
