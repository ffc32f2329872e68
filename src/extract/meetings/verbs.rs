//! Verbs: those of whom a sentence says that they met somewhere on some day, and what was convened without a name of its own.
//!
//! In: a sentence. Out: the meetings of its verbs with a city and a day that belong to no name.

use std::ops::Range;

use super::names::{is_plain_dialogue, named_at, small_noun_at};
use super::prose::place_and_date;
use super::series::series_name;
use super::{Meeting, below_title};
use crate::extract::names::name_at;
use crate::extract::owners::of_clause;
use crate::extract::page::Page;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

/// Most tokens between a verb of meeting and the last of its place and date.
const CLAUSE: usize = 24;

/// `Officials met in Geneva on 19 January 2015`, `Elle se tiendra à Tunis les 10 et 11 novembre 2009`: a verb of meeting with a city and a day, and no
/// name that they belong to.
pub fn from_verb(page: &Page<'_>, block: usize, sentence: &Range<usize>, taken: &[usize], meetings: &mut Vec<Meeting>) {
    if page.block(block).kind == BlockKind::Heading || page.dates_in(sentence.clone()).next().is_none() {
        return;
    }
    let mut taken = taken.to_vec();
    let is_verb = |tag: Tag| matches!(tag, Tag::Held | Tag::Met);
    for token in page.begins(sentence, is_verb) {
        let verb = page.mark(token, is_verb).filter(|mark| mark.end <= sentence.end);
        let Some(verb) = verb else { continue };
        let clause_end = (verb.end..sentence.end).find(|&token| page.text(token) == ";").unwrap_or(sentence.end);
        let clause = verb.end..clause_end.min(verb.end + CLAUSE);
        let Some((place, date)) = place_and_date(page, &clause).filter(|(_, date)| !taken.contains(date)) else { continue };
        taken.push(date);
        let subject = subject(page, sentence.start, verb.first);
        // The title of the document names the meeting of which its first sentence says where and when: `The representatives of ..., meeting in ...`.
        if verb.tag == Tag::Met && subject.is_none() {
            let mut titles = meetings.iter_mut().filter(|meeting| meeting.rule == "meetings/heading");
            if let Some(title) = titles.find(|meeting| meeting.date.is_none() && meeting.place.is_none()) {
                (title.date, title.place) = (Some(date), Some(place));
            }
            continue;
        }
        let upto = place.tokens.start.min(page.dates[date].tokens.start);
        let name = if verb.tag == Tag::Met {
            of_heading(page, block).or(subject)
        } else {
            object(page, verb.end, upto).or_else(|| noun_before(page, block, verb.first))
        };
        let Some(name) = name else { continue };
        let dialogue = of_clause(page, block, &(sentence.start..clause.start));
        meetings.push(Meeting { name, ordinal: None, date: Some(date), place: Some(place), dialogue, rule: "meetings/verb" });
    }
}

/// What was convened or held: a name right behind the verb.
fn object(page: &Page<'_>, verb_end: usize, upto: usize) -> Option<Range<usize>> {
    let first = (verb_end..upto.min(verb_end + 3)).find(|&token| page.is_capital(token))?;
    name_at(page, first, upto).filter(|name| name.len() >= 2)
}

/// The meeting that the heading right above a block, or the dated title in its first line, names.
fn of_heading(page: &Page<'_>, block: usize) -> Option<Range<usize>> {
    let body = below_title(page, block).start;
    let range = if body > page.range(block).start {
        page.range(block).start..body
    } else {
        page.range(page.heading(block).filter(|heading| heading + 1 == block)?)
    };
    let name =
        range.clone().find_map(|token| named_at(page, token, range.end).map(|(name, _)| name).or_else(|| small_noun_at(page, token, range.end)))?;
    (!is_plain_dialogue(page, &name)).then_some(name)
}

/// Who met: the words before the verb.
fn subject(page: &Page<'_>, start: usize, verb: usize) -> Option<Range<usize>> {
    let mut first = (start..verb).rev().find(|&token| matches!(page.text(token), ";" | ":" | "•")).map_or(start, |sign| sign + 1);
    while first < verb && (page.has(first, Tag::Article) || !page.is_word(first) || page.is_in_date(first)) {
        first += 1;
    }
    let mut end = verb;
    while end > first && (!page.is_word(end - 1) || page.has(end - 1, Tag::ListEnd) && page.token(end - 1).shape == Shape::Lower) {
        end -= 1;
    }
    // A long subject says who they are after a first few words.
    let stop = (first..end).find(|&token| matches!(page.text(token), "," | "(")).unwrap_or(end);
    (first < stop && stop - first <= 14).then_some(first..stop)
}

/// The last noun of a meeting before a verb: in its block, else in the heading.
fn noun_before(page: &Page<'_>, block: usize, verb: usize) -> Option<Range<usize>> {
    let own = page.range(block).start;
    series_name(page, own.max(verb.saturating_sub(60)), verb).or_else(|| {
        let heading = page.range(page.heading(block)?);
        series_name(page, heading.start, heading.end)
    })
}
