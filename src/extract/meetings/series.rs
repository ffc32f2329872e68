//! Series: places with a date each, under one name: `Manila: 16 September 2014, Dili: 23 September 2014`, `2003 (Colombo), 2004 (Manila)`.

use std::ops::Range;

use super::entries::{has_role_label, is_of_meeting};
use super::{Meeting, in_dialogue};
use crate::extract::page::Page;
use crate::extract::places::{Place, place_at};
use crate::model::date::Precision;
use crate::model::gazetteer::{Shape, Tag};

/// Most tokens between a place and its date, and between two pairs.
const NEAR: usize = 4;
/// Longest place, in tokens.
const PLACE: usize = 9;

struct Pair {
    place: Place,
    date: usize,
    tokens: Range<usize>,
}

/// Emits one meeting for each pair of a place and a date, where at least two follow each other. They are called by the noun of a meeting
/// before them, else as `heading` says.
pub fn from_series(page: &Page<'_>, block: usize, range: &Range<usize>, heading: Option<&Range<usize>>, meetings: &mut Vec<Meeting>) {
    let first = page.dates.partition_point(|date| date.tokens.start < range.start);
    let dates: Vec<usize> =
        (first..page.dates.len()).take_while(|&at| page.dates[at].tokens.end <= range.end).filter(|&at| is_of_meeting(page, at)).collect();
    if dates.len() < 2 {
        return;
    }
    let (by_place, by_date) = (runs(page, place_first(page, &dates, range)), runs(page, date_first(page, &dates, range)));
    let count = |runs: &[Vec<Pair>]| runs.iter().map(Vec::len).sum::<usize>();
    let runs = if count(&by_date) > count(&by_place) { by_date } else { by_place };
    for run in runs {
        emit(page, block, range, heading, &run, meetings);
    }
}

/// `Tunis, October 2012`, `in Budapest (2 December 2014)`, `Colombo in 2003`.
fn place_first(page: &Page<'_>, dates: &[usize], range: &Range<usize>) -> Vec<Pair> {
    let pair = |&date: &usize| {
        let start = page.dates[date].tokens.start;
        let from = start.saturating_sub(PLACE).max(range.start);
        let place = (from..start).find_map(|at| {
            let begins = at == range.start || !page.is_capital(at - 1) || page.gap_before(at) != " ";
            place_at(page, at, start, true).filter(|place| begins && !in_dialogue(page, at) && is_joint(page, place.tokens.end..start))
        })?;
        Some(Pair { tokens: place.tokens.start..page.dates[date].tokens.end, place, date })
    };
    dates.iter().filter_map(pair).collect()
}

/// `2003 (Colombo)`, `10 June 2016, Dhaka`.
fn date_first(page: &Page<'_>, dates: &[usize], range: &Range<usize>) -> Vec<Pair> {
    let pair = |&date: &usize| {
        let end = page.dates[date].tokens.end;
        let place = (end..range.end.min(end + NEAR))
            .find_map(|at| place_at(page, at, range.end, true).filter(|_| !in_dialogue(page, at) && is_joint(page, end..at)))?;
        Some(Pair { tokens: page.dates[date].tokens.start..place.tokens.end, place, date })
    };
    dates.iter().filter_map(pair).collect()
}

/// Signs and small words that may stand between a place and its date.
fn is_joint(page: &Page<'_>, range: Range<usize>) -> bool {
    range.len() <= NEAR
        && range.clone().all(|token| {
            matches!(page.text(token), ":" | "," | "–" | "-" | "—" | "(" | ")")
                || page.token(token).shape == Shape::Lower
                    && page
                        .tokens
                        .marks_at(token)
                        .any(|mark| matches!(mark.tag, Tag::PlacePreposition | Tag::Article | Tag::Of | Tag::Connector | Tag::Since))
        })
}

/// Signs and small words that may stand between two pairs.
fn parts_pairs(page: &Page<'_>, range: Range<usize>) -> bool {
    range.len() <= NEAR
        && range.clone().all(|token| {
            matches!(page.text(token), "," | ";" | ")" | "(" | "/" | "|" | "•" | "&" | "–" | "—" | "-" | "." | "→")
                || page.token(token).shape == Shape::Lower
                    && page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::And | Tag::PlacePreposition | Tag::Article | Tag::Connector))
        })
}

/// Pairs that follow each other, at least two.
fn runs(page: &Page<'_>, pairs: Vec<Pair>) -> Vec<Vec<Pair>> {
    let mut runs: Vec<Vec<Pair>> = Vec::new();
    for pair in pairs {
        match runs.last_mut() {
            Some(run)
                if run.last().is_some_and(|last| last.tokens.end <= pair.tokens.start && parts_pairs(page, last.tokens.end..pair.tokens.start)) =>
            {
                run.push(pair);
            }
            _ => runs.push(vec![pair]),
        }
    }
    runs.retain(|run| run.len() >= 2);
    runs
}

fn emit(page: &Page<'_>, block: usize, range: &Range<usize>, heading: Option<&Range<usize>>, run: &[Pair], meetings: &mut Vec<Meeting>) {
    let first = run[0].tokens.start;
    // Terms of office are years with states: a meeting has a city or a day.
    let is_term = |pair: &Pair| pair.place.city.is_none() && page.dates[pair.date].period.precision == Precision::Year;
    let from =
        page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&first)).map_or(range.start, |sentence| sentence.start);
    let own_name = series_name(page, from.min(first), first);
    // `Caucus meetings: Geneva (2007), A (2009)`: right behind their noun, and with a city among them, states are places too.
    let is_called = own_name.as_ref().is_some_and(|name| first - name.end <= 2) && run.iter().any(|pair| pair.place.city.is_some());
    if run.iter().any(is_term) && !is_called
        || has_role_label(page, own_name.as_ref().filter(|_| is_called).map_or(range.clone(), |name| range.start..name.start))
    {
        return;
    }
    let Some(name) = own_name.or_else(|| heading.cloned()) else { return };
    let named = page.dialogues_in(from.min(first)..first).last().or_else(|| page.dialogues_in(page.range(block)).next());
    let dialogue = named.map(|(_, dialogue)| dialogue).or(page.subject(block));
    for pair in run {
        meetings.push(Meeting {
            name: name.clone(),
            ordinal: None,
            date: Some(pair.date),
            place: Some(pair.place.clone()),
            dialogue,
            rule: "meetings/series",
        });
    }
}

/// What a series of meetings is called: the last noun of a meeting before its dates, with the words that belong to it.
#[must_use]
pub fn series_name(page: &Page<'_>, from: usize, first: usize) -> Option<Range<usize>> {
    let head = (from..first)
        .rev()
        .find_map(|token| page.mark(token, |tag| tag == Tag::MeetingHead).filter(|mark| mark.end <= first && !in_dialogue(page, token)))?;
    let mut start = head.first;
    let capital = page.is_capital(head.first);
    while start > from && head.first - start < 12 {
        let before = start - 1;
        let apostrophe = matches!(page.text(before), "’" | "'" | "-");
        let belongs = if capital {
            page.is_capital(before) || apostrophe && before > from && page.is_capital(before - 1)
        } else {
            page.token(before).shape == Shape::Lower
                && head.first - before <= 2
                && !page.tokens.marks_at(before).any(|mark| matches!(mark.tag, Tag::ListEnd | Tag::Article | Tag::Connector))
        };
        if !belongs || page.gap_before(start).contains('\n') {
            break;
        }
        start = before;
    }
    // What follows the noun belongs to it too: `Cursos de formación de agregados`, `Conférence ministérielle`.
    let mut end = head.end;
    while end < first
        && end < head.end + 8
        && page.is_word(end)
        && !page.is_in_date(end)
        && page.gap_before(end) == " "
        && (page.has(end, Tag::Of)
            || page.has(end, Tag::Generic)
            || page.token(end - 1).shape == Shape::Lower && page.has(end - 1, Tag::Of)
            || capital && page.is_capital(end))
    {
        end += 1;
    }
    while end > head.end && page.has(end - 1, Tag::Of) {
        end -= 1;
    }
    Some(start..end)
}
