//! How often the first half asks for memory: by document and by block, not by line.

#![allow(clippy::unwrap_used, reason = "a test stops where its project is not as it should be")]

mod first_half;

use allocation_counter::measure;
use first_half::{blocks, clean_text, document, gazetteer, reference};
use rollcall::extract;
use rollcall::findings::Report;
use rollcall::model::marking::Piece;
use rollcall::model::span::Span;
use rollcall::model::tokens::Tokens;

/// Words of running text that name nothing.
const WORDS: [&str; 24] = [
    "rain", "which", "had", "fallen", "all", "night", "kept", "those", "who", "meant", "to", "walk", "along", "water", "inside", "where", "some",
    "spoke", "while", "others", "slept", "until", "evening", "came",
];

/// Running text that states nothing: so many paragraphs of so many lines each, no line like another, which break as text does, in the middle of
/// a sentence.
fn prose(paragraphs: usize, lines: usize) -> String {
    let mut state: u64 = 7;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(state >> 33) as usize % WORDS.len()]
    };
    let mut line = || {
        let mut line = word().to_owned();
        while line.len() < 76 {
            line = format!("{line} {}", word());
        }
        line
    };
    let mut paragraph = || {
        let lines: Vec<String> = (0..lines).map(|_| line()).collect();
        format!("The {}.\n", lines.join("\n"))
    };
    (0..paragraphs).map(|_| paragraph()).collect::<Vec<_>>().join("\n")
}

/// How often another line may ask for memory in clean, segment and extract. Cutting a line into meetings side by side asks twice; no other rule
/// of extract asks at all.
const AT_MOST: [f64; 3] = [0.2, 0.2, 2.1];

/// How often the stages ask for memory over a text: clean, segment, extract.
fn asked(text: &str) -> [u64; 3] {
    let document = document(text);
    let (clean, blocks) = (clean_text(text), blocks(text));
    [
        measure(|| drop(clean_text(text))).count_total,
        measure(|| drop(rollcall::segment::run(&clean, gazetteer()))).count_total,
        measure(|| drop(extract::run(&document, &blocks, gazetteer(), reference(), false, &mut Report::default()))).count_total,
    ]
}

#[test]
fn more_lines_ask_for_no_more_memory() {
    const PARAGRAPHS: usize = 40;
    let (few, many) = (prose(PARAGRAPHS, 8), prose(PARAGRAPHS, 48));
    // What is made once is made before it is counted.
    asked(&few);
    let more_lines = (PARAGRAPHS * 40) as f64;
    let more: Vec<f64> = asked(&few).iter().zip(asked(&many)).map(|(few, many)| (many as f64 - *few as f64) / more_lines).collect();
    let per_kilobyte = asked(&few).iter().sum::<u64>() as f64 / (few.len() as f64 / 1024.0);
    println!("{more:.3?} more a line in clean, segment and extract; {per_kilobyte:.1} a KB of text");
    assert!(more.iter().zip(AT_MOST).all(|(more, at_most)| *more < at_most), "{more:.3?} a line in clean, segment and extract");
    assert!(per_kilobyte < 110.0, "{per_kilobyte:.1} a KB of text");
}

#[test]
fn names_that_are_taken_over_ask_for_no_memory_of_their_own() {
    let text = prose(20, 8);
    let tokens = Tokens::scan(&text, gazetteer());
    let whole = [Piece { before: Span::new(0, text.trim_end().len()), at: 0 }];
    let taken = measure(|| drop(tokens.rewritten(&text, &text, &whole, gazetteer()))).count_total;
    assert!((1..=12).contains(&taken), "{taken}");
}
