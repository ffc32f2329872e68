//! Postal addresses: the lines or the part of a line that say where an office is.
//!
//! A line is one by its words (street, floor, box) or by a number together with the name of a place. Prose is none.

use std::ops::Range;

use super::page::Page;
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};

/// Longest line of an address, in tokens.
const LONGEST: usize = 32;

/// The part of a line that is an address; `goes_on` where the line before is one.
#[must_use]
pub fn address_in(page: &Page<'_>, line: Range<usize>, goes_on: bool) -> Option<Range<usize>> {
    if line.is_empty() || line.len() > LONGEST || is_prose(page, &line) {
        return None;
    }
    let part = if goes_on { line.clone() } else { over_owner(page, &line) };
    // `Avenida 12 de Octubre`: a street may be called after a day.
    let is_street = |at: usize| (at.saturating_sub(3).max(part.start)..at).any(|token| page.has(token, Tag::AddressWord));
    if page.dates_in(part.clone()).any(|date| date.period.precision != Precision::Year && !is_street(date.tokens.start)) {
        return None;
    }
    // Titles, amounts, numbers of pages and of issues are none.
    let is_other = |token: usize| {
        matches!(page.text(token), "“" | "”" | "«" | "»" | "\"" | "%" | "©" | "€" | "$" | "£")
            // A code of a currency is in capitals: `Nok` is part of a name.
            || page.token(token).shape != Shape::Capital && page.mark(token, |tag| matches!(tag, Tag::Currency | Tag::Percent)).is_some()
            || page.token(token).shape == Shape::Number
                && !is_floor(page, token, part.end)
                && token + 1 < part.end
                && page.mark(token + 1, |tag| tag == Tag::NotCounted).is_some()
            || page.text(token) == "/" && token + 1 < part.end && token > part.start && page.is_in_date(token + 1)
    };
    if part.clone().any(is_other) || !part.clone().any(|token| page.is_capital(token)) {
        return None;
    }
    let has_number = part.clone().any(|token| page.token(token).shape == Shape::Number && !page.is_in_date(token));
    let has_word = part.clone().any(|token| page.mark(token, |tag| tag == Tag::AddressWord).is_some_and(|mark| mark.end <= part.end));
    let is_place = |token: usize| {
        page.mark(token, |tag| matches!(tag, Tag::City(_) | Tag::Country(_))).is_some() && !page.is_within_dialogue(&(token..token + 1))
    };
    let place = part.clone().rfind(|&token| is_place(token));
    let starts_with_number = page.token(part.start).shape == Shape::Number && part.len() >= 2 && page.token(part.start + 1).shape != Shape::Lower;
    let is_street = has_number && (has_word || place.is_some() || starts_with_number && part.len() >= 3) || has_word && place.is_some();
    // Between or behind lines of an address: the place alone, or one more line with a comma at its end.
    let is_tail = goes_on && (place.is_some() && part.len() <= 8 || has_word || has_number || page.text(line.start - 1) == "," && line.len() <= 12);
    (is_street || is_tail).then_some(part)
}

/// `5th floor`, `3er piso`: a number that counts a part of a building.
fn is_floor(page: &Page<'_>, number: usize, end: usize) -> bool {
    (number + 1..end.min(number + 4)).any(|token| page.has(token, Tag::AddressWord))
}

/// An address that needs no value and no heading beside it: the number of a house with the word of a street, or a postal code with
/// its city, and the place at the end.
#[must_use]
pub fn full_address(page: &Page<'_>, line: Range<usize>) -> Option<Range<usize>> {
    // What nearly all lines lack comes first.
    let part = Some(line).filter(|line| has_all(page, line)).and_then(|line| address_in(page, line, false))?;
    let begins = page.is_capital(part.start) || page.token(part.start).shape == Shape::Number && !page.is_in_date(part.start);
    (begins && has_all(page, &part)).then_some(part)
}

/// Whether a stretch has all that a whole address has, the place at its end.
fn has_all(page: &Page<'_>, part: &Range<usize>) -> bool {
    let is_place = |token: usize| page.mark(token, |tag| matches!(tag, Tag::City(_) | Tag::Country(_))).is_some_and(|mark| mark.end <= part.end);
    has_number(page, part) && (part.end.saturating_sub(6).max(part.start)..part.end).any(is_place)
}

/// Whether a stretch has the number of a house or a code as a whole address has it, and a comma.
#[must_use]
pub fn has_number(page: &Page<'_>, part: &Range<usize>) -> bool {
    let is_number = |token: usize| !page.is_in_date(token);
    let is_place = |token: usize| page.mark(token, |tag| matches!(tag, Tag::City(_) | Tag::Country(_))).is_some_and(|mark| mark.end <= part.end);
    let near = |token: usize, of: &dyn Fn(usize) -> bool, reach: usize| {
        (token.saturating_sub(reach).max(part.start)..part.end.min(token + reach + 1)).any(of)
    };
    let is_of_street = |token: usize| near(token, &|other| page.has(other, Tag::AddressWord), 4);
    let is_code = |token: usize| (4..=6).contains(&page.text(token).len()) && near(token, &is_place, 2);
    page.digits_in(part).iter().any(|&token| is_number(token) && (is_of_street(token) || is_code(token)))
        && part.clone().any(|token| page.text(token) == ",")
}

/// Leaves out what stands before an address on its line: the owner and a colon, or owners and a comma.
#[must_use]
pub fn over_owner(page: &Page<'_>, line: &Range<usize>) -> Range<usize> {
    let colon = line.clone().find(|&token| page.text(token) == ":" && token + 1 < line.end);
    let mut first = colon.map_or(line.start, |colon| colon + 1);
    while let Some(comma) = (first..line.end).find(|&token| page.text(token) == "," && token + 1 < line.end) {
        let names_owner = (first..comma).any(|token| {
            page.tokens.marks_at(token).any(|mark| {
                matches!(mark.tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::OrganizationHead(_) | Tag::DialogueHead(_) | Tag::Role(_))
                    && mark.end <= comma
            })
        });
        let has_number = (first..comma).any(|token| page.token(token).shape == Shape::Number && !page.is_in_date(token));
        // `United Nations Building` is where, and not whom.
        let is_building = page.is_capital(comma - 1) && page.has(comma - 1, Tag::AddressWord) || page.has(first, Tag::AddressWord);
        if !names_owner || has_number || is_building {
            break;
        }
        first = comma + 1;
    }
    first..line.end
}

/// Whether a line is part of a sentence.
fn is_prose(page: &Page<'_>, line: &Range<usize>) -> bool {
    let small = line
        .clone()
        .filter(|&token| {
            page.token(token).shape == Shape::Lower
                && page.token(token).span.len() > 1
                && !page.has(token, Tag::Connector)
                && !page.has(token, Tag::Of)
                && !page.has(token, Tag::AddressWord)
        })
        .count();
    let words = line.clone().filter(|&token| page.is_word(token)).count();
    small >= 3 && small * 5 >= words * 2
}
