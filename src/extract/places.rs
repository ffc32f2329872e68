//! Places: the city and country of a meeting, as "in Geneva", ", Geneva, A", "(Geneva)" or "Geneva (A)".

use std::ops::Range;

use super::names::name_at;
use super::page::Page;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::tokens::Mark;

/// A place: at least a city or a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub city: Option<Range<usize>>,
    pub country: Option<Range<usize>>,
    pub tokens: Range<usize>,
}

/// The place that starts at a token; a bare country only where `alone` allows it.
#[must_use]
pub fn place_at(page: &Page<'_>, at: usize, end: usize, alone: bool) -> Option<Place> {
    if at >= end || !page.is_capital(at) || page.is_in_date(at) {
        return None;
    }
    let country_at = |token: usize| {
        page.mark(token, |tag| matches!(tag, Tag::Country(_)))
            .filter(|mark| mark.end <= end && !is_meeting(page, mark))
            .map(|mark| mark.first..mark.end)
    };
    let city = page.mark(at, |tag| matches!(tag, Tag::City(_))).filter(|mark| mark.end <= end);
    let city = city.map(|mark| crate::model::tokens::Mark { end: over_initials(page, mark.end, end), ..mark });
    if let Some(mark) = city {
        // A longer name that begins with a city is the name of something else.
        let goes_on = mark.end < end
            && page.is_capital(mark.end)
            && page.gap_before(mark.end) == " "
            && !page.is_in_date(mark.end)
            && page.mark(mark.end, |tag| matches!(tag, Tag::Country(_))).is_none();
        if !goes_on {
            let country = over_comma(page, mark.end, end).and_then(|(token, close)| country_at(token).map(|country| (country, close)));
            return Some(match country {
                Some((country, close)) => Place { tokens: at..country.end + close, city: Some(mark.first..mark.end), country: Some(country) },
                None => Place { tokens: at..mark.end, city: Some(mark.first..mark.end), country: None },
            });
        }
    }
    // A city that we do not know, with its country behind it.
    if let Some(name) = name_at(page, at, end).filter(|name| name.len() <= 4 && page.token(at).shape == Shape::Capital && country_at(at).is_none())
        && let Some((token, close)) = over_comma(page, name.end, end)
        && let Some(country) = country_at(token).filter(|_| !is_body(page, &name))
    {
        return Some(Place { tokens: at..country.end + close, city: Some(name), country: Some(country) });
    }
    let country = country_at(at).filter(|_| alone)?;
    // Country first: `A, Geneva`, `A (Geneva)`.
    let city = over_comma(page, country.end, end).and_then(|(token, close)| {
        let mark = page.mark(token, |tag| matches!(tag, Tag::City(_))).filter(|mark| mark.end <= end)?;
        Some((mark.first..mark.end, close))
    });
    Some(match city {
        Some((city, close)) => Place { tokens: at..city.end + close, city: Some(city), country: Some(country) },
        None => Place { tokens: country.clone(), city: None, country: Some(country) },
    })
}

/// Behind the initials of a district that belong to the name of a city: `Washington, D.C.`, `Washington DC`.
fn over_initials(page: &Page<'_>, at: usize, end: usize) -> usize {
    let first = at + usize::from(at < end && page.text(at) == ",");
    let is_initial = |token: usize| token < end && page.is_capital(token) && page.text(token).len() == 1;
    let is_dot = |token: usize| token < end && page.text(token) == "." && page.tokens.touches_previous(token);
    if is_initial(first) && is_dot(first + 1) && is_initial(first + 2) && page.tokens.touches_previous(first + 2) {
        return first + 3 + usize::from(is_dot(first + 3));
    }
    let is_pair = first < end && page.text(first).len() == 2 && page.token(first).shape == Shape::Upper && page.text(first).starts_with('D');
    if is_pair && page.mark(first, |tag| matches!(tag, Tag::Organization(_) | Tag::Country(_) | Tag::Dialogue(_))).is_none() { first + 1 } else { at }
}

/// A state that is called like a meeting in the language of the text: beside a day and a city it is the meeting.
fn is_meeting(page: &Page<'_>, country: &Mark) -> bool {
    (country.first..country.end).any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some_and(|head| head.end == country.end))
}

/// The token behind a comma, dash or opening bracket, and whether a bracket closes behind it.
fn over_comma(page: &Page<'_>, at: usize, end: usize) -> Option<(usize, usize)> {
    let sign = (at + 1 < end).then(|| page.text(at))?;
    let mut next = at + 1;
    if page.has(next, Tag::Article) && next + 1 < end {
        next += 1;
    }
    match sign {
        "," | "–" | "-" | "—" | "/" => Some((next, 0)),
        "(" => Some((next, 1)),
        _ => None,
    }
}

fn is_body(page: &Page<'_>, name: &Range<usize>) -> bool {
    name.clone().any(|token| {
        page.tokens
            .marks_at(token)
            .any(|mark| matches!(mark.tag, Tag::OrganizationHead(_) | Tag::Organization(_) | Tag::MeetingHead | Tag::DialogueHead(_) | Tag::Role(_)))
    })
}
