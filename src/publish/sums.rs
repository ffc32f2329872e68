//! Hashes of files, and `SHA256SUMS`, the list of them that `sha256sum -c` reads.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::model::record::hex;

/// Name of the list; it holds every file of the folder but itself.
pub const NAME: &str = "SHA256SUMS";

/// Size and hash of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileFacts {
    pub bytes: u64,
    pub sha256: String,
}

/// Hashes what passes on its way to `inner`.
#[derive(Debug)]
pub struct HashingWriter<W> {
    inner: W,
    digest: Sha256,
    bytes: u64,
}

impl<W: Write> HashingWriter<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, digest: Sha256::new(), bytes: 0 }
    }

    /// The writer back, and what passed.
    pub fn finish(self) -> (W, FileFacts) {
        (self.inner, FileFacts { bytes: self.bytes, sha256: hex(&self.digest.finalize()) })
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.digest.update(&buffer[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// SHA-256 of some bytes, in lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Size and hash of a file on disk.
///
/// # Errors
/// `Io` where it cannot be read.
pub fn facts_of(path: &Path) -> Result<FileFacts, Error> {
    let mut file = File::open(path).map_err(Error::io("read", path))?;
    let mut writer = HashingWriter::new(io::sink());
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(Error::io("read", path))?;
        if read == 0 {
            return Ok(writer.finish().1);
        }
        writer.write_all(&buffer[..read]).map_err(Error::io("read", path))?;
    }
}

/// The text of the list, in order of the names.
#[must_use]
pub fn render(sums: &BTreeMap<String, String>) -> String {
    sums.iter().map(|(name, sha256)| format!("{sha256}  {name}\n")).collect()
}

/// Reads a list; what is wrong with it is the error. Only what [`render`] writes is taken.
///
/// # Errors
/// What is wrong, in words.
pub fn parse(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut sums = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        match line.split_once("  ") {
            Some((hash, name)) if is_hash(hash) && is_plain(name) => sums.insert(name.to_owned(), hash.to_owned()),
            _ => return Err(format!("line {} is not a hash and a file name", index + 1)),
        };
    }
    if render(&sums) == text { Ok(sums) } else { Err("the lines are not in the order of the names".to_owned()) }
}

/// Whether a name stays inside its folder.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_as_it_is_written() {
        let sums: BTreeMap<String, String> = [("b.csv", sha256(b"b")), ("a.csv", sha256(b""))].map(|(name, hash)| (name.to_owned(), hash)).into();
        let text = render(&sums);
        assert!(text.starts_with("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.csv\n"));
        assert_eq!(parse(&text).unwrap(), sums);
    }

    #[test]
    fn a_list_that_leaves_its_folder_is_refused() {
        let hash = sha256(b"");
        for name in ["../a.csv", "/etc/passwd", ".hidden", ""] {
            assert!(parse(&format!("{hash}  {name}\n")).is_err(), "{name}");
        }
        assert!(parse(&format!("{hash}  b\n{hash}  a\n")).is_err());
        assert!(parse(&format!("{hash}  a")).is_err());
    }
}
