//! The main subject: the dialogue that a whole text is about.
//!
//! In: a page with its mentions of dialogues. Out: the dialogue in its title, else the one that it opens with, unless it names another of
//! its opening several times as often; else the one that it names early and more often than all others together.

use std::ops::Range;

use super::{Evidence, Owner, is_beside};
use crate::extract::page::Page;
use crate::model::gazetteer::Tag;
use crate::model::text::BlockKind;

/// Blocks of the head of a text.
pub const HEAD: usize = 5;
/// How many times as often as the first another must be named to be what the text is about.
const OFTEN: usize = 4;
/// What a text is about it names in the first of so many parts of it.
const EARLY: usize = 5;
/// Most lines of a letterhead with the title below it.
const LETTERHEAD: usize = 4;
/// Shortest running text, in tokens.
const TEXT: usize = 6;
/// Most words of what stands below a title in its block.
const SUBTITLE: usize = 2;
/// Longest line of a title, in tokens.
const TITLE: usize = 24;

/// The dialogue that a text is about.
pub fn find(page: &Page<'_>) -> Option<Owner> {
    opening(page).or_else(|| most_named(page).map(|dialogue| Owner { dialogue, evidence: Evidence::MostNamed }))
}

fn opening(page: &Page<'_>) -> Option<Owner> {
    let blocks = || page.numbered_blocks().filter(|(_, block)| block.kind != BlockKind::Item).take(HEAD).map(|(at, _)| at);
    let named: Vec<(&Range<usize>, usize)> = blocks().flat_map(|at| page.dialogues_in(page.range(at))).collect();
    let first = named.iter().find(|(tokens, _)| !is_beside(page, tokens)).or(named.first()).map(|(_, dialogue)| *dialogue)?;
    let most = named.iter().map(|(_, dialogue)| *dialogue).rev().max_by_key(|&dialogue| mentions(page, dialogue))?;
    let before_text = blocks().take_while(|&at| !is_text(page, at));
    let titles: Vec<usize> = before_text.filter_map(|at| titled(page, at)).collect();
    // Below the name of its parent body stands that of a part of it: what the text begins with is what it is about.
    let begun = blocks().find(|&at| is_text(page, at)).and_then(|at| begins_with(page, at)).filter(|begun| titles.contains(begun));
    let titled = begun.or(titles.first().copied().filter(|titled| mentions(page, *titled) >= mentions(page, first)));
    let chosen = titled.unwrap_or(first);
    if begun.is_none() && mentions(page, most) >= OFTEN * mentions(page, chosen) {
        return Some(Owner { dialogue: most, evidence: Evidence::MostNamed });
    }
    Some(Owner { dialogue: chosen, evidence: if titled.is_some() { Evidence::Title } else { Evidence::Opening } })
}

/// Whether a block is running text: what stands behind it is no title.
fn is_text(page: &Page<'_>, block: usize) -> bool {
    let range = page.range(block);
    range.len() >= TEXT && page.text(range.end - 1) == "."
}

/// Most tokens before the name that a paragraph begins with: an article, or a word that is part of the name in full.
const BEFORE: usize = 3;

/// The dialogue whose name a paragraph begins with.
pub fn begins_with(page: &Page<'_>, block: usize) -> Option<usize> {
    let range = page.range(block);
    let (tokens, dialogue) = page.dialogues_in(range.clone()).next()?;
    let is_near =
        tokens.start <= range.start + BEFORE && (range.start..tokens.start).all(|token| page.has(token, Tag::Article) || page.is_capital(token));
    is_near.then_some(dialogue)
}

/// The only dialogue in a title: a heading or a line that begins with its name, or with what sort of text or meeting of it this is.
fn titled(page: &Page<'_>, block: usize) -> Option<usize> {
    let is_heading = page.block(block).kind == BlockKind::Heading;
    let lines = if page.block(block).kind == BlockKind::Row { Vec::new() } else { page.lines(block) };
    // Below the letterhead of its first block a text has one title, the first line of another block.
    let mut lines = lines.into_iter().take(if block == 0 { LETTERHEAD } else { 1 });
    lines.find_map(|line| {
        let (tokens, dialogue) = page.dialogues_in(line.clone()).next()?;
        // Names one a line are what an overview has in it; `X of the Y Process` is about X.
        let is_whole = |name: &Range<usize>| (name.start.saturating_sub(2)..name.start).any(|token| page.has(token, Tag::Of));
        let is_alone = page.dialogues_in(page.range(block)).all(|(name, other)| other == dialogue || is_whole(name));
        let is_before = |token: usize| {
            !page.is_word(token)
                || page.tokens.marks_at(token).any(|mark| {
                    matches!(
                        mark.tag,
                        Tag::MeetingHead
                            | Tag::Ordinal(_)
                            | Tag::PublicationHead(_)
                            | Tag::Article
                            | Tag::Of
                            | Tag::Connector
                            | Tag::Generic
                            | Tag::Role(_)
                    )
                })
        };
        // Further lines below the name say more of it: a card of an overview, not the title of a text.
        let is_own = |token: usize| !page.is_word(token) || page.is_in_date(token) || line.contains(&token) || tokens.contains(&token);
        let is_card = block > 0 && !is_heading && page.range(block).filter(|&token| !is_own(token)).count() > SUBTITLE;
        let is_title = !is_card && line.len() <= TITLE && !matches!(page.text(line.end - 1), "." | "," | ";" | ":");
        let is_about = is_heading && !is_beside(page, tokens) || (line.start..tokens.start).all(is_before);
        (is_alone && is_title && is_about).then_some(dialogue)
    })
}

/// How often a text names a dialogue.
pub fn mentions(page: &Page<'_>, dialogue: usize) -> usize {
    page.dialogue_mentions.iter().filter(|(_, named)| *named == dialogue).count()
}

/// The dialogue that a text names early, and more often than all others together: it is about that one.
fn most_named(page: &Page<'_>) -> Option<usize> {
    let (first, dialogue) = page.dialogue_mentions.first()?;
    let is_early = first.start * EARLY < page.tokens.tokens.len();
    (is_early && mentions(page, *dialogue) * 2 > page.dialogue_mentions.len()).then_some(*dialogue)
}
