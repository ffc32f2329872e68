//! Programmes: named projects, programmes and plans, with who pays for them and where they work.
//!
//! In: a page. Out: one record a programme. A name is one by its noun (`X Project`, `project "X"`, `X (ABC) programme`) or by the
//! heading that it stands under.

use std::collections::HashSet;
use std::ops::Range;

use super::dialogues::has_initials;
use super::enumerations::split;
use super::names::{self, Wholes, name_at};
use super::page::Page;
use super::programme_entries::{at_entry, entries, first_name, tells_of_project};
use super::programme_lines::{at_funder, at_label, at_services, before_payer};
use super::programme_names::at_name;
use super::programme_terms::{countries, funder};
use super::sheets::{self, Sheet};
use super::{programme_lines, programme_sentences, programme_tables, sections, titles};
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

/// Longest short form with its bracket, in tokens: `P4P`, `EU-GMD`.
const ACRONYM: usize = 6;
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
        beside_nouns(page, &range, &mut found);
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
        // Of a row only the first cell names one, and the others say who pays or how long.
        let cells = split(page, range.clone(), &["|"]);
        let named_cells = if content.kind != BlockKind::Row {
            cells.len()
        } else {
            usize::from(cells.iter().skip(1).any(|cell| tells_of_project(page, cell.start, cell.end)))
        };
        if listed && found.len() == before {
            found.extend(cells.into_iter().take(named_cells).filter_map(|entry| first_name(page, &entry)));
        }
        if content.kind == BlockKind::Heading {
            found.extend(programme_lines::headed(page, block));
        } else {
            let pays = |tag: Tag| matches!(tag, Tag::FundedBy | Tag::CarriedOut);
            if page.any_begins(&range, pays) {
                found.extend(page.lines(block).into_iter().filter_map(|line| at_funder(page, &line, range.end)));
            }
            found.extend(at_label(page, &range));
            for verb in page.begins(&range, pays) {
                // Another rule may have read the name already, with more about it.
                found.extend(before_payer(page, verb, &range).filter(|named| is_new(&found, named)));
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
    // `Project ABC` elsewhere is the one whose sheet gives ABC as its short form.
    let shorts: Vec<String> = sheets.iter().filter_map(|sheet| sheet.acronym.as_ref()).map(|acronym| page.value_of(acronym)).collect();
    found.retain(|named| !shorts.iter().any(|short| page.value_of(&named.name).ends_with(short.as_str())));
    let named = distinct(page, found);
    let starts: Vec<usize> = named.iter().map(|named| named.name.start).collect();
    for named in named {
        drafts.push(record(page, &named, &starts));
    }
    for sheet in sheets {
        drafts.push(programme_tables::record(page, &sheet, "programmes/sheet"));
    }
    for project in listed {
        drafts.push(programme_tables::record(page, &project, "programmes/table"));
    }
}

/// Whether no programme found so far shares a word with another.
fn is_new(found: &[Named], named: &Named) -> bool {
    found.iter().all(|other| other.name.end <= named.name.start || named.name.end <= other.name.start)
}

/// Adds what a block names beside a noun in lower case, where no rule has read it.
fn beside_nouns(page: &Page<'_>, range: &Range<usize>, found: &mut Vec<Named>) {
    for noun in page.begins(range, |tag| tag == Tag::ProgrammeHead).filter(|&token| page.token(token).shape == Shape::Lower) {
        if let Some(whole) = programme_sentences::in_small_letters(page, noun, range) {
            found.retain(|other| other.name.start != whole.name.start || other.name.len() > whole.name.len());
            found.extend(Some(whole).filter(|named| is_new(found, named)));
        }
        for named in [programme_sentences::before_noun(page, noun, range), programme_sentences::apposed(page, noun, range)].into_iter().flatten() {
            found.extend(Some(named).filter(|named| is_new(found, named)));
        }
    }
    for named in programme_sentences::listed(page, range) {
        found.extend(Some(named).filter(|named| is_new(found, named)));
    }
}

/// Whether the nearest introduction of a block announces projects.
fn introduces_projects(page: &Page<'_>, block: usize) -> bool {
    let announces = |above: usize| page.section_of(above).is_some_and(|section| section.reads == Reads::Programmes);
    page.introductions(block).next().is_some_and(announces)
}

/// The acronym in a bracket right behind a name.
pub fn acronym_behind(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let close = (at + 1..end.min(at + ACRONYM)).find(|&token| page.text(token) == ")").filter(|_| page.text(at) == "(");
    let is_whole = |short: &Range<usize>| short.clone().skip(1).all(|token| page.tokens.touches_previous(token) && page.text(token) != "/");
    let capitals = |short: &Range<usize>| page.value_of(short).chars().filter(|letter| letter.is_uppercase()).count();
    let short =
        close.map(|close| at + 1..close).filter(|short| !short.is_empty() && page.is_word(short.start) && is_whole(short) && capitals(short) >= 2);
    short.or_else(|| names::acronym_behind(page, at, end))
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
    let own_word = || programme_sentences::is_own_word(page, next);
    let acronym = acronym_behind(page, name.end, range.end);
    (!entity && (name.len() >= 2 || own_word())).then_some(Named::new(name, acronym, "programmes/noun"))
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

/// The part of a sentence that is about one of the programmes that it names: up to the next name, where somebody pays for one before that.
fn own_clause(page: &Page<'_>, named: &Named, sentence: Range<usize>, starts: &[usize]) -> Range<usize> {
    let others = || starts.iter().copied().filter(|start| sentence.contains(start) && *start > named.name.start);
    let Some((next, last)) = others().min().zip(others().max()) else { return sentence };
    let each = page.any_begins(&(named.name.end..last), |tag| tag == Tag::FundedBy);
    sentence.start..if each { next } else { sentence.end }
}

fn record(page: &Page<'_>, named: &Named, starts: &[usize]) -> Draft {
    let span = page.span(&named.name);
    let mut draft = Draft::new("programmes", named.rule).with("name", page.value(span), span);
    // A body in the bracket is no short form of the name.
    let is_body = |acronym: &Range<usize>| {
        page.mark(acronym.start, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).is_some_and(|mark| mark.end == acronym.end)
            && !has_initials(page, &named.name, acronym)
    };
    if let Some(acronym) = named.acronym.as_ref().filter(|acronym| !is_body(acronym)) {
        draft = draft.with("acronym", page.value_of(acronym), page.span(acronym));
    }
    let block = page.range(page.block_of(named.name.start));
    let sentence = page.sentences(block.clone()).into_iter().find(|sentence| sentence.contains(&named.name.start)).unwrap_or(block);
    let sentence = own_clause(page, named, sentence, starts);
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
