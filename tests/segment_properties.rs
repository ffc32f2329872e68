//! Laws of segmenting and of the whole first half: what may change in a text without changing what is read.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod first_half;

use first_half::{arbitrary_text, blocks, cases, gazetteer, list, rows, states};
use proptest::prelude::*;
use rollcall::model::gazetteer::{PACKED, UNKNOWN, packed_lower, words_of};
use rollcall::model::text::BlockKind;
use rollcall::model::tokens::Tokens;

/// Rows that have a state in them: a law that holds for nothing proves nothing.
fn members(rows: &[String]) -> usize {
    rows.iter().filter(|row| row.starts_with("memberships: ") && row.contains("iso3=")).count()
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn no_text_makes_the_first_half_panic(text in arbitrary_text()) {
        rows(&text);
    }

    #[test]
    fn blocks_follow_each_other_and_stand_under_earlier_ones(text in arbitrary_text()) {
        let blocks = blocks(&text);
        prop_assert_eq!(blocks.map.len(), blocks.text.len());
        let mut end = 0;
        for (at, block) in blocks.blocks.iter().enumerate() {
            let range = block.span.range();
            prop_assert!(range.start >= end && blocks.text.get(range.clone()).is_some_and(|text| !text.trim().is_empty()), "{:?}", block);
            prop_assert!(block.heading.is_none_or(|heading| heading < at), "{:?}", block);
            prop_assert_eq!(block.level > 0, matches!(block.kind, BlockKind::Heading | BlockKind::Item));
            prop_assert!(blocks.headings_of(at).count() <= at);
            end = range.end;
        }
    }

    #[test]
    fn names_are_taken_over_as_a_look_would_find_them(text in arbitrary_text(), spaces in prop::sample::select(vec!["\n", "\n\n", " \n", "   "])) {
        // Names that run over from line to line and from block to block.
        for text in [text.replace(' ', spaces), text] {
            let blocks = blocks(&text);
            prop_assert_eq!(&blocks.tokens, &Tokens::scan(&blocks.text, gazetteer()), "{:?}", blocks.text);
        }
    }

    #[test]
    fn order_of_list_items_changes_no_row(states in states()) {
        let mut turned = states.clone();
        turned.reverse();
        let expected = rows(&list("• ", &states));
        prop_assert_eq!(members(&expected), states.len());
        prop_assert_eq!(rows(&list("• ", &turned)), expected);
    }

    #[test]
    fn changing_the_bullet_glyph_changes_no_row(states in states()) {
        let expected = rows(&list("• ", &states));
        prop_assert_eq!(members(&expected), states.len());
        for bullet in ["- ", "– ", "* ", "o ", "▪ ", "· ", "•", "  • ", "\u{f0b7} ", "\u{fffd} ", "•\u{a0}", "➢ ", "\t• ", "•\n", "•\n\n"] {
            prop_assert_eq!(&rows(&list(bullet, &states)), &expected, "{:?}", bullet);
        }
    }

    #[test]
    fn numbers_in_place_of_bullets_change_no_row(states in states()) {
        let expected = rows(&list("• ", &states));
        for sign in [".", ")"] {
            let items: Vec<String> = states.iter().enumerate().map(|(at, state)| format!("{}{sign} {state}", at + 1)).collect();
            let items: Vec<&str> = items.iter().map(String::as_str).collect();
            prop_assert_eq!(&rows(&list("", &items)), &expected, "{}", sign);
        }
    }

    #[test]
    fn upper_casing_a_heading_changes_no_row(states in states()) {
        // The wording of the role is the heading's, so it is compared without case.
        let plain = |text: &str| rows(text).into_iter().map(|row| row.to_lowercase()).collect::<Vec<_>>();
        let text = list("• ", &states);
        prop_assert_eq!(plain(&text.replace("Member States", "MEMBER STATES")), plain(&text));
    }

    #[test]
    fn a_blank_or_furniture_line_inside_a_list_changes_no_row(states in states(), at in 1_usize..9) {
        let expected = rows(&list("• ", &states));
        let at = at.min(states.len() - 1);
        for between in ["\n", "\n\n\n", "\nPage 3\n\n", "\n3\n\n", "\n- 12 -\n\n", "\nPage 3 of 12\n\n\u{c}"] {
            let text = list("• ", &states);
            let (place, _) = text.match_indices("• ").nth(at).unwrap();
            let parted = format!("{}{between}{}", &text[..place], &text[place..]);
            prop_assert_eq!(&rows(&parted), &expected, "{:?} before {}", between, states[at]);
        }
    }

    #[test]
    fn a_page_end_among_names_without_bullets_changes_no_row(states in states(), at in 2_usize..8) {
        prop_assume!(states.len() > 3);
        let at = at.min(states.len() - 2);
        let one_a_line = list("", &states);
        let in_a_sentence = format!("Harbour Dialogue on Migration\n\nMember States: {}.\n", states.join(",\n"));
        for text in [one_a_line, in_a_sentence] {
            let expected = rows(&text);
            prop_assert!(members(&expected) > 1);
            let (place, _) = text.match_indices('\n').nth(at + 3).unwrap();
            for between in ["\n\n3\n\n", "\n\n- 12 -\n\n", "\nPage 3 of 12\n\u{c}\n"] {
                let parted = format!("{}{between}{}", &text[..place], &text[place + 1..]);
                prop_assert_eq!(&rows(&parted), &expected, "{:?} in {:?}", between, text);
            }
        }
    }

    #[test]
    fn signs_around_a_heading_change_no_row(states in states()) {
        let text = list("• ", &states);
        let expected = rows(&text);
        prop_assert_eq!(members(&expected), states.len());
        for heading in ["## Member States", "**Member States**", "### **Member States**", "== Member States ==", "| Member States |", "--- Member States ---", "II. Member States"] {
            prop_assert_eq!(&rows(&text.replace("Member States", heading)), &expected, "{}", heading);
        }
    }

    #[test]
    fn double_spacing_changes_no_row(states in states()) {
        let prose = "The dialogue was opened by its chair, who spoke\nof labour and of those who\nseek it.\n\nIt closed with a dinner in\nthe old town hall.\n";
        let text = format!("{}\n{prose}", list("", &states));
        let expected = rows(&text);
        prop_assert_eq!(members(&expected), states.len());
        prop_assert_eq!(&rows(&text.replace('\n', "\n\n")), &expected);
    }

    #[test]
    fn breaking_a_long_word_over_a_line_changes_no_row(states in states(), pick in any::<proptest::sample::Index>()) {
        let expected = rows(&list("• ", &states));
        let long: Vec<&str> = states.iter().flat_map(|state| state.split([' ', '-'])).filter(|word| word.len() >= 8 && word.is_ascii()).collect();
        if long.is_empty() {
            return Ok(());
        }
        let word = long[pick.index(long.len())];
        for at in 3..word.len() - 3 {
            for end in ["\n", "-\n", " \n", "\u{ad}\n"] {
                let (head, tail) = word.split_at(at);
                let broken = list("• ", &states).replacen(word, &format!("{head}{end}{tail}"), 1);
                prop_assert_eq!(&rows(&broken), &expected, "{:?} broken by {:?}", head, end);
            }
        }
    }

    #[test]
    fn line_ends_of_another_system_change_no_row(states in states()) {
        let text = list("• ", &states);
        let expected = rows(&text);
        for end in ["\r\n", "\r"] {
            prop_assert_eq!(&rows(&text.replace('\n', end)), &expected, "{:?}", end);
        }
    }
}

/// The texts of the golden cases: those of the genre have names in every place that a property test does not think of.
fn golden_texts() -> Vec<String> {
    let mut texts = Vec::new();
    for case in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden")).unwrap() {
        let Ok(files) = std::fs::read_dir(case.unwrap().path().join("raw")) else { continue };
        let files = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|extension| extension == "txt"));
        texts.extend(files.filter_map(|path| std::fs::read_to_string(path).ok()));
    }
    assert!(texts.len() > 50, "{} texts", texts.len());
    texts
}

#[test]
fn names_of_the_golden_cases_are_taken_over_as_a_look_would_find_them() {
    for text in golden_texts() {
        let blocks = blocks(&text);
        assert!(blocks.tokens == Tokens::scan(&blocks.text, gazetteer()), "{}", blocks.text);
    }
}

#[test]
fn a_packed_word_has_the_number_of_the_word() {
    let (mut known, mut unknown) = (0, 0);
    for word in golden_texts().iter().flat_map(|text| words_of(text)).filter(|word| word.len() <= PACKED) {
        if !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            continue;
        }
        let mut letters = *b"Q4, and so forth";
        letters[..word.len()].copy_from_slice(word.to_ascii_uppercase().as_bytes());
        let number = gazetteer().word(&word);
        assert_eq!(gazetteer().packed(packed_lower(letters, word.len()), word.len()), number, "{word}");
        *if number == UNKNOWN { &mut unknown } else { &mut known } += 1;
    }
    assert!(known > 1000 && unknown > 1000, "{known} known, {unknown} unknown");
}
