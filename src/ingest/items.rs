//! The items of a folder of sources, in path order, one after the other: never all of them in memory.
//!
//! In: a folder or a file. Out: files with one text and records of files with many, and what cannot be read.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::FileKind;
use super::records::{Raw, Records};
use super::sources::REGISTRY;
use super::walk::{Walk, Walked};
use crate::error::Error;
use crate::findings::{Finding, Place, code};

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
    pub(super) found: bool,
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

    /// The items of a folder or of a single file; of the record with an id alone where there is one.
    ///
    /// # Errors
    /// `Io` where it cannot be read.
    pub(super) fn of(folder: &Path, only: Option<String>) -> Result<Self, Error> {
        let files = if folder.is_file() {
            let bytes = fs::metadata(folder).map_err(Error::io("read", folder))?.len();
            Files::One(Some(Walked { path: String::new(), bytes }))
        } else {
            Files::Walk(Walk::new(folder)?)
        };
        Ok(Self { files, only, found: false, ..Self::none(folder) })
    }

    /// About how many bytes of the files were read so far.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position + self.open.as_ref().map_or(0, |open| open.records.position())
    }

    /// Files of kinds that are not read, one finding for each kind.
    pub(super) fn not_read(&self) -> impl Iterator<Item = Finding> + '_ {
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

/// Bytes of all files of a folder of sources, or of a single one; none where they cannot be told.
#[must_use]
pub fn total_bytes(folder: &Path) -> Option<u64> {
    if folder.is_dir() {
        return Walk::new(folder).ok()?.map(|file| file.ok().map(|file| file.bytes)).sum();
    }
    fs::metadata(folder).ok().map(|found| found.len())
}

/// The path of a file of a folder; the folder itself where that is a file.
pub fn below(folder: &Path, path: &str) -> PathBuf {
    if path.is_empty() { folder.to_path_buf() } else { folder.join(path) }
}

/// Whether a file tells of the folder itself: the registry, a note for people, a licence.
fn is_about_the_folder(path: &str) -> bool {
    let stem = path.split('.').next().unwrap_or(path).to_ascii_lowercase();
    path == REGISTRY || ["readme", "license", "licence", "notice"].contains(&stem.as_str())
}

/// The path below the folder; the name of a file that was named itself.
pub fn named(full: &Path, path: &str) -> String {
    if path.is_empty() { full.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()) } else { path.to_owned() }
}
