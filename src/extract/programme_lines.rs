//! Programmes by their line: a name with who pays right behind it, behind a label of projects, or of places of service.
//!
//! In: a line or a block. Out: the name that stands there.

use std::ops::Range;

use super::dialogues::has_initials;
use super::names::{acronym_behind, name_at, trim_openers};
use super::page::Page;
use super::programme_entries::{at_entry, first_name, is_title};
use super::programme_terms::payers;
use super::programmes::{Named, is_noun};
use super::{roles, sections, titles};
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Longest label of a project, in tokens.
const LABEL: usize = 5;
/// Longest name of a project in quotation marks, in tokens.
const LONGEST: usize = 60;

/// `X, funded by A`, `X: funded by A`, `“X” – paid for by A`, `X (ABC, funded by A)`: a name at the head of a line, and right behind it who pays.
pub fn at_funder(page: &Page<'_>, line: &Range<usize>, end: usize) -> Option<Named> {
    let mut start = line.start;
    while start < line.end && !page.is_word(start) && !matches!(page.text(start), "“" | "«" | "\"" | "„") {
        start += 1;
    }
    if start >= line.end {
        return None;
    }
    let quote = titles::quoted(page, start..end.min(start + LONGEST)).into_iter().next().filter(|quote| quote.tokens.start == start);
    let (name, behind) = match quote {
        Some(quote) => (quote.title, quote.tokens.end),
        None => {
            let name = trim_openers(page, name_at(page, start, line.end)?);
            (name.clone(), name.end)
        }
    };
    let acronym = acronym_behind(page, behind, end);
    let behind = acronym.as_ref().map_or(behind, |acronym| acronym.end + 1);
    // `X, 2012-2014, funded by A`
    let date = page.dates_in(behind..end.min(behind + 2)).next().filter(|date| date.tokens.start == behind + 1);
    let behind = date.map_or(behind, |date| date.tokens.end);
    let sign = behind < end && matches!(page.text(behind), "," | ":" | "–" | "—" | "(" | "-");
    let pays = behind + usize::from(sign);
    let is_paid = sign && pays < end && page.mark(pays, |tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut)).is_some();
    let words = name.clone().filter(|&token| page.is_word(token)).count();
    let is_known =
        page.mark(name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Country(_) | Tag::Group(_))).is_some_and(|mark| mark.end >= name.end);
    let is_event = name.clone().any(|token| page.has(token, Tag::MeetingHead)) || page.is_within_dialogue(&name) && acronym.is_none() && words > 2;
    (is_paid && words >= 2 && !is_known && !is_event && (acronym.is_none() || !is_body(page, &name))).then_some(Named::new(
        name,
        acronym,
        "programmes/funded",
    ))
}

/// `Current project: «X – Y», co-funded by A`: the name behind a label of projects.
pub fn at_label(page: &Page<'_>, range: &Range<usize>) -> Option<Named> {
    let (_, value) = roles::labels(page, range.clone()).into_iter().find(|(label, _)| {
        label.len() <= LABEL && sections::section_of(page, label.clone()).is_some_and(|section| section.reads == Reads::Programmes)
    })?;
    if let Some(quote) = titles::quoted(page, value.clone()).into_iter().next().filter(|quote| quote.tokens.start <= value.start + 1) {
        let acronym = acronym_behind(page, quote.tokens.end, range.end);
        return Some(Named::new(quote.title, acronym, "programmes/label"));
    }
    if let Some(named) = at_entry(page, &value) {
        return Some(Named { rule: "programmes/label", ..named });
    }
    let named = first_name(page, &value)?;
    (named.acronym.is_some() || page.mark(named.name.end.min(range.end - 1), |tag| tag == Tag::FundedBy).is_some())
        .then_some(Named { rule: "programmes/label", ..named })
}

/// A heading, and below it what only a project has: `A three-year project funded by B`, `Financed by B`.
pub fn headed(page: &Page<'_>, heading: usize) -> Option<Named> {
    let title = page.range(heading);
    let below = heading + 1;
    if below >= page.blocks.blocks.len() || page.block(below).kind == BlockKind::Heading {
        return None;
    }
    let sentence = page.sentences(page.range(below)).into_iter().next()?;
    let pays = |tag: Tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut);
    let opens = page.mark(sentence.start, pays).is_some();
    let opening = sentence.start..sentence.end.min(sentence.start + OPENING);
    // `A three-year project funded by`, `Projet financé par`: one of them, and no verb before.
    let is_noun_phrase = || {
        let noun = opening.clone().find(|&token| is_noun(page, token) && !page.text(token).ends_with('s'));
        (page.has(opening.start, Tag::Article) || noun == Some(opening.start))
            && noun.is_some_and(|noun| page.any_begins(&(noun..sentence.end.min(noun + OPENING)), pays))
    };
    let end = title.clone().find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(title.end);
    let name = title.start..end;
    ((opens || is_noun_phrase())
        && name.len() >= 2
        && page.is_capital(name.start)
        && !page.has(name.start, Tag::Article)
        && is_title(page, &name)
        && !is_body(page, &name))
    .then(|| Named { funder: payer_in(page, &sentence), ..Named::new(name, acronym_behind(page, end, title.end), "programmes/heading") })
}

/// Who pays, as a sentence says.
fn payer_in(page: &Page<'_>, sentence: &Range<usize>) -> Option<Range<usize>> {
    let funded = |tag: Tag| tag == Tag::FundedBy;
    let mark = page.begins(sentence, funded).find_map(|token| page.mark(token, funded))?;
    let is_small = |token: &usize| page.has(*token, Tag::Article) || matches!(page.text(*token), "'" | "’");
    let start = (mark.end..sentence.end).find(|token| !is_small(token))?;
    payers(page, start, sentence.end)
}

/// How far the noun stands behind the start of what is said below such a heading, in tokens.
const OPENING: usize = 8;

/// `network of Migrant Service Centres (MSCs)`: places of service that a project set up, with a short form in the plural.
pub fn at_services(page: &Page<'_>, at: usize, range: &Range<usize>) -> Option<Named> {
    let of = page.mark(at, |tag| tag == Tag::ServiceHead).filter(|mark| mark.end < range.end && page.token(at).shape == Shape::Lower)?;
    let name = name_at(page, of.end, range.end)?;
    let acronym = acronym_behind(page, name.end, range.end)?;
    let is_plural = page.value_of(&acronym).ends_with('s');
    (is_plural && name.len() >= 2).then_some(Named::new(name, Some(acronym), "programmes/services"))
}

/// How far before the verb a name begins, in tokens.
const NAME: usize = 26;

/// `the A B C (ABC), funded by D`, `A B C (ABC) is financed by D`, `ABC (A B C), implemented by D`: a name with its short form, or in quotation
/// marks, right before who pays or does the work.
pub fn before_payer(page: &Page<'_>, verb: usize, range: &Range<usize>) -> Option<Named> {
    let sentence = page.sentences(range.clone()).into_iter().find(|sentence| sentence.contains(&verb))?;
    let is_small = |token: usize| page.token(token).shape == Shape::Lower && (page.has(token, Tag::LinkVerb) || page.has(token, Tag::And));
    let mut end = verb;
    while end > sentence.start && (is_small(end - 1) || page.token(end - 1).shape == Shape::Lower && is_noun(page, end - 1)) {
        end -= 1;
    }
    if end > sentence.start && matches!(page.text(end - 1), "," | "–" | "—" | ":" | "(" | "-") {
        end -= 1;
    }
    // `(2015-2018)`, `(phase II)`
    let opens = |close: usize| (sentence.start..close).rev().take(NAME).find(|&token| page.text(token) == "(");
    if end > sentence.start + 1
        && page.text(end - 1) == ")"
        && let Some(open) = opens(end - 1)
        && page.is_in_date(open + 1)
    {
        end = open;
    }
    if end <= sentence.start + 2 {
        return None;
    }
    if let Some(quote) = titles::quoted(page, sentence.clone()).into_iter().find(|quote| quote.tokens.end == end) {
        let is_other = |token: usize| page.mark(token, |tag| matches!(tag, Tag::PublicationHead(_) | Tag::MeetingHead)).is_some();
        let before = quote.tokens.start.saturating_sub(NEAR).max(sentence.start)..quote.tokens.start;
        return (!before.clone().any(is_other)).then(|| Named::new(quote.title, None, "programmes/funded"));
    }
    let open = opens(end - 1).filter(|_| page.text(end - 1) == ")")?;
    let acronym = acronym_behind(page, open, end);
    let named = match acronym {
        Some(acronym) => Named::new(long_form(page, &acronym, open, sentence.start)?, Some(acronym), "programmes/funded"),
        // `ABC (A B C)`
        None => {
            let (name, short) = (open + 1..end - 1, open.checked_sub(1)?..open);
            let is_spelled = page.token(short.start).shape == Shape::Upper && name.len() >= 3 && has_initials(page, &name, &short);
            is_spelled.then(|| Named::new(name, Some(short), "programmes/funded"))?
        }
    };
    (!is_body(page, &named.name)).then_some(named)
}

/// How far before a quotation stands what it is a title of, in tokens.
const NEAR: usize = 4;

/// The name that an acronym in brackets stands for, its small words in lower case.
fn long_form(page: &Page<'_>, acronym: &Range<usize>, open: usize, from: usize) -> Option<Range<usize>> {
    if let Some(given) = page.acronyms.iter().find(|given| given.acronym == *acronym) {
        return Some(trim_openers(page, given.name.clone()));
    }
    let from = from.max(open.saturating_sub(NAME));
    let begins = |token: &usize| page.is_capital(*token) && !page.tokens.marks_at(*token).any(|mark| matches!(mark.tag, Tag::Article | Tag::Opener));
    let spelled = (from..open).rev().filter(begins).find(|&first| has_initials(page, &(first..open), acronym));
    // A name in another language than its short form, at the head of its sentence.
    let first = || {
        (from..open.min(from + 3)).find(begins).filter(|&first| {
            (first + 1..open).all(|token| {
                !page.has(token, Tag::LinkVerb)
                    && !page.has(token, Tag::Held)
                    && !matches!(page.text(token), ":" | "," | ";" | "“" | "”" | "«" | "»" | "\"")
            })
        })
    };
    spelled.or_else(first).map(|first| first..open).filter(|name| name.len() >= 2)
}

/// Whether a name is that of a body, a meeting, a dialogue or a text.
fn is_body(page: &Page<'_>, name: &Range<usize>) -> bool {
    let is_head = |tag: Tag| {
        matches!(
            tag,
            Tag::OrganizationHead(_) | Tag::UnitHead | Tag::MeetingHead | Tag::DialogueHead(_) | Tag::TitledHead(_) | Tag::PublicationHead(_)
        )
    };
    let has = |of: &dyn Fn(Tag) -> bool| name.clone().any(|token| page.is_capital(token) && page.mark(token, of).is_some());
    let is_known = page
        .tokens
        .marks_at(name.start)
        .any(|mark| matches!(mark.tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_) | Tag::Country(_)) && mark.end >= name.end);
    is_known || page.is_within_dialogue(name) || has(&is_head) && !has(&|tag| tag == Tag::ProgrammeHead)
}
