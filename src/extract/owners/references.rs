//! References: nouns that point back to a dialogue that was named: `the Process`, `le Dialogue`, `este Foro`.
//!
//! In: a page with its dialogues and the owner of each block. Out: where such a noun stands and which dialogue it means: the one that its
//! paragraph begins with, that of its section, the one named last, the one that the text is about, whichever the noun fits first.

use std::ops::Range;

use super::{Evidence, Owner, begins_anew};
use crate::extract::page::Page;
use crate::model::gazetteer::{Tag, fold};
use crate::model::text::BlockKind;

/// Most words of the sort between the article and its noun: `the regional consultative process`.
const SORT: usize = 3;
/// How far into a paragraph the name begins that it is about, in tokens.
const OPENING: usize = 3;

/// The nouns that point back, each with the dialogue that it means, in the order of the text.
pub fn find(page: &Page<'_>, owners: &[Option<Owner>]) -> Vec<(Range<usize>, usize)> {
    let mut found = Vec::new();
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        for token in page.begins(&range, Tag::is_titled_head) {
            let Some(noun) = noun_at(page, token, range.clone()) else { continue };
            let fits = |dialogue: &usize| fits(page, *dialogue, &noun);
            let topic = || page.dialogues_in(range.start..noun.start).next().filter(|(tokens, _)| tokens.start <= range.start + OPENING);
            let topic = || topic().map(|(_, dialogue)| dialogue).filter(|_| content.kind != BlockKind::Heading);
            let named = || named_before(page, block, noun.start, &fits);
            // What a text only happens to begin with gives way to what the paragraph itself names.
            let is_weak = |owner: &Owner| matches!(owner.evidence, Evidence::Opening | Evidence::MostNamed);
            let begun = || page.dialogues_in(range.start..noun.start).filter(|(tokens, _)| begins_anew(page, tokens));
            let in_block = || begun().map(|(_, dialogue)| dialogue).filter(fits).last();
            let in_block = || in_block().filter(|_| owners[block].as_ref().is_none_or(is_weak));
            let owner = || owners[block].map(|owner| owner.dialogue).filter(fits);
            let means = topic().filter(fits).or_else(in_block).or_else(owner).or_else(named);
            found.extend(means.map(|dialogue| (noun, dialogue)));
        }
    }
    found
}

/// The dialogue named last before a noun that fits it, under the same heading.
fn named_before(page: &Page<'_>, block: usize, at: usize, fits: &dyn Fn(&usize) -> bool) -> Option<usize> {
    let from = page.heading(block).map_or(0, |heading| page.range(heading).start);
    page.dialogues_in(from..at).map(|(_, dialogue)| dialogue).filter(fits).last()
}

/// The noun of a dialogue that points back at a token, with the words between its article and itself.
pub fn noun_at(page: &Page<'_>, token: usize, within: Range<usize>) -> Option<Range<usize>> {
    let mark = page.mark(token, Tag::is_titled_head).filter(|mark| mark.end <= within.end)?;
    let mut first = token;
    let is_sort = |token: usize| page.tokens.marks_at(token).any(|mark| mark.end == token + 1 && matches!(mark.tag, Tag::Generic | Tag::Filler));
    while first > within.start && token - first < SORT && is_sort(first - 1) && !page.has(first - 1, Tag::Pointer) {
        first -= 1;
    }
    let points = first > within.start && page.has(first - 1, Tag::Pointer);
    // A noun that names all sorts of things means a dialogue only with a capital; `the process of X` and `the Forum on X` say what they are.
    let is_plain = !page.is_capital(token);
    let goes_on = mark.end < within.end && page.tokens.marks_at(mark.end).any(|mark| matches!(mark.tag, Tag::Of | Tag::Connector));
    let is_titled = page.mark(token, Tag::is_dialogue_head).is_none();
    let is_named = page.is_within_dialogue(&(token..mark.end));
    (points && !is_named && !(is_plain && (goes_on || is_titled))).then_some(token..mark.end)
}

/// Whether a dialogue can be meant by a noun: its name has the noun, or it is of that kind.
pub fn fits(page: &Page<'_>, dialogue: usize, noun: &Range<usize>) -> bool {
    let named = &page.dialogues[dialogue];
    let mut words = noun.clone().map(|token| fold(page.text(token)));
    let is_of_kind = |tag: Tag| matches!(tag, Tag::DialogueHead(kind) if page.vocabulary().names.dialogue[usize::from(kind)].kind == named.kind);
    words.all(|word| named.words.contains(&word)) || page.mark(noun.start, is_of_kind).is_some_and(|mark| mark.end == noun.end)
}
