//! Subjects: which dialogue each block is about.
//!
//! In: a page with its mentions of dialogues. Out: for each block the dialogue in the last heading that names one, in its label or first
//! cell, else the one that the document opens with or names most.

use std::ops::Range;

use super::dialogues::labelled_in;
use super::page::Page;
use crate::model::text::BlockKind;

/// Blocks of the head of a text.
const HEAD: usize = 5;
/// How many times as often as the first another must be named to be what the text is about.
const OFTEN: usize = 4;
/// What a text is about it names in the first of so many parts of it.
const EARLY: usize = 5;

/// The dialogue that each block is about.
pub fn subjects(page: &Page<'_>) -> Vec<Option<usize>> {
    let first_named = |block: usize| page.dialogues_in(page.range(block)).next().map(|(_, dialogue)| dialogue);
    let mut current = opening(page).or_else(|| most_named(page));
    let mut subjects = Vec::with_capacity(page.blocks.blocks.len());
    for (at, block) in page.numbered_blocks() {
        let labelled =
            || labelled_in(page, at).first().and_then(|(tokens, ..)| page.dialogues_in(tokens.clone()).next().map(|(_, dialogue)| dialogue));
        if block.kind == BlockKind::Heading {
            current = first_named(at).or(current);
        } else {
            current = labelled().or_else(|| named_alone(page, at)).or(current);
        }
        let own = match block.kind {
            BlockKind::Item | BlockKind::Row => opens_with(page, at),
            BlockKind::Paragraph => opens_card(page, at),
            BlockKind::Heading => None,
        };
        let above = || block.heading.filter(|above| page.block(*above).kind == BlockKind::Item).and_then(|above| subjects[above]);
        subjects.push(own.or_else(above).or(current));
    }
    subjects
}

/// The dialogue that a text opens with: the first that its head names, unless it names another of them several times as often. The name of a
/// parent body stands in the head of a page too.
fn opening(page: &Page<'_>) -> Option<usize> {
    let blocks = page.numbered_blocks().filter(|(_, block)| block.kind != BlockKind::Item).take(HEAD);
    let named: Vec<(BlockKind, usize)> =
        blocks.flat_map(|(at, block)| page.dialogues_in(page.range(at)).map(|(_, dialogue)| (block.kind, dialogue))).collect();
    let (kind, first) = *named.first()?;
    // Below a letterhead the title says what the text is about.
    let titled = named.iter().find(|(kind, _)| *kind == BlockKind::Heading).filter(|_| kind != BlockKind::Heading);
    if let Some((_, titled)) = titled.filter(|(_, titled)| mentions(page, *titled) >= mentions(page, first)) {
        return Some(*titled);
    }
    let most = named.iter().map(|(_, dialogue)| *dialogue).rev().max_by_key(|&dialogue| mentions(page, dialogue))?;
    Some(if mentions(page, most) >= OFTEN * mentions(page, first) { most } else { first })
}

/// How often a text names a dialogue.
fn mentions(page: &Page<'_>, dialogue: usize) -> usize {
    page.dialogue_mentions.iter().filter(|(_, named)| *named == dialogue).count()
}

/// The dialogue that a text names early, and more often than all others together: it is about that one.
fn most_named(page: &Page<'_>) -> Option<usize> {
    let (first, dialogue) = page.dialogue_mentions.first()?;
    let is_early = first.start * EARLY < page.tokens.tokens.len();
    (is_early && mentions(page, *dialogue) * 2 > page.dialogue_mentions.len()).then_some(*dialogue)
}

/// The dialogue whose name a paragraph is, and nothing else: the first cell of a table that came out cell by cell.
fn named_alone(page: &Page<'_>, block: usize) -> Option<usize> {
    let range = page.range(block);
    let (tokens, dialogue) = page.dialogues_in(range.clone()).next().filter(|_| page.block(block).kind == BlockKind::Paragraph)?;
    let others = range.clone().filter(|token| page.is_word(*token) && !tokens.contains(token)).count();
    (others <= 1 && tokens.len() >= 2).then_some(dialogue)
}

/// The dialogue that an entry of an overview is about: its first line or cell is the name and little else, and more follows.
fn opens_with(page: &Page<'_>, block: usize) -> Option<usize> {
    let parts = if page.block(block).kind == BlockKind::Row { page.cells(block) } else { page.lines(block) };
    let (dialogue, rest) = named_first(page, &parts)?;
    let has_followers = !rest.is_empty() || page.blocks.blocks.get(block + 1).is_some_and(|next| next.heading == Some(block));
    has_followers.then_some(dialogue)
}

/// The dialogue whose name the first of some lines or cells is, its acronym perhaps behind it, and the others.
fn named_first<'a>(page: &Page<'_>, parts: &'a [Range<usize>]) -> Option<(usize, &'a [Range<usize>])> {
    let (first, rest) = parts.split_first()?;
    let (tokens, dialogue) = page.dialogues_in(first.clone()).next()?;
    (tokens.start <= first.start + 2 && first.len() <= tokens.len() + 8).then_some((dialogue, rest))
}

/// Most words of a label on a card, in tokens.
const LABEL: usize = 4;

/// The dialogue whose name is the first line of a paragraph, with labels on the lines below it.
fn opens_card(page: &Page<'_>, block: usize) -> Option<usize> {
    let lines = page.lines(block);
    let (dialogue, rest) = named_first(page, &lines)?;
    let has_label = |line: &Range<usize>| page.colon_in(&(line.start..line.end.min(line.start + LABEL + 1))).is_some_and(|colon| colon > line.start);
    rest.iter().any(has_label).then_some(dialogue)
}
