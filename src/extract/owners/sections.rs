//! Sections: which dialogue each block is about by where it stands.
//!
//! In: a page with its mentions of dialogues. Out: for each block its owner. A heading that names a dialogue opens a section, and so do a label
//! or a line that is nothing but its name. What the section of another dialogue hands on to the headings behind it is the question: those
//! of a lower rank, those right below it and those that say anew what was said of the text's own dialogue are still about it.

use std::cmp::Ordering;
use std::ops::Range;

use super::main_subject::{self, begins_with, mentions};
use super::{Evidence, Owner, is_beside, references};
use crate::extract::dialogues::labelled_in;
use crate::extract::page::Page;
use crate::extract::roles;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::text::BlockKind;

/// The owner of each block.
pub fn owners(page: &Page<'_>) -> Vec<Option<Owner>> {
    let mut text = Sections::of(page);
    let mut owners: Vec<Option<Owner>> = Vec::with_capacity(page.blocks.blocks.len());
    for (at, block) in page.numbered_blocks() {
        if block.kind == BlockKind::Heading {
            text.heading(at);
        } else {
            text.body(at);
        }
        let own = match block.kind {
            BlockKind::Item | BlockKind::Row => opens_with(page, at),
            BlockKind::Paragraph => opens_card(page, at),
            BlockKind::Heading => None,
        };
        let own = own.map(|dialogue| Owner { dialogue, evidence: Evidence::Entry });
        let above = || block.heading.filter(|above| page.block(*above).kind == BlockKind::Item).and_then(|above| owners[above]);
        let above = || above().map(|owner| Owner { evidence: Evidence::ItemAbove, ..owner });
        owners.push(own.or_else(above).or_else(|| text.owner()));
    }
    owners
}

/// A section about one dialogue.
#[derive(Debug)]
struct Section {
    dialogue: usize,
    evidence: Evidence,
    block: usize,
    rank: Rank,
    /// It speaks of another dialogue beside the one of the text: `Cooperation with X`.
    is_aside: bool,
    /// Roles that headings within it are about.
    roles: Vec<u16>,
}

/// The sections that are open at a block.
struct Sections<'p, 'a> {
    page: &'p Page<'a>,
    main: Option<Owner>,
    /// Whether the text comes back to its own dialogue behind a section about another.
    comes_back: bool,
    /// Outermost first.
    open: Vec<Section>,
    /// Roles that headings about the dialogue of the text are about.
    roles: Vec<u16>,
    /// The dialogue that the last paragraph under this heading begins with.
    topic: Option<usize>,
    has_come_back: bool,
}

impl<'p, 'a> Sections<'p, 'a> {
    fn of(page: &'p Page<'a>) -> Self {
        let main = main_subject::find(page);
        let comes_back = main.is_some_and(|main| main.evidence == Evidence::Title && leads(page, main.dialogue));
        Self { page, main, comes_back, open: Vec::new(), roles: Vec::new(), topic: None, has_come_back: false }
    }

    /// What the text is about at this block.
    fn owner(&self) -> Option<Owner> {
        let section = self.open.iter().rev().find(|section| !section.is_aside);
        let back = |main: Owner| if self.has_come_back { Owner { evidence: Evidence::Return, ..main } } else { main };
        let topic = self.topic.map(|dialogue| Owner { dialogue, evidence: Evidence::Paragraph });
        let own = section.map(|section| Owner { dialogue: section.dialogue, evidence: section.evidence });
        let aside = || self.open.last().map(|section| Owner { dialogue: section.dialogue, evidence: section.evidence });
        topic.or(own).or(self.main.map(back)).or_else(aside)
    }

    fn heading(&mut self, at: usize) {
        let page = self.page;
        let range = page.range(at);
        let rank = Rank::of(page, at);
        // `8 States` right below a line goes on with what that says.
        if !page.block(at).after_blank && counts_parties(page, &range) {
            return;
        }
        self.topic = None;
        let role = roles::role_of(page, range.clone()).map(|heading| heading.role);
        let (about, beside) = named_in(page, &range);
        if let Some(dialogue) = about.or(beside) {
            self.has_come_back = false;
            self.close(&rank);
            self.push(dialogue, Evidence::Heading, at, rank, about.is_none());
        } else if self.points_back(&range) {
            self.has_come_back = !self.open.is_empty();
            self.open.clear();
        } else {
            while self.open.last().is_some_and(|section| !self.goes_on(section, at, &rank, role)) {
                self.has_come_back = true;
                self.open.pop();
            }
            if let Some(section) = self.open.last_mut() {
                section.evidence = Evidence::Section;
            }
        }
        let main = self.main.map(|main| main.dialogue);
        match self.open.last_mut().filter(|section| Some(section.dialogue) != main) {
            Some(section) => section.roles.extend(role),
            None => self.roles.extend(role),
        }
    }

    fn body(&mut self, at: usize) {
        let page = self.page;
        let labelled = labelled_in(page, at).first().and_then(|(tokens, ..)| page.dialogues_in(tokens.clone()).next());
        let labelled = labelled.map(|(_, dialogue)| (dialogue, Evidence::Label));
        let alone = || named_alone(page, at).map(|dialogue| (dialogue, Evidence::Entry));
        if let Some((dialogue, evidence)) = labelled.or_else(alone) {
            let rank = Rank::of(page, at);
            self.topic = None;
            self.has_come_back = false;
            self.close(&rank);
            self.push(dialogue, evidence, at, rank, false);
        } else if page.block(at).kind == BlockKind::Paragraph && self.open.is_empty() && !self.comes_back {
            self.topic = begins_with(page, at).or(self.topic);
        }
    }

    fn push(&mut self, dialogue: usize, evidence: Evidence, block: usize, rank: Rank, is_aside: bool) {
        let is_aside = is_aside && self.main.is_none_or(|main| main.dialogue != dialogue);
        self.open.push(Section { dialogue, evidence, block, rank, is_aside, roles: Vec::new() });
    }

    /// Closes the sections that one of a rank does not stand in.
    fn close(&mut self, rank: &Rank) {
        while self.open.last().is_some_and(|section| rank.compare(&section.rank) != Ordering::Less) {
            self.open.pop();
        }
    }

    /// `Observers of the Process` behind a section about a working group: the heading means the dialogue of the text.
    fn points_back(&self, heading: &Range<usize>) -> bool {
        let page = self.page;
        let noun = page.begins(heading, Tag::is_titled_head).find_map(|token| references::noun_at(page, token, heading.clone()));
        let Some(noun) = noun else { return false };
        let is_meant = |dialogue: usize| references::fits(page, dialogue, &noun);
        let owner = self.owner().is_some_and(|owner| is_meant(owner.dialogue));
        !owner && self.main.is_some_and(|main| is_meant(main.dialogue))
    }

    /// Whether a section goes on under a heading that names no dialogue.
    fn goes_on(&self, section: &Section, heading: usize, rank: &Rank, role: Option<u16>) -> bool {
        let is_right_below = (section.block + 1..heading).all(|block| self.page.block(block).kind == BlockKind::Heading);
        match rank.compare(&section.rank) {
            Ordering::Less => return true,
            Ordering::Greater => return false,
            Ordering::Equal if section.is_aside => return is_right_below,
            Ordering::Equal => {}
        }
        let Some(main) = self.main.filter(|main| main.dialogue != section.dialogue) else { return true };
        if rank.number > 0 && section.rank.number > 0 {
            return false;
        }
        let says_anew = role.is_some_and(|role| !section.roles.contains(&role) && (self.roles.contains(&role) || !section.roles.is_empty()));
        !self.comes_back || main.dialogue == section.dialogue || is_right_below || says_anew
    }
}

/// Whether a text speaks more of its own dialogue than of any other that has a section. An overview can open with any of its dialogues, which
/// then has a section among those of the others.
fn leads(page: &Page<'_>, main: usize) -> bool {
    let headings = page.numbered_blocks().filter(|(_, block)| block.kind == BlockKind::Heading);
    let named: Vec<(usize, usize)> = headings.filter_map(|(at, _)| Some((at, named_in(page, &page.range(at)).0?))).collect();
    let is_other = |dialogue: &usize| *dialogue != main && page.dialogues[*dialogue].kind != "working_group";
    let mut others: Vec<usize> = named.iter().map(|(_, dialogue)| *dialogue).filter(is_other).collect();
    others.sort_unstable();
    others.dedup();
    let is_named_most = || others.iter().all(|&other| mentions(page, other) < mentions(page, main));
    let is_own_section = |&(at, dialogue): &(usize, usize)| dialogue == main && at >= main_subject::HEAD && is_name(page, &page.range(at));
    let is_overview = others.len() >= OVERVIEW && named.iter().any(is_own_section);
    !is_overview && (others.len() < OVERVIEW || is_named_most())
}

/// Fewest other dialogues with sections of their own in an overview.
const OVERVIEW: usize = 2;

/// The dialogue that a heading is about, and one that it only sets beside.
fn named_in(page: &Page<'_>, heading: &Range<usize>) -> (Option<usize>, Option<usize>) {
    let mut beside = None;
    for (tokens, dialogue) in page.dialogues_in(heading.clone()) {
        // `Links between X and Y`
        if is_beside(page, tokens) || beside.is_some() && page.has(tokens.start - 1, Tag::And) {
            beside = beside.or(Some(dialogue));
        } else {
            return (Some(dialogue), beside);
        }
    }
    (None, beside)
}

/// How high a heading stands, as far as its looks say.
#[derive(Debug)]
struct Rank {
    /// As the file marks it; 0 where it does not.
    level: u8,
    /// How many numbers it has: two for `2.1 Members`.
    number: u8,
    in_capitals: bool,
}

impl Rank {
    fn of(page: &Page<'_>, at: usize) -> Self {
        let block = page.block(at);
        let text = page.blocks.text_of(block);
        let is_heading = block.kind == BlockKind::Heading;
        Self {
            level: if is_heading { block.level } else { 0 },
            number: if block.number.is_some() { 1 } else { numbers(text) },
            in_capitals: is_in_capitals(page, page.range(at)),
        }
    }

    /// `Less` where it stands below the other.
    fn compare(&self, other: &Self) -> Ordering {
        if self.level != other.level && self.level.min(other.level) > 0 {
            return other.level.cmp(&self.level);
        }
        match (self.number, other.number) {
            (0, 0) => self.in_capitals.cmp(&other.in_capitals),
            (0, _) => Ordering::Less,
            (_, 0) => Ordering::Greater,
            (own, other) => other.cmp(&own),
        }
    }
}

/// A number and a noun for parties, and nothing else.
fn counts_parties(page: &Page<'_>, range: &Range<usize>) -> bool {
    let is_noun = |token: usize| page.mark(token, |tag| matches!(tag, Tag::PartyNoun(_) | Tag::Role(_))).is_some();
    page.token(range.start).shape == Shape::Number && range.len() > 1 && range.clone().skip(1).all(|token| !page.is_word(token) || is_noun(token))
}

/// The numbers before a heading: `2.` is one, `2.1` two; a count (`39 member states`) is none.
fn numbers(text: &str) -> u8 {
    let label = text.split_whitespace().next().unwrap_or_default();
    let is_closed = label.ends_with(['.', ')']);
    let parts: Vec<&str> = label.trim_end_matches(['.', ')']).split('.').collect();
    let is_number = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_roman = parts.len() == 1 && !parts[0].is_empty() && parts[0].bytes().all(|byte| b"IVX".contains(&byte));
    let is_letter = parts.len() == 1 && parts[0].len() == 1 && parts[0].bytes().all(|byte| byte.is_ascii_uppercase());
    let is_label = (is_closed || parts.len() > 1) && (parts.iter().all(is_number) || (is_roman || is_letter) && is_closed);
    if is_label { parts.len() as u8 } else { 0 }
}

/// Shortest word that tells capitals from an acronym.
const WORD: usize = 5;

fn is_in_capitals(page: &Page<'_>, mut range: Range<usize>) -> bool {
    let shape = |token: usize| page.token(token).shape;
    range.clone().all(|token| !matches!(shape(token), Shape::Lower | Shape::Capital))
        && range.any(|token| shape(token) == Shape::Upper && page.text(token).len() >= WORD)
}

/// Whether a line is the name of a dialogue and nothing else, its acronym perhaps behind it.
fn is_name(page: &Page<'_>, line: &Range<usize>) -> bool {
    let Some((tokens, _)) = page.dialogues_in(line.clone()).next() else { return false };
    let others = line.clone().filter(|token| page.is_word(*token) && !tokens.contains(token)).count();
    others <= 1
}

/// The dialogue whose name a paragraph or a numbered line is, and nothing else.
fn named_alone(page: &Page<'_>, block: usize) -> Option<usize> {
    let range = page.range(block);
    let is_item = |other: usize| page.blocks.blocks.get(other).is_some_and(|other| other.kind == BlockKind::Item);
    // Between other items it is one of a list.
    let stands_alone = match page.block(block).kind {
        BlockKind::Paragraph => true,
        BlockKind::Item => block + 1 < page.blocks.blocks.len() && !is_item(block + 1) && !(block > 0 && is_item(block - 1)),
        BlockKind::Heading | BlockKind::Row => false,
    };
    let (tokens, dialogue) = page.dialogues_in(range.clone()).next().filter(|_| stands_alone)?;
    (tokens.len() >= 2 && is_name(page, &range)).then_some(dialogue)
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
