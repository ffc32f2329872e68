//! Counts: how far the reading of texts is, for whoever shows it while it goes on.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// What has been read so far. Written by the run, read at any time.
#[derive(Debug, Default)]
pub struct Counts {
    documents: AtomicU64,
    /// Bytes of text.
    bytes: AtomicU64,
    /// Bytes of the files: other ones where texts are compressed or in records.
    position: AtomicU64,
    is_over: AtomicBool,
}

/// What has been read at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub documents: u64,
    pub bytes: u64,
    pub position: u64,
    /// Whether nothing more is read.
    pub is_over: bool,
}

impl Counts {
    #[must_use]
    pub const fn new() -> Self {
        Self { documents: AtomicU64::new(0), bytes: AtomicU64::new(0), position: AtomicU64::new(0), is_over: AtomicBool::new(false) }
    }

    #[must_use]
    pub fn now(&self) -> Counted {
        Counted {
            documents: self.documents.load(Relaxed),
            bytes: self.bytes.load(Relaxed),
            position: self.position.load(Relaxed),
            is_over: self.is_over.load(Relaxed),
        }
    }

    pub(super) fn add(&self, bytes: usize) {
        self.documents.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes as u64, Relaxed);
    }

    pub(super) fn reach(&self, position: u64) {
        self.position.store(position, Relaxed);
    }

    pub(super) fn end(&self) {
        self.is_over.store(true, Relaxed);
    }
}
