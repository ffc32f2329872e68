//! One reading of a file: through one handle, and at its end the file must be what it was at its beginning.
//!
//! A text that somebody writes to meanwhile would be half the old and half the new one, and its hash that of neither.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// A file that is open and not read yet.
#[derive(Debug)]
pub struct Reading {
    file: File,
    path: PathBuf,
    before: Metadata,
}

impl Reading {
    /// # Errors
    /// `Io` where the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::io("read", path))?;
        let before = file.metadata().map_err(Error::io("read", path))?;
        Ok(Self { file, path: path.to_path_buf(), before })
    }

    /// The file as findings name it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Its size when it was opened.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.before.len()
    }

    /// All of it.
    ///
    /// # Errors
    /// `Io` where it cannot be read, or is another by now.
    pub fn bytes(mut self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::with_capacity(self.before.len() as usize + 1);
        self.file.read_to_end(&mut bytes).map_err(Error::io("read", &self.path))?;
        self.end(Some(bytes.len() as u64))?;
        Ok(bytes)
    }

    /// The file itself, for whoever reads it piece by piece and asks for [`Reading::end`] then.
    ///
    /// # Errors
    /// `Io` where the system gives no second handle.
    pub fn file(&self) -> Result<File, Error> {
        self.file.try_clone().map_err(Error::io("read", &self.path))
    }

    /// How far it was read through handles that are the same as this.
    #[must_use]
    pub fn position(&self) -> u64 {
        (&self.file).stream_position().unwrap_or_default()
    }

    /// Whether the file is what it was, at the end of the reading.
    ///
    /// # Errors
    /// `Io` where it is another by now.
    pub fn end(&self, bytes: Option<u64>) -> Result<(), Error> {
        let after = self.file.metadata().map_err(Error::io("read", &self.path))?;
        if facts(&self.before) != facts(&after) || bytes.is_some_and(|bytes| after.len() != bytes) {
            let changed = io::Error::new(io::ErrorKind::InvalidData, "it changed while it was read; try again when nobody writes to it");
            return Err(Error::io("read", &self.path)(changed));
        }
        Ok(())
    }
}

/// Size, and when it was last written to.
fn facts(metadata: &Metadata) -> (u64, i64, i64) {
    (metadata.len(), metadata.mtime(), metadata.mtime_nsec())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn a_file_that_changes_while_it_is_read_is_refused() {
        let path = std::env::temp_dir().join(format!("rollcall-reading-{}", std::process::id()));
        fs::write(&path, "one\n").unwrap();
        assert_eq!(Reading::open(&path).unwrap().bytes().unwrap(), b"one\n");
        let reading = Reading::open(&path).unwrap();
        fs::write(&path, "one\ntwo\n").unwrap();
        assert!(reading.bytes().unwrap_err().to_string().contains("changed while it was read"));
        let reading = Reading::open(&path).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        assert!(reading.bytes().is_err(), "the same size, at another time");
        fs::remove_file(&path).unwrap();
    }
}
