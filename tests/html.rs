//! Pages of HTML as sources: what is read from them, and that every quote is cut from the file on disk.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod first_half;
mod project;

use std::fs;

use first_half::{cases, html_blocks, rows, rows_of_html, states};
use project::{Csv, empty_folder, rollcall};
use proptest::prelude::*;
use rollcall::model::text::BlockKind;
use sha2::{Digest, Sha256};

/// A page with the damage of pages: unclosed elements, references, marks inside of names, layout around the text, line ends of another
/// system, and things that are no text.
const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Lagoon Dialogue | Our site</title>
<style>li { color: red }</style><script>var states = "<li>Chad</li>";</script></head>
<body>
<nav><h2>Member States</h2><ul><li>Malta</li></ul></nav>
<table><tr><td><h1>Lagoon Dialogue on Labour Migration</h1>
<p>Established: 2009. See <a href="/x?a=1&amp;b=2">all pages</a>.
<h2>Member States</h2>
<ul class="states">
  <li>C&ocirc;te d&rsquo;Ivoire
  <li><p>Sri <b>Lanka</b></p></li>
  <li>Bosnia&nbsp;and&nbsp;Herzegovina</li>
  <li>Georgia<sup>2</sup></li>
  <li>Viet&#160;Nam<!-- Peru --></li>
</ul>
<h2>Observers</h2>
<p>Oman<br>Qatar<br/>International Organization for Migration (IOM)</p>
<figure><img src="p.jpg" alt="Fiji"><figcaption>Border post in Kenya</figcaption></figure>
<h2>Meetings</h2>
<table class="data">
<tr><th>Meeting</th><th>Date</th><th>Place</th></tr>
<tr><td>First Meeting</td><td>3 &ndash; 4 March 2009</td><td>Lisbon, Portugal</td></tr>
<tr><td>Second Meeting</td><td>12 May 2012</td><td>Lima, Peru</td></tr>
</table>
<h2>Contact</h2>
<p>International Organization for Migration<br>Email: <a href="mailto:lagoon@iom.int">lagoon@iom.int</a></p>
</td></tr></table>
<noscript>Chad is a member.</noscript>
</body></html>
"#;

fn extracted(name: &str, page: &str) -> std::path::PathBuf {
    let folder = empty_folder(name);
    fs::create_dir_all(folder.join("raw")).unwrap();
    fs::write(folder.join("raw/page.html"), page).unwrap();
    rollcall(&folder, &["extract", "--out", "out"]).exits(0);
    folder.join("out")
}

#[test]
fn a_page_is_read_like_a_text() {
    for (name, page) in [("html_page", PAGE.to_owned()), ("html_page_crlf", PAGE.replace('\n', "\r\n"))] {
        let out = extracted(name, &page);
        let memberships = Csv::read(&out.join("memberships.csv"));
        let found: Vec<(&str, &str)> = memberships.column("iso3").into_iter().zip(memberships.column("role")).collect();
        let members = ["CIV", "LKA", "BIH", "GEO", "VNM"].map(|code| (code, "member_state"));
        let observers = [("OMN", "observer_state"), ("QAT", "observer_state"), ("", "observer_organisation")];
        assert_eq!(found, [&members[..], &observers[..]].concat(), "{name}");
        assert!(memberships.column("dialogue_name").iter().all(|name| *name == "Lagoon Dialogue on Labour Migration"));
        let lines = |word: &str| page.lines().position(|line| line.contains(word)).unwrap() + 1;
        assert_eq!(memberships.column("line")[1], lines("Sri <b>").to_string());
        let meetings = Csv::read(&out.join("meetings.csv"));
        assert_eq!(meetings.column("city"), ["Lisbon", "Lima"]);
        assert_eq!(meetings.column("start_date"), ["2009-03-03", "2012-05-12"]);
        let contacts = Csv::read(&out.join("contacts.csv"));
        assert_eq!(contacts.column("value"), ["lagoon@iom.int"]);
    }
}

#[test]
fn every_quote_is_cut_from_the_page_on_disk() {
    let folder = empty_folder("html_quotes");
    fs::create_dir_all(folder.join("raw")).unwrap();
    fs::write(folder.join("raw/page.html"), PAGE).unwrap();
    rollcall(&folder, &["publish", "--date", "2026-01-02"]).exits(0);
    rollcall(&folder, &["verify"]).exits(0).says(&["sound: 1.0.0"]);
    let evidence = Csv::read(&folder.join("output/1.0.0/evidence.csv"));
    let at = |column: &str| evidence.position(column);
    let mut quotes = Vec::new();
    for row in &evidence.rows {
        let bytes: std::ops::Range<usize> = row[at("byte_start")].parse().unwrap()..row[at("byte_end")].parse().unwrap();
        let slice = PAGE.get(bytes.clone()).unwrap_or_else(|| panic!("{bytes:?} cuts a letter"));
        let hash: String = Sha256::digest(slice.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(row[at("quote_sha256")], hash, "{slice}");
        assert_eq!(row[at("quote")], slice.split_whitespace().collect::<Vec<_>>().join(" "));
        let line = PAGE[..bytes.start].matches('\n').count() + 1;
        assert_eq!(row[at("line_start")], line.to_string(), "{slice}");
        quotes.push(slice);
    }
    for expected in ["C&ocirc;te d&rsquo;Ivoire", "Sri <b>Lanka", "Bosnia&nbsp;and&nbsp;Herzegovina", "Viet&#160;Nam", "3 &ndash; 4 March 2009"] {
        assert!(quotes.contains(&expected), "{expected} among {quotes:?}");
    }
    let coverage = Csv::read(&folder.join("output/1.0.0/coverage.csv"));
    let number = |column: &str| coverage.column(column)[0].parse::<usize>().unwrap();
    assert_eq!(number("bytes"), PAGE.len());
    assert_eq!(["read", "no_fact", "ignored", "unread", "blank"].map(number).iter().sum::<usize>(), PAGE.len());
    assert_eq!(number("unread"), 0);
}

#[test]
fn a_page_that_only_a_script_fills_is_refused() {
    let folder = empty_folder("html_empty");
    fs::create_dir_all(folder.join("raw")).unwrap();
    fs::write(folder.join("raw/page.html"), "<html><head><script>load()</script></head><body><div id=\"app\"></div></body></html>").unwrap();
    rollcall(&folder, &["publish"]).exits(1).says(&["raw/page.html", "source-empty", "no text"]);
}

/// Pieces of pages in any order.
fn arbitrary_page() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => proptest::sample::select(vec![
            "<p>", "</p>", "<ul>", "</ul>", "<ol>", "<li>", "</li>", "<table>", "</table>", "<tr>", "<td>", "<td rowspan=3 colspan=2>", "</td>",
            "<h1>", "</h1>", "<h2>", "</h2>", "<br>", "<b>", "</b>", "<sup>", "</sup>", "<nav>", "</nav>", "<script>", "</script>", "<!--", "-->",
            "<div hidden>", "</div>", "<title>", "</title>", "<head>", "</head>", "<pre>", "</pre>", "<dl>", "<dt>", "<dd>", "<a href=\"x>y\">", "<",
            "&amp;", "&eacute", "&#8211;", "&nbsp;", "&", "<!DOCTYPE html>", "<![CDATA[", "]]>", "<?xml ?>", "<p class='",
        ]).prop_map(str::to_owned),
        3 => proptest::sample::select(vec!["Member States", "Nepal", "Sri Lanka", "Third Dialogue on Migration", "15 – 16 October, 2014", "office@example.org", "ﬃ", "\n", " ", "\r\n", "\u{a0}", "\u{ad}", "É"]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn no_page_makes_the_first_half_panic(page in arbitrary_page()) {
        // Spans and shares of the ledger are checked on the way.
        rows_of_html(&page);
    }

    #[test]
    fn every_word_of_a_page_maps_to_the_bytes_that_say_it(page in arbitrary_page()) {
        let blocks = html_blocks(&page);
        prop_assert_eq!(blocks.map.len(), blocks.text.len());
        for (at, word) in blocks.text.split(|letter: char| !letter.is_ascii_alphabetic()).map(|word| (word.as_ptr() as usize - blocks.text.as_ptr() as usize, word)) {
            let file = blocks.map.to_file(rollcall::model::Span::new(at, at + word.len())).range();
            prop_assert!(word.is_empty() || page.get(file.clone()).is_some_and(|bytes| !bytes.is_empty()), "{:?} maps to {:?}", word, file);
        }
    }

    #[test]
    fn a_list_in_html_gives_the_rows_of_the_list_in_text(states in states()) {
        let items: String = states.iter().map(|state| format!("<li>{}</li>", state.replace('ô', "&ocirc;").replace('’', "&rsquo;"))).collect();
        let page = format!("<h1>Harbour Dialogue on Migration</h1><h2>Member States</h2><ul>{items}</ul>");
        prop_assert_eq!(rows_of_html(&page), rows(&first_half::list("• ", &states)));
        let cells: String = states.iter().map(|state| format!("<tr><td>{state}</td></tr>")).collect();
        let table = format!("<h1>Harbour Dialogue on Migration</h1><h2>Member States</h2><table>{cells}</table>");
        prop_assert_eq!(rows_of_html(&table), rows(&first_half::list("• ", &states)));
    }
}

#[test]
fn headings_keep_their_levels() {
    let blocks = html_blocks(
        "<h1>Harbour Dialogue</h1><p>It is long. It ends with a full stop.</p><h2>Who takes part in it, and in what role.</h2><h3>Asia</h3><p>Text.</p>",
    );
    let headings: Vec<(&str, u8, Option<usize>)> = blocks
        .blocks
        .iter()
        .filter(|block| block.kind == BlockKind::Heading)
        .map(|block| (blocks.text_of(block), block.level, block.heading))
        .collect();
    assert_eq!(headings, [("Harbour Dialogue", 1, None), ("Who takes part in it, and in what role.", 2, Some(0)), ("Asia", 3, Some(2))]);
}
