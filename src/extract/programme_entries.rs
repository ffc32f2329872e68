//! Entries of projects: what a line, item or cell under a heading of projects names, and who pays for it.
//!
//! In: the tokens of an entry. Out: its name, up to the sign behind which stands what only a project has beside its name: its short form,
//! who pays, how long, how much. Without such a thing an entry is a sentence or a name by its capitals alone.

use std::ops::Range;

use super::dialogues::has_initials;
use super::names::name_at;
use super::page::Page;
use super::programme_sentences::{is_own_word, refers};
use super::programme_terms::{payers, payers_beside};
use super::programmes::{Named, acronym_behind};
use super::theme_marks::over_marker;
use super::{sections, titles};
use crate::model::gazetteer::{ProjectLabel, Shape, Tag};
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Longest name of a project, in words.
const LONGEST: usize = 32;
/// How far behind a sign stands what only a project has, in tokens.
const NEAR: usize = 5;
/// Fewest words of a name in a bracket behind its short form.
const SPELLED: usize = 4;
/// The same where it is a sum, of which the currency stands last.
const SUM: usize = 9;

/// The entries of a block under a heading of projects: the item, or the lines of which each begins anew behind one that is complete.
pub fn entries(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let mut entries: Vec<Range<usize>> = Vec::new();
    if page.block(block).kind == BlockKind::Item {
        entries.push(page.range(block));
    } else {
        for line in page.lines(block) {
            // `Donor: A` on a line of its own tells of the project above.
            let tells = page.mark(line.start, |tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut)).is_some();
            let begins = page.token(line.start).shape != Shape::Lower && !opens_label(page, line.start, line.end) && !tells;
            match entries.last_mut().filter(|entry| !begins || !is_complete(page, entry)) {
                Some(entry) => entry.end = line.end,
                None => entries.push(line),
            }
        }
    }
    entries.into_iter().flat_map(|entry| super::enumerations::split(page, entry, &["|"])).collect()
}

/// Whether a label that only projects have stands at a token: `Donor:`.
fn opens_label(page: &Page<'_>, at: usize, end: usize) -> bool {
    page.mark(at, |tag| matches!(tag, Tag::Project(_))).is_some_and(|mark| mark.end < end && page.text(mark.end) == ":")
}

/// Whether an entry may end here: no bracket or quotation is open, and nothing at its end wants another word.
fn is_complete(page: &Page<'_>, entry: &Range<usize>) -> bool {
    let last = entry.end - 1;
    let open = entry.clone().filter(|&token| matches!(page.text(token), "(" | "«" | "“")).count();
    let closed = entry.clone().filter(|&token| matches!(page.text(token), ")" | "»" | "”")).count();
    let wants = matches!(page.text(last), "," | "-" | "–" | "—" | "/")
        || page.tokens.marks_at(last).any(|mark| {
            mark.end == entry.end && matches!(mark.tag, Tag::And | Tag::Of | Tag::Connector | Tag::Article | Tag::FundedBy | Tag::CarriedOut)
        });
    open <= closed && !wants
}

/// The project that an entry names.
pub fn at_entry(page: &Page<'_>, entry: &Range<usize>) -> Option<Named> {
    let mut start = over_marker(page, entry);
    while start < entry.end && !page.is_word(start) && !matches!(page.text(start), "“" | "«" | "\"" | "„") {
        start += 1;
    }
    // `Project: X`
    let colon = (start..entry.end.min(start + NEAR)).find(|&token| page.text(token) == ":");
    if let Some(colon) = colon.filter(|&colon| is_label(page, &(start..colon))) {
        start = colon + 1;
    }
    while start + 1 < entry.end && (page.has(start, Tag::Article) && page.is_capital(start + 1) || matches!(page.text(start), "'" | "’")) {
        start += 1;
    }
    if start >= entry.end {
        return None;
    }
    if let Some(quote) = titles::quoted(page, start..entry.end).into_iter().next().filter(|quote| quote.tokens.start == start) {
        let acronym = acronym_behind(page, quote.tokens.end, entry.end);
        let payer = payer_behind(page, acronym.as_ref().map_or(quote.tokens.end, |acronym| acronym.end + 1), entry.end);
        return Some(Named { funder: payer, ..Named::new(quote.title, acronym, "programmes/entry") });
    }
    // `The project ...`, `New projects announced`, `More than 200 people`: a sentence or a label.
    let is_plural_noun = || is_label(page, &(start..start + 1)) && page.text(start).ends_with('s');
    let counts = || page.mark(start, |tag| matches!(tag, Tag::Qualifier(_))).is_some();
    // `Several initiatives accompany it: ...`
    let opens = || page.has(start, Tag::Opener) && (start + 1..entry.end.min(start + NEAR)).any(|token| is_plural_of_projects(page, token));
    let is_sentence = page.has(start, Tag::Article) || is_plural_noun() || counts() || opens();
    if !page.is_capital(start) || is_sentence || opens_label(page, start, entry.end) {
        return None;
    }
    spelled_out(page, start, entry.end).or_else(|| titled(page, start, entry.end))
}

/// `projects`, in lower case.
fn is_plural_of_projects(page: &Page<'_>, token: usize) -> bool {
    page.token(token).shape == Shape::Lower && page.text(token).ends_with('s') && is_label(page, &(token..token + 1))
}

/// Whether a label announces the name of a project: `Project`, `Project title`.
fn is_label(page: &Page<'_>, label: &Range<usize>) -> bool {
    !label.is_empty() && sections::section_of(page, label.clone()).is_some_and(|section| section.reads == Reads::Programmes)
}

/// `ABC (A B C)`, `ABC – A B C: funder`: the short form first.
fn spelled_out(page: &Page<'_>, start: usize, end: usize) -> Option<Named> {
    let short = start..start + 1;
    let sign = start + 1;
    if page.token(start).shape != Shape::Upper || sign + 2 >= end || !matches!(page.text(sign), "(" | "–" | "—" | "-" | ":") {
        return None;
    }
    let name = match page.text(sign) {
        "(" => sign + 1..(sign..end).find(|&token| page.text(token) == ")")?,
        _ => sign + 1..(sign + 1..end).find(|&token| ends_name(page, token)).unwrap_or(end),
    };
    // In a bracket behind a word in capitals that is no body stands what it is short for, in whatever order.
    let spells = || {
        page.text(sign) == "("
            && !page.knows(start)
            && name.clone().filter(|&token| page.is_word(token)).count() >= SPELLED
            && name.clone().all(|token| page.token(token).shape != Shape::Number)
    };
    (name.len() >= 3 && page.is_capital(name.start) && (has_initials(page, &name, &short) || spells())).then(|| Named {
        funder: payer_behind(page, name.end + usize::from(page.text(sign) == "("), end),
        ..Named::new(name, Some(short), "programmes/entry")
    })
}

fn ends_name(page: &Page<'_>, token: usize) -> bool {
    matches!(page.text(token), "(" | ":" | ";" | "|" | "." | ",")
}

/// A title up to the sign behind which stands what only a project has.
fn titled(page: &Page<'_>, start: usize, end: usize) -> Option<Named> {
    let mut at = start + 1;
    let (name, acronym) = loop {
        if at >= end {
            return None;
        }
        // `1,2 million`
        if page.text(at) == "," && page.tokens.touches_previous(at) && at + 1 < end && page.tokens.touches_previous(at + 1) {
            at += 1;
            continue;
        }
        let is_apart = !page.tokens.touches_previous(at) || at + 1 < end && !page.tokens.touches_previous(at + 1);
        let ends_line = page.gap_before(at).contains('\n');
        if ends_line && (opens_label(page, at, end) || page.colon_in(&(at..end.min(at + NEAR))).is_some() && page.is_capital(at)) {
            break (start..at, None);
        }
        match page.text(at) {
            ":" if at + 1 < end && page.token(at + 1).shape == Shape::Number => return None,
            "(" => {
                // A body in the bracket pays.
                let is_body = |short: &Range<usize>| page.mark(short.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Group(_))).is_some();
                if let Some(acronym) = acronym_behind(page, at, end).filter(|short| !is_body(short)) {
                    break (start..at, Some(acronym));
                }
                if tells_of_project(page, at + 1, end) {
                    break (start..at, None);
                }
                at = (at..end).find(|&token| page.text(token) == ")").unwrap_or(end);
            }
            "," | ":" if tells_of_project(page, at + 1, end) => break (start..at, None),
            "–" | "—" | "-" | ";" if is_apart && tells_of_project(page, at + 1, end) => break (start..at, None),
            ";" | "“" | "«" | "\"" | "„" => return None,
            "." if at + 1 < end && opens_label(page, at + 1, end) => break (start..at, None),
            "." if at + 1 < end && !page.tokens.touches_previous(at + 1) => return None,
            _ if page.mark(at, |tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut)).is_some() => break (start..at, None),
            _ => {}
        }
        at += 1;
    };
    let behind = acronym.as_ref().map_or(name.end, |acronym| acronym.end + 1);
    is_title(page, &name).then(|| Named { funder: payer_behind(page, behind, end), ..Named::new(name, acronym, "programmes/entry") })
}

/// Whether a range can be the name of a project: no label, no meeting, no body, state or dialogue.
pub fn is_title(page: &Page<'_>, name: &Range<usize>) -> bool {
    let words = name.clone().filter(|&token| page.is_word(token)).count();
    let in_capitals = || page.token(name.start).shape == Shape::Upper && page.text(name.start).chars().count() >= 3;
    let own_word = words == 1 && (in_capitals() || is_own_word(page, name.start));
    let is_whole = |of: &dyn Fn(Tag) -> bool| page.mark(name.start, of).is_some_and(|mark| mark.end >= name.end);
    let is_known = is_whole(&|tag| {
        matches!(
            tag,
            Tag::Organization(_)
                | Tag::Country(_)
                | Tag::City(_)
                | Tag::Group(_)
                | Tag::Dialogue(_)
                | Tag::Project(_)
                | Tag::Heading(_)
                | Tag::Role(_)
                | Tag::RoleLabel(_)
                | Tag::ProgrammeHead
                | Tag::PersonTitle
                | Tag::MeetingColumn
        )
    });
    let has = |of: &dyn Fn(Tag) -> bool| name.clone().any(|token| page.is_capital(token) && page.mark(token, of).is_some());
    let is_office = has(&|tag| tag == Tag::UnitHead);
    let is_event = has(&|tag| tag == Tag::MeetingHead) && !has(&|tag| tag == Tag::ProgrammeHead);
    let tells = name.clone().any(|token| page.token(token).shape == Shape::Lower && page.has(token, Tag::LinkVerb) && page.has(token, Tag::ListEnd));
    let is_label = words <= 3 && sections::section_of(page, name.clone()).is_some();
    // `A runs the X project in B`
    let tells = tells || refers(page, name);
    // The way through a web site, cells of a table.
    let is_trail = name.clone().any(|token| matches!(page.text(token), ">" | "|" | "@"));
    (own_word || (2..=LONGEST).contains(&words))
        && !is_known
        && !is_event
        && !is_office
        && !tells
        && !is_label
        && !is_trail
        && !page.is_within_dialogue(name)
}

/// Who pays, a period, a phase or a sum behind a sign.
pub fn tells_of_project(page: &Page<'_>, at: usize, end: usize) -> bool {
    let near =
        at..(at..end.min(at + NEAR)).find(|&token| token > at && matches!(page.text(token), "." | ";" | "|" | ")")).unwrap_or(end.min(at + NEAR));
    // `2 million euros`, `EUR 2 million`
    let is_sum = || {
        let opens = page.mark(at, |tag| tag == Tag::Currency).is_some_and(|mark| mark.end < end && page.token(mark.end).shape == Shape::Number);
        opens || page.token(at).shape == Shape::Number && (at..end.min(at + SUM)).any(|token| page.mark(token, |tag| tag == Tag::Currency).is_some())
    };
    let is_number = page.token(at).shape == Shape::Number;
    let says = |tag: Tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut | Tag::Funded | Tag::Project(_));
    let pays = |tag: Tag| matches!(tag, Tag::Organization(_) | Tag::Group(_) | Tag::Country(_) | Tag::Demonym(_) | Tag::OrganizationHead(_));
    let from = near.clone().find(|&token| !page.has(token, Tag::Article) && !page.has(token, Tag::And) && page.is_word(token)).unwrap_or(at);
    let is_body = || {
        page.mark(from, pays).is_some_and(|mark| mark.first == from) && page.is_capital(from)
            || near.clone().any(|token| page.is_capital(token) && page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some())
            || near.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::Demonym(_))).is_some())
    };
    use chrono::Datelike;
    let is_period = || page.dates_in(at..end).next().is_some_and(|date| date.tokens.start == at && date.period.start.year() < date.period.end.year());
    is_period() || near.clone().any(|token| page.mark(token, says).is_some()) || is_sum() || !is_number && is_body()
}

/// The bodies right behind the name of an entry: `(EU, 15 million EUR)`, `: European Union`, `Donor: A`.
fn payer_behind(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let start = (at..end.min(at + 3)).find(|&token| page.is_word(token) && !page.has(token, Tag::Article) && !page.has(token, Tag::And))?;
    let label = page.mark(start, |tag| matches!(tag, Tag::Project(_))).filter(|mark| mark.end + 1 < end && page.text(mark.end) == ":");
    match label.map(|mark| (mark.tag, mark.end + 1)) {
        Some((Tag::Project(ProjectLabel::Funder), value)) => return payers(page, value, end),
        Some(_) => return None,
        None => {}
    }
    let payers = payers_beside(page, start, end)?;
    // Without a label it is a known body, or has the noun of one.
    let pays =
        |tag: Tag| matches!(tag, Tag::Organization(_) | Tag::Group(_) | Tag::Country(_) | Tag::Demonym(_) | Tag::OrganizationHead(_) | Tag::UnitHead);
    payers.clone().any(|token| page.is_capital(token) && page.mark(token, pays).is_some()).then_some(payers)
}

/// The name that a block under a heading of projects begins with.
pub fn first_name(page: &Page<'_>, range: &Range<usize>) -> Option<Named> {
    let mut start = range.start;
    while start < range.end && page.has(start, Tag::Article) {
        start += 1;
    }
    // `Implemented by A in B` tells of the project above.
    let tells = |tag: Tag| matches!(tag, Tag::CarriedOut | Tag::FundedBy);
    if start >= range.end || !page.is_capital(start) || page.mark(start, tells).is_some() {
        return None;
    }
    // A label such as `Contact`, or a sentence, is no name.
    let is_label =
        page.mark(start, |tag| matches!(tag, Tag::Heading(_) | Tag::Label(_))).is_some_and(|mark| mark.end < range.end && page.is_capital(mark.end));
    if is_label {
        return None;
    }
    let funded = range.clone().find(|&token| page.mark(token, |tag| tag == Tag::FundedBy).is_some());
    let sign = (start..range.end).find(|&token| matches!(page.text(token), "," | "(" | ":" | ";" | "." | "–" | "—" | "|")).unwrap_or(range.end);
    let small = (start..sign).filter(|&token| page.token(token).shape == Shape::Lower).count();
    let ends_before_funder = funded.is_some_and(|funded| funded <= sign + 1);
    // A title up to the first sign, or the name that a sentence opens with.
    let name =
        if ends_before_funder || small * 2 <= sign - start { start..sign.min(funded.unwrap_or(sign)) } else { name_at(page, start, range.end)? };
    let known_place = page.tokens.marks_at(name.start).any(|mark| matches!(mark.tag, Tag::Country(_) | Tag::City(_)) && mark.end >= name.end);
    let acronym = acronym_behind(page, name.end, range.end);
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    if refers(page, &name) {
        return None;
    }
    // `X was launched in June`: the name ends before the verb.
    let verb = name.clone().skip(1).find(|&token| {
        page.token(token).shape == Shape::Lower && (page.has(token, Tag::LinkVerb) || page.mark(token, |tag| matches!(tag, Tag::Published)).is_some())
    });
    let name = name.start..verb.unwrap_or(name.end);
    // `X Regional Centre 9`: a body, and no project.
    let last = name.clone().rev().find(|&token| page.is_word(token));
    let is_body = || last.is_some_and(|last| page.mark(last, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some());
    let is_other = is_body() || !is_title(page, &name);
    (capitals >= 2 && name.len() <= 30 && !known_place && !is_other).then_some(Named::new(name, acronym, "programmes/list"))
}
