//! Organisations: the bodies that a document names, each once, in the fullest form that it has.
//!
//! In: a page. Out: one record an organisation: known ones, `Name (ACRONYM)`, names with the noun of an organisation in them, quoted
//! names behind such a noun, and entries of lists of organisations. A dialogue, meeting, programme or publication is none.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::names::{line_end, name_at, parts_of, trim_openers};
use super::page::Page;
use super::parties::{self, Kind};
use super::roles;
use crate::findings::Report;
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag, fold};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// An organisation of the page.
#[derive(Clone, Debug)]
struct Body {
    /// Index into the reference data.
    known: Option<u16>,
    name: Range<usize>,
    /// Whether the name is more than an acronym.
    spelled: bool,
    acronym: Option<Range<usize>>,
    kind: String,
    rule: &'static str,
}

/// The organisations found so far.
#[derive(Default)]
struct Bodies {
    list: Vec<Body>,
    by_known: HashMap<u16, usize>,
    by_words: HashMap<String, usize>,
}

impl Bodies {
    fn add(&mut self, page: &Page<'_>, body: Body) {
        let words = key(page, &body.name);
        let short = body.acronym.as_ref().map(|acronym| key(page, acronym));
        let place = body
            .known
            .and_then(|known| self.by_known.get(&known))
            .or_else(|| self.by_words.get(&words))
            .or_else(|| short.as_ref().and_then(|short| self.by_words.get(short)))
            .copied();
        let at = place.unwrap_or(self.list.len());
        if let Some(known) = body.known {
            self.by_known.insert(known, at);
        }
        self.by_words.insert(words, at);
        if let Some(short) = short {
            self.by_words.insert(short, at);
        }
        let Some(found) = self.list.get_mut(at) else {
            self.list.push(body);
            return;
        };
        found.known = found.known.or(body.known);
        if (body.spelled, body.name.len()) > (found.spelled, found.name.len()) {
            (found.name, found.spelled, found.rule) = (body.name, body.spelled, body.rule);
        }
        found.acronym = found.acronym.take().or(body.acronym);
    }
}

/// Emits the organisations of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut bodies = Bodies::default();
    known(page, &mut bodies);
    bracketed(page, &mut bodies);
    for (block, content) in page.numbered_blocks() {
        worded(page, block, &mut bodies);
        if content.kind != BlockKind::Heading {
            listed(page, block, &mut bodies);
            labelled(page, block, &mut bodies);
        }
    }
    bodies.list.sort_by_key(|body| body.name.start);
    let parts: HashSet<String> = bodies.list.iter().flat_map(|body| parts_of(&key(page, &body.name))).collect();
    for body in &bodies.list {
        // A shorter form of another name of the page: `the Observatory` of `Observatory on Migration`.
        let is_form = body.known.is_none() && body.acronym.is_none() && parts.contains(&key(page, &body.name));
        if is_form {
            continue;
        }
        let span = page.span(&body.name);
        let mut draft = Draft::new("organizations", body.rule).with("name", page.value(span), span).derived("kind", body.kind.as_str());
        if let Some(acronym) = &body.acronym {
            draft = draft.with("acronym", page.value_of(acronym), page.span(acronym));
        }
        drafts.push(draft);
    }
}

fn key(page: &Page<'_>, name: &Range<usize>) -> String {
    let words: Vec<String> =
        name.clone().filter(|&token| page.is_word(token) && !page.has(token, Tag::Article)).map(|token| fold(page.text(token))).collect();
    words.join(" ")
}

/// Bodies of the reference data.
fn known(page: &Page<'_>, bodies: &mut Bodies) {
    let by_end: HashMap<usize, usize> = page.acronyms.iter().enumerate().map(|(at, given)| (given.name.end, at)).collect();
    let by_acronym: HashMap<usize, usize> = page.acronyms.iter().enumerate().map(|(at, given)| (given.acronym.start, at)).collect();
    let mut end = 0;
    let mut dialogues = page.dialogue_mentions.iter().map(|(tokens, _)| tokens).peekable();
    for token in 0..page.tokens.tokens.len() {
        let Some(mark) = page.mark(token, |tag| matches!(tag, Tag::Organization(_))).filter(|_| token >= end) else { continue };
        let Tag::Organization(index) = mark.tag else { continue };
        while dialogues.peek().is_some_and(|tokens| tokens.end <= token) {
            dialogues.next();
        }
        let in_dialogue = dialogues.peek().is_some_and(|tokens| tokens.start <= token && mark.end <= tokens.end);
        end = mark.end;
        // `United Nations Building` is a place.
        let in_address = page
            .tokens
            .tokens
            .get(mark.end)
            .is_some_and(|_| page.is_capital(mark.end) && page.has(mark.end, Tag::AddressWord) && page.gap_before(mark.end) == " ");
        if in_dialogue
            || in_address
            || is_code(page, token, mark.end)
            || !by_acronym.contains_key(&token) && is_shouted(page, token, mark.end)
            || page.mark(token, |tag| matches!(tag, Tag::Dialogue(_))).is_some_and(|dialogue| dialogue.end >= mark.end)
        {
            continue;
        }
        let row = &page.reference.organizations[index as usize];
        let name = mark.first..mark.end;
        let text = page.value_of(&name);
        let is_acronym = row.acronym.as_deref() == Some(text.as_str())
            || (!text.contains(' ') && text.chars().filter(|letter| letter.is_alphabetic()).all(char::is_uppercase));
        let given = by_acronym
            .get(&name.start)
            .or_else(|| by_end.get(&name.end))
            .map(|&at| &page.acronyms[at])
            .filter(|given| given.name.end == name.end || given.acronym == name);
        let (name, acronym) = match given {
            Some(given) if given.acronym == name || given.name.len() >= name.len() => (given.name.clone(), Some(given.acronym.clone())),
            Some(given) => (name, Some(given.acronym.clone())),
            None => (name.clone(), is_acronym.then_some(name)),
        };
        let spelled = acronym.as_ref() != Some(&name);
        let name = if spelled { without_article(page, name) } else { name };
        bodies.add(page, Body { known: Some(index), name, spelled, acronym, kind: row.kind.clone(), rule: "organizations/known" });
    }
}

/// An acronym that stands for something else: the code of a state before its name, the group of states in `28 EU`, the question `WHO?`.
fn is_code(page: &Page<'_>, first: usize, end: usize) -> bool {
    if end != first + 1 || page.token(first).shape != Shape::Upper {
        return false;
    }
    let next = page.tokens.tokens.len() > end;
    let of_state = next
        && (page.gap_before(end).contains('\t') || page.gap_before(end).contains("  "))
        && page.token(first).span.len() <= 3
        && page.mark(end, |tag| matches!(tag, Tag::Country(_))).is_some();
    let is_group = page.mark(first, |tag| matches!(tag, Tag::Group(_))).is_some();
    let counted = is_group
        && (first > 0 && page.token(first - 1).shape == Shape::Number && !page.is_in_date(first - 1)
            || next && page.token(end).shape == Shape::Number && page.tokens.touches_previous(end)
            || page.tokens.tokens.len() > end + 1 && page.text(end) == "-" && page.token(end + 1).shape == Shape::Number);
    let asked = next && page.text(end) == "?";
    // `ASEAN-ACT` is another name, `ILO-IOM` are two.
    let compound = page.tokens.tokens.len() > end + 1
        && page.text(end) == "-"
        && page.tokens.touches_previous(end)
        && page.tokens.touches_previous(end + 1)
        && page.token(end + 1).shape == Shape::Upper
        && page.mark(end + 1, |tag| matches!(tag, Tag::Organization(_) | Tag::Group(_))).is_none();
    of_state || counted || asked || compound
}

/// A short acronym within a line in capitals is as likely a word.
fn is_shouted(page: &Page<'_>, first: usize, end: usize) -> bool {
    let is_upper = |token: usize| page.token(token).shape == Shape::Upper;
    let short = end == first + 1 && is_upper(first) && page.token(first).span.len() <= 4;
    let before = first > 0 && page.gap_before(first) == " " && is_upper(first - 1) && page.knows(first - 1);
    let after = end < page.tokens.tokens.len() && page.gap_before(end) == " " && is_upper(end);
    short && (after || before)
}

fn without_article(page: &Page<'_>, mut name: Range<usize>) -> Range<usize> {
    while name.len() > 1 && page.has(name.start, Tag::Article) {
        name.start += 1;
    }
    name
}

/// `Name (ACRONYM)` with the noun of an organisation.
fn bracketed(page: &Page<'_>, bodies: &mut Bodies) {
    for given in &page.acronyms {
        let name = without_article(page, given.name.clone());
        if is_dialogue(page, &name) || names_other_thing(page, &name, given.acronym.end) {
            continue;
        }
        let listed = || fits_initials(page, &name, &given.acronym) && beside_body(page, &name, given.acronym.end);
        let kind = organization_head(page, &name).or_else(|| listed().then(|| "other".to_owned()));
        let Some(kind) = kind else { continue };
        let known = page.tokens.marks_at(given.acronym.start).find_map(|mark| match mark.tag {
            Tag::Organization(index) if mark.end == given.acronym.end => Some(index),
            _ => None,
        });
        bodies.add(page, Body { known, name, spelled: true, acronym: Some(given.acronym.clone()), kind, rule: "organizations/acronym" });
    }
}

/// Whether the capitals of a name are the letters of its acronym, in order.
fn fits_initials(page: &Page<'_>, name: &Range<usize>, acronym: &Range<usize>) -> bool {
    let initials: String = name.clone().filter(|&token| page.is_capital(token)).filter_map(|token| page.text(token).chars().next()).collect();
    initials.chars().count() >= 3 && initials == page.value_of(acronym)
}

/// Whether a known body stands beside a name and its acronym in a list.
fn beside_body(page: &Page<'_>, name: &Range<usize>, acronym_end: usize) -> bool {
    let is_body = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Organization(_))).is_some();
    let is_sign = |token: usize| matches!(page.text(token), "," | ";" | "/" | "|" | "•" | "·") || page.has(token, Tag::And);
    let total = page.tokens.tokens.len();
    let behind = acronym_end + 2 < total && is_sign(acronym_end + 1) && (acronym_end + 2..total.min(acronym_end + 5)).any(is_body);
    let before = name.start > 1 && is_sign(name.start - 1) && (name.start.saturating_sub(8)..name.start).any(is_body);
    behind || before
}

/// Whether a name is that of a dialogue and nothing more.
fn is_dialogue(page: &Page<'_>, name: &Range<usize>) -> bool {
    page.is_within_dialogue(name)
}

/// Whether the words around a name say that it is a programme or publication: `... (TCLM) model`, `project Name (ACRONYM)`.
fn names_other_thing(page: &Page<'_>, name: &Range<usize>, acronym_end: usize) -> bool {
    let is_noun = |token: usize| page.mark(token, |tag| matches!(tag, Tag::ProgrammeHead | Tag::PublicationHead(_))).is_some();
    let behind = acronym_end + 1;
    let noun_behind = behind < page.tokens.tokens.len() && page.token(behind).shape == Shape::Lower && is_noun(behind);
    let noun_before = name.start > 0 && page.token(name.start - 1).shape == Shape::Lower && is_noun(name.start - 1);
    noun_behind || noun_before
}

/// The kind of organisation that a name is of by its noun: the last word before the first small word, the first word, or the last.
fn organization_head(page: &Page<'_>, name: &Range<usize>) -> Option<String> {
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).unwrap_or(name.end);
    let head_at =
        |token: usize| page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).filter(|mark| mark.end <= name.end && page.is_capital(token));
    let front = (name.start..small).rev().filter_map(head_at).find(|mark| mark.end >= small);
    let other_noun = small > name.start && {
        let last = small - 1;
        front.is_none()
            && page.tokens.marks_at(last).any(|mark| {
                mark.end == small && matches!(mark.tag, Tag::MeetingHead | Tag::DialogueHead(_) | Tag::ProgrammeHead | Tag::PublicationHead(_))
            })
    };
    let first = head_at(name.start).filter(|_| !other_noun);
    // The last word where no small word but `and` stands within: `Trade and Labour Board`.
    let only_and = (small..name.end).all(|token| page.token(token).shape != Shape::Lower || page.has(token, Tag::And));
    let last = (name.start..name.end).rev().filter_map(head_at).find(|mark| mark.end == name.end && only_and);
    let Tag::OrganizationHead(kind) = front.or(first).or(last)?.tag else { return None };
    Some(page.vocabulary().names.organization[kind as usize].kind.clone())
}

/// Names in running text that have the noun of an organisation, and quoted names behind such a noun.
fn worded(page: &Page<'_>, block: usize, bodies: &mut Bodies) {
    let range = page.range(block);
    if !page.any_begins(&range, |tag| matches!(tag, Tag::OrganizationHead(_))) {
        return;
    }
    let mut at = range.start;
    while at < range.end {
        if let Some(body) = quoted(page, at, range.end) {
            at = body.name.end;
            bodies.add(page, body);
            continue;
        }
        let glued = at > range.start && page.tokens.touches_previous(at) && matches!(page.text(at - 1), "-" | "–" | "’" | "'" | "@" | "." | "/");
        let Some(name) = (!glued).then(|| name_at(page, at, line_end(page, at, range.end))).flatten() else {
            at += 1;
            continue;
        };
        let next = name.end.max(at + 1);
        let name = trim_openers(page, name);
        let kind = organization_head(page, &name).filter(|_| is_name_of_one_body(page, &name));
        if kind.is_none() {
            // Two names held together by `and`, or a known one at the front: the rest is looked at for itself.
            let known = page.mark(name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_))).map(|mark| mark.end);
            let and = name.clone().find(|&token| page.has(token, Tag::And)).map(|token| token + 1);
            // `Director at the Ministry of X`
            let head = (name.start + 1..name.end).find(|&token| {
                page.is_capital(token)
                    && page.token(token - 1).shape == Shape::Lower
                    && page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some()
            });
            at = [known, and, head].into_iter().flatten().filter(|&after| after > at && after < next).min().unwrap_or(next);
            continue;
        }
        if let Some(kind) = kind {
            let whole = name.clone();
            let name = with_portfolio(page, name, line_end(page, at, range.end), &kind);
            let next = next.max(name.end);
            let name = with_seat(page, name, range.end, &kind);
            if name == whole && is_unit(page, &name) {
                at = next;
                continue;
            }
            let given = page.acronyms.iter().find(|given| given.name.end == name.end && given.name.start >= name.start);
            let acronym = given.map(|given| given.acronym.clone());
            bodies.add(page, Body { known: None, name, spelled: true, acronym, kind, rule: "organizations/noun" });
        }
        at = next;
    }
}

/// Whether a name has a word of its own beside noun, role and filling words, and is not part of the name of something else.
fn is_name_of_one_body(page: &Page<'_>, name: &Range<usize>) -> bool {
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    let own = name.clone().filter(|&token| page.is_capital(token)).any(|token| {
        !page.tokens.marks_at(token).any(|mark| {
            mark.end <= name.end
                && matches!(
                    mark.tag,
                    Tag::OrganizationHead(_)
                        | Tag::Role(_)
                        | Tag::Filler
                        | Tag::Generic
                        | Tag::PartyNoun(_)
                        | Tag::Article
                        | Tag::Ordinal(_)
                        | Tag::MeetingHead
                        | Tag::Heading(_)
                        | Tag::Opener
                )
        })
    });
    let of_dialogue = page.is_within_dialogue(&(name.start..name.start + 1))
        || page.dialogues_in(name.start..name.end + 24).any(|(tokens, _)| tokens.start < name.end);
    let is_known = page
        .tokens
        .marks_at(name.start)
        .any(|mark| matches!(mark.tag, Tag::Organization(_) | Tag::Country(_) | Tag::City(_)) && mark.end >= name.end);
    let lists_bodies =
        name.clone().any(|token| page.has(token, Tag::And) && page.mark(token + 1, |tag| matches!(tag, Tag::Organization(_))).is_some());
    // Behind the noun and a small word any word will do: `Ministry of Labour`.
    let goes_on = page.mark(name.start, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some_and(|mark| mark.end + 1 < name.end);
    capitals >= 2 && (own || goes_on) && !of_dialogue && !is_known && !lists_bodies && name.len() <= 24
}

/// Whether a name is that of a part of a body, an office or division, and not of a body of its own.
fn is_unit(page: &Page<'_>, name: &Range<usize>) -> bool {
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).unwrap_or(name.end);
    page.has(small - 1, Tag::UnitHead) || page.has(name.start, Tag::UnitHead) || page.has(name.end - 1, Tag::UnitHead)
}

/// `Ministry of Gender, Labour and Social Development`: what a body of government is in charge of may be a list.
fn with_portfolio(page: &Page<'_>, name: Range<usize>, end: usize, kind: &str) -> Range<usize> {
    if kind != "government_body" {
        return name;
    }
    let is_plain = |token: usize| {
        page.is_capital(token)
            && page
                .mark(token, |tag| matches!(tag, Tag::Country(_) | Tag::City(_) | Tag::Organization(_) | Tag::Group(_) | Tag::OrganizationHead(_)))
                .is_none()
    };
    let mut next = name.end;
    while next + 1 < end && page.text(next) == "," && is_plain(next + 1) {
        next += 1;
        while next < end && is_plain(next) && page.gap_before(next) == " " {
            next += 1;
        }
    }
    let and = next > name.end && next + 1 < end && page.has(next, Tag::And) && is_plain(next + 1);
    if !and {
        return name;
    }
    let mut last = next + 1;
    while last < end && is_plain(last) && page.gap_before(last) == " " {
        last += 1;
    }
    name.start..last
}

/// `Ministry of Labour, Thailand`: the state of a body of government is part of its name.
fn with_seat(page: &Page<'_>, name: Range<usize>, end: usize, kind: &str) -> Range<usize> {
    if kind != "government_body" || name.end + 1 >= end || page.text(name.end) != "," {
        return name;
    }
    match page.mark(name.end + 1, |tag| matches!(tag, Tag::Country(_))).filter(|mark| mark.end <= end) {
        Some(mark)
            if mark.end == end || !matches!(page.text(mark.end), "," | ";") || page.text(mark.end) == "," && !is_list_behind(page, mark.end, end) =>
        {
            name.start..mark.end
        }
        _ => name,
    }
}

/// Whether another state follows: then the states are a list and no seat.
fn is_list_behind(page: &Page<'_>, comma: usize, end: usize) -> bool {
    comma + 1 < end && page.mark(comma + 1, |tag| matches!(tag, Tag::Country(_) | Tag::And)).is_some()
}

/// `the civil society organisation, ‘Name’`.
fn quoted(page: &Page<'_>, at: usize, end: usize) -> Option<Body> {
    if page.token(at).shape != Shape::Lower {
        return None;
    }
    let mark = page.mark(at, |tag| matches!(tag, Tag::OrganizationHead(_))).filter(|mark| mark.end < end)?;
    let Tag::OrganizationHead(kind) = mark.tag else { return None };
    let open = if page.text(mark.end) == "," { mark.end + 1 } else { mark.end };
    if open + 1 >= end || !matches!(page.text(open), "‘" | "“" | "\"" | "«" | "'" | "„") {
        return None;
    }
    // An apostrophe within a word closes nothing.
    let within_word = |token: usize| token + 1 < end && page.tokens.touches_previous(token + 1) && page.is_word(token + 1);
    let close =
        (open + 2..end.min(open + 14)).find(|&token| matches!(page.text(token), "’" | "”" | "\"" | "»" | "'" | "“") && !within_word(token))?;
    let name = open + 1..close;
    let kind = page.vocabulary().names.organization[kind as usize].kind.clone();
    page.is_capital(name.start).then_some(Body { known: None, name, spelled: true, acronym: None, kind, rule: "organizations/quoted" })
}

/// Entries of lists of organisations.
fn listed(page: &Page<'_>, block: usize, bodies: &mut Bodies) {
    let Some(heading) = roles::governing_role(page, block) else { return };
    // Items under "Partners" are bodies where they are no states.
    let role = page.vocabulary().roles.role[usize::from(heading.role)].role.as_str();
    let is_open = heading.party.is_none()
        && matches!(role, "partner" | "observer")
        && page.block(block).kind == BlockKind::Item
        && page.range(block).len() <= 10;
    if heading.party != Some(PartyNoun::Organization) && !is_open {
        return;
    }
    let range = page.range(block);
    let is_prose = range
        .clone()
        .filter(|&token| {
            page.token(token).shape == Shape::Lower && page.is_word(token) && !page.has(token, Tag::Connector) && !page.has(token, Tag::And)
        })
        .count()
        * 3
        > range.len();
    if is_prose || heading.words.start >= range.start {
        return;
    }
    let stretches = if page.block(block).kind == BlockKind::Row { page.cells(block) } else { page.lines(block) };
    for stretch in stretches {
        entries(page, &stretch, true, bodies);
    }
}

/// Entries behind a label: `Observers: A, B, C`.
fn labelled(page: &Page<'_>, block: usize, bodies: &mut Bodies) {
    for (label, value) in roles::labels(page, page.range(block)) {
        let Some(role) = roles::role_of(page, label) else { continue };
        if role.party != Some(PartyNoun::State) && value.len() >= 3 {
            entries(page, &value, role.party == Some(PartyNoun::Organization), bodies);
        }
    }
}

/// A name that goes on in small words is one up to the next sign: `Agence tunisienne de coopération technique (ATCT)`.
fn whole_entry(page: &Page<'_>, mut party: parties::Mention, end: usize) -> parties::Mention {
    let goes_on = party.kind == Kind::Organization
        && party.note.is_none()
        && party.end < end
        && page.token(party.end).shape == Shape::Lower
        && !page.has(party.end, Tag::And)
        && page.gap_before(party.end) == " ";
    if !goes_on {
        return party;
    }
    let sign =
        (party.end..end).find(|&token| matches!(page.text(token), "," | ";" | "(" | "." | ":" | "|" | "–") || page.is_in_date(token)).unwrap_or(end);
    let is_sentence =
        (party.end..sign).any(|token| page.has(token, Tag::ListEnd) && !page.has(token, Tag::Connector) && !page.has(token, Tag::PlacePreposition));
    if is_sentence || sign - party.name.start > 14 {
        return party;
    }
    party.name.end = sign;
    party.note = (sign + 2 < end && page.text(sign) == "(" && page.text(sign + 2) == ")").then(|| sign + 1..sign + 2);
    party.end = party.note.as_ref().map_or(sign, |note| note.end + 1);
    party
}

/// The organisations of a list. Where the list may hold states too, an unknown name is one by its noun or its capitals.
fn entries(page: &Page<'_>, stretch: &Range<usize>, all: bool, bodies: &mut Bodies) {
    let (found, _) = parties::list_at(page, stretch.start, stretch.end);
    let is_list = found.len() >= 2;
    for party in found
        .into_iter()
        .map(|party| if all { whole_entry(page, party, stretch.end) } else { party })
        .filter(|party| party.kind == Kind::Organization && !is_dialogue(page, &party.name))
    {
        let one_acronym = party.name.len() == 1 && page.token(party.name.start).shape == Shape::Upper;
        let acronym = party
            .note
            .filter(|note| note.len() <= 4 && page.token(note.start).shape == Shape::Upper)
            .or_else(|| one_acronym.then(|| party.name.clone()));
        let is_known = page.mark(party.name.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end >= party.name.end);
        let is_label = party.end < stretch.end && page.text(party.end) == ":"
            || page.mark(party.name.start, |tag| matches!(tag, Tag::Role(_))).is_some_and(|mark| mark.end >= party.name.end);
        // A known name at the end of a line, and the next line begins with a capital.
        let runs_on = page
            .mark(party.name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Country(_) | Tag::Group(_)))
            .is_some_and(|mark| mark.end < party.name.end && page.gap_before(mark.end).contains('\n'));
        if is_label || runs_on {
            continue;
        }
        let kind = organization_head(page, &party.name).filter(|_| is_name_of_one_body(page, &party.name));
        if is_known || !all && !(is_list && (acronym.is_some() || kind.is_some())) {
            continue;
        }
        bodies.add(
            page,
            Body {
                known: None,
                name: party.name,
                spelled: !one_acronym,
                acronym,
                kind: kind.unwrap_or_else(|| "other".to_owned()),
                rule: "organizations/list",
            },
        );
    }
}
