//! Counts beside lists: a number that goes with the members that are listed behind or below it.

use std::ops::Range;

use super::{Listed, is_read, number_at, sentence_of};
use crate::extract::page::Page;
use crate::extract::roles;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// A number in brackets or before a colon that goes with a list of members: `Latin America (19): A, B`, `A, B and C (three in all)`.
pub fn beside_lists(page: &Page<'_>, block: usize, members: &[Listed], before: usize, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    let mut rest = range.clone();
    while let Some(at) = page.number_from(&rest) {
        rest.start = at + 1;
        let Some((value, next)) = number_at(page, at, range.end).filter(|_| !page.is_in_date(at)) else { continue };
        if is_read(page, &drafts[before..], at) || next < range.end && page.has(next, Tag::NotCounted) {
            continue;
        }
        if emit_listed(page, block, members, value, at..next, drafts) || emit_below(page, block, members, value, at..next, drafts) {
            continue;
        }
        let Some(open) = (range.start..at).rev().take(4).find(|&token| matches!(page.text(token), "(" | "[")) else {
            // `now has eleven: A, B`
            if next < range.end && page.text(next) == ":" && (at > range.start || page.token(at).shape != Shape::Number) {
                emit_beside(page, block, members, value, at, next..range.end, None, drafts);
            }
            continue;
        };
        let Some(close) = (next..range.end.min(next + 4)).find(|&token| matches!(page.text(token), ")" | "]")) else { continue };
        let is_known =
            |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Filler | Tag::PartyNoun(_) | Tag::Role(_) | Tag::Article));
        let alone = open + 1 == at && close == next;
        let ends_line = close + 1 >= range.end || page.gap_before(close + 1).contains('\n') || page.text(close + 1) == ":";
        if alone && !ends_line {
            continue;
        }
        if !(open + 1..close).filter(|&token| page.is_word(token) && !(at..next).contains(&token)).all(is_known) {
            continue;
        }
        // `(Total: 4)` on a line of its own counts the list above.
        let opens_line = open == range.start || page.gap_before(open).contains('\n');
        if opens_line {
            let cell = page.cells(block).into_iter().find(|cell| cell.contains(&open)).filter(|_| page.block(block).kind == BlockKind::Row);
            let first = cell.map(|cell| cell.start).or_else(|| page.heading(block).map(|heading| page.range(heading).end)).unwrap_or(range.start);
            emit_beside(page, block, members, value, at, first.min(open)..open, None, drafts);
            continue;
        }
        let label = line_start(page, open, range.start)..open;
        // The number in a row is one of delegates, not of the rows below.
        let end = if page.block(block).kind == BlockKind::Row { range.end } else { end_of_list(page, block, close + 1) };
        let behind = emit_beside(page, block, members, value, at, close + 1..end, Some(label), drafts);
        if !behind && !alone {
            emit_beside(page, block, members, value, at, range.start..open, None, drafts);
        }
    }
}

/// How far behind a number its list begins, in tokens.
const REACH: usize = 10;

/// `Nine sending countries take part: A, B ...`, `has six participants: A, B ...`: a number, and exactly as many members listed behind the
/// colon or verb of its sentence.
fn emit_listed(page: &Page<'_>, block: usize, members: &[Listed], value: i64, number: Range<usize>, drafts: &mut Vec<Draft>) -> bool {
    let Some(sentence) = sentence_of(page, block, number.start) else { return false };
    let begins = |token: &usize| page.text(*token) == ":" || page.mark(*token, |tag| tag == Tag::LinkVerb).is_some();
    let Some(start) = (number.end..sentence.end.min(number.end + REACH)).find(begins) else { return false };
    let noun = (number.end..start)
        .find_map(|token| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::RoleLabel(_))))
        .filter(|noun| noun.end <= start);
    let listed = members.iter().filter(|member| (start..sentence.end).contains(&member.at)).count() as i64;
    let Some(noun) = noun.filter(|_| listed == value) else { return false };
    let label = Some(number.end..noun.end).filter(|label| label.start < noun.first);
    emit_beside(page, block, members, value, number.start, start..sentence.end, label, drafts)
}

fn line_start(page: &Page<'_>, at: usize, from: usize) -> usize {
    (from..at).rev().find(|&token| token == from || page.gap_before(token).contains('\n')).unwrap_or(from)
}

/// Where the list that a label opens ends: at the next such label of the block, else with the blocks under it.
fn end_of_list(page: &Page<'_>, block: usize, at: usize) -> usize {
    let range = page.range(block);
    let next_label = (at..range.end).find(|&token| {
        token > at && page.gap_before(token).contains('\n') && (token..range.end.min(token + 12)).any(|later| page.text(later) == ":")
    });
    if let Some(token) = next_label {
        return token;
    }
    if at + 2 < range.end {
        return range.end;
    }
    let level = page.block(block).level;
    let is_below = |below: usize| {
        let other = page.block(below);
        below == block + 1 && other.kind != BlockKind::Heading
            || other.kind == BlockKind::Item && (other.level > level || page.block(block).kind != BlockKind::Item)
    };
    let last = (block + 1..page.blocks.blocks.len()).take_while(|&below| is_below(below)).last().unwrap_or(block);
    page.range(last).end
}

/// Emits a count for the members in a stretch of text, where there are about as many of one role.
#[allow(clippy::too_many_arguments, reason = "the parts of one sentence")]
fn emit_beside(
    page: &Page<'_>,
    block: usize,
    members: &[Listed],
    value: i64,
    number: usize,
    stretch: Range<usize>,
    label: Option<Range<usize>>,
    drafts: &mut Vec<Draft>,
) -> bool {
    let found: Vec<&Listed> = members.iter().filter(|member| stretch.contains(&member.at)).collect();
    // `28 states: A (observer), B, C`: the role of most of them.
    let count_of = |role: &str| found.iter().filter(|other| other.role == role).count();
    let Some(role) = ["partner", "observer", "member"].into_iter().max_by_key(|role| count_of(role)).filter(|role| count_of(role) > 0) else {
        return false;
    };
    let count = count_of(role) as i64;
    if value < 2 || count * 2 < value || count > value * 2 {
        return false;
    }
    let Some(subject) = page.subject(block) else { return false };
    let dialogue = page.span(&page.dialogues[subject].name);
    let span = page.span(&(number..number + 1));
    let mut draft = Draft::new("stated_counts", "stated_counts/list").with("dialogue", page.value(dialogue), dialogue).with("value", value, span);
    let role = if role == "partner" { "member" } else { role };
    let bodies = found.iter().filter(|member| member.is_body).count();
    draft = draft.with("role", role, span).derived("party", if bodies * 2 > found.len() { "organization" } else { "state" });
    // `16 States` says no group.
    let is_noun = |label: &Range<usize>| page.mark(label.start, |tag| matches!(tag, Tag::PartyNoun(_))).is_some_and(|mark| mark.end >= label.end);
    if let Some(label) = label.filter(|label| !label.is_empty() && !is_noun(label) && roles::role_of(page, label.clone()).is_none()) {
        draft = draft.with("group", page.value_of(&label), page.span(&label));
    }
    drafts.push(draft);
    true
}

/// Fewest members below a line that counts them with whatever word.
const BELOW: usize = 5;

/// `The following 28 delegations were present:`, `28 African states` above a list: exactly as many members as the line says.
fn emit_below(page: &Page<'_>, block: usize, members: &[Listed], value: i64, number: Range<usize>, drafts: &mut Vec<Draft>) -> bool {
    let range = page.range(block);
    let last = range.end - 1;
    let leads_in = page.text(last) == ":" && number.end < last;
    let is_heading = page.block(block).kind == BlockKind::Heading && number.start == range.start && number.end < range.end;
    if !leads_in && !is_heading || page.is_in_date(number.start) || value < BELOW as i64 {
        return false;
    }
    let below = page.range(block).end..end_of_list(page, block, range.end);
    let listed = members.iter().filter(|member| below.contains(&member.at)).count() as i64;
    let label = Some(number.end..if leads_in { last } else { range.end }).filter(|_| is_heading);
    listed == value && emit_beside(page, block, members, value, number.start, below, label, drafts)
}
