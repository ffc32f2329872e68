//! Merging sorted runs into one.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::sync::Arc;

use super::Inner;
use super::format::{Run, RunReader, RunWriter};
use super::sorter::Order;
use crate::error::Error;
use crate::model::dataset::Row;
use crate::model::rows::{RowSource, Ties};

/// Most runs that are merged at once: each has a buffer.
const AT_ONCE: usize = 64;

/// One run of all the rows of several.
///
/// # Errors
/// `Io` where a file cannot be read or written.
pub fn merge(inner: &Arc<Inner>, mut runs: Vec<Run>, order: &Order) -> Result<Run, Error> {
    // The runs that are merged stand in the order in which they came, so that rows of one key do.
    while runs.len() > AT_ONCE {
        let merged: Result<Vec<Run>, Error> = runs.chunks(AT_ONCE).map(|runs| merge_at_once(inner, runs, order)).collect();
        runs = merged?;
    }
    match <[Run; 1]>::try_from(runs) {
        Ok([only]) => Ok(only),
        Err(runs) => merge_at_once(inner, &runs, order),
    }
}

fn merge_at_once(inner: &Arc<Inner>, runs: &[Run], order: &Order) -> Result<Run, Error> {
    let mut writer = RunWriter::new(Arc::clone(inner))?;
    let mut heads = BinaryHeap::new();
    for (number, run) in runs.iter().enumerate() {
        let mut rows = run.reader();
        if rows.advance()? {
            heads.push(Head { rows, number, order });
        }
    }
    let mut last: Option<Row> = None;
    while let Some(mut head) = heads.peek_mut() {
        let row = head.rows.row();
        let is_repeated = order.ties == Ties::Least && last.as_ref().is_some_and(|last| order.same_key(last, row));
        if !is_repeated {
            writer.push(row)?;
            if order.ties == Ties::Least {
                last = Some(row.clone());
            }
        }
        if !head.rows.advance()? {
            PeekMut::pop(head);
        }
    }
    writer.end_run()
}

/// A run and the row of it that is next. The greatest is the one whose row stands first, as a heap wants it.
struct Head<'a> {
    rows: RunReader,
    number: usize,
    order: &'a Order,
}

impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order.of(other.rows.row(), self.rows.row()).then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head<'_> {}
