//! Texts between the stages of the first half: cleaned lines, and blocks under their heading path.

use super::span::{Span, SpanMap};
use super::tokens::Tokens;

/// Why a stretch of a source was set aside or ignored: a named rule with a reason, for the coverage ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Bytes of the file.
    pub file: Span,
    pub rule: &'static str,
}

/// A heading that the file marks as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkedHeading {
    /// Bytes of the file.
    pub file: Span,
    /// From 1, the outermost.
    pub level: u8,
}

/// A cleaned text: regular characters, broken words joined, furniture gone; every byte maps to the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CleanText {
    /// Lines end in `\n`. Empty lines are kept: they part paragraphs.
    pub text: String,
    pub map: SpanMap,
    pub furniture: Vec<Aside>,
    /// In the order of the file; none where the format marks no headings.
    pub headings: Vec<MarkedHeading>,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    Heading,
    /// A list item; `level` counts from 1.
    Item,
    Paragraph,
    /// A table row with its cells parted by ` | `.
    Row,
}

/// A stretch of the joined text that belongs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub kind: BlockKind,
    /// Depth of a heading or nesting of an item, from 1; 0 for others.
    pub level: u8,
    /// Bytes of the joined text, bullet and number left out.
    pub span: Span,
    /// The heading that the block stands under, as an index into the blocks.
    pub heading: Option<usize>,
    /// The number of a numbered item.
    pub number: Option<u32>,
    /// Whether an empty line stands before it.
    pub after_blank: bool,
    /// Of a row that is set in columns: the column of the table that each of its cells is in. Empty where the rows do not line up.
    pub places: Vec<u8>,
}

/// The blocks of a document over one joined text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    /// The texts of all blocks, one a line, lines of one block joined by a space.
    pub text: String,
    /// From the joined text to the bytes of the file.
    pub map: SpanMap,
    pub blocks: Vec<Block>,
    /// The joined text in tokens, with all that the gazetteer knows in it.
    pub tokens: Tokens,
    pub asides: Vec<Aside>,
}

impl Blocks {
    #[must_use]
    pub fn text_of(&self, block: &Block) -> &str {
        &self.text[block.span.range()]
    }

    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The headings above a block, from the nearest to the outermost.
    pub fn headings_of(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.blocks[index].heading, |&heading| self.blocks[heading].heading)
    }
}
