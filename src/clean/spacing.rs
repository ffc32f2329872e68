//! Spacing: titles set with a space between their letters become words again.
//!
//! `M E M B E R S` is one word; where the title has several, wider gaps part them. A line counts only where every piece of it is one
//! character long: a table of crosses or grades has the same few letters again and again.

use crate::model::span::{Span, SpanMap};

/// Fewest letters of such a title, and fewest different ones.
const LETTERS: usize = 4;
const DIFFERENT: usize = 3;

/// Closes up the lines that are spaced out.
pub fn close(text: String, map: SpanMap) -> (String, SpanMap) {
    if !text.lines().any(is_spaced_out) {
        return (text, map);
    }
    let mut closed = String::with_capacity(text.len());
    let mut closed_map = SpanMap::default();
    let mut keep = |from: usize, to: usize| {
        closed.push_str(&text[from..to]);
        closed_map.push_mapped(Span::new(from, to), &map);
    };
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if is_spaced_out(line) {
            let body = line.trim();
            let first = start + line.len() - line.trim_start().len();
            let mut at = first;
            for piece in body.split(' ') {
                // An empty piece is a second space in a row: the first of a wide gap stays as the space between two words.
                if piece.is_empty() {
                    let is_first_of_gap = !text[..at - 1].ends_with(' ');
                    if is_first_of_gap {
                        keep(at - 1, at);
                    }
                } else {
                    keep(at, at + piece.len());
                }
                at += piece.len() + 1;
            }
            keep(first + body.len(), end);
        } else {
            keep(start, end);
        }
        start = end;
    }
    (closed, closed_map)
}

fn is_spaced_out(line: &str) -> bool {
    // Cheap for all other lines: the second character of a spaced line is a space.
    if !line.trim_start().chars().nth(1).is_some_and(char::is_whitespace) {
        return false;
    }
    let body = line.trim();
    if body.contains('\t') {
        return false;
    }
    let mut letters: Vec<char> = Vec::new();
    for piece in body.split_whitespace() {
        let mut characters = piece.trim_matches(['(', ')', '[', ']', ':', ',']).chars();
        match (characters.next(), characters.next()) {
            (Some(only), None) => letters.extend(Some(only).filter(|letter| letter.is_alphabetic())),
            (None, _) => {}
            _ => return false,
        }
    }
    let count = letters.len();
    letters.sort_unstable();
    letters.dedup();
    count >= LETTERS && letters.len() >= DIFFERENT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(text: &str) -> String {
        let (closed, map) = close(text.to_owned(), SpanMap::identity(text.len()));
        assert_eq!(closed.len(), map.len());
        closed
    }

    #[test]
    fn letters_of_a_word_come_together_and_words_stay_apart() {
        assert_eq!(closed("M E M B E R S\n"), "MEMBERS\n");
        assert_eq!(closed("  O B S E R V E R   S T A T E S  \nOne\n"), "OBSERVER STATES  \nOne\n");
        assert_eq!(closed("H O S T S   2 0 1 5"), "HOSTS 2015");
    }

    #[test]
    fn crosses_of_a_table_and_sentences_stay() {
        assert_eq!(closed("x x   x x\n"), "x x   x x\n");
        assert_eq!(closed("I a m not\n"), "I a m not\n");
    }
}
