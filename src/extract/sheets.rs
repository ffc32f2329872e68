//! Sheets: a heading with labels below it that only projects have: who pays, which countries, how long, how much.
//!
//! In: a page. Out: the project that a heading names, with the values of its labels. Who is a partner on such a sheet is one of the project.

use std::ops::Range;

use super::page::Page;
use super::roles;
use super::sections;
use crate::model::gazetteer::{ProjectLabel, Tag};
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// A project as a sheet describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub name: Range<usize>,
    pub funder: Option<Range<usize>>,
    pub countries: Option<Range<usize>>,
}

/// Fewest tokens of a title above such a heading.
const TITLE: usize = 3;
/// Most blocks of a sheet, and fewest of its labels.
const BLOCKS: usize = 12;
const LABELS: usize = 2;

/// The sheet below a heading, if it is one.
#[must_use]
pub fn below(page: &Page<'_>, heading: usize) -> Option<Sheet> {
    let title = page.range(heading);
    if !page.has_project_labels || page.block(heading).kind != BlockKind::Heading {
        return None;
    }
    let is_below = |block: &usize| page.block(*block).kind != BlockKind::Heading;
    let blocks = (heading + 1..page.blocks.blocks.len().min(heading + 1 + BLOCKS)).take_while(is_below);
    let labelled = title.end..blocks.clone().last().map_or(title.end, |last| page.range(last).end);
    if !page.any_begins(&labelled, |tag| matches!(tag, Tag::Project(_))) {
        return None;
    }
    // `Project details` is no name: the title above is.
    let is_generic = |range: &Range<usize>| {
        sections::section_of(page, range.clone()).is_some_and(|section| section.reads == Reads::Programmes && section.words.len() + 1 >= range.len())
    };
    let title = if is_generic(&title) {
        let is_title = |above: &usize| page.block(*above).kind == BlockKind::Heading && page.range(*above).len() >= TITLE;
        (0..heading).rev().find(is_title).map(|above| page.range(above)).filter(|title| !is_generic(title)).unwrap_or(title)
    } else {
        title
    };
    let mut sheet = Sheet { name: title.clone(), funder: None, countries: None };
    let mut labels = Vec::new();
    for block in blocks {
        for (label, value) in roles::labels(page, page.range(block)) {
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
    let is_project = labels.len() >= LABELS && labels.iter().any(|kind| *kind != ProjectLabel::Other);
    let bracket = title.clone().find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(title.end);
    sheet.name.end = bracket;
    // The profile of a dialogue has such labels too.
    let is_dialogue = page.dialogues_in(sheet.name.clone()).any(|(tokens, _)| {
        sheet.name.clone().filter(|&token| page.is_word(token)).all(|token| tokens.contains(&token) || page.has(token, Tag::Article))
    });
    let is_role = roles::role_of(page, sheet.name.clone()).is_some() || sections::section_of(page, sheet.name.clone()).is_some();
    (is_project && !is_dialogue && !is_role && sheet.name.len() >= 2).then_some(sheet)
}

/// The sheets within a paragraph: a title on a line, and on the lines below it labels that only projects have.
#[must_use]
pub fn within(page: &Page<'_>, block: usize) -> Vec<(Sheet, Range<usize>)> {
    if page.block(block).kind != BlockKind::Paragraph || !page.any_begins(&page.range(block), |tag| matches!(tag, Tag::Project(_))) {
        return Vec::new();
    }
    let lines = page.lines(block);
    let is_labelled = |line: &Range<usize>| page.colon_in(&(line.start..line.end.min(line.start + LABEL))).is_some();
    let mut found = Vec::new();
    let mut at = 0;
    while at + LABELS < lines.len() {
        let below = lines[at + 1..].iter().take_while(|line| is_labelled(line)).count();
        let title = lines[at].clone();
        if is_labelled(&title) || below < LABELS {
            at += 1;
            continue;
        }
        // Below labels a title opens another sheet, which has labels that the one before has too; else a value goes on.
        let label = |line: &Range<usize>| page.colon_in(line).map(|colon| page.value_of(&(line.start..colon)));
        let opens = |line: &Range<usize>| label(line).is_some_and(|label_of| lines[..at].iter().any(|above| label(above) == Some(label_of.clone())));
        if at > 0 && !lines[at + 1..=at + below].iter().any(opens) {
            at += below + 1;
            continue;
        }
        let mut sheet = Sheet { name: title.clone(), funder: None, countries: None };
        let kinds: Vec<ProjectLabel> = lines[at + 1..=at + below].iter().filter_map(|line| read_label(page, line, &mut sheet)).collect();
        let bracket = title.clone().find(|&token| matches!(page.text(token), "(" | "[")).unwrap_or(title.end);
        sheet.name.end = bracket;
        let is_title = page.is_capital(title.start) && sheet.name.len() >= 2 && !matches!(page.text(title.end - 1), "." | ",");
        let is_project = kinds.len() >= LABELS && kinds.iter().any(|kind| *kind != ProjectLabel::Other);
        if is_title && is_project && sections::section_of(page, sheet.name.clone()).is_none() {
            found.push((sheet, title.start..lines[at + below].end));
        }
        at += below + 1;
    }
    found
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
    page.heading(block).is_some_and(|heading| below(page, heading).is_some())
}
