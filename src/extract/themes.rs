//! Themes: items under headings of focus, priority, theme, objective, message, declaration or work stream.
//!
//! In: a page. Out: one record an item, with the kind that the heading gives it and whose it is. Items stand as list items, rows, short
//! lines or headings of their own, as numbered paragraphs, behind a label ("Theme: ...", "six areas: A; B; C") or in brackets behind a
//! counted noun ("5 work streams (A, B, C)").

use std::ops::Range;

use super::page::Page;
use super::sections::{self, Section};
use super::theme_columns::{from_owners, from_table};
use super::theme_items::{LINE_WORDS, is_childless, is_headline, is_row_of_items, is_title, items_of, subtitle, title_of_text};
use super::theme_labels::{announces, from_brackets, from_bullets, from_cells, from_labels, from_quotes};
use super::theme_marks::{at_lost_bullets, lettered, over_marker, side_by_side, with_subordinates};
use super::theme_parts::from_parts;
use super::theme_records::emit;
use super::theme_sections::{LINE, Open, headed, plan, themes_of};
use super::theme_statements::{aim, enumerated, from_statements};
use super::theme_text;
use crate::findings::Report;
use crate::model::gazetteer::Tag;
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Headings up to this one may be lines of the title of the document.
const TITLE: usize = 2;

/// Emits the themes of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut reader = Reader { page, drafts, open: None, form: None, prose: None, column: None };
    reader.subtitle();
    let mut behind_table = 0;
    for (block, content) in page.numbered_blocks() {
        // A table with a column of themes is read as a whole.
        if let Some(behind) = (block >= behind_table).then(|| from_table(page, block, reader.drafts)).flatten() {
            behind_table = behind;
            // What stands behind it is no item of the heading above it.
            reader.open = None;
        }
        if block < behind_table {
            continue;
        }
        match content.kind {
            BlockKind::Heading | BlockKind::Paragraph if reader.plan(block) => {}
            BlockKind::Heading => reader.heading(block),
            _ if is_headline(page, block) && reader.headline(block) => {}
            BlockKind::Paragraph if reader.behind_colon(block) => {}
            kind => reader.entry(block, kind),
        }
        if let Some(open) = reader.open.as_mut().filter(|open| open.above < block) {
            open.below.note(page, block);
        }
    }
    from_parts(page, drafts);
}

/// What the items of a list look like: those of one list are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Item,
    Row,
    Line,
}

struct Reader<'a, 'd> {
    page: &'a Page<'a>,
    drafts: &'d mut Vec<Draft>,
    open: Option<Open>,
    /// How the items below a block look.
    form: Option<(usize, Form)>,
    /// The block below which the items are paragraphs of a text.
    prose: Option<usize>,
    /// The head of a column of themes in a table whose cells stand one below the other.
    column: Option<(usize, Section)>,
}

impl Reader<'_, '_> {
    fn heading(&mut self, block: usize) {
        let page = self.page;
        let range = page.range(block);
        let words = range.clone().filter(|&token| page.is_word(token)).count();
        // `Water points along the routes` right below a heading of themes is an item, though it has a word of such headings.
        let is_item = |section: &Section| {
            section.words.len() * 3 <= words
                && section.kind.as_deref() != Some("declaration_point")
                && page.dates_in(page.range(block)).next().is_none()
                && self.open.as_ref().is_some_and(|open| open.above > 0 && open.below.lists_headings(page, block))
        };
        let behind_colon = || super::sections::behind_colon(page, block).filter(|section| section.kind.is_some());
        let is_behind_colon = behind_colon().is_some();
        if let Some(section) = themes_of(page, range).or_else(behind_colon).filter(|section| !is_item(section)) {
            from_labels(page, block, self.drafts);
            from_statements(page, block, self.drafts);
            // `Joint declaration` in the title of the document has no items below it but in a list.
            let names_text = section.kind.as_deref() == Some("declaration_point");
            let is_title = (block == 0 || block <= TITLE && names_text)
                && page
                    .blocks
                    .blocks
                    .get(block + 1)
                    .is_none_or(|next| next.kind != BlockKind::Item && !matches!(page.text(page.range(block + 1).start), "“" | "«" | "\""))
                && !(is_behind_colon && items_below(page, block).len() > 1);
            if self.heads_column(block) {
                self.column = Some((block, section));
                self.open = None;
                return;
            }
            self.open = (!is_title).then_some(Open::new(page, block, section, false));
            return;
        }
        self.sister(block);
    }

    /// The name of a plan opens the list of its points.
    fn plan(&mut self, block: usize) -> bool {
        let section = plan(self.page, block);
        if let Some(section) = section.clone() {
            self.open = Some(Open::new(self.page, block, section, false));
        }
        section.is_some()
    }

    /// A line like a heading: with wording of themes it opens a list, below such a line it is an item.
    fn headline(&mut self, block: usize) -> bool {
        // A line among lines is an item, whatever its words.
        let is_among_lines = |open: &Open| self.page.block(block).heading == Some(open.above) && self.form == Some((open.above, Form::Line));
        match themes_of(self.page, self.page.range(block)).filter(|_| !self.open.as_ref().is_some_and(is_among_lines)) {
            Some(section) => self.open = Some(Open::new(self.page, block, section, false)),
            None => return self.open.is_some() && self.sister(block),
        }
        true
    }

    /// `Follow-up: main topics` on a line above a list.
    fn behind_colon(&mut self, block: usize) -> bool {
        let section = sections::behind_colon(self.page, block).filter(|section| section.kind.is_some());
        if let Some(section) = section.clone() {
            self.open = Some(Open::new(self.page, block, section, false));
        }
        section.is_some()
    }

    /// Headings right under a heading of themes are its items.
    fn sister(&mut self, block: usize) -> bool {
        let page = self.page;
        let Some(open) = self.open.take() else { return false };
        let range = page.range(block);
        let names = page.mark(range.start, |tag| tag == Tag::NameLabel).is_some_and(|mark| mark.end == range.end);
        let is_label = names || range.clone().any(|token| page.has(token, Tag::Established));
        let is_item = open.above > 0
            && page.text(range.end - 1) != "?"
            // What was agreed is told in sentences.
            && open.section.kind.as_deref() != Some("declaration_point")
            && sections::section_of(page, range.clone()).is_none_or(|section| section.reads == Reads::Themes)
            && !is_label
            && match self.form.filter(|(above, _)| *above == open.above) {
                // What has a line of its own right below it is a label in a column of labels and values.
                Some((_, form)) => {
                    let is_label = page.blocks.blocks.get(block + 1).is_some_and(|next| next.kind != BlockKind::Heading && !next.after_blank);
                    form == Form::Line && !open.is_tight && (is_childless(page, block) || !is_label && open.below.lists_headings(page, block))
                }
                None => open.below.lists_headings(page, block),
            };
        if is_item {
            emit(page, block, range, &open.section, open.above, "themes/heading", self.drafts);
            self.open = Some(open);
        }
        is_item
    }

    /// A list item, a row or a paragraph.
    fn entry(&mut self, block: usize, kind: BlockKind) {
        let page = self.page;
        let before = self.drafts.len();
        from_quotes(page, block, self.drafts);
        let quoted = self.drafts.len();
        from_brackets(page, block, self.drafts);
        if self.drafts.len() == quoted {
            from_labels(page, block, self.drafts);
        }
        if self.drafts.len() == quoted && kind == BlockKind::Paragraph {
            from_bullets(page, block, self.drafts);
        }
        if self.drafts.len() == quoted && kind == BlockKind::Paragraph {
            from_statements(page, block, self.drafts);
        }
        if self.drafts.len() > quoted {
            drop_doubles(self.drafts, before..quoted);
            return;
        }
        if kind == BlockKind::Item || kind == BlockKind::Row && is_row_of_items(page, block) {
            self.item(block);
        } else {
            self.line(block, kind);
        }
    }

    fn item(&mut self, block: usize) {
        let page = self.page;
        let range = page.range(block);
        let by_heading = sections::section(page, block).filter(|(above, section)| section.reads == Reads::Themes && announces(page, *above));
        // Below a line like a heading, which introduces nothing by its layout.
        let by_line = self.open.as_ref().filter(|open| {
            by_heading.as_ref().is_none_or(|(above, _)| *above < open.above)
                && page.block(open.above).kind == BlockKind::Paragraph
                && open.below.only_items
        });
        let by_column = || self.column.clone().filter(|_| self.is_in_card(block, &range));
        let Some((above, section)) = by_line.map(|open| (open.above, open.section.clone())).or(by_heading).or_else(by_column) else { return };
        // An item that introduces others is no theme itself.
        let introduces = page.blocks.blocks.get(block + 1).is_some_and(|next| next.heading == Some(block))
            && (page.text(range.end - 1) == ":" || themes_of(page, range.clone()).is_some());
        // What stands below a title of its own is a theme too, what stands below a sentence explains it.
        let leads = |at: usize| page.block(at).kind == BlockKind::Paragraph || is_title(page, at);
        let is_nested = page.block(above).kind != BlockKind::Item
            && page.block(block).heading != Some(above)
            && !page.introductions(block).take_while(|at| *at != above).all(leads);
        // `E. RECOMMENDATIONS` is a heading, though it has a letter as the items have.
        let words = range.clone().filter(|&token| page.is_word(token)).count();
        let is_heading = page.section_of(block).is_some_and(|own| own.words.len() == words);
        if is_heading || introduces || is_nested || self.prose == Some(above) || !self.is_alike(above, Form::Item, &range) {
            return;
        }
        let lettered = lettered(page, &range);
        let parts = if lettered.len() > 1 { lettered } else { side_by_side(page, &range) };
        let parts: Vec<_> = parts.into_iter().flat_map(|part| with_subordinates(page, part)).flat_map(|part| at_lost_bullets(page, part)).collect();
        // The first of the paragraphs of a text: those behind it are no themes either.
        if parts.len() == 1 && theme_text::is_prose(page, &range) && self.form.is_none_or(|(other, _)| other != above) {
            self.prose = Some(above);
        }
        for part in parts {
            self.emit(block, part, &section, above, Form::Item);
        }
    }

    fn line(&mut self, block: usize, kind: BlockKind) {
        let page = self.page;
        let range = page.range(block);
        let form = if kind == BlockKind::Row { Form::Row } else { Form::Line };
        if kind == BlockKind::Row && from_cells(page, block, self.drafts) {
            self.form = self.open.as_ref().map(|open| (open.above, Form::Row)).or(self.form);
            return;
        }
        if let Some(open) = self.open.clone() {
            let is_behind = open.is_tight && page.block(block).after_blank && self.form == Some((open.above, Form::Line));
            let belongs = !is_behind
                && (page.block(block).heading == Some(open.above)
                    || page.block(open.above).kind != BlockKind::Heading
                    || open.below.lists_headings(page, block));
            if belongs && from_owners(page, block, &open.section, open.above, self.drafts) {
                return;
            }
            let mut items = if belongs { items_of(page, block, kind) } else { Vec::new() };
            if items.is_empty() && open.lists_titles() {
                items = title_of_text(page, block, kind);
            }
            if items.is_empty() && belongs && open.below.is_empty() && !open.by_sentence && kind == BlockKind::Paragraph {
                items = enumerated(page, block);
                if items.is_empty() && open.section.kind.as_deref() == Some("objective") && open.section.words.len() == page.range(open.above).len() {
                    items = aim(page, block);
                }
            }
            // Behind a lead-in the first block that is no item ends the list.
            if items.is_empty() && open.by_sentence {
                self.open = None;
            }
            let form = if form == Form::Line && side_by_side(page, &range).len() > 1 { Form::Item } else { form };
            let is_alike = self.is_alike(open.above, form, &range);
            for item in items.into_iter().filter(|_| is_alike) {
                self.emit(block, item, &open.section, open.above, form);
            }
        }
        // A question or lead-in in the first line, its items below it.
        if let Some((title, lines)) = headed(page, block, kind) {
            for line in lines {
                emit(page, block, line, &title, block, "themes/line", self.drafts);
            }
        }
        // `The States agree on the following points:`
        if kind == BlockKind::Paragraph && page.text(range.end - 1) == ":" {
            let last = page.sentences(range.clone()).last().cloned().unwrap_or(range.clone());
            // `It looks in particular at:` right below a heading of themes leads in what that announces.
            let is_lead_in = |open: &&Open| {
                open.above + 1 == block
                    && !open.by_sentence
                    && range.len() <= LINE_WORDS
                    && page.block(open.above).kind == BlockKind::Heading
                    && page.role_of(block).is_none()
                    && page.section_of(block).is_none()
            };
            let led_in = self.open.as_ref().filter(is_lead_in).map(|open| open.section.clone());
            let section = themes_of(page, last).filter(|_| announces(page, block)).or(led_in);
            // Within the text below one heading of several a lead-in to something else closes nothing.
            let is_within = section.is_none() && self.open.as_ref().is_some_and(|open| !open.by_sentence && open.below.has_text());
            if !is_within {
                self.open = section.map(|section| Open::new(page, block, section, true));
            }
        }
    }

    fn emit(&mut self, block: usize, item: Range<usize>, section: &Section, above: usize, form: Form) {
        let found = self.drafts.len();
        let rule = if form == Form::Item { "themes/item" } else { "themes/line" };
        emit(self.page, block, item, section, above, rule, self.drafts);
        if self.drafts.len() > found {
            self.form = Some((above, form));
        }
    }

    /// Whether an item looks like those before it, or has a number or letter as they have.
    fn is_alike(&self, above: usize, form: Form, item: &Range<usize>) -> bool {
        self.form.is_none_or(|(other, known)| other != above || known == form) || over_marker(self.page, item) > item.start
    }

    /// Whether a heading is the last of several right below each other: the heads of the columns of a table that came out cell by cell.
    fn heads_column(&self, block: usize) -> bool {
        let is_head = |at: usize| self.page.block(at).kind == BlockKind::Heading;
        let says_other = |at: usize| self.page.role_of(at).is_some() || self.page.section_of(at).is_some();
        let heads = (0..block).rev().take_while(|&at| is_head(at)).take(HEADS).collect::<Vec<_>>();
        heads.len() == HEADS
            && heads.iter().any(|&at| says_other(at))
            && self.page.blocks.blocks.get(block + 1).is_some_and(|next| next.kind == BlockKind::Paragraph)
    }

    /// Whether an item stands in a card that nothing but the heads of columns say anything of.
    fn is_in_card(&self, block: usize, range: &Range<usize>) -> bool {
        let page = self.page;
        let words = range.clone().filter(|&token| page.is_word(token)).count();
        let said = page.introductions(block).take_while(|&above| self.column.as_ref().is_some_and(|(column, _)| above > *column));
        words <= LINE && !said.into_iter().any(|above| page.section_of(above).is_some())
    }

    /// `6th Forum on X` in the title, and below it what that meeting was about.
    fn subtitle(&mut self) {
        let page = self.page;
        let Some((title, text)) = subtitle(page) else { return };
        let at = page.range(title).start;
        let section = Section { reads: Reads::Themes, kind: Some("theme".to_owned()), words: at..at };
        emit(page, title, text, &section, title, "themes/subtitle", self.drafts);
    }
}

/// The items that the block right below a heading holds.
fn items_below(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    page.blocks.blocks.get(block + 1).map_or_else(Vec::new, |next| items_of(page, block + 1, next.kind))
}

/// Fewest heads of other columns before that of themes.
const HEADS: usize = 2;

/// Takes out what a label has read again.
fn drop_doubles(drafts: &mut Vec<Draft>, quoted: Range<usize>) {
    let texts: Vec<Option<String>> = drafts[quoted.end..].iter().map(|draft| draft.text("text").map(str::to_owned)).collect();
    for at in quoted.rev() {
        if texts.contains(&drafts[at].text("text").map(str::to_owned)) {
            drafts.remove(at);
        }
    }
}
