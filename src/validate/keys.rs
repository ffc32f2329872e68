//! Keys and references, as comparisons with the row before and merges over sorted rows.

use std::cmp::Ordering;

use crate::model::TableSchema;
use crate::model::dataset::{Row, compare};
use crate::model::table::ForeignKey;

/// Rows that break the order or have the key of the row before: the row, and whether it is a duplicate.
pub fn out_of_key<'a>(rows: &'a [Row], key: &'a [usize]) -> impl Iterator<Item = (&'a Row, bool)> + 'a {
    rows.windows(2).filter_map(move |pair| match compare(&pair[0], &pair[1], key) {
        Ordering::Less => None,
        Ordering::Equal => Some((&pair[1], true)),
        Ordering::Greater => Some((&pair[1], false)),
    })
}

/// Rows whose values in some columns another row has too; rows with an empty value there are left out.
#[must_use]
pub fn alike<'a>(rows: &'a [Row], columns: &[usize]) -> Vec<&'a Row> {
    let mut sorted: Vec<&Row> = rows.iter().filter(|row| columns.iter().all(|&at| !row[at].is_null())).collect();
    sorted.sort_by(|a, b| compare(a, b, columns));
    sorted.windows(2).filter(|pair| compare(pair[0], pair[1], columns).is_eq()).map(|pair| pair[1]).collect()
}

/// Rows that refer to a key that the other table does not have. An empty value refers to nothing.
#[must_use]
pub fn dangling<'a>(rows: &'a [Row], schema: &TableSchema, key: &ForeignKey, others: &[Row], other: &TableSchema) -> Vec<&'a Row> {
    let own: Vec<usize> = key.fields.iter().filter_map(|column| schema.position_of(column)).collect();
    let theirs: Vec<usize> = key.reference.fields.iter().filter_map(|column| other.position_of(column)).collect();
    let mut referring: Vec<&Row> = rows.iter().filter(|row| own.iter().all(|&at| !row[at].is_null())).collect();
    referring.sort_by(|a, b| compare(a, b, &own));
    let mut referred: Vec<&Row> = others.iter().collect();
    if theirs != other.key_positions() {
        referred.sort_by(|a, b| compare(a, b, &theirs));
    }
    let mut dangling = Vec::new();
    let mut at = 0;
    for row in referring {
        while at < referred.len() && order(referred[at], &theirs, row, &own).is_lt() {
            at += 1;
        }
        if at == referred.len() || order(referred[at], &theirs, row, &own).is_gt() {
            dangling.push(row);
        }
    }
    dangling
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
    use crate::model::table::Reference;

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
        }

        #[test]
        fn what_refers_to_a_column_that_is_no_key_is_found_in_any_order(values in prop::collection::vec(0u8..20, 0..40), others in prop::collection::vec(1u8..20, 0..40)) {
            let schema: TableSchema = serde_json::from_str(include_str!("../../schemas/tables/groups.json")).unwrap();
            let reference = Reference { resource: "groups".to_owned(), fields: vec!["name".to_owned()] };
            let key = ForeignKey { fields: vec!["name".to_owned()], reference };
            let with_ids = |values: &[u8]| -> Vec<Row> { rows(values).into_iter().enumerate().map(|(at, row)| [vec![Cell::Integer(at as i64)], row].concat()).collect() };
            let expected = values.iter().filter(|value| **value != 0 && !others.contains(value)).count();
            prop_assert_eq!(dangling(&with_ids(&values), &schema, &key, &with_ids(&others), &schema).len(), expected);
        }

        #[test]
        fn a_sorted_table_without_duplicates_is_in_key(values in prop::collection::btree_set(1u8..200, 0..60)) {
            let rows = rows(&values.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(out_of_key(&rows, &[0]).count(), 0);
        }
    }
}
