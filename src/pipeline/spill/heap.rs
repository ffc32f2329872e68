//! Texts that were put aside, in one file, one behind the other.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use super::Inner;
use crate::error::Error;

/// Bytes that are read at least: what stands beside a text is often looked at next.
const BLOCK: usize = 4096;

#[derive(Debug, Default)]
pub struct Heap {
    file: Option<File>,
    length: u64,
    /// What was read last, and where it stands.
    block: Vec<u8>,
    start: u64,
    failure: Option<io::Error>,
}

impl Heap {
    /// Appends a text.
    ///
    /// # Errors
    /// `Io` where the file cannot be made or written to.
    pub fn put(&mut self, text: &[u8], inner: &Inner) -> Result<u64, Error> {
        let file = match &self.file {
            Some(file) => file,
            None => self.file.insert(inner.file()?),
        };
        file.write_all_at(text, self.length).map_err(inner.fails("write texts into"))?;
        let at = self.length;
        self.length += text.len() as u64;
        Ok(at)
    }

    /// Some bytes; none where they cannot be read, and then the reason is kept.
    pub fn get(&mut self, at: u64, bytes: usize) -> Vec<u8> {
        match self.read(at, bytes) {
            Ok(text) => text,
            Err(error) => {
                self.block.clear();
                self.failure.get_or_insert(error);
                Vec::new()
            }
        }
    }

    /// Why something could not be read, told once.
    pub fn failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    fn read(&mut self, at: u64, bytes: usize) -> io::Result<Vec<u8>> {
        if let (Some(file), true) = (&self.file, bytes > BLOCK && at + bytes as u64 <= self.length) {
            let mut text = vec![0; bytes];
            return file.read_exact_at(&mut text, at).map(|()| text);
        }
        let is_there = self.start <= at && at + bytes as u64 <= self.start + self.block.len() as u64;
        if !is_there {
            let file = self.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
            let left = self.length.saturating_sub(at);
            self.block.resize((bytes.max(BLOCK) as u64).min(left) as usize, 0);
            file.read_exact_at(&mut self.block, at)?;
            self.start = at;
        }
        let from = (at - self.start) as usize;
        self.block.get(from..from + bytes).map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}
