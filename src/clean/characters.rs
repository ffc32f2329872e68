//! Regular characters: one kind of line end, one kind of space, nothing invisible, ligatures as letters.

use crate::model::span::{Span, SpanMap};

/// The text with regular characters, and its map to the file.
pub fn regular(text: &str) -> (String, SpanMap) {
    let mut out = String::with_capacity(text.len());
    let mut map = SpanMap::default();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let plain = plain_run(&bytes[at..]);
        if plain > 0 {
            out.push_str(&text[at..at + plain]);
            map.push(plain, Span::new(at, at + plain));
            at += plain;
            continue;
        }
        let letter = text[at..].chars().next().unwrap_or('\n');
        let mut length = letter.len_utf8();
        if letter == '\r' && bytes.get(at + 1) == Some(&b'\n') {
            length = 2;
        }
        let written = out.len();
        replace(letter, &mut out);
        // Each letter that is written stands for the whole sign: a ligature of three bytes is not three letters of one byte.
        for letter in out[written..].chars() {
            map.push(letter.len_utf8(), Span::new(at, at + length));
        }
        at += length;
    }
    (out, map)
}

/// Bytes that are looked at together.
const MANY: usize = 32;

/// How many bytes need no replacement: ASCII other than carriage returns.
fn plain_run(bytes: &[u8]) -> usize {
    let is_other = |byte: &u8| !byte.is_ascii() || *byte == b'\r' || *byte == 0x0b;
    // A look at many bytes without a stop at each is one that the compiler makes at once.
    let has_other = |many: &[u8]| many.iter().fold(false, |found, byte| found | is_other(byte));
    let plain = bytes.chunks_exact(MANY).take_while(|many| !has_other(many)).count() * MANY;
    plain + bytes[plain..].iter().position(is_other).unwrap_or(bytes.len() - plain)
}

/// Writes what stands for a letter; nothing where it is invisible.
pub fn replace(letter: char, out: &mut String) {
    match letter {
        '\r' | '\u{0b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => out.push(' '),
        // Soft hyphens, zero-width characters, marks of byte and reading order.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
        '\u{fb00}' => out.push_str("ff"),
        '\u{fb01}' => out.push_str("fi"),
        '\u{fb02}' => out.push_str("fl"),
        '\u{fb03}' => out.push_str("ffi"),
        '\u{fb04}' => out.push_str("ffl"),
        '\u{fb05}' | '\u{fb06}' => out.push_str("st"),
        // Bullets of symbol fonts, in the private area.
        '\u{f000}'..='\u{f0ff}' => out.push('•'),
        '\u{2011}' => out.push('-'),
        other => out.push(other),
    }
}
