//! Parts: bodies of a dialogue with members of their own: `Support Platform of the X Process`, `X Business Council`.
//!
//! In: the dialogues that a page names, and where. Out: the same with such bodies as dialogues of their own, so that their members are not
//! taken for those of the whole. A body counts where its name is tied to that of the whole and the text gives its members; a steering group
//! or troika is a role within the whole instead.

use std::ops::Range;

use super::dialogues::{Named, kind_of_head};
use super::names;
use super::owners::noun_that_points;
use super::page::Page;
use super::roles;
use crate::model::gazetteer::{Shape, Tag, fold};
use crate::model::text::BlockKind;
use crate::model::tokens::Mark;

/// Most tokens between the noun of a body and the name of the whole.
const BETWEEN: usize = 8;
/// Most words of a name before its noun.
const BEFORE: usize = 5;
/// How far behind its name the members of a body are announced, in tokens.
const NEAR: usize = 60;
/// How many blocks behind its heading.
const BLOCKS: usize = 3;

/// The name of a body, with that of the whole and without.
struct Part {
    whole: Range<usize>,
    own: Range<usize>,
    kind: String,
}

/// Adds the bodies that a page gives the members of.
pub fn add(page: &Page<'_>, dialogues: &mut Vec<Named>, mentions: &mut Vec<(Range<usize>, usize)>) {
    let all = 0..page.tokens.tokens.len();
    let heads: Vec<Mark> = page.begins(&all, |tag| tag == Tag::Body).filter_map(|at| page.mark(at, |tag| tag == Tag::Body)).collect();
    let parts: Vec<Part> = heads.iter().filter_map(|head| part_at(page, head, mentions)).collect();
    let mut own: Vec<(Vec<String>, bool, Vec<Part>)> = Vec::new();
    for part in parts {
        let words = words_of(page, &part.own);
        let has_members = has_members(page, &part.whole);
        match own.iter_mut().find(|(known, ..)| *known == words) {
            Some((_, known, places)) => {
                *known |= has_members;
                places.push(part);
            }
            None => own.push((words, has_members, vec![part])),
        }
    }
    for (words, has_members, places) in own {
        let again: Vec<Range<usize>> = heads.iter().filter_map(|head| again_at(page, head, &words)).collect();
        if !has_members && !again.iter().any(|name| begins_line(page, name.start) && self::has_members(page, name)) {
            continue;
        }
        let Some(first) = places.first() else { continue };
        let index = dialogues.len();
        let acronym = names::acronym_behind(page, first.whole.end, all.end);
        dialogues.push(Named { name: first.whole.clone(), declared: None, acronym, kind: first.kind.clone(), words });
        let names: Vec<Range<usize>> = places.into_iter().map(|part| part.whole).chain(again).collect();
        // The name of the whole within that of its part is none of its own.
        mentions.retain(|(tokens, _)| !names.iter().any(|name| name.start < tokens.end && tokens.start < name.end));
        for name in names {
            if !mentions.iter().any(|(tokens, _)| name.start < tokens.end && tokens.start < name.end) {
                mentions.push((name, index));
            }
        }
    }
    mentions.sort_by_key(|(tokens, _)| tokens.start);
}

/// The name of a body that begins a line or sentence and is tied to the name of a dialogue, before it or behind `of`.
fn part_at(page: &Page<'_>, head: &Mark, mentions: &[(Range<usize>, usize)]) -> Option<Part> {
    let block = page.range(page.block_of(head.first));
    let is_own = |token: usize| page.is_capital(token) && page.is_word(token) && !page.has(token, Tag::Article);
    let first =
        (head.first.saturating_sub(BEFORE).max(block.start)..head.first).rev().take_while(|&token| is_own(token)).last().unwrap_or(head.first);
    let before = mentions.iter().find(|(tokens, _)| tokens.end > first && tokens.end <= head.first && tokens.start < head.first);
    let kind = kind_of_head(page, head.first).unwrap_or_else(|| "group".to_owned());
    let (whole, own) = match before {
        Some((tokens, _)) => (tokens.start..head.end, tokens.end..head.end),
        None => {
            let (of, end) = whole_behind(page, head.end, block.end, mentions)?;
            (first..end, first..of)
        }
    };
    let in_body = own.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::Role(role) if roles::body(page, role).is_some())).is_some());
    let is_named = own.len() > head.end - head.first && page.is_capital(whole.start) && !in_body;
    (is_named && begins_line(page, whole.start)).then_some(Part { whole, own, kind })
}

/// `of the X Process` behind the noun of a body and the words that go with it: where it begins, and where the name ends.
fn whole_behind(page: &Page<'_>, at: usize, end: usize, mentions: &[(Range<usize>, usize)]) -> Option<(usize, usize)> {
    let ends = |token: usize| {
        !page.is_word(token) && !matches!(page.text(token), "'" | "’" | "-")
            || page.mark(token, |tag| matches!(tag, Tag::LinkVerb | Tag::Phrase(_) | Tag::Established)).is_some()
    };
    let first = (at..end.min(at + BETWEEN)).take_while(|&token| !ends(token)).find_map(|token| {
        let named = mentions.iter().find(|(tokens, _)| tokens.start == token).map(|(tokens, _)| tokens.end);
        named.or_else(|| noun_that_points(page, token, at..end).map(|_| token)).map(|end| (token, end))
    });
    let (name, end_of_name) = first?;
    let links =
        |token: usize| page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Of | Tag::PlacePreposition | Tag::Connector | Tag::Until));
    let mut of = name;
    while of > at && (page.has(of - 1, Tag::Article) || links(of - 1) || matches!(page.text(of - 1), "'" | "’")) {
        of -= 1;
    }
    if of == name {
        return None;
    }
    Some((of, if end_of_name > name { end_of_name } else { of }))
}

/// Whether the name of a body stands again at its noun, without that of the whole.
fn again_at(page: &Page<'_>, head: &Mark, words: &[String]) -> Option<Range<usize>> {
    let noun = fold(page.text(head.first));
    let before = words.iter().position(|word| *word == noun)?;
    let mut first = head.first;
    for _ in 0..before {
        first = first.checked_sub(1).filter(|&token| page.is_word(token))?;
    }
    let mut next = first;
    for word in words {
        while next < page.tokens.tokens.len() && (is_small(page, next)) && fold(page.text(next)) != *word {
            next += 1;
        }
        if next >= page.tokens.tokens.len() || fold(page.text(next)) != *word {
            return None;
        }
        next += 1;
    }
    page.is_capital(first).then_some(first..next)
}

fn words_of(page: &Page<'_>, name: &Range<usize>) -> Vec<String> {
    name.clone().filter(|&token| !is_small(page, token)).map(|token| fold(page.text(token))).collect()
}

fn is_small(page: &Page<'_>, token: usize) -> bool {
    !page.is_word(token) || page.token(token).shape == Shape::Lower && (page.has(token, Tag::Article) || page.has(token, Tag::Connector))
}

/// Whether a name begins its line or sentence, its article and number aside.
fn begins_line(page: &Page<'_>, at: usize) -> bool {
    let mut first = at;
    while first > 0 && page.has(first - 1, Tag::Article) && !page.gap_before(first).contains('\n') {
        first -= 1;
    }
    first == 0
        || page.gap_before(first).contains('\n')
        || matches!(page.text(first - 1), "." | ")" | "!" | "?" | ";" | "•" | "-" | "–" | ":")
        || page.token(first - 1).shape == Shape::Number
}

/// Whether the text behind a name says who its members are: in its sentence or the next, or below it where it stands alone.
fn has_members(page: &Page<'_>, name: &Range<usize>) -> bool {
    let block = page.block_of(name.start);
    let is_alone = page.block(block).kind == BlockKind::Heading || name.end >= page.range(block).end;
    let last = if is_alone { (block + BLOCKS).min(page.blocks.blocks.len() - 1) } else { block };
    let below = (block + 1..=last).take_while(|&below| page.block(below).kind != BlockKind::Heading).last().unwrap_or(block);
    let window = name.end..page.range(below).end.min(name.end + NEAR);
    let announces = |tag: Tag| match tag {
        Tag::Phrase(index) => {
            let phrase = &page.vocabulary().roles.phrase[usize::from(index)];
            phrase.role == "member" && !phrase.party_comes_first()
        }
        Tag::Role(role) | Tag::RoleLabel(role) => page.vocabulary().roles.role[usize::from(role)].role == "member",
        _ => false,
    };
    let announced = page.begins(&window, announces).next();
    let is_party = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::Group(_));
    announced.is_some_and(|at| page.any_begins(&(at..page.range(last).end.min(at + NEAR)), is_party))
}
