//! Keys and references, as comparisons with the row before and merges over sorted rows.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::error::Error;
use crate::model::TableSchema;
use crate::model::dataset::{Dataset, Row, compare};
use crate::model::rows::RowSource;
use crate::model::table::ForeignKey;
use crate::model::value_hashes::{Hashes, hash_of};

/// How a row stands to the one before it, where it does not follow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// It has the same key.
    Duplicate,
    /// It has a lesser one.
    Late,
}

/// The order of the rows of a table: each must follow the one before.
#[derive(Debug)]
pub struct InOrder {
    key: Vec<usize>,
    before: Row,
}

impl InOrder {
    #[must_use]
    pub fn new(schema: &TableSchema) -> Self {
        Self { key: schema.key_positions(), before: Row::new() }
    }

    /// How the next row stands to the last one.
    pub fn follow(&mut self, row: &Row) -> Option<Misplaced> {
        let order = if self.before.is_empty() { Ordering::Less } else { compare(&self.before, row, &self.key) };
        self.before.resize(row.len(), crate::model::Cell::Null);
        for &at in &self.key {
            if self.before[at] != row[at] {
                self.before[at].clone_from(&row[at]);
            }
        }
        match order {
            Ordering::Less => None,
            Ordering::Equal => Some(Misplaced::Duplicate),
            Ordering::Greater => Some(Misplaced::Late),
        }
    }
}

/// Rows whose values in some columns another row has too; rows with an empty value there are left out.
#[must_use]
pub fn alike<'a>(rows: &'a [Row], columns: &[usize]) -> Vec<&'a Row> {
    let mut sorted: Vec<&Row> = rows.iter().filter(|row| columns.iter().all(|&at| !row[at].is_null())).collect();
    sorted.sort_by(|a, b| compare(a, b, columns));
    sorted.windows(2).filter(|pair| compare(pair[0], pair[1], columns).is_eq()).map(|pair| pair[1]).collect()
}

/// The values of a row in some columns; none where one of them is empty.
fn values(row: &Row, columns: &[usize]) -> Option<Vec<String>> {
    columns.iter().map(|&at| (!row[at].is_null()).then(|| row[at].spelling().into_owned())).collect()
}

/// Values that no two rows may have.
#[derive(Debug)]
pub struct Unique {
    pub columns: Vec<usize>,
    seen: BTreeSet<Vec<String>>,
}

impl Unique {
    #[must_use]
    pub fn new(columns: Vec<usize>) -> Self {
        Self { columns, seen: BTreeSet::new() }
    }

    /// Whether a row before has the values of this one.
    pub fn is_repeated(&mut self, row: &Row) -> bool {
        values(row, &self.columns).is_some_and(|values| !self.seen.insert(values))
    }
}

/// A foreign key and the values that rows have in it. An empty value refers to nothing.
pub struct Reference<'a> {
    pub key: &'a ForeignKey,
    pub columns: Vec<usize>,
    pub others: &'a str,
    their_columns: Vec<usize>,
    referring: Referring<'a>,
    /// Used again for each row.
    spelt: Vec<u8>,
}

enum Referring<'a> {
    /// All values, to be looked up at the end.
    Any(Hashes),
    /// Both tables are in the order of these columns: the rows of the other, as far as the values have come.
    InOrder { rows: Box<dyn RowSource + 'a>, is_over: bool },
}

impl<'a> Reference<'a> {
    /// # Errors
    /// `Io` where the other table cannot be read.
    pub fn new(key: &'a ForeignKey, schema: &TableSchema, other: &'a TableSchema, dataset: &'a Dataset) -> Result<Self, Error> {
        let columns: Vec<usize> = key.fields.iter().filter_map(|column| schema.position_of(column)).collect();
        let their_columns: Vec<usize> = key.reference.fields.iter().filter_map(|column| other.position_of(column)).collect();
        let is_in_order = dataset.is_stored(&schema.name) && schema.key_positions().starts_with(&columns) && their_columns == other.key_positions();
        let referring = if is_in_order {
            let mut rows = dataset.open(&other.name)?;
            let is_over = !rows.advance()?;
            Referring::InOrder { rows, is_over }
        } else {
            Referring::Any(Hashes::default())
        };
        Ok(Self { key, columns, others: &other.name, their_columns, referring, spelt: Vec::new() })
    }

    /// Looks at what a row refers to; true where it is known already that there is no such thing.
    ///
    /// # Errors
    /// `Io` where the other table cannot be read.
    pub fn dangles(&mut self, row: &Row) -> Result<bool, Error> {
        let columns = &self.columns;
        match &mut self.referring {
            Referring::Any(referring) => {
                hash_of(row, columns, &mut self.spelt).into_iter().for_each(|hash| referring.add(hash));
                Ok(false)
            }
            Referring::InOrder { rows, is_over } => {
                if columns.iter().any(|&at| row[at].is_null()) {
                    return Ok(false);
                }
                while !*is_over && order(rows.row(), &self.their_columns, row, columns).is_lt() {
                    *is_over = !rows.advance()?;
                }
                Ok(*is_over || order(rows.row(), &self.their_columns, row, columns).is_gt())
            }
        }
    }

    /// The values that rows have and the other table has not, of those that were not told before.
    ///
    /// # Errors
    /// `Io` where the other table cannot be read.
    pub fn missing(&mut self, dataset: &Dataset) -> Result<Hashes, Error> {
        let Referring::Any(referring) = &mut self.referring else { return Ok(Hashes::default()) };
        let mut missing = std::mem::take(referring);
        missing.sort();
        let mut is_there = vec![false; missing.len()];
        dataset.each(self.others, |row| {
            let place = hash_of(row, &self.their_columns, &mut self.spelt).and_then(|hash| missing.place(hash));
            place.into_iter().for_each(|at| is_there[at] = true);
            Ok(())
        })?;
        missing.retain(|at| !is_there[at]);
        Ok(missing)
    }

    /// Whether a row has one of these values.
    #[must_use]
    pub fn is_among(&mut self, row: &Row, missing: &Hashes) -> bool {
        hash_of(row, &self.columns, &mut self.spelt).is_some_and(|hash| missing.has(hash))
    }
}

/// The order of two rows of different tables by columns that stand for each other.
fn order(a: &Row, a_columns: &[usize], b: &Row, b_columns: &[usize]) -> Ordering {
    let pairs = a_columns.iter().zip(b_columns);
    pairs.map(|(&x, &y)| a[x].order(&b[y])).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Cell;
    use crate::model::dataset::Table;
    use crate::model::table;

    fn rows(values: &[u8]) -> Vec<Row> {
        values.iter().map(|value| vec![if *value == 0 { Cell::Null } else { Cell::Integer(i64::from(*value)) }]).collect()
    }

    proptest! {
        #[test]
        fn rows_that_are_alike_are_those_beyond_the_distinct_ones(values in prop::collection::vec(0u8..20, 0..60)) {
            let rows = rows(&values);
            let filled: Vec<u8> = values.iter().copied().filter(|value| *value != 0).collect();
            let distinct: std::collections::BTreeSet<u8> = filled.iter().copied().collect();
            prop_assert_eq!(alike(&rows, &[0]).len(), filled.len() - distinct.len());
            let mut unique = Unique::new(vec![0]);
            prop_assert_eq!(rows.iter().filter(|row| unique.is_repeated(row)).count(), filled.len() - distinct.len());
        }

        #[test]
        fn what_refers_to_a_column_that_is_no_key_is_found_in_any_order(values in prop::collection::vec(0u8..20, 0..40), others in prop::collection::vec(1u8..20, 0..40)) {
            let schema: TableSchema = serde_json::from_str(include_str!("../../schemas/tables/groups.json")).unwrap();
            let reference = table::Reference { resource: "groups".to_owned(), fields: vec!["name".to_owned()] };
            let key = ForeignKey { fields: vec!["name".to_owned()], reference };
            let with_ids = |values: &[u8]| -> Vec<Row> { rows(values).into_iter().enumerate().map(|(at, row)| [vec![Cell::Integer(at as i64)], row].concat()).collect() };
            let mut dataset = Dataset::default();
            dataset.set("groups", Table::of(with_ids(&others)));
            let mut referring = Reference::new(&key, &schema, &schema, &dataset).unwrap();
            let rows = with_ids(&values);
            prop_assert!(rows.iter().all(|row| !referring.dangles(row).unwrap()), "known at the end alone");
            let missing = referring.missing(&dataset).unwrap();
            let expected = values.iter().filter(|value| **value != 0 && !others.contains(value)).count();
            prop_assert_eq!(rows.iter().filter(|row| referring.is_among(row, &missing)).count(), expected);
        }

        #[test]
        fn a_sorted_table_without_duplicates_is_in_key(values in prop::collection::btree_set(1u8..200, 0..60)) {
            let schema: TableSchema = serde_json::from_str(include_str!("../../schemas/tables/groups.json")).unwrap();
            let mut in_order = InOrder::new(&schema);
            prop_assert!(rows(&values.into_iter().collect::<Vec<_>>()).iter().all(|row| in_order.follow(row).is_none()));
        }
    }
}
