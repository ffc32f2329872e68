//! Packing: fresh readings of a run, written into packs.
//!
//! A pack is written aside and renamed when it is whole, so that other runs see all of it or nothing. Nothing is written before there is
//! something to keep. The first thing that goes wrong ends the packing, and is told at the end of the run.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256};

use super::pack::{self, Key, Pack, Row};
use super::{BUDGET, Cache, Fresh, PACK, make_private, scratch, trim};
use crate::model::record::hex;

/// Entries of one pack at most: the rows of as many are in memory while it is written.
const ENTRIES: usize = 1 << 17;

/// Bytes of one pack at most.
const BYTES: u64 = 1 << 29;

/// A pack of fewer bytes is small, and as many small ones are made one.
const SMALL: u64 = 1 << 22;
const SMALL_PACKS: usize = 16;

/// The packs that a run writes.
#[derive(Debug)]
pub struct Packing<'a> {
    cache: &'a Cache,
    open: Option<Open>,
    written: u64,
    has_written: bool,
    problem: Option<(PathBuf, io::Error)>,
}

/// The pack that is being written.
#[derive(Debug)]
struct Open {
    file: BufWriter<File>,
    rows: Vec<Row>,
    bytes: u64,
}

impl<'a> Packing<'a> {
    pub(super) fn new(cache: &'a Cache) -> Self {
        Self { cache, open: None, written: 0, has_written: false, problem: None }
    }

    /// Keeps a reading.
    pub fn keep(&mut self, (key, bytes): Fresh) {
        let Some(folder) = self.cache.folder.as_deref() else { return };
        if self.problem.is_some() || self.written + bytes.len() as u64 > BUDGET {
            return;
        }
        if let Err(error) = self.write(folder, key, &bytes) {
            self.give_up(folder, error);
        }
    }

    /// Writes what is open. Says what went wrong on the way, if anything did.
    #[must_use]
    pub fn finish(mut self) -> Option<String> {
        let folder = self.cache.folder.as_deref()?;
        if self.open.is_some() && self.problem.is_none() {
            let merged = self.merge_small(folder);
            match self.close(folder) {
                Ok(()) => merged.iter().for_each(|pack| drop(fs::remove_file(pack))),
                Err(error) => self.give_up(folder, error),
            }
        }
        if self.has_written {
            remove_left_over(folder);
            trim(folder, &self.cache.generation);
        }
        self.problem.map(|(path, error)| format!("{}: {error}; nothing is kept for the next run", path.display()))
    }

    fn give_up(&mut self, folder: &Path, error: io::Error) {
        if self.open.take().is_some() {
            let _ = fs::remove_file(scratch(folder));
        }
        self.problem = Some((folder.to_owned(), error));
    }

    fn write(&mut self, folder: &Path, key: Key, bytes: &[u8]) -> io::Result<()> {
        let open = match &mut self.open {
            Some(open) => open,
            None => self.open.insert(Open { file: start(folder)?, rows: Vec::new(), bytes: 0 }),
        };
        let Some(row) = Row::of(key, open.bytes, bytes) else { return Ok(()) };
        open.file.write_all(bytes)?;
        open.rows.push(row);
        open.bytes += bytes.len() as u64;
        self.written += bytes.len() as u64;
        if open.rows.len() >= ENTRIES || open.bytes >= BYTES { self.close(folder) } else { Ok(()) }
    }

    /// Takes the entries of small packs into the one that is open, where there are many of them; says which they are.
    fn merge_small(&mut self, folder: &Path) -> Vec<PathBuf> {
        let small: Vec<&Pack> = self.cache.packs.iter().filter(|pack| pack.size() < SMALL).collect();
        if small.len() < SMALL_PACKS {
            return Vec::new();
        }
        for (key, bytes) in small.iter().flat_map(|pack| pack.entries()) {
            // The pack that is closed here leaves the small ones where they are.
            if self.write(folder, key, &bytes).is_err() || self.open.is_none() {
                return Vec::new();
            }
        }
        small.iter().map(|pack| pack.path().to_owned()).collect()
    }

    /// Makes a pack of what is open.
    fn close(&mut self, folder: &Path) -> io::Result<()> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let index = pack::index(open.rows);
        let name = format!("{}.{PACK}", hex(&Sha256::digest(&index)[..8]));
        let written = open.file.write_all(&index).and_then(|()| open.file.flush());
        let generation = &self.cache.generation;
        let kept = written.and_then(|()| make_private(generation)).and_then(|()| fs::rename(scratch(folder), generation.join(name)));
        if kept.is_err() {
            let _ = fs::remove_file(scratch(folder));
        }
        self.has_written = true;
        kept
    }
}

/// Starts a file aside, which the system gives up with the process.
fn start(folder: &Path) -> io::Result<BufWriter<File>> {
    make_private(folder)?;
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(scratch(folder))?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)?;
    file.set_len(0)?;
    Ok(BufWriter::with_capacity(1 << 17, file))
}

/// Removes what runs left that were killed while they wrote.
fn remove_left_over(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_left = entry.file_name().to_string_lossy().starts_with(".writing-")
            && File::open(entry.path()).is_ok_and(|file| flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok());
        if is_left {
            let _ = fs::remove_file(entry.path());
        }
    }
}
