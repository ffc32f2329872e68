//! Refusals: what looks like a meeting and is none.
//!
//! In: a candidate. Out: whether it is the name of a body, of a text or of a street, or was called off.

use std::ops::Range;

use super::{Meeting, in_dialogue, lists};
use crate::extract::page::Page;
use crate::extract::sections;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Whether a candidate is a meeting that took or takes place.
pub fn is_meeting(page: &Page<'_>, meeting: &Meeting) -> bool {
    !is_title_only(page, meeting)
        && !is_text(page, meeting)
        && !is_of_body(page, meeting)
        && !is_address(page, &meeting.name)
        && !is_called_off(page, meeting)
        && !is_other_event(page, meeting)
}

/// `Deadline for registration`, `Adoption of the strategy`: the noun of another event at the head of a name, or at its end.
fn is_other_event(page: &Page<'_>, meeting: &Meeting) -> bool {
    let name = &meeting.name;
    let first = name.clone().find(|&token| page.is_word(token) && !page.has(token, Tag::Article)).unwrap_or(name.start);
    let is_event = |token: usize| page.mark(token, |tag| tag == Tag::OtherEvent).filter(|mark| mark.end <= name.end);
    // `Signature meeting`
    let is_noun_of_meeting = |end: usize| end < name.end && page.mark(end, |tag| tag == Tag::MeetingHead).is_some();
    let leads = is_event(first).is_some_and(|mark| !is_noun_of_meeting(mark.end));
    let no_meeting = || !name.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
    let ends = || name.clone().any(|token| is_event(token).is_some_and(|mark| mark.end == name.end)) && no_meeting();
    meeting.ordinal.is_none() && (leads || ends())
}

/// A name without the remark at its end that it had no place: `Seminar on visas, online`.
pub fn without_remark(page: &Page<'_>, name: &Range<usize>) -> Range<usize> {
    let closes = |end: usize| end == name.end || end + 1 == name.end && matches!(page.text(end), ")" | "]");
    let is_remark = |sign: usize| {
        matches!(page.text(sign), "," | "(" | "–" | "—" | "[" | "-" | ":")
            && page.mark(sign + 1, |tag| tag == Tag::Online).is_some_and(|mark| closes(mark.end))
    };
    let sign = (name.start + 1..name.end.saturating_sub(1)).find(|&token| is_remark(token));
    name.start..sign.unwrap_or(name.end)
}

/// The name of a body with the noun of a meeting in it: `Institute for Training`, `Conference on Trade and Development`.
fn is_of_body(page: &Page<'_>, meeting: &Meeting) -> bool {
    let name = &meeting.name;
    meeting.ordinal.is_none()
        && meeting.rule != "meetings/verb"
        && page.mark(name.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end >= name.end)
}

/// What was cancelled or put off did not take place: a note in or behind a name, instead of it, or a verb of which it is the subject.
fn is_called_off(page: &Page<'_>, meeting: &Meeting) -> bool {
    let end = [Some(meeting.name.end), meeting.date.map(|date| page.dates[date].tokens.end), meeting.place.as_ref().map(|place| place.tokens.end)];
    let line = page.range(page.block_of(meeting.name.end - 1));
    let end = end.into_iter().flatten().filter(|end| line.contains(&(end - 1))).max().unwrap_or(meeting.name.end);
    let is_note = |token: usize| page.mark(token, |tag| tag == Tag::CalledOff).is_some();
    let opens = |token: usize| matches!(page.text(token), "(" | "," | "–" | "-" | ":" | "[");
    let behind = end < line.end && opens(end) && end + 1 < line.end && is_note(end + 1);
    let bracketed = meeting.name.clone().any(|token| is_note(token) && token > meeting.name.start && opens(token - 1));
    // `a été annulée`, `was later called off`
    let is_small = |token: usize| page.token(token).shape == Shape::Lower && page.gap_before(token) == " ";
    let verb = (end..line.end.min(end + VERB)).take_while(|&token| is_small(token)).any(|token| is_note(token) && !page.is_in_date(token + 1));
    let instead = || meeting.name.clone().any(|token| page.token(token).shape == Shape::Lower && is_note(token) && meeting.name.len() <= 2);
    behind || bracketed || verb || instead()
}

/// How far behind a meeting the verb by which it did not take place stands, in tokens.
const VERB: usize = 5;

/// `Background paper for the Consultation on X`: the meeting that a text is called after.
pub fn within_text(page: &Page<'_>, meeting: &Meeting) -> Option<Range<usize>> {
    let name = &meeting.name;
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).filter(|_| is_text(page, meeting))?;
    let start = (small..name.end).find(|&token| page.is_capital(token))?;
    let has_head = (start..name.end).any(|token| page.is_capital(token) && page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
    (has_head && meeting.place.is_some()).then_some(start..name.end)
}

/// The name of a text: the noun of one before the first small word, and no numbered meeting that made it.
fn is_text(page: &Page<'_>, meeting: &Meeting) -> bool {
    let name = &meeting.name;
    let is_read_here = meeting.date.is_some_and(|date| page.block_of(page.dates[date].tokens.start) == page.block_of(name.start));
    meeting.ordinal.is_none() && is_read_here && lists::names_text(page, name)
}

/// A street with its number is no title.
fn is_address(page: &Page<'_>, name: &Range<usize>) -> bool {
    page.has(name.start, Tag::AddressWord) && name.clone().any(|token| page.token(token).shape == Shape::Number)
}

pub fn is_one_word(page: &Page<'_>, name: &Range<usize>) -> bool {
    let words = name.clone().filter(|&token| page.is_word(token)).count();
    words == 1 && !name.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some() || in_dialogue(page, token))
}

/// A name with a date but no place in a list of publications: a title and its year.
fn is_title_only(page: &Page<'_>, meeting: &Meeting) -> bool {
    let block = page.block_of(meeting.name.start);
    let in_list = || sections::section(page, block).is_some_and(|(_, section)| section.reads == Reads::Publications);
    meeting.place.is_none() && page.block(block).kind != BlockKind::Heading && in_list()
}
