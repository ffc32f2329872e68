//! Joins: words, mail addresses and web addresses that a line end broke become whole again.
//!
//! Whether two pieces are one word is told by the words that the document and the gazetteer have elsewhere, and by endings that
//! never stand alone; no word list of a language is needed.

use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};

use super::Line;
use crate::model::fx::BuildFx;
use crate::model::gazetteer::{Gazetteer, Shape, Tag, UNKNOWN, Written, fold, fold_onto};
use crate::model::span::{Span, SpanMap};
use crate::model::text::CleanText;

/// How a line goes on in the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Join {
    /// It does not: the line end stays.
    LineEnd,
    /// The pieces are one word; so many bytes at the end of the line (a hyphen, spaces) go.
    Word { cut: usize },
}

/// Writes the text without furniture and with broken words joined.
pub fn write(regular: &str, map: &SpanMap, lines: &[Line], gazetteer: &Gazetteer) -> CleanText {
    let known = known_words(regular, lines);
    let mut clean = CleanText { text: String::with_capacity(regular.len()), ..CleanText::default() };
    clean.furniture.extend(lines.iter().filter_map(|line| Some(line.set_aside(map, line.aside?))));
    let mut kept: Vec<Line> = (0..lines.len()).filter_map(|at| kept(regular, lines, at)).collect();
    // One empty line parts as much as several do.
    kept.dedup_by(|line, before| line.is_blank(regular) && before.is_blank(regular));
    let mut folded = Folded::default();
    let mut at = 0;
    let mut skip = 0;
    while at < kept.len() {
        let line = &kept[at];
        let start = line.start + skip;
        skip = 0;
        let next = (at + 1..kept.len()).find(|&next| !kept[next].is_blank(regular));
        // What was joined to this line before counts: an address can be broken more than once.
        let written = clean.text.rsplit('\n').next().unwrap_or("");
        let piece = &regular[start..line.end];
        let whole = if written.is_empty() { Cow::Borrowed(piece) } else { Cow::Owned(format!("{written}{piece}")) };
        let join = next.map_or(Join::LineEnd, |next| join(&whole, kept[next].text(regular), next > at + 1, &known, gazetteer, &mut folded));
        match (join, next) {
            (Join::Word { cut }, Some(next)) => {
                push(&mut clean, regular, map, start, line.end - cut);
                let tail = kept[next].text(regular);
                skip = tail.len() - tail.trim_start().len();
                at = next;
            }
            _ => {
                push(&mut clean, regular, map, start, line.end);
                end_line(&mut clean, regular, map, line.end, at + 1 == kept.len());
                at += 1;
            }
        }
    }
    clean
}

/// A line as the text keeps it. What a rule parts stays parted: an empty line stands in its place, but not between rows with bars or
/// tabs, whose lines are rows anyway.
fn kept(regular: &str, lines: &[Line], at: usize) -> Option<Line> {
    let line = lines[at];
    let is_row = |line: &Line| line.text(regular).contains(['|', '\t', '+']);
    match line.aside {
        None => Some(line),
        Some("rule") => {
            let near = at.saturating_sub(1)..lines.len().min(at + 2);
            let in_table = lines[near].iter().any(is_row);
            (!in_table).then_some(Line { start: line.end, end: line.end, aside: None })
        }
        Some(_) => None,
    }
}

fn push(clean: &mut CleanText, regular: &str, map: &SpanMap, start: usize, end: usize) {
    if start < end {
        clean.text.push_str(&regular[start..end]);
        clean.map.push_mapped(Span::new(start, end), map);
    }
}

/// Ends a line: where the text itself has no line end, because a column was parted there, the letter beside it stands for one.
fn end_line(clean: &mut CleanText, regular: &str, map: &SpanMap, at: usize, is_last: bool) {
    let behind = regular[at..].chars().next();
    match behind {
        Some('\n') => push(clean, regular, map, at, at + 1),
        _ if is_last => {}
        _ => {
            let before = regular[..at].chars().next_back().map_or(0, char::len_utf8);
            let beside = behind.map_or(at - before..at, |letter| at..at + letter.len_utf8());
            clean.text.push('\n');
            clean.map.push(1, map.to_file(Span::new(beside.start, beside.end)));
        }
    }
}

/// Words of ASCII letters, whatever their case.
#[derive(Clone, Copy, Debug)]
struct AnyCase<'a>(&'a str);

impl PartialEq for AnyCase<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for AnyCase<'_> {}

impl Hash for AnyCase<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for chunk in self.0.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            word.make_ascii_lowercase();
            state.write_u64(u64::from_le_bytes(word));
        }
    }
}

/// The folded words of a document. Those in ASCII, nearly all, are kept as a number or stay where they stand in the text.
#[derive(Debug, Default)]
struct Known<'a> {
    short: HashSet<u128, BuildFx>,
    ascii: HashSet<AnyCase<'a>, BuildFx>,
    others: HashSet<String>,
}

/// About how many bytes of a text have one word that it had not before.
const WORD: usize = 12;

/// The short word in ASCII with which some bytes begin as a number, whatever its case; none where it is too long for one.
fn packed(bytes: &[u8], length: usize) -> Option<u128> {
    const LONGEST: usize = size_of::<u128>();
    match bytes.first_chunk::<LONGEST>() {
        // The bytes behind the word count for nothing.
        Some(letters) if (1..=LONGEST).contains(&length) => Some(lower(u128::from_le_bytes(*letters) & u128::MAX >> (8 * (LONGEST - length)))),
        _ => {
            let mut letters = [0; LONGEST];
            letters.get_mut(..length)?.copy_from_slice(&bytes[..length]);
            Some(lower(u128::from_le_bytes(letters)))
        }
    }
}

/// Sixteen bytes of ASCII with small letters in place of capitals, all at once.
fn lower(letters: u128) -> u128 {
    let each = |byte: u8| u128::from_le_bytes([byte; size_of::<u128>()]);
    // The highest bit of a byte is set by adding where it is `A` or more, and where it is more than `Z`: none is carried over.
    let capitals = (letters + each(0x80 - b'A')) & !(letters + each(0x7f - b'Z')) & each(0x80);
    letters | capitals >> 2
}

impl<'a> Known<'a> {
    fn note(&mut self, word: &'a str) {
        if word.is_ascii() {
            self.note_ascii(word, word.as_bytes());
        } else {
            self.others.insert(fold(word));
        }
    }

    /// Notes a word of which the bytes, and whatever follows them, are `bytes`.
    fn note_ascii(&mut self, word: &'a str, bytes: &[u8]) {
        if let Some(packed) = packed(bytes, word.len()) {
            self.short.insert(packed);
        } else {
            self.ascii.insert(AnyCase(word));
        }
    }

    /// Notes the words of a line in ASCII, from `start` to before `end`, but for the first and the last.
    fn note_line(&mut self, text: &'a str, start: usize, end: usize) {
        let bytes = text.as_bytes();
        let is_space = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' ');
        let from = |at: usize, is_blank: bool| bytes[at..end].iter().position(|byte| is_space(*byte) != is_blank).map_or(end, |length| at + length);
        let mut word = from(from(from(start, true), false), true);
        while word < end {
            let next = from(word, false);
            // Behind the last there is nothing but blanks.
            let following = from(next, true);
            if following == end {
                return;
            }
            let is_letter = |byte: &u8| byte.is_ascii_alphanumeric();
            let first = bytes[word..next].iter().position(is_letter).map_or(next, |length| word + length);
            let last = bytes[first..next].iter().rposition(is_letter).map_or(first, |length| first + length + 1);
            self.note_ascii(&text[first..last], &bytes[first..]);
            word = following;
        }
    }

    /// Whether the document has a word. `word` is folded.
    fn contains(&self, word: &str) -> bool {
        if !word.is_ascii() {
            return self.others.contains(word);
        }
        packed(word.as_bytes(), word.len()).map_or_else(|| self.ascii.contains(&AnyCase(word)), |packed| self.short.contains(&packed))
            || self.others.contains(word)
    }
}

/// Words that stand whole within a line of the document.
fn known_words<'a>(regular: &'a str, lines: &[Line]) -> Known<'a> {
    let mut known = Known { short: HashSet::with_capacity_and_hasher(regular.len() / WORD, BuildFx::default()), ..Known::default() };
    for line in lines.iter().filter(|line| line.aside.is_none()) {
        if line.text(regular).is_ascii() {
            known.note_line(regular, line.start, line.end);
            continue;
        }
        let mut words = line.text(regular).split_whitespace().skip(1).peekable();
        // The last word of a line may be half of one, as may the first.
        while let Some(word) = words.next().filter(|_| words.peek().is_some()) {
            known.note(word.trim_matches(|letter: char| !letter.is_alphanumeric()));
        }
    }
    known
}

/// Room for two pieces, folded, and the word that they may be: it is asked at nearly every line end.
#[derive(Debug, Default)]
struct Folded {
    stem: String,
    piece: String,
    whole: String,
}

impl Folded {
    fn fold(&mut self, stem: &str, piece: &str) {
        self.stem.clear();
        fold_onto(stem, &mut self.stem);
        self.piece.clear();
        fold_onto(piece, &mut self.piece);
        self.whole.clear();
        self.whole.push_str(&self.stem);
        self.whole.push_str(&self.piece);
    }
}

fn join(line: &str, next: &str, over_blank: bool, known: &Known<'_>, gazetteer: &Gazetteer, folded: &mut Folded) -> Join {
    let trimmed = line.trim_end();
    let head = trimmed.rsplit(char::is_whitespace).next().unwrap_or("");
    let tail = next.trim_start();
    let tail = tail.split(char::is_whitespace).next().unwrap_or("");
    let spaces = line.len() - trimmed.len();
    if head.is_empty() || tail.is_empty() {
        return Join::LineEnd;
    }
    if !over_blank && is_broken_address(head, tail) {
        return Join::Word { cut: spaces };
    }
    let piece = tail.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or("");
    // A word in capitals goes on in capitals.
    let in_capitals = |word: &str| word.chars().filter(|letter| letter.is_alphabetic()).all(char::is_uppercase);
    let is_broken_capitals = head.ends_with('-') && head.len() > 3 && piece.len() > 1 && in_capitals(head) && in_capitals(piece);
    if !piece.starts_with(char::is_lowercase) && !is_broken_capitals {
        return Join::LineEnd;
    }
    let stem = head.rsplit(|letter: char| !letter.is_alphabetic() && letter != '-').next().unwrap_or("");
    let is_known = |word: &str| known.contains(word) || gazetteer.knows(word);
    if let Some(stem) = stem.strip_suffix('-').filter(|stem| stem.ends_with(char::is_alphabetic)) {
        let last = stem.rsplit('-').next().unwrap_or(stem);
        if known.contains(&fold(&format!("{stem}-{piece}"))) {
            return Join::Word { cut: spaces };
        }
        let both_are_words = is_known(&fold(last)) && is_known(&fold(piece)) && !is_known(&fold(&format!("{last}{piece}")));
        return Join::Word { cut: spaces + usize::from(!both_are_words) };
    }
    if stem.chars().count() < 2 || stem.len() < head.trim_start_matches(|letter: char| !letter.is_alphabetic()).len() {
        return Join::LineEnd;
    }
    folded.fold(stem, piece);
    let Folded { stem, piece, whole } = folded;
    let both_are_words = is_known(stem) && is_known(piece);
    if (!both_are_words && is_known(whole)) || (is_ending(piece, gazetteer) && !known.contains(piece)) {
        return Join::Word { cut: spaces };
    }
    Join::LineEnd
}

/// Whether a piece is an ending that never stands alone.
fn is_ending(piece: &str, gazetteer: &Gazetteer) -> bool {
    let word = gazetteer.word(piece);
    word != UNKNOWN && gazetteer.step(0, word).is_some_and(|node| gazetteer.tags(node, Written::of(Shape::Lower)).any(|tag| tag == Tag::WordEnding))
}

/// A mail or web address goes on in the next line where it stops at a sign that cannot end one.
fn is_broken_address(head: &str, tail: &str) -> bool {
    let head = head.trim_start_matches(['(', '<', '[', '"']);
    let is_web = head.starts_with("http://") || head.starts_with("https://") || head.starts_with("www.");
    let is_mail = head.contains('@');
    let goes_on = tail.starts_with(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    if !goes_on || !(is_web || is_mail) {
        return false;
    }
    let stops_open = head.ends_with(['@', '/', '-', '_', '=', '?', '&']);
    let first_label = tail.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or("");
    let ends_like_a_domain = tail.trim_end_matches(['.', ',', ';', ')']).split(['.', '/']).all(|label| !label.is_empty());
    stops_open || (head.ends_with('.') && (2..=12).contains(&first_label.len()) && ends_like_a_domain && !tail.contains('@'))
}
