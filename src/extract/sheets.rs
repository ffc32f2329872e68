//! Sheets: a heading with labels below it that only projects have: who pays, which countries, how long, how much.
//!
//! In: a page. Out: the project that a heading names, with the values of its labels. Who is a partner on such a sheet is one of the project.

use std::ops::Range;

use super::page::Page;
use super::roles;
use super::sections;
use crate::model::gazetteer::{ProjectLabel, Tag};
use crate::model::text::BlockKind;

/// A project as a sheet describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub name: Range<usize>,
    pub funder: Option<Range<usize>>,
    pub countries: Option<Range<usize>>,
}

/// Most blocks of a sheet, and fewest of its labels.
const BLOCKS: usize = 12;
const LABELS: usize = 2;

/// The sheet below a heading, if it is one.
#[must_use]
pub fn below(page: &Page<'_>, heading: usize) -> Option<Sheet> {
    let title = page.range(heading);
    if page.block(heading).kind != BlockKind::Heading {
        return None;
    }
    let is_below = |block: &usize| page.block(*block).kind != BlockKind::Heading;
    let blocks = (heading + 1..page.blocks.blocks.len().min(heading + 1 + BLOCKS)).take_while(is_below);
    let labelled = title.end..blocks.clone().last().map_or(title.end, |last| page.range(last).end);
    if !page.any_begins(&labelled, |tag| matches!(tag, Tag::Project(_))) {
        return None;
    }
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

/// Whether a block stands on the sheet of a project.
#[must_use]
pub fn holds(page: &Page<'_>, block: usize) -> bool {
    page.heading(block).is_some_and(|heading| below(page, heading).is_some())
}
