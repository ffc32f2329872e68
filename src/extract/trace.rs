//! Trace: which dialogue a block is about, which rule took it, and which refused it, each with the reason, for whoever debugs a rule.
//!
//! An extractor says no more than `page.refuse(rule, tokens, why)`: what it took is in its records. Nothing is kept, and no text is made,
//! unless a trace was asked for. On the way out, what is withheld is masked.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::audit::Fate;
use crate::model::Draft;
use crate::model::document::Document;
use crate::model::record::DraftCell;
use crate::model::span::Span;
use crate::model::text::{Aside, Block, BlockKind, Blocks};

/// A rule that looked at a stretch of text and left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `<extractor>/<rule>`, as in records.
    pub rule: &'static str,
    /// Bytes of the joined text.
    pub span: Span,
    pub why: &'static str,
}

/// Which dialogue a stretch of text is about, where it is another than that of its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Bytes of the joined text.
    pub span: Span,
    /// The name of the dialogue.
    pub name: Span,
    pub why: &'static str,
}

/// What was noted of a document.
#[derive(Clone, Debug, Default)]
pub struct Traced {
    pub refusals: Vec<Refusal>,
    pub decisions: Vec<Decision>,
    /// For each block the name of the dialogue that it is about, and why.
    pub owners: Vec<Option<(Span, &'static str)>>,
}

/// Collects what a document gives, where somebody asked for it.
#[derive(Debug, Default)]
pub struct Trace {
    noted: Option<RefCell<Traced>>,
}

impl Trace {
    #[must_use]
    pub fn new(is_asked_for: bool) -> Self {
        Self { noted: is_asked_for.then(RefCell::default) }
    }

    /// Notes a refusal; `span` is only called for where it is kept.
    pub fn note(&self, rule: &'static str, why: &'static str, span: impl FnOnce() -> Span) {
        if let Some(noted) = &self.noted {
            noted.borrow_mut().refusals.push(Refusal { rule, span: span(), why });
        }
    }

    /// Notes which dialogue a stretch is about: the stretch, the name and why.
    pub fn decide(&self, decision: impl FnOnce() -> (Span, Span, &'static str)) {
        if let Some(noted) = &self.noted {
            let (span, name, why) = decision();
            noted.borrow_mut().decisions.push(Decision { span, name, why });
        }
    }

    /// Notes which dialogue each block is about.
    pub fn note_owners(&self, owners: impl FnOnce() -> Vec<Option<(Span, &'static str)>>) {
        if let Some(noted) = &self.noted {
            noted.borrow_mut().owners = owners();
        }
    }

    #[must_use]
    pub fn into_traced(self) -> Traced {
        self.noted.map(RefCell::into_inner).unwrap_or_default()
    }
}

/// Longest text of a block or value that is shown.
const SHOWN: usize = 100;

/// What became of each block, block by block.
#[must_use]
pub fn render(document: &Document, blocks: &Blocks, drafts: &[Draft], traced: &Traced, fates: &[Fate]) -> String {
    let withheld = Withheld::of(drafts);
    let mut said: Vec<(Span, usize, String)> = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        for cell in &draft.cells {
            let is_masked = draft.withheld || cell.spans.iter().any(|span| withheld.touches(*span));
            let value = if is_masked { "[withheld]".to_owned() } else { format!("\"{}\"", shortened(&cell.value.spelling())) };
            said.extend(cell.spans.iter().map(|span| (*span, at, format!("{} {value}", cell.column))));
        }
    }
    said.sort_by_key(|(span, at, _)| (span.start, *at));
    let mut refusals: Vec<&Refusal> = traced.refusals.iter().collect();
    refusals.sort_by_key(|refusal| (refusal.span.start, refusal.rule));
    let mut decisions = traced.decisions.clone();
    decisions.sort_by_key(|decision| (decision.span.start, decision.name.start, decision.why));
    decisions.dedup();
    let mut told: Vec<(u32, String)> = blocks.asides.iter().filter_map(|aside| set_aside(document, aside)).collect();
    for ((at, block), fate) in blocks.blocks.iter().enumerate().zip(fates) {
        let mut out = String::new();
        let start = blocks.map.to_file(block.span).start;
        let line = document.line_of(start);
        let under =
            block.heading.map_or_else(String::new, |above| format!(", under \"{}\"", shortened(&withheld.mask(blocks, blocks.blocks[above].span))));
        let text = shortened(&withheld.mask(blocks, block.span));
        let _ = writeln!(out, "{}:{line}: {} \"{text}\"{under}", document.display_path, kind(block));
        let quoted = |span: Span| shortened(&withheld.mask(blocks, span));
        if let Some((name, why)) = traced.owners.get(at).copied().flatten() {
            let _ = writeln!(out, "  about    \"{}\": {why}", quoted(name));
        }
        for decision in within(&decisions, block.span, |decision| decision.span) {
            let _ = writeln!(out, "  about    \"{}\" at \"{}\": {}", quoted(decision.name), quoted(decision.span), decision.why);
        }
        let mut taken: BTreeMap<(&str, Vec<&str>), usize> = BTreeMap::new();
        let mut of_draft: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for (_, draft, words) in within(&said, block.span, |(span, ..)| *span) {
            of_draft.entry(*draft).or_default().push(words);
        }
        for (draft, words) in of_draft {
            *taken.entry((drafts[draft].rule, words)).or_default() += 1;
        }
        for ((rule, words), times) in taken {
            let records = if times > 1 { format!(" ({times} records)") } else { String::new() };
            let _ = writeln!(out, "  took     {rule}: {}{records}", words.join(", "));
        }
        let mut last: Option<(&str, &str)> = None;
        for refusal in within(&refusals, block.span, |refusal| refusal.span) {
            if last.replace((refusal.rule, refusal.why)) != Some((refusal.rule, refusal.why)) {
                let _ = writeln!(out, "  refused  {}: {} (at \"{}\")", refusal.rule, refusal.why, shortened(&withheld.mask(blocks, refusal.span)));
            }
        }
        let _ = writeln!(out, "  {}", fate.told());
        told.push((start, out));
    }
    told.sort_by_key(|(start, _)| *start);
    told.into_iter().map(|(_, text)| text).collect()
}

/// A stretch that never became a block. Tags and comments are not told: there is one beside each word of a page. Nobody looked for persons
/// in what was left out, so that only signs and repeated lines are shown as they are.
fn set_aside(document: &Document, aside: &Aside) -> Option<(u32, String)> {
    let text = document.text.get(aside.file.range()).filter(|text| !text.trim().is_empty() && !matches!(aside.rule, "markup" | "comment"))?;
    let line = document.line_of(aside.file.start);
    let is_shown = matches!(aside.rule, "page-number" | "slide-number" | "running-head" | "rule" | "vertical-title");
    let what = if is_shown { format!("\"{}\"", shortened(text)) } else { format!("{} bytes", text.len()) };
    Some((aside.file.start, format!("{}:{line}: set aside {what}\n  ignored: {}\n", document.display_path, aside.rule)))
}

fn kind(block: &Block) -> &'static str {
    match block.kind {
        BlockKind::Heading => "heading",
        BlockKind::Item => "item",
        BlockKind::Paragraph => "paragraph",
        BlockKind::Row => "row",
    }
}

/// Those of a list sorted by place that start in a block.
fn within<T>(sorted: &[T], block: Span, span: impl Fn(&T) -> Span) -> &[T] {
    let from = sorted.partition_point(|item| span(item).start < block.start);
    let to = sorted.partition_point(|item| span(item).start < block.end);
    &sorted[from..to]
}

fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    if line.chars().count() <= SHOWN { line } else { line.chars().take(SHOWN).chain(['…']).collect() }
}

/// The stretches that nobody may read.
struct Withheld {
    spans: Vec<Span>,
}

impl Withheld {
    fn of(drafts: &[Draft]) -> Self {
        let cells = |is_withheld: bool| drafts.iter().filter(move |draft| draft.withheld == is_withheld).flat_map(|draft| &draft.cells);
        // An office that other records name is no secret.
        let open: BTreeSet<Span> = cells(false).flat_map(|cell| cell.spans.iter().copied()).collect();
        let of_cell =
            |cell: &DraftCell| -> Vec<Span> { cell.spans.iter().copied().filter(|span| cell.column == "value" || !open.contains(span)).collect() };
        Self { spans: cells(true).flat_map(of_cell).collect() }
    }

    fn touches(&self, span: Span) -> bool {
        self.spans.iter().any(|withheld| withheld.overlaps(span))
    }

    /// The text of a stretch with what is withheld in it blacked out.
    fn mask(&self, blocks: &Blocks, span: Span) -> String {
        let is_withheld = |at: u32| self.spans.iter().any(|withheld| withheld.start <= at && at < withheld.end);
        let letters = blocks.slice(span).char_indices();
        letters.map(|(at, letter)| if !letter.is_whitespace() && is_withheld(span.start + at as u32) { '█' } else { letter }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_kept_unless_asked_for() {
        let off = Trace::default();
        off.note("memberships/prose", "no", || unreachable!("the span is not made"));
        assert!(off.into_traced().refusals.is_empty());
        let on = Trace::new(true);
        on.note("memberships/prose", "no", || Span::new(1, 2));
        assert_eq!(on.into_traced().refusals, [Refusal { rule: "memberships/prose", span: Span::new(1, 2), why: "no" }]);
    }
}
