//! Turns: roles that go round, one holder after the other: `A (2007), the B (2008)`, `from A to B in 2010`.

use std::ops::Range;

use super::links::is_said;
use super::lists::is_entry;
use super::terms::{Term, over_term, own_term, term};
use super::{Role, of_working_group, record};
use crate::extract::dates::DateMention;
use crate::extract::owners::of_statement;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::roles::{self, RoleHeading};
use crate::model::date::Period;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::tokens::Mark;

/// How far a verb of handing over stands from its role, in tokens.
const NEAR: usize = 10;

/// Holders of a role that goes round, where the sentence or the heading above names the role.
pub fn from_turns(page: &Page<'_>, block: usize, sentence: &Range<usize>, drafts: &mut Vec<Draft>) {
    if page.any_begins(sentence, |tag| tag == Tag::TakesOver) {
        for clause in clauses(page, sentence) {
            successor(page, block, &clause, drafts);
        }
    }
    let Some(role) = role_in(page, block, sentence).or_else(|| role_above(page, block)).or_else(|| role_before(page, block, sentence)) else {
        return;
    };
    let Some(dialogue) = of_statement(page, block, sentence, sentence.start.max(role.1)) else { return };
    let role = role.0;
    if hand_over(page, dialogue, &role, sentence, drafts) {
        return;
    }
    holders(page, dialogue, &role, sentence, drafts);
}

/// The parts of a sentence between semicolons.
fn clauses(page: &Page<'_>, sentence: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut first = sentence.start;
    for token in sentence.clone().filter(|&token| page.text(token) == ";") {
        found.push(first..token);
        first = token + 1;
    }
    found.push(first..sentence.end);
    found.retain(|clause| !clause.is_empty());
    found
}

/// How far back the role stands that somebody takes over without its being named again, in tokens.
const BACK: usize = 60;

/// `A holds the chair; B follows in 2017.`: who takes over what the clause or sentence before speaks of, with nothing but a date behind.
fn successor(page: &Page<'_>, block: usize, clause: &Range<usize>, drafts: &mut Vec<Draft>) {
    let Some(verb) = clause.clone().find_map(|token| page.mark(token, |tag| tag == Tag::TakesOver)).filter(|mark| mark.end <= clause.end) else {
        return;
    };
    if role_in(page, block, clause).is_some() {
        return;
    }
    let before = states(page, clause.start..verb.first);
    let is_small = |token: usize| page.token(token).shape == Shape::Lower;
    let (holder, rest) = match before.as_slice() {
        [only] if (only.end..verb.first).all(is_small) && verb.first - only.end <= 2 => (only.clone(), verb.end),
        // `le siguió B`
        [] => match states(page, verb.end..clause.end).into_iter().next() {
            Some(party) if (verb.end..party.name.start).all(|token| page.has(token, Tag::Article)) => (party.clone(), party.end),
            _ => return,
        },
        _ => return,
    };
    // `B takes over for 2019 and will hold the next round in X`: what follows the date tells of something else.
    let date_end = page.dates_in(rest..clause.end).next().filter(|date| date.tokens.start <= rest + 2).map(|date| date.tokens.end);
    let is_next_verb = |at: usize| page.token(at).shape == Shape::Lower && page.mark(at, |tag| tag == Tag::Article).is_none();
    let cut = date_end.filter(|&end| end + 1 < clause.end && page.has(end, Tag::And) && is_next_verb(end + 1));
    let clause = &(clause.start..cut.unwrap_or(clause.end));
    // `B will follow in 2020 and C in 2021`
    let further = dated(page, &(rest..clause.end));
    let is_further = |token: usize| further.iter().any(|(party, _)| (party.name.start..party.end).contains(&token));
    let says_more = |token: usize| page.is_word(token) && !page.is_in_date(token) && page.token(token).shape != Shape::Lower && !is_further(token);
    if (rest..clause.end).any(says_more) || clause.end - rest > NEAR * (1 + further.len()) {
        return;
    }
    let from = page.range(block).start.max(clause.start.saturating_sub(BACK));
    let Some((role, at)) = (from..clause.start).rev().find_map(|token| role_in(page, block, &(token..clause.start))) else { return };
    let Some(dialogue) = of_statement(page, block, &(from..clause.end), at) else { return };
    let bracket = bracket_near(page, rest, clause.end).filter(|bracket| is_term(page, bracket));
    let date = page.dates_in(rest..clause.end).next().map(|date| (date.period, page.span(&date.tokens)));
    let dates =
        holder.note.clone().filter(|note| is_term(page, note)).or(bracket).map_or(Term { start: date, end: None }, |dates| term(page, dates, &role));
    if !is_said(page, &holder, &role, drafts) {
        drafts.push(record(page, Some(dialogue), &role, &holder, dates, "memberships/turns"));
    }
    for (party, tokens) in further {
        drafts.push(record(page, Some(dialogue), &role, &party, term(page, tokens, &role), "memberships/turns"));
    }
}

/// `Before that A (2019-2021) and B (2009-2018).`: a sentence of states and terms and nothing else goes on with the role of the one before.
fn role_before(page: &Page<'_>, block: usize, sentence: &Range<usize>) -> Option<(Role, usize)> {
    if sentence.len() > BACK || page.open_brackets_in(sentence).is_empty() {
        return None;
    }
    let named = states(page, sentence.clone());
    let is_of_state = |token: usize| named.iter().any(|party| (party.name.start..party.end).contains(&token));
    let says_more = |token: usize| token > sentence.start && page.is_capital(token) && !is_of_state(token) && !page.is_in_date(token);
    let has_terms = !named.is_empty() && named.iter().all(|party| party.note.as_ref().is_some_and(|note| is_term(page, note)));
    if !has_terms || sentence.clone().any(says_more) {
        return None;
    }
    let before = page.sentences(page.range(block).start..sentence.start).pop()?;
    role_in(page, block, &before).or_else(|| role_of_phrase(page, block, &before))
}

/// The role that goes round and that the last phrase of a sentence gives: `has been chaired by A`.
fn role_of_phrase(page: &Page<'_>, block: usize, sentence: &Range<usize>) -> Option<(Role, usize)> {
    sentence.clone().rev().find_map(|token| {
        let mark = page.mark(token, |tag| matches!(tag, Tag::Phrase(_)))?;
        let Tag::Phrase(index) = mark.tag else { return None };
        let (name, words) = (page.vocabulary().roles.phrase[index as usize].role.clone(), page.span(&(mark.first..mark.end)));
        let role = of_working_group(page, block, Role { name, words, text: page.value(words), group: None, party: None });
        is_held(&role).then_some((role, mark.first))
    })
}

/// `chaired by A until 2016, by B from 2016 to 2018`: further holders behind the word that the phrase ends with, said again.
pub fn further(page: &Page<'_>, dialogue: usize, role: &Role, words: &Range<usize>, sentence: &Range<usize>, drafts: &mut Vec<Draft>) {
    let last = page.text(words.end - 1);
    for party in states(page, words.end..sentence.end) {
        let before = (words.end..party.name.start).rev().find(|&token| !page.has(token, Tag::Article) && !matches!(page.text(token), "'" | "’"));
        if before.is_some_and(|before| page.text(before) == last) && !is_said(page, &party, role, drafts) {
            drafts.push(record(page, Some(dialogue), role, &party, own_term(page, sentence, &party, role), "memberships/turns"));
        }
    }
}

/// The holders of a role with their terms: `A (2012-2013)`, also with a verb between: `B followed (2014)`.
pub fn holders(page: &Page<'_>, dialogue: usize, role: &Role, range: &Range<usize>, drafts: &mut Vec<Draft>) {
    for (party, tokens) in pairs(page, range) {
        if !is_said(page, &party, role, drafts) {
            let dates = term(page, tokens, role);
            drafts.push(record(page, Some(dialogue), role, &party, dates, "memberships/turns"));
        }
    }
    for party in states(page, range.clone()) {
        let Some(start) = since_before(page, &party) else { continue };
        if !is_said(page, &party, role, drafts) {
            drafts.push(record(page, Some(dialogue), role, &party, Term { start: Some(start), end: None }, "memberships/turns"));
        }
    }
    for party in states(page, range.clone()) {
        let bracket = party.note.clone().or_else(|| bracket_near(page, party.end, range.end));
        let Some(bracket) = bracket.filter(|bracket| is_term(page, bracket)) else { continue };
        let dates = term(page, bracket, role);
        if (dates.start.is_some() || dates.end.is_some()) && !is_said(page, &party, role, drafts) {
            drafts.push(record(page, Some(dialogue), role, &party, dates, "memberships/turns"));
        }
    }
}

/// `A (2020) and, since May 2021, B`: since when the state behind the comma holds a role.
fn since_before(page: &Page<'_>, party: &Mention) -> Option<(Period, Span)> {
    let comma = (0..party.name.start).rev().find(|&token| !page.has(token, Tag::Article)).filter(|&token| page.text(token) == ",")?;
    let date = page.dates_in(comma.saturating_sub(NEAR)..comma).last().filter(|date| date.tokens.end == comma)?;
    let from = date.tokens.start;
    let is_since = (from.saturating_sub(3)..from).any(|first| page.tokens.marks_at(first).any(|mark| mark.tag == Tag::Since && mark.end == from));
    let is_joined = |sign: usize| page.text(sign) == "," && sign > 0 && page.mark(sign - 1, |tag| tag == Tag::And).is_some();
    (is_since && (from.saturating_sub(4)..from).any(is_joined)).then(|| (date.period, page.span(&date.tokens)))
}

/// `2013  A` on a line, `2014  B` on the next, under the label of the role.
pub fn dated_lines(page: &Page<'_>, dialogue: usize, role: &Role, range: &Range<usize>, drafts: &mut Vec<Draft>) {
    let starts = range.clone().filter(|&token| token > range.start && page.gap_before(token).contains('\n'));
    for start in starts.collect::<Vec<_>>() {
        let end = (start + 1..range.end).find(|&token| page.gap_before(token).contains('\n')).unwrap_or(range.end);
        if !page.is_in_date(start) {
            continue;
        }
        let party = parties::party_at(page, over_term(page, start, end), end).filter(|party| party.kind == Kind::State && party.end == end);
        if let Some(party) = party.filter(|party| !is_said(page, party, role, drafts)) {
            drafts.push(record(page, Some(dialogue), role, &party, term(page, start..end, role), "memberships/turns"));
        }
    }
}

/// `The chair rotates every two years:` above `A 2013 – 2015`, `B 2015 – 2017`: the role that a sentence announces for the lines behind its colon.
pub fn announced(page: &Page<'_>, label: &Range<usize>, value: &Range<usize>) -> Option<RoleHeading> {
    let is_role = |tag: Tag| matches!(tag, Tag::Role(_));
    let mark = page.begins(label, is_role).find_map(|token| page.mark(token, is_role)).filter(|mark| mark.end <= label.end)?;
    let Tag::Role(index) = mark.tag else { return None };
    let heading = RoleHeading { role: index, party: None, group: None, words: mark.first..mark.end };
    holders_by_line(page, &Role::of_heading(page, &heading), value).map(|_| heading)
}

/// `Chairmanship rotates every two years` on a line of its own, and right below it a holder and a term a line: both, as a label and its value.
pub fn below_line(page: &Page<'_>, block: usize) -> Option<(Range<usize>, Range<usize>)> {
    let range = page.range(block);
    if page.line_starts_in(range.clone()).len() < 2 || !page.any_begins(&range, |tag| matches!(tag, Tag::Role(_))) {
        return None;
    }
    let lines = page.lines(block);
    let is_held_then = |line: &Range<usize>| page.dates_in(line.clone()).next().is_some() && is_entry(page, line);
    let first = lines.iter().position(is_held_then).filter(|&first| first > 0)?;
    let label = lines[first - 1].clone();
    let last = lines[first..].iter().take_while(|line| is_held_then(line)).last()?;
    let value = lines[first].start..last.end;
    let ends = matches!(page.text(label.end - 1), ":" | "." | ",");
    (!ends && announced(page, &label, &value).is_some()).then_some((label, value))
}

/// The lines of a stretch where each is a holder of a role that goes round and a term.
pub fn holders_by_line(page: &Page<'_>, role: &Role, range: &Range<usize>) -> Option<Vec<Range<usize>>> {
    if !is_held(role) || page.line_starts_in(range.clone()).is_empty() {
        return None;
    }
    let lines = page.lines_in(range.clone());
    let is_term = |line: &Range<usize>| page.dates_in(line.clone()).next().is_some() && is_entry(page, line);
    (lines.len() >= 2 && lines.iter().all(is_term)).then_some(lines)
}

/// `A until September 2016, then B`: who follows holds the role from the day up to which the one before held it.
pub fn next_in_turn(page: &Page<'_>, dialogue: usize, role: &Role, range: &Range<usize>, drafts: &mut Vec<Draft>) {
    let named = states(page, range.clone());
    for pair in named.windows(2) {
        let between = pair[0].end..pair[1].name.start;
        let Some(date) = page.dates_in(between.clone()).next() else { continue };
        let is_until = (between.start..date.tokens.start).any(|token| page.has(token, Tag::Until));
        let is_small = |token: usize| page.token(token).shape != Shape::Capital && page.token(token).shape != Shape::Upper;
        let follows = date.tokens.end < between.end && between.end - date.tokens.end <= SMALL && (date.tokens.end..between.end).all(is_small);
        let has_own = page.dates_in(pair[1].end..range.end.min(pair[1].end + SMALL)).next().is_some();
        if is_until && follows && !has_own && !is_said(page, &pair[1], role, drafts) {
            let dates = Term { start: Some((date.period, page.span(&date.tokens))), end: None };
            drafts.push(record(page, Some(dialogue), role, &pair[1], dates, "memberships/turns"));
        }
    }
}

/// Most small words and signs between a date and who follows, in tokens.
const SMALL: usize = 4;

/// `A for 2017, B for 2018`: pairs of a state and a date, two at least.
fn pairs(page: &Page<'_>, range: &Range<usize>) -> Vec<(Mention, Range<usize>)> {
    let found = dated(page, range);
    if found.len() >= 2 { found } else { Vec::new() }
}

/// The states of a range with a date right behind each.
fn dated(page: &Page<'_>, range: &Range<usize>) -> Vec<(Mention, Range<usize>)> {
    let mut found = Vec::new();
    for party in states(page, range.clone()) {
        let date = page.dates_in(party.end..range.end.min(party.end + 8)).next();
        let is_small = |token: usize| page.token(token).shape == Shape::Lower;
        if let Some(date) =
            date.filter(|date| date.tokens.start > party.end && date.tokens.start <= party.end + 2 && (party.end..date.tokens.start).all(is_small))
        {
            found.push((party, date.tokens.clone()));
        }
    }
    found
}

/// The role that goes round and is named in a sentence, and where.
fn role_in(page: &Page<'_>, block: usize, sentence: &Range<usize>) -> Option<(Role, usize)> {
    let is_role = |tag: Tag| matches!(tag, Tag::Role(_));
    page.begins(sentence, is_role).find_map(|token| {
        let mark = page.mark(token, is_role)?;
        let Tag::Role(index) = mark.tag else { return None };
        let words = page.span(&(mark.first..mark.end));
        let role = of_words(page, block, index, words);
        (is_held(&role) && !page.is_within_dialogue(&(mark.first..mark.end))).then_some((role, mark.first))
    })
}

/// The role of the heading above.
fn role_above(page: &Page<'_>, block: usize) -> Option<(Role, usize)> {
    let heading = roles::governing_role(page, block)?;
    let role = of_words(page, block, heading.role, page.span(&heading.words));
    is_held(&role).then_some((role, 0))
}

/// Hosts go round too, but a place with a year is said of meetings.
pub fn is_held(role: &Role) -> bool {
    role.goes_round() && role.name != "host"
}

fn of_words(page: &Page<'_>, block: usize, index: u16, words: Span) -> Role {
    let name = page.vocabulary().roles.role[index as usize].role.clone();
    of_working_group(page, block, Role { name, words, text: page.value(words), group: None, party: None })
}

/// A bracket behind a verb: `B followed (2014)`.
fn bracket_near(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let open = (at..end.min(at + 4))
        .take_while(|&token| page.token(token).shape == Shape::Lower || page.text(token) == "(")
        .find(|&token| page.text(token) == "(")?;
    let close = (open + 1..end.min(open + 16)).find(|&token| page.text(token) == ")")?;
    Some(open + 1..close)
}

/// Whether a bracket holds dates and words that go with them, and nothing else.
fn is_term(page: &Page<'_>, bracket: &Range<usize>) -> bool {
    let goes_with = |token: usize| {
        page.tokens
            .marks_at(token)
            .any(|mark| matches!(mark.tag, Tag::Since | Tag::Until | Tag::Article | Tag::Of | Tag::LinkWord | Tag::Through | Tag::Filler))
    };
    page.dates_in(bracket.clone()).next().is_some() && bracket.clone().all(|token| page.is_in_date(token) || !page.is_word(token) || goes_with(token))
}

/// A role passes from one to the next: the one who gives stands before the verb or behind "from", the one who takes behind "to".
fn hand_over(page: &Page<'_>, dialogue: usize, role: &Role, sentence: &Range<usize>, drafts: &mut Vec<Draft>) -> bool {
    let words = page.tokens.within(role.words);
    let is_named_here = sentence.contains(&words.start);
    let verb = sentence
        .clone()
        .find_map(|token| page.mark(token, |tag| matches!(tag, Tag::GivesOver | Tag::TakesOver)).filter(|mark| mark.end < sentence.end));
    // `the chairmanship from A to B` needs no verb.
    let from_to = || {
        let from = page.mark(words.end, |tag| tag == Tag::Since).filter(|_| is_named_here && words.end < sentence.end)?;
        Some(Mark { first: words.start, end: from.first, tag: Tag::GivesOver })
    };
    let Some(verb) = verb.or_else(from_to) else { return false };
    if is_named_here && (words.start + NEAR < verb.first || words.start > verb.end + NEAR) {
        return false;
    }
    let before = states(page, sentence.start..verb.first);
    // Another clause tells of somebody else.
    let ends = (verb.end..sentence.end).find(|&token| page.text(token) == ";").unwrap_or(sentence.end);
    let behind = states(page, verb.end..ends);
    let subject = before.last().filter(|party| verb.first - party.end <= NEAR && !stands_behind(page, party, Tag::PlacePreposition)).cloned();
    // `A, chair since 2014, hands over in 2016`: since when it was held is another day.
    let says_since =
        |at: usize| (at.saturating_sub(3)..at).any(|first| page.tokens.marks_at(first).any(|mark| mark.tag == Tag::Since && mark.end == at));
    let stated = |date: &DateMention| (date.period, page.span(&date.tokens));
    let before_verb = || page.dates_in(sentence.start..verb.first);
    let since = before_verb().find(|date| says_since(date.tokens.start)).map(stated);
    let date = page.dates_in(verb.end..sentence.end).chain(before_verb().filter(|date| !says_since(date.tokens.start))).next().map(stated);
    let (from, to) = if verb.tag == Tag::GivesOver {
        let to = behind.iter().find(|party| stands_behind(page, party, Tag::Until)).cloned();
        let from = behind
            .iter()
            .find(|party| stands_behind(page, party, Tag::Since) || stands_behind(page, party, Tag::Of))
            .filter(|from| Some(*from) != to.as_ref())
            .cloned();
        (from.or(subject), to)
    } else {
        let is_giver = |party: &&Mention| {
            party.name.start == verb.end || [Tag::Since, Tag::Of, Tag::Until].into_iter().any(|tag| stands_behind(page, party, tag))
        };
        (behind.iter().find(is_giver).cloned(), subject)
    };
    if to.is_none() {
        return false;
    }
    // Another rule may have read a part of this.
    let names: Vec<Span> = from.iter().chain(&to).map(|party| page.span(&party.name)).collect();
    drafts.retain(|draft| {
        draft.table != "memberships"
            || draft.text("role") != Some(role.name.as_str())
            || !draft.spans("member_name").iter().any(|name| names.contains(name))
    });
    if let Some(from) = from {
        drafts.push(record(page, Some(dialogue), role, &from, Term { start: since, end: date }, "memberships/handover"));
    }
    if let Some(to) = to {
        drafts.push(record(page, Some(dialogue), role, &to, Term { start: date, end: None }, "memberships/handover"));
    }
    true
}

fn states(page: &Page<'_>, range: Range<usize>) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for first in page.begins(&range, |tag| matches!(tag, Tag::Country(_))) {
        if found.last().is_some_and(|before| first < before.end) {
            continue;
        }
        let party = parties::party_at(page, first, range.end);
        found.extend(party.filter(|party| party.kind == Kind::State && party.name.start == first && !page.is_within_dialogue(&party.name)));
    }
    found
}

/// Whether a word of a kind stands right before a name, articles aside.
fn stands_behind(page: &Page<'_>, party: &Mention, tag: Tag) -> bool {
    let mut at = party.name.start;
    for _ in 0..3 {
        if at == 0 {
            return false;
        }
        if (at.saturating_sub(3)..at).any(|first| page.tokens.marks_at(first).any(|mark| mark.tag == tag && mark.end == at)) {
            return true;
        }
        if !page.has(at - 1, Tag::Article) && !matches!(page.text(at - 1), "'" | "’") {
            return false;
        }
        at -= 1;
    }
    false
}
