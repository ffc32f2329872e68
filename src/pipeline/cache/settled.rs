//! Settled: that a run found nothing to publish, and what it told, so that the same run again need not resolve and validate everything anew.
//!
//! One file a store of releases. It holds for the same documents and findings of the first half, the same program and schemas (all of them), the
//! same day and the same releases, down to their hashes; then what follows is known. The hashes of the releases themselves are checked each time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{make_private, scratch};
use crate::findings::{Check, Finding, Report};
use crate::model::digest;
use crate::model::record::hex;
use crate::model::schemas::Schemas;

/// What a run is a function of, once its texts are read.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    pub schemas: &'a Schemas,
    /// A hash of all documents, in order.
    pub documents: [u8; 32],
    pub date: NaiveDate,
    /// The store of releases, and what is in it.
    pub output: &'a Path,
    pub releases: &'a str,
    /// What was found so far.
    pub report: &'a Report,
}

/// Whether, and with what, a run was settled before.
#[derive(Debug)]
pub struct Settled {
    folder: PathBuf,
    file: PathBuf,
    key: [u8; 32],
}

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
        let found = postcard::to_extend(report.findings(), Vec::new()).ok()?;
        let mut key = Sha256::new();
        let schemas = schemas.files.program_and_own(|_| true);
        for part in [digest::PROGRAM.as_bytes(), &schemas, documents, date.to_string().as_bytes(), releases.as_bytes(), &found] {
            key.update((part.len() as u64).to_le_bytes());
            key.update(part);
        }
        let name = hex(&Sha256::digest(output.canonicalize().ok()?.as_os_str().as_encoded_bytes())[..8]);
        Some(Self { folder: folder.to_owned(), file: folder.join("settled").join(name), key: key.finalize().into() })
    }

    /// Puts what the same run told before into the report; false where there was no such run.
    pub fn recall(&self, report: &mut Report) -> bool {
        let told = self.read();
        let is_known = told.is_some();
        if let Some(Told { findings, checks }) = told {
            report.replace(findings, checks);
        }
        is_known
    }

    fn read(&self) -> Option<Told> {
        let bytes = fs::read(&self.file).ok()?;
        let (key, rest) = bytes.split_first_chunk::<32>()?;
        let (sum, told) = rest.split_first_chunk::<32>()?;
        let is_sound = *key == self.key && Sha256::digest(told)[..] == sum[..];
        is_sound.then(|| postcard::from_bytes(told).ok())?
    }

    /// Keeps what this run told. Where that cannot be, the next run does what this one did.
    pub fn remember(&self, report: &Report) {
        let told = Told { findings: report.findings().to_vec(), checks: report.checks.clone() };
        if let Ok(told) = postcard::to_extend(&told, Vec::new()) {
            let _ = self.write(&told);
        }
    }

    fn write(&self, told: &[u8]) -> io::Result<()> {
        make_private(self.file.parent().unwrap_or(&self.folder))?;
        let scratch = scratch(&self.folder);
        let bytes = [&self.key[..], &Sha256::digest(told)[..], told].concat();
        let written = fs::write(&scratch, bytes).and_then(|()| fs::rename(&scratch, &self.file));
        if written.is_err() {
            let _ = fs::remove_file(&scratch);
        }
        written
    }
}
