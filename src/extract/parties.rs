//! Parties: states, groups of states and organisations in a list, as in "the Harbour Council States, A and B".

use std::ops::Range;

use super::list_heads::{self, heads_bodies_of, over_delegates, over_described, over_region};
use super::names::name_at;
use super::page::Page;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::tokens::Mark;

/// What kind of party a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    State,
    Group,
    Organization,
}

impl Kind {
    /// How the record names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Group => "group",
            Self::Organization => "organization",
        }
    }
}

/// A party in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub kind: Kind,
    pub name: Range<usize>,
    /// A bracket behind the name.
    pub note: Option<Range<usize>>,
    /// Token after name and note.
    pub end: usize,
}

/// The party whose name starts at a token, articles and nouns such as "member countries of" before it left out.
#[must_use]
pub fn party_at(page: &Page<'_>, at: usize, end: usize) -> Option<Mention> {
    // Most words of running text: no capital, and nothing known.
    if at >= end || !page.is_capital(at) && !page.any_begins(&(at..at + 1), |_| true) {
        return None;
    }
    let mut first = at;
    while first < end && is_before_name(page, first) {
        first += 1;
        // An article that is cut short: `l’Algérie`.
        if first < end && matches!(page.text(first), "'" | "’" | "´") && page.tokens.touches_previous(first) {
            first += 1;
        }
    }
    first = over_code(page, first, end);
    if first >= end {
        return None;
    }
    let entity = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Group(_) | Tag::Organization(_) | Tag::Dialogue(_));
    let mark = page.mark(first, entity).filter(|mark| mark.end <= end);
    let name = name_at(page, first, end);
    let (kind, mut range) = match (mark, name) {
        // A longer name that only begins like a state or group is an organisation.
        (Some(mark), Some(name)) if name.end > mark.end && is_longer_name(page, mark.end, &name) => (Kind::Organization, name),
        (Some(mark), _) => (kind_of(page, first, mark.end), mark.first..mark.end),
        (None, Some(name)) if describes(page, &name, end) => return None,
        (None, Some(name)) => (Kind::Organization, name),
        (None, None) => return None,
    };
    if kind == Kind::Organization {
        range.end = end_of_given(page, &range, end);
    }
    if kind == Kind::Group {
        // The number of a group is part of its name: `EU27`.
        if range.end < end && page.token(range.end).shape == Shape::Number && page.tokens.touches_previous(range.end) {
            range.end += 1;
        }
    }
    // `A, and the`: small words behind a state that a name of it can end with belong to what follows.
    if kind == Kind::State {
        let trails = |token: usize| {
            page.text(token) == "," || page.token(token).shape == Shape::Lower && (page.has(token, Tag::And) || page.has(token, Tag::Article))
        };
        let whole = (first + 1..range.end).rev().find(|&token| !trails(token)).map_or(first + 1, |token| token + 1);
        // `A, the former B`: the article of the next.
        let next_begins = || whole < range.end && range.end < end && page.mark(range.end, |tag| matches!(tag, Tag::Country(_))).is_some();
        if (whole..range.end).any(|token| page.has(token, Tag::And)) || next_begins() {
            range.end = whole;
        }
    }
    let mut next = range.end;
    if kind == Kind::Group {
        // The chair of a group is not the group.
        if next < end && page.mark(next, |tag| matches!(tag, Tag::Role(role) if goes_round(page, role))).is_some() {
            return None;
        }
        while next < end && (page.tokens.marks_at(next).any(|mark| matches!(mark.tag, Tag::PartyNoun(_) | Tag::Role(_)))) {
            next += 1;
        }
        if next > range.end {
            range.end = next;
        }
    }
    while next < end && matches!(page.text(next), "*" | "†" | "¹" | "²" | "³" | "’" | "'") {
        next += 1;
    }
    let note = bracket(page, next, end).or_else(|| note_behind_comma(page, next, end));
    let next = note.as_ref().map_or(next, |note| note.end + 1);
    Some(Mention { kind, name: range, note, end: next })
}

/// `Northern countries`: whether a word that no name is known by only says of which part of the world the states behind it are.
fn describes(page: &Page<'_>, name: &Range<usize>, end: usize) -> bool {
    let is_noun = |token: usize| page.token(token).shape == Shape::Lower && page.has(token, Tag::PartyNoun(PartyNoun::State));
    name.len() == 1 && page.token(name.start).shape == Shape::Capital && name.end < end && is_noun(name.end)
}

/// Where a name ends that goes on in small letters up to an acronym: `Commission de la Communauté économique des États (ABC)`.
fn end_of_given(page: &Page<'_>, name: &Range<usize>, end: usize) -> usize {
    let upto = page.acronyms.partition_point(|given| given.name.start < name.end);
    let given = page.acronyms[..upto].iter().rev().take(2).find(|given| given.name.start >= name.start && given.name.end > name.end);
    given.map_or(name.end, |given| given.name.end).min(end)
}

/// `A, (Vice-Chair) B`: a role in brackets with the comma on its wrong side.
fn note_behind_comma(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let note = (at + 1 < end && page.text(at) == ",").then(|| bracket(page, at + 1, end)).flatten()?;
    let role = page.mark(note.start, |tag| matches!(tag, Tag::Role(role) if goes_round(page, role)))?;
    let goes_on = note.end + 1 < end && page.is_capital(note.end + 1);
    (role.end == note.end && goes_on).then_some(note)
}

fn goes_round(page: &Page<'_>, role: u16) -> bool {
    matches!(page.vocabulary().roles.role[role as usize].role.as_str(), "chair" | "co_chair" | "coordinator" | "troika")
}

/// `AA A`: the code of a state before its name.
fn over_code(page: &Page<'_>, at: usize, end: usize) -> usize {
    let is_code = at + 1 < end && page.token(at).shape == Shape::Upper && matches!(page.text(at).len(), 2 | 3);
    if !is_code {
        return at;
    }
    let next = at + 1;
    let Some(Tag::Country(country)) = page.mark(next, |tag| matches!(tag, Tag::Country(_))).map(|mark| mark.tag) else { return at };
    let named = &page.reference.countries[country as usize];
    let coded = page.reference.country_of_code(page.text(at));
    if coded.is_some_and(|coded| coded.iso3 == named.iso3) { next } else { at }
}

/// The tokens within a bracket that opens at a token.
fn bracket(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    if at >= end || !matches!(page.text(at), "(" | "[") {
        return None;
    }
    let close = (at + 1..end.min(at + 24)).find(|&token| matches!(page.text(token), ")" | "]"))?;
    Some(at + 1..close)
}

fn kind_of(page: &Page<'_>, first: usize, end: usize) -> Kind {
    let has = |of: fn(&Tag) -> bool| page.tokens.marks_at(first).any(|mark| mark.end == end && of(&mark.tag));
    let states_follow = page.tokens.tokens.len() > end
        && (page.mark(end, |tag| matches!(tag, Tag::PartyNoun(PartyNoun::State) | Tag::Role(_))).is_some()
            || (page.token(end).shape == Shape::Number && page.tokens.touches_previous(end)));
    if has(|tag| matches!(tag, Tag::Country(_))) {
        Kind::State
    } else if has(|tag| matches!(tag, Tag::Group(_))) && (states_follow || !has(|tag| matches!(tag, Tag::Organization(_)))) {
        Kind::Group
    } else if has(|tag| matches!(tag, Tag::Organization(_))) {
        Kind::Organization
    } else {
        Kind::Group
    }
}

/// Longest name of a state, in tokens.
const STATE: usize = 6;

/// Whether a name goes on behind a known one in a way that makes it another name.
fn is_longer_name(page: &Page<'_>, known_end: usize, name: &Range<usize>) -> bool {
    let rest = known_end..name.end;
    if page.gap_before(rest.start).contains('\n')
        && page.mark(rest.start, |tag| matches!(tag, Tag::Country(_) | Tag::Group(_) | Tag::Organization(_))).is_some()
    {
        return false;
    }
    // The next line begins something else, or the next state of a list without commas: the name of a state is whole.
    let is_state =
        (name.start..known_end).any(|token| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Country(_)) && mark.end == known_end));
    // The noun of a body, but not the one in the name of a state: `Federation`.
    let in_state = |token: usize| {
        (token.saturating_sub(STATE)..=token)
            .any(|first| page.tokens.marks_at(first).any(|mark| matches!(mark.tag, Tag::Country(_)) && mark.end > token))
    };
    // The next state or known body ends what can be one name.
    let body = rest.start..(rest.start + 1..rest.end).find(|&token| begins_another(page, token)).unwrap_or(rest.end);
    let names_body = || body.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some() && !in_state(token));
    if is_state && is_known_acronym(page, rest.start) {
        return false;
    }
    let ends_there = page.gap_before(rest.start).contains('\n') || is_named_state(page, rest.start);
    if page.token(rest.start).shape == Shape::Number || is_state && ends_there && !names_body() {
        return false;
    }
    let starts_with_role = page.tokens.marks_at(rest.start).any(|mark| matches!(mark.tag, Tag::PartyNoun(_) | Tag::Role(_)));
    let small_word = page.token(rest.start).shape == Shape::Lower;
    let mark = matches!(page.text(rest.start), "-" | "–" | "/" | "+" | "&" | "’" | "'");
    !starts_with_role && !small_word && !mark
}

/// Words before a name in a list that are no part of it.
fn is_before_name(page: &Page<'_>, token: usize) -> bool {
    let is_small = |mark: Mark| matches!(mark.tag, Tag::Article | Tag::Filler | Tag::PartyNoun(_) | Tag::Role(_) | Tag::Of | Tag::And);
    // What most tokens fail at comes first.
    if !page.tokens.marks_at(token).any(is_small) {
        return false;
    }
    let entity = page.mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::Group(_) | Tag::Organization(_)));
    // A form of the name that has its article is no other name: `le A`.
    let bare = |end: usize| page.mark(token + 1, |tag| matches!(tag, Tag::Country(_))).is_some_and(|bare| bare.end == end);
    let is_bare_behind = page.has(token, Tag::Article) && page.token(token).shape == Shape::Lower;
    entity.is_none_or(|entity| is_bare_behind && entity.end > token + 1 && bare(entity.end))
        && (page.token(token).shape == Shape::Lower || page.has(token, Tag::Article) || page.has(token, Tag::PartyNoun(PartyNoun::State)))
}

/// The parties of a list from a token on, and the token after the list.
#[must_use]
pub fn list_at(page: &Page<'_>, at: usize, end: usize) -> (Vec<Mention>, usize) {
    let mut parties = Vec::new();
    let mut next = at;
    let mut after = at;
    while next < end {
        let may_be_headed = list_heads::may_begin(page, next, end);
        if let Some(counted) = may_be_headed.then(|| over_counted(page, next, end)).flatten() {
            // The counted parties may be named in brackets or behind a colon.
            let opens = counted + 1 < end && matches!(page.text(counted), "(" | ":");
            if let Some(behind) = over_region(page, counted, end).filter(|_| !opens) {
                next = behind;
                continue;
            }
            next = if opens { counted + 1 } else { over_separators(page, counted, end).unwrap_or(end) };
            continue;
        }
        let head = || over_region(page, next, end).or_else(|| over_described(page, next, end)).or_else(|| over_delegates(page, next, end));
        if let Some(behind) = may_be_headed.then(head).flatten() {
            next = behind;
            continue;
        }
        if may_be_headed && heads_bodies_of(page, next, end) {
            break;
        }
        let Some(party) = party_at(page, next, end) else { break };
        if next > at && (is_remark(page, &parties, next, &party) || is_another_line(page, next, &party)) {
            break;
        }
        after = party.end;
        next = over_group_tail(page, party.end, end);
        parties.push(party);
        match over_separators(page, next, end) {
            Some(behind) => next = behind,
            // A list that lost its commas: one state right behind the other.
            None if next < end && parties.last().is_some_and(|party| party.kind == Kind::State) && state_follows(page, next, end) => {}
            None => break,
        }
    }
    (parties, after)
}

/// Whether a state stands right at a token, or behind its article.
fn state_follows(page: &Page<'_>, at: usize, end: usize) -> bool {
    let first = if page.has(at, Tag::Article) { at + 1 } else { at };
    first < end && page.mark(first, |tag| matches!(tag, Tag::Country(_))).is_some() && (page.is_capital(at) || first > at)
}

/// Whether the acronym of a body or dialogue stands at a token.
fn is_known_acronym(page: &Page<'_>, token: usize) -> bool {
    let is_upper = page.token(token).shape == Shape::Upper && page.text(token).len() > 2;
    let is_known = |tag: Tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_));
    is_upper && (page.mark(token, is_known).is_some() || page.dialogues_in(token..token + 1).next().is_some())
}

fn begins_another(page: &Page<'_>, token: usize) -> bool {
    is_named_state(page, token) || is_known_acronym(page, token)
}

fn is_named_state(page: &Page<'_>, token: usize) -> bool {
    page.is_capital(token) && page.mark(token, |tag| matches!(tag, Tag::Country(_))).is_some()
}

/// Whether a name that nobody knows begins a line behind one that ended without a comma: something else begins there.
fn is_another_line(page: &Page<'_>, at: usize, party: &Mention) -> bool {
    let known = page.tokens.marks_at(party.name.start).any(|mark| matches!(mark.tag, Tag::Organization(_) | Tag::Group(_) | Tag::Country(_)));
    let is_sign = |token: usize| !page.is_word(token) && page.text(token) != ")" || page.mark(token, |tag| tag == Tag::And).is_some();
    party.kind == Kind::Organization && !known && party.note.is_none() && page.gap_before(at).contains('\n') && !is_sign(at - 1)
}

/// `A – Ministry of the Sea`: what stands behind a dash is a remark on the only state before it, not another party.
fn is_remark(page: &Page<'_>, before: &[Mention], at: usize, party: &Mention) -> bool {
    let [only] = before else { return false };
    let is_state = |party: &Mention| party.kind == Kind::State;
    is_state(only) && !is_state(party) && matches!(page.text(at - 1), "–" | "—" | "-" | "|" | "/")
}

/// Behind a group: `countries of origin`.
fn over_group_tail(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    // An adjective behind the noun: `pays riverains`.
    if next + 1 < end && page.token(next).shape == Shape::Lower && matches!(page.text(next + 1), ":" | "(") {
        next += 1;
    }
    while next + 1 < end && page.has(next, Tag::Of) && page.token(next + 1).shape == Shape::Lower && page.is_word(next + 1) {
        next += 2;
        while next < end
            && page.token(next).shape == Shape::Lower
            && page.has(next - 1, Tag::Article) | (next + 1 < end && matches!(page.text(next + 1), "(" | ":"))
            && !page.has(next, Tag::And)
        {
            next += 1;
        }
    }
    next
}

/// `nine Asian countries of destination`: counted parties without names.
fn over_counted(page: &Page<'_>, at: usize, end: usize) -> Option<usize> {
    // `the following organizations: A, B`
    let is_small = |token: usize| {
        page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Article | Tag::Filler | Tag::LinkWord)) && !page.is_capital(token)
    };
    let noun = (at..end.min(at + 4))
        .find(|&token| !is_small(token))
        .filter(|&token| token > at)
        .and_then(|token| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_))));
    if let Some(noun) = noun.filter(|noun| noun.end + 1 < end && page.text(noun.end) == ":") {
        return Some(noun.end);
    }
    // `près de soixante pays`
    let at = page.mark(at, |tag| matches!(tag, Tag::Qualifier(_))).map_or(at, |mark| mark.end).min(end.saturating_sub(1));
    let number = page.token(at).shape == Shape::Number || page.mark(at, |tag| matches!(tag, Tag::Cardinal(_))).is_some();
    if !number {
        return None;
    }
    let noun = (at + 1..end.min(at + 4)).find_map(|token| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_))))?;
    Some(over_group_tail(page, noun.end, end))
}

/// Behind a bracket of a few words that names no party.
fn note_end(page: &Page<'_>, open: usize, end: usize) -> Option<usize> {
    let note = bracket(page, open, end).filter(|note| note.len() <= NOTE && note.end + 1 < end)?;
    let is_party = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::Group(_));
    (!note.clone().any(|token| page.mark(token, is_party).is_some())).then_some(note.end + 1)
}

/// Longest such note, in tokens.
const NOTE: usize = 4;

/// Commas, semicolons, `and`, line ends and the like between two parties; none where the list ends.
pub fn over_separators(page: &Page<'_>, at: usize, end: usize) -> Option<usize> {
    let mut next = at;
    while next < end {
        let is_sign = page.token(next).shape == Shape::Mark
            && matches!(
                page.text(next),
                "," | ";"
                    | "/"
                    | "&"
                    | "·"
                    | "•"
                    | "|"
                    | "–"
                    | "—"
                    | "-"
                    | "+"
                    | ")"
                    | "→"
                    | "›"
                    | "»"
                    | ">"
                    | "\u{fffd}"
                    | "∙"
                    | "▪"
                    | "●"
                    | "*"
                    | "~"
                    | "\\"
            );
        match page.mark(next, |tag| tag == Tag::And) {
            Some(mark) => next = mark.end,
            None if is_sign => next += 1,
            // A note behind the comma: `A, (Vice-Chair) B`.
            None if next > at && page.text(next) == "(" => match note_end(page, next, end) {
                Some(close) => next = close,
                None => break,
            },
            // A note mark in brackets: `A,[a] B`.
            None if page.text(next) == "[" && next + 2 < end && page.text(next + 2) == "]" => next += 3,
            None => break,
        }
    }
    // A name of its own on the next line.
    let new_line = next == at && next < end && page.gap_before(next).contains('\n') && page.is_capital(next);
    ((next > at || new_line) && next < end).then_some(next)
}
