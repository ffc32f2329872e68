//! Sections: what a heading, lead-in or label says that stands under it or behind it.

use std::ops::Range;

use super::page::Page;
use super::roles;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;
use crate::model::tokens::Mark;
use crate::model::vocabulary::Reads;

/// What a heading announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub reads: Reads,
    /// Kind of the items, where the wording has one.
    pub kind: Option<String>,
    /// Where the wording stands.
    pub words: Range<usize>,
}

/// Words of a heading beside the wording that it is known by: a dialogue, a year, a number.
const OTHER_WORDS: usize = 6;
/// Words of a longer heading that such wording leads or closes.
const LONGEST: usize = 20;
/// Words of a question that has such wording anywhere.
const QUESTION: usize = 12;

/// Longest wording of a verb of agreeing, in tokens.
const VERB: usize = 4;

/// Reads a heading or label; none where it has no known wording, or says much else.
#[must_use]
pub fn section_of(page: &Page<'_>, range: Range<usize>) -> Option<Section> {
    // `The member countries agreed to`: the verb at its end says what follows.
    let ends_in_verb = || {
        let is_verb = |tag: Tag| matches!(tag, Tag::Heading(index) if page.vocabulary().headings[usize::from(index)].kind.as_deref() == Some("declaration_point"));
        let from = range.end.saturating_sub(VERB).max(range.start);
        (from + 1..range.end)
            .any(|token| page.token(token).shape == Shape::Lower && page.mark(token, is_verb).is_some_and(|mark| mark.end == range.end))
    };
    if let Some(role) = roles::role_of(page, range.clone()).filter(|_| !ends_in_verb()) {
        return Some(Section { reads: Reads::Nothing, kind: None, words: role.words });
    }
    if !page.any_begins(&range, |tag| matches!(tag, Tag::Heading(_))) {
        return by_verb(page, &range);
    }
    let words = range.clone().filter(|&token| page.is_word(token)).count();
    let marks = range.clone().filter_map(|token| page.mark(token, |tag| matches!(tag, Tag::Heading(_))).filter(|mark| mark.end <= range.end));
    let says_nothing = |mark: &Mark| matches!(mark.tag, Tag::Heading(index) if page.gazetteer.reads(index) == Reads::Nothing);
    // The longest wording decides; of two as long the first. `They took note of the plan, whose axes are`: in a sentence a word of sections
    // that state nothing is a word as others.
    let is_sentence = words > OTHER_WORDS;
    let rank =
        |mark: &Mark| (closes_sentence(page, &range, mark), !(is_sentence && says_nothing(mark)), mark.end - mark.first, usize::MAX - mark.first);
    let mark = marks.max_by_key(rank)?;
    let Tag::Heading(index) = mark.tag else { return None };
    let heading = &page.vocabulary().headings[index as usize];
    // `Recommendations adopted at the ...`, `Discussion came back to the following subjects`: the wording leads or closes a longer heading.
    let before = (range.start..mark.first).filter(|&token| page.is_word(token)).count();
    let behind = (mark.end..range.end).filter(|&token| page.is_word(token)).count();
    // `What are the themes of the new chair?`: a question asks for one thing.
    let asks = words <= QUESTION && range.clone().last().is_some_and(|last| page.text(last) == "?");
    // `offers the states that send workers abroad a place to:`
    let ends_in_it = behind == 0 && heading.reads == Reads::Themes && page.tokens.tokens.len() > range.end && page.text(range.end) == ":";
    let fits = words <= mark.end - mark.first + OTHER_WORDS || asks || ends_in_it || words <= LONGEST && (before <= 2 || behind <= 2);
    fits.then(|| Section { reads: heading.reads, kind: heading.kind.clone(), words: mark.first..mark.end })
}

/// `The meeting discussed the following themes`: wording of themes behind the verb of a sentence is what the sentence leads to.
fn closes_sentence(page: &Page<'_>, range: &Range<usize>, mark: &Mark) -> bool {
    let is_theme = matches!(mark.tag, Tag::Heading(index) if page.gazetteer.reads(index) == Reads::Themes);
    let is_verb = |token: usize| {
        page.token(token).shape == Shape::Lower && page.mark(token, |tag| matches!(tag, Tag::LinkVerb | Tag::HeadingVerb(_))).is_some()
    };
    let is_longer = |token: usize| page.mark(token, |tag| matches!(tag, Tag::Heading(_))).is_some_and(|other| other.end >= mark.end);
    is_theme
        && !(range.start..mark.first).any(is_longer)
        && (mark.end..range.end).filter(|&token| page.is_word(token)).count() <= 1
        && page.token(mark.first).shape == Shape::Lower
        && (range.start + 1..mark.first).any(is_verb)
}

/// `The office covers:`: a verb right before the colon of a lead-in.
fn by_verb(page: &Page<'_>, range: &Range<usize>) -> Option<Section> {
    let is_sign = |token: usize| matches!(page.text(token), ":" | "?");
    let sign = range.clone().last().filter(|&last| is_sign(last)).unwrap_or(range.end);
    // `Region covered: Asia` is a label with a value.
    let ends_line = || page.range(page.block_of(sign)).end == sign + 1 || page.text(sign) == "?" && page.gap_before(sign + 1).contains('\n');
    let is_before_colon = page.tokens.tokens.len() > sign && is_sign(sign) && ends_line();
    let from = sign.saturating_sub(VERB).max(range.start + 1);
    let is_verb = |tag: Tag| matches!(tag, Tag::HeadingVerb(_));
    let mark = (from..sign).filter(|_| is_before_colon).find_map(|token| page.mark(token, is_verb).filter(|mark| mark.end == sign))?;
    let Tag::HeadingVerb(index) = mark.tag else { return None };
    let heading = &page.vocabulary().headings[usize::from(index)];
    Some(Section { reads: heading.reads, kind: heading.kind.clone(), words: mark.first..mark.end })
}

/// Most words behind the colon of a heading that say what stands below it.
const BEHIND: usize = 8;

/// `Follow-up: main topics`: what stands behind the colon of a heading, where it is wording of themes.
pub fn behind_colon(page: &Page<'_>, block: usize) -> Option<Section> {
    let range = page.range(block);
    let colon = page.colon_in(&range).filter(|&colon| colon > range.start && colon + 1 < range.end)?;
    let behind = colon + 1..range.end;
    let words = behind.clone().filter(|&token| page.is_word(token)).count();
    let is_short = page.lines(block).len() == 1 && words <= BEHIND && page.is_word(range.end - 1);
    let introduces = page.block(block).kind == BlockKind::Heading
        || page.blocks.blocks.get(block + 1).is_some_and(|next| matches!(next.kind, BlockKind::Item | BlockKind::Row) || next.heading == Some(block));
    let is_followed = introduces || page.blocks.blocks.get(block + 1).is_some_and(|next| next.after_blank && page.lines(block + 1).len() > 1);
    section_of(page, behind).filter(|section| is_short && is_followed && section.reads == Reads::Themes && section.words.len() + 3 >= words)
}

/// The section that a block stands in: the nearest introduction with known wording decides.
#[must_use]
pub fn section(page: &Page<'_>, block: usize) -> Option<(usize, Section)> {
    page.introductions(block).find_map(|above| page.section_of(above).map(|section| (above, section.clone())))
}

/// Whether the nearest introduction of a block with known wording is a heading that states nothing.
#[must_use]
pub fn states_nothing(page: &Page<'_>, block: usize) -> bool {
    let says_nothing = |above| page.section_of(above).map(|section| section.reads == Reads::Nothing && page.role_of(above).is_none());
    page.introductions(block).find_map(says_nothing) == Some(true)
}
