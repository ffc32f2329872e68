//! Segment: from cleaned lines to blocks (headings, list items, paragraphs, table rows), each under the block that introduces it.
//!
//! In: a cleaned text. Out: one joined text in which each block is contiguous, although a caption or a page end may part it in
//! the file; line ends within a block stay, since addresses and labels need them.

mod columns;
mod flattened;
mod headings;
mod lines;
mod linking;
mod pages;
mod signs;

use crate::model::gazetteer::{Gazetteer, Tag};
use crate::model::marking::Piece;
use crate::model::span::Span;
use crate::model::text::{Aside, Block, BlockKind, Blocks, CleanText};
use crate::model::tokens::Tokens;

use std::ops::Range;

use columns::{Cell, goes_on, place_of};
use lines::{Line, Marker};

/// Length from which on a line is a paragraph of its own, in bytes: nobody breaks lines so late.
const PARAGRAPH: usize = 240;

/// Longest line, in bytes, that an empty line can part from the rest of its cell.
const SHORT: usize = 40;

/// Cuts a cleaned text into blocks.
#[must_use]
pub fn run(clean: &CleanText, gazetteer: &Gazetteer) -> Blocks {
    let tokens = Tokens::scan(&clean.text, gazetteer);
    let lines = columns::unroll(&clean.text, lines::read(&clean.text), &tokens);
    let lines = pages::close(clean, lines, &tokens);
    let repeated = headings::repeated(&clean.text, &lines);
    let lone_bullets = headings::lone_bullets(&clean.text, &lines);
    let wrap = lines::wrap(&clean.text, &lines);
    let within = headings::Within::each(&lines, &tokens);
    let page = headings::Page {
        text: &clean.text,
        lines: &lines,
        tokens: &tokens,
        within: &within,
        repeated: &repeated,
        lone_bullets: &lone_bullets,
        wrap,
        has_numbered_sections: false,
        is_dense: headings::is_dense(&lines),
    };
    let page = headings::Page { has_numbered_sections: headings::has_numbered_sections(&page), ..page };
    let mut draft = Draft { marked: marked(clean, &lines), ..Draft::default() };
    let mut at = 0;
    for table in flattened::tables(&page, &gazetteer.vocabulary) {
        draft.take_each(at..table.lines.start, &page);
        draft.take_table(&table, &page);
        at = table.lines.end;
    }
    draft.take_each(at..lines.len(), &page);
    draft.finish(clean, &tokens, gazetteer)
}

/// For each line the heading that the file marks there, as an index into those of the text; empty where the file marks none.
fn marked(clean: &CleanText, lines: &[Line]) -> Vec<Option<(usize, u8)>> {
    if clean.headings.is_empty() {
        return Vec::new();
    }
    let heading_of = |line: &Line| {
        let file = clean.map.to_file(line.whole);
        let at = clean.headings.partition_point(|heading| heading.file.end < file.end);
        clean.headings.get(at).filter(|heading| !line.is_blank() && heading.file.contains(file)).map(|heading| (at, heading.level))
    };
    lines.iter().map(heading_of).collect()
}

/// A block as lines of the cleaned text.
#[derive(Debug)]
struct Open {
    kind: BlockKind,
    level: u8,
    number: Option<u32>,
    after_blank: bool,
    parts: Vec<Span>,
    last_line: usize,
    marker: Option<Marker>,
    indent: usize,
    /// The cells of a row that is set in columns, each with the lines that it runs over.
    cells: Vec<Cell>,
}

impl Open {
    /// Whether it is a row whose cells stand beside each other in a line.
    fn is_set_in_columns(&self) -> bool {
        self.cells.len() >= 2 && self.cells.iter().all(|cell| cell.column < FAR)
    }
}

/// Fewest columns of a table whose rows empty lines part, and most lines of such a row.
const COLUMNS: usize = 3;
const ROW: usize = 3;
/// Most lines of a row whose further lines leave columns empty.
const LONG_ROW: usize = 9;

/// The level of a heading that is told by its wording in a file that marks others.
const BELOW_MARKED: u8 = 7;

#[derive(Debug, Default)]
struct Draft {
    /// What [`marked`] found.
    marked: Vec<Option<(usize, u8)>>,
    /// The marked heading that the last block is.
    open_heading: Option<usize>,
    blocks: Vec<Open>,
    /// Markers of the lists that are open, outermost first.
    lists: Vec<(Marker, usize)>,
    /// Lines between the pages of a flattened table.
    running_heads: Vec<Span>,
}

/// How far apart the columns of a flattened table are set, in letters: further than any of its lines reaches.
const FAR: usize = 1 << 16;

impl Draft {
    fn take_each(&mut self, lines: Range<usize>, page: &headings::Page<'_>) {
        for at in lines.filter(|&at| !page.lines[at].is_blank()) {
            self.take(at, &page.lines[at], page);
        }
    }

    /// Takes the rows of a table that came out cell by cell, each cell in its column.
    fn take_table(&mut self, table: &flattened::Table, page: &headings::Page<'_>) {
        self.lists.clear();
        self.open_heading = None;
        let is_in_row = |line: &usize| table.rows.iter().flatten().any(|cell| cell.contains(line));
        let left = table.lines.clone().filter(|&line| !page.lines[line].is_blank()).filter(|line| !is_in_row(line));
        self.running_heads.extend(left.map(|line| page.lines[line].whole));
        for (number, row) in table.rows.iter().enumerate() {
            let Some(&first) = row.iter().flatten().next() else { continue };
            self.open(BlockKind::Row, 0, &page.lines[first], first, number == 0);
            let cell = |(place, lines): (usize, &Vec<usize>)| {
                let parts: Vec<Span> = lines.iter().map(|&line| page.lines[line].whole).collect();
                (!parts.is_empty()).then_some(Cell { column: place * FAR, parts })
            };
            if let Some(open) = self.blocks.last_mut() {
                open.cells = row.iter().enumerate().filter_map(cell).collect();
                open.last_line = row.iter().flatten().copied().max().unwrap_or(first);
            }
        }
    }

    fn take(&mut self, at: usize, line: &Line, page: &headings::Page<'_>) {
        let after_blank = at == 0 || page.lines[at - 1].is_blank();
        if let Some((heading, level)) = self.marked.get(at).copied().flatten() {
            if self.open_heading == Some(heading) {
                self.extend(line, at);
            } else {
                self.lists.clear();
                self.open(BlockKind::Heading, level, line, at, after_blank);
                self.open_heading = Some(heading);
            }
            return;
        }
        self.open_heading = None;
        if line.marker.is_none() && !after_blank && self.extend_cells(line, at, page) {
            return;
        }
        // A name that the line before began.
        let begun = self
            .blocks
            .last()
            .is_some_and(|open| open.last_line + 1 == at && open.marker.is_none() && matches!(open.kind, BlockKind::Heading | BlockKind::Paragraph));
        if line.marker.is_none() && !line.is_row && begun && page.runs_over(at) {
            self.extend(line, at);
            return;
        }
        let previous = self.blocks.last();
        let marks_heading = line.signs == signs::Signs::Heading || line.marker.is_some() && headings::is_numbered_heading(at, page);
        if headings::is_bulleted_heading(at, page) || marks_heading && !matches!(line.marker, Some(Marker::Number(_))) {
            self.lists.clear();
            self.open(BlockKind::Heading, 1, line, at, after_blank);
        } else if let Some(marker) = line.marker.filter(|_| !marks_heading) {
            let level = self.nest(marker, line.indent, after_blank);
            self.open(BlockKind::Item, level, line, at, after_blank);
        } else if !line.is_row
            && !after_blank
            && previous.is_some_and(|open| {
                let is_set_in = open.indent == 0 && line.indent >= 4 && !line.text(page.text).ends_with('.');
                open.kind == BlockKind::Row && open.last_line + 1 == at && (is_set_in || begins_inside(line.text(page.text)))
            })
        {
            // A cell that goes on in the next line, under its own column or, the last one, at the margin.
            self.extend(line, at);
        } else if line.is_row || !after_blank && previous.is_some_and(|open| is_short_row(open, at, page)) {
            self.lists.clear();
            // A name of which the line before has the first words.
            let begun = self.blocks.pop_if(|open| begun && open.kind == BlockKind::Paragraph && open.parts.len() == 1 && page.runs_over(at));
            self.open(BlockKind::Row, 0, line, at, begun.as_ref().map_or(after_blank, |begun| begun.after_blank));
            if let Some(open) = self.blocks.last_mut() {
                let cells = lines::columns(page.text, line);
                open.cells = cells.into_iter().map(|(column, span)| Cell { column, parts: vec![span] }).collect();
                let first = open.cells.first_mut().map_or(&mut open.parts, |cell| &mut cell.parts);
                first.splice(0..0, begun.into_iter().flat_map(|begun| begun.parts));
            }
        } else if previous.is_some_and(|open| headings::continues_heading(self.is_told_by_wording(open), open.last_line, at, page)) {
            self.extend(line, at);
        } else if headings::is_heading(at, page) && !previous.is_some_and(|open| is_open_sentence(open, at, page)) {
            self.lists.clear();
            let level = if self.marked.is_empty() { 1 } else { BELOW_MARKED };
            self.open(BlockKind::Heading, level, line, at, after_blank);
        } else if previous.is_some_and(|open| continues(open, at, line, after_blank, page)) {
            self.extend(line, at);
        } else {
            if after_blank {
                self.lists.clear();
            }
            self.open(BlockKind::Paragraph, 0, line, at, after_blank);
        }
    }

    /// Whether a block is a heading that the file does not mark.
    fn is_told_by_wording(&self, open: &Open) -> bool {
        open.kind == BlockKind::Heading && !self.marked.get(open.last_line).is_some_and(Option::is_some)
    }

    fn open(&mut self, kind: BlockKind, level: u8, line: &Line, at: usize, after_blank: bool) {
        let number = match line.marker {
            Some(Marker::Number(number)) if kind == BlockKind::Item => Some(number),
            _ => None,
        };
        let body = if matches!(kind, BlockKind::Item | BlockKind::Heading) { line.body } else { line.whole };
        self.blocks.push(Open {
            kind,
            level,
            number,
            after_blank,
            parts: vec![body],
            last_line: at,
            marker: line.marker,
            indent: line.indent,
            cells: Vec::new(),
        });
    }

    /// Cells of the last row that go on in a line, each under its own column; the first column of such a line is empty.
    fn extend_cells(&mut self, line: &Line, at: usize, page: &headings::Page<'_>) -> bool {
        let rows_are_parted = self.rows_are_parted(at, page);
        let Some(open) = self.blocks.last_mut().filter(|open| open.last_line + 1 == at && open.is_set_in_columns()) else { return false };
        let pieces = lines::columns(page.text, line);
        let width = |span: &Span| page.text[span.range()].chars().count();
        let places: Vec<usize> = pieces.iter().filter_map(|(column, span)| goes_on(&open.cells, *column, width(span), page.text)).collect();
        let fits = !pieces.is_empty() && places.len() == pieces.len() && places.windows(2).all(|pair| pair[0] < pair[1]);
        let is_same_row = fits && (places[0] > 0 || rows_are_parted || name_goes_on(open, &places, &pieces, page));
        if is_same_row {
            for (place, (_, span)) in places.into_iter().zip(pieces) {
                open.cells[place].parts.push(span);
            }
            open.last_line = at;
        }
        is_same_row
    }

    /// Whether empty lines part the rows of the table that the last row is in, so that each line between two of them is one with the others:
    /// the row before it, or the one behind, has the same columns and stands behind an empty line too.
    fn rows_are_parted(&self, at: usize, page: &headings::Page<'_>) -> bool {
        let [before @ .., open] = self.blocks.as_slice() else { return false };
        if !open.after_blank || open.cells.len() < COLUMNS {
            return false;
        }
        // A row can have a cell where the other has none.
        let is_like = |columns: &[usize]| {
            let places: Vec<usize> = columns.iter().filter_map(|column| place_of(&open.cells, *column)).collect();
            let is_in_order = places.windows(2).all(|pair| pair[0] < pair[1]) && places.first() == Some(&0);
            let cells = columns.len().max(open.cells.len());
            is_in_order && places.len() >= COLUMNS && (places.len() == columns.len() || places.len() + 1 >= cells)
        };
        let ran_over = |row: &Open| row.after_blank && row.cells.iter().any(|cell| cell.parts.len() > 1);
        let above = before.last().is_some_and(|row| ran_over(row) && is_like(&row.cells.iter().map(|cell| cell.column).collect::<Vec<_>>()));
        let end_of = |from: usize| (from..page.lines.len()).find(|&line| page.lines[line].is_blank()).unwrap_or(page.lines.len());
        let blank = end_of(at);
        // Many lines between two empty ones are rows of their own, unless hardly any of them fills all columns.
        let is_row = |first: usize, end: usize| {
            let full = (first..end).filter(|&line| lines::columns(page.text, &page.lines[line]).len() >= open.cells.len()).count();
            end - first < ROW || end - first <= LONG_ROW && full * 3 <= end - first
        };
        let next = (blank..page.lines.len()).find(|&line| !page.lines[line].is_blank());
        let below = next.is_some_and(|next| {
            let columns: Vec<usize> = lines::columns(page.text, &page.lines[next]).iter().map(|(column, _)| *column).collect();
            is_row(next + 1, end_of(next)) && is_like(&columns)
        });
        is_row(open.last_line + 1, blank) && (above || below)
    }

    fn extend(&mut self, line: &Line, at: usize) {
        if let Some(open) = self.blocks.last_mut() {
            let parts = open.cells.last_mut().map_or(&mut open.parts, |cell| &mut cell.parts);
            parts.push(line.whole);
            open.last_line = at;
        }
    }

    /// The level of an item, by the markers of the lists that are open: a new kind of marker, or one further in, opens a list.
    fn nest(&mut self, marker: Marker, indent: usize, after_blank: bool) -> u8 {
        let in_list = self.blocks.last().is_some_and(|open| open.kind == BlockKind::Item || (open.kind == BlockKind::Paragraph && !after_blank));
        if !in_list && !self.blocks.last().is_some_and(|open| open.kind == BlockKind::Item) {
            self.lists.clear();
        }
        match self.lists.iter().position(|(open, _)| open.is_like(marker)) {
            Some(at) => {
                let deeper = indent > self.lists[at].1 + 1 && self.lists.len() == at + 1;
                let shallower = self.lists[..at].iter().any(|(_, other)| *other >= indent && indent < self.lists[at].1);
                if deeper {
                    self.lists.push((marker, indent));
                } else if !shallower {
                    // The same marker at several depths: the depth whose indent is nearest from above.
                    let same = self.lists.iter().rposition(|(open, depth)| open.is_like(marker) && *depth <= indent + 1).unwrap_or(at);
                    self.lists.truncate(same + 1);
                }
            }
            None => self.lists.push((marker, indent)),
        }
        self.lists.len().min(usize::from(u8::MAX)) as u8
    }

    /// For each row the columns of its table that its cells are in: of all the rows that stand together, else of those that no empty line parts.
    fn places(&self, text: &str) -> Vec<Vec<u8>> {
        let mut places = vec![Vec::new(); self.blocks.len()];
        let mut place = |first: usize, rows: &[Open]| {
            let cells: Vec<&[Cell]> = rows.iter().map(|row| row.cells.as_slice()).collect();
            let found = columns::places(&cells, text);
            found.into_iter().flatten().enumerate().for_each(|(at, row)| places[first + at] = row);
        };
        let mut first = 0;
        for rows in self.blocks.chunk_by(|row, next| !row.cells.is_empty() && !next.cells.is_empty()) {
            let mut start = first;
            for part in rows.chunk_by(|_, next| !next.after_blank) {
                place(start, part);
                start += part.len();
            }
            place(first, rows);
            first += rows.len();
        }
        places
    }

    /// Writes the joined text.
    fn finish(self, clean: &CleanText, tokens: &Tokens, gazetteer: &Gazetteer) -> Blocks {
        let (text, map) = (clean.text.as_str(), &clean.map);
        let mut blocks = Blocks { text: String::with_capacity(text.len()), asides: clean.furniture.clone(), ..Blocks::default() };
        blocks.asides.extend(self.running_heads.iter().map(|line| Aside { file: map.to_file(*line), rule: "running-head" }));
        let mut pieces = Vec::new();
        let places = self.places(text);
        for (open, places) in self.blocks.iter().zip(places) {
            let start = blocks.text.len();
            let in_columns = !open.cells.is_empty();
            let stretches: Vec<&[Span]> =
                if in_columns { open.cells.iter().map(|cell| cell.parts.as_slice()).collect() } else { vec![open.parts.as_slice()] };
            let mut end_of_previous: Option<u32> = None;
            for parts in stretches {
                let mut is_broken = false;
                for (at, part) in parts.iter().enumerate() {
                    if let Some(end) = end_of_previous.filter(|_| !is_broken) {
                        // The line end between two lines; where something was set aside between them, the first of the line ends. The gap
                        // between two cells.
                        let sign = if at > 0 || !in_columns { "\n" } else { lines::GAP };
                        blocks.text.push_str(sign);
                        let gap = map.to_file(Span { start: end, end: end + 1 });
                        sign.bytes().for_each(|_| blocks.map.push(1, gap));
                    }
                    is_broken = in_columns && parts.get(at + 1).is_some_and(|next| columns::is_broken(&text[part.range()], &text[next.range()]));
                    let part = Span { end: part.end - u32::from(is_broken), ..*part };
                    pieces.push(Piece { before: part, at: blocks.text.len() });
                    blocks.text.push_str(&text[part.range()]);
                    blocks.map.push_mapped(part, map);
                    end_of_previous = Some(part.end);
                }
            }
            let span = Span::new(start, blocks.text.len());
            let last = end_of_previous.unwrap_or(0);
            blocks.text.push('\n');
            blocks.map.push(1, map.to_file(Span { start: last, end: (last + 1).min(text.len() as u32).max(last) }));
            blocks.blocks.push(Block {
                kind: open.kind,
                level: open.level,
                span,
                heading: None,
                number: open.number,
                after_blank: open.after_blank,
                places,
            });
        }
        blocks.tokens = tokens.rewritten(text, &blocks.text, &pieces, gazetteer);
        linking::run(&mut blocks, !self.marked.is_empty());
        blocks
    }
}

/// Whether the first cell of a row goes on in a line that leaves a later column empty: it broke off, or only with the line it is a name.
fn name_goes_on(open: &Open, places: &[usize], pieces: &[(usize, Span)], page: &headings::Page<'_>) -> bool {
    let (Some(last), Some((_, piece))) = (open.cells[0].parts.last(), pieces.first()) else { return false };
    let (before, text) = (&page.text[last.range()], &page.text[piece.range()]);
    let is_known = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::City(_) | Tag::Dialogue(_));
    let name = page.tokens.within(*last);
    let begins_one = name.clone().any(|token| page.tokens.mark_at(token, is_known).is_some_and(|mark| mark.end == name.end));
    // A line of one piece at the margin can go on the last cell as well.
    let is_small = |tag: Tag| matches!(tag, Tag::Connector | Tag::Article | Tag::And | Tag::Of);
    let is_open = before.ends_with('-') || name.clone().last().is_some_and(|last| page.tokens.mark_at(last, is_small).is_some());
    let breaks_off = is_open && begins_inside(text) || pieces.len() > 1 && (begins_inside(text) || text.starts_with('('));
    let rest = page.tokens.within(*piece);
    let ends_one = || page.tokens.mark_at(rest.start, |tag| matches!(tag, Tag::Country(_))).is_some_and(|mark| mark.end == rest.end);
    !places.contains(&1) && open.cells[0].parts.len() < ROW && (breaks_off || pieces.len() > 1 && !begins_one && ends_one())
}

/// Whether a line begins in mid-sentence; an address begins small too.
fn begins_inside(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or("");
    word.starts_with(char::is_lowercase) && !word.trim_end_matches(['.', ':']).contains(['.', '@', '/', ':'])
}

/// Whether a line is a name that stands alone in a row of names: in the last row of a list set in columns.
fn is_short_row(above: &Open, at: usize, page: &headings::Page<'_>) -> bool {
    above.last_line + 1 == at && above.is_set_in_columns() && page.lines[at].marker.is_none() && page.is_name(at)
}

/// Whether a block stops in the middle of a sentence that the line can go on with.
fn is_open_sentence(open: &Open, at: usize, page: &headings::Page<'_>) -> bool {
    let last = page.lines[open.last_line].text(page.text);
    let is_bracketed = last.rfind('(').is_some_and(|bracket| !last[bracket..].contains(')'));
    let ends_open = last.ends_with([',', ';', '-', '–', '/']) || is_bracketed || headings::ends_in_connector(open.last_line, page);
    open.kind != BlockKind::Heading && open.last_line + 1 == at && ends_open
}

/// Whether a line belongs to the block before it.
fn continues(open: &Open, at: usize, line: &Line, after_blank: bool, page: &headings::Page<'_>) -> bool {
    if open.kind == BlockKind::Row {
        return false;
    }
    let previous = page.lines[open.last_line].text(page.text);
    let text = line.text(page.text);
    let begins_inside = text.starts_with(|letter: char| letter.is_lowercase() || letter == '(' || letter == '&');
    // A line between drawn signs, or with the label of a name, begins a part of its own.
    if line.signs != signs::Signs::None && !begins_inside || page.begins_with_name_label(at) {
        return false;
    }
    // `(39 states, 28 of the north and 11 of the south)` below a heading counts, and is no part of it.
    let counts = || text.starts_with('(') && text.ends_with(')') && text.len() >= SHORT && text.contains(|letter: char| letter.is_ascii_digit());
    if open.kind == BlockKind::Heading {
        return !after_blank && begins_inside && !counts();
    }
    let ended = previous.ends_with(['.', '!', '?', ':', '”', '"', '»']);
    if after_blank || at > open.last_line + 1 {
        let one_list = at == open.last_line + 2 && open.kind == BlockKind::Paragraph && page.is_run_of_states(open.last_line, at);
        let wants_more = at == open.last_line + 2 && previous.len() < SHORT && headings::ends_in_connector(open.last_line, page);
        // `(as of May 2014)` below a heading
        let is_remark = previous.len() < SHORT && text.starts_with('(') && text.ends_with(')');
        return begins_inside && !ended && !is_remark && !page.is_name(at) || one_list || wants_more;
    }
    if open.kind == BlockKind::Item && open.marker.is_some() {
        // A line set back to the margin after a closed item is not part of it, nor is one behind a line that had room for its first word.
        let set_back = line.indent < open.indent && open.indent > 0;
        let hangs = line.indent > open.indent;
        return begins_inside
            || hangs
            || page.runs_over(at)
            || is_open_sentence(open, at, page)
            || page.is_full(open.last_line) && (!ended || !set_back);
    }
    // Where a line holds a whole paragraph, the next begins another.
    previous.len() < PARAGRAPH || begins_inside
}
