//! HTML: the text of a page as lines that segment understands, with a map to the bytes of the file.
//!
//! In: the file. Out: regular text (items with bullets and numbers, rows of tables with bars, paragraphs parted by empty lines), where
//! the file marks headings, and what was left out by which rule. A sign that the text has and the file has not, such as a bullet, maps
//! to the tag that it stands for.

pub mod pieces;
mod tables;

use super::{Regular, characters};
use crate::model::span::Span;
use crate::model::text::{Aside, MarkedHeading};
use pieces::{Kind, Piece, Tag};

/// Reads a page.
#[must_use]
pub fn read(file: &str) -> Regular {
    let pieces = pieces::read(file);
    let tables = tables::of_data(&pieces);
    let has_headings = pieces.iter().any(|piece| matches!(&piece.kind, Kind::Start(tag) if level(&tag.name).is_some()));
    // The title says again what a heading says; a page without headings has at least a title.
    let left_out = |tag: &Tag| tag.ignored.or((has_headings && tag.name == "title").then_some("head"));
    let mut writer = Writer { file, ..Writer::default() };
    let mut at = 0;
    while at < pieces.len() {
        let piece = &pieces[at];
        match (&piece.kind, piece.end) {
            (Kind::Start(tag), Some(end)) if left_out(tag).is_some() => {
                let title = (at..end).find(|&inner| !has_headings && matches!(&pieces[inner].kind, Kind::Start(tag) if tag.name == "title"));
                writer.leave_out(&pieces, at, end, left_out(tag).unwrap_or_default(), title);
                at = end + 1;
                continue;
            }
            (Kind::Start(tag), _) => writer.start(tag, piece.span, tables[at]),
            (Kind::End(name), _) => writer.end(name, piece.span),
            (Kind::Text, _) => writer.text(piece.span),
            (Kind::Comment, _) => writer.set_aside(piece.span, "comment"),
        }
        at += 1;
    }
    writer.html
}

/// What stands between two words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Break {
    #[default]
    None,
    Space,
    /// The next entry of a cell.
    Entry,
    Line,
    /// An empty line.
    Blank,
}

/// A list that is open.
#[derive(Clone, Copy, Debug)]
struct List {
    /// The number of the last item, where items have numbers.
    number: Option<u32>,
}

/// A table of data that is open.
#[derive(Clone, Debug, Default)]
struct Table {
    column: usize,
    /// For each column the rows that a cell above still covers.
    covered: Vec<usize>,
    /// Columns that the last cell covers beside its own.
    owed: usize,
    in_cell: bool,
    cell_has_text: bool,
}

#[derive(Debug, Default)]
struct Writer<'a> {
    file: &'a str,
    html: Regular,
    pending: Break,
    /// What asked for the break.
    pending_span: Option<Span>,
    /// The bullet or number to be written before the next word.
    lead: Option<(String, Span)>,
    lists: Vec<List>,
    /// The tables that are open; none for one that is layout.
    tables: Vec<Option<Table>>,
    /// Level of the heading that is open, with the bytes of its text.
    heading: Option<(u8, Option<Span>)>,
    /// Elements that keep their line ends.
    verbatim: usize,
    in_superscript: bool,
}

impl Writer<'_> {
    fn start(&mut self, tag: &Tag, span: Span, is_table_of_data: bool) {
        self.set_aside(span, "markup");
        match tag.name.as_str() {
            "br" => {
                let next = if self.pending >= Break::Line { Break::Blank } else { Break::Line };
                self.ask(next, span);
            }
            "ul" | "ol" | "menu" | "dir" => {
                self.ask(Break::Blank, span);
                self.lists.push(List { number: (tag.name == "ol").then_some(0) });
            }
            "li" => self.item(span),
            "table" => {
                self.ask(Break::Blank, span);
                self.tables.push(is_table_of_data.then(Table::default));
            }
            "tr" => self.row(span),
            "td" | "th" => self.cell(tag, span),
            "dt" => self.ask(Break::Line, span),
            "dd" => self.definition(span),
            "sup" => self.in_superscript = true,
            "pre" => {
                self.ask(Break::Blank, span);
                self.verbatim += 1;
            }
            name => {
                if let Some(level) = level(name).or((name == "title").then_some(1)) {
                    self.ask(Break::Blank, span);
                    self.heading = Some((level, None));
                } else if is_block(name) {
                    self.ask(Break::Blank, span);
                } else if is_line(name) {
                    self.ask(Break::Line, span);
                }
            }
        }
    }

    fn end(&mut self, name: &str, span: Span) {
        self.set_aside(span, "markup");
        match name {
            "li" => {
                self.lead = None;
                self.ask(Break::Line, span);
            }
            "ul" | "ol" | "menu" | "dir" => {
                self.lead = None;
                self.lists.pop();
                self.ask(Break::Blank, span);
            }
            "table" => {
                self.tables.pop();
                self.ask(Break::Blank, span);
            }
            "td" | "th" => {
                if let Some(table) = self.table() {
                    table.in_cell = false;
                    self.pending = Break::None;
                } else {
                    self.ask(Break::Line, span);
                }
            }
            "sup" => self.in_superscript = false,
            "pre" => {
                self.verbatim = self.verbatim.saturating_sub(1);
                self.ask(Break::Blank, span);
            }
            _ if level(name).is_some() || name == "title" => {
                if let Some((level, Some(file))) = self.heading.take() {
                    self.html.headings.push(MarkedHeading { file, level });
                }
                self.ask(Break::Blank, span);
            }
            _ if is_block(name) => self.ask(Break::Blank, span),
            _ if is_line(name) || name == "dd" => self.ask(Break::Line, span),
            _ => {}
        }
    }

    fn table(&mut self) -> Option<&mut Table> {
        self.tables.last_mut().and_then(Option::as_mut)
    }

    fn item(&mut self, span: Span) {
        self.ask(Break::Line, span);
        if self.table().is_some() {
            return;
        }
        let indent = "  ".repeat(self.lists.len().saturating_sub(1));
        let sign = match self.lists.last_mut().and_then(|list| list.number.as_mut()) {
            Some(number) => {
                *number += 1;
                format!("{number}. ")
            }
            None => "• ".to_owned(),
        };
        self.lead = Some((indent + &sign, span));
    }

    fn row(&mut self, span: Span) {
        if let Some(table) = self.table() {
            table.column = 0;
            table.owed = 0;
            table.in_cell = false;
        }
        self.ask(Break::Line, span);
    }

    /// A cell opens with a bar, and so does each place that a cell above or before it covers: columns stay below each other.
    fn cell(&mut self, tag: &Tag, span: Span) {
        let Some(table) = self.table() else {
            return self.ask(Break::Blank, span);
        };
        let mut bars = 1 + table.owed;
        table.column += table.owed;
        while let Some(rows) = table.covered.get_mut(table.column).filter(|rows| **rows > 0) {
            *rows -= 1;
            table.column += 1;
            bars += 1;
        }
        let last = table.column + tag.columns;
        if table.covered.len() < last {
            table.covered.resize(last, 0);
        }
        table.covered[table.column..last].iter_mut().for_each(|rows| *rows = tag.rows - 1);
        table.column += 1;
        table.owed = tag.columns - 1;
        table.in_cell = true;
        table.cell_has_text = false;
        self.flush();
        for _ in 0..bars {
            let needs_space = !self.html.text.is_empty() && !self.html.text.ends_with([' ', '\n']);
            self.put(if needs_space { " | " } else { "| " }, span);
        }
    }

    /// `Chair` and what is said of it become `Chair: ...`.
    fn definition(&mut self, span: Span) {
        let is_open = self.html.text.ends_with(':');
        if self.lead.is_none() && !self.html.text.is_empty() && self.pending < Break::Blank {
            self.pending = Break::None;
            if !is_open {
                self.put(":", span);
            }
            self.ask(Break::Space, span);
        }
    }

    /// Leaves out an element; the title in it is read where one is named.
    fn leave_out(&mut self, pieces: &[Piece], start: usize, end: usize, rule: &'static str, title: Option<usize>) {
        let whole = pieces[start].span.to(pieces[end].span);
        let inner = title.and_then(|title| pieces[title].end.filter(|close| *close <= end).map(|close| (title, close)));
        let Some((open, close)) = inner.filter(|(open, close)| close - open == 2) else {
            return self.set_aside(whole, rule);
        };
        self.set_aside(Span { start: whole.start, end: pieces[open].span.end }, rule);
        self.heading = Some((1, None));
        self.text(pieces[open + 1].span);
        if let Some((level, Some(file))) = self.heading.take() {
            self.html.headings.push(MarkedHeading { file, level });
        }
        self.ask(Break::Blank, pieces[close].span);
        self.set_aside(Span { start: pieces[close].span.start, end: whole.end }, rule);
    }

    fn set_aside(&mut self, file: Span, rule: &'static str) {
        self.html.asides.push(Aside { file, rule });
    }

    /// Asks for a break before the next word; the widest that is asked for is written.
    fn ask(&mut self, wanted: Break, span: Span) {
        if wanted >= Break::Line {
            // A note mark that nobody closed ends with its line.
            self.in_superscript = false;
        }
        if self.html.text.is_empty() || self.lead.is_some() {
            return;
        }
        let in_list = !self.lists.is_empty();
        let wanted = match self.table() {
            Some(table) if table.in_cell && !table.cell_has_text => return,
            Some(table) if table.in_cell && wanted > Break::Space => Break::Entry,
            _ if wanted == Break::Blank && in_list => Break::Line,
            _ => wanted,
        };
        if wanted > self.pending {
            self.pending = wanted;
            self.pending_span = Some(span);
        }
    }

    /// Writes the break and the bullet that are due.
    fn flush(&mut self) {
        if let Some(span) = self.pending_span.take() {
            let closed = self.html.text.ends_with([',', ';', ':', '.', '|', ' ']);
            match std::mem::take(&mut self.pending) {
                Break::None => {}
                Break::Space => self.put(" ", span),
                Break::Entry => self.put(if closed { " " } else { "; " }, span),
                Break::Line => self.put("\n", span),
                Break::Blank => self.put("\n\n", span),
            }
        }
        if let Some((sign, span)) = self.lead.take() {
            self.put(&sign, span);
        }
    }

    /// Writes signs, each of which stands for all of `span`.
    fn put(&mut self, signs: &str, span: Span) {
        for sign in signs.chars() {
            self.html.text.push(sign);
            self.html.map.push(sign.len_utf8(), span);
        }
    }

    /// Writes a stretch of text, references decoded, white space as one space.
    fn text(&mut self, span: Span) {
        let file = self.file;
        let end = span.range().end;
        let mut at = span.range().start;
        while at < end {
            let rest = &file[at..end];
            let plain = rest.bytes().position(|byte| !byte.is_ascii_graphic() || byte == b'&').unwrap_or(rest.len());
            if plain > 0 && !self.in_superscript {
                self.word();
                self.html.text.push_str(&rest[..plain]);
                self.html.map.push(plain, Span::new(at, at + plain));
                self.note_heading(Span::new(at, at + plain));
                at += plain;
                continue;
            }
            let Some(first) = rest.chars().next() else { break };
            match (first == '&').then(|| pieces::reference(rest)).flatten() {
                Some((letters, length)) => {
                    let span = Span::new(at, at + length);
                    letters.chars().for_each(|letter| self.letter(letter, span));
                    at += length;
                }
                None => {
                    self.letter(first, Span::new(at, at + first.len_utf8()));
                    at += first.len_utf8();
                }
            }
        }
    }

    fn letter(&mut self, letter: char, span: Span) {
        if letter.is_whitespace() {
            let is_line_end = self.verbatim > 0 && letter == '\n';
            return self.ask(if is_line_end { Break::Line } else { Break::Space }, span);
        }
        let mut regular = String::new();
        characters::replace(letter, &mut regular);
        if regular.is_empty() {
            return;
        }
        // A number set high behind a word is a note mark, not a part of it.
        let is_note =
            self.in_superscript && letter.is_ascii_digit() && self.html.text.ends_with(|before: char| before.is_alphabetic() || is_high(before));
        if is_note && self.pending == Break::None {
            regular = high(letter).to_string();
        }
        self.word();
        self.put(&regular, span);
        self.note_heading(span);
    }

    /// What is due before a word.
    fn word(&mut self) {
        self.flush();
        if let Some(table) = self.table().filter(|table| table.in_cell) {
            table.cell_has_text = true;
        }
    }

    fn note_heading(&mut self, span: Span) {
        if let Some((_, file)) = &mut self.heading {
            *file = Some(file.map_or(span, |file| file.to(span)));
        }
    }
}

const HIGH: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

fn high(digit: char) -> char {
    digit.to_digit(10).map_or(digit, |value| HIGH[value as usize])
}

fn is_high(letter: char) -> bool {
    HIGH.contains(&letter)
}

/// The level of a heading element.
pub fn level(name: &str) -> Option<u8> {
    let digit = name.strip_prefix('h')?;
    digit.parse().ok().filter(|level| (1..=6).contains(level))
}

/// Elements with an empty line before and behind.
pub fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "dl"
            | "blockquote"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "figure"
            | "address"
            | "hr"
            | "form"
            | "fieldset"
            | "details"
            | "body"
            | "center"
    )
}

/// Elements on a line of their own.
pub fn is_line(name: &str) -> bool {
    matches!(name, "caption" | "legend" | "summary" | "option" | "dt")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(file: &str) -> String {
        read(file).text
    }

    #[test]
    fn lists_have_bullets_and_numbers() {
        assert_eq!(text("<p>Members</p><ul><li>Nepal<li><p>Sri\n Lanka</p></li></ul><p>End"), "Members\n\n• Nepal\n• Sri Lanka\n\nEnd");
        assert_eq!(text("<ol><li>Asia<ul><li>Oman</ul><li>Africa</ol>"), "1. Asia\n  • Oman\n2. Africa");
    }

    #[test]
    fn rows_have_bars_and_columns_stay_in_place() {
        let file = "<table><tr><th>Country<th>Role<th>Since</tr><tr><td rowspan=2>Nepal<td>Chair<td>2012</tr><tr><td>Host<td></tr></table>";
        assert_eq!(text(file), "| Country | Role | Since\n| Nepal | Chair | 2012\n| | Host | ");
        assert_eq!(text("<table><tr><td>Members<td><ul><li>Oman</li><li>Qatar</li></ul></table>"), "| Members | Oman; Qatar");
    }

    #[test]
    fn a_table_of_layout_is_text() {
        assert_eq!(text("<table><tr><td><h2>Members</h2><p>Oman</p></td><td>More</td></tr></table>"), "Members\n\nOman\n\nMore");
    }

    #[test]
    fn what_is_left_out_has_a_rule() {
        let file = "<head><title>T</title><style>p{}</style></head><nav><a>Home</a></nav><h1>A</h1><script>x</script>B";
        let html = read(file);
        assert_eq!(html.text, "A\n\nB");
        let named: Vec<(&str, &str)> =
            html.asides.iter().filter(|aside| aside.rule != "markup").map(|aside| (aside.rule, &file[aside.file.range()])).collect();
        assert_eq!(
            named,
            [("head", "<head><title>T</title><style>p{}</style></head>"), ("navigation", "<nav><a>Home</a></nav>"), ("script", "<script>x</script>")]
        );
    }

    #[test]
    fn headings_are_marked_with_their_level() {
        let file = "<h1>Harbour <em>Dialogue</em></h1><p>x</p><h2>Members &amp; observers</h2>";
        let marked: Vec<(u8, &str)> = read(file).headings.iter().map(|heading| (heading.level, &file[heading.file.range()])).collect();
        assert_eq!(marked, [(1, "Harbour <em>Dialogue"), (2, "Members &amp; observers")]);
        assert_eq!(read("<head><title>A page</title></head><body>text").headings.len(), 1);
    }

    #[test]
    fn every_letter_maps_to_its_bytes() {
        let file = "<p>C&ocirc;te d&#8217;Ivoire,\u{a0}Bosnia &amp; more<sup>2</sup></p>";
        let html = read(file);
        assert_eq!(html.text, "Côte d’Ivoire, Bosnia & more²");
        for (word, bytes) in [("Côte", "C&ocirc;te"), ("’", "&#8217;"), ("Ivoire", "Ivoire"), ("&", "&amp;"), ("²", "2")] {
            let at = html.text.find(word).unwrap_or_default();
            assert_eq!(&file[html.map.to_file(Span::new(at, at + word.len())).range()], bytes);
        }
    }

    #[test]
    fn terms_and_definitions_are_labels() {
        assert_eq!(text("<dl><dt>Chair</dt><dd>Nepal</dd><dt>Host:</dt><dd>Oman</dd></dl>"), "Chair: Nepal\nHost: Oman");
    }
}
