//! Values by their kind: a web address is one, a name has a sane length, a day lies in a sane century, a contact is what its kind says.
//!
//! In: one row. Out: what is wrong with it. The rules are those of the crate `validator`; which of them a column must keep is told by the
//! *kind* that its schema gives it.

use chrono::Datelike;
use validator::{ValidateEmail, ValidateLength, ValidateRange, ValidateUrl};

use super::breach::Breach;
use crate::model::dataset::Row;
use crate::model::date::YEARS;
use crate::model::table::Field;
use crate::model::{Cell, TableSchema};

/// The name of the rule in the account of checks.
pub const RULE: &str = "values";

/// Longest name, in characters.
const NAME: u64 = 400;

/// Whether the kind of any column has a rule.
#[must_use]
pub fn has_rules(schema: &TableSchema) -> bool {
    schema.fields.iter().any(|field| matches!(field.kind.as_str(), "url" | "name" | "date" | "contact"))
}

/// How a row breaks the rules of its kinds: the column and what is wrong.
pub fn broken<'a>(schema: &'a TableSchema, row: &'a Row) -> impl Iterator<Item = (&'a Field, Breach)> + 'a {
    schema.fields.iter().enumerate().filter_map(move |(at, field)| {
        let problem = match (field.kind.as_str(), &row[at]) {
            ("url", Cell::Text(text)) => (!is_web_address(text)).then_some("a web address"),
            ("name", Cell::Text(text)) => (!text.validate_length(Some(1), Some(NAME), None)).then_some("1 to 400 characters"),
            ("date", Cell::Date(day)) if field.constraints.bounds().next().is_none() => {
                (!day.year().validate_range(Some(YEARS.0), Some(YEARS.1), None, None)).then_some("a day from 1900 to 2100")
            }
            ("contact", Cell::Text(text)) => contact(schema, row, text),
            _ => None,
        };
        problem.map(|expected| (field, Breach::of_text(RULE, &field.name, &row[at].spelling(), expected)))
    })
}

/// What a contact should be and is not, by the kind in its row.
fn contact(schema: &TableSchema, row: &Row, text: &str) -> Option<&'static str> {
    let kind = schema.position_of("kind").and_then(|at| row[at].as_text());
    let digits = || text.chars().filter(char::is_ascii_digit).count();
    match kind {
        Some("email") => (!text.validate_email()).then_some("a mail address"),
        // Texts leave out the scheme: what matters is that the rest is an address.
        Some("website") => (!is_web_address(text)).then_some("a web address"),
        Some("phone" | "fax") => (!digits().validate_range(Some(4), Some(20), None, None)).then_some("a number of 4 to 20 digits"),
        _ => (!text.validate_length(Some(3), Some(300), None)).then_some("3 to 300 characters"),
    }
}

/// Texts leave out how an address begins: `www.harbour.example/report`.
fn is_web_address(text: &str) -> bool {
    text.validate_url() || text.contains('.') && format!("https://{text}").validate_url()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contacts() -> TableSchema {
        serde_json::from_str(include_str!("../../schemas/tables/contacts.json")).unwrap()
    }

    fn problems(kind: &str, value: &str) -> Vec<String> {
        let schema = contacts();
        let row: Row = ["id", "", "Office", kind, value].into_iter().map(Cell::text).collect();
        broken(&schema, &row).map(|(_, breach)| breach.message).collect()
    }

    #[test]
    fn a_contact_is_what_its_kind_says() {
        assert!(problems("email", "office@forum.example").is_empty());
        assert!(problems("website", "www.forum.example").is_empty());
        assert!(problems("phone", "+6623439400").is_empty());
        assert_eq!(problems("email", "office at forum"), ["value is \"office at forum\", expected a mail address"]);
        assert_eq!(problems("phone", "12"), ["value is \"12\", expected a number of 4 to 20 digits"]);
        assert_eq!(problems("website", "two words"), ["value is \"two words\", expected a web address"]);
    }
}
