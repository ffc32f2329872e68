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
        further(page, block, &heading, next..value.end, drafts);
        // Nothing but the noun, or the same number in digits, stands behind it.
        let rest = (next..value.end.min(next + 3)).take_while(|&token| !page.gap_before(token).contains('\n'));
        let is_plain =
            |token: usize| !page.is_word(token) || page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::Filler)).is_some();
        if rest.into_iter().all(is_plain) {
            drafts.extend(of_heading(page, (block, None), &heading, number, value.start..value.start + 1));
        }
    }
}

/// `Members: 16 States, 3 organizations`: further counts behind the first, with other nouns.
fn further(page: &Page<'_>, block: usize, heading: &roles::RoleHeading, rest: Range<usize>, drafts: &mut Vec<Draft>) {
    let noun = |at: usize| page.mark(at, |tag| matches!(tag, Tag::PartyNoun(_))).filter(|mark| mark.end <= rest.end);
    let Some(mut next) = noun(rest.start).filter(|_| rest.start < rest.end).map(|mark| mark.end) else { return };
    while next + 1 < rest.end && (page.text(next) == "," || page.text(next) == ";" || page.has(next, Tag::And)) {
        let Some((number, behind)) = number_at(page, next + 1, rest.end) else { return };
        let Some(mark) = noun(behind) else { return };
        let Tag::PartyNoun(party) = mark.tag else { return };
        let heading = roles::RoleHeading { party: Some(party), group: None, ..heading.clone() };
        drafts.extend(of_heading(page, (block, None), &heading, number, next + 1..next + 2));
        next = mark.end;
    }
}

/// `Number of Member States`, and the number alone on the line or in the block below.
pub fn below_label(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    let number = |line: &Range<usize>| {
        let (value, next) = number_at(page, line.start, line.end + 1).filter(|_| !page.is_in_date(line.start))?;
        (next == line.end).then_some((value, line.clone()))
    };
    let lines = page.lines(block);
    let above = |at: usize| match at {
        0 => block.checked_sub(1).map(|above| page.range(above)).filter(|_| range.len() == 1),
        _ => Some(lines[at - 1].clone()),
    };
    for at in 0..lines.len() {
        let Some((value, line)) = number(&lines[at]) else { continue };
        // `2 / partner organizations / 4 / observers`: numbers above their labels.
        if at >= 2 && number(&lines[at - 2]).is_some() {
            continue;
        }
        let heading = above(at).filter(|label| label.len() <= LABEL && label.len() >= 2).and_then(|label| roles::role_of(page, label));
        if let Some(heading) = heading.filter(|heading| is_counted(page, heading.role)) {
            drafts.extend(of_heading(page, (block, None), &heading, value, line));
        }
    }
}

/// Longest label of a number below it, in tokens.
const LABEL: usize = 6;

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
