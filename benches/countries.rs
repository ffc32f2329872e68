//! How fast names resolve, one by one and as a stream. `cargo bench --bench countries [FILE]`: a file of names, one a line, or a list
//! made of every country's name and its damaged forms. Prints names a second; no cache stands between in the first figure.

#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark that cannot run has nothing else to say")]

use std::hint::black_box;
use std::time::Instant;

use rollcall::normalize::country::stream::{self, Options};
use rollcall::normalize::country::{Normalizer, Scratch};

fn main() {
    let countries = Normalizer::built_in();
    let file = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let names: Vec<String> = match file {
        Some(path) => std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}")).lines().map(str::to_owned).collect(),
        None => made_up(&countries),
    };
    let mut scratch = Scratch::default();
    let rounds = 1 + 1_000_000 / names.len();
    let start = Instant::now();
    for _ in 0..rounds {
        for n in &names {
            black_box(countries.resolve_with(black_box(n), &mut scratch));
        }
    }
    report("resolved one by one", rounds * names.len(), start);
    let text = names.iter().cycle().take(1_000_000).fold(String::new(), |t, n| t + n + "\n");
    let start = Instant::now();
    stream::run(&Options::default(), &countries, text.as_bytes(), std::io::sink(), std::io::sink()).expect("memory does not fail");
    report("streamed, with repetition", text.lines().count(), start);
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= 200_000).last().unwrap_or_default();
    let text = &text[..end];
    let start = Instant::now();
    let found = countries.find(text).len();
    println!("{:>28}: {found} in {:.1} MB/s", "found in running text", text.len() as f64 / 1e6 / start.elapsed().as_secs_f64());
}

fn report(what: &str, names: usize, start: Instant) {
    println!("{what:>28}: {:.2} million names a second", names as f64 / 1e6 / start.elapsed().as_secs_f64());
}

/// Every name as it is, inverted, with a letter left out, and with two swapped.
fn made_up(countries: &Normalizer) -> Vec<String> {
    let names = countries.entities().iter().map(|e| e.name.to_string());
    names
        .flat_map(|n| {
            let letters: Vec<char> = n.chars().collect();
            let mid = letters.len() / 2;
            let less: String = letters.iter().enumerate().filter(|(i, _)| *i != mid).map(|(_, c)| c).collect();
            let mut swapped = letters.clone();
            swapped.swap(mid, mid.saturating_sub(1));
            [n.clone(), format!("{n}, Rep. of"), n.to_uppercase(), less, swapped.into_iter().collect()]
        })
        .collect()
}
