//! What only shows where all sources are seen together: ids that stand twice, entries without a text, a share of records left out.
//!
//! In: what became of each item, in their order. Out: the documents, each id once, and findings.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::files::FileKind;
use super::items::Items;
use super::records::{At, invalid};
use super::sources::{Intake, Taken};
use crate::findings::{Finding, Place, Report, code};
use crate::model::Document;

/// What was taken so far: told only by all sources together, in their order.
#[derive(Debug, Default)]
pub struct Seen {
    /// Where an id was first, by a hash of it that no two ids share.
    places: HashMap<[u8; 16], FirstPlace>,
    /// Entries of the registry that have their text.
    entries: Vec<String>,
    /// Records of all, and those of them that were left out.
    records: u64,
    left_out: u64,
}

/// Short: there are as many as documents.
#[derive(Debug)]
enum FirstPlace {
    File(Box<str>),
    Record(Arc<str>, At),
}

impl Seen {
    /// Takes a document, unless there is one with its id already, which is then in the report.
    pub fn take(&mut self, taken: Taken, intake: &Intake, report: &mut Report) -> Option<Document> {
        let is_record = taken.record.is_some();
        let document = self.first_of_its_id(taken, report);
        self.records += u64::from(is_record);
        self.left_out += u64::from(is_record && document.is_none());
        if let Some(document) = document.as_ref().filter(|document| intake.entries.with_id(document.id()).is_some()) {
            self.entries.push(document.id().to_owned());
        }
        document
    }

    fn first_of_its_id(&mut self, taken: Taken, report: &mut Report) -> Option<Document> {
        let (document, record) = (taken.document?, taken.record);
        let digest = Sha256::digest(document.id().as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        let first = match self.places.entry(key) {
            Entry::Occupied(first) => first,
            Entry::Vacant(free) => {
                free.insert(match record {
                    Some((shown, at)) => FirstPlace::Record(shown, at),
                    None => FirstPlace::File(document.display_path.as_str().into()),
                });
                return Some(document);
            }
        };
        let first = match first.get() {
            FirstPlace::File(path) => path.to_string(),
            FirstPlace::Record(shown, at) => format!("{shown}, {at}"),
        };
        let message = format!("source \"{}\" is also {first}", document.id());
        report.push(match record {
            Some((shown, at)) => invalid(&shown, at, 1, &message),
            None => Finding::new(code::REGISTRY_INVALID, Place::file(&document.display_path), message).hint("rename one of the files"),
        });
        None
    }

    /// Says what is missing, or too much, now that all have been seen. `at_most` is the share of records that may be left out.
    pub fn finish(self, intake: &Intake, items: &Items, at_most: f64, report: &mut Report) {
        let shown = intake.raw.folder.to_string_lossy();
        if self.left_out as f64 > self.records as f64 * at_most {
            let percent = |share: f64| format!("{:.1} per cent", share * 100.0);
            let share = percent(self.left_out as f64 / self.records as f64);
            let message = format!("{} of {} records are left out, {share}, expected at most {}", self.left_out, self.records, percent(at_most));
            let finding = Finding::new(code::RECORDS_LEFT_OUT, Place::file(&*shown), message);
            report.push(finding.compared(share, format!("at most {}", percent(at_most))).hint("mend the records that record-invalid names"));
        }
        items.not_read().for_each(|finding| report.push(finding));
        if !items.found {
            report.push(
                Finding::new(code::RAW_MISSING, Place::file(&*shown), format!("the folder holds no text ({})", FileKind::extensions()))
                    .hint("put texts into it, or name another folder with --raw"),
            );
        }
        if intake.entries_need_files && !intake.entries.unread {
            for (line, entry) in intake.entries.without_file(&self.entries) {
                let message = format!("source \"{}\" is registered, but there is no such text in {shown}", entry.id);
                report.push(
                    Finding::new(code::REGISTRY_ENTRY_WITHOUT_FILE, Place::new(&intake.entries.path, line, 1), message)
                        .hint(format!("put the text of {} back, or remove the entry", entry.id)),
                );
            }
        }
    }
}
