//! Cells that a spreadsheet would run as a formula. A finding, not an edit: values are published as they are in the source.

use super::checks::Checks;
use super::{Against, WRITTEN_LATER, places};
use crate::findings::{Finding, code};
use crate::model::dataset::{Dataset, row_id};
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

/// Looks at every text of every table.
pub fn check(dataset: &Dataset, against: &Against<'_>, checks: &mut Checks<'_>) {
    let mut examined = 0;
    let mut findings = Vec::new();
    for schema in against.schemas.tables.iter().filter(|schema| !WRITTEN_LATER.contains(&schema.name.as_str())) {
        let key = schema.key_positions();
        let texts: Vec<usize> = (0..schema.fields.len()).filter(|&at| schema.fields[at].field_type == FieldType::String).collect();
        for row in dataset.rows(&schema.name) {
            examined += 1;
            for &at in &texts {
                let Some(text) = row[at].as_text().filter(|text| is_run(text)) else { continue };
                let column = schema.fields[at].name.as_str();
                let first: String = text.chars().take(1).collect();
                let message = format!("{column} of {} {} starts with {first:?}, which a spreadsheet runs", schema.name, row_id(row, &key));
                findings.push(
                    Finding::new(code::FORMULA_CELL, places::of_cell(dataset, against, schema, row, Some(column)), message)
                        .compared(format!("{first:?} first"), "a letter or digit first")
                        .hint("it is published as it is: import the CSV as text"),
                );
            }
        }
    }
    checks.rule("all", "no_formula", code::FORMULA_CELL, examined, findings);
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
