//! Attendance: sentences that name those who came and, behind a break, those who came as something else.
//!
//! `Delegations of A and B attended, as well as C and D as observers`; `Participants came from A; B took part as observer`; `attended by A and,
//! as observers, B`. In: a list in which such sentences run together. Out: the part of it that a role is said of.

use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::model::gazetteer::Tag;

use super::is_known;

/// How far behind its list a role stands, in tokens.
const BEHIND: usize = 7;

/// Those behind the last break of a list that has an introduction of its own before it: a role behind the list is theirs.
#[must_use]
pub fn behind_break(page: &Page<'_>, from: usize, found: Vec<Mention>) -> Vec<Mention> {
    let Some(first) = first_behind(page, &found) else { return found };
    let introduces = |tag: Tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_) | Tag::LinkVerb | Tag::Delegates | Tag::Met);
    let is_introduced = (from..found[0].name.start).any(|token| page.mark(token, introduces).is_some());
    if is_introduced { found[first..].to_vec() } else { found }
}

/// Those before the last break of a list behind which another role stands.
#[must_use]
pub fn before_break(page: &Page<'_>, end: usize, mut found: Vec<Mention>) -> Vec<Mention> {
    let behind = found.last().map_or(end, |last| last.end);
    let is_role_behind = |phrase: u16| page.vocabulary().roles.phrase[usize::from(phrase)].party_comes_first();
    let gives = |tag: Tag| tag == Tag::As || matches!(tag, Tag::Phrase(phrase) if is_role_behind(phrase));
    if let Some(first) = first_behind(page, &found).filter(|_| (behind..end.min(behind + BEHIND)).any(|token| page.mark(token, gives).is_some())) {
        found.truncate(first);
    }
    found
}

/// `A and, as observers, B`: whether a role between commas is that of those behind it.
#[must_use]
pub fn announces(page: &Page<'_>, sign: usize, behind: usize, end: usize) -> bool {
    let joins = sign >= 2 && page.text(sign - 1) == "," && page.has(sign - 2, Tag::And);
    let party = || parties::party_at(page, behind + 1, end).filter(|party| party.kind != Kind::Organization || is_known(page, party));
    joins && behind + 1 < end && page.text(behind) == "," && party().is_some()
}

/// How far before a list its break stands, articles and prepositions between, in tokens.
const BEFORE: usize = 4;

/// `as well as A and B`: whether a list stands right behind a break.
#[must_use]
pub fn follows_break(page: &Page<'_>, found: &[Mention]) -> bool {
    let Some(first) = found.first().map(|party| party.name.start) else { return false };
    (first.saturating_sub(BEFORE)..first).any(|token| is_break(page, token))
}

fn is_break(page: &Page<'_>, token: usize) -> bool {
    page.text(token) == ";" || page.mark(token, |tag| tag == Tag::And).is_some_and(|and| and.end >= token + 2)
}

/// The first party behind the last `;` or `as well as` of a list.
fn first_behind(page: &Page<'_>, found: &[Mention]) -> Option<usize> {
    (1..found.len()).rev().find(|&at| (found[at - 1].end..found[at].name.start).any(|token| is_break(page, token)))
}
