//! Bytes on their way into a part of a file, and back: some at a time, whatever their form.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::Inner;
use crate::error::Error;

/// Bytes that are read or written at a time.
const BUFFER: usize = 1 << 16;

/// A part of a file.
#[derive(Clone, Debug)]
pub struct Part {
    pub inner: Arc<Inner>,
    pub file: Arc<File>,
    pub start: u64,
    pub end: u64,
}

/// Writes a part at the end of a file.
#[derive(Debug)]
pub struct Writer {
    part: Part,
    /// What is appended here is written when [`Writer::pass_on`] finds enough of it.
    pub buffer: Vec<u8>,
}

impl Writer {
    /// Goes on behind so many bytes of the file.
    #[must_use]
    pub fn new(inner: Arc<Inner>, file: Arc<File>, start: u64) -> Self {
        Self { part: Part { inner, file, start, end: start }, buffer: Vec::with_capacity(2 * BUFFER) }
    }

    /// # Errors
    /// `Io` where the file cannot be written to.
    pub fn pass_on(&mut self) -> Result<(), Error> {
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        (&*self.part.file).write_all(&self.buffer).map_err(self.part.inner.fails("write rows into"))?;
        self.part.end += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// # Errors
    /// `Io` where the file cannot be written to.
    pub fn end(mut self) -> Result<Part, Error> {
        self.flush()?;
        Ok(self.part)
    }
}

/// Reads a part from its beginning.
#[derive(Debug)]
pub struct Reader {
    part: Part,
    /// Where in the file the next bytes are read.
    at: u64,
    buffer: Vec<u8>,
    /// Where in the buffer the bytes begin that are shown.
    start: usize,
}

impl Reader {
    #[must_use]
    pub fn new(part: Part) -> Self {
        Self { at: part.start, part, buffer: Vec::new(), start: 0 }
    }

    /// Sees to it that at least so many bytes are shown; false where the part is at its end.
    ///
    /// # Errors
    /// Where they cannot be read, or the part ends before.
    pub fn need(&mut self, needed: usize) -> io::Result<bool> {
        if self.buffer.len() - self.start >= needed {
            return Ok(true);
        }
        self.buffer.drain(..self.start);
        self.start = 0;
        let had = self.buffer.len();
        let left = (self.part.end - self.at) as usize;
        if had + left == 0 {
            return Ok(false);
        }
        let wanted = left.min(BUFFER.max(needed - had));
        self.buffer.resize(had + wanted, 0);
        self.part.file.read_exact_at(&mut self.buffer[had..], self.at)?;
        self.at += wanted as u64;
        if self.buffer.len() < needed { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(true) }
    }

    /// The bytes that were read and not yet gone past.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    pub fn skip(&mut self, bytes: usize) {
        self.start += bytes;
    }

    /// What is said where reading fails.
    pub fn fails(&self) -> impl Fn(io::Error) -> Error + use<> {
        self.part.inner.fails("read rows from")
    }
}
