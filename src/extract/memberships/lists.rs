//! Lists: items and lines under a heading or lead-in with a role, and which stretches of a block are entries of such a list.

use std::ops::Range;

use super::bodies;
use super::emit::{are_codes, coded_lines, emit_list, emit_named};
use super::terms::{Term, over_term, split_terms};
use super::{Role, is_known, looks_like_body, role_by_turns};
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::roles;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::tokens::Mark;

/// Lists that have ended: prose behind a list closes it, and what comes further down under the same heading is no part of it.
#[derive(Debug, Default)]
pub struct Lists {
    open: Option<usize>,
    closed: Option<usize>,
}

/// Longest paragraph that can stand between two parts of a list, in words.
const ASIDE: usize = 8;

impl Lists {
    pub fn is_closed(&self, page: &Page<'_>, block: usize) -> bool {
        let heading = page.heading(block);
        heading.is_some() && self.closed == heading && page.introductions(block).next() == heading
    }

    pub fn note(&mut self, page: &Page<'_>, block: usize, is_list: bool) {
        let heading = page.heading(block);
        let range = page.range(block);
        if is_list {
            self.open = heading;
        } else if heading.is_some() && self.open == heading && page.block(block).kind == BlockKind::Paragraph {
            let words = range.clone().filter(|&token| page.is_word(token)).count();
            let is_prose = words > ASIDE && matches!(page.text(range.end - 1), "." | ":" | ";");
            if is_prose {
                self.closed = heading;
            }
        }
    }
}

/// Items and lines under a heading or lead-in with a role.
pub fn from_list(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let Some(heading) = roles::governing_role(page, block) else {
        return page.refuse("memberships/list", &page.range(block), "no heading and no lead-in above gives a role");
    };
    let role = Role::of_heading(page, &heading);
    match page.block(block).kind {
        BlockKind::Item => {
            let parts = if is_prose(page, block) { list_parts(page, block) } else { item_parts(page, block) };
            for part in parts {
                emit_labelled(page, block, &role, part, "memberships/list", drafts);
            }
        }
        BlockKind::Paragraph => {
            let role = role_by_turns(page, block).unwrap_or(role);
            let mut is_read = false;
            if heads_bodies(page, block) {
                return page.refuse("memberships/lines", &page.range(block), "it says which state the bodies below it are of");
            }
            for (state, names) in bodies::under_states(page, block).into_iter().flatten() {
                let role = Role { group: Some(state), party: None, ..role.clone() };
                emit_named(page, page.subject(block), &role, names, "memberships/lines", drafts);
                is_read = true;
            }
            if is_read {
                return;
            }
            if let Some(names) = bodies::of_lines(page, block).filter(|_| !role.goes_round()) {
                return emit_named(page, page.subject(block), &role, names, "memberships/lines", drafts);
            }
            let parts = list_parts(page, block);
            if parts.is_empty() {
                page.refuse("memberships/lines", &page.range(block), "it is no list of parties");
            }
            for part in parts {
                emit_labelled(page, block, &role, part, "memberships/lines", drafts);
            }
        }
        BlockKind::Heading | BlockKind::Row => {}
    }
}

/// The list in the lines of a paragraph before one that begins with a label of its own.
pub fn before_label(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    let labels = roles::labels(page, range.clone());
    let Some((label, _)) = labels.iter().find(|(label, _)| roles::role_of(page, label.clone()).is_some()) else { return };
    let list = range.start..label.start;
    let begins_line = label.start > range.start && page.gap_before(label.start).contains('\n');
    let (found, after) = parties::list_at(page, list.start, list.end);
    let is_dated = |party: &Mention| party.note.as_ref().is_some_and(|note| page.is_in_date(note.start));
    if page.block(block).kind != BlockKind::Paragraph
        || found.is_empty()
        || !begins_line
        || found.len() < PARTIES && !found.iter().all(is_dated)
        || after != list.end
    {
        return;
    }
    if let Some(heading) = roles::governing_role(page, block) {
        emit_list(page, page.subject(block), &Role::of_heading(page, &heading), list, Term::default(), "memberships/lines", drafts);
    }
}

/// Fewest parties of such a list.
const PARTIES: usize = 3;

/// An item of several sentences: an answer or a point of minutes, not a name.
pub fn is_prose(page: &Page<'_>, block: usize) -> bool {
    page.block(block).kind == BlockKind::Item && page.range(block).len() >= SENTENCES && page.sentences(page.range(block)).len() >= 2
}

/// Shortest item of several sentences, in tokens.
const SENTENCES: usize = 12;

/// An item up to a wide gap, behind which it says more of its party; each part of its own where all are parties.
fn item_parts(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let cells = page.cells(block);
    if cells.len() < 2 || page.range(block).any(|token| page.text(token) == "|") {
        return vec![page.range(block)];
    }
    if cells.iter().all(|cell| is_entry(page, cell)) { cells } else { cells.into_iter().take(1).collect() }
}

/// `A: ABC, DEF (observer)`: the state of some bodies, and the bodies; an office of the state speaks for the state.
fn bodies_of_state(page: &Page<'_>, range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let state = parties::party_at(page, range.start, range.end).filter(|party| party.kind == Kind::State && party.note.is_none())?;
    let value = state.end + 1..range.end;
    let found = (state.end < range.end && page.text(state.end) == ":").then(|| parties::list_at(page, value.start, value.end).0)?;
    let is_named = |party: &Mention| looks_like_body(page, party) || page.token(party.name.start).shape == Shape::Upper;
    let is_body = |party: &Mention| party.kind == Kind::Organization && is_named(party) && !begins_office(page, party.name.start);
    (!found.is_empty() && found.iter().all(is_body)).then_some((state.name, value))
}

/// A state on a line of its own, and below it items that are none: it says where they are.
fn heads_bodies(page: &Page<'_>, block: usize) -> bool {
    let is_state = |range: &Range<usize>| parties::party_at(page, range.start, range.end).is_some_and(|party| party.kind == Kind::State);
    let below = page.blocks.blocks.get(block + 1).is_some_and(|next| next.kind == BlockKind::Item && !next.after_blank);
    let last = page.lines(block).pop().filter(|line| below && is_state(line) && line.len() <= STATE);
    last.is_some() && page.lines(block).len() <= 2 && !is_state(&page.range(block + 1))
}

/// Longest name of a state, in tokens.
const STATE: usize = 6;

/// A list, perhaps behind a label that says which group of parties it is.
fn emit_labelled(page: &Page<'_>, block: usize, role: &Role, range: Range<usize>, rule: &'static str, drafts: &mut Vec<Draft>) {
    let dialogue = page.subject(block);
    if let Some((state, bodies)) = bodies_of_state(page, &range) {
        let role = Role { group: Some(state), ..role.clone() };
        return emit_list(page, dialogue, &role, bodies, Term::default(), rule, drafts);
    }
    match group_label(page, &range) {
        Some((label, value)) => {
            // `Sub-Saharan observer states: A, B`: a role in the label goes before that of the heading.
            let own = label.clone().find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Role(_)))).filter(|mark| mark.end <= label.end);
            let own = own.and_then(|mark| match mark.tag {
                Tag::Role(index) => Some(Role { name: page.vocabulary().roles.role[index as usize].role.clone(), ..role.clone() }),
                _ => None,
            });
            let role = Role { group: Some(label), ..own.unwrap_or_else(|| role.clone()) };
            emit_list(page, dialogue, &role, value, Term::default(), rule, drafts);
        }
        None => emit_list(page, dialogue, role, range, Term::default(), rule, drafts),
    }
}

/// Longest label of a group, in tokens, bracket included.
const LABEL: usize = 14;

/// `Latin America (19): A, B`: the label without its bracket, and the list behind it.
pub fn group_label(page: &Page<'_>, range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let colon = page.colon_in(&(range.start..range.end.min(range.start + LABEL)))?;
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
    let has_list = listed >= 2 || listed == 1 && (names_sort || bracket < label.end || one_body());
    let is_label = label.start == range.start && label.start < bracket && bracket - label.start <= 8 && !page.is_in_date(label.start);
    (is_label && !is_party && has_list).then_some((label.start..bracket, value.start..range.end))
}

/// Longest name of a part of the world above such lines, in tokens.
const REGION: usize = 5;
/// Fewest labels of such a paragraph.
const LABELS: usize = 2;

/// Lines that begin with a label, each with the lines that go on with its list.
fn labelled_lines(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    if page.label_signs_in(&page.range(block)).len() < LABELS {
        return Vec::new();
    }
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut labels = 0;
    let lines = page.lines(block);
    // `A: X; B: Y` on one line.
    let lines = if lines.len() == 1 { split_terms(page, page.range(block)) } else { lines };
    let is_region = |line: &Range<usize>| line.len() <= REGION && line.clone().any(|token| page.has(token, Tag::Region));
    for line in lines.into_iter().skip_while(is_region) {
        let is_labelled = group_label(page, &line).is_some() || bodies_of_state(page, &line).is_some();
        labels += usize::from(is_labelled);
        match parts.last_mut().filter(|_| !is_labelled) {
            Some(last) => last.end = line.end,
            None => parts.push(line),
        }
    }
    if labels >= LABELS { parts } else { Vec::new() }
}

/// Fewest parts with a date.
const DATED: usize = 3;

/// `A, 2012; B, 2013`: the parts between semicolons where most are a party with a date.
fn dated_parts(page: &Page<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let parts = split_terms(page, range);
    if parts.len() < DATED {
        return Vec::new();
    }
    let is_dated = |part: &&Range<usize>| {
        let start = over_term(page, part.start, part.end);
        let has_party = parties::party_at(page, start, part.end).is_some_and(|party| party.kind != Kind::Organization || is_known(page, &party));
        has_party && page.dates_in((*part).clone()).next().is_some()
    };
    let dated = parts.iter().filter(is_dated).count();
    if dated >= DATED && dated * 3 >= parts.len() * 2 { parts } else { Vec::new() }
}

/// Lines that are states and nothing else, between lines about their delegations.
fn states_between(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let is_state = |line: &Range<usize>| {
        parties::party_at(page, line.start, line.end)
            .is_some_and(|party| party.kind == Kind::State && party.end == line.end && party.name.start == line.start)
    };
    let lines = page.lines(block);
    if !lines.first().is_some_and(is_state) {
        return Vec::new();
    }
    let states: Vec<Range<usize>> = lines.iter().filter(|line| is_state(line)).cloned().collect();
    if states.len() >= 3 && states.len() * 4 >= lines.len() { states } else { Vec::new() }
}

/// Fewest lines about the offices of states that make a list one of delegations.
const OFFICES: usize = 2;

/// Whether a block has lines that are offices of a state: what stands between states is no party of its own.
fn lists_offices(page: &Page<'_>, block: usize) -> bool {
    page.lines(block).into_iter().filter(|line| begins_office(page, line.start)).count() >= OFFICES
}

/// Whether the name of an office of a government begins at a token: `Ministry of ...`.
pub fn begins_office(page: &Page<'_>, token: usize) -> bool {
    let head = page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_)));
    let kinds = &page.vocabulary().names.organization;
    head.is_some_and(|mark| matches!(mark.tag, Tag::OrganizationHead(kind) if kinds[kind as usize].kind == "government_body"))
}

/// The parts of a paragraph that are lists: lines that are parties of their own, else sentences that are names or begin with some.
pub fn list_parts(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    if are_codes(page, page.range(block)).is_some() {
        return vec![page.range(block)];
    }
    if let Some(lines) = coded_lines(page, block) {
        return lines;
    }
    let dated = dated_parts(page, page.range(block));
    if !dated.is_empty() {
        return dated;
    }
    let labelled = labelled_lines(page, block);
    if !labelled.is_empty() {
        return labelled;
    }
    let states = states_between(page, block);
    if !states.is_empty() && lists_offices(page, block) {
        return states;
    }
    let lines = lines_or_whole(page, block);
    let value = group_label(page, &page.range(block)).map_or(page.range(block), |(_, value)| value);
    if lines.len() > 1 || is_list_of_parties(page, value) {
        return lines;
    }
    if !states.is_empty() {
        return states;
    }
    let is_list = |sentence: &Range<usize>| {
        let begins_with_known = || {
            let (found, after) = parties::list_at(page, over_term(page, sentence.start, sentence.end), sentence.end);
            // `A, B and C have been invited`: what the sentence says of them is for its verb to tell.
            let has_verb = after < sentence.end && page.token(after).shape == Shape::Lower && page.mark(after, |tag| tag == Tag::LinkVerb).is_some();
            found.len() >= 3 && !has_verb && found.iter().all(|party| party.kind != Kind::Organization || is_known(page, party))
        };
        is_list_of_parties(page, sentence.clone()) || begins_with_known()
    };
    // `Five countries of the coast: A, B and C; the list is revised each year`
    let goes_on = |list: &Range<usize>, sentence: &Range<usize>| list.end + 1 < sentence.end;
    let listed = |sentence: Range<usize>| match behind_colon(page, &sentence) {
        Some(list) if goes_on(&list, &sentence) => Some(list),
        list if !is_list(&sentence) => list,
        _ => Some(sentence),
    };
    page.sentences(page.range(block)).into_iter().filter_map(listed).collect()
}

/// Fewest states of a list behind a colon.
const BEHIND_COLON: usize = 3;

/// `None is permanent. Invited to meetings: A, B and C`: the states behind the colon of a sentence.
fn behind_colon(page: &Page<'_>, sentence: &Range<usize>) -> Option<Range<usize>> {
    let colon = page.colon_in(sentence)?;
    let (found, after) = parties::list_at(page, colon + 1, sentence.end);
    let is_list = found.len() >= BEHIND_COLON && found.iter().all(|party| party.kind == Kind::State);
    is_list.then_some(colon + 1..after)
}

/// The lines of a block where most are a party of their own, names that run over two lines joined and furniture left out; else the block
/// as one list.
fn lines_or_whole(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let lines = page.lines(block);
    // `July-December 2012 - United Nations Office`: a date and a name, whatever the name is.
    let is_dated = |line: &Range<usize>| {
        let start = over_term(page, line.start, line.end);
        start > line.start && parties::party_at(page, start, line.end).is_some_and(|party| party.end + 6 >= line.end)
    };
    if lines.len() >= 2 && lines.iter().all(is_dated) {
        return lines;
    }
    // Running text has enough other lines long before its end.
    let others = |at: usize| lines.iter().filter(|line| !is_entry(page, line)).nth(at).is_some();
    // Lines with several parties are one list that runs on.
    let runs_on =
        || lines.len() > 1 && lines.iter().filter(|line| parties::list_at(page, line.start, line.end).0.len() >= 2).count() * 2 >= lines.len();
    if others(lines.len() * 4 / 10) || runs_on() {
        return vec![page.range(block)];
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let joined = lines.get(at + 1).map(|next| lines[at].start..next.end);
        // A name with its acronym on the next line, or a known name that goes on there.
        let runs_over = joined.as_ref().is_some_and(|joined| {
            let is_name = |tag: Tag| matches!(tag, Tag::Organization(_) | Tag::Country(_));
            let is_known = |mark: &Mark| is_name(mark.tag) && mark.end > lines[at].end && mark.end <= joined.end;
            page.acronyms.iter().any(|given| given.name.start == joined.start && given.name.end > lines[at].end && given.name.end < joined.end)
                || page.tokens.marks_at(joined.start).any(|mark| is_known(&mark))
        });
        if let Some(joined) = joined.clone().filter(|_| runs_over) {
            found.push(joined);
            at += 2;
            continue;
        }
        if is_entry(page, &lines[at]) || group_label(page, &lines[at]).is_some() {
            found.push(lines[at].clone());
        } else if let Some(joined) = joined.filter(|joined| is_entry(page, joined) && !is_entry(page, &lines[at + 1])) {
            found.push(joined);
            at += 1;
        }
        at += 1;
    }
    found
}

/// Whether a line is one or more parties, with dates, notes and list signs beside them and nothing else.
pub fn is_entry(page: &Page<'_>, line: &Range<usize>) -> bool {
    let start = over_term(page, line.start, line.end);
    let (parties, after) = parties::list_at(page, start, line.end);
    let is_note = |token: usize| {
        page.is_in_date(token)
            || !page.is_word(token)
            || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Since | Tag::Until | Tag::Of))
    };
    let known =
        parties.iter().all(|party| party.kind != Kind::Organization || is_known(page, party) || party.note.is_some() || looks_like_body(page, party));
    !parties.is_empty() && known && (after..line.end).all(is_note) && !matches!(page.text(line.end - 1), "," | "-")
}

/// Whether most words of a paragraph are names of parties, with nothing but list signs between them.
fn is_list_of_parties(page: &Page<'_>, range: Range<usize>) -> bool {
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let (mut covered, mut left_out) = (0, 0);
    let mut next = range.start;
    // In running text enough words are none of a party's long before its end.
    while next < range.end && (words - left_out) * 10 >= words * 6 {
        match parties::party_at(page, next, range.end).filter(|party| party.kind != Kind::Organization || is_known(page, party)) {
            Some(party) => {
                covered += (party.name.start..party.end).filter(|&token| page.is_word(token)).count();
                next = party.end.max(next + 1);
            }
            None => {
                left_out += usize::from(page.is_word(next));
                next += 1;
            }
        }
    }
    words > 0 && covered * 10 >= words * 6
}
