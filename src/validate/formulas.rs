//! Cells that a spreadsheet would run as a formula. A finding, not an edit: values are published as they are in the source.

use super::Against;
use super::checks::Checks;
use super::places::Told;
use crate::findings::{Finding, code};
use crate::model::TableSchema;
use crate::model::dataset::{Row, row_id};
use crate::model::table::FieldType;

/// Whether a spreadsheet takes the text for a formula. Phones and numbers with a sign do no harm: it makes a number of them.
#[must_use]
fn is_run(text: &str) -> bool {
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    match first {
        "=" | "@" | "\t" | "\r" => true,
        "+" | "-" => !rest.bytes().all(|byte| byte.is_ascii_digit() || b" ()./-".contains(&byte)),
        _ => false,
    }
}

/// Looks at every text of every table, row by row.
#[derive(Debug, Default)]
pub struct Looking {
    texts: Vec<usize>,
    examined: usize,
    findings: Vec<Told>,
}

impl Looking {
    /// Goes on to the next table.
    pub fn begin(&mut self, schema: &TableSchema) {
        self.texts = (0..schema.fields.len()).filter(|&at| schema.fields[at].field_type == FieldType::String).collect();
    }

    pub fn row(&mut self, against: &Against<'_>, schema: &TableSchema, row: &Row) {
        self.examined += 1;
        for &at in &self.texts {
            let Some(text) = row[at].as_text().filter(|text| is_run(text)) else { continue };
            let column = schema.fields[at].name.as_str();
            let first: String = text.chars().take(1).collect();
            let id = row_id(row, &schema.key_positions());
            let message = format!("{column} of {} {id} starts with {first:?}, which a spreadsheet runs", schema.name);
            self.findings.push(Told::about(against, schema, row, Some(column), |place| {
                Finding::new(code::FORMULA_CELL, place, message)
                    .compared(format!("{first:?} first"), "a letter or digit first")
                    .hint("it is published as it is: import the CSV as text")
            }));
        }
    }

    pub fn finish(self, checks: &mut Checks<'_>) {
        checks.rule("all", "no_formula", code::FORMULA_CELL, self.examined, self.findings);
    }
}

#[cfg(test)]
mod tests {
    use super::is_run;

    #[test]
    fn what_a_spreadsheet_runs_is_seen_and_phones_are_not() {
        for text in ["=1+1", "@SUM(A1)", "+cmd", "-2+3=x", "\t=1"] {
            assert!(is_run(text), "{text}");
        }
        for text in ["+66 2 343 94 00", "-5", "+6623439400", "a=b", "", "–dash"] {
            assert!(!is_run(text), "{text}");
        }
    }
}
