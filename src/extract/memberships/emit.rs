//! The parties of a list, a record each: names that nobody knows where they stand among parties, notes in brackets, codes of states.

use std::ops::Range;

use super::prose::is_dialogue;
use super::terms::{Term, over_term, term};
use super::{Role, bodies, is_known, looks_like_body, record};
use crate::extract::names;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::model::gazetteer::{Party as PartyNoun, Shape, Tag};
use crate::model::record::Draft;
use crate::model::reference::Country;
use crate::model::text::BlockKind;

/// Emits each party of a list; the dates in the list are those of the term.
pub fn emit_list(
    page: &Page<'_>,
    dialogue: Option<usize>,
    role: &Role,
    range: Range<usize>,
    dates: Term,
    rule: &'static str,
    drafts: &mut Vec<Draft>,
) {
    let start = over_term(page, range.start, range.end);
    if emit_codes(page, dialogue, role, start..range.end, rule, drafts) {
        return;
    }
    // `also A and B` below the others.
    let beside = page
        .mark(start, |tag| tag == Tag::LinkWord)
        .filter(|mark| mark.end < range.end && page.token(start).shape == Shape::Lower && !page.has(start, Tag::Of));
    let start = beside.filter(|mark| parties::party_at(page, mark.end, range.end).is_some()).map_or(start, |mark| mark.end);
    if let Some(country) = code_at(page, start).filter(|_| is_coded(page, start)) {
        return emit_code(page, dialogue, role, (start, country), rule, drafts);
    }
    let says_bodies = role.party == Some(PartyNoun::Organization)
        || rule == "memberships/label" && matches!(role.name.as_str(), "partner" | "observer") && bodies::mixes(page, &(start..range.end));
    let bodies = says_bodies.then(|| bodies::named(page, &(start..range.end))).flatten();
    let by_label = bodies.is_some();
    let mut found = bodies.unwrap_or_else(|| parties::list_at(page, start, range.end).0);
    merge_seat(page, &mut found);
    // A dialogue is no member of itself: its name can stand in the running head of a list.
    let is_itself = |party: &Mention| role.name != "secretariat" && dialogue.is_some_and(|dialogue| is_dialogue(page, party, dialogue));
    // Under `Member organisations` a state on a line of its own says where those below it are.
    let is_place = |party: &Mention| role.party == Some(PartyNoun::Organization) && party.kind == Kind::State && rule == "memberships/lines";
    if !found.is_empty() && found.iter().all(is_place) {
        return page.refuse(rule, &range, "a state in a list of bodies says where they are");
    }
    found.retain(|party| !is_place(party));
    found.retain(|party| (by_label || !is_of_another_column(page, party) && !is_debris(page, party)) && !is_itself(party));
    // `USM – Union syndicale des marins`: a body under both its names.
    if let [short, long] = found.as_slice() {
        let dash = short.end + 1 == long.name.start && matches!(page.text(short.end), "–" | "—" | "-");
        let is_short = short.name.len() == 1 && page.token(short.name.start).shape == Shape::Upper;
        if dash && is_short && short.kind == Kind::Organization && long.kind == Kind::Organization && !is_known(page, long) {
            found.truncate(1);
        }
    }
    if let [only] = found.as_slice() {
        found = vec![whole_name(page, only.clone(), range.end)];
    }
    if found.is_empty() || !by_label && !found.iter().any(|party| party.kind != Kind::Organization || looks_like_body(page, party)) {
        // `This designation is ...`: one word with a capital, and the sentence goes on in small letters.
        let goes_on = |party: &Mention| {
            let next = party.end;
            let is_word = next < range.end && page.token(next).shape == Shape::Lower && page.is_word(next);
            party.name.len() == 1 && party.note.is_none() && is_word && !page.has(next, Tag::Since) && !page.has(next, Tag::Until)
        };
        let is_sentence = |party: &Mention| party.end + 1 < range.end && page.text(party.end) == "." || goes_on(party);
        found.retain(|party| among_parties(page, range.start) && !is_sentence(party));
        if found.is_empty() && among_parties(page, range.start) {
            // Nor is the name of a dialogue, in the running head of a page, that of a party.
            let is_other = |party: &Mention| is_of_another_column(page, party) || is_debris(page, party) || page.is_within_dialogue(&party.name);
            found.extend(unknown_party(page, start, range.end).filter(|party| !is_other(party)));
        }
    }
    if found.is_empty() {
        page.refuse(rule, &range, "no party that we know, and nothing that looks like the name of one");
    }
    let former = former(page, found.as_slice(), range.end, role);
    let role = former.as_ref().unwrap_or(role);
    let holds_too = found
        .iter()
        .filter_map(|party| Some((party, role_in_note(page, party, role)?)))
        .filter(|(_, noted)| noted.goes_round() && !role.goes_round());
    for (party, noted) in holds_too {
        drafts.push(record(page, dialogue, &noted, party, Term::default(), rule));
    }
    let single = found.len() == 1;
    // `A and B, 2017-2018`: one date behind the last of them is that of all.
    let last = found.last().map_or(range.end, |party| party.end);
    let head = range.start..start;
    let is_label = start > range.start && page.token(start - 1).shape == Shape::Mark;
    let dates = if dates.start.is_none() && dates.end.is_none() && !single && is_label && page.dates_in(start..range.end).next().is_none() {
        // `2008: A and B`
        term(page, head, role)
    } else if dates.start.is_none() && dates.end.is_none() && role.goes_round() && page.dates_in(range.start..last).next().is_none() {
        term(page, last..range.end, role)
    } else {
        dates
    };
    // `A and B (joint chair)`: a role that is held together stands behind the last of those who hold it.
    let joint = found.last().filter(|_| role.goes_round() && found.len() >= 2 && found[..found.len() - 1].iter().all(|party| party.note.is_none()));
    let joint = joint.and_then(|last| role_in_note(page, last, role)).filter(|noted| noted.name == "co_chair");
    for (at, party) in found.iter().enumerate() {
        // `A (does not take part since 2014)`
        let is_out = |note: Range<usize>| {
            let says_role = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_) | Tag::Phrase(_))).is_some();
            note.clone().any(|token| page.has(token, Tag::Negation)) && note.into_iter().any(says_role)
        };
        if party.note.clone().is_some_and(is_out) {
            continue;
        }
        // `A (observer)`: what the note says holds, unless it is a role that somebody has beside it.
        let noted = role_in_note(page, party, role).filter(|noted| !noted.goes_round() || role.goes_round());
        let role = noted.as_ref().or(joint.as_ref()).unwrap_or(role);
        let own = party.note.clone().map_or(Term::default(), |note| term(page, note, role));
        let next = found.get(at + 1).map_or(end_of_term(page, party.end, range.end), |next| next.name.start);
        let stretch = if single { range.clone() } else { party.name.start..next };
        let own = if own.start.is_some() || own.end.is_some() { own } else { term(page, stretch, role) };
        let dates = if own.start.is_some() || own.end.is_some() { own } else { dates };
        // Of one who has left only the end is told: other dates of the sentence are of something else.
        let dates = if former.is_some() { Term { start: None, ..dates } } else { dates };
        drafts.push(record(page, dialogue, role, party, dates, rule));
        // `A (since April 2022, when it took over from B)`
        if let Some(from) = taken_from(page, party).filter(|_| role.goes_round()) {
            drafts.push(record(page, dialogue, role, &from, Term { start: None, end: dates.start }, rule));
        }
    }
}

/// Emits names that have been read as such, each with the role in its bracket if there is one.
pub fn emit_named(page: &Page<'_>, dialogue: Option<usize>, role: &Role, names: Vec<Mention>, rule: &'static str, drafts: &mut Vec<Draft>) {
    for party in names {
        let noted = role_in_note(page, &party, role);
        if let Some(held) = noted.as_ref().filter(|noted| noted.goes_round() && !role.goes_round()) {
            drafts.push(record(page, dialogue, held, &party, Term::default(), rule));
        }
        let role = noted.as_ref().filter(|noted| !noted.goes_round() || role.goes_round()).unwrap_or(role);
        let dates = party.note.clone().map_or(Term::default(), |note| term(page, note, role));
        drafts.push(record(page, dialogue, role, &party, dates, rule));
    }
}

/// `Bureau: A (Chair), B (Vice-Chair), C`: those of a list whose role stands in the bracket behind them.
pub fn emit_noted(page: &Page<'_>, dialogue: Option<usize>, range: Range<usize>, drafts: &mut Vec<Draft>) {
    let none = Role { name: String::new(), words: page.span(&range), text: String::new(), group: None, party: None };
    for party in parties::list_at(page, range.start, range.end).0 {
        let Some(role) = role_in_note(page, &party, &none).filter(Role::goes_round) else { continue };
        let dates = party.note.clone().map_or(Term::default(), |note| term(page, note, &role));
        drafts.push(record(page, dialogue, &role, &party, dates, "memberships/label"));
    }
}

/// The state from which a role was taken over, as the bracket behind its holder tells.
fn taken_from(page: &Page<'_>, party: &Mention) -> Option<Mention> {
    let note = party.note.clone()?;
    let verb = note.clone().find_map(|token| page.mark(token, |tag| tag == Tag::TakesOver)).filter(|mark| mark.end < note.end)?;
    let first = (verb.end..note.end).find(|&token| page.mark(token, |tag| matches!(tag, Tag::Country(_))).is_some())?;
    parties::party_at(page, first, note.end).filter(|from| from.kind == Kind::State)
}

/// `A (2012-2014), B since 2014`: where the words about dates end that stand behind a party.
fn end_of_term(page: &Page<'_>, at: usize, end: usize) -> usize {
    let goes_with = |token: usize| page.is_in_date(token) || page.has(token, Tag::Since) || page.has(token, Tag::Until);
    (at..end).find(|&token| !goes_with(token)).unwrap_or(end)
}

/// `EN` on a line of its own, `IV.`: two capitals or a numeral that nobody knows, left over from a line that was set on its side or from a
/// list of points.
pub fn is_debris(page: &Page<'_>, party: &Mention) -> bool {
    let at = party.name.start;
    let ends = |token: usize| token >= page.tokens.tokens.len() || page.gap_before(token).contains('\n');
    let is_numeral = page.text(at).chars().all(|letter| "IVX".contains(letter))
        && matches!(page.tokens.tokens.get(at + 1).map(|_| page.text(at + 1)), Some("." | ")"));
    let stands_alone = page.text(at).len() <= 2 && (at == 0 || ends(at)) && ends(at + 1);
    party.kind == Kind::Organization
        && party.note.is_none()
        && party.name.len() == 1
        && page.token(at).shape == Shape::Upper
        && (is_numeral || stands_alone)
        && page.mark(at, |tag| matches!(tag, Tag::Organization(_) | Tag::Group(_) | Tag::Dialogue(_))).is_none()
}

/// What stands beside the parties of a row that broke: a city, a day, a meeting, the name of a role.
fn is_of_another_column(page: &Page<'_>, party: &Mention) -> bool {
    let name = &party.name;
    let covers = |of: fn(Tag) -> bool| page.mark(name.start, of).is_some_and(|mark| mark.end == name.end);
    let ends_in = |of: fn(Tag) -> bool| name.clone().any(|token| page.mark(token, of).is_some_and(|mark| mark.end == name.end));
    party.kind == Kind::Organization
        && party.note.is_none()
        && !is_known(page, party)
        && (page.is_in_date(name.start)
            || covers(|tag| matches!(tag, Tag::City(_)))
            || ends_in(|tag| tag == Tag::MeetingHead)
            || ends_in(|tag| matches!(tag, Tag::Role(_))))
}

/// `* A, which had ..., was a partner until 2020.`: a sentence below a list, about one who is in it no longer.
fn former(page: &Page<'_>, found: &[Mention], end: usize, role: &Role) -> Option<Role> {
    let [only] = found else { return None };
    let until = (only.end..end)
        .find(|&token| page.tokens.marks_at(token).any(|mark| mark.tag == Tag::Until && mark.end < end && page.is_in_date(mark.end)))?;
    let mark = (only.end..until).rev().take(3).find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Role(_))))?;
    let is_told = (only.end..mark.first).any(|token| page.mark(token, |tag| tag == Tag::LinkVerb).is_some());
    let words = page.span(&(mark.first..mark.end));
    is_told.then(|| Role { name: "former".to_owned(), words, text: page.value(words), ..role.clone() })
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
pub fn are_codes<'a>(page: &Page<'a>, range: Range<usize>) -> Option<Vec<(usize, &'a Country)>> {
    let words = || range.clone().filter(|&token| page.is_word(token));
    let is_code = |token: usize| page.token(token).shape == Shape::Upper && matches!(page.text(token).len(), 2 | 3);
    if !words().all(is_code) || words().count() < CODES {
        return None;
    }
    words().map(|token| Some((token, page.reference.country_of_code(page.text(token))?))).collect()
}

/// A list of codes of countries: `AT BE BG CY`.
fn emit_codes(page: &Page<'_>, dialogue: Option<usize>, role: &Role, range: Range<usize>, rule: &'static str, drafts: &mut Vec<Draft>) -> bool {
    let Some(countries) = are_codes(page, range) else { return false };
    for coded in countries {
        emit_code(page, dialogue, role, coded, rule, drafts);
    }
    true
}

fn emit_code(page: &Page<'_>, dialogue: Option<usize>, role: &Role, coded: (usize, &Country), rule: &'static str, drafts: &mut Vec<Draft>) {
    let (token, country) = coded;
    let name = token..token + 1;
    let span = page.span(&name);
    let party = Mention { kind: Kind::State, name, note: None, end: token + 1 };
    drafts.push(record(page, dialogue, role, &party, Term::default(), rule).with("iso3", country.iso3.as_str(), span));
}

/// The country whose code stands at a token.
fn code_at<'a>(page: &Page<'a>, token: usize) -> Option<&'a Country> {
    let is_code = token < page.tokens.tokens.len() && page.token(token).shape == Shape::Upper && matches!(page.text(token).len(), 2 | 3);
    if is_code { page.reference.country_of_code(page.text(token)) } else { None }
}

/// `ARM Migration Service`, line by line: whether the entry at a token stands among others that begin with the code of a country.
fn is_coded(page: &Page<'_>, token: usize) -> bool {
    let block = page.block_of(token);
    let content = page.block(block);
    let is_like = |other: &usize| page.block(*other).kind == content.kind && page.block(*other).heading == content.heading;
    let begins: Vec<usize> = if content.kind == BlockKind::Paragraph {
        page.lines(block).into_iter().map(|line| line.start).collect()
    } else {
        let before = (block.saturating_sub(NEIGHBOURS)..=block).rev().take_while(is_like);
        let behind = (block + 1..page.blocks.blocks.len().min(block + 1 + NEIGHBOURS)).take_while(is_like);
        before.chain(behind).map(|other| page.range(other).start).collect()
    };
    let coded = begins.iter().filter(|&&first| code_at(page, first).is_some()).count();
    coded >= CODES && coded * 10 >= begins.len() * 8
}

/// The lines of a paragraph each of which begins with the code of a country.
pub fn coded_lines(page: &Page<'_>, block: usize) -> Option<Vec<Range<usize>>> {
    let first = page.range(block).start;
    (page.block(block).kind == BlockKind::Paragraph && code_at(page, first).is_some() && is_coded(page, first)).then(|| page.lines(block))
}

/// `Department for Something, UK` is one organisation with its seat.
fn merge_seat(page: &Page<'_>, found: &mut Vec<Mention>) {
    let is_seat = matches!(found.as_slice(), [first, second] if first.kind == Kind::Organization && second.kind == Kind::State && page.text(second.name.start - 1) == "," && (first.name.len() >= 2 || page.token(first.name.start).shape != Shape::Upper));
    if is_seat {
        let second = found.remove(1);
        // Behind its acronym, or where it is a name of its own, the seat is no part of the name.
        let head = page.mark(found[0].name.start, |tag| matches!(tag, Tag::OrganizationHead(_)));
        if found[0].note.is_some() || head.is_none() {
            return;
        }
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
    if let Some(whole) = bodies::with_acronym(page, &party, end) {
        return whole;
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
    let name = names::name_at(page, at, end)?;
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
