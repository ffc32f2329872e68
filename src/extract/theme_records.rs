//! Records of themes: one draft of an item, with its kind, its year and whose it is.
//!
//! In: an item and the wording that announces it. Out: its record, unless the item is no theme.

use std::ops::Range;

use super::owners;
use super::page::Page;
use super::sections::Section;
use super::theme_text;
use crate::model::gazetteer::Tag;
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// Emits one theme.
pub fn emit(page: &Page<'_>, block: usize, range: Range<usize>, section: &Section, heading: usize, rule: &'static str, drafts: &mut Vec<Draft>) {
    emit_of(page, block, range, section, heading, (rule, None), drafts);
}

/// Emits one theme by a rule, with whose it is where the rule knows.
pub fn emit_of(
    page: &Page<'_>,
    block: usize,
    range: Range<usize>,
    section: &Section,
    heading: usize,
    (rule, of): (&'static str, Option<Range<usize>>),
    drafts: &mut Vec<Draft>,
) {
    let Some(kind) = &section.kind else { return };
    let is_listed = matches!(rule, "themes/item" | "themes/line" | "themes/heading" | "themes/column");
    let Some(item) = theme_text::item(page, range, kind, is_listed) else { return };
    let span = page.span(&item.text);
    let mut draft = Draft::new("themes", rule);
    if let Some(owner) = of.or(item.owner).or_else(|| owner(page, block, heading)) {
        draft = draft.with("owner", page.value_of(&owner), page.span(&owner));
    }
    draft = match section.words.is_empty() {
        // Its place says of what kind it is.
        true => draft.derived("kind", kind.as_str()),
        false => draft.with("kind", kind.as_str(), page.span(&section.words)),
    };
    draft = draft.with("text", page.value(span), span);
    let of_heading = page.dates_in(page.range(heading)).next().filter(|_| page.block(heading).kind == BlockKind::Heading);
    let own = item.occasion.and_then(|occasion| page.dates_in(occasion).next());
    if let Some(date) = own.or(of_heading) {
        draft = draft.with("year", i64::from(chrono::Datelike::year(&date.period.start)), page.span(&date.tokens));
    }
    drafts.push(draft);
}

/// Whose theme it is: a name in the possessive in the heading, the dialogue or body named there, else the dialogue of the section.
fn owner(page: &Page<'_>, block: usize, heading: usize) -> Option<Range<usize>> {
    let range = page.range(heading);
    let possessive = range
        .clone()
        .find(|&token| matches!(page.text(token), "'" | "’") && token + 1 < range.end && page.text(token + 1) == "s" && token > range.start);
    if let Some(end) = possessive.filter(|_| page.block(heading).kind == BlockKind::Heading) {
        return Some(range.start..end);
    }
    if let Some(dialogue) = owners::named_in(page, &range) {
        return Some(page.dialogues[dialogue].name.clone());
    }
    let body = range.clone().find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_))).filter(|mark| mark.end <= range.end));
    if let Some(mark) = body.filter(|_| page.block(heading).kind == BlockKind::Heading) {
        return Some(mark.first..mark.end);
    }
    page.subject(block).map(|dialogue| page.dialogues[dialogue].name.clone())
}
