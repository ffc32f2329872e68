//! Clusters: which records tell of one thing, where a relation between two of them says so.
//!
//! In: candidates in blocks, so that not every record is held against every other. Out: groups of records that hang together, pair by
//! pair. In a block that is too large each record is held against those that stand near it, and what is left out is counted.

/// Records with which one record of a block is compared, at most.
pub const NEAR: usize = 1_000;

/// Groups that grow as records turn out to be the same.
#[derive(Debug)]
pub struct Clusters {
    /// The record that leads to the first of its group; the first leads to itself.
    to: Vec<usize>,
    /// Comparisons that were left out.
    pub cut: usize,
}

impl Clusters {
    /// Every record by itself.
    #[must_use]
    pub fn new(records: usize) -> Self {
        Self { to: (0..records).collect(), cut: 0 }
    }

    fn first(&mut self, mut at: usize) -> usize {
        while self.to[at] != at {
            self.to[at] = self.to[self.to[at]];
            at = self.to[at];
        }
        at
    }

    /// Joins the groups of two records.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.to[a.max(b)] = a.min(b);
    }

    /// Joins those of a block that are the same. Behind a record stand those that may be, up to the first that is `beyond` it.
    pub fn compare(&mut self, block: &[usize], beyond: impl Fn(usize, usize) -> bool, same: impl Fn(usize, usize) -> bool) {
        for (place, &a) in block.iter().enumerate() {
            let mut behind = block[place + 1..].iter().take_while(|&&b| !beyond(a, b));
            for &b in behind.by_ref().take(NEAR) {
                if self.first(a) != self.first(b) && same(a, b) {
                    self.join(a, b);
                }
            }
            self.cut += usize::from(behind.next().is_some());
        }
    }

    /// The groups in order of their first records, each in order.
    #[must_use]
    pub fn groups(mut self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); self.to.len()];
        for at in 0..groups.len() {
            let first = self.first(at);
            groups[first].push(at);
        }
        groups.retain(|group| !group.is_empty());
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hangs_together_by_others_is_one_group() {
        let mut clusters = Clusters::new(6);
        let values: [i32; 6] = [10, 3, 11, 4, 12, 30];
        let block = [1, 3, 0, 2, 4, 5];
        clusters.compare(&block, |a, b| values[b] - values[a] > 1, |_, _| true);
        assert_eq!(clusters.cut, 0);
        assert_eq!(clusters.groups(), [vec![0, 2, 4], vec![1, 3], vec![5]]);
    }

    #[test]
    fn a_block_that_is_too_large_is_cut_and_says_so() {
        let records = NEAR + 3;
        let block: Vec<usize> = (0..records).collect();
        let mut clusters = Clusters::new(records);
        clusters.compare(&block, |_, _| false, |a, b| (a, b) == (0, records - 1));
        assert_eq!((clusters.cut, clusters.groups().len()), (2, records));
    }
}
