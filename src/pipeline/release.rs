//! The release: the second half, from the records of all documents to what is published.

use std::mem::ManuallyDrop;
use std::time::Duration;

use chrono::NaiveDate;

use super::cache::{Inputs, Settled};
use super::counts::Counts;
use super::first_half::{FirstHalf, first_half, texts};
use super::knowledge::schemas;
use super::reading::Mode;
use super::{Progress, Project, refuse_errors};
use crate::error::Error;
use crate::findings::Report;
use crate::model::dataset::{Dataset, Table};
use crate::model::rows::Shelf;
use crate::model::schemas::Schemas;
use crate::publish::{Bump, Digests, Outcome, ReleaseContext, Step};
use crate::{publish, resolve, validate};

/// How a release is to be made.
#[derive(Clone, Copy)]
pub struct ReleaseOptions<'a> {
    pub date: NaiveDate,
    pub bump: Option<Bump>,
    pub dry_run: bool,
    pub lock_wait: Duration,
    /// Where to count what has been read, while it goes on.
    pub counts: Option<&'static Counts>,
    /// Called before each step of publishing; an error stops the run there.
    pub before: &'a dyn Fn(Step) -> Result<(), Error>,
}

impl std::fmt::Debug for ReleaseOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReleaseOptions").field("date", &self.date).field("bump", &self.bump).field("dry_run", &self.dry_run).finish_non_exhaustive()
    }
}

/// All stages. What was found is in the report; an error-severity finding stops the run before anything is written.
///
/// # Errors
/// `Refused` where the report has errors; `Usage`, `Store` and `Io` as [`publish::release`] says.
pub fn run(project: &Project, options: &ReleaseOptions<'_>, progress: Progress<'_>, report: &mut Report) -> Result<Outcome, Error> {
    // To take them apart at the end would be work for nothing: the process ends soon after.
    let schemas = ManuallyDrop::new(schemas(project, report)?);
    let half = first_half(project, &schemas, mode(options), progress, report)?;
    refuse(report, &schemas)?;
    let store = publish::state(&project.output)?;
    let settled = store.as_ref().and_then(|store| settled(project, options, &schemas, &half, &store.digest, report));
    if let (Some(store), Some(settled)) = (store, &settled)
        && settled.is_known()
        && store.is_sound(&project.output)?
        && settled.recall(report)
    {
        progress("resolve", "nothing that goes into the release changed since a run that found it up to date");
        return Ok(Outcome::Identical { version: store.newest });
    }
    let previous = last_rows(project, 0, &schemas)?;
    let dataset = second_half(half, &schemas, &project.spill, previous.as_ref(), options.date, progress, report)?;
    refuse_errors(report)?;
    let outcome = publish::release(dataset, &release_context(project, &schemas, options, &digests(&schemas)))?;
    if let (Some(settled), Outcome::Identical { .. }) = (settled, &outcome) {
        settled.remember(report);
    }
    Ok(outcome)
}

/// What an earlier run with the same inputs may have settled.
fn settled(project: &Project, options: &ReleaseOptions<'_>, schemas: &Schemas, half: &FirstHalf, releases: &str, report: &Report) -> Option<Settled> {
    let (date, output) = (validate::day_that_counts(&schemas.files, options.date), &project.output);
    let inputs = Inputs { schemas, documents: half.inputs?, date, output, releases, report };
    Settled::new(project.cache.as_deref()?, &inputs)
}

fn mode(options: &ReleaseOptions<'_>) -> Mode {
    Mode { counts: options.counts, ..Mode::default() }
}

/// As [`refuse_errors`], for what was found before validation, which is the one to mask what is personal.
fn refuse(report: &mut Report, schemas: &Schemas) -> Result<(), Error> {
    if report.has_errors() {
        validate::mask(schemas, report)?;
    }
    refuse_errors(report)
}

/// What a release is made from, besides its sources.
fn digests(schemas: &Schemas) -> Digests {
    let files = &schemas.files;
    Digests {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        rules: files.digest(|path| path.starts_with("vocabulary/") || path == "ignored.toml"),
        reference: files.digest(|path| path.starts_with("reference/")),
        corrections: files.digest(|path| path == "corrections.toml"),
    }
}

fn release_context<'a>(project: &'a Project, schemas: &'a Schemas, options: &ReleaseOptions<'a>, digests: &'a Digests) -> ReleaseContext<'a> {
    ReleaseContext {
        output: &project.output,
        schemas: &schemas.tables,
        settings: &schemas.settings,
        date: options.date,
        bump: options.bump,
        dry_run: options.dry_run,
        digests,
        shelf: &project.spill,
        lock_wait: options.lock_wait,
        before: options.before,
    }
}

/// Makes the newest release again from its predecessor and the sources, and names the files that differ.
///
/// # Errors
/// As [`run`]; `Usage` where there is no release.
pub fn rebuild(project: &Project, options: &ReleaseOptions<'_>, progress: Progress<'_>, report: &mut Report) -> Result<Vec<String>, Error> {
    let schemas = schemas(project, report)?;
    let half = first_half(project, &schemas, mode(options), progress, report)?;
    refuse(report, &schemas)?;
    let previous = last_rows(project, 1, &schemas)?;
    let dataset = second_half(half, &schemas, &project.spill, previous.as_ref(), options.date, progress, report)?;
    refuse_errors(report)?;
    let scratch = project.output.with_file_name(format!(".rebuild-{}", std::process::id()));
    publish::rebuild(dataset, &release_context(project, &schemas, options, &digests(&schemas)), &scratch)
}

/// The tables of the newest release but `skip` that expectations compare with.
fn last_rows(project: &Project, skip: usize, schemas: &Schemas) -> Result<Option<Dataset>, Error> {
    publish::last_rows(&project.output, skip, &validate::tables_looked_at(&schemas.files), &schemas.tables)
}

/// The second half but for the writing: resolve and validate.
fn second_half(
    half: FirstHalf,
    schemas: &Schemas,
    shelf: &dyn Shelf,
    previous: Option<&Dataset>,
    today: NaiveDate,
    progress: Progress<'_>,
    report: &mut Report,
) -> Result<Dataset, Error> {
    let FirstHalf { bodies, records, sources, coverage, .. } = half;
    let texts = texts(&sources, &bodies, shelf);
    let input = resolve::Input { records: &records, sources: &sources, coverage: &coverage, texts: &texts };
    let mut dataset = resolve::run(input, schemas, shelf, report)?;
    let rows: usize = dataset.tables.values().map(Table::len).sum();
    progress("resolve", &format!("{rows} rows, {} conflicts", dataset.rows("conflicts").len()));
    let withheld = resolve::withheld_values(&records, schemas, shelf)?;
    drop(records);
    validate::run(&mut dataset, &validate::Against { schemas, texts: &texts, withheld: &withheld, previous, today }, report)?;
    shelf.check()?;
    let outcome = schemas.table("checks").and_then(|table| table.position_of("outcome"));
    let passed = dataset.rows("checks").iter().filter(|row| outcome.is_some_and(|at| row[at].as_text() == Some("passed"))).count();
    progress("validate", &format!("{passed} of {} checks passed", dataset.rows("checks").len()));
    Ok(dataset)
}
