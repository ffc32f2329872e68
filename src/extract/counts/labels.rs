//! Counts beside labels: a number in the bracket of a heading, behind a label or in the cell beside it.

use std::ops::Range;

use super::number_at;
use crate::extract::page::Page;
use crate::extract::roles;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// `Number of members: 22`, `Membership | 50 states`: a label with a role, and a number behind it.
pub fn from_labels(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let mut pairs = roles::labels(page, page.range(block));
    if page.block(block).kind == BlockKind::Row {
        let cells: Vec<Range<usize>> = page.cells(block).into_iter().filter(|cell| !cell.is_empty()).collect();
        if let [label, value] = cells.as_slice() {
            pairs.push((label.clone(), value.clone()));
        }
    }
    for (label, value) in pairs {
        let Some(heading) = roles::role_of(page, label).filter(|heading| is_counted(page, heading.role)) else { continue };
        let Some((number, next)) = number_at(page, value.start, value.end + 1).filter(|_| !page.is_in_date(value.start)) else { continue };
        // Nothing but the noun, or the same number in digits, stands behind it.
        let rest = (next..value.end.min(next + 3)).take_while(|&token| !page.gap_before(token).contains('\n'));
        let is_plain =
            |token: usize| !page.is_word(token) || page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::Filler)).is_some();
        if rest.into_iter().all(is_plain) {
            drafts.extend(of_heading(page, (block, None), &heading, number, value.start..value.start + 1));
        }
    }
}

/// Roles whose holders texts count: others come one at a time, or the number is one of persons.
pub fn is_counted(page: &Page<'_>, role: u16) -> bool {
    matches!(page.vocabulary().roles.role[role as usize].role.as_str(), "member" | "observer" | "partner" | "steering_group" | "founding")
}

/// States that are partners of a dialogue are those that take part in it.
pub fn counted_role(page: &Page<'_>, role: u16, party: &str) -> String {
    let name = &page.vocabulary().roles.role[role as usize].role;
    if name == "partner" && party == "state" { "member".to_owned() } else { name.clone() }
}

/// `Member States (25)`, `Members (Total: 49)`, `Observers: 7`.
pub fn from_bracket(page: &Page<'_>, block: usize, heading: &roles::RoleHeading, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    let numbers: Vec<usize> = range.clone().filter(|&token| page.token(token).shape == Shape::Number && !page.is_in_date(token)).collect();
    let [number] = numbers.as_slice() else { return };
    let bracketed = (range.start..*number).any(|token| matches!(page.text(token), "(" | "[" | ":" | "–" | "-"));
    let Some(value) = page.text(*number).parse::<i64>().ok().filter(|value| bracketed && (1..=400).contains(value)) else { return };
    drafts.extend(of_heading(page, (block, None), heading, value, *number..number + 1));
}

/// A count under a heading, of the dialogue that is named or that the block is about.
pub fn of_heading(
    page: &Page<'_>,
    (block, named): (usize, Option<usize>),
    heading: &roles::RoleHeading,
    value: i64,
    number: Range<usize>,
) -> Option<Draft> {
    let subject = named.or(page.subject(block)).filter(|_| value >= 2 && is_counted(page, heading.role))?;
    let dialogue = page.span(&page.dialogues[subject].name);
    let party = if heading.party == Some(PartyNoun::Organization) { "organization" } else { "state" };
    let role = counted_role(page, heading.role, party);
    let mut draft = Draft::new("stated_counts", "stated_counts/heading")
        .with("dialogue", page.value(dialogue), dialogue)
        .with("value", value, page.span(&number))
        .with("role", role, page.span(&heading.words))
        .derived("party", party);
    if let Some(group) = &heading.group {
        draft = draft.with("group", page.value_of(group), page.span(group));
    }
    Some(draft)
}
