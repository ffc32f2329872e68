//! Repeats: which of many values may stand more than once, known from eight bytes a value.
//!
//! In: values, in any order. Out: the hashes that were met more than once. Two values can have one hash, so that what is found is only
//! suspected: a second reading of the file, for the suspected alone, decides. Sorted runs take half the memory of a hash table and
//! leave no moment at which there are two of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::key_set::hash;

/// Hashes in a run.
const RUN: usize = 1 << 16;

#[derive(Debug, Default)]
pub struct Hashes {
    /// Sorted, all of one length.
    runs: Vec<Vec<u64>>,
    open: Vec<u64>,
}

impl Hashes {
    pub fn push(&mut self, value: &[u8]) {
        self.open.push(hash(value));
        if self.open.len() == RUN {
            self.close();
        }
    }

    fn close(&mut self) {
        self.open.sort_unstable();
        self.runs.push(std::mem::take(&mut self.open));
    }

    /// The hashes that were met more than once, ascending, each once.
    #[must_use]
    pub fn repeated(mut self) -> Vec<u64> {
        self.close();
        let mut runs: Vec<_> = self.runs.iter().map(|run| run.iter().copied()).collect();
        let mut next: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
        next.extend(runs.iter_mut().enumerate().filter_map(|(at, run)| Some(Reverse((run.next()?, at)))));
        let mut repeated: Vec<u64> = Vec::new();
        let mut last = None;
        while let Some(mut first) = next.peek_mut() {
            let Reverse((hash, at)) = *first;
            if last == Some(hash) && repeated.last() != Some(&hash) {
                repeated.push(hash);
            }
            last = Some(hash);
            match runs[at].next() {
                Some(following) => *first = Reverse((following, at)),
                None => {
                    std::collections::binary_heap::PeekMut::pop(first);
                }
            }
        }
        repeated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_is_found_within_a_run_and_across_runs() {
        let mut hashes = Hashes::default();
        let values = || (0..RUN * 2 + 10).map(|number| number.to_string());
        values().for_each(|value| hashes.push(value.as_bytes()));
        let again = ["7", "8", "131080"];
        again.iter().chain(&again).for_each(|value| hashes.push(value.as_bytes()));
        let mut expected: Vec<u64> = again.iter().map(|value| hash(value.as_bytes())).collect();
        expected.sort_unstable();
        assert_eq!(hashes.repeated(), expected);
        assert_eq!(Hashes::default().repeated(), Vec::<u64>::new());
    }
}
