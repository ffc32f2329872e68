//! Sections of themes: what announces a list of them, and what does not though it has a word of such headings.
//!
//! In: a heading, a label or a paragraph. Out: the wording and its kind, and the items that stand in the same paragraph.

use std::ops::Range;

use super::page::Page;
use super::roles;
use super::sections::{self, Section};
use super::theme_items::Below;
use super::theme_marks::over_marker;
use super::theme_statements::parts_of;
use crate::model::gazetteer::Tag;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// What announces the themes that are read: a heading, a line like one, or a sentence before a colon.
#[derive(Clone, Debug)]
pub struct Open {
    pub above: usize,
    pub section: Section,
    /// A sentence announces the list right behind it, and no more.
    pub by_sentence: bool,
    pub below: Below,
    /// No empty line stands between the heading and its list: the first one ends it.
    pub is_tight: bool,
}

/// Kinds that a plan has parts of, each with a title.
const PARTS: [&str; 3] = ["work_stream", "priority", "theme"];

impl Open {
    /// Whether titles with a text below each are what the heading announces.
    #[must_use]
    pub fn lists_titles(&self) -> bool {
        self.section.kind.as_deref().is_some_and(|kind| PARTS.contains(&kind))
    }

    #[must_use]
    pub fn new(page: &Page<'_>, above: usize, section: Section, by_sentence: bool) -> Self {
        let next = page.blocks.blocks.get(above + 1);
        let is_tight = next.is_some_and(|next| !next.after_blank && next.kind == BlockKind::Paragraph);
        Self { above, section, by_sentence, below: Below::default(), is_tight }
    }
}

/// `X Plan of Action`, with numbered points right below it.
#[must_use]
pub fn plan(page: &Page<'_>, block: usize) -> Option<Section> {
    let next = page.blocks.blocks.get(block + 1).filter(|next| next.kind == BlockKind::Item && next.number.is_some_and(|number| number <= 1))?;
    let names_plan =
        |tag: Tag| matches!(tag, Tag::PublicationHead(kind) if page.vocabulary().names.publication[usize::from(kind)].kind == "framework");
    let words = page.range(block).find_map(|token| page.mark(token, names_plan))?;
    let are_points = (block + 1..page.blocks.blocks.len()).take_while(|&at| page.block(at).kind == next.kind).all(|at| !page.text_ends_sentence(at));
    are_points.then(|| Section { reads: Reads::Themes, kind: Some("plan_point".to_owned()), words: words.first..words.end })
}

/// The wording of themes in the first line of a paragraph, and the numbered or short lines below it.
#[must_use]
pub fn headed(page: &Page<'_>, block: usize, kind: BlockKind) -> Option<(Section, Vec<Range<usize>>)> {
    let lines = page.lines(block);
    let (first, items) = lines.split_first().filter(|(_, items)| !items.is_empty() && kind == BlockKind::Paragraph)?;
    let section = themes_of(page, first.clone())?;
    let words = |line: &Range<usize>| line.clone().filter(|&token| page.is_word(token)).count();
    let asks = matches!(page.text(first.end - 1), "?" | ":");
    let numbered = items.iter().all(|line| over_marker(page, line) > line.start);
    let bulleted = items.iter().all(|line| matches!(page.text(line.start), "–" | "-" | "—" | "•"));
    // `Work streams 2016` above short lines.
    let is_line = |line: &Range<usize>| {
        (1..=LINE).contains(&words(line))
            && page.is_capital(line.start)
            && (page.is_word(line.end - 1) || page.text(line.end - 1) == ")")
            && !line.clone().any(|token| matches!(page.text(token), ":" | "@" | "|") || page.is_in_date(token))
    };
    let heads = words(first) <= section.words.len() + 1 && page.is_word(first.end - 1) && items.len() > 1 && items.iter().all(is_line);
    if asks && page.text(first.end - 1) == "?" && !numbered && !bulleted {
        let parts = parts_of(page, &(first.end..page.range(block).end));
        return (parts.len() > 2).then_some((section, parts));
    }
    (asks && (numbered || bulleted) || heads).then(|| (section, items.to_vec()))
}

/// Longest line of a list below a line that heads it, in words.
pub const LINE: usize = 8;

/// The wording of themes in a heading or label.
#[must_use]
pub fn themes_of(page: &Page<'_>, range: Range<usize>) -> Option<Section> {
    let label = roles::label_part(page, range);
    // `Home » Themes » Mobility` says where a page is.
    if label.clone().filter(|&token| matches!(page.text(token), "»" | ">" | "›" | "→")).count() > 1 {
        return None;
    }
    sections::section_of(page, label.clone())
        .filter(|section| section.reads == Reads::Themes && section.kind.is_some() && !is_policy(page, section, &label) && !of_project(page, section))
}

/// `The priority project`, `Focus countries`: the wording says which project or states.
fn of_project(page: &Page<'_>, section: &Section) -> bool {
    let behind = section.words.end;
    let is_other = |tag: Tag| matches!(tag, Tag::ProgrammeHead | Tag::PartyNoun(_));
    behind < page.tokens.tokens.len() && page.mark(behind, is_other).is_some() && !page.gap_before(behind).contains('\n')
}

/// The agenda of a policy, not of a meeting: `Post-2015 Development Agenda`, `2030 Agenda`.
fn is_policy(page: &Page<'_>, section: &Section, label: &Range<usize>) -> bool {
    let words = &section.words;
    let says_which = |token: usize| {
        !page.is_in_date(token)
            && page.tokens.marks_at(token).any(|mark| {
                matches!(
                    mark.tag,
                    Tag::MeetingHead | Tag::Generic | Tag::Filler | Tag::Article | Tag::Of | Tag::Opener | Tag::Dialogue(_) | Tag::Ordinal(_)
                )
            })
    };
    let is_point = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Heading(_))).is_some();
    let before = words.start.checked_sub(1).filter(|&token| token >= label.start && (page.is_word(token) || page.is_in_date(token)));
    section.kind.as_deref() == Some("agenda_point")
        && words.len() == 1
        && before.is_some_and(|token| !says_which(token) && !is_point(token) && !page.vocabulary().language.noun_first)
}
