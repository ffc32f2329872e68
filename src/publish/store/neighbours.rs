//! A release against the one before: the chain of hashes, the changes and the changelog.

use super::Problems;
use crate::error::Error;
use crate::publish::changelog;
use crate::publish::changes::{self, Difference};
use crate::publish::datapackage;
use crate::publish::folder::OpenRelease;
use crate::publish::row_changes::Sum;
use crate::publish::tables::{FolderTables, Tables, csv_path};
use crate::publish::tombstones;
use crate::publish::version::Version;

/// Checks that a release names the one before it and its hash, and that its number follows.
pub fn chain(previous: Option<&OpenRelease>, release: &OpenRelease, problems: &mut Problems) {
    let path = release.folder.join(datapackage::NAME);
    let making = &release.release.making;
    let expected_version = previous.zip(making.bump).map_or(Version::FIRST, |(previous, bump)| previous.version().after(bump));
    if release.version() != expected_version {
        problems.push(&path, format!("is release {}, expected {expected_version}", release.version()));
    }
    let named = making.previous.as_ref().map(|link| (link.version.clone(), link.sha256sums.clone()));
    let there = previous.map(|previous| (previous.version().to_string(), previous.sums_sha256.clone()));
    if named != there {
        problems.push(&path, "the release before it is another than the one it was made from");
    }
}

/// Checks the chain, and that changes and changelog say what differs from the release before.
///
/// # Errors
/// `Io` where a file cannot be read.
pub fn check(previous: Option<&OpenRelease>, release: &OpenRelease, problems: &mut Problems) -> Result<(), Error> {
    chain(previous, release, problems);
    let new = release.tables();
    let mut sum = Sum::default();
    let difference = match previous {
        Some(previous) => Difference::taken_by(&previous.tables(), &new, &mut sum)?,
        // How many rows each table has was compared when the tables were checked.
        None => Difference::in_numbers(release.release.tables.iter().map(|table| (&table.schema, table.rows))),
    };
    changes(previous, &sum, release, &new, problems)?;
    let path = release.folder.join(changelog::NAME);
    let text = release.changelog()?;
    let older = previous.map(OpenRelease::changelog).transpose()?;
    let entries = changelog::entries(&text);
    let entry = match older.as_deref().map(changelog::entries) {
        Some(older) => entries.strip_suffix(older),
        None => Some(entries),
    };
    let Some(entry) = entry else {
        problems.push(&path, "the entries of the release before are not as they were");
        return Ok(());
    };
    if !entry.starts_with(&format!("## [{}] - {}\n", release.version(), release.release.date)) {
        problems.push(&path, "its first entry is not that of its release");
    }
    for table in &difference.tables {
        let line = changelog::count_line(&table.name, &table.counts);
        let said = entry.split_inclusive('\n').filter(|said| said.starts_with(&format!("| {} | ", table.name)));
        let mut said = said.peekable();
        if said.peek().is_none() && (previous.is_none() || table.counts.moved()) {
            problems.push(&path, format!("does not say \"{}\"", line.trim_end()));
        }
        for other in said.filter(|said| *said != line) {
            problems.push(&path, format!("says \"{}\", expected \"{}\"", other.trim_end(), line.trim_end()));
        }
    }
    Ok(())
}

/// The table of changes against the difference. Causes cannot be found again, for they need what the release was made from. Where the sum
/// over all changes is another, both are held side by side to tell what differs.
fn changes(previous: Option<&OpenRelease>, sum: &Sum, release: &OpenRelease, new: &FolderTables, problems: &mut Problems) -> Result<(), Error> {
    let Some(schema) = new.schema(changes::TABLE) else { return Ok(()) };
    let compared = ["table", "row_id", "column", "op", "old", "new"];
    let Some(positions) = compared.iter().map(|column| schema.position_of(column)).collect::<Option<Vec<usize>>>() else { return Ok(()) };
    // Where rows are private their changes are told apart, and none went into the sum.
    if tombstones::private(new)?.is_empty()
        && let Ok(places) = <[usize; 6]>::try_from(positions.as_slice())
        && Sum::of(&mut *new.open(schema)?, places)? == *sum
    {
        return Ok(());
    }
    let difference = previous.map(|previous| Difference::between(&previous.tables(), new)).transpose()?.unwrap_or_default();
    let mut expected = difference.sorted_changes().into_iter();
    let mut rows = new.open(schema)?;
    let path = csv_path(&release.folder, changes::TABLE);
    loop {
        let (there, change) = (rows.advance()?, expected.next());
        match (there, change) {
            (false, None) => return Ok(()),
            (true, Some(change)) => {
                let wanted = change.to_row(schema);
                if positions.iter().all(|&at| rows.row()[at] == wanted[at]) {
                    continue;
                }
                problems.push(&path, format!("does not say that {} of {} {} is {}", change.column, change.table, change.row_id, change.op.name()));
            }
            (false, Some(change)) => problems.push(&path, format!("lacks the change of {} {}", change.table, change.row_id)),
            (true, None) => problems.push(&path, "has changes that did not happen"),
        }
        return Ok(());
    }
}
