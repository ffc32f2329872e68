//! Runs: the files that earlier runs wrote their records to, batch by batch, and the documents that they speak of.
//!
//! In: a folder or a file of Arrow IPC, compressed as a whole (.zst) or not, in path order. Out: batches as they stand there; what is in them is for others to judge. A document
//! gets the entry of the registry that its text would get, and stands among the sources under the id that it came with.

use std::io::{self, BufRead, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::files::{Container, FileKind, decompressed};
use super::ipc::Batches;
use super::items::Items;
use super::reading::Reading;
use super::records::{At, invalid};
use super::registry::derived_entry;
use super::seen::Seen;
use super::sources::{Described, Intake, RawFolder, Taken, registry};
use super::walk::Walk;
use crate::error::Error;
use crate::findings::{Finding, Place, Report, code};
use crate::model::Document;
use crate::model::envelope::DocumentRow;
use crate::model::settings::is_source_id;

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// A file begins: its name as findings have it.
    File(Arc<str>),
    Batch(RecordBatch),
    /// The file is at its end, or cannot be read any further: then the finding says why.
    End(Option<Finding>),
}

/// Files of runs, and the documents that were taken from them.
pub struct Runs {
    intake: Intake,
    items: Items,
    seen: Seen,
    files: std::vec::IntoIter<PathBuf>,
    open: Option<(Reading, io::Result<Batches<Box<dyn BufRead + Send>>>)>,
}

impl std::fmt::Debug for Runs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runs").field("intake", &self.intake).finish_non_exhaustive()
    }
}

fn unreadable(shown: &str, problem: &str) -> Finding {
    Finding::new(code::RECORDS_UNREADABLE, Place::file(shown), format!("the records cannot be read: {problem}")).hint("put the whole file back")
}

impl Runs {
    /// Finds the files of `raw.folder`. That there are none is in the report.
    ///
    /// # Errors
    /// `Io` where the folder or the registry cannot be read.
    pub fn open(raw: &RawFolder, report: &mut Report) -> Result<Self, Error> {
        let (entries, entries_need_files) = registry(raw, report)?;
        let files = files(&raw.folder)?;
        if files.is_empty() {
            let finding = Finding::new(
                code::RAW_MISSING,
                Place::file(raw.folder.to_string_lossy()),
                "there are no records of runs (.arrows, .arrow, .arrows.zst)",
            );
            report.push(finding.hint("write the output of rollcall extract --stdin arrow --stdout arrow to a file in it"));
        }
        let intake = Intake { raw: raw.clone(), entries, entries_need_files };
        let items = Items::none(&raw.folder);
        Ok(Self { intake, items, seen: Seen::default(), files: files.into_iter(), open: None })
    }

    /// What comes next; none when all files were read.
    ///
    /// # Errors
    /// `Io` where a file cannot be opened, or changes while it is read.
    pub fn next(&mut self) -> Result<Option<Step>, Error> {
        let Some((reading, batches)) = &mut self.open else {
            let Some(path) = self.files.next() else { return Ok(None) };
            let reading = Reading::open(&path)?;
            let input = decompressed(&path.to_string_lossy(), reading.file()?);
            let batches = input.and_then(|input| Batches::new(input, |schema| Ok((schema, None))));
            self.open = Some((reading, batches));
            return Ok(Some(Step::File(path.to_string_lossy().into())));
        };
        let next = match batches {
            Ok(batches) => batches.next(),
            Err(error) => Err(std::mem::replace(error, ErrorKind::Other.into())),
        };
        let problem = match next {
            Ok(Some(batch)) => return Ok(Some(Step::Batch(batch))),
            Ok(None) => None,
            Err(error) => Some(unreadable(&reading.shown(), &error.to_string())),
        };
        reading.end(None)?;
        self.open = None;
        Ok(Some(Step::End(problem)))
    }

    /// The document that a row speaks of, unless it cannot be published, which is then in the report. `number` is its place in its run.
    pub fn document(&mut self, shown: &Arc<str>, number: u64, row: DocumentRow, report: &mut Report) -> Option<Document> {
        let at = At::Document(number);
        let document = match is_source_id(&row.source_id) {
            Ok(()) => Some(self.made(shown, row, report)),
            Err(rule) => {
                let finding = invalid(shown, at, 1, &format!("id is \"{}\", expected {}", row.source_id, rule.code));
                report.push(finding.compared(row.source_id, rule.code));
                None
            }
        };
        self.seen.take(Taken { document, record: Some((Arc::clone(shown), at)) }, &self.intake, report)
    }

    fn made(&self, shown: &str, row: DocumentRow, report: &mut Report) -> Document {
        let display = format!("{shown}#{}", row.source_id);
        let entry = self.intake.entries.find(&row.source_id, &row.sha256).cloned();
        if let Some(entry) = entry.as_ref().filter(|entry| entry.language != row.language) {
            let (read, said) = (&row.language, &entry.language);
            let message = format!("it was read as \"{read}\", its entry in the registry says \"{said}\"");
            let finding = Finding::new(code::RECORDS_UNFIT, Place::file(&display), message).compared(read, said);
            report.push(finding.hint("give the documents their language, and make the records again"));
        }
        let described = || Described { title: row.title, language: row.language };
        let mut entry = entry.unwrap_or_else(|| derived_entry(&row.source_id, described()));
        entry.published = entry.published.or(row.published);
        Document::read_elsewhere(entry, row.path, display, row.sha256, row.text.unwrap_or_default(), row.coverage.bytes, row.lines)
    }

    /// A document that was none, so that nothing of it can be published.
    pub fn error(&mut self, shown: &Arc<str>, number: u64, message: &str, report: &mut Report) {
        let at = At::Document(number);
        report.push(invalid(shown, at, 1, message));
        self.seen.take(Taken { document: None, record: Some((Arc::clone(shown), at)) }, &self.intake, report);
    }

    /// Says what is missing, or too much, now that all have been seen. `at_most` is the share of documents that may be left out.
    pub fn finish(self, at_most: f64, report: &mut Report) {
        self.seen.finish(&self.intake, &self.items, at_most, report);
    }
}

/// The files of a folder that hold streams, at any depth, or the one file that was named.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    if !folder.is_dir() {
        return Ok(if folder.exists() { vec![folder.to_path_buf()] } else { Vec::new() });
    }
    let walk = Walk::of(folder, |name| FileKind::of(name.strip_suffix(".zst").unwrap_or(name)) == Some(FileKind::Records(Container::Arrow)))?;
    walk.map(|file| Ok(folder.join(file?.path))).collect()
}
