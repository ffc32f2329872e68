//! Cache: what documents stated when they were last read, so that a run reads again only what changed.
//!
//! In: a folder that may hold anything, or nothing. Out: readings that are what reading would give, or none. A reading is found by a hash of all
//! that goes into it: the program and the schemas (one folder each way they were, see [`generation`]) and the document with its entry. What is
//! damaged, foreign or of another program is not found, and read anew. A folder that cannot be written is told of once and never stops a run.

mod pack;
mod packing;
mod settled;
mod stored;

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use sha2::{Digest, Sha256};

use super::reading::Reading;
use crate::model::digest;
use crate::model::document::{Document, Format};
use crate::model::record::hex;
use crate::model::schemas::Schemas;
use crate::model::settings::SourceEntry;
pub use pack::Key;
use pack::Pack;
use packing::Packing;
pub use settled::{Inputs, Settled, Sound};

/// Most bytes that the folder keeps; what was written first goes first.
const BUDGET: u64 = 4 << 30;

/// The ending of a pack's name.
const PACK: &str = "pack";

/// A reading that the cache did not have, as it will keep it.
pub type Fresh = (Key, Vec<u8>);

/// What is kept of earlier runs, for as many threads as like to look.
#[derive(Debug, Default)]
pub struct Cache {
    /// None where there is to be no cache.
    folder: Option<PathBuf>,
    generation: PathBuf,
    packs: Vec<Pack>,
    /// The pack that had the last reading: the next document's is mostly in the same.
    last: AtomicUsize,
}

impl Cache {
    /// Opens what a folder keeps for this program and these schemas; nothing is written yet.
    #[must_use]
    pub fn open(folder: Option<&Path>, schemas: &Schemas) -> Self {
        let Some(folder) = folder else { return Self::default() };
        let generation = folder.join(generation(schemas));
        let packs = pack_files(&generation).into_iter().filter_map(|(path, _)| Pack::open(path)).collect();
        Self { folder: Some(folder.to_owned()), generation, packs, last: AtomicUsize::new(0) }
    }

    /// The key of a document; none where there is no cache.
    #[must_use]
    pub fn key(&self, document: &Document) -> Option<Key> {
        self.folder.as_ref().map(|_| key(document))
    }

    /// The reading of a document, from an earlier run (then without evidence, unless that is wanted) or from `read`; with what is to be kept of
    /// it where it is fresh.
    pub fn reading(
        &self,
        key: Option<Key>,
        document: &Document,
        schemas: &Schemas,
        with_evidence: bool,
        read: impl FnOnce() -> Option<Reading>,
    ) -> (Option<Reading>, Option<Fresh>) {
        let Some(key) = key else { return (read(), None) };
        if let Some(reading) = self.find(&key).and_then(|bytes| stored::decode(&bytes, document, schemas, with_evidence)) {
            return (Some(reading), None);
        }
        let reading = read();
        let fresh = reading.as_ref().and_then(|reading| Some((key, stored::encode(reading, document, schemas)?)));
        (reading, fresh)
    }

    fn find(&self, key: &Key) -> Option<Vec<u8>> {
        let last = self.last.load(Ordering::Relaxed);
        let found = |at: &usize| Some((*at, self.packs.get(*at)?.find(key)?));
        let (at, bytes) = found(&last).or_else(|| (0..self.packs.len()).filter(|at| *at != last).find_map(|at| found(&at)))?;
        self.last.store(at, Ordering::Relaxed);
        Some(bytes)
    }

    /// Where fresh readings of this run go.
    #[must_use]
    pub fn packing(&self) -> Packing<'_> {
        Packing::new(self)
    }
}

/// The name of the folder for readings of this program with these schemas.
fn generation(schemas: &Schemas) -> String {
    let files = &schemas.files;
    let mut digest = Sha256::new();
    for part in [pack::MAGIC, digest::PROGRAM.as_bytes(), files.root.as_bytes(), &digest::of_own_schemas(files)] {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    hex(&digest.finalize()[..8])
}

/// A hash of all of a document that its reading depends on: its text, and all that is said of it.
fn key(document: &Document) -> Key {
    let Document { entry, path, display_path, sha256, format, .. } = document;
    let SourceEntry { id, title, publisher, published, as_of, language, licence, url, transcript, original_sha256, note } = entry;
    let kind = match format {
        Format::Text => "text",
        Format::Html => "html",
    };
    let mut digest = Sha256::new();
    let is_transcript = if *transcript { "transcript" } else { "" };
    let always: [&str; 10] = [sha256, kind, path, display_path, id, title, publisher, language, licence, is_transcript];
    for part in always {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    for part in [published, as_of, url, original_sha256, note] {
        digest.update(part.as_ref().map_or(u64::MAX, |part| part.len() as u64).to_le_bytes());
        digest.update(part.as_deref().unwrap_or_default());
    }
    let mut key = Key::default();
    key.copy_from_slice(&digest.finalize()[..16]);
    key
}

/// The packs of a folder with their sizes, in the order of their names; none where it cannot be read.
fn pack_files(folder: &Path) -> Vec<(PathBuf, fs::Metadata)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|extension| extension == PACK));
    let mut files: Vec<_> = paths.filter_map(|path| path.symlink_metadata().ok().filter(fs::Metadata::is_file).map(|found| (path, found))).collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

/// The file that a run writes before it is a pack. A run that is stopped has nothing else to remove.
#[must_use]
pub fn scratch(folder: &Path) -> PathBuf {
    folder.join(format!(".writing-{}", std::process::id()))
}

/// Makes a folder that nobody else can look into: a reading has what is withheld in it, as its text has.
fn make_private(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Removes packs until the folder is within its bounds: those of other programs and schemas first, then those that were written first. What
/// cannot be removed stays.
fn trim(folder: &Path, generation: &Path) {
    let generations = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
    let mut files: Vec<_> = generations
        .flat_map(|of| pack_files(&of).into_iter().map(move |(path, found)| (of == generation, found.modified().ok(), found.len(), path)))
        .collect();
    files.sort();
    let mut size: u64 = files.iter().map(|(_, _, bytes, _)| bytes).sum();
    for (_, _, bytes, path) in files {
        if size <= BUDGET {
            break;
        }
        size -= bytes;
        if fs::remove_file(&path).is_ok()
            && let Some(of) = path.parent()
        {
            // A folder that is not empty stays.
            let _ = fs::remove_dir(of);
        }
    }
}
