//! Side tables of the envelope: what became of a document, what was found in it, what is wrong with it, and that all has been said.
//!
//! Each is a plain struct here and a struct column there, of texts and whole numbers alone. An empty text is no value.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, StructArray};
use arrow::datatypes::{Field, Fields, Int64Type};
use arrow::error::ArrowError;

use super::{Own, Row, fault};
use crate::findings::{self, Finding, Place, Severity};
use crate::model::Cell;
use crate::model::record::{array_cell, column_array};
use crate::model::source::CoverageRow;
use crate::model::table::{FieldType, arrow_type};

pub const FINDINGS: &str = "findings";
pub const DOCUMENTS: &str = "documents";
pub const ERRORS: &str = "errors";
pub const END: &str = "end";

/// What the second half needs to know of a document besides its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentRow {
    pub source_id: String,
    /// Where the document says that it lies; `#ID` where it says nothing.
    pub path: String,
    /// Its first line.
    pub title: Option<String>,
    /// The language whose rules read it.
    pub language: String,
    /// Reduced ISO 8601.
    pub published: Option<String>,
    pub sha256: String,
    pub lines: u64,
    /// Personal values that were found.
    pub withheld: u64,
    /// Records that stand before it, withheld ones aside where they were left out.
    pub records: u64,
    pub coverage: CoverageRow,
    /// Lines of `aliases.csv` that resolved a name, in order.
    pub aliases: Vec<u32>,
    /// The text, where an expectation cites the document; what is withheld in it is masked, byte for byte as long.
    pub text: Option<String>,
}

/// A finding in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    pub source_id: String,
    /// Position among the findings of the document.
    pub seq: u32,
    /// Its path is of no account: that of the document is known where it is read.
    pub finding: Finding,
}

/// A document that is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorRow {
    pub source_id: Option<String>,
    /// Position of the document among all that came in, from 1.
    pub document: u64,
    pub message: String,
}

/// What came in and went out, and by which rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    pub documents: u64,
    pub records: u64,
    pub errors: u64,
    /// Digest of the program.
    pub program: String,
    /// Digest of the schemas that the first half goes by.
    pub schemas: String,
}

/// A table of the envelope that is none of records.
#[derive(Debug)]
pub struct Side {
    pub name: &'static str,
    columns: &'static [(&'static str, FieldType)],
    to_cells: fn(&Row) -> Option<Vec<Cell>>,
    to_row: fn(Values) -> Result<Row, ArrowError>,
}

const TEXT: FieldType = FieldType::String;
const NUMBER: FieldType = FieldType::Integer;

/// All of them, in the order of their columns.
pub const SIDES: &[Side] = &[
    Side {
        name: FINDINGS,
        columns: &[
            ("severity", TEXT),
            ("code", TEXT),
            ("message", TEXT),
            ("hint", TEXT),
            ("found", TEXT),
            ("expected", TEXT),
            ("line", NUMBER),
            ("column", NUMBER),
        ],
        to_cells: finding_cells,
        to_row: finding_row,
    },
    Side {
        name: DOCUMENTS,
        columns: &[
            ("path", TEXT),
            ("title", TEXT),
            ("language", TEXT),
            ("published", TEXT),
            ("sha256", TEXT),
            ("lines", NUMBER),
            ("withheld", NUMBER),
            ("records", NUMBER),
            ("bytes", NUMBER),
            ("read", NUMBER),
            ("no_fact", NUMBER),
            ("ignored", NUMBER),
            ("unread", NUMBER),
            ("blank", NUMBER),
            ("aliases", TEXT),
            ("text", TEXT),
        ],
        to_cells: document_cells,
        to_row: document_row,
    },
    Side { name: ERRORS, columns: &[("document", NUMBER), ("message", TEXT)], to_cells: error_cells, to_row: error_row },
    Side {
        name: END,
        columns: &[("documents", NUMBER), ("records", NUMBER), ("errors", NUMBER), ("program", TEXT), ("schemas", TEXT)],
        to_cells: end_cells,
        to_row: end_row,
    },
];

impl Side {
    #[must_use]
    pub fn fields(&self) -> Fields {
        self.columns.iter().map(|(name, field_type)| Field::new(*name, arrow_type(*field_type), true)).collect()
    }

    pub fn dense(&self, rows: &[&Row]) -> Result<ArrayRef, ArrowError> {
        let cells: Vec<Vec<Cell>> = rows.iter().filter_map(|row| (self.to_cells)(row)).collect();
        let column = |(at, (_, field_type)): (usize, &(&str, FieldType))| column_array(*field_type, cells.iter().map(|row| &row[at]));
        let columns = self.columns.iter().enumerate().map(column).collect();
        Ok(Arc::new(StructArray::try_new(self.fields(), columns, None)?))
    }

    pub fn rows(&'static self, own: &Own) -> Result<Vec<Row>, ArrowError> {
        let (ids, seqs, structs) = (own.ids.as_string::<i32>(), own.seqs.as_primitive::<Int64Type>(), own.structs.as_struct());
        let row = |at: usize| {
            let cells = self.columns.iter().zip(structs.columns()).map(|((_, field_type), array)| array_cell(*field_type, array, at)).collect();
            let source_id = ids.is_valid(at).then(|| ids.value(at).to_owned());
            (self.to_row)(Values { side: self, source_id, seq: seqs.value(at), cells })
        };
        (0..structs.len()).map(row).collect()
    }
}

/// The values of a row as they were read.
struct Values {
    side: &'static Side,
    source_id: Option<String>,
    seq: i64,
    cells: Vec<Cell>,
}

impl Values {
    fn cell(&self, column: &str) -> &Cell {
        const NULL: &Cell = &Cell::Null;
        self.side.columns.iter().position(|(name, _)| *name == column).map_or(NULL, |at| &self.cells[at])
    }

    fn text(&self, column: &str) -> Option<String> {
        self.cell(column).as_text().map(str::to_owned)
    }

    fn needed(&self, column: &str) -> Result<String, ArrowError> {
        self.text(column).ok_or_else(|| fault(format!("a row of {} has no {column}", self.side.name)))
    }

    fn number<N: TryFrom<i64>>(&self, column: &str) -> Result<N, ArrowError> {
        let number = self.cell(column).as_integer().and_then(|number| N::try_from(number).ok());
        number.ok_or_else(|| fault(format!("a row of {} has no {column} that can be", self.side.name)))
    }

    fn source_id(&mut self) -> Result<String, ArrowError> {
        self.source_id.take().ok_or_else(|| fault(format!("a row of {} has no source_id", self.side.name)))
    }
}

fn optional(text: Option<&str>) -> Cell {
    Cell::optional(text)
}

fn number(value: u64) -> Cell {
    Cell::Integer(value as i64)
}

fn finding_cells(row: &Row) -> Option<Vec<Cell>> {
    let Row::Finding(FindingRow { finding, .. }) = row else { return None };
    let place = &finding.place;
    Some(vec![
        finding.severity.name().into(),
        finding.code.into(),
        finding.message.as_str().into(),
        optional(finding.hint.as_deref()),
        optional(finding.found.as_deref()),
        optional(finding.expected.as_deref()),
        number(place.line.into()),
        number(place.column.into()),
    ])
}

fn finding_row(mut values: Values) -> Result<Row, ArrowError> {
    let source_id = values.source_id()?;
    let (name, severity) = (values.needed("code")?, values.needed("severity")?);
    let code = findings::find(&name).ok_or_else(|| fault(format!("\"{name}\" is no code of a finding")))?;
    let place = Place::new(source_id.as_str(), values.number("line")?, values.number("column")?);
    let mut finding = Finding::new(code, place, values.needed("message")?);
    if severity != code.severity.name() {
        let known = [Severity::Error, Severity::Warning, Severity::Info].into_iter().find(|known| known.name() == severity);
        finding = finding.severity(known.ok_or_else(|| fault(format!("\"{severity}\" is no severity")))?);
    }
    (finding.hint, finding.found, finding.expected) = (values.text("hint"), values.text("found"), values.text("expected"));
    Ok(Row::Finding(FindingRow { source_id, seq: u32::try_from(values.seq).map_err(|error| fault(error.to_string()))?, finding }))
}

fn document_cells(row: &Row) -> Option<Vec<Cell>> {
    let Row::Document(document) = row else { return None };
    let CoverageRow { source_id: _, bytes, read, no_fact, ignored, unread, blank } = document.coverage;
    let aliases: Vec<String> = document.aliases.iter().map(ToString::to_string).collect();
    let mut cells = vec![
        document.path.as_str().into(),
        optional(document.title.as_deref()),
        document.language.as_str().into(),
        optional(document.published.as_deref()),
        document.sha256.as_str().into(),
    ];
    cells.extend([document.lines, document.withheld, document.records, bytes, read, no_fact, ignored, unread, blank].map(number));
    cells.extend([aliases.join(" ").into(), optional(document.text.as_deref())]);
    Some(cells)
}

fn document_row(mut values: Values) -> Result<Row, ArrowError> {
    let source_id = values.source_id()?;
    let aliases = values.text("aliases").unwrap_or_default();
    let aliases = aliases.split(' ').filter(|line| !line.is_empty()).map(str::parse).collect::<Result<_, _>>();
    let coverage = CoverageRow {
        source_id: source_id.clone(),
        bytes: values.number("bytes")?,
        read: values.number("read")?,
        no_fact: values.number("no_fact")?,
        ignored: values.number("ignored")?,
        unread: values.number("unread")?,
        blank: values.number("blank")?,
    };
    Ok(Row::Document(DocumentRow {
        path: values.needed("path")?,
        title: values.text("title"),
        language: values.needed("language")?,
        published: values.text("published"),
        sha256: values.needed("sha256")?,
        lines: values.number("lines")?,
        withheld: values.number("withheld")?,
        records: values.number("records")?,
        coverage,
        aliases: aliases.map_err(|_| fault("aliases are no numbers"))?,
        text: values.text("text"),
        source_id,
    }))
}

fn error_cells(row: &Row) -> Option<Vec<Cell>> {
    let Row::Error(error) = row else { return None };
    Some(vec![number(error.document), error.message.as_str().into()])
}

fn error_row(mut values: Values) -> Result<Row, ArrowError> {
    Ok(Row::Error(ErrorRow { source_id: values.source_id.take(), document: values.number("document")?, message: values.needed("message")? }))
}

fn end_cells(row: &Row) -> Option<Vec<Cell>> {
    let Row::End(end) = row else { return None };
    let mut cells: Vec<Cell> = [end.documents, end.records, end.errors].map(number).into();
    cells.extend([end.program.as_str().into(), end.schemas.as_str().into()]);
    Some(cells)
}

fn end_row(values: Values) -> Result<Row, ArrowError> {
    Ok(Row::End(End {
        documents: values.number("documents")?,
        records: values.number("records")?,
        errors: values.number("errors")?,
        program: values.needed("program")?,
        schemas: values.needed("schemas")?,
    }))
}
