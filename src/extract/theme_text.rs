//! The text of a theme: an item without what stands around it, and what is none.
//!
//! In: an item below wording of themes. Out: its text, the occasion that it begins with (`2015: A`, `Second Forum (Lima, 2012) – A`) and
//! whose it is where the item says so. Events, addresses, bodies and sentences of a report are no themes.

use std::ops::Range;

use super::dates::DateMention;
use super::page::Page;
use super::roles;
use super::sections;
use super::theme_items::names_holder;
use super::theme_marks::over_marker;
use super::theme_parts::over_part;
use super::titles;
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::vocabulary::Reads;

/// An item and what it says beside its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub text: Range<usize>,
    pub occasion: Option<Range<usize>>,
    pub owner: Option<Range<usize>>,
}

/// Kinds of which an item is a title, never a sentence.
const TITLES: [&str; 5] = ["work_stream", "theme", "agenda_point", "current_focus", "outcome"];
/// Longest sentence that may be such a title, in words.
const SENTENCE: usize = 16;

/// Longest item of a list, in words: what is longer is a paragraph of a text.
const LONGEST: usize = 45;
/// Most sentences of an item.
const EXPLAINED: usize = 2;
/// Fewest words of a paragraph, less one: numbers end with a full stop as sentences do.
const SHORTEST: usize = 20;

/// The text of an item; none where it is no theme. An item of a list has a line of its own, others stand within a sentence.
#[must_use]
pub fn item(page: &Page<'_>, range: Range<usize>, kind: &str, is_listed: bool) -> Option<Item> {
    if begins_with_time(page, &range) {
        return None;
    }
    // `Pillar 1: A`
    let range = trimmed(page, range);
    let start = over_part(page, &range).map_or_else(|| over_marker(page, &range), |(_, title)| title);
    let range = over_group(page, trimmed(page, start..range.end));
    if range.is_empty() || page.text(range.end - 1) == ":" {
        return None;
    }
    let occasion = occasion(page, &range);
    // What begins with its day is an event.
    let is_day = |date: &DateMention| date.period.precision == Precision::Day;
    let begins_with_day = || page.dates_in(range.clone()).next().is_some_and(|date| date.tokens.start == range.start && is_day(date));
    if kind == "activity" && is_listed && (begins_with_day() || occasion.as_ref().is_some_and(|occasion| page.dates_in(occasion.clone()).any(is_day)))
    {
        return None;
    }
    let owner = occasion.clone().and_then(|occasion| page.dialogues_in(occasion).next()).map(|(_, dialogue)| page.dialogues[dialogue].name.clone());
    let mut range = trimmed(page, occasion.as_ref().map_or(range.start, |occasion| occasion.end)..range.end);
    if let Some(quote) = titles::quoted(page, range.clone()).into_iter().next().filter(|quote| quote.tokens == range) {
        range = quote.title;
    }
    if is_document(page, &range, kind) {
        return None;
    }
    range = without_explanation(page, without_role(page, range)?);
    if is_listed && is_prose(page, &range) {
        return None;
    }
    let sentences = page.sentences(range.clone());
    let is_told = is_listed && is_report(page, &range, kind);
    // A sentence behind the first explains it.
    if let Some(first) = sentences.first().filter(|_| is_listed && sentences.len() > 1) {
        range = first.clone();
    }
    let is_theme = range.clone().any(|token| page.is_word(token))
        && !is_name(page, &range)
        && !(is_listed && is_wording(page, &range))
        && !is_other(page, &range)
        && !is_told
        && !(is_listed && is_event(page, &range, kind));
    is_theme.then_some(Item { text: range, occasion, owner })
}

/// Behind `Working Group on`: what the group works on.
fn over_group(page: &Page<'_>, range: Range<usize>) -> Range<usize> {
    const BEFORE: usize = 3;
    let group = (range.start..range.end.min(range.start + BEFORE)).find_map(|token| page.mark(token, |tag| tag == Tag::WorkingGroup));
    let subject = group.map(|group| group.end).filter(|&on| on + 1 < range.end && (page.has(on, Tag::Connector) || page.has(on, Tag::Of)));
    let start = subject.and_then(|on| (on + 1..range.end).find(|&token| !page.has(token, Tag::Article)));
    start.unwrap_or(range.start)..range.end
}

/// Fewest words of an explanation.
const EXPLANATION: usize = 4;

/// `Border management – training of officers, joint posts and equipment`: cut before a dash with more in small letters than the name has.
fn without_explanation(page: &Page<'_>, range: Range<usize>) -> Range<usize> {
    let words = |range: Range<usize>| range.filter(|&token| page.is_word(token)).count();
    let is_apart = |token: usize| !page.tokens.touches_previous(token) && !page.tokens.touches_previous(token + 1);
    let explains = |dash: &usize| {
        let behind = words(*dash + 1..range.end);
        is_apart(*dash) && page.token(*dash + 1).shape == Shape::Lower && behind >= EXPLANATION && behind > words(range.start..*dash)
    };
    let is_dash = |token: &usize| matches!(page.text(*token), "–" | "—");
    let dash = (range.start + 1..range.end.saturating_sub(1)).find(is_dash).filter(explains);
    range.start..dash.unwrap_or(range.end)
}

/// `Read more`, `Contact`: nothing but wording of other sections.
fn is_wording(page: &Page<'_>, range: &Range<usize>) -> bool {
    sections::section_of(page, range.clone()).is_some_and(|section| {
        matches!(section.reads, Reads::Nothing | Reads::Contacts | Reads::Publications)
            && section.words.len() == range.clone().filter(|&token| page.is_word(token)).count()
    })
}

/// `Bratislava Declaration`, `Guide for trade unions (2021)`: the title of a text, not what was said in one.
fn is_document(page: &Page<'_>, range: &Range<usize>, kind: &str) -> bool {
    let is_text = |tag: Tag| matches!(tag, Tag::PublicationHead(_));
    let first = range.clone().find(|&token| !page.has(token, Tag::Article)).unwrap_or(range.start);
    let begins = page.is_capital(first) && page.mark(first, is_text).is_some();
    let last = range.clone().rev().find(|&token| page.is_word(token) && !page.is_in_date(token) && page.token(token).shape != Shape::Number);
    let ends = last.is_some_and(|last| page.mark(last, is_text).is_some() && page.is_capital(last)) && page.is_capital(range.start);
    let is_long = |token: &usize| page.is_word(*token) && page.text(*token).chars().count() > SMALL;
    let in_capitals = range.clone().filter(is_long).all(|token| page.is_capital(token));
    let is_dated = page.dates_in(range.clone()).next().is_some();
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let is_agreed = matches!(kind, "declaration_point" | "decision");
    let longest = if is_agreed { LONGEST } else { TITLE };
    page.text(range.end - 1) != "." && words <= longest && ((begins || ends) && is_dated || ends && in_capitals && is_agreed)
}

/// Longest title of a text that names nothing but what it is, in words.
const TITLE: usize = 8;
/// Longest small word, in letters.
const SMALL: usize = 3;

/// Whether an item is a paragraph of a text, by its length.
#[must_use]
pub fn is_prose(page: &Page<'_>, range: &Range<usize>) -> bool {
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    words > LONGEST || words > SHORTEST && page.sentences(range.clone()).len() > EXPLAINED
}

/// Without signs and an `and` at its ends.
fn trimmed(page: &Page<'_>, mut range: Range<usize>) -> Range<usize> {
    let is_and = |token: usize| page.has(token, Tag::And) && page.token(token).shape == Shape::Lower;
    while range.len() > 1 && (matches!(page.text(range.end - 1), ";" | "," | "–" | "—") || is_and(range.end - 1)) {
        range.end -= 1;
    }
    while range.len() > 1 && (is_and(range.start) || matches!(page.text(range.start), ":" | "–" | "—" | "|" | ",")) {
        range.start += 1;
    }
    range
}

/// Longest wording before the theme of a meeting, in tokens.
const OCCASION: usize = 16;

/// What an item begins with: a year, a dialogue or a numbered meeting with its place and date, before a sign, a gap or a quotation.
fn occasion(page: &Page<'_>, range: &Range<usize>) -> Option<Range<usize>> {
    let mut at = range.start;
    let (mut dated, mut meeting, mut dialogue) = (false, false, false);
    let end = range.end.min(range.start + OCCASION);
    while at < end {
        let mark = page.mark(at, |tag| {
            matches!(tag, Tag::Ordinal(_) | Tag::MeetingHead | Tag::Generic | Tag::City(_) | Tag::Country(_) | Tag::Dialogue(_) | Tag::Month(_))
        });
        let named = page.dialogues_in(at..range.end).next().filter(|(tokens, _)| tokens.start == at).map(|(tokens, _)| tokens.end);
        if page.is_in_date(at) {
            dated = true;
            at += 1;
        } else if let Some(after) = named {
            dialogue = true;
            at = after;
        } else if let Some(mark) = mark {
            meeting |= matches!(mark.tag, Tag::Ordinal(_) | Tag::MeetingHead);
            at = mark.end;
        } else if matches!(page.text(at), "(" | ")" | ",")
            || page.has(at, Tag::OrdinalSuffix)
            || page.has(at, Tag::Article)
            || page.has(at, Tag::Of)
            || page.token(at).shape == Shape::Number && at + 1 < end && page.has(at + 1, Tag::OrdinalSuffix)
        {
            at += 1;
        } else {
            break;
        }
        let sign = at < end && matches!(page.text(at), ":" | "–" | "—" | "“" | "«" | "\"" | "|");
        let wide = at < end && (page.gap_before(at).contains('\t') || page.gap_before(at).contains("  "));
        if (sign || wide) && at + 1 < range.end && (dated || meeting && dialogue || dialogue && wide) {
            return Some(range.start..at);
        }
    }
    None
}

/// Cut before the label of a role, and before a bracket that only says who leads: `(chair: A)`, `(network 1, led by B)`.
fn without_role(page: &Page<'_>, mut range: Range<usize>) -> Option<Range<usize>> {
    // `Chair: A` among work streams says who leads one.
    let labels = roles::labels(page, range.clone());
    if let Some((label, _)) = labels.iter().find(|(label, value)| names_holder(page, label, value)) {
        if label.start <= range.start {
            return None;
        }
        range.end = label.start;
    }
    // `Skills – chaired by A`
    let is_dash = |token: &usize| matches!(page.text(*token), "–" | "—" | "-") && !page.tokens.touches_previous(*token);
    let names_role = |dash: &usize| page.mark(*dash + 1, |tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_) | Tag::Phrase(_))).is_some();
    let dash = (range.start + 1..range.end.saturating_sub(1)).find(is_dash).filter(|dash| names_role(dash));
    range.end = dash.unwrap_or(range.end);
    let says_who = |token: usize| {
        page.tokens
            .marks_at(token)
            .any(|mark| matches!(mark.tag, Tag::Role(_) | Tag::RoleLabel(_) | Tag::Phrase(_) | Tag::Country(_) | Tag::Organization(_)))
    };
    if page.text(range.end - 1) == ")" {
        let open = range.clone().rev().find(|&token| page.text(token) == "(").filter(|&open| open > range.start + 1);
        // An acronym or a word of its own is part of the name.
        let names_one = |open: usize| {
            let is_name = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Organization(_));
            page.mark(open + 1, is_name).is_some_and(|mark| mark.end + 1 == range.end)
        };
        if let Some(open) = open.filter(|&open| range.end - open > 3 && (open + 1..range.end).any(says_who) || names_one(open)) {
            range.end = open;
        }
    }
    while range.len() > 1 && matches!(page.text(range.end - 1), "–" | "-" | "—" | "(" | "," | ";" | "|") {
        range.end -= 1;
    }
    Some(range)
}

/// A state, a body or a dialogue, with its acronym or without.
fn is_name(page: &Page<'_>, range: &Range<usize>) -> bool {
    let is_entity = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_));
    let first = range.clone().find(|&token| !page.has(token, Tag::Article)).unwrap_or(range.start);
    let bracket = range.clone().find(|&token| page.text(token) == "(").unwrap_or(range.end);
    let end = if page.text(range.end - 1) == ")" { bracket } else { range.end };
    let is_body = || {
        page.acronyms.iter().any(|given| given.name.start >= range.start && given.name.start <= first && given.name.end == bracket)
            && (first..bracket).any(|token| page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some() && page.is_capital(token))
            && bracket < range.end
            && end == bracket
    };
    // `Southern Africa`, `Silk Routes Region`: where a part of a network works.
    let is_region = |token: usize| page.mark(token, |tag| tag == Tag::Region).is_some();
    let words = (first..end).filter(|&token| page.is_word(token)).count();
    let names_region = words <= REGION
        && (first..end).any(is_region)
        && (first..end).all(|token| !page.is_word(token) || page.is_capital(token) || page.has(token, Tag::And));
    // `Caritas A, Geneva`: a body and where it is.
    let is_seated = page.mark(first, |tag| matches!(tag, Tag::Organization(_) | Tag::OrganizationHead(_))).is_some() && {
        let comma = (first..end).rev().find(|&token| page.text(token) == ",");
        comma.is_some_and(|comma| comma + 1 < end && page.mark(comma + 1, |tag| matches!(tag, Tag::City(_))).is_some_and(|mark| mark.end == end))
    };
    // `Geneva, A`: where a meeting was.
    let is_place = page.mark(first, |tag| matches!(tag, Tag::City(_))).is_some_and(|city| {
        city.end == end
            || city.end + 1 < end
                && page.text(city.end) == ","
                && page.mark(city.end + 1, |tag| matches!(tag, Tag::Country(_))).is_some_and(|mark| mark.end == end)
    });
    is_place
        || page.mark(first, is_entity).is_some_and(|mark| mark.end >= end)
        || is_body()
        || names_region
        || is_seated
        || lists_names(page, first..end)
}

/// `A and B`: states or bodies, and nothing else.
fn lists_names(page: &Page<'_>, range: Range<usize>) -> bool {
    let mut at = range.start;
    while at < range.end {
        let name = page.mark(at, |tag| matches!(tag, Tag::Country(_) | Tag::Organization(_))).filter(|mark| mark.end <= range.end);
        match name {
            Some(mark) => at = mark.end,
            None if at > range.start && (page.text(at) == "," || page.has(at, Tag::And) || page.has(at, Tag::Article)) => at += 1,
            None => return false,
        }
    }
    true
}

/// Longest name of a region, in words.
const REGION: usize = 4;

/// A mailbox, a web address, a date, or what happened at a meeting.
fn is_other(page: &Page<'_>, range: &Range<usize>) -> bool {
    let is_web = |token: usize| matches!(page.text(token), "@" | "www" | "http" | "https") || page.text(token) == "/" && token == range.start;
    let only_date =
        range.clone().all(|token| page.is_in_date(token) || page.has(token, Tag::Since) || page.has(token, Tag::Until) || !page.is_word(token));
    let held = range.clone().any(|token| {
        page.mark(token, |tag| tag == Tag::MeetingHead)
            .is_some_and(|mark| mark.end < range.end && page.mark(mark.end, |tag| tag == Tag::Held).is_some_and(|held| held.end < range.end))
    });
    let first = page.mark(range.start, |tag| tag == Tag::Currency).map_or(range.start, |mark| mark.end);
    let is_amount = first < range.end
        && page.token(first).shape == Shape::Number
        && (first > range.start || page.any_begins(range, |tag| matches!(tag, Tag::Magnitude(_))));
    // `Tel.`, `Budget: EUR 2`
    let is_label = page.mark(range.start, |tag| matches!(tag, Tag::Label(_))).is_some_and(|mark| mark.end + 1 >= range.end);
    let says_amount = page.colon_in(range).is_some_and(|colon| {
        (colon + 1..range.end.saturating_sub(1))
            .any(|token| page.mark(token, |tag| tag == Tag::Currency).is_some() && page.token(token + 1).shape == Shape::Number)
    });
    let is_figure = |token: usize| {
        page.token(token).shape == Shape::Number && token + 1 < range.end && page.mark(token + 1, |tag| matches!(tag, Tag::Magnitude(_))).is_some()
    };
    range.clone().any(|token| is_web(token) || is_figure(token)) || only_date || held || is_amount || is_label || says_amount
}

/// A meeting or the like with its day, where the items are titles.
fn is_event(page: &Page<'_>, range: &Range<usize>, kind: &str) -> bool {
    let is_place = |token: usize| page.mark(token, |tag| matches!(tag, Tag::City(_) | Tag::Country(_) | Tag::MeetingHead)).is_some();
    TITLES.contains(&kind)
        && page.is_capital(range.start)
        && page.dates_in(range.clone()).any(|date| date.period.precision == Precision::Day)
        && range.clone().any(is_place)
}

/// `09:30 Opening`, `9 h 30 – Pause`: a line of a timetable.
fn begins_with_time(page: &Page<'_>, range: &Range<usize>) -> bool {
    let first = range.start;
    first + 2 < range.end
        && page.token(first).shape == Shape::Number
        && page.text(first).len() <= 2
        && (matches!(page.text(first + 1), ":" | ".") && page.token(first + 2).shape == Shape::Number && page.text(first + 2).len() == 2
            || page.text(first + 1).eq_ignore_ascii_case("h"))
        && page.tokens.touches_previous(first + 2).max(page.text(first + 1).eq_ignore_ascii_case("h"))
}

/// A sentence that tells something, where the items are titles.
fn is_report(page: &Page<'_>, range: &Range<usize>, kind: &str) -> bool {
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let is_verb = |token: usize| page.token(token).shape == Shape::Lower && page.has(token, Tag::LinkVerb) && page.has(token, Tag::ListEnd);
    TITLES.contains(&kind)
        && page.is_capital(range.start)
        && page.text(range.end - 1) == "."
        && (words > SENTENCE || page.sentences(range.clone()).len() > 1 || range.clone().any(is_verb))
}
