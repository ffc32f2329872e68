//! Dialogues: which dialogues a document names, where, and which one each block is about.
//!
//! A dialogue is one that is declared in the reference data, or a name with a noun such as "process" or "forum" in it. The subject of
//! a block is the dialogue in the last heading that names one, else the one that the document opens with.

use std::ops::Range;

use super::names::{name_at, trim_openers};
use super::page::Page;
use crate::findings::Report;
use crate::model::gazetteer::{Shape, Tag, fold};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

/// A dialogue that the document names.
#[derive(Clone, Debug)]
pub struct Named {
    /// The fullest form that the text has.
    pub name: Range<usize>,
    /// Index into the reference data.
    pub declared: Option<u16>,
    pub acronym: Option<Range<usize>>,
    pub kind: String,
    /// Folded words of the name, for other forms of it.
    words: Vec<String>,
}

/// The dialogues of a page and where it names them.
pub fn find(page: &Page<'_>) -> (Vec<Named>, Vec<(Range<usize>, usize)>) {
    let mut dialogues: Vec<Named> = Vec::new();
    let mut mentions: Vec<(Range<usize>, usize)> = Vec::new();
    for (block, _) in page.numbered_blocks() {
        let range = page.range(block);
        let mut at = range.start;
        while at < range.end {
            let found = declared_at(page, at, range.end).or_else(|| worded_at(page, at, range.end));
            match found {
                Some((tokens, declared, kind)) => {
                    at = tokens.end;
                    let dialogue = enter(page, &mut dialogues, tokens.clone(), declared, kind);
                    mentions.push((tokens, dialogue));
                }
                None => at += 1,
            }
        }
    }
    bind_acronyms(page, &mut dialogues, &mut mentions);
    mentions.sort_by_key(|(tokens, _)| tokens.start);
    (dialogues, mentions)
}

type Found = (Range<usize>, Option<u16>, String);

fn declared_at(page: &Page<'_>, at: usize, end: usize) -> Option<Found> {
    let mark = page.mark(at, |tag| matches!(tag, Tag::Dialogue(_))).filter(|mark| mark.end <= end)?;
    // A longer name of an organisation is not the dialogue within it.
    if page.mark(at, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|longer| longer.end > mark.end) {
        return None;
    }
    let Tag::Dialogue(index) = mark.tag else { return None };
    let kind = page.reference.dialogues[index as usize].kind.clone();
    Some((mark.first..mark.end, Some(index), kind))
}

/// A name with the noun of a dialogue as its head: before the first small word or at its end.
fn worded_at(page: &Page<'_>, at: usize, end: usize) -> Option<Found> {
    if !page.is_capital(at) || (at > 0 && page.tokens.touches_previous(at) && page.text(at - 1) == "-") {
        return None;
    }
    let name = trim_openers(page, name_at(page, at, end)?);
    let name = over_ordinals(page, name);
    if name.len() < 2 || name.start != at && at + 4 < name.start {
        return None;
    }
    if page.mark(name.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end >= name.end) {
        return None;
    }
    // A declared dialogue within the name is found for itself.
    if name.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::Dialogue(_))).is_some_and(|mark| mark.end <= name.end)) {
        return None;
    }
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).unwrap_or(name.end);
    let head = |upto: usize| {
        (name.start..upto).rev().find_map(|first| {
            let mark = page.mark(first, |tag| matches!(tag, Tag::DialogueHead(_)))?;
            (mark.end == upto && page.is_capital(first)).then_some(mark)
        })
    };
    let noun_first =
        || page.mark(name.start, |tag| matches!(tag, Tag::DialogueHead(_))).filter(|mark| page.vocabulary().language.noun_first && mark.end <= small);
    let (mark, at_front) = match head(small).or_else(noun_first) {
        Some(mark) => (mark, true),
        None => (head(name.end)?, false),
    };
    // The noun alone is a word, not a name; `Process of ...` is not one either, `Forum on ...` and `Dialogue on ...` are.
    let own_words = name.len() - (mark.end - mark.first);
    let names_something = if at_front && mark.first == name.start { small < name.end && own_words >= 3 } else { own_words >= 1 };
    let is_plain = |token: usize| {
        page.tokens
            .marks_at(token)
            .any(|mark| mark.end == token + 1 && matches!(mark.tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::Filler | Tag::Opener))
    };
    let has_own = name.clone().any(|token| page.is_capital(token) && !(mark.first..mark.end).contains(&token) && !is_plain(token));
    if !names_something || !has_own || is_generic(page, &name, mark.first) {
        return None;
    }
    let Tag::DialogueHead(kind) = mark.tag else { return None };
    Some((name, None, page.vocabulary().names.dialogue[kind as usize].kind.clone()))
}

/// Words before the noun that only say which or what sort: `Regional Consultative Process`, `Ministerial Dialogue`.
fn is_generic(page: &Page<'_>, name: &Range<usize>, head: usize) -> bool {
    let before = name.start..head;
    let only_filler = before.clone().all(|token| {
        page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Filler | Tag::Generic | Tag::Ordinal(_) | Tag::MeetingHead | Tag::Article))
    });
    let goes_on = name.end > head + 2;
    only_filler && !(goes_on && before.is_empty())
}

fn over_ordinals(page: &Page<'_>, mut name: Range<usize>) -> Range<usize> {
    while name.len() > 1 && page.mark(name.start, |tag| matches!(tag, Tag::Ordinal(_))).is_some_and(|mark| mark.end == name.start + 1) {
        name.start += 1;
    }
    name
}

/// Notes a dialogue: one already known by declaration or by its words, or a new one.
fn enter(page: &Page<'_>, dialogues: &mut Vec<Named>, name: Range<usize>, declared: Option<u16>, kind: String) -> usize {
    let words: Vec<String> = name
        .clone()
        .filter(|&token| page.is_word(token) && !page.has(token, Tag::Article) && !page.has(token, Tag::Connector))
        .map(|token| fold(page.text(token)))
        .collect();
    let same = |known: &Named| match (known.declared, declared) {
        (Some(a), Some(b)) => a == b,
        (Some(_), None) | (None, Some(_)) => is_misspelt(&known.words, &words),
        (None, None) => is_part(&known.words, &words) || is_part(&words, &known.words) || is_misspelt(&known.words, &words),
    };
    match dialogues.iter().position(same) {
        Some(at) => {
            if words.len() > dialogues[at].words.len() {
                dialogues[at].name = name;
                dialogues[at].words = words;
            }
            at
        }
        None => {
            dialogues.push(Named { name, declared, acronym: None, kind, words });
            dialogues.len() - 1
        }
    }
}

/// Whether two names of at least four words differ in one word by a letter or two.
fn is_misspelt(a: &[String], b: &[String]) -> bool {
    let differing: Vec<_> = a.iter().zip(b).filter(|(a, b)| a != b).collect();
    match differing.as_slice() {
        _ if a.len() != b.len() => false,
        [] => true,
        [(a_word, b_word)] => {
            a.len() >= 4
                && a_word.len() >= 6
                && a_word.chars().count().abs_diff(b_word.chars().count()) <= 1
                && shared_letters(a_word, b_word) + 2 >= a_word.len().max(b_word.len())
        }
        _ => false,
    }
}

/// Letters that two words share at their starts and ends.
fn shared_letters(a: &str, b: &str) -> usize {
    let start = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let end = a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).count();
    (start + end).min(a.chars().count().min(b.chars().count()))
}

/// Whether a name of at least three words ends another: `Working Group on X` and `Open Working Group on X`.
fn is_part(part: &[String], whole: &[String]) -> bool {
    part.len() >= 3 && whole.ends_with(part)
}

/// Finds the acronyms of the dialogues, and the places where the page uses them.
fn bind_acronyms(page: &Page<'_>, dialogues: &mut [Named], mentions: &mut Vec<(Range<usize>, usize)>) {
    for (tokens, dialogue) in mentions.clone() {
        let given =
            page.acronyms.iter().find(|given| given.name.end == tokens.end || given.name.start == tokens.start && given.name.end >= tokens.end);
        if let Some(given) = given.filter(|given| given.name.start >= tokens.start.saturating_sub(2)) {
            dialogues[dialogue].acronym.get_or_insert(given.acronym.clone());
        }
    }
    let taken: Vec<Range<usize>> = mentions.iter().map(|(tokens, _)| tokens.clone()).collect();
    let is_free = |token: usize| !taken.iter().any(|range| range.contains(&token));
    for (index, dialogue) in dialogues.iter().enumerate() {
        let initials: String = dialogue.words.iter().filter_map(|word| word.chars().next()).collect::<String>().to_uppercase();
        let given = dialogue.acronym.as_ref().map(|acronym| page.value_of(acronym));
        let short = given.unwrap_or(initials);
        if short.len() < 2 {
            continue;
        }
        for token in 0..page.tokens.tokens.len() {
            if page.token(token).shape == Shape::Upper && page.text(token) == short && is_free(token) {
                mentions.push((token..token + 1, index));
            }
        }
    }
}

/// The dialogue that each block is about.
pub fn subjects(page: &Page<'_>) -> Vec<Option<usize>> {
    let first_named = |block: usize| page.dialogues_in(page.range(block)).next().map(|(_, dialogue)| dialogue);
    let opening = page.numbered_blocks().filter(|(_, block)| block.kind != BlockKind::Item).take(5).find_map(|(at, _)| first_named(at));
    let mut current = opening;
    let mut subjects = Vec::with_capacity(page.blocks.blocks.len());
    for (at, block) in page.numbered_blocks() {
        if block.kind == BlockKind::Heading {
            current = first_named(at).or(current);
        }
        let own = matches!(block.kind, BlockKind::Item | BlockKind::Row).then(|| opens_with(page, at)).flatten();
        let above = || block.heading.filter(|above| page.block(*above).kind == BlockKind::Item).and_then(|above| subjects[above]);
        subjects.push(own.or_else(above).or(current));
    }
    subjects
}

/// The dialogue that an entry of an overview is about: its first line or cell is the name and little else, and more follows.
fn opens_with(page: &Page<'_>, block: usize) -> Option<usize> {
    let parts = if page.block(block).kind == BlockKind::Row { page.cells(block) } else { page.lines(block) };
    let (first, rest) = parts.split_first()?;
    let (tokens, dialogue) = page.dialogues_in(first.clone()).next()?;
    let has_followers = !rest.is_empty() || page.blocks.blocks.get(block + 1).is_some_and(|next| next.heading == Some(block));
    (tokens.start <= first.start + 2 && first.len() <= tokens.len() + 8 && has_followers).then_some(dialogue)
}

/// Emits a record for each dialogue that the document names.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    for (index, dialogue) in page.dialogues.iter().enumerate() {
        let span = page.span(&dialogue.name);
        let mut draft = Draft::new("dialogues", "dialogues/name").with("name", page.value(span), span).derived("kind", dialogue.kind.as_str());
        if let Some(acronym) = &dialogue.acronym {
            draft = draft.with("acronym", page.value_of(acronym), page.span(acronym));
        }
        if let Some((year, span)) = established(page, index) {
            draft = draft.with("established_year", year, span);
        }
        drafts.push(draft);
    }
}

/// The year in which the sources says that the dialogue was established.
fn established(page: &Page<'_>, dialogue: usize) -> Option<(i64, crate::model::span::Span)> {
    page.numbered_blocks().find_map(|(block, _)| {
        page.lines(block).into_iter().chain(page.sentences(page.range(block))).find_map(|range| {
            let verb = range.clone().find_map(|token| page.mark(token, |tag| tag == Tag::Established))?;
            let about = page.dialogues_in(range.clone()).next().map(|(_, named)| named).or(page.subject(block));
            let date = page.dates_in(range.clone()).find(|date| date.tokens.start >= verb.end && date.tokens.start <= verb.end + 8)?;
            let year = chrono::Datelike::year(&date.period.start);
            (about == Some(dialogue)).then(|| (i64::from(year), page.span(&date.tokens)))
        })
    })
}
