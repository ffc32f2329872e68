//! A table schema: the single statement of a table, read from `schemas/tables/<table>.json` (Data Package 2.0 Table Schema with
//! a few properties of our own: `kind`, `origin`, `derivedFrom`, `role`, `allowEmpty`, `rowRules`, `record`, `extract`).
//!
//! The Arrow schemas of rows and records, the CSV header, the columns of `extract` and the descriptors all derive from it.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field as ArrowField, Fields, Schema};
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::Cell;
use super::bound::Bound;
use super::complaint::Complaint;

/// One published table.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableSchema {
    pub name: String,
    pub title: String,
    pub description: String,
    /// Where it stands among the tables of the data set, from 1.
    pub position: u32,
    pub role: Role,
    /// Whether the table may have no row: rules over no rows prove nothing, so that it must be said.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_empty: bool,
    pub fields: Vec<Field>,
    pub primary_key: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique_keys: Vec<Vec<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub row_rules: Vec<RowRule>,
    /// Texts that stand for no value, besides the empty one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_values: Vec<String>,
    /// What extractors emit for this table; none where the table is made from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordSchema>,
    /// Columns of `rollcall extract --to csv`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extract: Vec<ExtractColumn>,
}

/// What a table is for; facts and reference tables decide the version number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Fact,
    Reference,
    Provenance,
    History,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub field_type: FieldType,
    pub description: String,
    /// What the value is (country, date, organization…): decides how it is cleaned and normalized.
    pub kind: String,
    pub origin: Origin,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub derived_from: Vec<String>,
    /// What the column was called in earlier releases, where it had another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    #[serde(default, skip_serializing_if = "Constraints::is_empty")]
    pub constraints: Constraints,
    /// The values that there are, with what each means. Where there is an `enum` too, it says the same values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
}

/// A value of a column, with or without a label.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Category {
    Value(String),
    Labelled(LabelledCategory),
}

impl Category {
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::Value(value) | Self::Labelled(LabelledCategory { value, .. }) => value,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LabelledCategory {
    pub value: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

impl Field {
    /// The values that the column may have; none where it may have any.
    #[must_use]
    pub fn allowed(&self) -> Vec<&str> {
        if !self.constraints.one_of.is_empty() {
            return self.constraints.one_of.iter().map(String::as_str).collect();
        }
        self.categories.iter().map(Category::value).collect()
    }

    /// What to say of a pattern that is no regular expression.
    #[must_use]
    pub fn wrong_pattern(&self, error: &regex::Error) -> Complaint {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
        let pattern = self.constraints.pattern.as_deref().unwrap_or_default();
        let message = format!("the pattern of column \"{}\" is no regular expression: {reason}", self.name);
        Complaint::new(message).compared(pattern, "a regular expression")
    }

    /// Bounds that are of another type than the column, by their keywords.
    pub fn unfit_bounds(&self) -> impl Iterator<Item = (&'static str, Complaint)> + '_ {
        let unfit = self.constraints.bounds().filter(|(_, bound)| !bound.fits(self.field_type));
        unfit.map(|(keyword, bound)| {
            let expected = match self.field_type {
                FieldType::Integer | FieldType::Number => "a number",
                FieldType::Date => "a day as 2014-10-15",
                FieldType::String | FieldType::Boolean => "none, since its values have no order",
            };
            let message = format!("the {keyword} of column \"{}\" is {bound}, expected {expected}", self.name);
            (keyword, Complaint::new(message).compared(bound.to_string(), expected))
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    String,
    Integer,
    Number,
    Date,
    Boolean,
}

impl FieldType {
    /// Whether a value is of the type; no value is of any.
    #[must_use]
    pub fn is_of(self, cell: &Cell) -> bool {
        match cell {
            Cell::Null => true,
            Cell::Text(_) => self == Self::String,
            Cell::Integer(_) => self == Self::Integer,
            Cell::Number(_) => self == Self::Number,
            Cell::Date(_) => self == Self::Date,
            Cell::Boolean(_) => self == Self::Boolean,
        }
    }
}

/// Where the value of a column comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Read from a source; has evidence of its own.
    Stated,
    /// From named columns or reference data, whose evidence it inherits.
    Derived,
    /// An id or a registered value.
    Assigned,
    Computed,
}

impl Origin {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Derived => "derived",
            Self::Assigned => "assigned",
            Self::Computed => "computed",
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Constraints {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    #[serde(default, rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub one_of: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Bound>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
}

impl Constraints {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The bounds, each with its keyword.
    pub fn bounds(&self) -> impl Iterator<Item = (&'static str, Bound)> + use<> {
        [("minimum", self.minimum), ("maximum", self.maximum)].into_iter().filter_map(|(keyword, bound)| Some((keyword, bound?)))
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    pub fields: Vec<String>,
    pub reference: Reference,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub resource: String,
    pub fields: Vec<String>,
}

/// A rule over the columns of one row.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum RowRule {
    /// Exactly one of the columns has a value.
    ExactlyOne(Vec<String>),
    /// The first day is before the second, where both are known.
    Before([String; 2]),
    /// The first day is not after the second, where both are known.
    Ordered([String; 2]),
    /// All of the columns have a value, or none.
    TogetherWith(Vec<String>),
    /// The first column is the sum of the others.
    Sum(Vec<String>),
}

/// What an extractor emits: one candidate row, before resolving.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSchema {
    pub fields: Vec<RecordField>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RecordField {
    pub name: String,
    #[serde(rename = "type")]
    pub field_type: FieldType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A column of `extract --to csv`: a projection of the record.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExtractColumn {
    pub name: String,
    /// A field of the record, or `source_id` or `line`.
    pub from: String,
    /// Another field that is joined to the value as a suffix: `member` and `state` make `member_state`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compound: Option<String>,
}

impl RowRule {
    /// The columns that it speaks of.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        match self {
            Self::ExactlyOne(columns) | Self::TogetherWith(columns) | Self::Sum(columns) => columns,
            Self::Before(pair) | Self::Ordered(pair) => pair,
        }
    }
}

/// A pattern of a column, made ready: it speaks of the whole value.
///
/// # Errors
/// Where it is no regular expression.
pub fn whole_pattern(pattern: &str) -> Result<Regex, regex::Error> {
    Regex::new(&format!("^(?:{pattern})$"))
}

impl TableSchema {
    /// Where `column` stands in a row.
    #[must_use]
    pub fn position_of(&self, column: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == column)
    }

    /// Positions of the primary key's columns.
    #[must_use]
    pub fn key_positions(&self) -> Vec<usize> {
        self.primary_key.iter().filter_map(|column| self.position_of(column)).collect()
    }

    #[must_use]
    pub fn column_names(&self) -> Vec<&str> {
        self.fields.iter().map(|field| field.name.as_str()).collect()
    }

    /// Schema of the published rows.
    #[must_use]
    pub fn arrow_schema(&self) -> Schema {
        let fields: Vec<ArrowField> =
            self.fields.iter().map(|field| ArrowField::new(&field.name, arrow_type(field.field_type), !self.is_required(field))).collect();
        Schema::new(fields)
    }

    /// Schema of the records at the boundary between the two halves; none where nothing is extracted for this table.
    #[must_use]
    pub fn record_arrow_schema(&self) -> Option<Schema> {
        let record = self.record.as_ref()?;
        let mut fields = vec![
            ArrowField::new("source_id", DataType::Utf8, false),
            ArrowField::new("seq", DataType::UInt32, false),
            ArrowField::new("rule", DataType::Utf8, false),
            ArrowField::new("line", DataType::UInt32, false),
            ArrowField::new("withheld", DataType::Boolean, false),
        ];
        fields.extend(record.fields.iter().map(|field| ArrowField::new(&field.name, arrow_type(field.field_type), true)));
        fields.push(ArrowField::new("evidence", DataType::List(Arc::new(evidence_item())), false));
        Some(Schema::new(fields))
    }

    /// Whether every row must have a value in the column: said so, or part of the key.
    #[must_use]
    pub fn is_required(&self, field: &Field) -> bool {
        field.constraints.required
    }
}

/// The one place that maps the types of a table schema to those of Arrow and so of Parquet.
#[must_use]
pub fn arrow_type(field_type: FieldType) -> DataType {
    match field_type {
        FieldType::String => DataType::Utf8,
        FieldType::Integer => DataType::Int64,
        FieldType::Number => DataType::Float64,
        FieldType::Date => DataType::Date32,
        FieldType::Boolean => DataType::Boolean,
    }
}

/// One piece of evidence of a record, as a list item.
#[must_use]
pub fn evidence_item() -> ArrowField {
    ArrowField::new("item", DataType::Struct(evidence_fields()), false)
}

/// The columns of a piece of evidence at the boundary.
#[must_use]
pub fn evidence_fields() -> Fields {
    Fields::from(vec![
        ArrowField::new("column", DataType::Utf8, false),
        ArrowField::new("line_start", DataType::UInt32, false),
        ArrowField::new("line_end", DataType::UInt32, false),
        ArrowField::new("byte_start", DataType::UInt32, false),
        ArrowField::new("byte_end", DataType::UInt32, false),
        ArrowField::new("quote", DataType::Utf8, false),
        ArrowField::new("quote_sha256", DataType::Utf8, false),
    ])
}
