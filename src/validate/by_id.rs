//! Rows of a key of several columns in the order of their ids, which are the values joined by a slash.
//!
//! In: rows in the order of their key, column by column. Out: the same by id. The two orders differ only where the first value of one row
//! begins with that of another and goes on with a sign before the slash, so that few rows have to wait.

use crate::error::Error;

/// Rows that wait for others whose ids may stand before theirs. Of each row the first value of its key, its id and what goes with it.
#[derive(Debug)]
pub struct ById<T> {
    /// Rows with one first value, and those whose first value goes on with a slash; each value is a beginning of the next.
    waiting: Vec<(String, Vec<(String, T)>)>,
}

impl<T> Default for ById<T> {
    fn default() -> Self {
        Self { waiting: Vec::new() }
    }
}

impl<T> ById<T> {
    /// Takes the next row and shows those that have waited long enough.
    ///
    /// # Errors
    /// Those of `show`.
    pub fn push(&mut self, first: &str, id: String, row: T, show: &mut dyn FnMut(&str, &T) -> Result<(), Error>) -> Result<(), Error> {
        while let Some((before, rows)) = self.waiting.last_mut() {
            match first.strip_prefix(before.as_str()).map(|rest| rest.as_bytes().first()) {
                // One value, or one that is told from it by its id alone.
                Some(None | Some(b'/')) => {
                    rows.push((id, row));
                    return Ok(());
                }
                Some(Some(next)) if *next < b'/' => break,
                // Of what is still to come nothing stands before them.
                _ => self.show_last(show)?,
            }
        }
        self.waiting.push((first.to_owned(), vec![(id, row)]));
        Ok(())
    }

    /// Shows the rows that still wait.
    ///
    /// # Errors
    /// Those of `show`.
    pub fn finish(mut self, show: &mut dyn FnMut(&str, &T) -> Result<(), Error>) -> Result<(), Error> {
        while !self.waiting.is_empty() {
            self.show_last(show)?;
        }
        Ok(())
    }

    fn show_last(&mut self, show: &mut dyn FnMut(&str, &T) -> Result<(), Error>) -> Result<(), Error> {
        let (_, mut rows) = self.waiting.pop().unwrap_or_default();
        rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        rows.iter().try_for_each(|(id, row)| show(id, row))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_come_in_the_order_of_their_ids(keys in prop::collection::btree_set(("[a-]{1,4}|[a/0]{1,4}", "[a-]{0,2}"), 0..60)) {
            let mut expected: Vec<String> = keys.iter().map(|(first, second)| format!("{first}/{second}")).collect();
            expected.sort();
            let mut shown = Vec::new();
            let mut show = |id: &str, _: &()| {
                shown.push(id.to_owned());
                Ok(())
            };
            let mut by_id = ById::default();
            for (first, second) in &keys {
                by_id.push(first, format!("{first}/{second}"), (), &mut show).unwrap();
            }
            by_id.finish(&mut show).unwrap();
            prop_assert_eq!(shown, expected);
        }
    }
}
