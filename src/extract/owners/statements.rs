//! Statements: which dialogue a sentence, label or entry is about.
//!
//! In: a page with the owner of each block, and a stretch of it. Out: the dialogue that the stretch names itself, by its name or by a noun
//! that points back to it, before what the sentences and the section around it are about.

use std::ops::Range;

use super::{Evidence, Owner, begins_anew, is_beside};
use crate::extract::page::Page;
use crate::extract::roles;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

/// How far into a sentence its subject begins, in tokens.
const SUBJECT: usize = 9;
/// Longest way from the comma of a clause to its verb, in tokens.
const CLAUSE: usize = 5;
/// How far behind its sign a role stands, in tokens.
const NEAR: usize = 4;

/// The dialogue that a role at `at` in a sentence is of.
pub fn of_statement(page: &Page<'_>, block: usize, sentence: &Range<usize>, at: usize) -> Option<usize> {
    let of = |evidence: Evidence| move |dialogue: usize| Owner { dialogue, evidence };
    let tied = || behind_role(page, sentence, at).map(of(Evidence::Tied));
    let named = || subject(page, sentence, at).map(of(Evidence::Sentence));
    let before = || sentence_before(page, block, sentence.start).map(of(Evidence::SentenceBefore));
    // In news each paragraph is about a dialogue of its own.
    let owner = page.owner(block);
    let in_block = || {
        let mut named = page.dialogues_in(page.range(block)).map(|(_, dialogue)| dialogue).peekable();
        let first = named.peek().copied();
        let is_other = !named.any(|dialogue| owner.is_some_and(|owner| owner.dialogue == dialogue));
        first.filter(|_| is_other && page.heading(block).is_none_or(|heading| heading < 2)).map(of(Evidence::Block))
    };
    let only_one = || only_before(page, block, sentence.start).filter(|_| !heading_names(page, block)).map(of(Evidence::SentenceBefore));
    let found = tied().or_else(named).or_else(before).or_else(in_block).or_else(only_one);
    tell(page, &(at..at + 1), found, owner)
}

/// The dialogue that a label is of: the one named in it, before its bracket or at the start of its paragraph, else that of its block.
pub fn of_label(page: &Page<'_>, block: usize, label: &Range<usize>) -> Option<usize> {
    let named = || page.referents_in(label.clone()).map(|(_, dialogue)| dialogue).next();
    let own = named().or_else(|| before_bracket(page, block, label)).or_else(|| opens_paragraph(page, block, label.start));
    let own = own.map(|dialogue| Owner { dialogue, evidence: Evidence::Label });
    // A label on a line of its own is one of the section, a label within running text is about what the text before it is about.
    let is_within = label.start > page.range(block).start && !page.gap_before(label.start).contains('\n');
    let in_text = || sentence_before(page, block, label.start).filter(|_| is_within);
    let own = own.or_else(|| in_text().map(|dialogue| Owner { dialogue, evidence: Evidence::SentenceBefore }));
    let last = || page.dialogues_in(page.range(block).start..label.start).last();
    let last = || last().map(|(_, dialogue)| Owner { dialogue, evidence: Evidence::SentenceBefore });
    let owner = page.owner(block).or_else(last);
    tell(page, label, own, owner)
}

/// The dialogue that an entry is about, a row or line: the first that it names, not only beside its subject; else that of its block.
pub fn of_entry(page: &Page<'_>, block: usize, entry: &Range<usize>) -> Option<usize> {
    let named = named_in(page, entry).map(|dialogue| Owner { dialogue, evidence: Evidence::Entry });
    tell(page, entry, named, page.owner(block))
}

/// The dialogue that a clause names last, nearest to its verb; else that of its block.
pub fn of_clause(page: &Page<'_>, block: usize, clause: &Range<usize>) -> Option<usize> {
    let named = page.referents_in(clause.clone()).filter(|(tokens, _)| !is_beside(page, tokens)).last();
    let named = named.map(|(_, dialogue)| Owner { dialogue, evidence: Evidence::Sentence });
    tell(page, clause, named, page.owner(block))
}

/// The dialogue that a text names last before a token, wherever: of what else should somebody be a member there. One within a line can be
/// somebody on a list.
pub fn last_named(page: &Page<'_>, at: usize) -> Option<usize> {
    let before = || page.dialogues_in(0..at);
    before().filter(|(tokens, _)| begins_anew(page, tokens)).last().or_else(|| before().last()).map(|(_, dialogue)| dialogue)
}

/// The first dialogue that a stretch names, not only beside its subject.
pub fn named_in(page: &Page<'_>, range: &Range<usize>) -> Option<usize> {
    page.dialogues_in(range.clone()).find(|(tokens, _)| !is_beside(page, tokens)).map(|(_, dialogue)| dialogue)
}

/// Leaves word for a trace of what a stretch says itself.
fn tell(page: &Page<'_>, range: &Range<usize>, own: Option<Owner>, of_block: Option<Owner>) -> Option<usize> {
    if let Some(own) = own.filter(|own| of_block.is_none_or(|of_block| of_block.dialogue != own.dialogue)) {
        page.decide(range, own);
    }
    own.or(of_block).map(|owner| owner.dialogue)
}

/// `The Process, chaired by A`: the name right before the role, else the first of the sentence that is not only set beside its subject.
fn subject(page: &Page<'_>, sentence: &Range<usize>, at: usize) -> Option<usize> {
    // `the Process, whose chair A was`: a clause between commas is about what stands before it.
    let is_relative = |end: usize| page.text(end) == "," && at <= end + CLAUSE && page.token(end + 1).shape == Shape::Lower;
    let named = || page.referents_in(sentence.start..at);
    let apposed = named().last().filter(|(tokens, _)| tokens.end + 1 >= at || is_relative(tokens.end) && !is_beside(page, tokens));
    apposed.or_else(|| named().find(|(tokens, _)| !is_beside(page, tokens))).map(|(_, dialogue)| dialogue)
}

/// `is an observer in the Process`, `as members of the Process`: the dialogue right behind a role.
fn behind_role(page: &Page<'_>, sentence: &Range<usize>, at: usize) -> Option<usize> {
    let is_role = |tag: Tag| matches!(tag, Tag::Role(_) | Tag::Phrase(_));
    let role = (at..sentence.end.min(at + NEAR)).filter_map(|token| page.mark(token, is_role)).find(|mark| mark.end < sentence.end)?;
    let links = |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Of | Tag::PlacePreposition));
    // `participating states of the Process`
    let is_noun = |token: usize| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_))).is_some();
    let link = (role.end..sentence.end.min(role.end + NEAR)).find(|&token| !is_noun(token)).filter(|&link| links(link))?;
    let first = (link + 1..sentence.end.min(link + NEAR)).find(|&token| !page.has(token, Tag::Article))?;
    page.referents_in(first..sentence.end).find(|(tokens, _)| tokens.start == first).map(|(_, dialogue)| dialogue)
}

/// The dialogue that the sentences of a block before a token speak of: the first that the nearest of them begins with.
fn sentence_before(page: &Page<'_>, block: usize, at: usize) -> Option<usize> {
    let sentences = page.sentences(page.range(block).start..at);
    // A sentence is about what it begins with; one that it names further on is often another.
    let begins_with = |sentence: Range<usize>| {
        let start = sentence.start;
        // `The Steering Committee of the Process was set up`: a body of it.
        let is_body = |tag: Tag| matches!(tag, Tag::Role(role) if roles::body(page, role).is_some());
        let is_verb = |token: usize| page.mark(token, |tag| matches!(tag, Tag::LinkVerb | Tag::Role(_) | Tag::Phrase(_)) && !is_body(tag)).is_some();
        let named = page.referents_in(sentence).find(|(tokens, _)| !is_beside(page, tokens));
        named.filter(|(tokens, _)| tokens.start <= start + SUBJECT && !(start..tokens.start).any(is_verb)).map(|(_, dialogue)| dialogue)
    };
    sentences.into_iter().rev().find_map(begins_with)
}

/// The only dialogue that the sentences of a block before a token name.
fn only_before(page: &Page<'_>, block: usize, at: usize) -> Option<usize> {
    let mut named = page.dialogues_in(page.range(block).start..at).filter(|(tokens, _)| !is_beside(page, tokens)).map(|(_, dialogue)| dialogue);
    let first = named.next()?;
    named.all(|dialogue| dialogue == first).then_some(first)
}

/// Whether the heading of a block names the dialogue that the block is about.
fn heading_names(page: &Page<'_>, block: usize) -> bool {
    let owner = page.subject(block);
    page.heading(block).is_some_and(|heading| page.dialogues_in(page.range(heading)).any(|(_, dialogue)| Some(dialogue) == owner))
}

/// The dialogue that a paragraph begins with, before a label on a further line of it.
fn opens_paragraph(page: &Page<'_>, block: usize, label: usize) -> Option<usize> {
    let range = page.range(block);
    let first = range.clone().find(|&token| !page.has(token, Tag::Article))?;
    let (tokens, dialogue) = page.dialogues_in(range.start..label).next()?;
    (page.block(block).kind == BlockKind::Paragraph && tokens.start == first && page.gap_before(label).contains('\n')).then_some(dialogue)
}

/// `Harbour Process (Chair: A)`: the dialogue in whose bracket a label stands.
fn before_bracket(page: &Page<'_>, block: usize, label: &Range<usize>) -> Option<usize> {
    let from = page.range(block).start;
    let open = (from..label.start).rev().find(|&token| page.text(token) == "(").filter(|_| roles::is_in_bracket(page, from, label.start))?;
    let (tokens, dialogue) = page.dialogues_in(from..open).last()?;
    // Its acronym may stand between.
    (open - tokens.end <= 2).then_some(dialogue)
}
