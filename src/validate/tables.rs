//! One table against its schema: column by column, then keys, references and the rules over rows.

use std::collections::BTreeMap;

use super::breach::Breach;
use super::checks::Checks;
use super::columns::{ColumnRules, RULES};
use super::{Against, keys, places, rules, values};
use crate::findings::{Code, Finding, Place, code};
use crate::model::TableSchema;
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::json_file;
use crate::model::table::RowRule;

/// Holds every row of a table against everything that its schema says.
pub fn check(schema: &TableSchema, dataset: &Dataset, against: &Against<'_>, checks: &mut Checks<'_>) {
    let table = Table { schema, rows: dataset.rows(&schema.name), dataset, against };
    table.not_empty(checks);
    table.columns(checks);
    table.primary_key(checks);
    table.unique_keys(checks);
    table.references(checks);
    table.row_rules(checks);
    table.values(checks);
}

struct Table<'a> {
    schema: &'a TableSchema,
    rows: &'a [Row],
    dataset: &'a Dataset,
    against: &'a Against<'a>,
}

impl Table<'_> {
    fn finding(&self, code: &'static Code, row: &Row, column: Option<&str>, breach: Breach) -> Finding {
        let id = row_id(row, &self.schema.key_positions());
        let place = places::of_cell(self.dataset, self.against, self.schema, row, column);
        breach.finding(code, place, &format!("{} {id}: ", self.schema.name))
    }

    fn proves_nothing(&self) -> bool {
        self.rows.is_empty() && !self.schema.allow_empty
    }

    /// A rule with the rows that break it; over no rows, where there must be some, it has not run.
    fn rule(&self, checks: &mut Checks<'_>, rule: &'static str, code: &'static Code, findings: Vec<Finding>) {
        if self.proves_nothing() && findings.is_empty() {
            checks.not_run(&self.schema.name, rule, code, "the table has no row");
        } else {
            checks.rule(&self.schema.name, rule, code, self.rows.len(), findings);
        }
    }

    /// That there are rows, where the schema does not say that there may be none.
    fn not_empty(&self, checks: &mut Checks<'_>) {
        if self.schema.allow_empty {
            return;
        }
        let empty = || {
            let path = format!("tables/{}.json", self.schema.name);
            let files = &self.against.schemas.files;
            let (line, column) = json_file::place_of(files.get(&path).unwrap_or_default(), &["name"]);
            Finding::new(code::TABLE_EMPTY, Place::new(files.display(&path), line, column), format!("{} has no row", self.schema.name))
                .compared("0 rows", "at least 1 row")
                .hint("rules over no rows prove nothing: put the rows back, or say \"allowEmpty\": true in the schema")
        };
        let findings = self.rows.is_empty().then(empty).into_iter().collect();
        checks.at_least_one(&self.schema.name, self.rows.len(), findings);
    }

    fn columns(&self, checks: &mut Checks<'_>) {
        let mut by_rule: BTreeMap<&str, (bool, Vec<Finding>)> = BTreeMap::new();
        for (at, field) in self.schema.fields.iter().enumerate() {
            let rules = match ColumnRules::new(field, self.schema.is_required(field), &self.schema.missing_values) {
                Ok(rules) => rules,
                Err(error) => {
                    let place = Place::file(self.against.schemas.files.display(&format!("tables/{}.json", self.schema.name)));
                    let finding = field.wrong_pattern(&error).finding(code::SCHEMA_PATTERN, place);
                    by_rule.entry("pattern").or_insert((true, Vec::new())).1.push(finding);
                    continue;
                }
            };
            for rule in RULES.iter().filter(|rule| rules.has(rule)) {
                by_rule.entry(rule).or_default().0 = true;
            }
            for row in self.rows {
                if let Some(breach) = rules.broken(&row[at]) {
                    by_rule.entry(breach.rule).or_default().1.push(self.finding(code::ROW_INVALID, row, Some(&field.name), breach));
                }
            }
        }
        for rule in RULES {
            if let Some((true, findings)) = by_rule.remove(rule) {
                self.rule(checks, rule, code::ROW_INVALID, findings);
            }
        }
    }

    /// What the kinds of the columns demand.
    fn values(&self, checks: &mut Checks<'_>) {
        if values::has_rules(self.schema) {
            let broken =
                |row| values::broken(self.schema, row).map(move |(field, breach)| self.finding(code::ROW_INVALID, row, Some(&field.name), breach));
            let findings = self.rows.iter().flat_map(broken).collect();
            self.rule(checks, values::RULE, code::ROW_INVALID, findings);
        }
    }

    fn primary_key(&self, checks: &mut Checks<'_>) {
        let key = self.schema.key_positions();
        let findings = keys::out_of_key(self.rows, &key).map(|(row, is_duplicate)| {
            let (message, expected) = if is_duplicate {
                ("another row has the same key", "a key that no other row has")
            } else {
                ("the row stands after one with a greater key", "a greater key than that of the row before")
            };
            self.finding(code::KEY_DUPLICATE, row, None, Breach::new("primary_key", message, row_id(row, &key), expected))
        });
        self.rule(checks, "primary_key", code::KEY_DUPLICATE, findings.collect());
    }

    fn unique_keys(&self, checks: &mut Checks<'_>) {
        let single = self.schema.fields.iter().filter(|field| field.constraints.unique).map(|field| vec![field.name.clone()]);
        let all: Vec<Vec<String>> = self.schema.unique_keys.iter().cloned().chain(single).collect();
        if all.is_empty() {
            return;
        }
        let mut findings = Vec::new();
        for columns in &all {
            let positions: Vec<usize> = columns.iter().filter_map(|column| self.schema.position_of(column)).collect();
            for row in keys::alike(self.rows, &positions) {
                let value = row_id(row, &positions);
                let message = format!("another row has \"{value}\" in {} too", columns.join(", "));
                let breach = Breach::new("unique", message, value, "a value that no other row has");
                findings.push(self.finding(code::KEY_DUPLICATE, row, columns.first().map(String::as_str), breach));
            }
        }
        self.rule(checks, "unique", code::KEY_DUPLICATE, findings);
    }

    fn references(&self, checks: &mut Checks<'_>) {
        if self.schema.foreign_keys.is_empty() {
            return;
        }
        let mut findings = Vec::new();
        for key in &self.schema.foreign_keys {
            let resource = if key.reference.resource.is_empty() { &self.schema.name } else { &key.reference.resource };
            let Some(other) = self.against.schemas.table(resource) else {
                let place = Place::file(self.against.schemas.files.display(&format!("tables/{}.json", self.schema.name)));
                findings.push(Finding::new(
                    code::SCHEMA_INVALID,
                    place,
                    format!("a foreign key refers to the table \"{resource}\", which there is not"),
                ));
                continue;
            };
            for row in keys::dangling(self.rows, self.schema, key, self.dataset.rows(resource), other) {
                let positions: Vec<usize> = key.fields.iter().filter_map(|column| self.schema.position_of(column)).collect();
                let value = row_id(row, &positions);
                let message = format!("{} is \"{value}\", which {resource} does not have", key.fields.join(", "));
                let breach = Breach::new("foreign_key", message, value, format!("a key of {resource}"));
                findings.push(self.finding(code::REFERENCE_DANGLING, row, key.fields.first().map(String::as_str), breach));
            }
        }
        self.rule(checks, "foreign_key", code::REFERENCE_DANGLING, findings);
    }

    fn row_rules(&self, checks: &mut Checks<'_>) {
        let mut by_name: BTreeMap<&'static str, Vec<&RowRule>> = BTreeMap::new();
        for rule in &self.schema.row_rules {
            by_name.entry(rules::name(rule)).or_default().push(rule);
        }
        for (name, same) in by_name {
            let findings = self.rows.iter().flat_map(|row| {
                let broken = same.iter().filter_map(|rule| rules::broken(rule, self.schema, row));
                broken.map(|breach| self.finding(code::ROW_INVALID, row, None, breach)).collect::<Vec<_>>()
            });
            self.rule(checks, name, code::ROW_INVALID, findings.collect());
        }
    }
}
