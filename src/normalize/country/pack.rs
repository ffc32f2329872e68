//! Packs the names that were compiled into the bytes of the table.
//!
//! In: keys and what each stands for, the names that edit distance may reach, the names by their first letters. Out: the sections of
//! `layout`, each behind its length. Every choice was made before: here is only where things lie.

use super::{
    compile::{Compiler, TWO_EDITS, prefixed},
    ends,
    hash::{self, Rolling},
    initials,
    layout::{self, Kind, prefix},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    let mut hashes: Vec<(u64, u16)> = Vec::new();
    let mut ends: BTreeMap<u64, End> = BTreeMap::new();
    let mut targets = Vec::new();
    for (n, (k, e)) in names.targets.iter().enumerate() {
        let id = n as u16 + 1;
        let at = offsets.get(&**k).copied().unwrap_or_else(|| {
            keys.extend_from_slice(k);
            keys.len() - k.len()
        });
        targets.push((at as u64) << 24 | (k.len() as u64) << 16 | u64::from(*e));
        if *e != layout::NOBODY {
            ends::of_name(k, k.len() >= TWO_EDITS, |h, length| {
                let end = ends.entry(h).or_default();
                end.lengths |= length;
                end.names.insert(ends::entry(k, id));
            });
        }
        let r = Rolling::new(k);
        hashes.push((r.whole(), id));
        r.one_less(|h| hashes.push((h, id)));
    }
    hashes.sort_unstable();
    hashes.dedup();
    let mut deletions = vec![0u32; (hashes.len() * 3 / 2).next_power_of_two()];
    let mask = deletions.len() - 1;
    let mut seen = vec![0u8; layout::SEEN_BYTES];
    for (h, id) in hashes {
        let (byte, bit) = layout::seen_bit(h);
        seen[byte] |= bit;
        let h = hash::mix(h);
        let slot = ((h >> 46) as u32) << 14 | u32::from(id);
        let mut i = h as usize & mask;
        while deletions[i] != 0 {
            i = (i + 1) & mask;
        }
        deletions[i] = slot;
    }
    let (ends, end_names) = ends_table(ends)?;
    let sections: [Vec<u8>; layout::SECTIONS] = [
        names.entities.into_bytes(),
        names.dated.into_bytes(),
        slots.iter().flat_map(|s| s.to_le_bytes()).collect(),
        keys,
        seen,
        deletions.iter().flat_map(|s| s.to_le_bytes()).collect(),
        targets.iter().flat_map(|s| s.to_le_bytes()).collect(),
        ends.iter().flat_map(|s| s.to_le_bytes()).collect(),
        end_names.iter().flat_map(|s| s.to_le_bytes()).collect(),
        tags,
        by_initials.iter().flat_map(|s| s.to_le_bytes()).collect(),
    ];
    let mut out = layout::MAGIC.to_le_bytes().to_vec();
    sections.iter().for_each(|s| out.extend((s.len() as u32).to_le_bytes()));
    sections.iter().for_each(|s| out.extend_from_slice(s));
    Ok(out)
}

/// The names with one end, as the table lists them, and the bits of their lengths.
#[derive(Default)]
struct End {
    lengths: u32,
    names: BTreeSet<u64>,
}

/// The slots of the ends of names, and the names.
fn ends_table(ends: BTreeMap<u64, End>) -> Result<(Vec<u64>, Vec<u64>), String> {
    let mut places: BTreeMap<usize, (u32, End)> = BTreeMap::new();
    for (h, end) in ends {
        let (mut i, tag) = ends::place(h);
        // Two ends with one tag side by side are one slot: it may let too much through, and never too little.
        while places.get(&i).is_some_and(|(other, _)| *other != tag) {
            i = (i + 1) & (ends::SLOTS - 1);
        }
        let (_, slot) = places.entry(i).or_insert_with(|| (tag, End::default()));
        slot.lengths |= end.lengths;
        slot.names.extend(end.names);
    }
    let (mut slots, mut names) = (vec![0; ends::SLOTS], Vec::new());
    for (i, (tag, end)) in &places {
        slots[*i] = ends::slot(*tag, end.lengths, names.len(), end.names.len());
        names.extend(&end.names);
        if end.names.len() > ends::MOST_OF_ONE {
            return Err(format!("{} names with one end are too many", end.names.len()));
        }
    }
    if places.len() * 4 > ends::SLOTS * 3 || names.len() > ends::MOST {
        return Err(format!("{} ends of names are too many", places.len()));
    }
    Ok((slots, names))
}
