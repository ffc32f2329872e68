//! Fuzzy search: the one country whose name is fewest edits away, or none.
//!
//! In: a folded ASCII key that is no name. Out: an entity, where one is a full edit ahead of all others. An edit is a letter added,
//! left out, changed, or two neighbours swapped. One edit from five letters, two from eight. Candidates
//! come from the parts that a key shares with names (`clues`).

use super::{
    clues::Letters,
    compile::{ONE_EDIT, TWO_EDITS},
    fold,
    hash::{LONGEST, u64_at},
    layout::{Layout, NOBODY},
};

/// What `letters` misspell.
pub fn search(table: &Layout, letters: &Letters) -> Option<Misspelt> {
    let key = letters.bytes();
    if key.len() < ONE_EDIT - 1 || !key.iter().any(u8::is_ascii_alphabetic) {
        return None;
    }
    let mut near = Near::default();
    table.at_one_edit(letters, |id| near.meet(table, key, id));
    if near.at[0][0].is_some() {
        return near.winner(1);
    }
    if key.len() < TWO_EDITS - 1 {
        return None;
    }
    table.at_two_edits(letters, |id| near.meet(table, key, id));
    near.winner(2).filter(|_| !is_near_nobody(table, letters))
}

/// Whether a name that is no country lies within one edit of `letters`.
pub fn is_near_nobody(table: &Layout, letters: &Letters) -> bool {
    let mut found = false;
    table.nobodys_at_one_edit(letters, |id| found |= within(letters.bytes(), table.target(id).key, 1).is_some());
    found
}

/// Whether a name of `entity` lies within one edit of `key`, or is `key` with two letters in each other's place: "Lybia".
pub fn is_near(table: &Layout, key: &[u8], entity: u16) -> bool {
    let interchanged = |name: &[u8]| {
        let mut differ = key.iter().zip(name).filter(|(a, b)| a != b);
        let pairs = [differ.next(), differ.next(), differ.next()];
        key.len() == name.len() && matches!(pairs, [Some((a, b)), Some((c, d)), None] if a == d && b == c)
    };
    let mut named = (1..=table.targets()).map(|id| table.target(id)).filter(|target| target.entity == entity);
    key.len() <= LONGEST && named.any(|target| within(key, target.key, 1).is_some() || interchanged(target.key))
}

/// The name that a key misspells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misspelt {
    pub entity: u16,
    /// The target, and how many edits it is away.
    target: u16,
    edits: usize,
}

impl Misspelt {
    /// Whether all that differs is most of a short word of `name`, the other words being right: "Mr Switzerland" is no country.
    pub fn is_another_word(self, table: &Layout, name: &str, key: &[u8], spaced: &mut Vec<u8>) -> bool {
        const SHORT: usize = 3;
        let target = table.target(self.target).key;
        if self.edits < 2 {
            // A letter in front may be a word of its own: "S. Australia" lies elsewhere.
            let name = name.trim_start().as_bytes();
            return matches!(name, [letter, b' ' | b'.', ..] if letter.is_ascii_alphabetic()) && key[1..] == *target;
        }
        let same = key.iter().zip(target).take_while(|(a, b)| a == b).count();
        let tail = key.iter().rev().zip(target.iter().rev()).take_while(|(a, b)| a == b).count();
        let most = key.len().min(target.len());
        // What is alike is counted from either end: the letters between may lie in one word one way, and in two the other.
        let changed = [(same, key.len() - tail.min(most - same)), (same.min(most - tail), key.len() - tail)];
        if changed.iter().all(|&(from, to)| from >= to || to - from > SHORT) {
            return false;
        }
        fold::fold_spaced_into(name, spaced);
        let mut at = 0;
        spaced.contains(&b' ')
            && spaced.split(|byte| *byte == b' ').any(|word| {
                let begin = at;
                at += word.len();
                word.len() <= SHORT && changed.iter().any(|&(from, to)| from < to && begin <= from && to <= at)
            })
    }
}

/// The best three entities for `key`, for a reader to choose from. Slow, and only asked for where nothing resolved.
pub fn suggestions(table: &Layout, key: &[u8]) -> Vec<u16> {
    if key.is_empty() || key.len() > LONGEST || !key.is_ascii() {
        return Vec::new();
    }
    let mut best: Vec<(usize, u16)> = Vec::new();
    for id in 1..=table.targets() {
        let t = table.target(id);
        let limit = (key.len().min(t.key.len()) / 3).clamp(1, 4);
        if t.entity == NOBODY || t.key.len().abs_diff(key.len()) > limit {
            continue;
        }
        if let Some(d) = within(key, t.key, limit) {
            match best.iter_mut().find(|b| b.1 == t.entity) {
                Some(b) => b.0 = b.0.min(d),
                None => best.push((d, t.entity)),
            }
        }
    }
    best.sort_unstable();
    best.into_iter().take(3).map(|(_, e)| e).collect()
}

/// What was found near a key.
#[derive(Default)]
struct Near {
    /// Names at one edit and at two; the first two of different entities are enough to know that there are two.
    at: [[Option<Misspelt>; 2]; 2],
    /// The key is a country and an adjectival ending.
    adjective: bool,
    /// Targets that were measured: the same one is met by many parts.
    met: [u16; 16],
    meetings: usize,
}

impl Near {
    /// Measures the target `id`, once.
    #[inline]
    fn meet(&mut self, table: &Layout, key: &[u8], id: u16) {
        if self.met.contains(&id) {
            return;
        }
        self.met[self.meetings % self.met.len()] = id;
        self.meetings += 1;
        let t = table.target(id);
        let Some(edits) = within(key, t.key, 2) else { return };
        let long_enough = if edits <= 1 { ONE_EDIT } else { TWO_EDITS };
        if edits == 0 || t.key.len() < long_enough {
            return;
        }
        self.adjective |= is_adjective(key, t.key) || edits > 1 && is_foreign_adjective(key, t.key);
        let found = Misspelt { entity: t.entity, target: id, edits };
        match &mut self.at[edits - 1] {
            [one @ None, _] => *one = Some(found),
            // Of two names of one country the longer one is what was meant: it has more words that are right.
            [Some(one), _] if one.entity == found.entity && table.target(one.target).key.len() < t.key.len() => *one = found,
            [Some(one), other @ None] if one.entity != found.entity => *other = Some(found),
            _ => {}
        }
    }

    fn winner(&self, edits: usize) -> Option<Misspelt> {
        let [one, other] = self.at[edits - 1];
        if other.is_some() || self.adjective { None } else { one }
    }
}

/// Whether `key` is `country` and an ending that makes an adjective or a people of it.
fn is_adjective(key: &[u8], country: &[u8]) -> bool {
    const ENDINGS: [&str; 20] =
        ["n", "ns", "an", "ans", "ian", "ians", "ean", "eans", "ese", "ish", "er", "ers", "ic", "ite", "ites", "ien", "iens", "ois", "ino", "inos"];
    // All but a last vowel of the country stands in front.
    if same_at_begin(key, country) + 1 < country.len() {
        return false;
    }
    let vowel = |b: &u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let ends = |stem: &[u8]| key.strip_prefix(stem).and_then(|e| std::str::from_utf8(e).ok());
    let whole = ends(country).is_some_and(|e| {
        let after_vowel = country.last().is_some_and(vowel);
        ENDINGS.contains(&e) && (after_vowel || e.len() > 2 || e == "an" || e == "er" || e == "ic") || (e == "i" || e == "is") && !after_vowel
    });
    let stem = &country[..country.len() - usize::from(country.last().is_some_and(vowel))];
    whole || (stem.len() < country.len() && stem.len() >= 4 && ends(stem).is_some_and(|e| ENDINGS.contains(&e) && e.len() > 1))
}

/// Whether `key` is the stem of `country` and an ending that makes an adjective of it in another language: "Portugais".
fn is_foreign_adjective(key: &[u8], country: &[u8]) -> bool {
    const ENDINGS: [&str; 12] = ["ais", "aise", "aises", "ois", "oise", "ien", "ienne", "aine", "een", "eenne", "ense", "eno"];
    const LONGEST: usize = 5;
    if same_at_begin(key, country) + LONGEST < key.len() {
        return false;
    }
    ENDINGS.iter().any(|ending| {
        let stem = key.strip_suffix(ending.as_bytes()).filter(|stem| stem.len() >= 4);
        stem.is_some_and(|stem| country.starts_with(stem)) && !country.ends_with(ending.as_bytes())
    })
}

/// The Damerau distance of two keys where it is at most `limit`: letters added, left out, changed, or neighbours swapped, also
/// neighbours that only became so.
pub fn within(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    if limit <= 2 {
        return within_two(a, b).filter(|d| *d <= limit);
    }
    let (a, b) = without_ends(a, b);
    if a.len().abs_diff(b.len()) > limit || a.len() > LONGEST || b.len() > LONGEST {
        return None;
    }
    by_rows(a, b, limit)
}

/// Two keys less the letters that both begin with and both end with.
#[inline]
fn without_ends<'k>(a: &'k [u8], b: &'k [u8]) -> (&'k [u8], &'k [u8]) {
    let same = same_at_begin(a, b);
    let (a, b) = (&a[same..], &b[same..]);
    let tail = same_at_end(a, b);
    (&a[..a.len() - tail], &b[..b.len() - tail])
}

/// How many letters two keys begin with alike; eight are compared at once.
#[inline]
fn same_at_begin(a: &[u8], b: &[u8]) -> usize {
    let most = a.len().min(b.len());
    let mut at = 0;
    while at + 8 <= most {
        let differ = u64_at(a, at) ^ u64_at(b, at);
        if differ != 0 {
            return at + (differ.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < most && a[at] == b[at] {
        at += 1;
    }
    at
}

/// How many letters two keys end with alike.
#[inline]
fn same_at_end(a: &[u8], b: &[u8]) -> usize {
    let most = a.len().min(b.len());
    let mut same = 0;
    while same + 8 <= most {
        let differ = u64_at(a, a.len() - same - 8) ^ u64_at(b, b.len() - same - 8);
        if differ != 0 {
            return same + (differ.leading_zeros() / 8) as usize;
        }
        same += 8;
    }
    while same < most && a[a.len() - 1 - same] == b[b.len() - 1 - same] {
        same += 1;
    }
    same
}

/// Whether two keys of which not both have a last letter, or that end with different ones, are at most one edit apart: it must be at
/// their ends.
#[inline]
fn differ_at_end(a: &[u8], b: &[u8]) -> bool {
    let (most, least) = (a.len().max(b.len()), a.len().min(b.len()));
    if most - least > 1 {
        return false;
    }
    let same = same_at_begin(a, b);
    same + 1 >= most || most == least && same + 2 == most && a[same] == b[same + 1] && a[same + 1] == b[same]
}

/// The distance of two keys where it is at most two: one edit where they first differ, tried in every way, and one more behind it.
#[inline]
fn within_two(a: &[u8], b: &[u8]) -> Option<usize> {
    if a.len().abs_diff(b.len()) > 2 {
        return None;
    }
    let (a, b) = without_ends(a, b);
    match (a, b) {
        ([], []) => return Some(0),
        ([_], []) | ([], [_]) | ([_], [_]) => return Some(1),
        ([a, b], [c, d]) if a == d && b == c => return Some(1),
        _ => {}
    }
    let ([_, a_rest @ ..], [_, b_rest @ ..]) = (a, b) else {
        // One of them is used up, and what is left of the other is more than a letter.
        return Some(2).filter(|d| a.len() + b.len() == *d);
    };
    let swapped = || match (a, b) {
        ([p, q, a @ ..], [r, s, b @ ..]) if p == s && q == r => differ_at_end(a, b),
        _ => false,
    };
    // Neighbours that are swapped when a letter between them is left out, or before one is added there.
    let swapped_apart = |a: &[u8], b: &[u8]| match (a, b) {
        ([p, _, q, a @ ..], [r, s, b @ ..]) => p == s && q == r && a == b,
        _ => false,
    };
    let near = differ_at_end(a_rest, b_rest)
        || differ_at_end(a_rest, b)
        || differ_at_end(a, b_rest)
        || swapped()
        || swapped_apart(a, b)
        || swapped_apart(b, a);
    near.then_some(2)
}

/// The distance of two keys of at most `LONGEST` letters, where it is at most `limit`.
fn by_rows(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    let mut d = [[0u8; LONGEST + 2]; LONGEST + 2];
    let far = (a.len() + b.len()) as u8;
    let mut last_row = [0u8; 256];
    (0..=b.len()).for_each(|j| (d[0][j + 1], d[1][j + 1]) = (far, j as u8));
    d[0][0] = far;
    for i in 1..=a.len() {
        d[i + 1][0] = far;
        d[i + 1][1] = i as u8;
        let (mut last_match, mut least) = (0, i as u8);
        for j in 1..=b.len() {
            let row = last_row[b[j - 1] as usize] as usize;
            let column = last_match;
            let same = a[i - 1] == b[j - 1];
            if same {
                last_match = j;
            }
            let swapped = d[row][column] + (i - row - 1) as u8 + 1 + (j - column - 1) as u8;
            let best = (d[i][j] + u8::from(!same)).min(d[i + 1][j] + 1).min(d[i][j + 1] + 1).min(swapped);
            d[i + 1][j + 1] = best;
            least = least.min(best);
        }
        last_row[a[i - 1] as usize] = i as u8;
        if least as usize > limit + 1 {
            return None;
        }
    }
    Some(d[a.len() + 1][b.len() + 1] as usize).filter(|d| *d <= limit)
}

#[cfg(test)]
mod tests {
    use super::{by_rows, is_adjective, is_foreign_adjective, within};

    #[test]
    fn an_edit_is_a_letter_added_left_out_changed_or_swapped() {
        for (a, b, d) in [
            ("ghna", "ghana", 1),
            ("yemne", "yemen", 1),
            ("mopgolia", "mongolia", 1),
            ("bhotswona", "botswana", 2),
            ("nethernlds", "netherlands", 2),
            ("souiv", "south", 2),
            ("ab", "ba", 1),
            ("mali", "mali", 0),
        ] {
            assert_eq!(within(a.as_bytes(), b.as_bytes(), 2), Some(d), "{a} {b}");
        }
        assert_eq!(within(b"mexico", b"newmexico", 2), None);
    }

    #[test]
    fn two_edits_are_what_the_full_table_of_distances_says() {
        let mut keys: Vec<Vec<u8>> = vec![Vec::new()];
        for from in 0..keys.len() + 120 {
            let longer = b"abc".map(|letter| [&keys[from][..], &[letter]].concat());
            keys.extend(longer);
        }
        let long = b"abcabdacbb";
        for a in &keys {
            for b in keys.iter().chain([&long[1..6].to_vec(), &long[..7].to_vec()]) {
                assert_eq!(within(a, b, 2), by_rows(a, b, 2), "{:?} {:?}", str::from_utf8(a), str::from_utf8(b));
            }
        }
        for from in 0..long.len() {
            for to in from..long.len() {
                let cut = [&long[..from], &long[to..]].concat();
                let turned = [&long[..from], &long[from..to].iter().rev().copied().collect::<Vec<_>>(), &long[to..]].concat();
                assert_eq!(within(long, &cut, 2), by_rows(long, &cut, 2));
                assert_eq!(within(long, &turned, 2), by_rows(long, &turned, 2));
            }
        }
    }

    #[test]
    fn a_country_with_an_adjectival_ending_is_no_country() {
        for (a, c) in
            [("indian", "india"), ("togolan", "togo"), ("kenyan", "kenya"), ("icelander", "iceland"), ("yemeni", "yemen"), ("chilean", "chile")]
        {
            assert_eq!(is_adjective(a.as_bytes(), c.as_bytes()), a != "togolan", "{a}");
        }
        assert!(is_foreign_adjective(b"portugais", b"portugal"));
        assert!(!is_foreign_adjective(b"zimbabwe", b"zimbabwe"));
        assert!(!is_adjective(b"haitii", b"haiti"));
        assert!(!is_adjective(b"argentinia", b"argentina"));
    }
}
