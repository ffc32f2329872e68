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

/// What an ASCII byte becomes; zero is nothing, `JOINS` nothing either and no end of a word, `MORE` what is not one byte.
static ASCII: [u8; 256] = {
    let mut t = [0; 256];
    let mut b = 0;
    while b < 256 {
        t[b] = match b as u8 {
            letter if letter.is_ascii_alphanumeric() => letter.to_ascii_lowercase(),
            b'\'' | b'"' | b'`' => JOINS,
            b'&' | 0x80.. => MORE,
            _ => 0,
        };
        b += 1;
    }
    t
};
const JOINS: u8 = 1;
const MORE: u8 = 0x80;

/// Folds `name` into `out`, words joined.
pub fn fold_into(name: &str, out: &mut Vec<u8>) {
    if name.is_ascii() {
        // What was there is written over, and cut off behind.
        out.resize(name.len(), 0);
        let (mut n, mut more) = (0, 0);
        for b in name.bytes() {
            let folded = ASCII[usize::from(b)];
            out[n] = folded;
            n += usize::from(folded > JOINS);
            more |= folded;
        }
        out.truncate(n);
        if more & MORE == 0 {
            return;
        }
    }
    out.clear();
    if !by_table(name, false, out) {
        out.clear();
        out.extend(fold_rules::fold_slowly(name).bytes().filter(|&b| b != BREAK as u8));
    }
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
    if fold_behind(name, out) {
        return;
    }
    out.clear();
    if !by_table(name, true, out) {
        out.clear();
        out.extend_from_slice(fold_rules::fold_slowly(name).as_bytes());
    }
}

/// Folds what comes behind a name that ends in a letter, onto that name folded with its words apart; `false`, and anything in `out`, where
/// one of the characters asks for a look at the whole.
pub fn fold_behind(rest: &str, out: &mut Vec<u8>) -> bool {
    let mut n = out.len();
    out.resize(n + 2 * rest.len(), 0);
    let (mut more, mut broken) = (0, false);
    for byte in rest.bytes() {
        let folded = ASCII[usize::from(byte)];
        more |= folded;
        if folded > JOINS {
            out[n] = BREAK as u8;
            n += usize::from(broken && n > 0);
            broken = false;
            out[n] = folded;
            n += 1;
        } else {
            broken |= folded == 0;
        }
    }
    out.truncate(n);
    more & MORE == 0
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
    out.reserve(2 * name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            if broken {
                broken = false;
                if !out.is_empty() {
                    out.push(BREAK as u8);
                }
            }
            accented = true;
            out.push(c.to_ascii_lowercase() as u8);
            continue;
        }
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
                    let (at, length) = ((step >> 12) as usize, (step >> 6 & 0x3F) as usize);
                    // Most texts are a letter: no copy of a length that only shows here.
                    if length == 1 { out.push(TABLE[at]) } else { out.extend_from_slice(&TABLE[at..at + length]) }
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
