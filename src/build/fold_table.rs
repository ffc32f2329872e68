//! Compiles the rules of folding into a table, so that folding a character is one read.
//!
//! In: `fold_rules`, for every character of the basic plane. Out: the bytes that `fold.rs` reads: blocks of 64 characters, equal
//! blocks stored once, then the texts that characters become.

use super::fold_rules::{BREAK, drops_marks, fold_words, is_note_mark, is_spelling_mark, joins, spelled};
use std::collections::HashMap;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

const BLOCKS: usize = 1024;

/// The table's bytes.
///
/// # Errors
/// Where there are more texts than their places can number.
pub fn bytes() -> Result<Vec<u8>, String> {
    let mut texts: Vec<u8> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut blocks: Vec<[u32; 64]> = Vec::new();
    let mut index = Vec::with_capacity(BLOCKS);
    for block in 0..BLOCKS {
        let mut steps = [5; 64];
        for (i, slot) in steps.iter_mut().enumerate() {
            let Some(c) = char::from_u32((block * 64 + i) as u32) else { continue };
            *slot = match step(c) {
                Step::Skip => 0,
                Step::Break => 1,
                Step::Text { text, accented, dropped } => {
                    let flags = 2 | u32::from(accented) << 3 | u32::from(dropped) << 4;
                    if text.chars().eq([c]) {
                        flags | 1 << 5
                    } else if text.len() < 64 {
                        let at = *known.entry(text.clone()).or_insert_with(|| {
                            texts.extend(text.bytes());
                            texts.len() - text.len()
                        });
                        flags | (text.len() as u32) << 6 | (at as u32) << 12
                    } else {
                        5
                    }
                }
                Step::Mark => 3,
                Step::Vowel(text) => {
                    let at = *known.entry(text.clone()).or_insert_with(|| {
                        texts.extend(text.bytes());
                        texts.len() - text.len()
                    });
                    3 | (text.len() as u32) << 6 | (at as u32) << 12
                }
                Step::Refines => 4,
                Step::Rare => 5,
            };
        }
        index.push(blocks.iter().position(|b| *b == steps).unwrap_or_else(|| {
            blocks.push(steps);
            blocks.len() - 1
        }));
    }
    // Texts come last; their places count from the start of the table.
    let before = 2 * BLOCKS + 256 * blocks.len();
    if before + texts.len() >= 1 << 20 {
        return Err("texts of the fold table lie too far back".to_owned());
    }
    let placed = |s: u32| if s & 7 == 2 && s >> 5 & 1 == 0 || s & 7 == 3 && s >> 6 != 0 { s + ((before as u32) << 12) } else { s };
    let mut out: Vec<u8> = index.iter().flat_map(|&i| (i as u16).to_le_bytes()).collect();
    out.extend(blocks.iter().flatten().flat_map(|&s| placed(s).to_le_bytes()));
    out.extend(texts);
    Ok(out)
}

/// What a character does to a fold.
enum Step {
    /// Nothing: apostrophes, zero-width characters.
    Skip,
    /// Ends a word.
    Break,
    /// Writes a text; whether marks that follow are accents, and whether an accent was dropped.
    Text { text: String, accented: bool, dropped: bool },
    /// A mark: written unless it is an accent.
    Mark,
    /// A mark that is written as the two which it is made of.
    Vowel(String),
    /// A mark that only refines a letter: never written.
    Refines,
    /// Too rare for the table.
    Rare,
}

/// The step of a character beyond ASCII.
fn step(c: char) -> Step {
    if joins(c) || c == '\u{640}' {
        return Step::Skip;
    }
    if is_note_mark(c) {
        return Step::Break;
    }
    let decomposed: String = std::iter::once(c).nfkd().flat_map(char::to_lowercase).collect();
    let mut chars = decomposed.chars();
    let first = chars.next().unwrap_or(BREAK);
    if is_combining_mark(first) {
        return match chars.next() {
            None if is_spelling_mark(first) => Step::Refines,
            None if first == c => Step::Mark,
            // A vowel of two parts is a mark like any other.
            Some(second) if !is_spelling_mark(first) && is_combining_mark(second) && !is_spelling_mark(second) && chars.next().is_none() => {
                Step::Vowel(decomposed)
            }
            _ => Step::Rare,
        };
    }
    if chars.next().is_none() && joins(first) {
        return Step::Skip;
    }
    let mut text = String::new();
    let dropped = fold_words(&c.to_string(), false, &mut text);
    if text.is_empty() {
        return if dropped || decomposed.chars().count() > 1 { Step::Rare } else { Step::Break };
    }
    let blank = |c: char| is_note_mark(c) || joins(c) || !is_combining_mark(c) && !c.is_alphanumeric() && spelled(c).is_none();
    if decomposed.chars().any(blank) {
        return Step::Rare;
    }
    let last = decomposed.chars().rfind(|&c| !is_combining_mark(c)).unwrap_or(first);
    Step::Text { text, accented: drops_marks(last) || spelled(last).is_some(), dropped }
}
