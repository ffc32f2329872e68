//! Merge: several wordings of one meeting in a document are one record, the fullest.

use super::Meeting;
use crate::extract::page::Page;
use crate::extract::places::Place;
use crate::model::gazetteer::{Shape, fold};

/// One record a meeting: wordings with the same name or ordinal and no contradiction are one.
pub fn merge(page: &Page<'_>, meetings: Vec<Meeting>) -> Vec<Meeting> {
    let mut merged: Vec<Meeting> = Vec::new();
    for meeting in meetings {
        match merged.iter().position(|known| is_same(page, known, &meeting)) {
            Some(at) => {
                let known = &mut merged[at];
                let fuller = meeting.date.is_some() && known.date.is_none();
                let is_longer = known.name.len() < meeting.name.len() && meeting.date.is_some() == known.date.is_some();
                if !is_nameless(page, &meeting) && (fuller || is_longer || is_nameless(page, known)) {
                    known.name = meeting.name.clone();
                    known.rule = meeting.rule;
                }
                known.date = finer(page, known.date, meeting.date);
                known.place = with_city(known.place.take(), meeting.place);
                known.ordinal = known.ordinal.take().or(meeting.ordinal);
                known.dialogue = known.dialogue.or(meeting.dialogue);
            }
            None => merged.push(meeting),
        }
    }
    merged
}

/// The date that says more: one wording of a meeting may have the year alone and another the days.
fn finer(page: &Page<'_>, known: Option<usize>, other: Option<usize>) -> Option<usize> {
    let precision = |date: &usize| page.dates[*date].period.precision;
    // The first of equals.
    known.into_iter().chain(other).min_by_key(precision)
}

/// The place that says more: one with a city.
fn with_city(known: Option<Place>, other: Option<Place>) -> Option<Place> {
    let has_city = |place: &Place| place.city.is_some();
    if known.as_ref().is_some_and(|place| !has_city(place)) && other.as_ref().is_some_and(has_city) { other } else { known.or(other) }
}

/// Whether a meeting has no name but that of its dialogue.
fn is_nameless(page: &Page<'_>, meeting: &Meeting) -> bool {
    meeting.dialogue.is_some_and(|dialogue| page.dialogues[dialogue].name == meeting.name)
}

fn is_same(page: &Page<'_>, a: &Meeting, b: &Meeting) -> bool {
    let dates_fit = match (a.date, b.date) {
        (Some(a), Some(b)) => {
            let (a, b) = (page.dates[a].period, page.dates[b].period);
            a.start <= b.end && b.start <= a.end
        }
        _ => true,
    };
    let ordinals_fit = match (&a.ordinal, &b.ordinal) {
        (Some((a, _)), Some((b, _))) => a == b,
        (None, None) => true,
        _ => false,
    };
    // Days that say no more than when and where a dialogue met are those of the meeting that has a name.
    let same_days = a.dialogue.is_some() && a.dialogue == b.dialogue && a.date.is_some() && a.date == b.date;
    let is_bare = |meeting: &Meeting| meeting.ordinal.is_none() && is_nameless(page, meeting);
    if same_days && (is_bare(a) || is_bare(b)) {
        return true;
    }
    // Words are compared only where the rest agrees.
    if !dates_fit || !ordinals_fit {
        return false;
    }
    let cities_fit = match (a.place.as_ref().and_then(|place| place.city.clone()), b.place.as_ref().and_then(|place| place.city.clone())) {
        (Some(a), Some(b)) => fold(&page.value_of(&a)) == fold(&page.value_of(&b)),
        _ => true,
    };
    let both_dated = a.date.is_some() && b.date.is_some();
    let words = |meeting: &Meeting| -> Vec<String> {
        let number = meeting.ordinal.as_ref().map_or(meeting.name.start..meeting.name.start, |(_, tokens)| tokens.clone());
        meeting
            .name
            .clone()
            .filter(|token| !number.contains(token) && page.is_word(*token) && page.token(*token).shape != Shape::Lower)
            .map(|token| fold(page.text(token)))
            .collect()
    };
    let (a_words, b_words) = (words(a), words(b));
    let names_fit = a_words == b_words
        || (a.dialogue == b.dialogue
            && a.ordinal.is_some()
            && (a_words.iter().all(|word| b_words.contains(word)) || b_words.iter().all(|word| a_words.contains(word))));
    let same_day_and_city =
        both_dated && a.place.is_some() && a.place.as_ref().map(|place| place.city.clone()) == b.place.as_ref().map(|place| place.city.clone());
    let series = a.rule == "meetings/series" || b.rule == "meetings/series";
    let bare = |meeting: &Meeting| {
        meeting.ordinal.as_ref().is_some_and(|(_, ordinal)| {
            is_nameless(page, meeting)
                || page.dialogue_mentions.iter().any(|(tokens, _)| tokens.start == ordinal.end && tokens.end >= meeting.name.end)
        })
    };
    let same_number = bare(a) && bare(b) && a.dialogue == b.dialogue;
    cities_fit && (same_number || names_fit && !(series && a.date != b.date) || same_day_and_city && names_fit)
}
