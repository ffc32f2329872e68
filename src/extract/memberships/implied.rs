//! Implied members: a long list of states in a text about one dialogue that says nowhere else who its members are.
//!
//! Pages of this genre often set their members under a heading that names no role ("Who we are", "Southern partners"). Such a list
//! counts where nothing speaks against it: no heading of another kind, no word that says the states are there for another reason.

use std::ops::Range;

use super::emit::emit_list;
use super::group_labels::group_label;
use super::lists::{is_entry, list_parts};
use super::terms::{Term, over_term};
use super::{Role, names_organ};
use crate::extract::list_heads::over_region;
use crate::extract::owners;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind};
use crate::extract::{roles, sections};
use crate::model::gazetteer::{Party, Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Fewest states of such a list.
const STATES: usize = 5;

/// Longest name of a state, in tokens.
const NAME: usize = 6;
/// How far before the colon of a list a word can speak against it, in tokens.
const BEFORE: usize = 16;

/// Emits the members that lists without a role imply.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>) {
    let Some(member) = page.vocabulary().roles.role.iter().position(|role| role.role == "member") else { return };
    let by_wording = drafts.len();
    let mut at = 0;
    while at < page.blocks.blocks.len() {
        let list = list_from(page, at);
        let next = list.end.max(at + 1);
        if !list.is_empty() && names_states(page, &list) {
            let mut parts = parts(page, &list);
            parts.retain(|part| !has_role(page, part));
            if counts(page, &list, &parts, &drafts[..by_wording]) {
                emit(page, member as u16, list, parts, drafts);
            }
        }
        at = next;
    }
}

/// `Partners: A, B` among lines with other labels: a list that says in what role those in it are.
fn has_role(page: &Page<'_>, part: &Range<usize>) -> bool {
    group_label(page, part).is_some_and(|(label, _)| roles::role_of(page, label).is_some())
}

/// The blocks from one on that make one list: items under one parent, or a paragraph.
fn list_from(page: &Page<'_>, at: usize) -> Range<usize> {
    let first = page.block(at);
    match first.kind {
        BlockKind::Paragraph => at..at + 1,
        BlockKind::Item => {
            let is_sibling = |block: usize| {
                page.block(block).kind == BlockKind::Item && page.block(block).level == first.level && page.block(block).heading == first.heading
            };
            let end = (at..page.blocks.blocks.len()).find(|&block| !is_sibling(block)).unwrap_or(page.blocks.blocks.len());
            at..end
        }
        BlockKind::Row => {
            let is_grid = |block: usize| page.block(block).kind == BlockKind::Row && page.cells(block).iter().all(|cell| is_state(page, cell));
            let end = (at..page.blocks.blocks.len()).find(|&block| !is_grid(block)).unwrap_or(page.blocks.blocks.len());
            at..end
        }
        BlockKind::Heading => at..at,
    }
}

/// Whether a cell is the name of a state and nothing else.
fn is_state(page: &Page<'_>, cell: &Range<usize>) -> bool {
    parties::party_at(page, cell.start, cell.end).is_some_and(|party| party.kind == Kind::State && party.name == *cell)
}

/// Whether a list has as many states in it as it needs, whatever else it is.
fn names_states(page: &Page<'_>, list: &Range<usize>) -> bool {
    let named = (list.start..list.end).map(|block| page.range(block)).flat_map(|range| page.tokens.marks_in(range));
    named.filter(|mark| matches!(mark.tag, Tag::Country(_))).take(STATES).count() == STATES
}

/// Whether a list, of which these are the parts, is one of states and nothing speaks against it.
fn counts(page: &Page<'_>, list: &Range<usize>, listed: &[Range<usize>], drafts: &[Draft]) -> bool {
    let (states, others) = listed.iter().fold((0, 0), |(states, others), part| {
        let range = group_label(page, part).map_or_else(|| part.clone(), |(_, value)| value);
        let (found, after) = parties::list_at(page, over_term(page, range.start, range.end), range.end);
        let named = found.iter().filter(|party| party.kind == Kind::State).count();
        let words = (after..range.end).filter(|&token| page.is_word(token) && !page.is_in_date(token)).count();
        (states + named, others + found.len() - named + words)
    });
    if states < STATES || others > states {
        return false;
    }
    let refuse = |why: &'static str| {
        page.refuse("memberships/implied", &page.range(list.start), why);
        false
    };
    let Some(dialogue) = subject_of(page, list, listed) else { return refuse("the text is about no dialogue here") };
    let last = listed.last().map_or(page.range(list.start).end, |part| part.end);
    // Of a list behind a colon the words right before it count, as far as its sentence goes.
    let begins =
        |at: usize| page.sentences(page.range(list.start)).into_iter().rev().find(|sentence| sentence.start <= at).map(|sentence| sentence.start);
    let first = listed.first().map_or(0, |part| part.start.saturating_sub(BEFORE).max(begins(part.start).unwrap_or_default()));
    let first = first.max(page.range(list.start).start);
    let span = page.span(&(first..last));
    let opens_inside = listed.first().is_some_and(|part| part.start > page.range(list.start).start);
    let words = if opens_inside { first..listed[0].start } else { first..last };
    let is_read = drafts
        .iter()
        .filter(|draft| draft.table == "memberships")
        .any(|draft| draft.spans("member_name").iter().any(|name| name.start >= span.start && name.end <= span.end));
    let name = page.value(page.span(&page.dialogues[dialogue].name));
    let said = drafts
        .iter()
        .filter(|draft| draft.table == "memberships" && draft.text("role") == Some("member") && draft.text("dialogue") == Some(name.as_str()))
        .count();
    if is_read || said * 2 >= states {
        return refuse("the text says elsewhere who the members are");
    }
    !speaks_against(page, list, words) || refuse("its heading or a word beside it speaks against it")
}

/// The dialogue that a list is of: that of the section, else the one named last before it in its paragraph.
fn subject_of(page: &Page<'_>, list: &Range<usize>, listed: &[Range<usize>]) -> Option<usize> {
    let range = page.range(list.start);
    let first = || listed.first().map_or(range.start, |part| part.start);
    let only = || owners::last_named(page, range.start).filter(|_| page.dialogues.len() == 1);
    page.subject(list.start).or_else(|| super::named_before(page, range.start, first())).or_else(only)
}

/// A heading of another kind above, or a word near the list that gives the states another reason to be there.
fn speaks_against(page: &Page<'_>, list: &Range<usize>, words: Range<usize>) -> bool {
    // `Ten governments took part: A, B`: what counts them stands closer than the heading.
    let counts_states = page.any_begins(&words, |tag| matches!(tag, Tag::PartyNoun(Party::State)))
        && words
            .clone()
            .any(|token| page.token(token).shape == Shape::Number || page.any_begins(&(token..token + 1), |tag| matches!(tag, Tag::Cardinal(_))));
    let of_another_kind = !counts_states
        && sections::section(page, list.start).is_some_and(|(above, section)| section.reads != Reads::Nothing && !heads_columns(page, above));
    let says_other = |range: Range<usize>| {
        // A note in brackets is said of one of them.
        let counts = |token: &usize| !in_state(page, *token) && !roles::is_in_bracket(page, range.start, *token);
        range.clone().filter(counts).any(|token| {
            page.mark(token, |tag| matches!(tag, Tag::Elsewhere | Tag::Negation | Tag::Funded | Tag::FundedBy | Tag::ProgrammeHead)).is_some()
        })
    };
    // `Countries: A, B, C`: a list with a label of its own needs no other.
    let is_labelled = group_label(page, &page.range(list.start)).is_some_and(|(label, _)| roles::of_states(page, &label).is_some());
    let before = list
        .start
        .checked_sub(1)
        .filter(|&before| {
            !is_labelled
                && (page.block(before).kind != BlockKind::Item || page.block(list.start).kind == BlockKind::Row)
                && !heads_columns(page, before)
        })
        .map(|before| page.range(before));
    let introductions = || page.introductions(list.start).filter(|above| !heads_columns(page, *above));
    let near = introductions().take(2).map(|above| page.range(above)).chain(before).chain([words]);
    let other_role = || introductions().any(|above| roles::role_of(page, page.range(above)).is_some() || names_organ(page, &page.range(above)));
    of_another_kind || near.into_iter().any(says_other) || other_role()
}

/// Fewest roles and sections that a line of column heads names.
const HEADS: usize = 3;

/// Whether a heading is what came out of the heads of a table: it names several roles and sections, and speaks for none of the cells.
fn heads_columns(page: &Page<'_>, block: usize) -> bool {
    let is_head = |tag: Tag| matches!(tag, Tag::Role(_) | Tag::Heading(_));
    let mut next = page.range(block).start;
    let (mut heads, end) = (0, page.range(block).end);
    while next < end {
        match page.mark(next, is_head).filter(|mark| mark.end <= end) {
            Some(mark) => {
                heads += 1;
                next = mark.end;
            }
            None => next += 1,
        }
    }
    heads >= HEADS
}

/// Whether a token is part of the name of a state: the `former` in one says nothing.
fn in_state(page: &Page<'_>, token: usize) -> bool {
    (token.saturating_sub(NAME)..=token).any(|first| page.tokens.marks_at(first).any(|mark| matches!(mark.tag, Tag::Country(_)) && mark.end > token))
}

fn parts(page: &Page<'_>, list: &Range<usize>) -> Vec<Range<usize>> {
    if page.block(list.start).kind == BlockKind::Paragraph {
        let remarked = remarked_lines(page, list.start);
        if !remarked.is_empty() {
            return remarked;
        }
        let run = leading_run(page, list.start).map(|run| vec![run]);
        let run = run.or_else(|| runs_behind_colons(page, list.start)).or_else(|| run_of_lines(page, list.start).map(|run| vec![run]));
        return run.unwrap_or_else(|| list_parts(page, list.start));
    }
    if page.block(list.start).kind == BlockKind::Row {
        return list.clone().flat_map(|block| page.cells(block)).collect();
    }
    list.clone().map(|block| page.range(block)).filter(|range| is_entry(page, range) || group_label(page, range).is_some()).collect()
}

/// `A – Ministry of the Sea`, line by line: the states, where nearly every line is one with a remark behind a dash.
fn remarked_lines(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let lines = page.lines(block);
    let state = |line: &Range<usize>| {
        let party = parties::party_at(page, line.start, line.end).filter(|party| party.kind == Kind::State && party.name.start == line.start)?;
        let is_remarked = party.end < line.end && matches!(page.text(party.end), "–" | "—" | "-");
        // Who does not take part says so at the end of the line.
        let is_out = (party.end..line.end).any(|token| page.has(token, Tag::Negation));
        is_remarked.then_some(if is_out { line.start..line.start } else { line.start..party.end })
    };
    // Running text has enough other lines long before its end.
    let is_running = || lines.iter().filter(|line| state(line).is_none()).nth(lines.len() / 5).is_some();
    if lines.len() < STATES || is_running() {
        return Vec::new();
    }
    let states: Vec<Range<usize>> = lines.iter().filter_map(state).collect();
    if states.len() < STATES { Vec::new() } else { states.into_iter().filter(|state| !state.is_empty()).collect() }
}

/// Fewest states of a run in the middle of a paragraph.
const RUN: usize = 10;

/// Many states that begin on a line of their own and end with one: a cell of an overview that came out line by line.
fn run_of_lines(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
    let end = page.range(block).end;
    page.lines(block).into_iter().find_map(|line| {
        let first = over_term(page, line.start, line.end);
        // The year of the cell before: `1991 A, B`.
        let first = first + usize::from(page.token(first.min(line.end - 1)).shape == Shape::Number);
        page.mark(first.min(line.end - 1), |tag| matches!(tag, Tag::Country(_)))?;
        let (found, after) = parties::list_at(page, first, end);
        let is_run = found.len() >= RUN && found.iter().all(|party| party.kind == Kind::State);
        let ends_line = after == end || page.gap_before(after).contains('\n') || page.text(after) == "(";
        (is_run && ends_line).then_some(first..after)
    })
}

/// The states that a sentence lists behind its colon, up to its end; and those of the next one for another part of the world: `For the
/// northern shore: A, B. For the southern shore: C, D.`
fn runs_behind_colons(page: &Page<'_>, block: usize) -> Option<Vec<Range<usize>>> {
    let run = |sentence: &Range<usize>| {
        let colon = page.colon_in(sentence)?;
        let (found, after) = parties::list_at(page, colon + 1, sentence.end);
        let are_states = !found.is_empty() && found.iter().all(|party| party.kind == Kind::State);
        (are_states && after + 1 >= sentence.end).then_some((found.len(), colon + 1..after))
    };
    // The first word of a sentence has a capital, whatever it is.
    let is_of_region = |sentence: &Range<usize>| (sentence.start..=sentence.start + 1).any(|first| over_region(page, first, sentence.end).is_some());
    let sentences = page.sentences(page.range(block));
    let at =
        sentences.iter().position(|sentence| run(sentence).is_some_and(|(states, _)| states >= STATES || states >= 2 && is_of_region(sentence)))?;
    let (states, first) = run(&sentences[at])?;
    let others = sentences[at + 1..].iter().take_while(|sentence| is_of_region(sentence)).filter_map(run);
    let (mut all, mut runs) = (states, vec![first]);
    for (states, run) in others.filter(|_| is_of_region(&sentences[at])) {
        all += states;
        runs.push(run);
    }
    (all >= STATES).then_some(runs)
}

/// The states that a paragraph begins with, where a bracket ends them: `A, B, C, D and E (the participating States)`.
fn leading_run(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
    let range = page.range(block);
    let first = over_term(page, range.start, range.end);
    let (found, after) = parties::list_at(page, first, range.end);
    let states = found.iter().filter(|party| party.kind == Kind::State).count();
    let last_note = found.last().and_then(|party| party.note.clone());
    let ends = last_note.is_some() || after < range.end && page.text(after) == "(";
    (states >= STATES && states == found.len() && after < range.end && ends).then_some(first..after)
}

fn emit(page: &Page<'_>, member: u16, list: Range<usize>, listed: Vec<Range<usize>>, drafts: &mut Vec<Draft>) {
    // The words that stand for the role: the heading above, else the name of the dialogue.
    let above = page.introductions(list.start).next().map(|above| page.range(above));
    let dialogue = subject_of(page, &list, &listed);
    let named = dialogue.map(|dialogue| page.dialogues[dialogue].name.clone());
    let Some(words) = above.or(named).filter(|words| !words.is_empty()) else { return };
    let span = page.span(&words);
    let role =
        Role { name: page.vocabulary().roles.role[member as usize].role.clone(), words: span, text: page.value(span), group: None, party: None };
    for part in listed {
        let (group, range) = group_label(page, &part).map_or((None, part), |(label, value)| (Some(label), value));
        let role = Role { group, ..role.clone() };
        emit_list(page, dialogue, &role, range, Term::default(), "memberships/implied", drafts);
    }
}
