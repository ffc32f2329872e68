//! Programmes: named projects, programmes and plans, with who pays for them and where they work.
//!
//! In: a page. Out: one record a programme. A name is one by its noun (`X Project`, `project "X"`, `X (ABC) programme`) or by the
//! heading that it stands under.

use std::collections::HashSet;
use std::ops::Range;

use super::enumerations::split;
use super::names::{self, Wholes, line_end, name_at, trim_openers};
use super::page::Page;
use super::programme_entries::{at_entry, entries, first_name};
use super::programme_lines::{at_funder, at_label, at_services, before_payer};
use super::programme_terms::{countries, funder, is_text};
use super::sheets::{self, Sheet};
use super::{programme_tables, sections, titles};
use crate::findings::Report;
use crate::model::gazetteer::{Shape, Tag, fold};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// A programme of the page.
#[derive(Clone, Debug)]
pub struct Named {
    pub name: Range<usize>,
    pub acronym: Option<Range<usize>>,
    /// Who pays, where the layout says it.
    pub funder: Option<Range<usize>>,
    pub rule: &'static str,
}

impl Named {
    pub fn new(name: Range<usize>, acronym: Option<Range<usize>>, rule: &'static str) -> Self {
        Self { name, acronym, funder: None, rule }
    }
}

/// Longest item that stands for a heading, in tokens.
const ITEM: usize = 3;

/// Emits the programmes of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut found: Vec<Named> = Vec::new();
    // An item of a word or two that announces projects, such as one of a slide, stands for a heading.
    let mut by_item = false;
    for (block, content) in page.numbered_blocks() {
        let before = found.len();
        let range = page.range(block);
        // Every name has the noun in it or beside it.
        let mut at = if page.any_begins(&range, |tag| matches!(tag, Tag::ProgrammeHead)) { range.start } else { range.end };
        while at < range.end {
            let named = at_quote(page, at, &range)
                .or_else(|| at_noun(page, at, &range))
                .or_else(|| at_services(page, at, &range))
                .or_else(|| at_name(page, at, &range));
            match named {
                Some(named) => {
                    at = named.name.end.max(at + 1);
                    found.push(named);
                }
                None => at += 1,
            }
        }
        if content.kind == BlockKind::Heading || content.kind == BlockKind::Item && range.len() <= ITEM {
            by_item = content.kind == BlockKind::Item
                && sections::section_of(page, range.clone()).is_some_and(|section| section.reads == Reads::Programmes);
        }
        if by_item && content.kind == BlockKind::Paragraph {
            let quotes = titles::quoted(page, range.clone());
            found.extend(
                quotes
                    .into_iter()
                    .filter(|quote| page.line_starts_in(range.clone()).contains(&quote.tokens.start) || quote.tokens.start == range.start)
                    .map(|quote| {
                        let acronym = acronym_behind(page, quote.tokens.end, range.end);
                        Named::new(quote.title, acronym, "programmes/list")
                    }),
            );
        }
        let listed = content.kind != BlockKind::Heading && introduces_projects(page, block);
        if listed && content.kind != BlockKind::Row {
            for entry in entries(page, block) {
                if let Some(named) = at_entry(page, &entry) {
                    // What else an entry seems to name pays for it, or is part of its name.
                    found.retain(|other| !(entry.start <= other.name.start && other.name.end <= entry.end));
                    found.push(named);
                }
            }
        }
        if listed && found.len() == before {
            found.extend(split(page, range.clone(), &["|"]).into_iter().filter_map(|entry| first_name(page, &entry)));
        }
        if content.kind != BlockKind::Heading {
            let pays = |tag: Tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut);
            if page.any_begins(&range, pays) {
                found.extend(page.lines(block).into_iter().filter_map(|line| at_funder(page, &line, range.end)));
            }
            found.extend(at_label(page, &range));
            for verb in page.begins(&range, pays) {
                // Another rule may have read the name already, with more about it.
                let is_new = |named: &Named| found.iter().all(|other| other.name.end <= named.name.start || named.name.end <= other.name.start);
                found.extend(before_payer(page, verb, &range).filter(is_new));
            }
        }
    }
    let mut sheets: Vec<Sheet> = page.numbered_blocks().filter_map(|(block, _)| sheets::below(page, block)).collect();
    let within: Vec<(Sheet, Range<usize>)> = page.numbered_blocks().flat_map(|(block, _)| sheets::within(page, block)).collect();
    // What the lines of a sheet name besides is its short title or another form of its name.
    found.retain(|named| !within.iter().any(|(_, lines)| lines.start <= named.name.start && named.name.end <= lines.end));
    sheets.extend(within.into_iter().map(|(sheet, _)| sheet));
    let listed: Vec<Sheet> = page.numbered_blocks().flat_map(|(block, _)| programme_tables::below(page, block)).collect();
    // What else the heading of a sheet seems to name is part of its name.
    found.retain(|named| !sheets.iter().chain(&listed).any(|sheet| sheet.name.start <= named.name.start && named.name.end <= sheet.name.end));
    for named in distinct(page, found) {
        drafts.push(record(page, &named));
    }
    for sheet in sheets {
        drafts.push(programme_tables::record(page, &sheet, "programmes/sheet"));
    }
    for project in listed {
        drafts.push(programme_tables::record(page, &project, "programmes/table"));
    }
}

/// Whether the nearest introduction of a block announces projects.
fn introduces_projects(page: &Page<'_>, block: usize) -> bool {
    let announces = |above: usize| page.section_of(above).is_some_and(|section| section.reads == Reads::Programmes);
    page.introductions(block).next().is_some_and(announces)
}

/// The acronym in a bracket right behind a name.
pub fn acronym_behind(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let is_bracket = at + 2 < end && page.text(at) == "(" && page.text(at + 2) == ")";
    let capitals = |token: usize| page.text(token).chars().filter(|letter| letter.is_uppercase()).count();
    if is_bracket && page.is_word(at + 1) && capitals(at + 1) >= 2 { Some(at + 1..at + 2) } else { names::acronym_behind(page, at, end) }
}

pub fn is_noun(page: &Page<'_>, token: usize) -> bool {
    page.mark(token, |tag| tag == Tag::ProgrammeHead).is_some()
}

/// `“X” (ABC) programme`, `Global Initiative “X” (ABC)`: a quoted name with the noun on either side.
fn at_quote(page: &Page<'_>, at: usize, range: &Range<usize>) -> Option<Named> {
    if !matches!(page.text(at), "“" | "«" | "\"" | "„" | "‘") {
        return None;
    }
    let quote = titles::quoted(page, at..range.end).into_iter().next().filter(|quote| quote.tokens.start == at)?;
    let acronym = acronym_behind(page, quote.tokens.end, range.end);
    let behind = acronym.as_ref().map_or(quote.tokens.end, |acronym| acronym.end + 1);
    let behind = behind + usize::from(behind < range.end && page.text(behind) == ":");
    let noun_behind = behind < range.end && page.token(behind).shape == Shape::Lower && is_noun(page, behind);
    let is_projects = |token: usize| {
        is_noun(page, token)
            || page.mark(token, |tag| matches!(tag, Tag::Heading(index) if page.gazetteer.reads(index) == Reads::Programmes)).is_some()
    };
    let noun_before = at > range.start && is_noun(page, at - 1) || at > range.start + 1 && page.text(at - 1) == ":" && is_projects(at - 2);
    (noun_behind || noun_before).then_some(Named::new(quote.title, acronym, "programmes/quoted"))
}

/// `the project on “X”`, `projet X`, `X was an earlier project`.
fn at_noun(page: &Page<'_>, at: usize, range: &Range<usize>) -> Option<Named> {
    if page.token(at).shape != Shape::Lower {
        return None;
    }
    let noun = page.mark(at, |tag| tag == Tag::ProgrammeHead).filter(|mark| mark.end < range.end)?;
    let mut next = noun.end;
    while next < range.end
        && next < noun.end + 2
        && (page.text(next) == ","
            || page.token(next).shape == Shape::Lower
                && page.tokens.marks_at(next).any(|mark| matches!(mark.tag, Tag::Connector | Tag::Of | Tag::Called)))
    {
        next += 1;
    }
    if let Some(quote) = titles::quoted(page, next..range.end).into_iter().next().filter(|quote| quote.tokens.start == next) {
        let acronym = acronym_behind(page, quote.tokens.end, range.end);
        return Some(Named::new(quote.title, acronym, "programmes/quoted"));
    }
    if next != noun.end || next >= range.end || page.gap_before(next) != " " {
        return None;
    }
    // `projet ABC (Name of the project)`
    if let Some(given) = page.acronyms.iter().find(|given| given.acronym.start == next && given.name.start > next) {
        return Some(Named::new(given.name.clone(), Some(given.acronym.clone()), "programmes/noun"));
    }
    // `project ABC (“Name of the project”)`
    if page.token(next).shape == Shape::Upper
        && next + 3 < range.end
        && page.text(next + 1) == "("
        && let Some(quote) = titles::quoted(page, next + 2..range.end).into_iter().next().filter(|quote| quote.tokens.start == next + 2)
    {
        return Some(Named::new(quote.title, Some(next..next + 1), "programmes/noun"));
    }
    // `projet ABC (Nom du projet)`, small words in the name.
    if page.token(next).shape == Shape::Upper
        && next + 2 < range.end
        && page.text(next + 1) == "("
        && page.is_capital(next + 2)
        && let Some(close) = (next + 3..range.end.min(next + 24)).find(|&token| page.text(token) == ")").filter(|close| close - next > 4)
    {
        return Some(Named::new(next + 2..close, Some(next..next + 1), "programmes/noun"));
    }
    let name = name_at(page, next, range.end)?;
    let entity = page
        .mark(next, |tag| matches!(tag, Tag::Country(_) | Tag::City(_) | Tag::Organization(_) | Tag::Dialogue(_) | Tag::Group(_)))
        .is_some_and(|mark| mark.end >= name.end);
    // One word in capitals of no other meaning is a name too.
    let own_word = || page.token(next).shape == Shape::Upper && page.text(next).chars().count() >= 4 && !page.knows(next);
    (!entity && (name.len() >= 2 || own_word())).then_some(Named::new(name, None, "programmes/noun"))
}

/// `X Project`, `X (ABC) programme`, `X project (ABC)`, `Programa X`.
fn at_name(page: &Page<'_>, at: usize, range: &Range<usize>) -> Option<Named> {
    let glued = at > range.start && page.tokens.touches_previous(at) && !matches!(page.text(at - 1), "(" | "“" | "«" | "\"" | "‘" | "’");
    if glued || page.tokens.marks_at(at).any(|mark| matches!(mark.tag, Tag::Opener | Tag::Article) && page.token(at).shape != Shape::Upper) {
        return None;
    }
    let start = over_count(page, at, range.end);
    if start >= range.end || !page.is_capital(start) {
        return None;
    }
    let name = trim_openers(page, name_at(page, start, line_end(page, start, range.end))?);
    // `EU-funded X project`
    let name = match name.clone().find(|&token| page.has(token, Tag::Funded)) {
        Some(verb) if verb + 1 < name.end => verb + 1..name.end,
        _ => name,
    };
    if is_called_programme(page, &name, range.end) {
        return Some(Named::new(name, None, "programmes/is"));
    }
    let name = own_part(page, name);
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    let is_known = page
        .tokens
        .marks_at(name.start)
        .any(|mark| matches!(mark.tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Country(_)) && mark.end >= name.end);
    let of_dialogue = page.is_within_dialogue(&name)
        || page.dialogues_in(name.end..range.end.min(name.end + 3)).any(|(tokens, _)| tokens.start == name.end + 1 && page.text(name.end) == "(");
    // The end of the name of a body: `United Nations Development Programme`.
    let of_body = (name.start.saturating_sub(3)..=name.start).any(|token| {
        page.mark(token, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.first <= name.start && mark.end >= name.end)
    });
    let is_job = name.clone().any(|token| page.has(token, Tag::PersonTitle) && page.is_capital(token));
    // The way through a web site, and a text called after the place or body that adopted it.
    let is_trail = name.start > range.start && page.text(name.start - 1) == ">" || name.end < range.end && page.text(name.end) == ">";
    if is_known || of_body || of_dialogue || is_job || name.len() > 30 || is_trail || is_text(page, &name) {
        return None;
    }
    let acronym = acronym_behind(page, name.end, range.end);
    // The name runs over a line end: its short form tells where it begins.
    let given = page.acronyms.iter().find(|given| given.name.end == name.end && given.name.start < name.start && name.len() == 1);
    let name = given.map_or(name, |given| trim_openers(page, given.name.clone()));
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count().max(capitals);
    let noun_behind =
        |token: usize| token < range.end && page.token(token).shape == Shape::Lower && page.gap_before(token) == " " && is_noun(page, token);
    let noun_anyhow = |token: usize| token < range.end && page.gap_before(token) == " " && is_noun(page, token);
    // `X (ABC) programme`
    if acronym.is_some() && noun_anyhow(name.end + 3) && capitals >= 2 {
        return Some(Named::new(name, acronym, "programmes/acronym"));
    }
    let own = name.clone().filter(|&token| page.is_capital(token)).any(|token| {
        !is_noun(page, token)
            && !page
                .tokens
                .marks_at(token)
                .any(|mark| matches!(mark.tag, Tag::Filler | Tag::Generic | Tag::Role(_) | Tag::PartyNoun(_) | Tag::Heading(_)))
    });
    // `X project (ABC)`
    let is_short_name = name.clone().any(|token| page.token(token).shape == Shape::Upper)
        && page.mark(name.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Group(_) | Tag::Country(_))).is_none();
    if noun_behind(name.end) && (capitals >= 3 || is_short_name && capitals >= 2) && own {
        let with_noun = name.start..name.end + 1;
        let acronym = acronym_behind(page, with_noun.end, range.end);
        return Some(Named::new(with_noun, acronym, "programmes/noun"));
    }
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).unwrap_or(name.end);
    let nouns = |from: usize| page.mark(from, |tag| tag == Tag::ProgrammeHead).filter(|mark| page.is_capital(from) && mark.end <= name.end);
    let front = (name.start..small).filter_map(nouns).find(|mark| mark.end >= small);
    let last = (name.start..name.end).filter_map(nouns).find(|mark| mark.end == name.end);
    let head = front.or(last);
    let counted = start > at;
    let says_less = |mark: &crate::model::tokens::Mark| {
        // `the Initiative` refers to one named elsewhere; where the noun stands first, one at the end is of another thing.
        mark.first > name.start
            && (page.has(mark.first - 1, Tag::Article) || page.vocabulary().language.noun_first && front.is_none() && acronym.is_none())
    };
    if head.as_ref().is_some_and(says_less) {
        return None;
    }
    let leads = nouns(name.start);
    let is_name = match (head, leads) {
        // `Plan of Action` alone is a sort of text; with a count before it or an acronym behind it is one text.
        (Some(head), _) if head.first == name.start => counted || acronym.is_some(),
        (Some(_), _) => own || acronym.is_some(),
        // `Programa X`: the noun first and a name right behind it.
        (None, Some(noun)) => {
            noun.end < name.end
                && page.is_capital(noun.end)
                && !page.has(noun.end, Tag::Of)
                && !page.has(noun.end, Tag::Connector)
                && own
                && capitals >= 3
        }
        (None, None) => false,
    };
    let name = if counted { at..name.end } else { name };
    is_name.then_some(Named::new(name, acronym, "programmes/name"))
}

/// `X was an earlier project`
fn is_called_programme(page: &Page<'_>, name: &Range<usize>, end: usize) -> bool {
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    let copula =
        name.end + 2 < end && page.token(name.end).shape == Shape::Lower && page.has(name.end, Tag::ListEnd) && page.has(name.end + 1, Tag::Article);
    let is_dialogue = page.is_within_dialogue(name);
    capitals >= 3
        && copula
        && !is_dialogue
        && (name.end + 2..end.min(name.end + 5)).take_while(|&token| page.token(token).shape == Shape::Lower).any(|token| is_noun(page, token))
}

/// Leaves out a body spelled out in front, and what `and` holds behind the noun: `A B C Organization X Project and the Y`.
fn own_part(page: &Page<'_>, mut name: Range<usize>) -> Range<usize> {
    if let Some(mark) = page
        .mark(name.start, |tag| matches!(tag, Tag::Organization(_)))
        .filter(|mark| mark.end - mark.first >= 3 && mark.end < name.end && page.is_capital(mark.end))
    {
        name.start = mark.end;
    }
    let and = name.clone().find(|&token| page.has(token, Tag::And) && page.token(token).shape == Shape::Lower);
    if let Some(and) = and.filter(|&and| is_noun(page, and - 1) && and > name.start + 1) {
        name.end = and;
    }
    name
}

/// A count before the noun: `5-year 8-point Plan of Action`.
fn over_count(page: &Page<'_>, at: usize, end: usize) -> usize {
    let mut next = at;
    let mut last = at;
    while next + 1 < end && next < at + 8 && page.token(next).shape == Shape::Number && !page.is_in_date(next) {
        next += 1;
        if page.text(next) == "-" {
            next += 1;
        }
        if next < end && page.token(next).shape == Shape::Lower {
            next += 1;
            last = next;
        }
    }
    last
}

/// Each programme once, in its fullest form; a shorter form of another name is the same.
fn distinct(page: &Page<'_>, found: Vec<Named>) -> Vec<Named> {
    let key = |named: &Named| -> String {
        let words: Vec<String> = named.name.clone().filter(|&token| page.is_word(token)).map(|token| fold(page.text(token))).collect();
        format!(" {} ", words.join(" "))
    };
    let mut seen = HashSet::new();
    let mut list: Vec<(String, Named)> = Vec::new();
    for named in found {
        let words = key(&named);
        if !seen.insert(words.clone()) {
            if let Some((_, same)) = list.iter_mut().find(|(other, _)| *other == words) {
                same.acronym = same.acronym.take().or(named.acronym);
            }
            continue;
        }
        list.push((words, named));
    }
    let wholes: Wholes = list.iter().map(|(words, _)| words.trim()).collect();
    list.into_iter().filter(|(words, named)| named.acronym.is_some() || !wholes.has_part(words.trim())).map(|(_, named)| named).collect()
}

fn record(page: &Page<'_>, named: &Named) -> Draft {
    let span = page.span(&named.name);
    let mut draft = Draft::new("programmes", named.rule).with("name", page.value(span), span);
    if let Some(acronym) = &named.acronym {
        draft = draft.with("acronym", page.value_of(acronym), page.span(acronym));
    }
    let block = page.range(page.block_of(named.name.start));
    let sentence = page.sentences(block.clone()).into_iter().find(|sentence| sentence.contains(&named.name.start)).unwrap_or(block);
    let funder = funder(page, named, &sentence).or_else(|| named.funder.clone());
    if let Some(funder) = &funder {
        draft = draft.with("funder", page.value_of(funder), page.span(funder));
    }
    let places = countries(page, named, &sentence, funder.as_ref());
    if !places.is_empty() {
        let codes: Vec<&str> = places.iter().map(|(index, _)| page.reference.countries[usize::from(*index)].iso3.as_str()).collect();
        let spans: Vec<_> = places.iter().map(|(_, tokens)| page.span(tokens)).collect();
        draft.set("countries", codes.join(" "), &spans);
    }
    draft
}
