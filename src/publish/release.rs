//! Publishing: from the rows of all tables to a release, or to the word that nothing changed.
//!
//! Lock, check the store, compare with the last release, compute the number, write everything aside, check it, rename, point
//! at it. Killed anywhere, the store is the old one or the new one, and the next run needs no hand.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use chrono::NaiveDate;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::cause::{Digests, Moved, explain};
use super::changelog::is_told;
use super::changes::{self, Difference};
use super::descriptor::{About, Making, Previous, Release, SourceCredit, same_description};
use super::disk::{self, Lock, Staging};
use super::folder::{self, OpenRelease, Plan};
use super::labels::Labels;
use super::row_changes::Explained;
use super::rows::{RowSource, unsound};
use super::store::{self, Problems};
use super::tables::{FolderTables, MemoryTables, Tables};
use super::version::{Bump, Decision, Event, Kind, Version, decide};
use super::{changelog, pointers, summary, tombstones};
use crate::error::Error;
use crate::model::dataset::{Dataset, Table, compare};
use crate::model::rows::Shelf;
use crate::model::settings::DatasetSettings;
use crate::model::table::FieldType;
use crate::model::{Cell, TableSchema};

/// What a release is made with besides its rows.
#[derive(Clone, Copy)]
pub struct ReleaseContext<'a> {
    /// The store: the folder of all releases.
    pub output: &'a Path,
    /// All tables in the order of their positions.
    pub schemas: &'a [TableSchema],
    pub settings: &'a DatasetSettings,
    pub date: NaiveDate,
    /// The least bump that is wanted.
    pub bump: Option<Bump>,
    /// Says what would be done and writes nothing.
    pub dry_run: bool,
    pub digests: &'a Digests,
    /// Where rows wait for which there is no room in memory.
    pub shelf: &'a dyn Shelf,
    /// How long to wait for another process that is publishing.
    pub lock_wait: Duration,
    /// Called before each step; an error stops the run there. After [`Step::Committed`] the release exists.
    pub before: &'a dyn Fn(Step) -> Result<(), Error>,
}

impl std::fmt::Debug for ReleaseContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReleaseContext").field("output", &self.output).field("date", &self.date).field("bump", &self.bump).finish_non_exhaustive()
    }
}

/// The steps of publishing, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Before anything is written; again while somebody else has the lock.
    Started,
    Locked,
    Compared,
    /// Before each file.
    Writing,
    Staged,
    Checked,
    Committed,
    Pointed,
}

impl Step {
    pub const ALL: [Self; 8] =
        [Self::Started, Self::Locked, Self::Compared, Self::Writing, Self::Staged, Self::Checked, Self::Committed, Self::Pointed];
}

/// What publishing did.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Nothing differs from this release; nothing was written.
    Identical {
        version: Version,
    },
    Published(Published),
    /// What a run that is not dry would do.
    WouldPublish(Published),
}

/// A release and how it differs from the one before.
#[derive(Clone, Debug)]
pub struct Published {
    pub version: Version,
    pub previous: Option<Version>,
    /// None for the first release.
    pub bump: Option<Bump>,
    pub reason: String,
    pub difference: Difference,
    /// The entry of the changelog.
    pub entry: String,
    /// The difference for whoever reviews it, as Markdown.
    pub summary: String,
}

/// Publishes a data set.
///
/// # Errors
/// `Usage` where a smaller bump is asked for than the difference makes; `Store` where the store is not sound or a row does not fit
/// its table; `Io` where the lock is not had or a file cannot be written. In each case the store is as it was.
pub fn release(dataset: Dataset, context: &ReleaseContext<'_>) -> Result<Outcome, Error> {
    let mut dataset = dataset;
    canonical(&mut dataset, context)?;
    (context.before)(Step::Started)?;
    if context.dry_run {
        return locked(dataset, context);
    }
    let is_new = !context.output.exists();
    disk::make_folder(context.output)?;
    let lock = Lock::take(context.output, context.lock_wait, &|| (context.before)(Step::Started))?;
    let outcome = store::recover(context.output).and_then(|()| locked(dataset, context));
    if outcome.is_err() && is_new {
        disk::remove_if_empty(context.output);
    }
    drop(lock);
    outcome
}

/// Publishes with the lock in hand, or without it where nothing is written.
fn locked(mut dataset: Dataset, context: &ReleaseContext<'_>) -> Result<Outcome, Error> {
    (context.before)(Step::Locked)?;
    let releases = if context.dry_run { store::open_releases(context.output)? } else { store::open_all(context.output)? };
    let previous = releases.last();
    let old = previous.map_or_else(|| FolderTables::none(context.output), OpenRelease::tables);
    tombstones::complete(&mut dataset, context.schemas, &releases)?;
    let new = MemoryTables { dataset: &dataset, schemas: context.schemas };
    let moved = match previous {
        Some(previous) => Moved::between(&old, &previous.release.making.digests, &new, context.digests)?,
        None => Moved::default(),
    };
    let to_write = context.schemas.iter().find(|schema| schema.name == changes::TABLE && !context.dry_run);
    let mut explained = Explained::new(&moved, to_write, context.shelf);
    let mut difference = match previous {
        Some(_) => Difference::taken_by(&old, &new, &mut explained)?,
        None => Difference::from_nothing(&new, summary::CONFLICTS, summary::NAMED_CONFLICTS)?,
    };
    (context.before)(Step::Compared)?;
    let (version, decision) = match previous {
        None => (Version::FIRST, None),
        Some(previous) => {
            explain(&mut difference, &old, &new, &moved)?;
            let Some(decision) = decision(&difference, previous, &dataset, context)? else {
                return Ok(Outcome::Identical { version: previous.version() });
            };
            (previous.version().after(decision.bump), Some(decision))
        }
    };
    // The rows of a first release are told in numbers.
    let schema = |table: &str| new.schema(table).or_else(|| old.schema(table));
    let told: Vec<_> = difference.tables.iter().filter(|table| previous.is_some() && is_told(table, schema(&table.name))).collect();
    let labels = Labels::new(&told, &old, &new)?;
    let bump = decision.as_ref().map(|decision| decision.bump);
    let reason = decision.map_or_else(|| "first release".to_owned(), |decision| decision.reason);
    let entry = changelog::entry(&changelog::Entry {
        version,
        date: context.date,
        bump,
        reason: &reason,
        difference: &difference,
        labels: &labels,
        old: previous.map(|_| &old as &dyn Tables),
        new: &new,
    });
    let summary = summary::render(&difference, &labels, context.schemas, previous.is_none());
    let published = Published { version, previous: previous.map(OpenRelease::version), bump, reason, difference, entry, summary };
    if context.dry_run {
        return Ok(Outcome::WouldPublish(published));
    }
    let changes = previous.map(|_| explained.finish(&published.difference)).transpose()?.unwrap_or_default();
    let unchanged = with_changes(&mut dataset, changes, &published.difference, previous)?;
    write(&releases, &dataset, &unchanged, &published, context)?;
    Ok(Outcome::Published(published))
}

/// The number's bump and reason; none where nothing differs.
fn decision(difference: &Difference, previous: &OpenRelease, dataset: &Dataset, context: &ReleaseContext<'_>) -> Result<Option<Decision>, Error> {
    let mut events = difference.events(&tombstones::withdrawn(dataset, context.schemas));
    if !same_description(&previous.release, &About::new(context.settings), context.schemas) {
        events.push(Event::new(Kind::DescriptorMoved, "", 1));
    }
    let Some(decision) = decide(&events) else { return Ok(None) };
    match context.bump {
        Some(wanted) if wanted < decision.bump => {
            let (least, wanted, reason) = (decision.bump.name(), wanted.name(), &decision.reason);
            Err(Error::Usage(format!("--bump {wanted} is too small: the difference makes it a {least} release ({reason})")))
        }
        Some(wanted) if wanted > decision.bump => {
            Ok(Some(Decision { bump: wanted, reason: format!("{}; raised to {} by hand", decision.reason, wanted.name()) }))
        }
        _ => Ok(Some(decision)),
    }
}

/// Puts the table of changes into the data set and says which tables did not change at all.
fn with_changes(dataset: &mut Dataset, changes: Table, difference: &Difference, previous: Option<&OpenRelease>) -> Result<BTreeSet<String>, Error> {
    let mut unchanged: BTreeSet<String> = difference.tables.iter().filter(|table| !table.moved()).map(|table| table.name.clone()).collect();
    let old = previous.map(OpenRelease::tables);
    if let Some((old, schema)) = old.as_ref().and_then(|old| Some((old, old.schema(changes::TABLE)?)))
        && same_rows(&mut *old.open(schema)?, &mut *changes.open()?)?
    {
        unchanged.insert(changes::TABLE.to_owned());
    }
    dataset.set(changes::TABLE, changes);
    Ok(unchanged)
}

/// Whether two sources have the same rows.
fn same_rows(one: &mut dyn RowSource, other: &mut dyn RowSource) -> Result<bool, Error> {
    loop {
        match (one.advance()?, other.advance()?) {
            (true, true) if one.row() == other.row() => {}
            (is_there, is_too) => return Ok(!is_there && !is_too),
        }
    }
}

/// Writes the release aside, checks it, renames it and points at it.
fn write(
    releases: &[OpenRelease],
    dataset: &Dataset,
    unchanged: &BTreeSet<String>,
    published: &Published,
    context: &ReleaseContext<'_>,
) -> Result<(), Error> {
    let (output, version, previous) = (context.output, published.version, releases.last());
    let about = About::new(context.settings);
    let plan = Plan {
        changelog: changelog::with_history(&about.title, &published.entry, previous.map(OpenRelease::changelog).transpose()?.as_deref()),
        release: Release {
            version,
            date: context.date,
            about,
            sources: credits(dataset, context.schemas)?,
            tables: Vec::new(),
            making: Making {
                digests: context.digests.clone(),
                previous: previous.map(|previous| Previous { version: previous.version().to_string(), sha256sums: previous.sums_sha256.clone() }),
                bump: published.bump,
                reason: published.reason.clone(),
            },
        },
        schemas: context.schemas,
        dataset,
        previous,
        unchanged,
        before_file: &|| (context.before)(Step::Writing),
    };
    let staging = Staging::new(output.join(format!(".staging-{version}")))?;
    folder::write(&staging.folder, plan)?;
    (context.before)(Step::Staged)?;
    let checked = check(&staging.folder, version, previous)?;
    (context.before)(Step::Checked)?;
    let target = output.join(version.to_string());
    staging.commit(&target)?;
    disk::sync_folder(output)?;
    (context.before)(Step::Committed)?;
    let committed = OpenRelease { folder: target, ..checked };
    let all: Vec<OpenRelease> = releases.iter().cloned().chain([committed]).collect();
    pointers::write(output, &pointers::files(&all, &pointers::withdrawn(output)?)?)?;
    (context.before)(Step::Pointed)
}

/// Reads a staged release back and checks it like any other.
fn check(staging: &Path, version: Version, previous: Option<&OpenRelease>) -> Result<OpenRelease, Error> {
    let mut problems = Problems::default();
    let release = store::open(staging, version, &mut problems)?;
    if let Some(release) = &release {
        store::check_tables(release, previous, &mut problems)?;
        if problems.is_empty() {
            store::check_neighbours(previous, release, &mut problems)?;
        }
    }
    problems.into_result(staging)?;
    release.ok_or_else(|| unsound(staging, "no release"))
}

/// Who is to be named for the sources, from the table of sources.
fn credits(dataset: &Dataset, schemas: &[TableSchema]) -> Result<Vec<SourceCredit>, Error> {
    let mut credits = Vec::new();
    let Some(schema) = schemas.iter().find(|schema| schema.name == "sources") else { return Ok(credits) };
    let columns = ["source_id", "title", "publisher", "licence", "url"].map(|column| schema.position_of(column));
    dataset.each("sources", |row| {
        let [source_id, title, publisher, licence, url] = columns.map(|at| at.and_then(|at| row[at].as_text()).map(str::to_owned));
        credits.push(SourceCredit {
            source_id: source_id.unwrap_or_default(),
            title: title.unwrap_or_default(),
            publisher: publisher.unwrap_or_default(),
            licence: licence.unwrap_or_default(),
            url,
        });
        Ok(())
    })?;
    Ok(credits)
}

/// Brings the rows into their one form: NFC, empty as null, whole numbers as numbers where the column says so, sorted. Rows that are not in
/// memory are in order; where one is in another form, their table is brought into memory.
fn canonical(dataset: &mut Dataset, context: &ReleaseContext<'_>) -> Result<(), Error> {
    for schema in context.schemas {
        let path = context.output.join(format!("{}.csv", schema.name));
        let key = schema.key_positions();
        let twice = |row: &[Cell]| unsound(&path, format!("the key \"{}\" stands twice", crate::model::dataset::row_id(row, &key)));
        if dataset.is_stored(&schema.name) && is_canonical(dataset, schema, &path, &twice)? {
            continue;
        }
        dataset.load(&schema.name)?;
        let rows = dataset.rows_mut(&schema.name);
        rows.iter_mut().try_for_each(|row| canonical_row(row, schema, &path))?;
        rows.sort_by(|a, b| compare(a, b, &key));
        if let Some(pair) = rows.windows(2).find(|pair| compare(&pair[0], &pair[1], &key).is_eq()) {
            return Err(twice(&pair[0]));
        }
    }
    Ok(())
}

/// Whether all rows of a table are in their one form.
fn is_canonical(dataset: &Dataset, schema: &TableSchema, path: &Path, twice: &dyn Fn(&[Cell]) -> Error) -> Result<bool, Error> {
    let key = schema.key_positions();
    let mut rows = dataset.open(&schema.name)?;
    let mut before: Vec<Cell> = Vec::new();
    while rows.advance()? {
        let row = rows.row();
        if row.len() != schema.fields.len() || !row.iter().zip(&schema.fields).all(|(cell, field)| is_typed(cell, field.field_type)) {
            let mut own = row.clone();
            canonical_row(&mut own, schema, path)?;
            if own != *row {
                return Ok(false);
            }
        }
        if !before.is_empty() && key.iter().zip(&before).all(|(&at, before)| row[at] == *before) {
            return Err(twice(row));
        }
        before.resize(key.len(), Cell::Null);
        key.iter().zip(&mut before).filter(|(at, before)| row[**at] != **before).for_each(|(at, before)| before.clone_from(&row[*at]));
    }
    Ok(true)
}

fn canonical_row(row: &mut [Cell], schema: &TableSchema, path: &Path) -> Result<(), Error> {
    if row.len() != schema.fields.len() {
        return Err(unsound(path, format!("a row has {} values, the table {} columns", row.len(), schema.fields.len())));
    }
    for (cell, field) in row.iter_mut().zip(&schema.fields) {
        *cell = typed(std::mem::take(cell), field.field_type).map_err(|found| {
            let (shown, name) = (found.spelling(), &field.name);
            unsound(path, format!("\"{shown}\" in column \"{name}\" is no {:?}", field.field_type).to_lowercase())
        })?;
    }
    Ok(())
}

/// Whether a cell is for certain what [`typed`] makes of it.
fn is_typed(cell: &Cell, field_type: FieldType) -> bool {
    match cell {
        Cell::Text(text) => field_type == FieldType::String && !text.is_empty() && text.is_ascii(),
        Cell::Number(value) => field_type == FieldType::Number && value.is_finite(),
        other => field_type.is_of(other),
    }
}

/// The cell in the type of its column; where it has another type, the cell as it was.
fn typed(cell: Cell, field_type: FieldType) -> Result<Cell, Cell> {
    match (cell, field_type) {
        (Cell::Null, _) => Ok(Cell::Null),
        (Cell::Text(text), FieldType::String) => {
            Ok(if text.is_ascii() || is_nfc(&text) { Cell::text(text) } else { Cell::text(text.nfc().collect::<String>()) })
        }
        (Cell::Integer(value), FieldType::Number) => Ok(Cell::Number(value as f64)),
        (Cell::Number(value), FieldType::Number) if value.is_finite() => Ok(Cell::Number(value)),
        (cell @ Cell::Integer(_), FieldType::Integer) | (cell @ Cell::Date(_), FieldType::Date) | (cell @ Cell::Boolean(_), FieldType::Boolean) => {
            Ok(cell)
        }
        (other, _) => Err(other),
    }
}
