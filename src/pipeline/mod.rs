//! Pipeline: the stages in order. The only module that knows it.
//!
//! What one document states is read by [`reading`], from whatever feed documents come ([`feed`], of which [`texts`] is one); [`first_half`]
//! takes what a feed gives, and [`release`] makes a release of it.

pub mod cache;
mod counts;
mod feed;
mod filter;
mod first_half;
mod knowledge;
mod reading;
mod recorded;
mod release;
mod sources;
mod spill;
mod texts;

use std::path::PathBuf;

use crate::error::Error;
use crate::findings::{Report, Severity};

pub use counts::{Counted, Counts};
pub use feed::{Feed, Take, Totals};
pub use filter::{FilterMode, filter};
pub use first_half::{FirstHalf, Tell, extract, first_half, gather, texts};
pub use knowledge::{Gazetteers, countries, schemas};
pub use reading::{Mode, Reading};
pub use recorded::Recorded;
pub use release::{ReleaseOptions, rebuild, run};
pub use sources::{Added, SourceView, add, init, view};
pub use spill::Spill;
pub use texts::Texts;

/// Where a project keeps its things.
#[derive(Clone, Debug)]
pub struct Project {
    pub raw: PathBuf,
    /// Records of earlier runs that are taken in place of the texts in `raw`.
    pub records: Option<PathBuf>,
    /// The folder whose registry applies where `raw` has none.
    pub own_raw: PathBuf,
    pub schemas: PathBuf,
    pub output: PathBuf,
    /// What earlier runs read; none where nothing is to be kept.
    pub cache: Option<PathBuf>,
    /// Where rows wait for which there is no room in memory.
    pub spill: Spill,
}

/// Tells what a stage has done: its name and a line of counts.
pub type Progress<'a> = &'a (dyn Fn(&str, &str) + Sync);

fn refuse_errors(report: &Report) -> Result<(), Error> {
    match report.count(Severity::Error) {
        0 => Ok(()),
        errors => Err(Error::Refused { errors }),
    }
}
