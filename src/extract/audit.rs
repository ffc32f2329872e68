//! Audit: what became of every byte of a document, and which lines nobody read.
//!
//! In: the blocks and what the extractors made of them. Out: the five shares of the coverage ledger, and a finding for each list item or
//! table row that gave nothing. A block counts as read where a value of a record stands in it. Prose, in list items too, and headings
//! without one were examined in vain (no_fact). What is ignored has a rule by name: furniture and markup (clean says which), list marks,
//! lines of `schemas/ignored.toml`, heads of columns, and lists under a heading that the vocabulary knows to state nothing.

use super::Extracted;
use crate::findings::{Finding, Place, Report, code};
use crate::model::document::Document;
use crate::model::source::CoverageRow;
use crate::model::span::Span;
use crate::model::text::{Block, BlockKind, Blocks};

/// A line that we chose not to read, from `schemas/ignored.toml`.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IgnoredLine {
    /// Id of the source; every source where it is left out.
    #[serde(default)]
    pub source: Option<String>,
    /// Words that stand in the line.
    pub text: String,
    pub reason: String,
}

/// What became of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Read,
    NoFact,
    /// With the rule that says so.
    Ignored(&'static str),
    Unread,
}

impl Fate {
    /// As a trace tells it.
    #[must_use]
    pub fn told(self) -> String {
        match self {
            Self::Read => "read".to_owned(),
            Self::NoFact => "no fact: every rule examined it".to_owned(),
            Self::Ignored(rule) => format!("ignored: {rule}"),
            Self::Unread => "unread".to_owned(),
        }
    }
}

/// What became of a document.
#[derive(Clone, Debug)]
pub struct Ledger {
    pub coverage: CoverageRow,
    /// One a block.
    pub fates: Vec<Fate>,
}

/// Adds up the ledger of a document and reports what was not read.
pub fn audit(document: &Document, blocks: &Blocks, extracted: &Extracted, ignored: &[IgnoredLine], report: &mut Report) -> Ledger {
    let mut spans: Vec<Span> = extracted.drafts.iter().flat_map(|draft| &draft.cells).flat_map(|cell| cell.spans.iter().copied()).collect();
    spans.sort_unstable();
    let mut row = CoverageRow { source_id: document.id().to_owned(), bytes: document.text.len() as u64, ..CoverageRow::default() };
    row.blank = blank_bytes(&document.text);
    let is_read: Vec<bool> = blocks.blocks.iter().map(|block| holds_value(block, &spans)).collect();
    let introduces = introducing(blocks);
    let mut fates = Vec::with_capacity(blocks.blocks.len());
    for (at, block) in blocks.blocks.iter().enumerate() {
        let text = blocks.text_of(block);
        let is_listed = |line: &IgnoredLine| line.source.as_deref().is_none_or(|source| source == document.id()) && text.contains(&line.text);
        let is_prose = || is_prose(text) || goes_on_prose(blocks, block);
        let fate = match block.kind {
            _ if is_read[at] => Fate::Read,
            _ if ignored.iter().any(is_listed) => Fate::Ignored("listed in ignored.toml"),
            BlockKind::Heading | BlockKind::Paragraph => Fate::NoFact,
            BlockKind::Row if heads_columns(blocks, at, &is_read) => Fate::Ignored("heads of columns"),
            BlockKind::Item | BlockKind::Row if introduces[at] || is_prose() => Fate::NoFact,
            BlockKind::Item | BlockKind::Row if extracted.passed_over.get(at).copied().unwrap_or_default() => {
                Fate::Ignored("its heading is known to state nothing")
            }
            BlockKind::Item | BlockKind::Row => Fate::Unread,
        };
        let filled = filled_bytes(document, &blocks.map.pieces(block.span));
        match fate {
            Fate::Read => row.read += filled,
            Fate::NoFact => row.no_fact += filled,
            Fate::Ignored(_) => {}
            Fate::Unread => {
                row.unread += filled;
                report.push(unread(document, blocks, block));
            }
        }
        fates.push(fate);
    }
    row.ignored = row.bytes - row.blank - row.read - row.no_fact - row.unread;
    Ledger { coverage: row, fates }
}

/// Bytes of white space.
fn blank_bytes(text: &str) -> u64 {
    // Counts of so few bytes fit into one each, which lets the compiler add many at a time.
    let of_few = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(matches!(byte, b'\t'..=b'\r' | b' '))).sum::<u8>();
    let plain: usize = text.as_bytes().chunks(usize::from(u8::MAX)).map(|bytes| usize::from(of_few(bytes))).sum();
    // White space beyond ASCII begins with one of four bytes.
    let leads = memchr::memchr3_iter(0xC2, 0xE2, 0xE3, text.as_bytes()).chain(memchr::memchr_iter(0xE1, text.as_bytes()));
    let others: usize = leads.filter_map(|at| text[at..].chars().next()).filter(|letter| letter.is_whitespace()).map(char::len_utf8).sum();
    (plain + others) as u64
}

/// Bytes of the pieces that are no white space; each once, though several letters may stand for it.
fn filled_bytes(document: &Document, pieces: &[Span]) -> u64 {
    let mut end = 0;
    let mut filled = 0;
    for piece in pieces {
        let fresh = piece.range().start.max(end)..piece.range().end.max(end);
        filled += fresh.len() as u64 - blank_bytes(&document.text[fresh.clone()]);
        end = fresh.end;
    }
    filled
}

/// Whether a value of a record stands in a block.
fn holds_value(block: &Block, spans: &[Span]) -> bool {
    let from = spans.partition_point(|span| span.end <= block.span.start && span.start < block.span.start);
    spans[from..].iter().take_while(|span| span.start < block.span.end).any(|span| span.overlaps(block.span))
}

/// For each block whether others stand under it: it is a heading to them.
fn introducing(blocks: &Blocks) -> Vec<bool> {
    let mut found = vec![false; blocks.blocks.len()];
    for above in blocks.blocks.iter().filter_map(|block| block.heading) {
        found[above] = true;
    }
    found
}

/// Words of a clause at least.
const CLAUSE: usize = 4;

/// Whether a text is running language: enough words, most of those behind the first in small letters. Entries of lists are names, dates
/// and places, in capitals and digits, or short.
fn is_prose(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).collect();
    let small = words.iter().skip(1).filter(|word| word.starts_with(|letter: char| letter.is_lowercase())).count();
    words.len() >= CLAUSE && small * 2 >= words.len() - 1
}

/// Whether an entry is a part of the sentence that leads in to its list.
fn goes_on_prose(blocks: &Blocks, block: &Block) -> bool {
    let lead_in = block.heading.map(|above| &blocks.blocks[above]).filter(|above| above.kind != BlockKind::Heading);
    lead_in.is_some_and(|lead_in| is_prose(blocks.text_of(lead_in)))
}

/// Whether a row is the first of a table of which the next row was read.
fn heads_columns(blocks: &Blocks, at: usize, is_read: &[bool]) -> bool {
    let is_row = |at: usize| blocks.blocks.get(at).is_some_and(|block| block.kind == BlockKind::Row);
    let is_first = at == 0 || !is_row(at - 1);
    is_first && is_row(at + 1) && is_read[at + 1]
}

fn unread(document: &Document, blocks: &Blocks, block: &Block) -> Finding {
    let span = blocks.map.to_file(block.span);
    let (line, column) = document.line_and_column(span.start);
    let heading = block.heading.map(|heading| blocks.text_of(&blocks.blocks[heading]).split_whitespace().collect::<Vec<_>>().join(" "));
    let under = heading.map_or_else(String::new, |heading| format!(" under \"{}\"", heading.chars().take(60).collect::<String>()));
    Finding::new(code::LINE_UNREAD, Place::new(&document.display_path, line, column), format!("no extractor reads this line{under}"))
        .hint("add the heading to schemas/vocabulary, or list the line in schemas/ignored.toml")
}
