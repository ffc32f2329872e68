//! Extract: from blocks to records, one file a table.
//!
//! In: the blocks of one document. Out: drafts of records, of which every stated value carries its span and the rule that read it.
//! Rules are about the genre (headings, lists, labels, phrases, dates); wording is data in `schemas/vocabulary`.

mod audit;
mod citation_parts;
mod citations;
mod columns;
mod contact_values;
mod contacts;
mod counts;
mod dates;
mod dialogue_merging;
mod dialogue_parts;
mod dialogue_titles;
mod dialogues;
mod enumerations;
mod figures;
mod flattened;
mod founding;
mod landmarks;
mod list_heads;
mod meetings;
mod memberships;
mod names;
mod numbers;
mod organizations;
mod owners;
mod page;
mod parties;
mod people;
mod places;
mod postal;
mod programme_entries;
mod programme_lines;
mod programme_names;
mod programme_sentences;
mod programme_tables;
mod programme_terms;
mod programmes;
mod publication_entries;
mod publication_layouts;
mod publication_prose;
mod publication_tables;
mod publications;
mod roles;
mod sections;
mod sheets;
mod statistics;
mod subject_names;
mod theme_columns;
mod theme_items;
mod theme_labels;
mod theme_marks;
mod theme_parts;
mod theme_records;
mod theme_sections;
mod theme_statements;
mod theme_text;
mod themes;
mod titles;
mod trace;

use crate::findings::Report;
use crate::model::document::Document;
use crate::model::gazetteer::Gazetteer;
use crate::model::record::Draft;
use crate::model::reference::Reference;
use crate::model::text::{BlockKind, Blocks};

pub use audit::{Fate, IgnoredLine, Ledger, audit};
use page::Page;
pub use trace::{Trace, Traced, render as render_trace};

/// What reads one table from a page.
#[derive(Debug)]
pub struct Extractor {
    pub table: &'static str,
    pub extract: fn(&Page<'_>, &mut Vec<Draft>, &mut Report),
}

/// Every extractor, in the order of the tables.
pub const EXTRACTORS: &[Extractor] = &[
    Extractor { table: "dialogues", extract: dialogues::extract },
    Extractor { table: "memberships", extract: memberships::extract },
    Extractor { table: "meetings", extract: meetings::extract },
    Extractor { table: "stated_counts", extract: counts::extract },
    Extractor { table: "organizations", extract: organizations::extract },
    Extractor { table: "contacts", extract: contacts::extract },
    Extractor { table: "publications", extract: publications::extract },
    Extractor { table: "programmes", extract: programmes::extract },
    Extractor { table: "figures", extract: figures::extract },
    Extractor { table: "themes", extract: themes::extract },
];

/// What the extractors made of a document.
#[derive(Debug, Default)]
pub struct Extracted {
    pub drafts: Vec<Draft>,
    /// For each block whether it stands under a heading that the vocabulary knows to state nothing.
    pub passed_over: Vec<bool>,
    /// Empty unless a trace was asked for.
    pub traced: Traced,
}

/// Runs every extractor over the blocks of a document.
pub fn run(document: &Document, blocks: &Blocks, gazetteer: &Gazetteer, reference: &Reference, is_traced: bool, report: &mut Report) -> Extracted {
    let mut page = Page::new(document, blocks, gazetteer, reference);
    page.trace = Trace::new(is_traced);
    dates::report_ambiguous(&page, report);
    let mut drafts = Vec::new();
    for extractor in EXTRACTORS {
        (extractor.extract)(&page, &mut drafts, report);
    }
    // Prose and headings are examined wherever they stand; only entries of lists and tables are passed over.
    let is_entry = |kind: BlockKind| matches!(kind, BlockKind::Item | BlockKind::Row);
    let passed_over = page.numbered_blocks().map(|(block, content)| is_entry(content.kind) && sections::states_nothing(&page, block)).collect();
    page.note_owners();
    Extracted { drafts, passed_over, traced: page.trace.into_traced() }
}
