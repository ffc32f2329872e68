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

/// Running text that states nothing: so many paragraphs of so many lines each, which break as text does, in the middle of a sentence.
fn prose(paragraphs: usize, lines: usize) -> String {
    const LINES: [&str; 4] = [
        "Most of what was said in the afternoon had been said before, and the few who had not",
        "heard it then were none the wiser for it now. It rained on and off until the evening,",
        "so that those who had meant to walk along the water stayed where they were and spoke",
        "of other things, as people do who wait for the weather and have nothing else to wait",
    ];
    let paragraph: Vec<&str> = LINES.into_iter().cycle().take(lines).collect();
    vec![format!("{} for.\n", paragraph.join("\n")); paragraphs].join("\n")
}

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
    assert!(more.iter().all(|more| *more < 0.2), "{more:.3?} a line in clean, segment and extract");
    assert!(per_kilobyte < 80.0, "{per_kilobyte:.1} a KB of text");
}

#[test]
fn names_that_are_taken_over_ask_for_no_memory_of_their_own() {
    let text = prose(20, 8);
    let tokens = Tokens::scan(&text, gazetteer());
    let whole = [Piece { before: Span::new(0, text.trim_end().len()), at: 0 }];
    let taken = measure(|| drop(tokens.rewritten(&text, &text, &whole, gazetteer()))).count_total;
    assert!((1..=12).contains(&taken), "{taken}");
}
