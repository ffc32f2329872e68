//! Expectations: counts and sets that must hold, each dated and cited.
//!
//! A count with a claim compares three numbers: the rows, the number in the cited sentence, and the number expected; the finding says
//! which of them moved. The line of the sentence is found in the text.

mod claims;
mod hints;
mod measure;

use std::collections::{BTreeMap, BTreeSet};

use super::Against;
use super::checks::Checks;
use super::keys;
use super::places::Told;
use crate::error::Error;
use crate::findings::{Check, Code, Finding, Outcome, Place, Severity, code};
use crate::model::dataset::{Dataset, row_id};
use crate::model::expectations::{Comparator, Expectation, Expectations, FillRate, SumOf, ValueSet};
use crate::model::{Cell, TableSchema};

use claims::Located;
use measure::Selection;

/// What one expectation came to.
#[derive(Debug, Default)]
struct Found {
    rows: usize,
    measured: String,
    expected: String,
    /// The number of rows, where that is what is measured.
    number: Option<u64>,
    not_run: bool,
    /// What does not hold, and why the cited sentence does not support it.
    findings: Vec<Finding>,
}

/// Looks at every expectation; those that add up others come last.
///
/// # Errors
/// `Fault` where a query cannot be carried out.
pub fn check(expectations: &Expectations, dataset: &Dataset, against: &Against<'_>, checks: &mut Checks<'_>) -> Result<(), Error> {
    let mut numbers: BTreeMap<&str, Option<u64>> = BTreeMap::new();
    for (place, expectation) in &expectations.expectations {
        // What is wrong with the file itself is reported where it is read.
        let (Ok(comparator), Some(table)) = (expectation.comparator(), &expectation.table) else { continue };
        let Some(schema) = against.schemas.table(table) else { continue };
        let looked = Looked { place, expectation, schema, dataset, against };
        let result = looked.compare(comparator)?;
        numbers.insert(&expectation.id, result.number);
        add(checks, expectation, comparator, result);
    }
    for (place, expectation) in &expectations.expectations {
        if let Ok(comparator @ Comparator::SumEquals(sum)) = expectation.comparator() {
            let mut result = add_up(place, expectation, sum, &numbers);
            if let Some(Err(why)) = expectation.claim.as_ref().map(|claim| claims::locate(claim, against.texts)) {
                result.findings.push(claim_not_found(place, expectation, why));
            }
            add(checks, expectation, comparator, result);
        }
    }
    Ok(())
}

/// The code of what an expectation finds wrong, as a rule.
fn code_of(comparator: Comparator<'_>) -> &'static Code {
    match comparator {
        Comparator::Equals(_) | Comparator::ClaimEquals => code::COUNT_DIFFERS,
        Comparator::SetEquals(_) | Comparator::SubsetOf(_) => code::SET_DIFFERS,
        Comparator::SumEquals(_) => code::SUM_DIFFERS,
        Comparator::Unique(_) => code::ROWS_NOT_UNIQUE,
        Comparator::FillRate(_) => code::FILL_RATE_LOW,
        Comparator::UnreadShare(_) => code::UNREAD_SHARE_HIGH,
        Comparator::MaxRemoved(_) => code::ROWS_REMOVED,
    }
}

fn add(checks: &mut Checks<'_>, expectation: &Expectation, comparator: Comparator<'_>, result: Found) {
    let Found { rows, measured, expected, not_run, findings, .. } = result;
    // A check that proves nothing is no milder than an error: it would look like one that passed.
    let proves_nothing = [code::EXPECTATION_UNFIT, code::EXPECTATION_EMPTY, code::CHECK_NOT_RUN].map(|code| code.name);
    let own = match findings.iter().any(|finding| proves_nothing.contains(&finding.code)) {
        true => Some(Severity::Error),
        false => expectation.own_severity(),
    };
    let outcome = match (not_run, findings.is_empty()) {
        (true, _) => Outcome::NotRun,
        (false, false) => Outcome::Failed,
        (false, true) => Outcome::Passed,
    };
    let findings = findings.into_iter().map(|finding| if let Some(own) = own { finding.severity(own) } else { finding });
    let findings: Vec<Told> = findings.map(Told::from).collect();
    let severity = own.unwrap_or_else(|| checks.severity(code_of(comparator), &findings));
    let check = Check { id: expectation.id.clone(), kind: comparator.name().into(), severity, rows, measured, expected, outcome, waived: None };
    checks.add(check, findings);
}

/// That the cited sentence is not in its source.
fn claim_not_found(place: &Place, expectation: &Expectation, why: String) -> Finding {
    let cited = expectation.claim.as_ref().map_or_else(String::new, |claim| claim.text.clone());
    Finding::new(code::CLAIM_NOT_FOUND, place.clone(), why)
        .compared("no such sentence", cited)
        .hint("the sentence was changed or removed: correct the claim in schemas/expectations.toml, or the text")
}

/// An expectation with the table that it looks at.
#[derive(Clone, Copy)]
struct Looked<'a> {
    place: &'a Place,
    expectation: &'a Expectation,
    schema: &'a TableSchema,
    dataset: &'a Dataset,
    against: &'a Against<'a>,
}

impl Looked<'_> {
    fn compare(&self, comparator: Comparator<'_>) -> Result<Found, Error> {
        if let Some(why) = self.unfit(comparator) {
            return Ok(not_run(code::EXPECTATION_UNFIT, self.place, why));
        }
        let selection = measure::select(self.expectation, self.schema, self.dataset)?;
        let located = self.expectation.claim.as_ref().map(|claim| claims::locate(claim, self.against.texts));
        let mut result = match comparator {
            Comparator::Equals(expected) => self.equals(&selection, Some(expected), located.as_ref()),
            Comparator::ClaimEquals => self.equals(&selection, None, located.as_ref()),
            Comparator::SetEquals(set) => self.set(&selection, set, true, located.as_ref()),
            Comparator::SubsetOf(set) => self.set(&selection, set, false, located.as_ref()),
            Comparator::Unique(columns) => self.unique(&selection, columns),
            Comparator::FillRate(rate) => self.fill_rate(&selection, rate),
            Comparator::UnreadShare(share) => self.unread_share(&selection, share),
            Comparator::MaxRemoved(budget) => self.max_removed(budget)?,
            Comparator::SumEquals(_) => Found::default(),
        };
        let looks_at_rows = !matches!(comparator, Comparator::MaxRemoved(_));
        let is_zero_expected = matches!(comparator, Comparator::Equals(0));
        if looks_at_rows && selection.rows.is_empty() && !self.expectation.allow_empty && !is_zero_expected {
            let message = format!("{}: no row at all, expected {}", self.subject(), result.expected);
            let finding = self.finding(code::EXPECTATION_EMPTY, message).compared("0 rows", "at least 1 row");
            result.findings = vec![finding.hint("a check over no rows proves nothing: mend the filter, or say allow_empty = true")];
        }
        if let Some(Err(why)) = located {
            result.findings.push(claim_not_found(self.place, self.expectation, why));
        }
        Ok(result)
    }

    /// Why the expectation does not fit its table.
    fn unfit(&self, comparator: Comparator<'_>) -> Option<String> {
        let of_comparator: Vec<&String> = match comparator {
            Comparator::SetEquals(set) | Comparator::SubsetOf(set) => vec![&set.column],
            Comparator::Unique(columns) => columns.iter().collect(),
            Comparator::FillRate(rate) => vec![&rate.column],
            _ => Vec::new(),
        };
        let unknown = self.expectation.filter.keys().chain(of_comparator).find(|column| self.schema.position_of(column).is_none());
        if let Some(column) = unknown {
            return Some(format!("expectation \"{}\": {} has no column \"{column}\"", self.expectation.id, self.schema.name));
        }
        let has_terms = self.schema.position_of("valid_from").is_some() && self.schema.position_of("valid_to").is_some();
        if self.expectation.as_of.is_some() && !has_terms {
            return Some(format!(
                "expectation \"{}\": {} has no valid_from and valid_to, so that nothing in it holds as of a day",
                self.expectation.id, self.schema.name
            ));
        }
        let needs = match comparator {
            Comparator::UnreadShare(_) => Some(["unread", "bytes"]),
            _ => None,
        };
        let lacks = needs.into_iter().flatten().find(|column| self.schema.position_of(column).is_none());
        lacks.map(|column| format!("expectation \"{}\": {} has no column \"{column}\"", self.expectation.id, self.schema.name))
    }

    fn finding(&self, code: &'static Code, message: String) -> Finding {
        Finding::new(code, self.place.clone(), message)
    }

    /// That what was measured is not what was expected.
    fn fails(&self, result: &mut Found, code: &'static Code, message: String, hint: Option<String>) {
        let mut finding = self.finding(code, message).compared(&result.measured, &result.expected);
        finding.hint = hint;
        result.findings.push(finding);
    }

    /// Which rows are looked at, in words: "memberships of x via y with role observer".
    fn subject(&self) -> String {
        let filter = &self.expectation.filter;
        let mut subject = self.schema.name.clone();
        let is_via = |column: &str| column.starts_with("via_");
        for (column, value) in filter.iter().filter(|(column, _)| column.ends_with("_id") && !is_via(column)) {
            subject.push_str(if column == "source_id" { " in " } else { " of " });
            subject.push_str(&value.spelling());
        }
        for (_, value) in filter.iter().filter(|(column, _)| is_via(column)) {
            subject.push_str(" via ");
            subject.push_str(&value.spelling());
        }
        let others: Vec<String> =
            filter.iter().filter(|(column, _)| !column.ends_with("_id")).map(|(column, value)| format!("{column} {}", value.spelling())).collect();
        if !others.is_empty() {
            subject.push_str(" with ");
            subject.push_str(&others.join(", "));
        }
        subject
    }

    fn as_of(&self) -> String {
        self.expectation.as_of.map_or_else(String::new, |day| format!(" as of {day}"))
    }

    /// Rows, the number in the sentence, and the number expected; without the last, rows and sentence.
    fn equals(&self, selection: &Selection<'_>, expected: Option<u64>, located: Option<&Result<Located, String>>) -> Found {
        let rows = selection.rows.len() as u64;
        let located = located.and_then(|located| located.as_ref().ok());
        let claimed = located.and_then(|located| located.number(expected));
        let wanted = expected.or(claimed);
        let mut result = Found {
            rows: selection.rows.len(),
            measured: rows.to_string(),
            expected: wanted.map_or_else(String::new, |number| number.to_string()),
            number: Some(rows),
            ..Found::default()
        };
        let Some(wanted) = wanted else { return result };
        let line = located.map(Located::place);
        let claim_says = |number: u64| line.as_ref().map(|place| format!("the source says {number} on line {} of {}", place.line, place.path));
        let message = || format!("{}: {rows}, expected {wanted}{}", self.subject(), self.as_of());
        match (rows == wanted, claimed) {
            (true, Some(claimed)) if claimed != wanted => {
                let message = format!("{}: the source says {claimed}, the rows and the expectation say {wanted}{}", self.subject(), self.as_of());
                let hint = claim_says(claimed).map(|says| format!("{says}: the sentence moved; correct the text, or the expectation and the list"));
                let mut finding = self.finding(code::CLAIM_DIFFERS, message).compared(claimed.to_string(), &result.expected);
                finding.hint = hint;
                result.findings.push(finding);
            }
            (true, _) => {}
            (false, Some(claimed)) if claimed == rows => {
                let hint =
                    claim_says(claimed).map(|says| format!("{says}, as the rows do: the expectation moved; correct it in schemas/expectations.toml"));
                self.fails(&mut result, code::COUNT_DIFFERS, message(), hint);
            }
            (false, Some(claimed)) => {
                let also = if claimed == wanted { "" } else { ": rows, sentence and expectation say three different numbers" };
                let hint = join([claim_says(claimed).map(|says| format!("{says}{also}")), hints::differences(self, selection)]);
                self.fails(&mut result, code::COUNT_DIFFERS, message(), hint);
            }
            (false, None) => {
                let cited = line.map(|place| format!("the claim is on line {} of {}", place.line, place.path));
                self.fails(&mut result, code::COUNT_DIFFERS, message(), join([cited, hints::differences(self, selection)]));
            }
        }
        result
    }

    fn set(&self, selection: &Selection<'_>, set: &ValueSet, whole: bool, located: Option<&Result<Located, String>>) -> Found {
        let found = selection.values(self.schema, &set.column);
        let allowed = set.values.iter().cloned().collect::<BTreeSet<String>>();
        // A subset lacks nothing.
        let due = if whole { allowed.clone() } else { allowed.intersection(&found).cloned().collect() };
        let mut result = Found {
            rows: selection.rows.len(),
            measured: format!("{} values", found.len()),
            expected: if whole { format!("{} values", set.values.len()) } else { format!("some of {} values", set.values.len()) },
            number: Some(selection.rows.len() as u64),
            ..Found::default()
        };
        let Some(differences) = hints::between(&due, &found, String::clone) else { return result };
        let message = format!("{} of {}: {}, expected {}{}", set.column, self.subject(), result.measured, result.expected, self.as_of());
        let cited = located.and_then(|located| located.as_ref().ok()).map(|located| {
            let place = located.place();
            format!("the claim is on line {} of {}", place.line, place.path)
        });
        let spelt = |values: &BTreeSet<String>| values.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let expected = if whole { spelt(&allowed) } else { format!("some of {}", spelt(&allowed)) };
        let mut finding = self.finding(code::SET_DIFFERS, message).compared(spelt(&found), expected);
        finding.hint = join([cited, Some(differences)]);
        result.findings.push(finding);
        result
    }

    fn unique(&self, selection: &Selection<'_>, columns: &[String]) -> Found {
        let positions: Vec<usize> = columns.iter().filter_map(|column| self.schema.position_of(column)).collect();
        let rows: Vec<_> = selection.rows.iter().map(|row| row.clone().into_owned()).collect();
        let alike = keys::alike(&rows, &positions);
        let mut result = Found { rows: rows.len(), measured: format!("{} alike", alike.len()), expected: "0 alike".to_owned(), ..Found::default() };
        if let Some(first) = alike.first() {
            let message = format!("{}: {} rows have the {} of another", self.subject(), alike.len(), columns.join(" and "));
            let hint = format!("the first is \"{}\" of row {}", row_id(first, &positions), row_id(first, &self.schema.key_positions()));
            self.fails(&mut result, code::ROWS_NOT_UNIQUE, message, Some(hint));
        }
        result
    }

    fn fill_rate(&self, selection: &Selection<'_>, rate: &FillRate) -> Found {
        let Some(at) = self.schema.position_of(&rate.column) else { return Found::default() };
        let empty: Vec<_> = selection.rows.iter().filter(|row| row[at].is_null()).collect();
        let filled = selection.rows.len() - empty.len();
        let share = filled as f64 / selection.rows.len().max(1) as f64;
        let mut result = Found {
            rows: selection.rows.len(),
            measured: percent(share),
            expected: format!("at least {}", percent(rate.at_least)),
            ..Found::default()
        };
        if share < rate.at_least {
            let message = format!("{} of {}: {} filled, expected at least {}", rate.column, self.subject(), percent(share), percent(rate.at_least));
            let hint = empty.first().map(|row| format!("{} rows have none, the first is {}", empty.len(), row_id(row, &self.schema.key_positions())));
            self.fails(&mut result, code::FILL_RATE_LOW, message, hint);
        }
        result
    }

    fn unread_share(&self, selection: &Selection<'_>, at_most: f64) -> Found {
        let sum = |column: &str| {
            let at = self.schema.position_of(column);
            at.map_or(0, |at| selection.rows.iter().filter_map(|row| row[at].as_integer()).sum::<i64>())
        };
        // Blank bytes can be neither read nor unread.
        let share = sum("unread") as f64 / (sum("bytes") - sum("blank")).max(1) as f64;
        let mut result =
            Found { rows: selection.rows.len(), measured: percent(share), expected: format!("at most {}", percent(at_most)), ..Found::default() };
        if share > at_most {
            let message = format!("{}: {} unread, expected at most {}", self.subject(), percent(share), percent(at_most));
            let hint = "add headings to schemas/vocabulary, or list the lines in schemas/ignored.toml with a reason".to_owned();
            self.fails(&mut result, code::UNREAD_SHARE_HIGH, message, Some(hint));
        }
        result
    }

    /// The row of this check says nothing that depends on the last release: else publishing twice would give two releases.
    fn max_removed(&self, budget: u64) -> Result<Found, Error> {
        let removed = self.against.previous.map(|previous| measure::removed(self.schema, previous, self.dataset, self.against));
        let removed = removed.transpose()?.unwrap_or_default();
        let mut result = Found {
            rows: self.dataset.count(&self.schema.name),
            measured: "within the budget".to_owned(),
            expected: format!("at most {budget} removed"),
            ..Found::default()
        };
        if removed.len() as u64 > budget {
            let message = format!("{}: {} rows of the last release are gone, expected at most {budget}", self.schema.name, removed.len());
            let first = removed.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
            let hint = format!(
                "gone without a tombstone: {first}{}; list them in schemas/renames.toml with the reason, or bring them back",
                if removed.len() > 3 { " …" } else { "" }
            );
            let finding = self.finding(code::ROWS_REMOVED, message).compared(format!("{} removed", removed.len()), &result.expected);
            result.findings.push(finding.hint(hint));
        }
        Ok(result)
    }
}

/// A check that could not be made, and why: nothing was measured.
fn not_run(code: &'static Code, place: &Place, why: String) -> Found {
    Found { not_run: true, measured: format!("not run: {why}"), findings: vec![Finding::new(code, place.clone(), why)], ..Found::default() }
}

/// Adds up what other expectations measured.
fn add_up(place: &Place, expectation: &Expectation, sum: &SumOf, numbers: &BTreeMap<&str, Option<u64>>) -> Found {
    let number = |id: &String| numbers.get(id.as_str()).copied().flatten();
    let parts: Option<Vec<u64>> = sum.parts.iter().map(number).collect();
    let (Some(parts), Some(total)) = (parts, number(&sum.total)) else {
        let message = format!("expectation \"{}\" adds up others that measured no number", expectation.id);
        return not_run(code::CHECK_NOT_RUN, place, message);
    };
    let added: u64 = parts.iter().sum();
    let spelt: Vec<String> = parts.iter().map(u64::to_string).collect();
    let mut result = Found {
        rows: parts.len() + 1,
        measured: format!("{} = {added}", spelt.join(" + ")),
        expected: total.to_string(),
        number: Some(added),
        ..Found::default()
    };
    if added != total {
        let message = format!("{}: {}, expected {total}, the number of {}", sum.parts.join(" + "), result.measured, sum.total);
        let finding = Finding::new(code::SUM_DIFFERS, place.clone(), message).compared(added.to_string(), &result.expected);
        result.findings.push(finding.hint("a member is in none of the parts, or in more than one"));
    }
    result
}

fn percent(share: f64) -> String {
    format!("{:.1} per cent", share * 100.0)
}

/// Two halves of a hint, where there are any.
fn join(parts: [Option<String>; 2]) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The spelling under which a cell is compared with values in the file.
fn spelling(cell: &Cell) -> String {
    cell.spelling().into_owned()
}
