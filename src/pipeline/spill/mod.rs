//! Spill: the shelf of the pipeline. Rows that do not fit into the memory that a run may use wait in files, sorted, and are read back one
//! by one; texts wait beside them, where they can be looked up.
//!
//! In: the rows of a table in any order. Out: the same in the order of its key, in memory where there is room, else in a file. The files
//! have no names: however a run ends, the system takes them back.

mod entries;
mod format;
mod heap;
mod sorter;
mod stream;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::Error;
use crate::model::TableSchema;
use crate::model::rows::{EntrySorter, Shelf, Sorter, Ties};
use heap::Heap;

/// The part of the memory of a run that what is sorted may take, and that all that need not be put aside may take together. Three are
/// sorted at once at most; the rest is for what is at work.
const SHARE: usize = 8;

/// Where rows wait, and how much memory there is for them.
#[derive(Clone, Debug)]
pub struct Spill {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The folder of the files; none where all rows stay in memory.
    folder: Option<PathBuf>,
    /// Bytes that the rows of one table, and all that stays in memory, may take.
    share: usize,
    /// Bytes that finished tables and texts take.
    held: AtomicUsize,
    files: AtomicUsize,
    heap: Mutex<Heap>,
}

impl Spill {
    /// At most `memory` bytes of rows in memory, the others in files of `folder`.
    #[must_use]
    pub fn new(folder: PathBuf, memory: usize) -> Self {
        Self::of(Some(folder), memory / SHARE)
    }

    /// All rows in memory.
    #[must_use]
    pub fn none() -> Self {
        Self::of(None, usize::MAX)
    }

    fn of(folder: Option<PathBuf>, share: usize) -> Self {
        Self { inner: Arc::new(Inner { folder, share, held: AtomicUsize::new(0), files: AtomicUsize::new(0), heap: Mutex::default() }) }
    }
}

impl Shelf for Spill {
    fn sorter(&self, schema: &TableSchema, ties: Ties) -> Box<dyn Sorter> {
        Box::new(sorter::RowSorter::new(Arc::clone(&self.inner), schema, ties))
    }

    fn entries(&self) -> Box<dyn EntrySorter> {
        Box::new(entries::Sorting::new(Arc::clone(&self.inner)))
    }

    fn put(&self, text: &[u8]) -> Result<Option<u64>, Error> {
        if self.inner.hold(text.len()) {
            return Ok(None);
        }
        self.inner.heap().put(text, &self.inner).map(Some)
    }

    fn get(&self, at: u64, bytes: usize) -> Vec<u8> {
        self.inner.heap().get(at, bytes)
    }

    fn check(&self) -> Result<(), Error> {
        self.inner.heap().failure().map_or(Ok(()), |error| Err(self.inner.fails("read texts from")(error)))
    }
}

impl Inner {
    /// Whether rows of so many bytes are too many for one table.
    fn is_full(&self, bytes: usize) -> bool {
        self.folder.is_some() && bytes >= self.share
    }

    /// Whether a finished table or a text of so many bytes may stay in memory, which is then taken.
    fn hold(&self, bytes: usize) -> bool {
        let before = self.held.fetch_add(bytes, Relaxed);
        let fits = self.folder.is_none() || before + bytes < self.share;
        if !fits {
            self.held.fetch_sub(bytes, Relaxed);
        }
        fits
    }

    fn heap(&self) -> MutexGuard<'_, Heap> {
        self.heap.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A file without a name, to write and to read.
    fn file(&self) -> Result<File, Error> {
        let folder = self.folder.as_deref().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(Error::io("make the folder", folder))?;
        loop {
            let number = self.files.fetch_add(1, Relaxed);
            let path = folder.join(format!("rollcall-{}-{number}.rows", std::process::id()));
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => {
                    fs::remove_file(&path).map_err(Error::io("remove", &path))?;
                    return Ok(file);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::io("create", path)(error)),
            }
        }
    }

    /// What is said where a file fails that has no name.
    fn fails(&self, action: &'static str) -> impl Fn(io::Error) -> Error + use<> {
        let folder = self.folder.clone().unwrap_or_default();
        move |error| Error::io(action, &folder)(error)
    }
}
