//! Packs the names that were compiled into the bytes of the table.
//!
//! In: keys and what each stands for, the names that edit distance may reach, the names by their first letters. Out: the sections of
//! `layout`, each behind its length. Every choice was made before: here is only where things lie.

use super::{
    clues,
    compile::{Compiler, TWO_EDITS, prefixed},
    hash, initials,
    layout::{self, Kind, prefix},
    words,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use clues::Letters;

/// The bytes of the table.
///
/// # Errors
/// Where there is more than the table has places for.
pub(super) fn pack(mut names: Compiler) -> Result<Vec<u8>, String> {
    for (word, first) in std::mem::take(&mut names.first).into_iter().collect::<BTreeMap<_, _>>() {
        let kind = if first.of_a_country { Kind::Common } else { Kind::Stop };
        names.by_key.insert(prefixed(prefix::FIRST, &word), (first.words, kind));
    }
    const MANY: usize = 8;
    for (word, _) in std::mem::take(&mut names.owners).into_iter().filter(|(_, of)| of.len() >= MANY) {
        names.by_key.insert(prefixed(prefix::GENERIC, &word), (layout::NOBODY, Kind::Stop));
    }
    let sounds = std::mem::take(&mut names.sounds).into_iter().filter_map(|(key, owner)| Some((key, owner?)));
    names.by_key.extend(sounds.filter(|(_, (id, _))| *id != layout::NOBODY));
    let mut keys = Vec::new();
    let mut slots = vec![0u64; (names.by_key.len() * 3 / 2).next_power_of_two()];
    let mut tags = vec![0u8; slots.len()];
    let mut offsets: HashMap<&[u8], usize> = HashMap::new();
    for (k, (id, kind)) in &names.by_key {
        let at = keys.len();
        keys.extend_from_slice(k);
        offsets.insert(k, at);
        let h = hash::of(k);
        let slot = h >> 48 << 48 | (at as u64) << 24 | (k.len() as u64) << 16 | (*kind as u64) << 11 | u64::from(*id);
        let mask = slots.len() - 1;
        let mut i = h as usize & mask;
        while slots[i] != 0 {
            i = (i + 1) & mask;
        }
        slots[i] = slot;
        tags[i] = layout::tag(h);
    }
    tags.extend_from_within(..layout::TAGS_BEHIND);
    let mut by_initials = Vec::new();
    for ((hash, key, id), is_wide) in &names.initials {
        let begin = usize::from(key.first() == Some(&prefix::TEXT));
        by_initials.extend(offsets.get(&**key).map(|at| initials::entry(*hash, *is_wide, at + begin, key.len() - begin, *id)));
    }
    by_initials.sort_unstable();
    names.targets.retain(|(k, _)| (4..=hash::LONGEST).contains(&k.len()) && k.is_ascii());
    names.targets.sort();
    names.targets.dedup_by(|a, b| a.0 == b.0);
    if names.targets.len() >= 1 << 14 {
        return Err(format!("{} names for fuzzy search are too many", names.targets.len()));
    }
    let (mut targets, mut target_keys) = (Vec::new(), Vec::new());
    let (mut countries, mut nobodys) = (Parts::default(), Parts::default());
    for (n, (k, e)) in names.targets.iter().enumerate() {
        let id = n as u16 + 1;
        targets.push((target_keys.len() as u64) << 24 | (k.len() as u64) << 16 | u64::from(*e));
        target_keys.extend_from_slice(k);
        let letters = Letters::of(k).ok_or_else(|| format!("{}: too long", String::from_utf8_lossy(k)))?;
        // What is no country is asked for at one edit only.
        let is_nobodys = *e == layout::NOBODY;
        let parts = if is_nobodys { &mut nobodys } else { &mut countries };
        clues::of_name(&letters, !is_nobodys && k.len() >= TWO_EDITS, |h| parts.note(h, clues::entry(k, id)));
    }
    let [filter, clues, clue_names] = countries.sections()?;
    let [nobodys_filter, nobodys_clues, nobodys_clue_names] = nobodys.sections()?;
    let words = word_filter(&names.by_key);
    let sections: [Vec<u8>; layout::SECTIONS] = [
        names.entities.into_bytes(),
        names.dated.into_bytes(),
        slots.iter().flat_map(|s| s.to_le_bytes()).collect(),
        keys,
        targets.iter().flat_map(|s| s.to_le_bytes()).collect(),
        target_keys,
        filter,
        clues,
        clue_names,
        nobodys_filter,
        nobodys_clues,
        nobodys_clue_names,
        tags,
        by_initials.iter().flat_map(|s| s.to_le_bytes()).collect(),
        words,
    ];
    let mut out = layout::MAGIC.to_le_bytes().to_vec();
    sections.iter().for_each(|s| out.extend((s.len() as u32).to_le_bytes()));
    sections.iter().for_each(|s| out.extend_from_slice(s));
    Ok(out)
}

/// The bits of the words of which sets are made.
fn word_filter(by_key: &BTreeMap<Vec<u8>, (u16, Kind)>) -> Vec<u8> {
    let mut filter = vec![0; layout::WORD_BYTES];
    let of_sets = by_key.keys().filter(|key| key.first() == Some(&prefix::WORDS));
    let used: BTreeSet<Vec<u8>> = of_sets.flat_map(|key| words::words_of(&key[1..]).map(<[u8]>::to_vec)).collect();
    for word in words::spellings(&used) {
        let (byte, bit) = layout::word_bit(word);
        filter[byte] |= bit;
    }
    filter
}

/// The parts of names by their tags, and the names that have each.
struct Parts {
    filter: Vec<u8>,
    names: BTreeMap<u32, BTreeSet<u64>>,
}

impl Default for Parts {
    fn default() -> Self {
        Parts { filter: vec![0; clues::FILTER_BYTES], names: BTreeMap::new() }
    }
}

impl Parts {
    fn note(&mut self, hash: u64, name: u64) {
        let (byte, bit) = clues::filter_bit(hash);
        self.filter[byte] |= bit;
        self.names.entry(clues::tag(hash)).or_default().insert(name);
    }

    /// The filter, the slots of the parts, and the names of each.
    fn sections(self) -> Result<[Vec<u8>; 3], String> {
        let (mut slots, mut names) = (vec![0; (self.names.len() * 3 / 2).next_power_of_two()], Vec::new());
        let mask = slots.len() - 1;
        for (tag, of) in self.names {
            let mut i = clues::place(tag) & mask;
            while slots[i] != 0 {
                i = (i + 1) & mask;
            }
            slots[i] = clues::slot(tag, names.len(), of.len());
            if of.len() > clues::MOST_OF_ONE {
                return Err(format!("{} names with one part are too many", of.len()));
            }
            names.extend(of);
        }
        if names.len() > clues::MOST {
            return Err(format!("{} parts of names are too many", names.len()));
        }
        let bytes = |words: Vec<u64>| words.into_iter().flat_map(u64::to_le_bytes).collect();
        Ok([self.filter, bytes(slots), bytes(names)])
    }
}
