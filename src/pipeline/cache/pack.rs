//! A pack: one file of any number of entries, each found by its key with two short reads.
//!
//! Entries come first, in the order in which they were written, then a row an entry in the order of the keys (key, place, length, checksum),
//! then where in these rows the keys of each bucket start, then the end: how many there are, and what file this is. Nothing is trusted: a file
//! with another end is no pack, and an entry whose checksum is not that of its key and bytes is not there.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use twox_hash::XxHash64;

/// What the file ends with. Another number for another way to write entries.
pub const MAGIC: &[u8] = b"rollcall cache 1";

/// The key of an entry: a hash, so that keys spread evenly.
pub type Key = [u8; 16];

/// Bytes of a row.
const ROW: usize = 36;

/// Bytes of the end: the number of entries, and the magic.
const END: usize = 8 + MAGIC.len();

/// About how many rows a bucket has.
const BUCKET: usize = 32;

/// Where an entry lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    pub key: Key,
    start: u64,
    length: u32,
    checksum: u64,
}

impl Row {
    /// The row of bytes that are written at `start`; none where they are too many.
    #[must_use]
    pub fn of(key: Key, start: u64, bytes: &[u8]) -> Option<Self> {
        Some(Self { key, start, length: u32::try_from(bytes.len()).ok()?, checksum: checksum(&key, bytes) })
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (key, rest) = bytes.split_first_chunk()?;
        let (start, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let checksum = u64::from_le_bytes(*rest.first_chunk()?);
        Some(Self { key: *key, start: u64::from_le_bytes(*start), length: u32::from_le_bytes(*length), checksum })
    }
}

fn checksum(key: &Key, bytes: &[u8]) -> u64 {
    let (first, second) = key.split_at(8);
    let half = |half: &[u8]| half.first_chunk().map_or(0, |half| u64::from_le_bytes(*half));
    XxHash64::oneshot(half(first) ^ half(second), bytes)
}

/// How many buckets so many rows have, as a power of two.
fn bucket_bits(rows: usize) -> u32 {
    (rows / BUCKET).max(1).next_power_of_two().trailing_zeros()
}

fn bucket_of(key: &Key, bits: u32) -> usize {
    let first = key.first_chunk().map_or(0, |first| u32::from_be_bytes(*first));
    first.checked_shr(32 - bits).unwrap_or(0) as usize
}

/// What stands behind the entries of a pack.
#[must_use]
pub fn index(mut rows: Vec<Row>) -> Vec<u8> {
    rows.sort_unstable();
    let bits = bucket_bits(rows.len());
    let mut bytes = Vec::with_capacity(rows.len() * (ROW + 1) + END);
    for row in &rows {
        bytes.extend(row.key);
        bytes.extend(row.start.to_le_bytes());
        bytes.extend(row.length.to_le_bytes());
        bytes.extend(row.checksum.to_le_bytes());
    }
    for bucket in 0..=1_usize << bits {
        let start = rows.partition_point(|row| bucket_of(&row.key, bits) < bucket);
        bytes.extend((start as u32).to_le_bytes());
    }
    bytes.extend((rows.len() as u64).to_le_bytes());
    bytes.extend(MAGIC);
    bytes
}

/// A pack that is open for reading.
#[derive(Debug)]
pub struct Pack {
    path: PathBuf,
    file: File,
    bytes: u64,
    /// Where the rows start, and the entries end.
    rows_start: u64,
    /// The first row of each bucket, and at the end the number of rows.
    buckets: Vec<u32>,
}

impl Pack {
    /// Opens a file; none where it is no pack.
    #[must_use]
    pub fn open(path: PathBuf) -> Option<Self> {
        let file = File::open(&path).ok()?;
        let bytes = file.metadata().ok()?.len();
        let end = read(&file, bytes.checked_sub(END as u64)?, END)?;
        let (count, magic) = end.split_first_chunk()?;
        let rows = usize::try_from(u64::from_le_bytes(*count)).ok().filter(|_| magic == MAGIC)?;
        let buckets_size = 4 * ((1_u64 << bucket_bits(rows)) + 1);
        let buckets_start = (bytes - END as u64).checked_sub(buckets_size)?;
        let rows_start = buckets_start.checked_sub((rows as u64).checked_mul(ROW as u64)?)?;
        let buckets = read(&file, buckets_start, buckets_size as usize)?;
        let buckets: Vec<u32> = buckets.chunks_exact(4).filter_map(|at| at.first_chunk()).map(|at| u32::from_le_bytes(*at)).collect();
        let is_sound = buckets.is_sorted() && buckets.last().is_some_and(|last| *last as usize == rows);
        is_sound.then_some(Self { path, file, bytes, rows_start, buckets })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How large the file is.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.bytes
    }

    /// The bytes of an entry; none where there is no such, or it is damaged.
    #[must_use]
    pub fn find(&self, key: &Key) -> Option<Vec<u8>> {
        let bucket = bucket_of(key, (self.buckets.len() - 1).trailing_zeros());
        let (from, to) = (*self.buckets.get(bucket)? as usize, *self.buckets.get(bucket + 1)? as usize);
        let rows = self.rows(from, to)?;
        let row = rows.chunks_exact(ROW).find(|row| row.starts_with(key)).and_then(Row::parse)?;
        self.entry(&row)
    }

    /// Every entry that is sound.
    pub fn entries(&self) -> impl Iterator<Item = (Key, Vec<u8>)> + '_ {
        let rows = self.rows(0, self.buckets.last().map_or(0, |last| *last as usize)).unwrap_or_default();
        let mut rows: Vec<Row> = rows.chunks_exact(ROW).filter_map(Row::parse).collect();
        rows.sort_by_key(|row| row.start);
        rows.into_iter().filter_map(|row| Some((row.key, self.entry(&row)?)))
    }

    fn rows(&self, from: usize, to: usize) -> Option<Vec<u8>> {
        read(&self.file, self.rows_start + (from * ROW) as u64, (to - from) * ROW)
    }

    fn entry(&self, row: &Row) -> Option<Vec<u8>> {
        let is_inside = row.start.checked_add(u64::from(row.length)).is_some_and(|end| end <= self.rows_start);
        let bytes = is_inside.then(|| read(&self.file, row.start, row.length as usize))??;
        (checksum(&row.key, &bytes) == row.checksum).then_some(bytes)
    }
}

fn read(file: &File, start: u64, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, start).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u32) -> Key {
        let mut key = Key::default();
        key[..4].copy_from_slice(&number.wrapping_mul(0x9E37_79B1).to_be_bytes());
        key
    }

    fn written(name: &str, count: u32) -> PathBuf {
        let path = std::env::temp_dir().join(format!("rollcall-pack-{}-{name}", std::process::id()));
        let (mut bytes, mut rows) = (Vec::new(), Vec::new());
        for number in 0..count {
            let entry = format!("entry {number}").into_bytes();
            rows.push(Row::of(key(number), bytes.len() as u64, &entry).unwrap());
            bytes.extend(entry);
        }
        bytes.extend(index(rows));
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn every_entry_is_found_and_no_other() {
        for count in [0, 1, 31, 64, 5000] {
            let path = written(&format!("found-{count}"), count);
            let pack = Pack::open(path.clone()).unwrap();
            for number in 0..count {
                assert_eq!(pack.find(&key(number)), Some(format!("entry {number}").into_bytes()));
            }
            assert_eq!(pack.find(&key(count)), None);
            assert_eq!(pack.entries().count(), count as usize);
            std::fs::remove_file(path).unwrap();
        }
    }

    #[test]
    fn a_byte_that_is_another_loses_one_entry_or_the_pack_and_gives_nothing_wrong() {
        let path = written("damaged", 40);
        let sound = std::fs::read(&path).unwrap();
        for at in 0..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x41;
            std::fs::write(&path, &bytes).unwrap();
            let Some(pack) = Pack::open(path.clone()) else { continue };
            for number in 0..40 {
                assert!(pack.find(&key(number)).is_none_or(|entry| entry == format!("entry {number}").into_bytes()), "byte {at}");
            }
        }
        std::fs::write(&path, &sound[..sound.len() - 1]).unwrap();
        assert!(Pack::open(path.clone()).is_none());
        std::fs::remove_file(path).unwrap();
    }
}
