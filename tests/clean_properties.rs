//! Laws of cleaning, for texts of any kind.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod first_half;

use first_half::{arbitrary_text, cases, clean_text};
use proptest::prelude::*;
use rollcall::model::span::Span;
use unicode_normalization::UnicodeNormalization;

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn cleaning_twice_is_cleaning_once(text in arbitrary_text()) {
        let once = clean_text(&text).text;
        let twice = clean_text(&once).text;
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn every_byte_maps_back_to_the_file(text in arbitrary_text()) {
        let text = text.replace(['ﬃ', 'ﬄ'], "ﬁ");
        let clean = clean_text(&text);
        prop_assert_eq!(clean.map.len(), clean.text.len());
        let mut end = 0;
        for (at, letter) in clean.text.char_indices() {
            let file = clean.map.to_file(Span::new(at, at + letter.len_utf8()));
            let bytes = text.get(file.range());
            prop_assert!(bytes.is_some_and(|bytes| !bytes.is_empty()), "{:?} maps to {:?}", letter, file);
            prop_assert!(file.start >= end || letter_of_the_same_piece(&clean.text, at), "{:?} at {} maps back to {:?}, behind {}", letter, at, file, end);
            end = file.end;
            let bytes = bytes.unwrap();
            let is_kept = bytes.nfkc().any(|other| other == letter) || bytes.contains(letter);
            let is_regular = letter == '\n' || letter == ' ' || letter == '-' || letter == '•';
            prop_assert!(is_kept || is_regular, "{:?} comes from {:?}", letter, bytes);
        }
    }

    #[test]
    fn nothing_is_lost(text in arbitrary_text()) {
        let clean = clean_text(&text);
        let mut covered = vec![false; text.len()];
        let pieces = clean.map.pieces(Span::new(0, clean.text.len()));
        for span in pieces.into_iter().chain(clean.furniture.iter().map(|aside| aside.file)) {
            covered[span.range()].iter_mut().for_each(|byte| *byte = true);
        }
        for (at, letter) in text.char_indices().filter(|(_, letter)| letter.is_alphanumeric()) {
            prop_assert!(covered[at], "{:?} at {} is neither text nor set aside", letter, at);
        }
    }

    #[test]
    fn what_is_regular_stays_as_it_is(words in proptest::collection::vec("[A-Z][a-z]{3,9}", 1..12)) {
        let text: String = words.iter().map(|word| format!("{word} stays.\n")).collect();
        prop_assert_eq!(clean_text(&text).text, text);
    }
}

#[test]
fn a_ligature_of_three_letters_maps_back_whole() {
    let clean = clean_text("oﬃce");
    assert_eq!((clean.text.as_str(), clean.map.to_file(Span::new(2, 3))), ("office", Span::new(1, 4)));
}

#[test]
fn an_address_broken_twice_is_joined_at_once() {
    let once = clean_text("office@example.org-\nfi-\n12").text;
    assert_eq!(clean_text(&once).text, once);
}

#[test]
fn a_page_number_beside_a_caption_is_set_aside() {
    assert_eq!(clean_text("Members met.\n\n7\nBorder post (Photo: IOM)\n").text.trim_end(), "Members met.");
}

/// Letters that one ligature stands for come from the same bytes.
fn letter_of_the_same_piece(text: &str, at: usize) -> bool {
    text[..at].ends_with(['f', 's'])
}

#[test]
fn a_broken_word_is_joined_and_a_whole_one_is_not() {
    assert_eq!(clean_text("Matters of labour migra\ntion are discussed.\n").text.trim_end(), "Matters of labour migration are discussed.");
    assert_eq!(clean_text("Protection of refu-\ngees in transit.\n").text.trim_end(), "Protection of refugees in transit.");
    assert_eq!(clean_text("States of origin\nand destination.\n").text, "States of origin\nand destination.\n");
}
