//! Settled: what need not be found out again: that a run found nothing to publish, and what it told; that the schemas are sound.
//!
//! Of a run there is one file a store of releases. It holds for the same documents and findings of the first half, the same program and schemas (all of them), the
//! same releases, down to their hashes, and where a waiver has expired for the same day; then what follows is known. The hashes of the releases themselves are checked each time.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{make_private, scratch};
use crate::findings::{Check, Finding, Report};
use crate::model::digest;
use crate::model::record::hex;
use crate::model::schemas::{SchemaFiles, Schemas};

/// What a run is a function of, once its texts are read.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    pub schemas: &'a Schemas,
    /// A hash of all documents, in order.
    pub documents: [u8; 32],
    /// The day of the run, where anything depends on it.
    pub date: Option<NaiveDate>,
    /// The store of releases, and what is in it.
    pub output: &'a Path,
    pub releases: &'a str,
    /// What was found so far.
    pub report: &'a Report,
}

/// What is kept beside the readings: one file for one thing, which holds as long as what it depends on is the same.
#[derive(Debug)]
struct Note {
    folder: PathBuf,
    file: PathBuf,
    key: [u8; 32],
}

impl Note {
    /// The note on something at a path that depends on some bytes.
    fn new(folder: &Path, kind: &str, about: &Path, depends_on: &[&[u8]]) -> Option<Self> {
        let mut key = Sha256::new();
        for part in depends_on {
            key.update((part.len() as u64).to_le_bytes());
            key.update(part);
        }
        let about = std::path::absolute(about).ok()?;
        let name = hex(&Sha256::digest(about.as_os_str().as_encoded_bytes())[..8]);
        Some(Self { folder: folder.to_owned(), file: folder.join(kind).join(name), key: key.finalize().into() })
    }

    /// What was noted; none where it was not, or of something else.
    fn read(&self) -> Option<Vec<u8>> {
        let bytes = fs::read(&self.file).ok()?;
        let (key, rest) = bytes.split_first_chunk::<32>()?;
        let (sum, noted) = rest.split_first_chunk::<32>()?;
        (*key == self.key && Sha256::digest(noted)[..] == sum[..]).then(|| noted.to_vec())
    }

    /// Where it cannot be written, the next run does what this one did.
    fn write(&self, noted: &[u8]) {
        let scratch = scratch(&self.folder);
        let bytes = [&self.key[..], &Sha256::digest(noted)[..], noted].concat();
        let made = make_private(self.file.parent().unwrap_or(&self.folder));
        if made.and_then(|()| fs::write(&scratch, bytes)).and_then(|()| fs::rename(&scratch, &self.file)).is_err() {
            let _ = fs::remove_file(&scratch);
        }
    }
}

/// That the files of `schemas/` are as they should be: what was looked at once need not be looked at again.
#[derive(Debug)]
pub struct Sound(Note);

impl Sound {
    #[must_use]
    pub fn new(folder: &Path, files: &SchemaFiles) -> Option<Self> {
        let depends_on = [digest::PROGRAM.as_bytes(), &files.program_and_own(|_| true)];
        Note::new(folder, "sound", Path::new(&files.root), &depends_on).map(Self)
    }

    #[must_use]
    pub fn is_known(&self) -> bool {
        self.0.read().is_some()
    }

    pub fn remember(&self) {
        self.0.write(b"");
    }
}

/// Bytes of which only the hash is wanted.
#[derive(Default)]
struct Hashed(Sha256);

impl Extend<u8> for Hashed {
    fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
        let mut part = [0; 64];
        let mut length = 0;
        for byte in bytes {
            part[length] = byte;
            length += 1;
            if length == part.len() {
                self.0.update(part);
                length = 0;
            }
        }
        self.0.update(&part[..length]);
    }
}

/// Whether, and with what, a run was settled before.
#[derive(Debug)]
pub struct Settled(Note);

#[derive(Serialize, Deserialize)]
struct Told {
    findings: Vec<Finding>,
    checks: Vec<Check>,
}

impl Settled {
    /// None where what was found cannot be hashed.
    #[must_use]
    pub fn new(folder: &Path, inputs: &Inputs<'_>) -> Option<Self> {
        let Inputs { schemas, documents, date, output, releases, report } = inputs;
        let found = postcard::to_extend(report.findings(), Hashed::default()).ok()?.0.finalize();
        let schemas = schemas.files.program_and_own(|_| true);
        let date = date.map_or_else(String::new, |date| date.to_string());
        let depends_on = [digest::PROGRAM.as_bytes(), &schemas, documents, date.as_bytes(), releases.as_bytes(), &found];
        Note::new(folder, "settled", output, &depends_on).map(Self)
    }

    /// Whether the same run was settled before.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.0.read().is_some()
    }

    /// Puts what the same run told before into the report; false where there was no such run.
    pub fn recall(&self, report: &mut Report) -> bool {
        let Some(Told { findings, checks }) = self.0.read().and_then(|told| postcard::from_bytes(&told).ok()) else { return false };
        report.replace(findings, checks);
        true
    }

    /// Keeps what this run told.
    pub fn remember(&self, report: &Report) {
        let told = Told { findings: report.findings().to_vec(), checks: report.checks.clone() };
        if let Ok(told) = postcard::to_extend(&told, Vec::new()) {
            self.0.write(&told);
        }
    }
}
