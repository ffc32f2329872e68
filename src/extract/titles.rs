//! Titles: quoted names, and what the parts of an entry in a list of publications are.

use std::ops::Range;

use super::page::Page;
use crate::model::gazetteer::{Shape, Tag};

/// Fewest words of a quoted title.
const WORDS: usize = 2;

/// A quoted title: what stands between the signs, and the signs with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    pub title: Range<usize>,
    pub tokens: Range<usize>,
}

/// The quoted titles within a range: two words and more, a capital or digit first.
#[must_use]
pub fn quoted(page: &Page<'_>, range: Range<usize>) -> Vec<Quoted> {
    let begins = |quote: &Quoted| page.is_capital(quote.title.start) || page.token(quote.title.start).shape == Shape::Number;
    quoted_in_any_case(page, range).into_iter().filter(begins).collect()
}

/// What is quoted within a range: two words and more.
#[must_use]
pub fn quoted_in_any_case(page: &Page<'_>, range: Range<usize>) -> Vec<Quoted> {
    let mut found = Vec::new();
    // Behind the last quotation.
    let mut next = range.start;
    for &at in page.opening_quotes_in(&range) {
        if at < next {
            continue;
        }
        let closes: &[&str] = match page.text(at) {
            "“" | "„" => &["”", "“"],
            "«" => &["»"],
            "\"" => &["\""],
            "‘" => &["’"],
            "*" => &["*"],
            "_" => &["_"],
            _ => &[],
        };
        let opens = !closes.is_empty() && (at == range.start || !page.tokens.touches_previous(at) || !page.is_word(at - 1));
        let closing = |&token: &usize| {
            closes.contains(&page.text(token)) && !inside_word(page, token, range.end) && (!is_star(page, at) || closes_stars(page, token, range.end))
        };
        let close = opens.then(|| (at + 2..range.end).find(closing)).flatten();
        let Some(close) = close else { continue };
        let mut end = close;
        while end > at + 1 && matches!(page.text(end - 1), "." | ",") {
            end -= 1;
        }
        let title = at + 1..end;
        let words = title.clone().filter(|&token| page.is_word(token)).count();
        if words >= WORDS {
            found.push(Quoted { title, tokens: at..close + 1 });
        }
        next = close + 1;
    }
    found
}

/// The sign of words in italics: `*Title*`.
fn is_star(page: &Page<'_>, token: usize) -> bool {
    matches!(page.text(token), "*" | "_")
}

/// Whether such a sign stands behind a word and not before one: there it opens.
fn closes_stars(page: &Page<'_>, token: usize, end: usize) -> bool {
    page.tokens.touches_previous(token) && !(token + 1 < end && page.is_word(token + 1) && page.tokens.touches_previous(token + 1))
}

/// An apostrophe within a word closes nothing.
fn inside_word(page: &Page<'_>, token: usize, end: usize) -> bool {
    page.text(token) == "’"
        && token + 1 < end
        && page.tokens.touches_previous(token)
        && page.tokens.touches_previous(token + 1)
        && page.is_word(token + 1)
}

/// The title of an entry that is not quoted: up to the date, publisher, bracket or line end behind it.
#[must_use]
pub fn plain(page: &Page<'_>, entry: Range<usize>) -> Range<usize> {
    let mut next = entry.start;
    while next < entry.end {
        if next > entry.start {
            let text = page.text(next);
            let behind_date = page.is_in_date(next) && page.text(next - 1) == ",";
            let bracket = matches!(text, "(" | "[")
                && (next + 1 >= entry.end
                    || page.is_in_date(next + 1)
                    || page.mark(next + 1, |tag| matches!(tag, Tag::Organization(_))).is_some()
                    || page.token(next + 1).shape == Shape::Upper);
            let sentence =
                text == "." && (next + 1 == entry.end || !page.tokens.touches_previous(next + 1) && page.token(next + 1).shape != Shape::Number);
            let source = text == ","
                && next + 1 < entry.end
                && (page.is_in_date(next + 1)
                    || page
                        .mark(next + 1, |tag| matches!(tag, Tag::Organization(_) | Tag::City(_) | Tag::Dialogue(_) | Tag::Month(_) | Tag::Published))
                        .is_some());
            let line = page.gap_before(next).contains('\n') && starts_with_source(page, next, entry.end);
            let dash = matches!(text, "–" | "—" | "-") && !page.tokens.touches_previous(next) && next + 1 < entry.end && page.is_in_date(next + 1);
            // `Title – a film by X`
            let says_what = matches!(text, "–" | "—")
                && next + 2 < entry.end
                && page.has(next + 1, Tag::Article)
                && page.token(next + 1).shape == Shape::Lower
                && page.mark(next + 2, |tag| matches!(tag, Tag::PublicationHead(_))).is_some();
            if behind_date || says_what || bracket || sentence || source || line || dash || matches!(text, "|" | ";" | "•") {
                break;
            }
        }
        next += 1;
    }
    while next > entry.start && matches!(page.text(next - 1), "," | "." | "–" | "-" | ":" | "(" | ";") {
        next -= 1;
    }
    entry.start..next
}

/// Whether a line begins with a publisher or date.
#[must_use]
pub fn starts_with_source(page: &Page<'_>, at: usize, end: usize) -> bool {
    let comma = (at..end.min(at + 8)).find(|&token| page.text(token) == ",");
    page.is_in_date(at)
        || page.mark(at, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_) | Tag::Published)).is_some()
        || comma.is_some_and(|comma| comma + 1 < end && page.is_in_date(comma + 1))
}
