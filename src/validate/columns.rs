//! The rules of one column, compiled once: type, required, enum, pattern, range, lengths.

use regex::Regex;

use super::breach::Breach;
use crate::model::Cell;
use crate::model::bound::Bound;
use crate::model::table::{Field, FieldType, whole_pattern};

/// Names of the rules, in the order in which a cell is held to them.
pub const RULES: [&str; 6] = ["type", "required", "enum", "pattern", "range", "length"];

/// A column with its rules.
#[derive(Debug)]
pub struct ColumnRules<'a> {
    field: &'a Field,
    required: bool,
    pattern: Option<Regex>,
    lengths: Option<(usize, usize)>,
    allowed: Vec<&'a str>,
    missing: &'a [String],
}

impl<'a> ColumnRules<'a> {
    /// Compiles the rules of a column.
    ///
    /// # Errors
    /// Where its pattern is no regular expression.
    pub fn new(field: &'a Field, required: bool, missing: &'a [String]) -> Result<Self, regex::Error> {
        let constraints = &field.constraints;
        let pattern = constraints.pattern.as_deref().map(whole_pattern).transpose()?;
        let has_lengths = constraints.min_length.is_some() || constraints.max_length.is_some();
        let lengths = has_lengths.then(|| (constraints.min_length.unwrap_or(0), constraints.max_length.unwrap_or(usize::MAX)));
        Ok(Self { field, required, pattern, lengths, allowed: field.allowed(), missing })
    }

    /// Whether a value of the column can break any rule at all: of a text without constraints none can.
    #[must_use]
    pub fn has_any(&self) -> bool {
        self.field.field_type != FieldType::String || RULES.iter().skip(1).any(|rule| self.has(rule))
    }

    /// Whether the column has a rule of that name.
    #[must_use]
    pub fn has(&self, rule: &str) -> bool {
        let constraints = &self.field.constraints;
        match rule {
            "type" => true,
            "required" => self.required,
            "enum" => !self.allowed.is_empty(),
            "pattern" => self.pattern.is_some(),
            "range" => constraints.minimum.is_some() || constraints.maximum.is_some(),
            "length" => self.lengths.is_some(),
            _ => false,
        }
    }

    /// How a cell breaks the first rule that it breaks.
    #[must_use]
    pub fn broken(&self, cell: &Cell) -> Option<Breach> {
        let name = &self.field.name;
        match cell {
            Cell::Null => self.broken_by_nothing(),
            Cell::Text(text) if self.is_missing(text) => self.broken_by_nothing(),
            Cell::Text(text) if self.field.field_type == FieldType::String => self.broken_by_text(text),
            Cell::Integer(_) if self.field.field_type == FieldType::Integer => self.broken_by_bounds(cell),
            Cell::Number(value) if self.field.field_type == FieldType::Number => {
                if value.is_finite() {
                    self.broken_by_bounds(cell)
                } else {
                    Some(Breach::new("type", format!("{name} is {value}, expected a number"), value.to_string(), "a number"))
                }
            }
            Cell::Date(_) if self.field.field_type == FieldType::Date => self.broken_by_bounds(cell),
            Cell::Boolean(_) if self.field.field_type == FieldType::Boolean => None,
            other => Some(Breach::of_text("type", name, &other.spelling(), type_name(self.field.field_type))),
        }
    }

    /// How a value, as it is spelt in a file, breaks the first rule that it breaks. An empty text is no value.
    #[must_use]
    pub fn broken_by_spelling(&self, text: &str) -> Option<Breach> {
        if text.is_empty() || self.is_missing(text) {
            return self.broken_by_nothing();
        }
        match self.field.field_type {
            FieldType::String => self.broken_by_text(text),
            field_type => self.broken(&Cell::parse(field_type, text).unwrap_or_else(|| Cell::text(text))),
        }
    }

    fn is_missing(&self, text: &str) -> bool {
        self.missing.iter().any(|missing| missing == text)
    }

    fn broken_by_nothing(&self) -> Option<Breach> {
        self.required.then(|| Breach::new("required", format!("{} is empty", self.field.name), "", "a value"))
    }

    fn broken_by_text(&self, text: &str) -> Option<Breach> {
        let name = &self.field.name;
        let one_of = &self.allowed;
        if text.is_empty() {
            return Some(Breach::new("type", format!("{name} is an empty text, expected none"), "", "no empty text"));
        }
        if !one_of.is_empty() && !one_of.contains(&text) {
            return Some(Breach::of_text("enum", name, text, format!("one of {}", one_of.join(", "))));
        }
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text)) {
            let pattern = self.field.constraints.pattern.as_deref().unwrap_or_default();
            return Some(Breach::of_text("pattern", name, text, format!("the pattern {pattern}")));
        }
        let (min, max) = self.lengths?;
        // Bytes bound the number of characters, so that most texts need not be counted.
        let may_break = text.len() > max || text.len() < min.saturating_mul(4);
        let length = if may_break { text.chars().count() } else { return None };
        (length < min || length > max).then(|| {
            let expected = bounds(min, max);
            let message = format!("{name} has {length} characters, expected {expected}");
            Breach::new("length", message, format!("{length} characters"), format!("{expected} characters"))
        })
    }

    fn broken_by_bounds(&self, cell: &Cell) -> Option<Breach> {
        let value = Bound::of(cell)?;
        let constraints = &self.field.constraints;
        let bound = match (constraints.minimum, constraints.maximum) {
            (Some(minimum), _) if value < minimum => format!("at least {minimum}"),
            (_, Some(maximum)) if value > maximum => format!("at most {maximum}"),
            _ => return None,
        };
        let found = cell.spelling();
        Some(Breach::new("range", format!("{} is {found}, expected {bound}", self.field.name), found, bound))
    }
}

fn bounds(min: usize, max: usize) -> String {
    match (min, max) {
        (0, max) => format!("at most {max}"),
        (min, usize::MAX) => format!("at least {min}"),
        (min, max) if min == max => format!("exactly {min}"),
        (min, max) => format!("{min} to {max}"),
    }
}

fn type_name(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::String => "a text",
        FieldType::Integer => "a whole number",
        FieldType::Number => "a number",
        FieldType::Date => "a day",
        FieldType::Boolean => "true or false",
    }
}
