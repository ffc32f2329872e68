//! Entries under keys: sorted in memory as far as there is room, then in runs that are merged while they are read.
//!
//! In: keys and entries as bytes, in any order. Out: the same by key, those of one key as they came. All of them lie in one block of memory,
//! so that sorting moves small slots and compares bytes.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io;
use std::sync::Arc;

use super::Inner;
use super::stream::{Part, Reader, Writer};
use crate::error::Error;
use crate::model::rows::{Entries, EntrySorter};

/// Bytes of the two lengths that stand before each entry in a file.
const LENGTHS: usize = 8;
/// How many places an entry moves at most on its way into order when it comes.
const NEAR: usize = 64;
/// Most runs that are merged at once: each has a buffer.
const AT_ONCE: usize = 256;

/// Where an entry lies in the block. Slots are ordered by key, then by place; an empty entry has the place of the one behind it.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The first bytes of the key, which mostly decide.
    prefix: u64,
    start: usize,
    key: u32,
    entry: u32,
}

impl Slot {
    fn key<'b>(&self, block: &'b [u8]) -> &'b [u8] {
        &block[self.start..self.start + self.key as usize]
    }

    fn entry<'b>(&self, block: &'b [u8]) -> &'b [u8] {
        let start = self.start + self.key as usize;
        &block[start..start + self.entry as usize]
    }

    fn by_key(&self, other: &Self, block: &[u8]) -> Ordering {
        self.prefix.cmp(&other.prefix).then_with(|| self.key(block).cmp(other.key(block)))
    }
}

fn prefix(key: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = key.len().min(8);
    bytes[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(bytes)
}

/// Entries while they come.
#[derive(Debug)]
pub struct Sorting {
    inner: Arc<Inner>,
    block: Vec<u8>,
    slots: Vec<Slot>,
    /// Whether the slots are in order so far.
    is_sorted: bool,
    file: Option<Arc<File>>,
    runs: Vec<Part>,
}

impl Sorting {
    #[must_use]
    pub fn new(inner: Arc<Inner>) -> Self {
        Self { inner, block: Vec::new(), slots: Vec::new(), is_sorted: true, file: None, runs: Vec::new() }
    }

    /// Whether some entries are no longer in memory.
    #[must_use]
    pub fn has_spilled(&self) -> bool {
        !self.runs.is_empty()
    }

    fn sort(&mut self) {
        let block = &self.block;
        if !self.is_sorted {
            self.slots.sort_unstable_by(|a, b| a.by_key(b, block).then_with(|| (a.start, a.entry).cmp(&(b.start, b.entry))));
        }
        self.is_sorted = true;
    }

    /// Brings the last slot into its place where that is near, as it mostly is: rows come by table and key.
    fn settle_last(&mut self) {
        let last = self.slots.len() - 1;
        let lowest = last.saturating_sub(NEAR);
        let mut at = last;
        while at > lowest && self.slots[at].by_key(&self.slots[at - 1], &self.block).is_lt() {
            self.slots.swap(at, at - 1);
            at -= 1;
        }
        self.is_sorted = at > lowest || at == 0 || self.slots[at].by_key(&self.slots[at - 1], &self.block).is_ge();
    }

    /// Puts the entries that are in memory aside.
    fn spill(&mut self) -> Result<(), Error> {
        self.sort();
        let file = match &self.file {
            Some(file) => Arc::clone(file),
            None => Arc::clone(self.file.insert(Arc::new(self.inner.file()?))),
        };
        let mut writer = Writer::new(Arc::clone(&self.inner), file, self.runs.last().map_or(0, |run| run.end));
        self.slots.iter().try_for_each(|slot| write(&mut writer, slot.key(&self.block), slot.entry(&self.block)))?;
        self.runs.push(writer.end()?);
        self.slots.clear();
        self.block.clear();
        Ok(())
    }
}

impl EntrySorter for Sorting {
    fn push(&mut self, key: &[u8], entry: &[u8]) -> Result<(), Error> {
        let added = key.len() + entry.len();
        let taken = self.block.len() + added + (self.slots.len() + 1) * size_of::<Slot>();
        if !self.slots.is_empty() && self.inner.is_full(taken) {
            self.spill()?;
        }
        self.slots.push(Slot { prefix: prefix(key), start: self.block.len(), key: key.len() as u32, entry: entry.len() as u32 });
        self.block.extend_from_slice(key);
        self.block.extend_from_slice(entry);
        if self.is_sorted {
            self.settle_last();
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Box<dyn Entries>, Error> {
        (*self).sorted()
    }
}

impl Sorting {
    /// # Errors
    /// `Io` where what was put aside cannot be read.
    pub fn sorted(mut self) -> Result<Box<dyn Entries>, Error> {
        if self.runs.is_empty() {
            self.sort();
            return Ok(Box::new(InMemory { block: self.block, slots: self.slots, next: 0 }));
        }
        if !self.slots.is_empty() {
            self.spill()?;
        }
        let Self { inner, mut runs, .. } = self;
        // The runs that are merged stand in the order in which they came, so that entries of one key do.
        while runs.len() > AT_ONCE {
            let merged: Result<Vec<Part>, Error> = runs.chunks(AT_ONCE).map(|runs| into_one(&inner, runs)).collect();
            runs = merged?;
        }
        Merged::of(&runs).map(|merged| Box::new(merged) as Box<dyn Entries>)
    }
}

/// One run of all entries of several.
fn into_one(inner: &Arc<Inner>, runs: &[Part]) -> Result<Part, Error> {
    let mut writer = Writer::new(Arc::clone(inner), Arc::new(inner.file()?), 0);
    let mut merged = Merged::of(runs)?;
    while merged.advance()? {
        write(&mut writer, merged.key(), merged.entry())?;
    }
    writer.end()
}

/// Sorted entries in memory.
struct InMemory {
    block: Vec<u8>,
    slots: Vec<Slot>,
    /// The slot behind the one that is shown.
    next: usize,
}

impl Entries for InMemory {
    fn advance(&mut self) -> Result<bool, Error> {
        let is_there = self.next < self.slots.len();
        self.next += usize::from(is_there);
        Ok(is_there)
    }

    fn key(&self) -> &[u8] {
        self.slots[self.next - 1].key(&self.block)
    }

    fn entry(&self) -> &[u8] {
        self.slots[self.next - 1].entry(&self.block)
    }
}

fn write(writer: &mut Writer, key: &[u8], entry: &[u8]) -> Result<(), Error> {
    writer.buffer.extend_from_slice(&(key.len() as u32).to_le_bytes());
    writer.buffer.extend_from_slice(&(entry.len() as u32).to_le_bytes());
    writer.buffer.extend_from_slice(key);
    writer.buffer.extend_from_slice(entry);
    writer.pass_on()
}

/// A run while it is read. The entry that is shown is the first of what the reader shows.
struct Head {
    reader: Reader,
    number: usize,
    key: usize,
    entry: usize,
    prefix: u64,
}

impl Head {
    /// The first entry of a run; none where it has none.
    fn first(run: &Part, number: usize) -> Result<Option<Self>, Error> {
        let mut head = Self { reader: Reader::new(run.clone()), number, key: 0, entry: 0, prefix: 0 };
        let is_there = head.read().map_err(head.reader.fails())?;
        Ok(is_there.then_some(head))
    }

    fn read(&mut self) -> io::Result<bool> {
        if !self.reader.need(LENGTHS)? {
            return Ok(false);
        }
        let (lengths, _) = self.reader.bytes().as_chunks::<4>();
        (self.key, self.entry) = (u32::from_le_bytes(lengths[0]) as usize, u32::from_le_bytes(lengths[1]) as usize);
        self.reader.need(LENGTHS + self.key + self.entry)?;
        self.prefix = prefix(self.key());
        Ok(true)
    }

    fn advance(&mut self) -> Result<bool, Error> {
        self.reader.skip(LENGTHS + self.key + self.entry);
        self.read().map_err(self.reader.fails())
    }

    fn key(&self) -> &[u8] {
        &self.reader.bytes()[LENGTHS..LENGTHS + self.key]
    }

    fn entry(&self) -> &[u8] {
        &self.reader.bytes()[LENGTHS + self.key..LENGTHS + self.key + self.entry]
    }
}

/// The greatest is the one whose entry stands first, as a heap wants it.
impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_key = other.prefix.cmp(&self.prefix).then_with(|| other.key().cmp(self.key()));
        by_key.then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

/// Runs that are merged while they are read.
struct Merged {
    heads: BinaryHeap<Head>,
    /// Whether the first of the heads has been shown.
    is_shown: bool,
}

impl Merged {
    fn of(runs: &[Part]) -> Result<Self, Error> {
        let heads: Result<Vec<Option<Head>>, Error> = runs.iter().enumerate().map(|(number, run)| Head::first(run, number)).collect();
        Ok(Self { heads: heads?.into_iter().flatten().collect(), is_shown: false })
    }
}

/// What stands before the first entry and after the last.
const NOTHING: &[u8] = &[];

impl Entries for Merged {
    fn advance(&mut self) -> Result<bool, Error> {
        if std::mem::replace(&mut self.is_shown, true)
            && let Some(mut head) = self.heads.peek_mut()
            && !head.advance()?
        {
            PeekMut::pop(head);
        }
        Ok(!self.heads.is_empty())
    }

    fn key(&self) -> &[u8] {
        self.heads.peek().map_or(NOTHING, Head::key)
    }

    fn entry(&self) -> &[u8] {
        self.heads.peek().map_or(NOTHING, Head::entry)
    }
}
