//! Owners: which dialogue a block or statement is about. Every table asks here.
//!
//! In: a page with its mentions of dialogues. Out: one dialogue or none, with the evidence for it, which `--trace` shows. The first that holds:
//!
//! 1. A name tied to the statement itself: in its label, in the cell or first line of its entry, right behind its role (`statements`).
//! 2. The subject of its sentence: a name before it, or a noun that points back to one (`the Process`, `references`); not a name that is only
//!    set beside the subject (`Unlike the X Process, ...`).
//! 3. The subject of the sentences before it in its paragraph.
//! 4. The section: the last heading that names a dialogue, as long as that section goes on (`sections`).
//! 5. The dialogue that the whole text is about (`main_subject`).
//! 6. Of a role that somebody must have somewhere, the dialogue that was named last at the start of a line or sentence.
//!
//! A section about another process (`Cooperation with X`, `Partner processes`) passes nothing on to what stands behind it.

mod main_subject;
mod references;
mod sections;
mod statements;

use std::ops::Range;

use super::page::Page;
use crate::model::gazetteer::Tag;

pub use references::{find as find_references, noun_at as noun_that_points};
pub use sections::owners;
pub use statements::{last_named, named_in, of_clause, of_entry, of_label, of_statement};

/// The dialogue that something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Index into the dialogues of the page.
    pub dialogue: usize,
    pub evidence: Evidence,
}

/// What says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    Title,
    Opening,
    MostNamed,
    Heading,
    Section,
    Return,
    Label,
    Entry,
    ItemAbove,
    Paragraph,
    Tied,
    Sentence,
    SentenceBefore,
    Block,
}

impl Evidence {
    /// As a trace says it.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Self::Title => "the title of the text names it",
            Self::Opening => "the text opens with it",
            Self::MostNamed => "the text names it early and more often than all others",
            Self::Heading => "the heading names it",
            Self::Section => "the section above is about it, and goes on",
            Self::Return => "the section above was about another and is over: the text is about this one",
            Self::Label => "a label or bracket names it",
            Self::Entry => "the first line or cell is its name",
            Self::ItemAbove => "the item above is about it",
            Self::Paragraph => "the paragraph above is about it",
            Self::Tied => "it stands right behind the role",
            Self::Sentence => "the sentence names it",
            Self::SentenceBefore => "a sentence before it names it",
            Self::Block => "the block is about it",
        }
    }
}

/// Whether a name begins a line or sentence, its article aside: what follows is about it.
fn begins_anew(page: &Page<'_>, name: &Range<usize>) -> bool {
    let mut first = name.start;
    while first > 0 && page.has(first - 1, Tag::Article) && !page.gap_before(first).contains('\n') {
        first -= 1;
    }
    first == 0 || page.gap_before(first).contains('\n') || matches!(page.text(first - 1), "." | "!" | "?" | ";")
}

/// Longest wording that sets a name beside another, in tokens.
const BESIDE: usize = 6;

/// `Unlike the X Process`, `cooperation with the X Process`: whether a name is only set beside what the text is about.
fn is_beside(page: &Page<'_>, name: &Range<usize>) -> bool {
    let mut first = name.start;
    while first > 0 && page.has(first - 1, Tag::Article) && !page.gap_before(first).contains('\n') {
        first -= 1;
    }
    // A contracted article can be the end of the wording: `à la différence du Processus`.
    (first..=name.start)
        .any(|end| (end.saturating_sub(BESIDE)..end).any(|token| page.tokens.marks_at(token).any(|mark| mark.tag == Tag::Beside && mark.end == end)))
}
