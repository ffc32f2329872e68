//! Sheets: a heading with labels below it that only projects have: who pays, which countries, how long, how much.
//!
//! In: a page. Out: the project that a heading names, with the values of its labels. Who is a partner on such a sheet is one of the project.

use std::ops::Range;

use super::page::Page;
use super::roles;
use super::sections;
use crate::model::gazetteer::{ProjectLabel, PublicationLabel, Tag};
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// A project as a sheet describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub name: Range<usize>,
    /// Its short form, where a bracket behind the full name gives the title of the sheet as one.
    pub acronym: Option<Range<usize>>,
    pub funder: Option<Range<usize>>,
    pub countries: Option<Range<usize>>,
}

/// Fewest tokens of a title above such a heading.
const TITLE: usize = 3;
/// Most lines of a title above labels.
const TITLE_LINES: usize = 3;
/// Most blocks of a sheet, and fewest of its labels.
const BLOCKS: usize = 12;
const LABELS: usize = 2;

/// The sheet below a heading, if it is one.
#[must_use]
pub fn below(page: &Page<'_>, heading: usize) -> Option<Sheet> {
    let title = page.range(heading);
    if !page.has_project_labels || page.block(heading).kind != BlockKind::Heading && !is_title_of_sheet(page, heading) {
        return None;
    }
    // A block with a title of its own above its labels tells of another project.
    let is_titled = |block: usize| block > heading + 1 && !within(page, block).is_empty() || is_title_of_sheet(page, block);
    let is_below = |block: &usize| page.block(*block).kind != BlockKind::Heading && !is_titled(*block);
    let blocks = (heading + 1..page.blocks.blocks.len().min(heading + 1 + BLOCKS)).take_while(is_below);
    let labelled = title.end..blocks.clone().last().map_or(title.end, |last| page.range(last).end);
    if !page.any_begins(&labelled, |tag| matches!(tag, Tag::Project(_))) {
        return None;
    }
    // `Ongoing projects` above a title of its own and its labels is no project.
    if is_generic_heading(page, &title) && !within(page, heading + 1).is_empty() {
        return None;
    }
    // `Project details` is no name: the title above is.
    let is_generic = |range: &Range<usize>| is_generic_heading(page, range);
    let title = if is_generic(&title) {
        let is_title = |above: &usize| {
            let range = page.range(*above);
            let is_short = page.block(*above).kind == BlockKind::Heading
                || page.block(*above).kind == BlockKind::Paragraph && page.lines(*above).len() <= TITLE_LINES && !page.text_ends_sentence(*above);
            is_short && range.len() >= TITLE && !range.clone().any(|token| matches!(page.text(token), ">" | "|")) && !is_generic(&range)
        };
        (0..heading).rev().find(is_title).map_or(title, |above| page.range(above))
    } else {
        title
    };
    let mut sheet = Sheet { name: title.clone(), acronym: None, funder: None, countries: None };
    let mut labels = Vec::new();
    let mut given = None;
    for block in blocks {
        // What a label within announces is the name.
        if page.lines(block).iter().any(|line| titled(page, line).is_some()) {
            return None;
        }
        for (label, value) in roles::labels(page, page.range(block)) {
            // Within an entry a label tells of what the entry names.
            if label.start > page.range(block).start && !page.gap_before(label.start).contains('\n') {
                continue;
            }
            if is_name(page, &label) {
                given = given.or(Some(value));
                continue;
            }
            let Some(mark) = page.mark(label.start, |tag| matches!(tag, Tag::Project(_))).filter(|mark| mark.end == label.end) else { continue };
            let Tag::Project(kind) = mark.tag else { continue };
            labels.push(kind);
            match kind {
                ProjectLabel::Funder => sheet.funder = sheet.funder.or(Some(value)),
                ProjectLabel::Countries => sheet.countries = sheet.countries.or(Some(value)),
                ProjectLabel::Other => {}
            }
        }
    }
    // Several donors are those of the entries of a list.
    let is_list = labels.iter().filter(|kind| **kind == ProjectLabel::Funder).count() > 1;
    let is_project = !is_list && labels.len() >= LABELS && labels.iter().any(|kind| *kind != ProjectLabel::Other);
    let bracket = title.clone().find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(title.end);
    sheet.name.end = bracket;
    // `A B for C (X)` below the heading X
    let inner = bracket + 1..title.end.saturating_sub(1).max(bracket + 1);
    let is_title = |above: usize| page.value_of(&page.range(above)) == page.value_of(&inner);
    if bracket < title.end && !inner.is_empty() && (0..heading).any(is_title) {
        sheet.acronym = Some(inner.clone());
    } else if let Some((name, acronym)) = full_name(page, &sheet.name, given.as_ref()) {
        (sheet.name, sheet.acronym) = (name, acronym);
    }
    // The profile of a dialogue has such labels too.
    let is_dialogue = page.dialogues_in(sheet.name.clone()).any(|(tokens, _)| {
        sheet.name.clone().filter(|&token| page.is_word(token)).all(|token| tokens.contains(&token) || page.has(token, Tag::Article))
    });
    part_short_form(page, &mut sheet);
    // `Pilot project for A and B` has the words of a heading and is none, `Project sheet, brought up to date in May 2022` is one.
    let is_heading = |words: usize| words * 2 >= sheet.name.len() || page.dates_in(sheet.name.clone()).next().is_some();
    let is_section = || sections::section_of(page, sheet.name.clone()).is_some_and(|section| is_heading(section.words.len()));
    let is_role = roles::role_of(page, sheet.name.clone()).is_some() || is_section();
    (is_project && !is_dialogue && !is_role && sheet.name.len() >= 2).then_some(sheet)
}

/// `ABC – A B for C`: the short form before the name.
fn part_short_form(page: &Page<'_>, sheet: &mut Sheet) {
    let is_dash = |token: usize| matches!(page.text(token), "–" | "—" | "-" | ":") && !page.tokens.touches_previous(token);
    // `ABC2` is a word and a number.
    let Some(dash) = sheet.name.clone().skip(1).take(2).find(|&token| is_dash(token)) else { return };
    let is_one = (sheet.name.start + 1..dash).all(|token| page.tokens.touches_previous(token));
    if is_one && dash + 1 < sheet.name.end && sheet.acronym.is_none() && is_acronym(page.text(sheet.name.start)) {
        sheet.acronym = Some(sheet.name.start..dash);
        sheet.name.start = dash + 1;
    }
}

fn is_acronym(word: &str) -> bool {
    word.chars().filter(|letter| letter.is_uppercase()).count() >= 2
}

/// A long title that is no heading: a paragraph of a line or a few without an end, right above the label of who pays or which countries.
fn is_title_of_sheet(page: &Page<'_>, block: usize) -> bool {
    let range = page.range(block);
    let is_title = page.block(block).kind == BlockKind::Paragraph
        && range.len() >= TITLE
        && page.is_capital(range.start)
        && page.lines(block).len() <= TITLE_LINES
        && !page.text_ends_sentence(block)
        && page.colon_in(&range).is_none()
        && page.dates_in(range.clone()).next().is_none();
    let below = block + 1;
    is_title && below < page.blocks.blocks.len() && page.block(below).kind == BlockKind::Paragraph && {
        let label = page.range(below).start;
        let tells = |tag: Tag| matches!(tag, Tag::Project(ProjectLabel::Funder | ProjectLabel::Countries));
        page.mark(label, tells).is_some_and(|mark| mark.end < page.range(below).end && page.text(mark.end) == ":")
    }
}

/// `Project details`: a heading that only says what stands below it.
fn is_generic_heading(page: &Page<'_>, range: &Range<usize>) -> bool {
    sections::section_of(page, range.clone()).is_some_and(|section| section.reads == Reads::Programmes && section.words.len() + 1 >= range.len())
}

/// `Title: X`, `Name: X`: the label of the name on a sheet.
fn is_name(page: &Page<'_>, label: &Range<usize>) -> bool {
    let names = |tag: Tag| matches!(tag, Tag::NameLabel | Tag::Publication(PublicationLabel::Title));
    page.mark(label.start, names).is_some_and(|mark| mark.end == label.end)
}

/// Fewest tokens of the full name of a project that its title only shortens.
const FULL_NAME: usize = 5;

/// The name behind its label, or the one that gives the title as its short form: `A B for C (Title)`; and that short form.
fn full_name(page: &Page<'_>, title: &Range<usize>, given: Option<&Range<usize>>) -> Option<(Range<usize>, Option<Range<usize>>)> {
    let short = page.value_of(title);
    let shortens = |open: usize| {
        let inner = open + 1..open + 1 + title.len();
        inner.end < page.tokens.tokens.len() && page.text(inner.end) == ")" && page.value_of(&inner) == short
    };
    let range = 0..page.tokens.tokens.len();
    let full = page.open_brackets_in(&range).iter().copied().filter(|&open| shortens(open)).find_map(|open| {
        let name = given.filter(|given| given.contains(&open)).map_or(page.range(page.block_of(open)).start, |given| given.start)..open;
        (name.len() >= FULL_NAME && name.len() <= LONGEST && page.is_capital(name.start) && page.colon_in(&name).is_none()).then_some(name)
    });
    match (full, given) {
        (Some(name), _) => Some((name.clone(), Some(name.end + 1..name.end + 1 + title.len()))),
        (None, Some(given)) => {
            let end =
                given.clone().find(|&token| matches!(page.text(token), "(" | "[") || token > given.start && page.gap_before(token).contains('\n'));
            Some((given.start..end.unwrap_or(given.end), None)).filter(|(name, _)| name.len() >= 2)
        }
        (None, None) => None,
    }
}

/// Longest full name, in tokens.
const LONGEST: usize = 40;

/// The sheets within a paragraph or a list: a title on a line, or behind its label, and on the lines below it labels that only projects have.
#[must_use]
pub fn within(page: &Page<'_>, block: usize) -> Vec<(Sheet, Range<usize>)> {
    let kind = page.block(block).kind;
    let is_item = |block: usize| page.block(block).kind == BlockKind::Item;
    let is_first = kind == BlockKind::Paragraph || kind == BlockKind::Item && (block == 0 || !is_item(block - 1));
    if !page.has_project_labels || !is_first {
        return Vec::new();
    }
    let end = if kind == BlockKind::Item {
        (block..page.blocks.blocks.len()).find(|&next| !is_item(next)).unwrap_or(page.blocks.blocks.len())
    } else {
        block + 1
    };
    if !page.any_begins(&(page.range(block).start..page.range(end - 1).end), |tag| matches!(tag, Tag::Project(_))) {
        return Vec::new();
    }
    let lines: Vec<Range<usize>> = (block..end).flat_map(|block| page.lines(block)).collect();
    let is_labelled = |line: &Range<usize>| page.colon_in(&(line.start..line.end.min(line.start + LABEL))).is_some();
    let mut found = Vec::new();
    let mut at = 0;
    while at + 1 < lines.len() {
        let opens = |line: &&Range<usize>| titled(page, line).is_some();
        let below = lines[at + 1..].iter().take_while(|line| is_labelled(line) && !opens(line)).count();
        let named = titled(page, &lines[at]);
        let title = named.clone().unwrap_or(lines[at].clone());
        if below == 0 || named.is_none() && (is_labelled(&title) && is_known_label(page, &title) || kind == BlockKind::Item) {
            at += 1;
            continue;
        }
        // Below labels a title opens another sheet, which has labels that the one before has too; else a value goes on.
        let label = |line: &Range<usize>| page.colon_in(line).map(|colon| page.value_of(&(line.start..colon)));
        let repeats =
            |line: &Range<usize>| label(line).is_some_and(|label_of| lines[..at].iter().any(|above| label(above) == Some(label_of.clone())));
        if at > 0 && named.is_none() && is_labelled(&lines[at - 1]) && !lines[at + 1..=at + below].iter().any(repeats) {
            at += below + 1;
            continue;
        }
        let mut sheet = Sheet { name: title.clone(), acronym: None, funder: None, countries: None };
        let kinds: Vec<ProjectLabel> = lines[at + 1..=at + below].iter().filter_map(|line| read_label(page, line, &mut sheet)).collect();
        // `Lao PDR: Title`
        let state =
            page.mark(title.start, |tag| matches!(tag, Tag::Country(_))).filter(|mark| mark.end + 1 < title.end && page.text(mark.end) == ":");
        if let Some(state) = state {
            sheet.countries = sheet.countries.or(Some(title.start..state.end));
            sheet.name.start = state.end + 1;
        }
        sheet.name.end = sheet.name.clone().find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(title.end);
        part_short_form(page, &mut sheet);
        let is_title = page.is_capital(sheet.name.start) && sheet.name.len() >= 2 && !matches!(page.text(title.end - 1), "." | ",");
        let is_told = kinds.len() >= LABELS && kinds.iter().any(|kind| *kind != ProjectLabel::Other) || kinds.contains(&ProjectLabel::Funder);
        let is_project = is_told || named.is_some() && !kinds.is_empty();
        if is_title && is_project && sections::section_of(page, sheet.name.clone()).is_none() {
            found.push((sheet, lines[at].start..lines[at + below].end));
        }
        at += below + 1;
    }
    found
}

/// `Project title: X`: the name behind its label.
fn titled(page: &Page<'_>, line: &Range<usize>) -> Option<Range<usize>> {
    let colon = page.colon_in(&(line.start..line.end.min(line.start + LABEL + 1))).filter(|&colon| colon > line.start && colon + 1 < line.end)?;
    let section = sections::section_of(page, line.start..colon)?;
    (section.reads == Reads::Programmes && section.words == (line.start..colon)).then_some(colon + 1..line.end)
}

/// Whether the label of a line is one of those that tell of persons, places, texts or meetings: no title.
fn is_known_label(page: &Page<'_>, line: &Range<usize>) -> bool {
    let tells = |tag: Tag| {
        matches!(
            tag,
            Tag::Project(_) | Tag::Publication(_) | Tag::Label(_) | Tag::MeetingLabel(_) | Tag::RoleLabel(_) | Tag::Role(_) | Tag::Heading(_)
        )
    };
    let colon = page.colon_in(line).unwrap_or(line.end);
    let of_parties = |token: usize| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_))).is_some();
    page.mark(line.start, tells).is_some_and(|mark| mark.end == colon) || (line.start..colon).any(of_parties)
}

/// Longest label of a line, in tokens.
const LABEL: usize = 5;

/// Notes what the label of a line says of a project.
fn read_label(page: &Page<'_>, line: &Range<usize>, sheet: &mut Sheet) -> Option<ProjectLabel> {
    let mark = page.mark(line.start, |tag| matches!(tag, Tag::Project(_))).filter(|mark| mark.end + 1 < line.end && page.text(mark.end) == ":")?;
    let Tag::Project(kind) = mark.tag else { return None };
    let value = mark.end + 1..line.end;
    match kind {
        ProjectLabel::Funder => sheet.funder = sheet.funder.take().or(Some(value)),
        ProjectLabel::Countries => sheet.countries = sheet.countries.take().or(Some(value)),
        ProjectLabel::Other => {}
    }
    Some(kind)
}

/// Whether a block stands on the sheet of a project.
#[must_use]
pub fn holds(page: &Page<'_>, block: usize) -> bool {
    if !page.has_project_labels {
        return false;
    }
    let first = page.heading(block).unwrap_or_default();
    let title = (first..block).rev().take(BLOCKS).find(|&above| is_title_of_sheet(page, above)).or(page.heading(block));
    title.is_some_and(|title| below(page, title).is_some()) || !within(page, block).is_empty()
}
