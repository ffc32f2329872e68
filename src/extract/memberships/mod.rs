//! Memberships: who takes part in a dialogue and in what role, from lists, labels, table rows and prose.
//!
//! In: a page. Out: one record a dialogue, member, role and term. A country counts where wording gives it a role: a heading, a label, a
//! phrase; and in a long list of states that nothing speaks against, where the text says nowhere else who the members are (`implied`).
//! Places, captions, donors and examples have no role.

mod implied;
mod links;
mod prose;
mod tables;
mod turns;

use std::ops::Range;

use crate::extract::flattened;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::roles::{self, RoleHeading};
use crate::findings::Report;
use crate::model::date::Period;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::text::BlockKind;

use prose::from_prose;
use tables::{from_cell, from_lines, from_table};

/// Emits the memberships of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let flattened = flattened::headings(page);
    let mut table_end = 0;
    let mut lists = Lists::default();
    for (block, content) in page.numbered_blocks() {
        if content.kind == BlockKind::Heading {
            from_prose(page, block, drafts);
            continue;
        }
        if content.kind == BlockKind::Row {
            if block >= table_end {
                table_end = from_table(page, block, drafts);
            }
            continue;
        }
        let before = drafts.len();
        if let Some(heading) = flattened[block].filter(|_| roles::governing_role(page, block).is_none()) {
            from_cell(page, block, heading, drafts);
            continue;
        }
        from_lines(page, block, drafts);
        if drafts.len() > before {
            continue;
        }
        from_labels(page, block, drafts);
        let by_label = drafts.len() > before;
        if !by_label && !lists.is_closed(page, block) {
            from_list(page, block, drafts);
        }
        lists.note(page, block, drafts.len() > before && !by_label);
        if drafts.len() == before {
            from_prose(page, block, drafts);
        } else if content.kind == BlockKind::Paragraph || is_prose(page, block) {
            from_prose(page, block, drafts);
        }
    }
    implied::extract(page, drafts);
}

/// Lists that have ended: prose behind a list closes it, and what comes further down under the same heading is no part of it.
#[derive(Debug, Default)]
struct Lists {
    open: Option<usize>,
    closed: Option<usize>,
}

/// Longest paragraph that can stand between two parts of a list, in words.
const ASIDE: usize = 8;

impl Lists {
    fn is_closed(&self, page: &Page<'_>, block: usize) -> bool {
        let heading = page.heading(block);
        heading.is_some() && self.closed == heading && page.introductions(block).next() == heading
    }

    fn note(&mut self, page: &Page<'_>, block: usize, is_list: bool) {
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
    from_labels_in(page, block, page.range(block), drafts);
}

fn from_labels_in(page: &Page<'_>, block: usize, range: Range<usize>, drafts: &mut Vec<Draft>) {
    let mut pairs = roles::labels(page, range.clone());
    if page.block(block).kind == BlockKind::Row && range == page.range(block) {
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
        for clause in split_terms(page, value.clone()) {
            emit_list(page, dialogue, &role, clause, dates_of_label, "memberships/label", drafts);
        }
        // `A (2018), preceded by B (2017)`
        if let Some(dialogue) = dialogue.filter(|_| turns::is_held(&role)) {
            turns::holders(page, dialogue, &role, &value, drafts);
            turns::dated_lines(page, dialogue, &role, &value, drafts);
        }
    }
}

/// Who chairs a working group does not chair the dialogue: the heading or the line itself says so.
fn of_working_group(page: &Page<'_>, block: usize, role: Role) -> Role {
    let says_group = |range: Range<usize>| range.into_iter().any(|token| page.mark(token, |tag| tag == Tag::WorkingGroup).is_some());
    let about_group = page.subject(block).is_some_and(|dialogue| page.dialogues[dialogue].kind == "working_group");
    let below = page.introductions(block).next().is_some_and(|above| says_group(page.range(above)));
    if role.name == "chair" && !about_group && (below || says_group(page.range(block).start..page.range(block).end.min(page.range(block).start + 12)))
    {
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

/// Items and lines under a heading or lead-in with a role.
fn from_list(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
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

/// An item of several sentences: an answer or a point of minutes, not a name.
fn is_prose(page: &Page<'_>, block: usize) -> bool {
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

/// A list, perhaps behind a label that says which group of parties it is.
fn emit_labelled(page: &Page<'_>, block: usize, role: &Role, range: Range<usize>, rule: &'static str, drafts: &mut Vec<Draft>) {
    let dialogue = page.subject(block);
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
fn group_label(page: &Page<'_>, range: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let colon = range.clone().take(LABEL).find(|&token| page.text(token) == ":")?;
    let (label, value) = (range.start..colon, colon + 1..range.end);
    let bracket = label.clone().find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(label.end);
    let states = parties::list_at(page, value.start, value.end).0.iter().filter(|party| party.kind == Kind::State).count();
    let is_party = parties::party_at(page, label.start, label.end)
        .is_some_and(|party| party.kind == Kind::State || is_known(page, &party) && party.kind != Kind::Group && states < 2);
    // A label before one party alone says what it does, unless it names a sort of states.
    let names_sort = label.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Group(_))).is_some());
    let listed = parties::list_at(page, value.start, value.end).0.len();
    let has_list = listed >= 2 || listed == 1 && (names_sort || bracket < label.end);
    let is_label = label.start == range.start && label.start < bracket && bracket - label.start <= 8 && !page.is_in_date(label.start);
    (is_label && !is_party && has_list).then_some((label.start..bracket, value.start..range.end))
}

/// Lines that begin with a label, each with the lines that go on with its list.
fn labelled_lines(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut labels = 0;
    for line in page.lines(block) {
        let is_labelled = group_label(page, &line).is_some();
        labels += usize::from(is_labelled);
        match parts.last_mut().filter(|_| !is_labelled) {
            Some(last) => last.end = line.end,
            None => parts.push(line),
        }
    }
    if labels >= 2 { parts } else { Vec::new() }
}

/// Lines that are states and nothing else, between lines about their delegations.
fn states_between(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let is_state = |line: &Range<usize>| {
        parties::party_at(page, line.start, line.end)
            .is_some_and(|party| party.kind == Kind::State && party.end == line.end && party.name.start == line.start)
    };
    let lines = page.lines(block);
    let states: Vec<Range<usize>> = lines.iter().filter(|line| is_state(line)).cloned().collect();
    if states.len() >= 3 && states.len() * 4 >= lines.len() && lines.first().is_some_and(is_state) { states } else { Vec::new() }
}

/// The parts of a paragraph that are lists: lines that are parties of their own, else sentences that are names or begin with some.
fn list_parts(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    if are_codes(page, page.range(block)).is_some() {
        return vec![page.range(block)];
    }
    let labelled = labelled_lines(page, block);
    if !labelled.is_empty() {
        return labelled;
    }
    let lines = lines_or_whole(page, block);
    let value = group_label(page, &page.range(block)).map_or(page.range(block), |(_, value)| value);
    if lines.len() > 1 || is_list_of_parties(page, value) {
        return lines;
    }
    let states = states_between(page, block);
    if !states.is_empty() {
        return states;
    }
    let is_list = |sentence: &Range<usize>| {
        let (found, _) = parties::list_at(page, over_term(page, sentence.start, sentence.end), sentence.end);
        let known = found.iter().filter(|party| party.kind != Kind::Organization || is_known(page, party)).count();
        is_list_of_parties(page, sentence.clone()) || (known >= 3 && known == found.len())
    };
    page.sentences(page.range(block)).into_iter().filter(is_list).collect()
}

/// The role that goes round, where every line of a block starts with a date and the sentence before names such a role.
fn role_by_turns(page: &Page<'_>, block: usize) -> Option<Role> {
    let dated = page.lines(block).iter().all(|line| page.is_in_date(line.start));
    role_of_sentence_before(page, block).filter(|_| dated)
}

/// The role that goes round and is named in the paragraph before a block.
fn role_of_sentence_before(page: &Page<'_>, block: usize) -> Option<Role> {
    let before = block.checked_sub(1).filter(|before| page.block(*before).kind == BlockKind::Paragraph)?;
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
    // Lines with several parties are one list that runs on.
    let runs_on = lines.len() > 1 && lines.iter().filter(|line| parties::list_at(page, line.start, line.end).0.len() >= 2).count() * 2 >= lines.len();
    if entries * 10 < lines.len() * 6 || runs_on {
        return vec![page.range(block)];
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let joined = lines.get(at + 1).map(|next| lines[at].start..next.end);
        // A name with its acronym on the next line.
        let runs_over = joined.as_ref().is_some_and(|joined| {
            page.acronyms.iter().any(|given| given.name.start == joined.start && given.name.end > lines[at].end && given.name.end < joined.end)
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
fn is_entry(page: &Page<'_>, line: &Range<usize>) -> bool {
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
    if emit_codes(page, dialogue, role, start..range.end, rule, drafts) {
        return;
    }
    let (mut found, _) = parties::list_at(page, start, range.end);
    merge_seat(page, &mut found);
    if let [only] = found.as_slice() {
        found = vec![whole_name(page, only.clone(), range.end)];
    }
    if found.is_empty() || !found.iter().any(|party| party.kind != Kind::Organization || looks_like_body(page, party)) {
        let is_sentence = |party: &Mention| party.end + 1 < range.end && page.text(party.end) == ".";
        found.retain(|party| among_parties(page, range.start) && !is_sentence(party));
        if found.is_empty() && among_parties(page, range.start) {
            found.extend(unknown_party(page, start, range.end));
        }
    }
    if found.is_empty() {
        page.refuse(rule, &range, "no party that we know, and nothing that looks like the name of one");
    }
    let holds_too =
        found.iter().filter_map(|party| Some((party, role_in_note(page, party, role)?))).filter(|(_, noted)| goes_round(noted) && !goes_round(role));
    for (party, noted) in holds_too {
        drafts.push(record(page, dialogue, &noted, party, Term::default(), rule));
    }
    let single = found.len() == 1;
    for (at, party) in found.iter().enumerate() {
        // `A (observer)`: what the note says holds, unless it is a role that somebody has beside it.
        let noted = role_in_note(page, party, role).filter(|noted| !goes_round(noted) || goes_round(role));
        let role = noted.as_ref().unwrap_or(role);
        let own = party.note.clone().map_or(Term::default(), |note| term(page, note, role));
        let stretch = if single { range.clone() } else { party.name.start..found.get(at + 1).map_or(party.end, |next| next.name.start) };
        let own = if own.start.is_some() || own.end.is_some() { own } else { term(page, stretch, role) };
        let dates = if own.start.is_some() || own.end.is_some() { own } else { dates };
        drafts.push(record(page, dialogue, role, party, dates, rule));
    }
}

/// The role in the bracket behind a party.
fn role_in_note(page: &Page<'_>, party: &Mention, role: &Role) -> Option<Role> {
    let note = party.note.clone()?;
    let mark = note.clone().take(3).find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Role(_)))).filter(|mark| mark.end <= note.end)?;
    let Tag::Role(index) = mark.tag else { return None };
    let words = page.span(&(mark.first..mark.end));
    Some(Role { name: page.vocabulary().roles.role[index as usize].role.clone(), words, text: page.value(words), ..role.clone() })
}

/// Fewest codes of countries that make a list: two capitals alone can mean anything.
const CODES: usize = 4;

/// The countries of a range that is codes and nothing else.
fn are_codes<'a>(page: &Page<'a>, range: Range<usize>) -> Option<Vec<(usize, &'a crate::model::reference::Country)>> {
    let words: Vec<usize> = range.filter(|&token| page.is_word(token)).collect();
    let is_code = |token: usize| page.token(token).shape == Shape::Upper && matches!(page.text(token).len(), 2 | 3);
    if words.len() < CODES || !words.iter().all(|&token| is_code(token)) {
        return None;
    }
    words.into_iter().map(|token| Some((token, page.reference.country_of_code(page.text(token))?))).collect()
}

/// A list of codes of countries: `AT BE BG CY`.
fn emit_codes(page: &Page<'_>, dialogue: Option<usize>, role: &Role, range: Range<usize>, rule: &'static str, drafts: &mut Vec<Draft>) -> bool {
    let Some(countries) = are_codes(page, range) else { return false };
    for (token, country) in countries {
        let name = token..token + 1;
        let span = page.span(&name);
        let party = Mention { kind: Kind::State, name, note: None, end: token + 1 };
        drafts.push(record(page, dialogue, role, &party, Term::default(), rule).with("iso3", country.iso3.as_str(), span));
    }
    true
}

/// A name that starts with a date or a bracketed year: `2012: A`, `2010–2011 – B`.
fn over_term(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    loop {
        if let Some(date) = page.dates.iter().find(|date| date.tokens.start == next && date.tokens.end <= end) {
            next = date.tokens.end;
        } else if next < end && next > at && matches!(page.text(next), ":" | "–" | "-" | "—" | "," | ")" | ".")
            || next < end && next + 1 < end && page.text(next) == "(" && page.is_in_date(next + 1)
        {
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

/// Whether an item stands among others that are parties: a name that nobody knows counts there, and nowhere else.
fn among_parties(page: &Page<'_>, token: usize) -> bool {
    let block = page.block_of(token);
    let content = page.block(block);
    if content.kind != BlockKind::Item {
        return page.range(block).len() <= NAME || content.kind == BlockKind::Row;
    }
    let is_sibling = |other: &usize| page.block(*other).kind == BlockKind::Item && page.block(*other).heading == content.heading;
    let before = (block.saturating_sub(NEIGHBOURS)..block).rev().take_while(is_sibling);
    let behind = (block + 1..page.blocks.blocks.len().min(block + 1 + NEIGHBOURS)).take_while(is_sibling);
    let (mut all, mut parties) = (0, 0);
    for other in before.chain(behind) {
        all += 1;
        let range = page.range(other);
        parties += usize::from(
            parties::party_at(page, range.start, range.end).is_some_and(|party| party.kind != Kind::Organization || looks_like_body(page, &party)),
        );
    }
    parties * 2 >= all
}

/// How many items beside one are looked at, and how long a name alone in a paragraph can be, in tokens.
const NEIGHBOURS: usize = 12;
const NAME: usize = 16;

/// A name that is no party we know, at the start of an item.
fn unknown_party(page: &Page<'_>, at: usize, end: usize) -> Option<Mention> {
    let name = crate::extract::names::name_at(page, at, end)?;
    // A note below the list opens like a sentence.
    if page.has(name.start, Tag::Opener) || page.has(name.start, Tag::Article) {
        return None;
    }
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
        let open_end = date.tokens.end < range.end
            && matches!(page.text(date.tokens.end), "-" | "–" | "—")
            && (date.tokens.end + 1 == range.end
                || !page.is_in_date(date.tokens.end + 1) && matches!(page.text(date.tokens.end + 1), ")" | "]" | "," | ";"));
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
    let is_state =
        party.kind == Kind::State || (role.party == Some(PartyNoun::State) && party.kind == Kind::Organization && !looks_like_body(page, party));
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
        || (page.token(party.name.start).shape == Shape::Upper && party.name.len() == 1 && page.token(party.name.start).span.len() <= 10)
}
