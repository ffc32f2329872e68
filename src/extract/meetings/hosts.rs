//! Hosts: `Lima hosted the third round on 5 May 2014, Quito the fourth on 6 June 2016`, `Manila was the venue in April 2012`.
//!
//! In: a sentence. Out: the meetings of which a city is said to be the host, each with its ordinal and day. Behind the first the verb may be
//! left out.

use std::ops::Range;

use super::ordinals::ordinal_at;
use super::{Meeting, in_dialogue};
use crate::extract::owners::of_entry;
use crate::extract::page::Page;
use crate::extract::places::{Place, place_at};
use crate::model::gazetteer::{Shape, Tag};

/// Longest wording between a city and the day of its meeting, in tokens.
const CLAUSE: usize = 10;

/// Emits the meetings of a sentence whose hosts are its subjects, and returns whether there are any.
pub fn from_hosts(page: &Page<'_>, block: usize, sentence: &Range<usize>, meetings: &mut Vec<Meeting>) -> bool {
    let found = meetings.len();
    let may_host = |tag: Tag| matches!(tag, Tag::Held | Tag::MeetingLabel(_) | Tag::MeetingColumn);
    if page.dates_in(sentence.clone()).next().is_none() || !page.any_begins(sentence, may_host) {
        return false;
    }
    let mut clauses = vec![sentence.start];
    clauses.extend(sentence.clone().filter(|&token| page.text(token) == "," || page.text(token) == ";").map(|sign| sign + 1));
    for at in clauses {
        let start = (at..sentence.end).find(|&token| !page.has(token, Tag::And)).unwrap_or(sentence.end);
        let Some(place) = place_at(page, start, sentence.end, false).filter(|place| place.city.is_some() && !in_dialogue(page, start)) else {
            continue;
        };
        let date = page.dates.partition_point(|date| date.tokens.start < place.tokens.end);
        if page.dates.get(date).is_none_or(|date| date.tokens.end > sentence.end) {
            continue;
        }
        let clause = place.tokens.end..page.dates[date].tokens.start;
        let hosts = clause.start < clause.end && is_hosting(page, clause.start, clause.end);
        let follows = meetings.len() > found && page.has(clause.start, Tag::Article);
        if clause.len() > CLAUSE || clause.clone().any(|token| matches!(page.text(token), "," | ";" | "(")) || !(hosts || follows) {
            continue;
        }
        let ordinal = clause.clone().find_map(|token| ordinal_at(page, token, clause.end).map(|(value, after)| (value, token..after)));
        let Some(name) = name(page, &clause, ordinal.as_ref().map(|(_, tokens)| tokens), &place) else { continue };
        let dialogue = of_entry(page, block, sentence);
        meetings.push(Meeting { name, ordinal, date: Some(date), place: Some(place), dialogue, rule: "meetings/host" });
    }
    meetings.len() > found
}

/// `hosted`, `was the venue`
fn is_hosting(page: &Page<'_>, at: usize, end: usize) -> bool {
    let verb = page.mark(at, |tag| tag == Tag::Held).is_some_and(|mark| mark.end <= end);
    let is_venue = |token: usize| page.mark(token, |tag| matches!(tag, Tag::MeetingLabel(_) | Tag::MeetingColumn)).is_some();
    let venue = page.token(at).shape == Shape::Lower && page.has(at, Tag::LinkVerb) && (at + 1..end.min(at + 4)).any(is_venue);
    verb || venue
}

/// What was hosted: the ordinal with the noun behind it, else a noun of meetings, else the city.
fn name(page: &Page<'_>, clause: &Range<usize>, ordinal: Option<&Range<usize>>, place: &Place) -> Option<Range<usize>> {
    if let Some(ordinal) = ordinal {
        let ends = |token: &usize| {
            page.token(*token).shape == Shape::Lower && page.mark(*token, |tag| matches!(tag, Tag::MeetingHead | Tag::MeetingColumn)).is_none()
        };
        let end = (ordinal.end..clause.end).find(ends).unwrap_or(clause.end);
        return Some(ordinal.start..end);
    }
    let noun = clause.clone().find_map(|token| page.mark(token, |tag| matches!(tag, Tag::MeetingHead)).filter(|mark| mark.end <= clause.end));
    noun.map(|noun| noun.first..noun.end).or_else(|| place.city.clone())
}
