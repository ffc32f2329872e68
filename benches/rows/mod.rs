//! Rows that are made up: a table of memberships of many dialogues, as many rows as one likes.

use chrono::{Days, NaiveDate};
use rollcall::model::Cell;

/// A cell of a column, as a table of memberships of many dialogues has it.
#[must_use]
pub fn cell(column: &str, number: usize) -> Cell {
    let day = |days: usize| NaiveDate::default().checked_add_days(Days::new(days as u64));
    match column {
        "membership_id" => format!("dialogue-{:06}--state-{:03}--member", number / 200, number % 200).into(),
        "dialogue_id" => format!("dialogue-{:06}", number / 200).into(),
        "member_type" => "state".into(),
        "iso3" => ["THA", "NPL", "LKA", "PHL", "IDN", "VNM", "KHM", "BGD"][number * 7 % 8].into(),
        "role" => ["member", "observer", "partner", "chair"][number * 5 % 4].into(),
        "role_text" => ["Member States", "Participating countries, as listed", "Observers"][number * 11 % 3].into(),
        "valid_from" if number.is_multiple_of(5) => Cell::optional(day(number % 9000)),
        "first_stated" | "last_stated" => Cell::optional(day(9000 + number % 7000)),
        _ => Cell::Null,
    }
}
