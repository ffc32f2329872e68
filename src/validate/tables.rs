//! One table against its schema: row by row column by column, then keys, references and the rules over rows.

use std::collections::BTreeMap;

use super::breach::Breach;
use super::checks::Checks;
use super::columns::{ColumnRules, RULES};
use super::keys::{InOrder, Misplaced, Reference, Unique};
use super::places::Told;
use super::{Against, rules, values};
use crate::error::Error;
use crate::findings::{Code, Finding, Place, code};
use crate::model::dataset::{Dataset, Row, row_id};
use crate::model::json_file;
use crate::model::table::RowRule;
use crate::model::{Cell, TableSchema};

/// Holds every row of a table against everything that its schema says.
pub struct Looking<'a> {
    schema: &'a TableSchema,
    dataset: &'a Dataset,
    against: &'a Against<'a>,
    rows: usize,
    columns: Vec<(usize, ColumnRules<'a>)>,
    /// The last cell of each column that broke no rule: rows have most of their cells in common with their neighbours.
    sound: Row,
    /// The rules that there are, each with what breaks it.
    by_rule: BTreeMap<&'static str, Vec<Told>>,
    row_rules: Vec<&'a RowRule>,
    has_values: bool,
    in_order: InOrder,
    unique: Vec<(Vec<String>, Unique)>,
    references: Vec<Reference<'a>>,
}

impl<'a> Looking<'a> {
    /// # Errors
    /// `Io` where rows that are not in memory cannot be read.
    pub fn new(schema: &'a TableSchema, dataset: &'a Dataset, against: &'a Against<'a>) -> Result<Self, Error> {
        let single = schema.fields.iter().filter(|field| field.constraints.unique).map(|field| vec![field.name.clone()]);
        let unique = schema.unique_keys.iter().cloned().chain(single).map(|columns| {
            let positions = columns.iter().filter_map(|column| schema.position_of(column)).collect();
            (columns, Unique::new(positions))
        });
        let mut looking = Self {
            schema,
            dataset,
            against,
            rows: 0,
            columns: Vec::new(),
            sound: vec![Cell::Null; schema.fields.len()],
            by_rule: BTreeMap::new(),
            row_rules: schema.row_rules.iter().collect(),
            has_values: values::has_rules(schema),
            in_order: InOrder::new(schema),
            unique: unique.collect(),
            references: Vec::new(),
        };
        looking.prepare();
        looking.prepare_references()?;
        Ok(looking)
    }

    /// Names every rule that is declared: one that nothing breaks is told of too.
    fn prepare(&mut self) {
        let schema = self.schema;
        for (at, field) in schema.fields.iter().enumerate() {
            match ColumnRules::new(field, schema.is_required(field), &schema.missing_values) {
                Ok(rules) => {
                    for rule in RULES.iter().filter(|rule| rules.has(rule)) {
                        self.by_rule.entry(rule).or_default();
                    }
                    self.columns.push((at, rules));
                }
                Err(error) => {
                    let finding = field.wrong_pattern(&error).finding(code::SCHEMA_PATTERN, self.schema_file());
                    self.by_rule.entry("pattern").or_default().push(finding.into());
                }
            }
        }
        let of_rows = self.row_rules.iter().map(|rule| rules::name(rule));
        let others = [("primary_key", true), (values::RULE, self.has_values), ("unique", !self.unique.is_empty())];
        for rule in of_rows.chain(others.into_iter().filter(|(_, is_declared)| *is_declared).map(|(rule, _)| rule)) {
            self.by_rule.entry(rule).or_default();
        }
    }

    fn prepare_references(&mut self) -> Result<(), Error> {
        for key in &self.schema.foreign_keys {
            let resource = if key.reference.resource.is_empty() { &self.schema.name } else { &key.reference.resource };
            let told = self.by_rule.entry("foreign_key").or_default();
            match self.against.schemas.table(resource) {
                Some(other) => self.references.push(Reference::new(key, self.schema, other, self.dataset)?),
                None => {
                    let message = format!("a foreign key refers to the table \"{resource}\", which there is not");
                    let place = Place::file(self.against.schemas.files.display(&format!("tables/{}.json", self.schema.name)));
                    told.push(Finding::new(code::SCHEMA_INVALID, place, message).into());
                }
            }
        }
        Ok(())
    }

    /// Looks at the next row.
    ///
    /// # Errors
    /// `Io` where rows that are not in memory cannot be read.
    pub fn row(&mut self, row: &Row) -> Result<(), Error> {
        self.rows += 1;
        let schema = self.schema;
        let mut broken: Vec<(&'static Code, Option<String>, Breach)> = Vec::new();
        for (at, rules) in &self.columns {
            let (cell, sound) = (&row[*at], &mut self.sound[*at]);
            if !cell.is_null() && cell == sound {
                continue;
            }
            let breach = rules.broken(cell);
            if breach.is_none() {
                sound.clone_from(cell);
            }
            broken.extend(breach.map(|breach| (code::ROW_INVALID, Some(schema.fields[*at].name.clone()), breach)));
        }
        if self.has_values {
            broken.extend(values::broken(schema, row).map(|(field, breach)| (code::ROW_INVALID, Some(field.name.clone()), breach)));
        }
        let of_rows = self.row_rules.iter().filter_map(|rule| rules::broken(rule, schema, row));
        broken.extend(of_rows.map(|breach| (code::ROW_INVALID, None, breach)));
        if let Some(misplaced) = self.in_order.follow(row) {
            let (message, expected) = match misplaced {
                Misplaced::Duplicate => ("another row has the same key", "a key that no other row has"),
                Misplaced::Late => ("the row stands after one with a greater key", "a greater key than that of the row before"),
            };
            let id = row_id(row, &schema.key_positions());
            broken.push((code::KEY_DUPLICATE, None, Breach::new("primary_key", message, id, expected)));
        }
        for (columns, unique) in &mut self.unique {
            if unique.is_repeated(row) {
                let value = row_id(row, &unique.columns);
                let message = format!("another row has \"{value}\" in {} too", columns.join(", "));
                let breach = Breach::new("unique", message, value, "a value that no other row has");
                broken.push((code::KEY_DUPLICATE, columns.first().cloned(), breach));
            }
        }
        for reference in &mut self.references {
            if reference.dangles(row)? {
                broken.push((code::REFERENCE_DANGLING, reference.key.fields.first().cloned(), dangling(reference, row)));
            }
        }
        for (code, column, breach) in broken {
            let rule = breach.rule;
            let told = self.told(code, row, column.as_deref(), breach);
            self.by_rule.entry(rule).or_default().push(told);
        }
        Ok(())
    }

    /// Looks at what no row says alone, and gives account of all.
    ///
    /// # Errors
    /// `Io` where rows that are not in memory cannot be read.
    pub fn finish(mut self, checks: &mut Checks<'_>) -> Result<(), Error> {
        self.not_empty(checks);
        self.references()?;
        for (rule, told) in std::mem::take(&mut self.by_rule) {
            let code = match rule {
                "primary_key" | "unique" => code::KEY_DUPLICATE,
                "foreign_key" => code::REFERENCE_DANGLING,
                _ => code::ROW_INVALID,
            };
            // Over no rows, where there must be some, it has not run.
            if self.rows == 0 && !self.schema.allow_empty && told.is_empty() {
                checks.not_run(&self.schema.name, rule, code, "the table has no row");
            } else {
                checks.rule(&self.schema.name, rule, code, self.rows, told);
            }
        }
        Ok(())
    }

    fn schema_file(&self) -> Place {
        Place::file(self.against.schemas.files.display(&format!("tables/{}.json", self.schema.name)))
    }

    fn told(&self, code: &'static Code, row: &Row, column: Option<&str>, breach: Breach) -> Told {
        let id = row_id(row, &self.schema.key_positions());
        Told::about(self.against, self.schema, row, column, |place| breach.finding(code, place, &format!("{} {id}: ", self.schema.name)))
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
                .into()
        };
        let findings = (self.rows == 0).then(empty).into_iter().collect();
        checks.at_least_one(&self.schema.name, self.rows, findings);
    }

    /// Tells of the rows that refer to what there is not, where that is known only now.
    fn references(&mut self) -> Result<(), Error> {
        let mut told = Vec::new();
        for mut reference in std::mem::take(&mut self.references) {
            let missing = reference.missing(self.dataset)?;
            if missing.is_empty() {
                continue;
            }
            self.dataset.each(&self.schema.name, |row| {
                if reference.is_among(row, &missing) {
                    let column = reference.key.fields.first().map(String::as_str);
                    told.push(self.told(code::REFERENCE_DANGLING, row, column, dangling(&reference, row)));
                }
                Ok(())
            })?;
        }
        self.by_rule.entry("foreign_key").and_modify(|all| all.extend(told));
        Ok(())
    }
}

fn dangling(reference: &Reference<'_>, row: &Row) -> Breach {
    let value = row_id(row, &reference.columns);
    let message = format!("{} is \"{value}\", which {} does not have", reference.key.fields.join(", "), reference.others);
    Breach::new("foreign_key", message, value, format!("a key of {}", reference.others))
}
