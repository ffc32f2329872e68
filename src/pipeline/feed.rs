//! Feed: where readings come from, one document after the other, in an order that does not depend on the machine.
//!
//! A feed tells what it finds on the way, gives each reading to whoever takes it, and at the end says what all of them came to. It never
//! holds more than a few batches: what must be kept is kept by who takes.

use super::Progress;
use super::reading::Reading;
use crate::error::Error;
use crate::findings::Report;
use crate::model::document::Document;

/// Takes what a document came to, in the order of the documents.
pub type Take<'a> = dyn FnMut(Document, Reading) -> Result<(), Error> + Send + 'a;

/// Readings of documents, from wherever they come.
pub trait Feed {
    /// Gives every reading to `take`, once.
    ///
    /// # Errors
    /// Those of `take`; `Io` where something cannot be read; `Refused` where nothing can be made of what is there.
    fn each(&mut self, report: &mut Report, take: &mut Take<'_>) -> Result<Totals, Error>;
}

/// What all documents of a run came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    pub documents: usize,
    pub bytes: usize,
    pub records: usize,
    /// Files that could not be read, or not to their ends.
    pub refused: usize,
    /// A hash of all documents in order, where the feed knows one.
    pub inputs: Option<[u8; 32]>,
    read: u64,
    no_fact: u64,
    ignored: u64,
    unread: u64,
    blank: u64,
}

impl Totals {
    /// Counts a document.
    pub fn add(&mut self, document: &Document, reading: &Reading) {
        let row = &reading.coverage;
        self.documents += 1;
        self.bytes += document.bytes() as usize;
        self.records += reading.records.values().map(Vec::len).sum::<usize>();
        self.read += row.read;
        self.no_fact += row.no_fact;
        self.ignored += row.ignored;
        self.unread += row.unread;
        self.blank += row.blank;
    }

    /// Tells the counts, a line a stage.
    pub(super) fn tell(&self, progress: Progress<'_>) {
        let Self { documents, bytes, records, refused: _, inputs: _, read, no_fact, ignored, unread, blank } = self;
        progress("ingest", &format!("{documents} sources, {bytes} bytes"));
        progress(
            "extract",
            &format!("{records} records; bytes: {read} read, {no_fact} without a fact, {ignored} ignored, {unread} unread, {blank} blank"),
        );
    }
}
