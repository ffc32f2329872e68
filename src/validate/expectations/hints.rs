//! What is missing or too many, by name, so that the reader of a finding need not count.

use std::collections::BTreeSet;

use super::Looked;
use super::measure::{self, Selection};
use crate::model::dataset::{Row, row_id};

/// How many names a hint gives.
const NAMES: usize = 8;

/// What the rows lack or have too many: against the groups through which they take part, else against the last release.
#[must_use]
pub fn differences(looked: &Looked<'_>, selection: &Selection<'_>) -> Option<String> {
    against_groups(looked, selection).or_else(|| against_last_release(looked, selection))
}

fn against_groups(looked: &Looked<'_>, selection: &Selection<'_>) -> Option<String> {
    let day = looked.expectation.as_of?;
    let mut groups = selection.values(looked.schema, "via_group_id");
    groups.extend(looked.expectation.filter.get("via_group_id").map(|value| value.spelling()));
    let reference = &looked.against.schemas.reference;
    let due: BTreeSet<String> = groups.iter().flat_map(|group| reference.members_on(group, day)).map(str::to_owned).collect();
    if due.is_empty() {
        return None;
    }
    let name = |iso3: &String| reference.country(iso3).map_or_else(|| iso3.clone(), |country| country.name.to_string());
    between(&due, &selection.values(looked.schema, "iso3"), name)
}

/// Rows of the last release that the expectation would have looked at, and that are gone.
fn against_last_release(looked: &Looked<'_>, selection: &Selection<'_>) -> Option<String> {
    let before = measure::select(looked.expectation, looked.schema, looked.against.previous?).ok()?;
    let key = looked.schema.key_positions();
    let ids = |selection: &Selection<'_>| selection.rows.iter().map(|row| row_id(row, &key)).collect::<BTreeSet<String>>();
    let (then, now) = (ids(&before), ids(selection));
    let gone: BTreeSet<&String> = then.difference(&now).collect();
    let mut still_there = 0;
    let look = |row: &Row| {
        still_there += usize::from(gone.contains(&row_id(row, &key)));
        Ok(())
    };
    looked.dataset.each(&looked.schema.name, look).ok()?;
    let changed = if still_there > 0 { format!(" ({still_there} of them are there with other values)") } else { String::new() };
    between(&then, &now, String::clone).map(|text| format!("against the last release {text}{changed}"))
}

/// "the list lacks A, B; the list has C, which is not expected": what one set has and the other lacks, by name.
#[must_use]
pub fn between(due: &BTreeSet<String>, found: &BTreeSet<String>, name: impl Fn(&String) -> String) -> Option<String> {
    let only_in = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).map(&name).collect::<Vec<String>>();
    let (lacking, surplus) = (only_in(due, found), only_in(found, due));
    let are = if surplus.len() == 1 { "is" } else { "are" };
    let lacks = (!lacking.is_empty()).then(|| format!("the list lacks {}", spell(&lacking)));
    let has = (!surplus.is_empty()).then(|| format!("the list has {}, which {are} not expected", spell(&surplus)));
    super::join([lacks, has])
}

fn spell(names: &[String]) -> String {
    let shown = names[..names.len().min(NAMES)].join(", ");
    let more = names.len().saturating_sub(NAMES);
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
