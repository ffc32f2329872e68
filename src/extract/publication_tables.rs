//! Publications in tables and on cards: a column of titles beside those of a library, and labels that only texts have.
//!
//! In: the head of a table, or lines with labels. Out: a record a text, and the tokens that it was read from.

use std::ops::Range;

use super::columns;
use super::page::Page;
use super::publication_entries::publication_noun;
use super::publications::Reader;
use super::sections;
use super::titles;
use crate::model::gazetteer::{PublicationLabel, Tag};
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Longest label on a card, in tokens.
const LABEL: usize = 5;

/// What a row or card says of a text.
#[derive(Clone, Debug, Default)]
struct Card {
    title: Option<Range<usize>>,
    publisher: Option<Range<usize>>,
    date: Option<Range<usize>>,
    kind: Option<Range<usize>>,
    has_other: bool,
    /// Whether it has labels that only projects have.
    of_project: bool,
}

impl Card {
    fn set(&mut self, label: PublicationLabel, value: Range<usize>) {
        let place = match label {
            PublicationLabel::Title => &mut self.title,
            PublicationLabel::Publisher => &mut self.publisher,
            PublicationLabel::Date => &mut self.date,
            PublicationLabel::Kind => &mut self.kind,
            PublicationLabel::Other | PublicationLabel::Link => {
                self.has_other = true;
                return;
            }
        };
        *place = place.take().or(Some(value));
    }
}

/// What a label says that fills a range.
fn label_of(page: &Page<'_>, range: &Range<usize>) -> Option<PublicationLabel> {
    let whole = |tag: Tag| matches!(tag, Tag::Publication(label) if label != PublicationLabel::Link);
    match page.mark(range.start, whole).filter(|mark| mark.end == range.end)?.tag {
        Tag::Publication(label) => Some(label),
        _ => None,
    }
}

impl Reader<'_, '_> {
    /// The texts of the table that begins with a row: a column of titles, and one that only a library has. The blocks that it fills.
    pub fn table(&mut self, block: usize, in_list: bool) -> Option<Range<usize>> {
        let page = self.page;
        let is_first = block == 0 || page.block(block - 1).kind != BlockKind::Row || page.block(block).after_blank;
        if !is_first || !page.any_begins(&page.range(block), |tag| tag == Tag::Publication(PublicationLabel::Title)) {
            return None;
        }
        let labels: Vec<Option<PublicationLabel>> = page.cells(block).iter().map(|cell| label_of(page, cell)).collect();
        let has = |label: PublicationLabel| labels.contains(&Some(label));
        let of_library =
            in_list || has(PublicationLabel::Publisher) && has(PublicationLabel::Date) || has(PublicationLabel::Kind) || has(PublicationLabel::Other);
        if !has(PublicationLabel::Title) || !of_library || labels.iter().flatten().count() < 2 {
            return None;
        }
        let table = columns::below(page, block)?;
        for (_, cells) in &table.rows {
            let mut card = Card::default();
            for (label, value) in labels.iter().zip(cells) {
                if let (Some(label), Some(value)) = (label, value) {
                    card.set(*label, value.clone());
                }
            }
            self.emit(&card, "publications/table");
        }
        table.rows.last().map(|(last, _)| block..last + 1)
    }

    /// The texts that labelled lines tell of, from a block on: `Title: X`, `Author: A`, `Year: 2014`. The blocks that they fill.
    pub fn labels(&mut self, block: usize, in_list: bool) -> Option<Range<usize>> {
        let page = self.page;
        let opens = |range: &Range<usize>| page.any_begins(&(range.start..range.start + 1), |tag| tag == Tag::Publication(PublicationLabel::Title));
        if !opens(&page.range(block)) {
            return None;
        }
        let mut cards: Vec<Card> = Vec::new();
        let mut last = block;
        'blocks: for at in block..page.blocks.blocks.len() {
            // Behind an empty line another text opens with its title, or the list ends.
            if at > block && page.block(at).after_blank && !opens(&page.range(at)) {
                break;
            }
            for line in page.lines(at) {
                let Some((label, value)) = labelled(page, &line) else { break 'blocks };
                let told = label_of(page, &label);
                if told == Some(PublicationLabel::Title) {
                    cards.push(Card::default());
                }
                let Some(card) = cards.last_mut() else { break 'blocks };
                card.of_project |=
                    told.is_none() && page.mark(label.start, |tag| matches!(tag, Tag::Project(_))).is_some_and(|mark| mark.end == label.end);
                if let Some(told) = told {
                    card.set(told, value);
                }
            }
            last = at;
        }
        // A meeting has a title and a date too.
        let is_told = |card: &Card| card.kind.is_some() || card.publisher.is_some() && (card.date.is_some() || card.has_other);
        let is_text = |card: &Card| !card.of_project && (in_list && card.date.is_some() || is_told(card));
        if !cards.iter().any(is_text) {
            return None;
        }
        for card in cards.iter().filter(|card| is_text(card)) {
            self.emit(card, "publications/card");
        }
        Some(block..last + 1)
    }

    fn emit(&mut self, card: &Card, rule: &'static str) {
        let page = self.page;
        let Some(title) = card.title.clone() else { return };
        let title = titles::quoted(page, title.clone())
            .into_iter()
            .next()
            .filter(|quote| quote.tokens.start == title.start)
            .map_or(title, |quote| quote.title);
        let words = title.clone().filter(|&token| page.is_word(token)).count();
        // The kind of a row may be that of a meeting.
        let is_event = card.kind.clone().is_some_and(|kind| {
            publication_noun(page, &kind).is_none() && kind.clone().any(|token| page.mark(token, |tag| tag == Tag::MeetingHead).is_some())
        });
        if words < 2 || is_event {
            return;
        }
        let kind = card.kind.as_ref().and_then(|kind| publication_noun(page, kind)).or_else(|| publication_noun(page, &title)).unwrap_or("other");
        self.push(title.clone(), kind, title.end..title.end, card.date.clone(), card.publisher.clone(), rule);
    }
}

/// The label and the value of a line.
fn labelled(page: &Page<'_>, line: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
    let colon = page.colon_in(&(line.start..line.end.min(line.start + LABEL + 1)))?;
    (colon > line.start && colon + 1 < line.end).then(|| (line.start..colon, colon + 1..line.end))
}

/// Whether a heading announces publications.
#[must_use]
pub fn announces(page: &Page<'_>, heading: &Range<usize>) -> bool {
    sections::section_of(page, heading.clone()).is_some_and(|section| section.reads == Reads::Publications)
}
