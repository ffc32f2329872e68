//! What folding does to each character, stated once.
//!
//! In: a name. Out: its folded form, the slow way. Marks are dropped
//! where they are accents or vowel points (Latin, Greek, Cyrillic, Hebrew, Arabic) and kept where they are vowels (Indic and
//! South-East Asian scripts, kana). Only the build script and rare characters come here; `fold` is tested against it.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Where one word of a folded name ends, for those who ask for words.
pub const BREAK: char = ' ';

/// Folds `name` with words apart, as `fold_spaced` does.
pub fn fold_slowly(name: &str) -> String {
    let mut out = String::new();
    if fold_words(name, false, &mut out) && out.chars().filter(|&c| c != BREAK).count() <= 3 {
        fold_words(name, true, &mut out);
    }
    out
}

/// Folds with words apart; says whether an accent was dropped.
pub fn fold_words(name: &str, keep_accents: bool, out: &mut String) -> bool {
    out.clear();
    let mut state = Folding { keep_accents, accented: true, dropped: false, broken: false };
    for raw in name.chars() {
        if joins(raw) {
        } else if is_note_mark(raw) {
            state.broken = true;
        } else if raw.is_ascii() {
            state.letter(raw.to_ascii_lowercase(), out);
        } else {
            for c in std::iter::once(raw).nfkd() {
                c.to_lowercase().for_each(|c| state.letter(c, out));
            }
        }
    }
    state.dropped
}

struct Folding {
    keep_accents: bool,
    /// Whether a mark that comes now is an accent.
    accented: bool,
    /// Whether an accent was left out.
    dropped: bool,
    /// Whether a word ended since the last letter.
    broken: bool,
}

impl Folding {
    fn letter(&mut self, c: char, out: &mut String) {
        if c.is_ascii_alphanumeric() {
            self.accented = true;
            self.put(c, out);
        } else if joins(c) {
        } else if is_note_mark(c) {
            self.broken = true;
        } else if is_combining_mark(c) {
            if self.broken || out.is_empty() {
                // A mark without a letter is nothing.
            } else if is_spelling_mark(c) || (self.accented && !self.keep_accents) {
                self.dropped = true;
            } else {
                out.push(c);
            }
        } else if let Some(s) = spelled(c) {
            self.accented = true;
            s.chars().for_each(|c| self.put(c, out));
        } else if c == '\u{640}' {
        } else if c.is_alphanumeric() {
            self.accented = drops_marks(c);
            self.put(c, out);
        } else {
            self.accented = true;
            self.broken = true;
        }
    }

    fn put(&mut self, c: char, out: &mut String) {
        if std::mem::take(&mut self.broken) && !out.is_empty() {
            out.push(BREAK);
        }
        out.push(c);
    }
}

/// Scripts in which a mark is an accent, a vowel point or a hamza.
pub fn drops_marks(c: char) -> bool {
    matches!(c as u32, 0x41..=0x2AF | 0x1E00..=0x1FFF | 0x370..=0x52F | 0x590..=0x6FF)
}

/// Marks that only refine a letter, in scripts whose other marks are vowels: the nukta, and hamza on a carrier.
pub fn is_spelling_mark(c: char) -> bool {
    matches!(c, '\u{93c}' | '\u{9bc}' | '\u{a3c}' | '\u{abc}' | '\u{b3c}' | '\u{cbc}' | '\u{653}'..='\u{655}')
}

/// Superscripts, modifier letters and trade marks: notes on a name, not part of it.
pub fn is_note_mark(c: char) -> bool {
    matches!(c as u32, 0xB2 | 0xB3 | 0xB9 | 0xAA | 0xBA | 0xA9 | 0xAE | 0x2120 | 0x2122 | 0x2070..=0x209F | 0x1D2C..=0x1D6A)
        || matches!(c as u32, 0x2B0..=0x2FF) && !joins(c)
}

/// Scripts that write no spaces between words: Han, kana, Thai, Lao, Khmer, Burmese.
pub fn is_solid(c: char) -> bool {
    matches!(c as u32, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// The letters of a name in such a script, each with its marks.
pub fn solid_letters(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let more = rest[first.len_utf8()..].find(|c| !is_combining_mark(c)).unwrap_or(rest.len() - first.len_utf8());
        let (letter, tail) = rest.split_at(first.len_utf8() + more);
        rest = tail;
        Some(letter)
    })
}

/// Apostrophes, quotation marks, soft hyphens, zero-width and direction characters: they do not part a word.
pub const fn joins(c: char) -> bool {
    matches!(c, '\'' | '"' | '`' | '´' | '\u{ad}' | '\u{2018}'..='\u{201f}' | '\u{2032}' | '\u{2033}' | '\u{2035}' | '\u{2b9}' | '\u{2bb}'..='\u{2bd}' | '\u{2c8}')
        || matches!(c, '\u{5f3}' | '\u{5f4}' | '\u{a78c}' | '\u{ff07}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Letters that do not decompose, and those that are one letter to a reader.
pub fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        '&' => "and",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' | 'ɔ' => "o",
        'ð' | 'đ' | 'ɗ' => "d",
        'ł' => "l",
        'ı' => "i",
        'þ' => "th",
        'ħ' => "h",
        'ŋ' => "n",
        'ŧ' => "t",
        'ə' | 'ɛ' => "e",
        'ɓ' => "b",
        'ƙ' => "k",
        'ς' => "σ",
        'ى' | 'ی' => "ي",
        'ک' => "ك",
        'ہ' | 'ة' | 'ە' => "ه",
        _ => return None,
    })
}
