//! Titles: names that are those of a dialogue because a text is about it, in its title, in a heading or where it says how it began.

use std::ops::Range;

use super::dialogues::{Found, OPENING, is_defined, worded_at};
use super::names;
use super::page::Page;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

/// Names with a noun that makes a dialogue only where a text is about it: the title of the document, or a heading that gives an acronym.
pub fn titles(page: &Page<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        if !page.any_begins(&range, Tag::is_titled_head) {
            continue;
        }
        if block >= OPENING && content.kind != BlockKind::Heading {
            found.extend(founded(page, range.clone()).or_else(|| defined(page, range)));
            continue;
        }
        if block >= OPENING && opens_with_founding(page, block + 1) {
            found.extend(whole(page, range));
            continue;
        }
        // A name begins where its capitals begin.
        let begins =
            |at: usize| at == range.start || !page.is_capital(at - 1) || page.has(at - 1, Tag::Article) || page.gap_before(at).contains('\n');
        let name = range.clone().filter(|&at| begins(at)).find_map(|at| worded_at(page, at, range.end, Tag::is_titled_head));
        let Some((tokens, declared, kind)) = name else { continue };
        let line_of = page.lines(block).into_iter().find(|line| line.contains(&tokens.start)).unwrap_or(range);
        // `Report of the Ninth Meeting of the ...`: the meeting of a dialogue is about the dialogue.
        let of_meeting = |token: usize| {
            page.tokens.marks_at(token).any(|mark| {
                matches!(mark.tag, Tag::MeetingHead | Tag::Ordinal(_) | Tag::PublicationHead(_) | Tag::Article | Tag::Of | Tag::Connector)
            })
        };
        let words = line_of.clone().filter(|&token| page.is_word(token) && (token >= tokens.start || !of_meeting(token))).count();
        let is_most = tokens.clone().filter(|&token| page.is_word(token)).count() * 2 >= words;
        let meets = (line_of.start..tokens.start).any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some());
        // The name of a body, or of several.
        let is_body = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end - mark.first >= 2);
        if !meets && tokens.clone().any(is_body) {
            continue;
        }
        let opens_line = (page.range(block).start..tokens.start).all(|token| page.has(token, Tag::Article) || !page.is_word(token));
        if is_defined(page, &tokens) && opens_line || block < OPENING && is_most && content.kind != BlockKind::Item {
            found.push((tokens, declared, kind));
        }
    }
    // The first name of an opening is what it is about; further ones are parts of it, unless they give an acronym.
    let first = found.first().map(|(tokens, ..)| tokens.start);
    found.retain(|(tokens, ..)| Some(tokens.start) == first || is_defined(page, tokens));
    found
}

/// `The Trade Union Network on Migration (TUNM), founded in 2015, ...`: a paragraph that begins with a name, its
/// acronym and how it began or whom it brings together.
fn founded(page: &Page<'_>, range: Range<usize>) -> Option<Found> {
    let first = range.clone().find(|&token| !page.has(token, Tag::Article))?;
    let (tokens, declared, kind) = worded_at(page, first, range.end, Tag::is_titled_head)?;
    let short = names::acronym_behind(page, tokens.end, range.end)?;
    let gathers = |tag: Tag| match tag {
        Tag::Phrase(index) => {
            let phrase = &page.vocabulary().roles.phrase[usize::from(index)];
            phrase.role == "member" && !phrase.party_comes_first()
        }
        other => other == Tag::Established,
    };
    let says_what = (short.end..range.end.min(short.end + FOUNDED)).any(|token| page.mark(token, gathers).is_some());
    // A known body is what it is.
    let is_body = || page.mark(tokens.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end >= tokens.end);
    (says_what || !is_body() && is_used(page, &short)).then_some((tokens, declared, kind))
}

/// `The Network for Fair Hiring is a regional platform of ...`: a sentence that says of a name what sort of dialogue it is.
fn defined(page: &Page<'_>, range: Range<usize>) -> Option<Found> {
    let is_verb = |token: usize| page.token(token).shape == Shape::Lower && page.has(token, Tag::LinkVerb);
    let verb =
        page.begins(&range, |tag| tag == Tag::LinkVerb).find(|&token| is_verb(token) && page.has((token + 1).min(range.end - 1), Tag::Article))?;
    let end = range.end.min(verb + DEFINED);
    let says_sort = (verb + 2..end)
        .take_while(|&token| page.token(token).shape == Shape::Lower || page.text(token) == "-")
        .any(|token| page.mark(token, Tag::is_titled_head).is_some());
    let sentence = page.sentences(range.clone()).into_iter().find(|sentence| sentence.contains(&verb)).filter(|_| says_sort)?;
    let bracket = (sentence.start..verb).rev().find(|&token| page.text(token) == "(").filter(|_| page.text(verb - 1) == ")");
    let name_end = bracket.unwrap_or(verb);
    let begins = |at: &usize| page.is_capital(*at) && (*at == sentence.start || !page.is_capital(*at - 1) || page.has(*at - 1, Tag::Article));
    let names = (sentence.start..name_end).filter(begins);
    names.filter_map(|at| worded_at(page, at, name_end, Tag::is_titled_head)).find(|(tokens, ..)| tokens.end == name_end)
}

/// How far behind the verb a sentence says what sort of thing a name is of, in tokens.
const DEFINED: usize = 10;

/// `It was set up in 2019 ...`: whether a paragraph opens with how something began.
fn opens_with_founding(page: &Page<'_>, block: usize) -> bool {
    if block >= page.blocks.blocks.len() || page.block(block).kind != BlockKind::Paragraph {
        return false;
    }
    let range = page.range(block);
    let opening = range.start..range.end.min(range.start + FOUNDED);
    opening.clone().any(|token| page.mark(token, |tag| tag == Tag::Established).is_some())
        && page.dates_in(range.start..range.end.min(range.start + 2 * FOUNDED)).next().is_some()
}

/// The name that a heading is, and nothing else.
fn whole(page: &Page<'_>, range: Range<usize>) -> Option<Found> {
    let first = range.clone().find(|&token| !page.has(token, Tag::Article))?;
    worded_at(page, first, range.end, Tag::is_titled_head).filter(|(tokens, ..)| tokens.end == range.end || is_defined(page, tokens))
}

/// Whether a text goes on to use an acronym again and again: it is one of those that the text is about.
fn is_used(page: &Page<'_>, short: &Range<usize>) -> bool {
    let text = page.text(short.start);
    let is_same = |token: usize| token != short.start && page.text(token) == text;
    let mut headings = page.numbered_blocks().filter(|(_, block)| block.kind == BlockKind::Heading);
    let is_in_heading = headings.any(|(block, _)| page.range(block).any(is_same));
    let fewest = if is_in_heading { USES } else { OFTEN };
    short.len() == 1 && (0..page.tokens.tokens.len()).filter(|&token| is_same(token)).take(fewest).count() == fewest
}

/// How often a text uses the acronym of what it is about, where one of its headings does and where none does.
const USES: usize = 3;
const OFTEN: usize = 5;

/// How far behind its name a text says how a body began or whom it brings together, in tokens.
const FOUNDED: usize = 6;
