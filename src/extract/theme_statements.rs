//! Themes that a sentence enumerates: `The three priorities are A, B and C`, `focuses on A, B and C`, `Current focus – A, B, C`, and `A, B and C.`
//! below a heading.
//!
//! In: a paragraph. Out: the parts of its enumeration. Clauses with a verb of their own are no themes, nor are states, bodies and places.

use std::ops::Range;

use super::enumerations::{commas, enumeration};
use super::numbers::number_at;
use super::page::Page;
use super::sections::Section;
use super::theme_labels::{is_plural, is_theme};
use super::theme_records::emit;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::record::Draft;
use crate::model::tokens::Mark;
use crate::model::vocabulary::Reads;

/// Longest part, in words.
const PART: usize = 9;
/// Fewest parts where nothing counts them.
const FEWEST: usize = 3;
/// How far behind the wording its verb stands, in tokens.
const NEAR: usize = 10;
/// Kinds that a noun names; what was agreed or done is told by a verb.
const NOUNS: [&str; 5] = ["current_focus", "priority", "objective", "theme", "work_stream"];

/// An enumeration in a sentence: what it is of, where it stands and how many parts the sentence counts.
struct Stated {
    section: Section,
    value: Range<usize>,
    count: usize,
}

/// `The three thematic priorities are A, B and C.`, `The process focuses on A, B and C.`
pub fn from_statements(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) {
    let range = page.range(block);
    if !page.any_begins(&range, |tag| is_theme(page, tag) || matches!(tag, Tag::HeadingVerb(_))) {
        return;
    }
    for sentence in page.sentences(range) {
        let by_noun = marks(page, &sentence, |tag| is_theme(page, tag)).find_map(|mark| by_noun(page, &sentence, mark));
        let by_verb = || marks(page, &sentence, |tag| matches!(tag, Tag::HeadingVerb(_))).find_map(|mark| by_verb(page, &sentence, mark));
        let by_group = || marks(page, &sentence, |tag| is_theme(page, tag)).find_map(|mark| by_group(page, &sentence, mark));
        let Some(Stated { section, value, count }) = by_noun.or_else(by_group).or_else(by_verb) else { continue };
        // `on A, on B and on C`
        let before = value.start - 1;
        let is_again = |part: &Range<usize>| part.len() > 1 && page.text(part.start) == page.text(before) && page.has(before, Tag::Connector);
        let parts: Vec<_> = parts_of(page, &value).into_iter().map(|part| part.start + usize::from(is_again(&part))..part.end).collect();
        if parts.len() >= FEWEST || parts.len() == count && count > 1 {
            for part in parts {
                emit(page, block, part, &section, block, "themes/statement", drafts);
            }
        }
    }
}

/// The marks in a sentence for which `of` holds and behind which it goes on.
fn marks<'a>(page: &'a Page<'_>, sentence: &'a Range<usize>, of: impl Fn(Tag) -> bool + Copy + 'a) -> impl Iterator<Item = Mark> + 'a {
    let end = sentence.end;
    page.begins(sentence, of).filter_map(move |token| page.mark(token, of).filter(|mark| mark.end < end))
}

/// `A, B and C.` as all that stands in a paragraph.
pub fn enumerated(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let range = page.range(block);
    let parts = if page.sentences(range.clone()).len() == 1 { parts_of(page, &range) } else { Vec::new() };
    if parts.len() >= FEWEST { parts } else { Vec::new() }
}

/// Longest aim, in words.
const AIM: usize = 32;

/// `To make hiring fair.`: a sentence without a subject as all that stands below a heading of objectives.
pub fn aim(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    let range = page.range(block);
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let is_subject = |tag: Tag| {
        matches!(tag, Tag::Article | Tag::Opener | Tag::Dialogue(_) | Tag::Organization(_) | Tag::Country(_) | Tag::PartyNoun(_) | Tag::Heading(_))
    };
    let is_verb = |token: usize| page.token(token).shape == Shape::Lower && page.has(token, Tag::LinkVerb);
    let is_aim = (4..=AIM).contains(&words)
        && page.is_capital(range.start)
        && page.text(range.end - 1) == "."
        && page.sentences(range.clone()).len() == 1
        && page.mark(range.start, is_subject).is_none()
        && !range.clone().any(|token| is_verb(token) || page.is_in_date(token));
    if is_aim { vec![range] } else { Vec::new() }
}

/// The wording of themes with its verb: `The priorities of the process are`, `Topics discussed included`.
fn by_noun(page: &Page<'_>, sentence: &Range<usize>, mark: Mark) -> Option<Stated> {
    let Tag::Heading(index) = mark.tag else { return None };
    let heading = &page.vocabulary().headings[usize::from(index)];
    let words = mark.first..mark.end;
    if !heading.kind.as_deref().is_some_and(|kind| NOUNS.contains(&kind)) || !is_plural(page, &words) {
        return None;
    }
    let end = sentence.end.min(mark.end + NEAR);
    let is_verb = |token: usize| page.token(token).shape == Shape::Lower && page.mark(token, |tag| tag == Tag::LinkVerb).is_some();
    let is_namely = |token: usize| page.mark(token, |tag| tag == Tag::Namely).is_some();
    let is_dash = |token: usize| token == mark.end && matches!(page.text(token), "–" | "—") && mark.first <= sentence.start + 2;
    let verb = (mark.end..end).find(|&token| is_verb(token) || is_dash(token) || is_namely(token))?;
    let names = |token: usize| {
        page.is_capital(token)
            || page.is_in_date(token)
            || page.tokens.marks_at(token).any(|mark| {
                matches!(
                    mark.tag,
                    Tag::Of
                        | Tag::Connector
                        | Tag::Article
                        | Tag::Generic
                        | Tag::DialogueHead(_)
                        | Tag::MeetingHead
                        | Tag::Ordinal(_)
                        | Tag::Delegates
                        | Tag::PartyNoun(_)
                        | Tag::PlacePreposition
                        | Tag::Heading(_)
                        | Tag::HeadingVerb(_)
                )
            })
    };
    // What a body works on is no theme of a dialogue; of working groups a sentence tells all sorts of things, unless it counts them.
    let of_body = (sentence.start..mark.first).any(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_))).is_some());
    let sign = verb - usize::from(verb > mark.end && page.text(verb - 1) == ",");
    if of_body || !(mark.end..sign).all(names) {
        return None;
    }
    let mut start = verb;
    // `have been`, `are the following`
    while start < sentence.end
        && (is_dash(start)
            || page.text(start) == ":"
            || page.has(start, Tag::LinkWord) && !page.has(start, Tag::Article)
            || is_verb(start)
            || is_namely(start))
    {
        start = page.mark(start, |tag| matches!(tag, Tag::LinkVerb | Tag::Namely)).map_or(start + 1, |mark| mark.end);
    }
    let count = (mark.first.saturating_sub(NEAR).max(sentence.start)..mark.first)
        .filter(|&token| !page.is_in_date(token))
        .find_map(|token| number_at(page, token, mark.first))
        .map_or(0, |count| count.value as usize);
    let is_counted = count > 1 || heading.kind.as_deref() != Some("work_stream");
    let section = Section { reads: Reads::Themes, kind: heading.kind.clone(), words };
    (is_counted && start < sentence.end).then_some(Stated { section, value: start..sentence.end, count })
}

/// Most tokens before a verb whose subject is a pronoun: `It also focuses on`.
const PRONOUN: usize = 3;
/// How far behind the verb the parts begin where a noun counts them or says of what sort they are, in tokens.
const NOUN: usize = 8;

/// Behind `three pillars, namely` and `issues such as`; none where a noun counts parts that do not follow.
fn over_noun(page: &Page<'_>, value: Range<usize>) -> Option<Range<usize>> {
    let end = value.end.min(value.start + NOUN);
    let namely = (value.start..end).find_map(|token| page.mark(token, |tag| tag == Tag::Namely));
    let counts =
        number_at(page, value.start, value.end).is_some() && (value.start..end).any(|token| page.mark(token, |tag| is_theme(page, tag)).is_some());
    match namely {
        Some(mark) if mark.end < value.end => Some(mark.end..value.end),
        _ => (!counts).then_some(value),
    }
}

/// A verb behind which a dialogue, its meeting or those who met have their themes: `focuses on`, `discussed`, `with a focus on`.
fn by_verb(page: &Page<'_>, sentence: &Range<usize>, mark: Mark) -> Option<Stated> {
    let Tag::HeadingVerb(index) = mark.tag else { return None };
    let value = mark.end..sentence.end;
    if page.token(mark.first).shape != Shape::Lower && mark.first > sentence.start || page.colon_in(&value).is_some() {
        return None;
    }
    // The noun or name nearest before the verb is the one that it tells of.
    let is_ours = |tag: Tag| {
        tag.is_titled_head()
            || matches!(tag, Tag::Dialogue(_) | Tag::MeetingHead | Tag::Delegates | Tag::PartyNoun(_) | Tag::WorkingGroup | Tag::Talks)
    };
    let is_other = |tag: Tag| {
        matches!(
            tag,
            Tag::PublicationHead(_) | Tag::ProgrammeHead | Tag::Organization(_) | Tag::OrganizationHead(_) | Tag::PersonTitle | Tag::UnitHead
        )
    };
    let subject = (sentence.start..mark.first).rev().find_map(|token| {
        let ours = page.mark(token, is_ours).is_some() || page.referents_in(token..token + 1).next().is_some();
        let other = page.mark(token, is_other).is_some();
        (ours || other).then_some(ours)
    });
    let before = sentence.start..mark.first;
    let is_pronoun = before.is_empty() || before.len() <= PRONOUN && page.has(before.start, Tag::Opener);
    if !subject.unwrap_or(is_pronoun) {
        return None;
    }
    let value = over_noun(page, value)?;
    let kind = page.vocabulary().headings[usize::from(index)].kind.clone();
    Some(Stated { section: Section { reads: Reads::Themes, kind, words: mark.first..mark.end }, value, count: 0 })
}

/// `working groups on A, on B and on C`: what groups work on stands behind a small word.
fn by_group(page: &Page<'_>, sentence: &Range<usize>, mark: Mark) -> Option<Stated> {
    let Tag::Heading(index) = mark.tag else { return None };
    let heading = &page.vocabulary().headings[usize::from(index)];
    let is_joint = |token: usize| page.has(token, Tag::Connector) && page.token(token).shape == Shape::Lower && !page.has(token, Tag::And);
    let of_groups = heading.kind.as_deref() == Some("work_stream") && is_plural(page, &(mark.first..mark.end));
    if !of_groups || mark.end + 1 >= sentence.end || !is_joint(mark.end) || page.has(mark.end, Tag::Of) {
        return None;
    }
    let section = Section { reads: Reads::Themes, kind: heading.kind.clone(), words: mark.first..mark.end };
    Some(Stated { section, value: mark.end + 1..sentence.end, count: 0 })
}

/// The parts of an enumeration, if each is short and none is a clause, a name or a number.
#[must_use]
pub fn parts_of(page: &Page<'_>, value: &Range<usize>) -> Vec<Range<usize>> {
    let end = value.end - usize::from(matches!(page.text(value.end - 1), "." | "|"));
    let value = value.start..end;
    if value.is_empty() {
        return Vec::new();
    }
    let listed = enumeration(page, &value);
    let parts = if listed.len() > 1 { listed } else { commas(page, &value, true) };
    let is_clause = |part: &Range<usize>| {
        let words = part.clone().filter(|&token| page.is_word(token)).count();
        let tells = |token: usize| {
            page.token(token).shape == Shape::Lower
                && (page.has(token, Tag::ListEnd) && !page.has(token, Tag::Connector) && !page.has(token, Tag::PlacePreposition)
                    || page.mark(token, |tag| matches!(tag, Tag::Held | Tag::Published | Tag::Met)).is_some())
        };
        !(1..=PART).contains(&words) || part.clone().any(|token| tells(token) || page.is_in_date(token) || page.text(token) == "@")
    };
    if parts.iter().any(|part| is_clause(part) || is_name(page, part)) { Vec::new() } else { parts }
}

/// A state, a body, a place or a number of something.
fn is_name(page: &Page<'_>, part: &Range<usize>) -> bool {
    let first = part.clone().find(|&token| !page.has(token, Tag::Article)).unwrap_or(part.start);
    let is_entity = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::City(_) | Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_));
    page.token(first).shape == Shape::Number || page.mark(first, is_entity).is_some_and(|mark| mark.end == part.end)
}
