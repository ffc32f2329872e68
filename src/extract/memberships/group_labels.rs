//! Group labels: what stands before a list and says which group of parties it is of: `Latin America (19): A, B`, or a line of its own above it.

use std::ops::Range;

use super::is_known;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind};
use crate::model::gazetteer::Tag;

/// Longest name of a part of the world above its states, in tokens.
pub const REGION: usize = 5;

/// Longest label of a group, in tokens, bracket included.
const LABEL: usize = 14;

/// `Latin America (19): A, B`: the label without its bracket, and the list behind it.
pub fn group_label(page: &Page<'_>, range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let Some(colon) = page.colon_in(&(range.start..range.end.min(range.start + LABEL))) else { return group_line(page, range) };
    let (label, value) = (range.start..colon, colon + 1..range.end);
    let bracket = label.clone().find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(label.end);
    let states = parties::list_at(page, value.start, value.end).0.iter().filter(|party| party.kind == Kind::State).count();
    let is_party = parties::party_at(page, label.start, label.end)
        .is_some_and(|party| party.kind == Kind::State || is_known(page, &party) && party.kind != Kind::Group && states < 2);
    // A label before one party alone says what it does, unless it names a sort of states.
    let names_sort = label.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Group(_))).is_some());
    let listed = parties::list_at(page, value.start, value.end).0.len();
    // `Civil society: a network of something (ABC)`
    let one_body = || {
        let party = parties::party_at(page, value.start, value.end).filter(|party| party.end == value.end && party.note.is_some());
        label.len() <= 3 && party.is_some() && label.clone().skip(1).all(|token| !page.is_capital(token)) && label.len() >= 2
    };
    // `Maghreb: A`
    let of_region = || listed == 1 && states == 1 && label.clone().any(|token| page.has(token, Tag::Region));
    let has_list = listed >= 2 || of_region() || listed == 1 && (names_sort || bracket < label.end || one_body());
    let is_label = label.start == range.start && label.start < bracket && bracket - label.start <= 8 && !page.is_in_date(label.start);
    (is_label && !is_party && has_list).then_some((label.start..bracket, value.start..range.end))
}

/// `Northern Coast (4)` above `A, B, C`: a line of a few words in capitals that names nobody, and the states in the lines below it.
fn group_line(page: &Page<'_>, range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let below = page.line_starts_in(range.start + 1..range.end.min(range.start + LABEL)).first().copied()?;
    let line = range.start..below;
    let bracket = line.clone().find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(below);
    let label = line.start..bracket;
    let names_other = |tag: Tag| {
        matches!(
            tag,
            Tag::Country(_) | Tag::City(_) | Tag::Organization(_) | Tag::OrganizationHead(_) | Tag::Group(_) | Tag::Dialogue(_) | Tag::Role(_)
        )
    };
    let is_plain = |token: usize| {
        page.mark(token, names_other).is_none()
            && !page.is_in_date(token)
            && (page.is_capital(token) && page.is_word(token)
                || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::And | Tag::Of | Tag::Article | Tag::Connector)))
    };
    if label.is_empty() || label.len() > REGION || !label.clone().all(is_plain) {
        return None;
    }
    let (found, after) = parties::list_at(page, below, range.end);
    let are_states = found.len() >= 2 && found.iter().all(|party| party.kind == Kind::State);
    let is_whole = after == range.end || after + 1 == range.end && !page.is_word(after);
    // Those who hold a role for a term are no part of the world.
    let is_dated = || page.dates_in(below..range.end).next().is_some();
    (are_states && is_whole && !is_dated()).then_some((label, below..range.end))
}
