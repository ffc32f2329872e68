//! Folding: the one spelling under which a name is looked up.
//!
//! In: a name as people write it. Out: lower-case letters and digits, accents gone, words joined. `fold_rules` says what happens to
//! each character; here a table of the build does it, because this runs on every name. A name of at most three letters keeps its
//! accents: `Áo` is Austria in Vietnamese, `AO` is Angola.

use super::fold_rules::{self, BREAK};
use super::hash::u32_at;

pub use super::fold_rules::joins;

/// For each block of 64 characters of the basic plane, where its steps are; then the steps; then the texts.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fold_table.bin"));
const BLOCKS: usize = 1024;

/// What an ASCII byte becomes; zero is nothing.
const ASCII: [u8; 128] = {
    let mut t = [0; 128];
    let mut b = 0;
    while b < 128 {
        if (b as u8).is_ascii_alphanumeric() {
            t[b] = (b as u8).to_ascii_lowercase();
        }
        b += 1;
    }
    t
};

/// What an ASCII byte becomes where words stay apart: a letter or digit, the end of a word, or nothing.
const SPACED: [u8; 128] = {
    let mut t = ASCII;
    let mut b = 0;
    while b < 128 {
        if t[b] == 0 && joins(b as u8 as char) {
            t[b] = JOINS;
        }
        b += 1;
    }
    t
};
const PARTS: u8 = 0;
const JOINS: u8 = 1;

/// Folds `name` into `out`, words joined.
pub fn fold_into(name: &str, out: &mut Vec<u8>) {
    out.clear();
    if !name.is_ascii() {
        if !by_table(name, false, out) {
            out.clear();
            out.extend(fold_rules::fold_slowly(name).bytes().filter(|&b| b != BREAK as u8));
        }
        return;
    }
    if name.contains('&') {
        name.bytes().for_each(|b| if b == b'&' { out.extend_from_slice(b"and") } else { out.extend(Some(ASCII[b as usize]).filter(|&b| b != 0)) });
        return;
    }
    out.resize(name.len(), 0);
    let mut n = 0;
    for b in name.bytes() {
        let folded = ASCII[(b & 127) as usize];
        out[n] = folded;
        n += usize::from(folded != 0);
    }
    out.truncate(n);
}

/// Folds `name`, words joined by one space.
pub fn fold_spaced(name: &str) -> String {
    let mut out = Vec::new();
    fold_spaced_into(name, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Folds `name` into `out`, words joined by one space.
pub fn fold_spaced_into(name: &str, out: &mut Vec<u8>) {
    out.clear();
    if name.is_ascii() && !name.as_bytes().contains(&b'&') {
        // Nothing gets longer: a space stands for at least one sign.
        out.resize(name.len(), 0);
        let (mut n, mut broken) = (0, false);
        for byte in name.bytes() {
            let folded = SPACED[usize::from(byte & 127)];
            if folded > JOINS {
                if broken && n > 0 {
                    out[n] = BREAK as u8;
                    n += 1;
                }
                broken = false;
                out[n] = folded;
                n += 1;
            } else {
                broken |= folded == PARTS;
            }
        }
        out.truncate(n);
        return;
    }
    if name.is_ascii() {
        let mut broken = false;
        for byte in name.bytes() {
            let folded = ASCII[usize::from(byte & 127)];
            if folded != 0 {
                if broken && !out.is_empty() {
                    out.push(BREAK as u8);
                }
                broken = false;
                out.push(folded);
            } else if byte == b'&' {
                if broken && !out.is_empty() {
                    out.push(BREAK as u8);
                }
                broken = false;
                out.extend_from_slice(b"and");
            } else if !joins(char::from(byte)) {
                broken = true;
            }
        }
        return;
    }
    if !by_table(name, true, out) {
        out.clear();
        out.extend_from_slice(fold_rules::fold_slowly(name).as_bytes());
    }
}

/// Folds `name`, words joined.
pub fn fold(name: &str) -> String {
    let mut out = Vec::new();
    fold_into(name, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Folds by the table; `false` where a character or the shortness of the name asks for the rules.
fn by_table(name: &str, spaced: bool, out: &mut Vec<u8>) -> bool {
    let (mut accented, mut dropped, mut broken) = (true, false, false);
    for c in name.chars() {
        let step = step_of(c);
        match step & 7 {
            SKIP => {}
            BREAKS => (accented, broken) = (true, spaced),
            TEXT => {
                if broken {
                    broken = false;
                    if !out.is_empty() {
                        out.push(BREAK as u8);
                    }
                }
                accented = step & ACCENTED != 0;
                dropped |= step & DROPPED != 0;
                if step & SELF != 0 {
                    push(c, out);
                } else {
                    let at = (step >> 12) as usize;
                    out.extend_from_slice(&TABLE[at..at + (step >> 6 & 0x3F) as usize]);
                }
            }
            MARK if accented => dropped = true,
            MARK if step >> 6 == 0 => push(c, out),
            MARK => {
                let at = (step >> 12) as usize;
                out.extend_from_slice(&TABLE[at..at + (step >> 6 & 0x3F) as usize]);
            }
            REFINES => dropped = true,
            _ => return false,
        }
    }
    !(dropped && out.len() <= 12 && out.iter().filter(|&&b| b != BREAK as u8 && b & 0xC0 != 0x80).count() <= 3)
}

const SKIP: u32 = 0;
const BREAKS: u32 = 1;
const TEXT: u32 = 2;
const MARK: u32 = 3;
const REFINES: u32 = 4;
const RARE: u32 = 5;
const ACCENTED: u32 = 1 << 3;
const DROPPED: u32 = 1 << 4;
const SELF: u32 = 1 << 5;

#[inline]
fn step_of(c: char) -> u32 {
    let n = c as usize;
    if n >= BLOCKS * 64 {
        return RARE;
    }
    let block = u16::from_le_bytes([TABLE[2 * (n >> 6)], TABLE[2 * (n >> 6) + 1]]) as usize;
    let at = 2 * BLOCKS + 4 * (block * 64 + (n & 63));
    u32_at(TABLE, at)
}

#[inline]
fn push(c: char, out: &mut Vec<u8>) {
    if c.is_ascii() {
        out.push(c as u8);
    } else {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, fold_rules::fold_slowly, fold_spaced};

    #[test]
    fn the_table_does_what_the_rules_say() {
        for c in ('\0'..='\u{ffff}').chain('\u{1f100}'..='\u{1f1ff}') {
            let name = format!("Ab{c}cd {c}");
            assert_eq!(fold_spaced(&name), fold_slowly(&name), "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn accents_go_and_vowels_stay() {
        for (name, key) in [
            ("Côte d’Ivoire", "cotedivoire"),
            ("Åland", "aland"),
            ("TÜRKİYE", "turkiye"),
            ("Ελλάς", "ελλασ"),
            ("Áo", "a\u{301}o"),
            ("Mali¹", "mali"),
            ("Ｏｍａｎ", "oman"),
        ] {
            assert_eq!(fold(name), key);
        }
        assert_ne!(fold("कोरिया"), fold("करय"));
        assert_eq!(fold("ガボン"), fold("ｶﾞﾎﾞﾝ"));
    }
}
