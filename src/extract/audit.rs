//! Audit: what became of every byte of a document, and which lines nobody read.
//!
//! In: the blocks and what the extractors made of them. Out: the five shares of the coverage ledger, and a finding for each list item or
//! table row that gave nothing. A block counts as read where a value of a record stands in it; prose and headings without one were
//! examined in vain (no_fact); furniture, list marks and lines of `schemas/ignored.toml` are ignored.

use crate::findings::{Finding, Place, Report, code};
use crate::model::Draft;
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Read,
    NoFact,
    Ignored,
    Unread,
}

/// Adds up the ledger of a document and reports what was not read.
pub fn audit(document: &Document, blocks: &Blocks, drafts: &[Draft], ignored: &[IgnoredLine], report: &mut Report) -> CoverageRow {
    let mut spans: Vec<Span> = drafts.iter().flat_map(|draft| &draft.cells).flat_map(|cell| cell.spans.iter().copied()).collect();
    spans.sort_unstable();
    let mut row = CoverageRow { source_id: document.id().to_owned(), bytes: document.text.len() as u64, ..CoverageRow::default() };
    row.blank = document.text.chars().filter(|letter| letter.is_whitespace()).map(|letter| letter.len_utf8() as u64).sum();
    for block in &blocks.blocks {
        let filled: u64 = blocks.map.pieces(block.span).into_iter().map(|piece| filled_bytes(&document.text[piece.range()])).sum();
        match fate(document, blocks, block, &spans, ignored) {
            Fate::Read => row.read += filled,
            Fate::NoFact => row.no_fact += filled,
            Fate::Ignored => {}
            Fate::Unread => {
                row.unread += filled;
                report.push(unread(document, blocks, block));
            }
        }
    }
    row.ignored = row.bytes - row.blank - row.read - row.no_fact - row.unread;
    row
}

fn filled_bytes(text: &str) -> u64 {
    text.chars().filter(|letter| !letter.is_whitespace()).map(|letter| letter.len_utf8() as u64).sum()
}

fn fate(document: &Document, blocks: &Blocks, block: &Block, spans: &[Span], ignored: &[IgnoredLine]) -> Fate {
    let from = spans.partition_point(|span| span.end <= block.span.start && span.start < block.span.start);
    if spans[from..].iter().take_while(|span| span.start < block.span.end).any(|span| span.overlaps(block.span)) {
        return Fate::Read;
    }
    let text = blocks.text_of(block);
    let is_ignored = |line: &IgnoredLine| line.source.as_deref().is_none_or(|source| source == document.id()) && text.contains(&line.text);
    if ignored.iter().any(is_ignored) {
        return Fate::Ignored;
    }
    match block.kind {
        BlockKind::Heading | BlockKind::Paragraph => Fate::NoFact,
        BlockKind::Item | BlockKind::Row => Fate::Unread,
    }
}

fn unread(document: &Document, blocks: &Blocks, block: &Block) -> Finding {
    let span = blocks.map.to_file(block.span);
    let (line, column) = document.line_and_column(span.start);
    let heading = block.heading.map(|heading| blocks.text_of(&blocks.blocks[heading]).split_whitespace().collect::<Vec<_>>().join(" "));
    let under = heading.map_or_else(String::new, |heading| format!(" under \"{}\"", heading.chars().take(60).collect::<String>()));
    Finding::new(code::LINE_UNREAD, Place::new(&document.display_path, line, column), format!("no extractor reads this line{under}"))
        .hint("add the heading to schemas/vocabulary, or list the line in schemas/ignored.toml")
}
