//! What is missing or too many, by name, so that the reader of a finding need not count.

use std::collections::BTreeSet;

use super::measure::{self, Selection};
use crate::model::TableSchema;
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::expectations::Expectation;
use crate::validate::Against;

/// How many names a hint gives.
const NAMES: usize = 8;

/// What the rows lack or have too many: against the groups through which they take part, else against the last release.
#[must_use]
pub fn differences(
    expectation: &Expectation,
    schema: &TableSchema,
    selection: &Selection<'_>,
    dataset: &Dataset,
    against: &Against<'_>,
) -> Option<String> {
    against_groups(expectation, schema, selection, against).or_else(|| against_last_release(expectation, schema, selection, dataset, against))
}

fn against_groups(expectation: &Expectation, schema: &TableSchema, selection: &Selection<'_>, against: &Against<'_>) -> Option<String> {
    let day = expectation.as_of?;
    let mut groups = selection.values(schema, "via_group_id");
    groups.extend(expectation.filter.get("via_group_id").map(|value| value.spelling()));
    let found = selection.values(schema, "iso3");
    let reference = &against.schemas.reference;
    let due: BTreeSet<String> = groups.iter().flat_map(|group| reference.members_on(group, day)).map(str::to_owned).collect();
    if due.is_empty() {
        return None;
    }
    let name = |iso3: &String| reference.country(iso3).map_or_else(|| iso3.clone(), |country| country.name.clone());
    between(&due, &found, name)
}

/// Rows of the last release that the expectation would have looked at, and that are gone.
fn against_last_release(
    expectation: &Expectation,
    schema: &TableSchema,
    selection: &Selection<'_>,
    dataset: &Dataset,
    against: &Against<'_>,
) -> Option<String> {
    let previous = against.previous?;
    let before = measure::select(expectation, schema, previous).ok()?;
    let key = schema.key_positions();
    let ids = |rows: &mut dyn Iterator<Item = &Row>| rows.map(|row| row_id(row, &key)).collect::<BTreeSet<String>>();
    let (then, now) = (ids(&mut before.rows.iter().copied()), ids(&mut selection.rows.iter().copied()));
    let everywhere = ids(&mut dataset.rows(&schema.name).iter());
    let still_there = then.difference(&now).filter(|id| everywhere.contains(*id)).count();
    let changed = if still_there > 0 { format!(" ({still_there} of them are there with other values)") } else { String::new() };
    between(&then, &now, String::clone).map(|text| format!("against the last release {text}{changed}"))
}

/// What one set has and the other lacks, by name.
fn between(due: &BTreeSet<String>, found: &BTreeSet<String>, name: impl Fn(&String) -> String) -> Option<String> {
    let lacking: Vec<String> = due.difference(found).map(&name).collect();
    let surplus: Vec<String> = found.difference(due).map(&name).collect();
    lacks_and_has(&lacking.iter().collect::<Vec<_>>(), &surplus.iter().collect::<Vec<_>>())
}

/// "the list lacks A, B" and "the list has C, which is not expected".
#[must_use]
pub fn lacks_and_has(lacking: &[&String], surplus: &[&String]) -> Option<String> {
    let lacks = (!lacking.is_empty()).then(|| format!("the list lacks {}", spell(lacking)));
    let has = (!surplus.is_empty())
        .then(|| format!("the list has {}, which {} not expected", spell(surplus), if surplus.len() == 1 { "is" } else { "are" }));
    super::join([lacks, has])
}

fn spell(names: &[&String]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES).map(|name| name.as_str()).collect();
    let more = names.len().saturating_sub(NAMES);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
