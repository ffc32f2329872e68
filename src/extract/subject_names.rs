//! Subject names: what a text is about where its title has no noun of a dialogue, so that its members are members of something.
//!
//! In: a page in which no dialogue is named at the start. Out: the name in the title: of a council or the like, of a body with members of
//! its own, or one that the text shortens to an acronym and goes on to use.

use std::ops::Range;

use super::page::Page;
use super::roles;
use crate::model::gazetteer::{Shape, Tag, fold};
use crate::model::text::BlockKind;

/// The first blocks, among which a title stands.
const OPENING: usize = 4;
/// Most words of a title, and fewest of a name.
const TITLE: usize = 20;
const NAME: usize = 3;
/// How often a text uses an acronym that stands for its subject.
const USES: usize = 3;

/// The name of what a text is about.
#[must_use]
pub fn find(page: &Page<'_>) -> Option<Range<usize>> {
    let titles = || (0..page.blocks.blocks.len().min(OPENING)).flat_map(|block| page.lines(block)).filter(|line| is_title(page, line));
    shortened(page, titles()).or_else(|| titles().find(|line| opens_with_noun(page, line))).or_else(|| {
        let has_members = || {
            page.numbered_blocks().any(|(block, content)| {
                content.kind == BlockKind::Heading && roles::role_of(page, page.range(block)).is_some_and(|heading| is_member(page, heading.role))
            })
        };
        titles().find(|line| is_body(page, line)).filter(|_| has_members())
    })
}

fn is_member(page: &Page<'_>, role: u16) -> bool {
    page.vocabulary().roles.role[role as usize].role == "member"
}

fn is_title(page: &Page<'_>, line: &Range<usize>) -> bool {
    let words = line.clone().filter(|&token| page.is_word(token)).count();
    (NAME..=TITLE).contains(&words) && page.is_capital(line.start) && !matches!(page.text(line.end - 1), "." | ":" | "," | ";")
}

/// `Council of heads of ...`: the whole line.
fn opens_with_noun(page: &Page<'_>, line: &Range<usize>) -> bool {
    page.mark(line.start, |tag| matches!(tag, Tag::TitledHead(_))).is_some_and(|mark| mark.end < line.end && page.has(mark.end, Tag::Of))
}

/// The name of a known body and nothing else.
fn is_body(page: &Page<'_>, line: &Range<usize>) -> bool {
    page.mark(line.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end == line.end)
}

/// A name with an acronym that the text uses throughout, and whose words a title has.
fn shortened(page: &Page<'_>, mut titles: impl Iterator<Item = Range<usize>>) -> Option<Range<usize>> {
    let words = |range: &Range<usize>| -> Vec<String> {
        range.clone().filter(|&token| page.is_word(token) && page.token(token).shape != Shape::Lower).map(|token| fold(page.text(token))).collect()
    };
    let uses = |acronym: &Range<usize>| {
        let short = page.text(acronym.start);
        (0..page.tokens.tokens.len()).filter(|&token| page.text(token) == short).count()
    };
    let given: Vec<_> = page.acronyms.iter().take(OPENING).filter(|given| given.acronym.len() == 1 && given.name.len() >= NAME).collect();
    let title: Vec<String> = titles.by_ref().flat_map(|line| words(&line)).collect();
    let found = given.into_iter().find(|given| {
        let own = words(&given.name);
        own.len() >= NAME && own.iter().all(|word| title.contains(word)) && uses(&given.acronym) >= USES
    })?;
    // Several processes, a programme, an office, a state: something else.
    let is_other = |token: usize| page.mark(token, |tag| matches!(tag, Tag::ProgrammeHead | Tag::UnitHead)).is_some();
    let is_plural = page.text(found.acronym.start).ends_with('s');
    let is_state = page.mark(found.name.start, |tag| matches!(tag, Tag::Country(_))).is_some();
    (!is_state && !is_plural && !found.name.clone().any(is_other)).then(|| found.name.clone())
}
