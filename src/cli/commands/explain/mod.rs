//! Explain: from a row or cell of the newest release to the lines that say it.
//!
//! In: the release, the sources, and the rules. Out: what the row is and since when; for each piece of evidence its lines with the span
//! marked and the rule that read it; the cleaned text where that differs; the sources that agree, and those that say otherwise. Lines are
//! shown with what is withheld in them masked.

mod history;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::error::Error;
use crate::model::Span;
use crate::model::schemas::Schemas;
use crate::pipeline::{self, Project, SourceView};
use table::Table;

/// Lines before and after the evidence that are shown.
const AROUND: usize = 1;
/// Ids that are named where one is not found.
const SUGGESTED: usize = 5;

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub table: &'a str,
    pub row: &'a str,
    pub column: Option<&'a str>,
    /// Whether somebody looks at the answer.
    pub is_coloured: bool,
}

/// The lines behind a row, or behind one cell of it.
///
/// # Errors
/// `Usage` where there is no such table, row or column, `Store` or `Io` where something cannot be read.
pub fn row(project: &Project, schemas: &Schemas, question: &Question<'_>) -> Result<String, Error> {
    let mut text = header(project, schemas, question)?;
    let evidence = Table::newest(project, "evidence")?;
    let sources = Table::newest(project, "sources")?;
    let mut pieces: BTreeMap<(String, Span), Piece> = BTreeMap::new();
    for row in evidence.rows_of(question.table, question.row) {
        let cell = |column: &str| evidence.cell(row, column);
        if question.column.is_some_and(|column| column != cell("column")) {
            continue;
        }
        let number = |column: &str| cell(column).parse::<usize>().unwrap_or(0);
        let span = Span::new(number("byte_start"), number("byte_end").max(number("byte_start")));
        let piece = pieces.entry((cell("source_id").to_owned(), span)).or_insert_with(|| Piece {
            rule: cell("rule").to_owned(),
            line: number("line_start"),
            quote: cell("quote").to_owned(),
            columns: BTreeSet::new(),
        });
        piece.columns.insert(cell("column").to_owned());
    }
    let mut views: BTreeMap<String, Option<SourceView>> = BTreeMap::new();
    for ((source, span), piece) in &pieces {
        let view = views.entry(source.clone()).or_insert_with(|| view(project, schemas, &sources, source));
        text.push_str(&shown(source, *span, piece, view.as_ref(), question.is_coloured));
    }
    if pieces.is_empty() {
        let _ = writeln!(text, "\nno line says it: {}", why_no_line(schemas, question));
    }
    let agreeing: BTreeSet<&str> = pieces.keys().map(|(source, _)| source.as_str()).collect();
    if !agreeing.is_empty() {
        let sources: Vec<&str> = agreeing.into_iter().collect();
        let _ = writeln!(text, "\nstated by {}: {}", counted(sources.len(), "source"), sources.join(", "));
    }
    text.push_str(&disagreeing(project, question)?);
    Ok(text.trim_end().to_owned())
}

/// Bytes of a source that say something of the row.
#[derive(Debug)]
struct Piece {
    rule: String,
    line: usize,
    quote: String,
    columns: BTreeSet<String>,
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// What the row is, and since when.
fn header(project: &Project, schemas: &Schemas, question: &Question<'_>) -> Result<String, Error> {
    let Some(schema) = schemas.table(question.table) else {
        let names: Vec<&str> = schemas.tables.iter().map(|table| table.name.as_str()).collect();
        return Err(Error::Usage(format!("there is no table \"{}\": there are {}", question.table, names.join(", "))));
    };
    if let Some(column) = question.column.filter(|column| schema.position_of(column).is_none()) {
        let names: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
        return Err(Error::Usage(format!("{} has no column \"{column}\": it has {}", question.table, names.join(", "))));
    }
    let rows = Table::newest(project, question.table)?;
    let id = |row: &csv::StringRecord| schema.primary_key.iter().map(|column| rows.cell(row, column)).collect::<Vec<_>>().join("/");
    let Some(row) = rows.rows.iter().find(|row| id(row) == question.row) else {
        let near = nearest(question.row, rows.rows.iter().map(id));
        let near = if near.is_empty() { String::new() } else { format!("; near it are {}", near.join(", ")) };
        return Err(Error::Usage(format!("{} has no row \"{}\"{near}", question.table, question.row)));
    };
    let mut text = format!("{} {}\n", question.table, question.row);
    for field in schema.fields.iter().filter(|field| question.column.is_none_or(|column| column == field.name)) {
        let value = rows.cell(row, &field.name);
        if !value.is_empty() || question.column.is_some() {
            let shown = if value.is_empty() { "(empty)" } else { value };
            let _ = writeln!(text, "  {:<16} {shown}", field.name);
        }
    }
    text.push_str(&history::told(project, question)?);
    Ok(text)
}

/// The ids that are most like one that there is not: by the words they share, then by the letters that differ.
fn nearest(wanted: &str, ids: impl Iterator<Item = String>) -> Vec<String> {
    let words = |id: &str| -> BTreeSet<String> { id.split(['-', '/']).filter(|word| !word.is_empty()).map(str::to_owned).collect() };
    let of_wanted = words(wanted);
    let mut scored: Vec<(usize, usize, String)> =
        ids.map(|id| (of_wanted.intersection(&words(&id)).count(), letters_apart(wanted, &id), id)).filter(|(shared, ..)| *shared > 0).collect();
    scored.sort_by(|(shared_a, apart_a, a), (shared_b, apart_b, b)| shared_b.cmp(shared_a).then(apart_a.cmp(apart_b)).then(a.cmp(b)));
    scored.into_iter().take(SUGGESTED).map(|(.., id)| id).collect()
}

/// How many letters must be put in, taken out or changed to make one word of another.
fn letters_apart(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[b.len()]
}

/// A source as it is on disk, where it is the text that the release was made from.
fn view(project: &Project, schemas: &Schemas, sources: &Table, source: &str) -> Option<SourceView> {
    let row = sources.rows.iter().find(|row| sources.cell(row, "source_id") == source)?;
    let path = project.raw.join(sources.cell(row, "path"));
    let view = pipeline::view(project, schemas, &path).ok().flatten()?;
    (view.sha256 == sources.cell(row, "sha256")).then_some(view)
}

/// One piece of evidence: its lines with the span marked.
fn shown(source: &str, span: Span, piece: &Piece, view: Option<&SourceView>, is_coloured: bool) -> String {
    let columns: Vec<&str> = piece.columns.iter().map(String::as_str).collect();
    let title = format!("{} by rule {}", columns.join(", "), piece.rule);
    let Some(view) = view.filter(|view| view.masked.get(span.range()).is_some()) else {
        return format!(
            "\n{title}\n  source {source} line {}: \"{}\"\n  (the source is not there, or is another text by now)\n",
            piece.line, piece.quote
        );
    };
    let (first, lines) = around(&view.masked, span);
    let start = span.range().start - first;
    let snippet = Snippet::source(&view.masked[first..first + lines])
        .line_start(view.masked[..first].matches('\n').count() + 1)
        .path(view.display_path.as_str())
        .fold(false)
        .annotation(AnnotationKind::Primary.span(start..start + span.len()).label(piece.rule.as_str()));
    let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() };
    let mut text = format!("\n{}\n", renderer.render(&[Level::NOTE.no_name().primary_title(title).element(snippet)]));
    if let Some(cleaned) = view.cleaned(span) {
        let _ = writeln!(text, "  cleaned: \"{cleaned}\"");
    }
    text
}

/// The lines of a span and those beside them: where they start, and how long they are.
fn around(text: &str, span: Span) -> (usize, usize) {
    let range = span.range();
    let mut first = text[..range.start].rfind('\n').map_or(0, |at| at + 1);
    let mut end = text[range.end..].find('\n').map_or(text.len(), |at| range.end + at);
    for _ in 0..AROUND {
        first = text[..first.saturating_sub(1)].rfind('\n').map_or(0, |at| at + 1);
        end = text.get(end + 1..).map_or(text.len(), |rest| rest.find('\n').map_or(text.len(), |at| end + 1 + at));
    }
    (first, end - first)
}

fn why_no_line(schemas: &Schemas, question: &Question<'_>) -> String {
    let field = schemas.table(question.table).zip(question.column).and_then(|(table, column)| {
        let at = table.position_of(column)?;
        table.fields.get(at)
    });
    match field {
        Some(field) => format!("{} is {}: {}", field.name, field.origin.name(), field.description),
        None => "the row is reference data or computed".to_owned(),
    }
}

/// What other sources say.
fn disagreeing(project: &Project, question: &Question<'_>) -> Result<String, Error> {
    let conflicts = Table::newest(project, "conflicts")?;
    let mut text = String::new();
    for row in conflicts.rows_of(question.table, question.row) {
        let cell = |column: &str| conflicts.cell(row, column);
        if question.column.is_some_and(|column| column != cell("column")) {
            continue;
        }
        let _ = writeln!(
            text,
            "sources disagree about {} ({}): {} says {}, {} says {}",
            cell("column"),
            cell("kind"),
            cell("source_a"),
            cell("value_a"),
            cell("source_b"),
            cell("value_b")
        );
    }
    if text.is_empty() {
        text.push_str("no source disagrees\n");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_beside_are_shown() {
        let text = "one\ntwo\nthree\nfour\nfive";
        let shown = |start, end| {
            let (first, length) = around(text, Span::new(start, end));
            &text[first..first + length]
        };
        assert_eq!(shown(8, 13), "two\nthree\nfour");
        assert_eq!(shown(0, 3), "one\ntwo");
        assert_eq!(shown(19, 23), "four\nfive");
        assert_eq!(shown(5, 9), "one\ntwo\nthree\nfour");
    }

    #[test]
    fn near_ids_share_words() {
        let ids = ["a-dialogue--npl--member", "a-dialogue--npl--chair", "b-process--per--member"];
        let near = nearest("a-dialogue--nepal--member", ids.iter().map(|id| (*id).to_owned()));
        assert_eq!(near, ["a-dialogue--npl--member", "a-dialogue--npl--chair", "b-process--per--member"]);
        assert_eq!((letters_apart("npl", "nepal"), letters_apart("", "ab"), letters_apart("abc", "abc")), (2, 2, 0));
    }
}
