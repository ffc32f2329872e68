//! Memberships: who takes part in a dialogue and in what role, from lists, labels, table rows and prose.
//!
//! In: a page. Out: one record a dialogue, member, role and term. A country counts only where wording gives it a role: a heading, a
//! label or a phrase. Places, captions, donors and examples have none.

use std::ops::Range;

use super::flattened;
use super::page::Page;
use super::parties::{self, Kind, Mention};
use super::roles::{self, RoleHeading};
use crate::findings::Report;
use crate::model::date::Period;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::text::BlockKind;
use crate::model::vocabulary::TermEnd;

/// Emits the memberships of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let flattened = flattened::headings(page);
    for (block, content) in page.numbered_blocks() {
        if content.kind == BlockKind::Heading {
            from_prose(page, block, drafts);
            continue;
        }
        let before = drafts.len();
        if let Some(heading) = flattened[block].filter(|_| roles::governing_role(page, block).is_none()) {
            from_cell(page, block, heading, drafts);
            continue;
        }
        if content.kind == BlockKind::Row {
            if header_of(page, block) == Some(block) {
                continue;
            }
            from_table(page, block, drafts);
        }
        from_labels(page, block, drafts);
        if drafts.len() == before {
            from_list(page, block, drafts);
        }
        if drafts.len() == before {
            from_prose(page, block, drafts);
        }
    }
}

/// A state in a table that came out cell by cell; a cell with nothing but a date behind it is the start of the term.
fn from_cell(page: &Page<'_>, block: usize, heading: usize, drafts: &mut Vec<Draft>) {
    let Some(role) = roles::role_of(page, page.range(heading)).map(|heading| Role::of_heading(page, &heading)) else { return };
    let range = page.range(block);
    let date = page.blocks.blocks.get(block + 1).map(|_| page.range(block + 1)).filter(|next| !next.is_empty() && next.clone().all(|token| page.is_in_date(token)));
    let dates = date.map_or(Term::default(), |next| term(page, next, &role));
    if let Some(party) = parties::party_at(page, range.start, range.end) {
        drafts.push(record(page, page.subject(block), &role, &party, dates, "memberships/cells"));
    }
}

/// A role as wording gives it.
#[derive(Clone, Debug)]
struct Role {
    name: String,
    words: Span,
    text: String,
    group: Option<Range<usize>>,
    party: Option<PartyNoun>,
}

impl Role {
    fn of_heading(page: &Page<'_>, heading: &RoleHeading) -> Self {
        let words = page.span(&heading.words);
        let name = page.vocabulary().roles.role[heading.role as usize].role.clone();
        Self { name, words, text: page.value(words), group: heading.group.clone(), party: heading.party }
    }
}

/// First and last day of a term as stated.
#[derive(Clone, Copy, Debug, Default)]
struct Term {
    start: Option<(Period, Span)>,
    end: Option<(Period, Span)>,
}

/// `Chair: A, Co-Chair: B`; the label may be the first cell of a row.
fn from_labels(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let mut pairs = roles::labels(page, page.range(block));
    if page.block(block).kind == BlockKind::Row {
        let cells = page.cells(block);
        let cells: Vec<Range<usize>> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
        if let [label, value, ..] = cells.as_slice() {
            pairs.push((label.clone(), value.start..cells.last().map_or(value.end, |last| last.end)));
        }
    }
    for (label, value) in pairs {
        let Some(heading) = roles::role_of(page, label.clone()) else { continue };
        let role = of_working_group(page, block, Role::of_heading(page, &heading));
        let dialogue = page.dialogues_in(label.clone()).next().map(|(_, dialogue)| dialogue).or(page.subject(block));
        let dates_of_label = term(page, label, &role);
        for clause in split_terms(page, value) {
            emit_list(page, dialogue, &role, clause, dates_of_label, "memberships/label", drafts);
        }
    }
}

/// Who chairs a working group does not chair the dialogue: the heading or the line itself says so.
fn of_working_group(page: &Page<'_>, block: usize, role: Role) -> Role {
    let says_group = |range: Range<usize>| range.into_iter().any(|token| page.mark(token, |tag| tag == Tag::WorkingGroup).is_some());
    let about_group = page.subject(block).is_some_and(|dialogue| page.dialogues[dialogue].kind == "working_group");
    let below = page.introductions(block).next().is_some_and(|above| says_group(page.range(above)));
    if role.name == "chair" && !about_group && (below || says_group(page.range(block).start..page.range(block).end.min(page.range(block).start + 12))) {
        return Role { name: "working_group_chair".to_owned(), ..role };
    }
    role
}

/// Splits `2012: A; 2013: B` or `A (2012), B (2013)` at semicolons.
fn split_terms(page: &Page<'_>, value: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut first = value.start;
    for token in value.clone() {
        if page.text(token) == ";" {
            parts.push(first..token);
            first = token + 1;
        }
    }
    parts.push(first..value.end);
    parts.retain(|part| !part.is_empty());
    parts
}

/// Cells of an overview table whose column is headed by a role.
fn from_table(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let Some(header) = header_of(page, block).filter(|header| *header != block) else { return };
    let heads = page.cells(header);
    for (at, cell) in page.cells(block).into_iter().enumerate() {
        let Some(heading) = heads.get(at).and_then(|head| roles::role_of(page, head.clone())) else { continue };
        if roles::labels(page, cell.clone()).iter().any(|(label, _)| roles::role_of(page, label.clone()).is_some()) {
            continue;
        }
        let role = Role::of_heading(page, &heading);
        if let Some(party) = state_of_row(page, block, at).filter(|_| cell.clone().all(|token| page.is_in_date(token) || !page.is_word(token))) {
            // A column of dates: since when, or in which years, the state of the row has the role.
            let dates = term(page, cell, &role);
            if dates.start.is_some() {
                drafts.push(record(page, page.subject(block), &role, &party, dates, "memberships/table"));
            }
            continue;
        }
        for part in split_terms(page, cell) {
            emit_list(page, page.subject(block), &role, part, Term::default(), "memberships/table", drafts);
        }
    }
}

/// The state that a row is about: the first cell that is one, other than the cell at `except`.
fn state_of_row(page: &Page<'_>, block: usize, except: usize) -> Option<Mention> {
    let cells = page.cells(block);
    let others = cells.iter().enumerate().filter(|(at, _)| *at != except);
    others.map(|(_, cell)| cell).find_map(|cell| parties::party_at(page, cell.start, cell.end).filter(|party| party.kind == Kind::State && party.name.start == cell.start))
}

/// The first row of the table that a row is part of, where at least two of its cells are headings of columns.
fn header_of(page: &Page<'_>, block: usize) -> Option<usize> {
    let first = (0..=block).rev().take_while(|&at| page.block(at).kind == BlockKind::Row).last()?;
    let cells = page.cells(first);
    let headings = cells.iter().filter(|cell| super::sections::section_of(page, (*cell).clone()).is_some()).count();
    (cells.len() >= 3 && headings >= 2).then_some(first)
}

/// Items, lines or cells under a heading or lead-in with a role.
fn from_list(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let Some(heading) = roles::governing_role(page, block) else { return };
    let role = Role::of_heading(page, &heading);
    let dialogue = page.subject(block);
    match page.block(block).kind {
        BlockKind::Item => emit_list(page, dialogue, &role, page.range(block), Term::default(), "memberships/list", drafts),
        BlockKind::Row => {
            for cell in page.cells(block).into_iter().filter(|cell| !cell.is_empty()) {
                let dates = term(page, page.range(block), &role);
                if parties::party_at(page, cell.start, cell.end).is_some_and(|party| party.kind != Kind::Organization || role.party != Some(PartyNoun::State)) {
                    emit_list(page, dialogue, &role, cell, dates, "memberships/row", drafts);
                }
            }
        }
        BlockKind::Paragraph => {
            let range = page.range(block);
            if is_list_of_parties(page, range.clone()) {
                let role = role_by_turns(page, block).unwrap_or(role);
                for line in lines_or_whole(page, block) {
                    emit_list(page, dialogue, &role, line, Term::default(), "memberships/lines", drafts);
                }
            }
        }
        BlockKind::Heading => {}
    }
}

/// The role that goes round, where every line of a block starts with a date and the sentence before names such a role.
fn role_by_turns(page: &Page<'_>, block: usize) -> Option<Role> {
    let dated = page.lines(block).iter().all(|line| page.is_in_date(line.start));
    let before = block.checked_sub(1).filter(|before| dated && page.block(*before).kind == BlockKind::Paragraph)?;
    let range = page.range(before);
    let mark = range.clone().find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Role(_))))?;
    let Tag::Role(index) = mark.tag else { return None };
    let words = page.span(&(mark.first..mark.end));
    let role = Role { name: page.vocabulary().roles.role[index as usize].role.clone(), words, text: page.value(words), group: None, party: None };
    goes_round(&role).then_some(role)
}

/// Roles that are held for a term, one after the other.
fn goes_round(role: &Role) -> bool {
    matches!(role.name.as_str(), "chair" | "co_chair" | "coordinator" | "troika" | "steering_group" | "working_group_chair" | "host" | "leading")
}

/// The lines of a block where most are a party of their own, names that run over two lines joined and furniture left out; else the block
/// as one list.
fn lines_or_whole(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let lines = page.lines(block);
    let entries = lines.iter().filter(|line| is_entry(page, line)).count();
    if entries * 10 < lines.len() * 6 {
        return vec![page.range(block)];
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let joined = lines.get(at + 1).map(|next| lines[at].start..next.end);
        if is_entry(page, &lines[at]) {
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
fn is_entry(page: &Page<'_>, line: &Range<usize>) -> bool {
    let start = over_term(page, line.start, line.end);
    let (parties, after) = parties::list_at(page, start, line.end);
    let is_note = |token: usize| page.is_in_date(token) || !page.is_word(token) || page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Since | Tag::Until | Tag::Of));
    let known = parties.iter().all(|party| party.kind != Kind::Organization || is_known(page, party) || party.note.is_some() || looks_like_body(page, party));
    !parties.is_empty() && known && (after..line.end).all(is_note) && !matches!(page.text(line.end - 1), "," | ";" | "-")
}

/// Whether most words of a paragraph are names of parties, with nothing but list signs between them.
fn is_list_of_parties(page: &Page<'_>, range: Range<usize>) -> bool {
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let mut covered = 0;
    let mut next = range.start;
    while next < range.end {
        match parties::party_at(page, next, range.end).filter(|party| party.kind != Kind::Organization || is_known(page, party)) {
            Some(party) => {
                covered += (party.name.start..party.end).filter(|&token| page.is_word(token)).count();
                next = party.end.max(next + 1);
            }
            None => next += 1,
        }
    }
    words > 0 && covered * 10 >= words * 6
}

fn is_known(page: &Page<'_>, party: &Mention) -> bool {
    page.tokens.marks_at(party.name.start).any(|mark| mark.end == party.name.end && matches!(mark.tag, Tag::Organization(_) | Tag::Group(_)))
        || page.acronyms.iter().any(|given| given.name.end == party.name.end)
}

/// Emits each party of a list; the dates in the list are those of the term.
fn emit_list(page: &Page<'_>, dialogue: Option<usize>, role: &Role, range: Range<usize>, dates: Term, rule: &'static str, drafts: &mut Vec<Draft>) {
    let start = over_term(page, range.start, range.end);
    let (mut found, _) = parties::list_at(page, start, range.end);
    merge_seat(page, &mut found);
    if let [only] = found.as_slice() {
        found = vec![whole_name(page, only.clone(), range.end)];
    }
    if found.is_empty() {
        found.extend(unknown_party(page, start, range.end));
    }
    let in_note = found.iter().filter_map(|party| party.note.clone()).find_map(|note| page.mark(note.start, |tag| matches!(tag, Tag::Role(_))));
    let role = &match in_note.map(|mark| (mark.tag, mark)) {
        Some((Tag::Role(index), mark)) => {
            let words = page.span(&(mark.first..mark.end));
            Role { name: page.vocabulary().roles.role[index as usize].role.clone(), words, text: page.value(words), ..role.clone() }
        }
        _ => role.clone(),
    };
    let single = found.len() == 1;
    for (at, party) in found.iter().enumerate() {
        let own = party.note.clone().map_or(Term::default(), |note| term(page, note, role));
        let stretch = if single { range.clone() } else { party.name.start..found.get(at + 1).map_or(party.end, |next| next.name.start) };
        let own = if own.start.is_some() || own.end.is_some() { own } else { term(page, stretch, role) };
        let dates = if own.start.is_some() || own.end.is_some() { own } else { dates };
        drafts.push(record(page, dialogue, role, party, dates, rule));
    }
}

/// A name that starts with a date or a bracketed year: `2012: A`, `2010–2011 – B`.
fn over_term(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    loop {
        if let Some(date) = page.dates.iter().find(|date| date.tokens.start == next && date.tokens.end <= end) {
            next = date.tokens.end;
        } else if next < end && next > at && matches!(page.text(next), ":" | "–" | "-" | "—" | "," | ")" | ".") || next < end && next + 1 < end && page.text(next) == "(" && page.is_in_date(next + 1) {
            next += 1;
        } else {
            return next;
        }
    }
}

/// `Department for Something, UK` is one organisation with its seat.
fn merge_seat(page: &Page<'_>, found: &mut Vec<Mention>) {
    let is_seat = matches!(found.as_slice(), [first, second] if first.kind == Kind::Organization && second.kind == Kind::State && page.text(second.name.start - 1) == "," && page.token(first.name.start).shape != Shape::Upper);
    if is_seat {
        let second = found.remove(1);
        found[0].name.end = second.name.end;
        found[0].note = second.note;
        found[0].end = second.end;
    }
}

/// The only name of an item runs up to a bracket, a comma or a dash, where more capitalised words follow the known part.
fn whole_name(page: &Page<'_>, party: Mention, end: usize) -> Mention {
    if party.kind != Kind::Organization || party.note.is_some() {
        return party;
    }
    let given = page.acronyms.iter().find(|given| given.name.start <= party.name.start && given.name.end > party.name.end && given.name.end <= end);
    match given {
        Some(given) => Mention { name: party.name.start..given.name.end, note: Some(given.acronym.clone()), end: given.acronym.end, ..party },
        None => party,
    }
}

/// A name that is no party we know, at the start of an item.
fn unknown_party(page: &Page<'_>, at: usize, end: usize) -> Option<Mention> {
    let name = super::names::name_at(page, at, end)?;
    let stops = |token: &usize| matches!(page.text(*token), "(" | "," | ":" | ";" | "–" | "—" | "-" | "*" | "[" | "/") || page.is_in_date(*token);
    let whole_end = (at..end).find(stops).unwrap_or(end);
    let is_a_name = name.end >= whole_end && whole_end - at <= 16;
    if !is_a_name {
        return None;
    }
    Some(Mention { kind: Kind::Organization, end: name.end, name, note: None })
}

/// The term that dates in a stretch of text state: a range, a year, from a day on or up to a day.
fn term(page: &Page<'_>, range: Range<usize>, role: &Role) -> Term {
    let mut found = Term::default();
    let by_turns = goes_round(role);
    let dates: Vec<_> = page.dates_in(range.clone()).collect();
    for (at, date) in dates.iter().enumerate() {
        let span = page.span(&date.tokens);
        let before = |of: fn(Tag) -> bool| {
            let first = date.tokens.start;
            (first.saturating_sub(2).max(range.start)..first).any(|token| page.tokens.marks_at(token).any(|mark| of(mark.tag) && mark.end == first))
        };
        let open_end = date.tokens.end < range.end && matches!(page.text(date.tokens.end), "-" | "–" | "—") && (date.tokens.end + 1 == range.end || !page.is_in_date(date.tokens.end + 1) && matches!(page.text(date.tokens.end + 1), ")" | "]" | "," | ";"));
        if before(|tag| tag == Tag::Until) && !(at == 0 && before(|tag| tag == Tag::Since)) {
            found.end = Some((date.period, span));
        } else if before(|tag| tag == Tag::Since) || open_end || !by_turns {
            found.start.get_or_insert((date.period, span));
        } else if found.start.is_none() {
            found.start = Some((date.period, span));
            found.end = Some((date.period, span));
        }
    }
    found
}

fn record(page: &Page<'_>, dialogue: Option<usize>, role: &Role, party: &Mention, dates: Term, rule: &'static str) -> Draft {
    let name = page.span(&party.name);
    let mut draft = Draft::new("memberships", rule);
    if let Some(dialogue) = dialogue {
        let dialogue = page.span(&page.dialogues[dialogue].name);
        draft = draft.with("dialogue", page.value(dialogue), dialogue);
    }
    let is_state = party.kind == Kind::State || (role.party == Some(PartyNoun::State) && party.kind == Kind::Organization && !looks_like_body(page, party));
    let kind = if is_state { Kind::State } else { party.kind };
    draft = draft.with("member_name", page.value(name), name).derived("party", kind.name());
    draft = draft.with("role", role.name.as_str(), role.words).with("role_text", role.text.as_str(), role.words);
    if let Some(group) = &role.group {
        draft = draft.with("group", page.value_of(group), page.span(group));
    }
    if let Some((period, span)) = dates.start {
        draft = draft.with("start_date", period.reduced_start(), span);
    }
    if let Some((period, span)) = dates.end {
        draft = draft.with("end_date", period.reduced_end(), span);
    }
    draft
}

/// An organisation beside states in one list: known, with an acronym, or with the noun of an organisation.
fn looks_like_body(page: &Page<'_>, party: &Mention) -> bool {
    is_known(page, party)
        || party.note.as_ref().is_some_and(|note| page.token(note.start).shape == Shape::Upper)
        || party.name.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some())
        || page.token(party.name.start).shape == Shape::Upper
}

/// Phrases of prose that give somebody a role.
fn from_prose(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    for sentence in page.sentences(page.range(block)) {
        let mut phrase_end = sentence.start;
        for token in sentence.clone() {
            as_role(page, block, &sentence, token, drafts);
            if token < phrase_end {
                continue;
            }
            let phrase = page.mark(token, |tag| matches!(tag, Tag::Phrase(_))).filter(|mark| mark.end <= sentence.end);
            if let Some(mark) = phrase {
                let Tag::Phrase(index) = mark.tag else { continue };
                from_phrase(page, block, &sentence, mark.first..mark.end, index, drafts);
                phrase_end = mark.end;
            }
        }
    }
}

fn from_phrase(page: &Page<'_>, block: usize, sentence: &Range<usize>, words: Range<usize>, index: u16, drafts: &mut Vec<Draft>) {
    let phrase = &page.vocabulary().roles.phrase[index as usize];
    let negated = (words.start.saturating_sub(3).max(sentence.start)..words.start).any(|token| page.has(token, Tag::Negation));
    if negated {
        return;
    }
    let span = page.span(&words);
    let role = of_working_group(page, block, Role { name: phrase.role.clone(), words: span, text: page.value(span), group: None, party: None });
    let named = page.dialogues_in(sentence.start..words.start).next().map(|(_, dialogue)| dialogue);
    // Who hosts or organises is said of meetings too: only a dialogue named before the phrase has such a host.
    let dialogue = if matches!(phrase.role.as_str(), "host" | "organiser") { named.filter(|_| words.start - sentence.start < 30) } else { named.or_else(|| named_before(page, block, sentence.start)).or(page.subject(block)) };
    let Some(dialogue) = dialogue else { return };
    if phrase.hands_over() {
        hand_over(page, dialogue, &role, words.end, sentence.end, drafts);
        return;
    }
    if phrase.party_comes_first() {
        let Some(found) = parties_before(page, sentence.start, words.start) else { return };
        for party in found.iter().filter(|party| !is_dialogue(page, party, dialogue) && party.kind != Kind::Organization || is_known_name(page, party) && !is_dialogue(page, party, dialogue)) {
            let date = page.dates_in(words.end..sentence.end).next().map(|date| (date.period, page.span(&date.tokens)));
            let dates = match phrase.dates {
                Some(TermEnd::Start) => Term { start: date, end: None },
                Some(TermEnd::End) => Term { start: None, end: date },
                None => Term::default(),
            };
            drafts.push(record(page, Some(dialogue), &role, party, dates, "memberships/prose"));
        }
        return;
    }
    let opens = words.end < sentence.end && matches!(page.text(words.end), "," | ":");
    let start = over_adverbials(page, words.end + usize::from(opens), sentence.end);
    let (found, _) = parties::list_at(page, start, sentence.end);
    for party in found.iter().filter(|party| !is_dialogue(page, party, dialogue)) {
        drafts.push(record(page, Some(dialogue), &role, party, Term::default(), "memberships/prose"));
    }
}

/// The dialogue that the sentences of a block before a token speak of: the first that the nearest of them names.
fn named_before(page: &Page<'_>, block: usize, at: usize) -> Option<usize> {
    let sentences = page.sentences(page.range(block).start..at);
    sentences.into_iter().rev().find_map(|sentence| page.dialogues_in(sentence).next().map(|(_, dialogue)| dialogue))
}

/// `from A to B in December 2010`: one term ends and the next begins.
fn hand_over(page: &Page<'_>, dialogue: usize, role: &Role, at: usize, end: usize, drafts: &mut Vec<Draft>) {
    let Some(from) = parties::party_at(page, at, end) else { return };
    let to = page.mark(from.end.min(end - 1), |tag| tag == Tag::Until).and_then(|mark| parties::party_at(page, mark.end, end));
    let date = page.dates_in(from.end..end).next().map(|date| (date.period, page.span(&date.tokens)));
    drafts.push(record(page, Some(dialogue), role, &from, Term { start: None, end: date }, "memberships/handover"));
    if let Some(to) = to {
        drafts.push(record(page, Some(dialogue), role, &to, Term { start: date, end: None }, "memberships/handover"));
    }
}

/// `A, as [the] [current] Chair`.
fn as_role(page: &Page<'_>, block: usize, sentence: &Range<usize>, token: usize, drafts: &mut Vec<Draft>) {
    let Some(words) = page.mark(token, |tag| tag == Tag::As).filter(|mark| mark.end < sentence.end) else { return };
    if token <= sentence.start + 1 || page.text(token - 1) != "," {
        return;
    }
    let role_at = (words.end..sentence.end.min(token + 6)).find_map(|at| page.mark(at, |tag| matches!(tag, Tag::Role(_))));
    let Some(mark) = role_at else { return };
    let Tag::Role(index) = mark.tag else { return };
    let Some(found) = parties_before(page, sentence.start, token - 1) else { return };
    let dialogue = page.dialogues_in(token..mark.first).next().map(|(_, dialogue)| dialogue).or(page.subject(block));
    let words = page.span(&(mark.first..mark.end));
    let role = Role { name: page.vocabulary().roles.role[index as usize].role.clone(), words, text: page.value(words), group: None, party: None };
    for party in found.iter().filter(|party| party.kind != Kind::Organization || is_known_name(page, party)) {
        drafts.push(record(page, dialogue, &role, party, Term::default(), "memberships/as"));
    }
}

/// The list of parties that ends right before a token.
fn parties_before(page: &Page<'_>, from: usize, end: usize) -> Option<Vec<Mention>> {
    (from.max(end.saturating_sub(40))..end).find_map(|start| {
        let begins = page.is_capital(start) || page.has(start, Tag::Article);
        if !begins {
            return None;
        }
        let (found, after) = parties::list_at(page, start, end);
        let gap_is_small = (after..end).all(|token| page.token(token).shape == Shape::Lower || page.text(token) == ",") && end - after <= 2;
        (!found.is_empty() && gap_is_small).then_some(found)
    })
}

/// Small words between a phrase and its parties: `for the first time`.
fn over_adverbials(page: &Page<'_>, at: usize, end: usize) -> usize {
    let first_party = (at..end.min(at + 7)).find(|&token| page.mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::Group(_) | Tag::Organization(_) | Tag::Dialogue(_))).is_some());
    match first_party {
        Some(party) if (at..party).all(|token| page.token(token).shape == Shape::Lower) => party,
        _ => at,
    }
}

fn is_known_name(page: &Page<'_>, party: &Mention) -> bool {
    is_known(page, party)
}

/// A dialogue is no member of itself.
fn is_dialogue(page: &Page<'_>, party: &Mention, dialogue: usize) -> bool {
    page.dialogue_mentions.iter().any(|(tokens, named)| *named == dialogue && tokens.start <= party.name.start && party.name.start < tokens.end)
}

