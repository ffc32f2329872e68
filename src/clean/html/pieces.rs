//! Pieces: the tags, comments and texts of an HTML file, in order, with the bytes of the file that each is.
//!
//! In: the file. Out: pieces that tile it. The tokenizer is html5gum's, which keeps byte offsets; a tree builder would lose them. Text is
//! what stands between the tags: its references are decoded later, one by one, so that each letter knows its bytes.

use std::collections::HashMap;

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use crate::model::span::Span;

/// A piece of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub span: Span,
    pub kind: Kind,
    /// The piece that ends this element, where there is one.
    pub end: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Start(Tag),
    /// With the name of the element.
    End(String),
    Text,
    /// Comments and the document type.
    Comment,
}

/// A start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    /// Columns and rows that a cell of a table covers.
    pub columns: usize,
    pub rows: usize,
    /// The rule by which the whole element is left out, where there is one.
    pub ignored: Option<&'static str>,
}

/// Elements that hold no text of the page, each with the rule that leaves it out.
const IGNORED: &[(&str, &str)] = &[
    ("head", "head"),
    ("script", "script"),
    ("noscript", "script"),
    ("template", "script"),
    ("style", "style"),
    ("nav", "navigation"),
    ("button", "control"),
    ("select", "control"),
    ("textarea", "control"),
    ("svg", "drawing"),
    ("canvas", "drawing"),
    ("iframe", "embedded"),
    ("object", "embedded"),
    ("audio", "embedded"),
    ("video", "embedded"),
    ("figcaption", "caption"),
];

/// Most columns or rows that a cell is taken to cover.
const COVERED: usize = 50;

/// The pieces of a file.
pub fn read(file: &str) -> Vec<Piece> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // Or the text of scripts would be read as tags.
    emitter.naively_switch_states(true);
    let mut pieces = Vec::new();
    let mut at = 0;
    for Ok(token) in Tokenizer::new_with_emitter(file, emitter) {
        let (span, kind) = match token {
            Token::StartTag(tag) => (tag.span, Kind::Start(start(&tag))),
            Token::EndTag(tag) => (tag.span, Kind::End(text_of(&tag.name))),
            Token::Comment(comment) => (comment.span, Kind::Comment),
            Token::Doctype(doctype) => (doctype.span, Kind::Comment),
            Token::String(_) | Token::Error(_) => continue,
        };
        let whole = file.get(span.start..span.end).is_some_and(|piece| piece.starts_with('<'));
        if !whole || span.start < at {
            continue;
        }
        text(&mut pieces, at, span.start);
        pieces.push(Piece { span: Span::new(span.start, span.end), kind, end: None });
        at = span.end;
    }
    text(&mut pieces, at, file.len());
    pair(&mut pieces);
    pieces
}

fn text(pieces: &mut Vec<Piece>, start: usize, end: usize) {
    if start < end {
        pieces.push(Piece { span: Span::new(start, end), kind: Kind::Text, end: None });
    }
}

fn start(tag: &StartTag<usize>) -> Tag {
    let name = text_of(&tag.name);
    let value = |attribute: &[u8]| tag.attributes.get(attribute).map(|value| text_of(value));
    let number = |attribute: &[u8]| value(attribute).and_then(|value| value.trim().parse::<usize>().ok()).map_or(1, |value| value.clamp(1, COVERED));
    let is = |attribute: &[u8], expected: &str| value(attribute).is_some_and(|value| value.trim().eq_ignore_ascii_case(expected));
    let by_name = IGNORED.iter().find(|(known, _)| *known == name).map(|(_, rule)| *rule);
    let ignored = match by_name {
        Some(rule) => Some(rule),
        None if is(b"role", "navigation") => Some("navigation"),
        None if tag.attributes.contains_key(&b"hidden"[..]) || is(b"aria-hidden", "true") => Some("hidden"),
        None => None,
    };
    Tag { name, columns: number(b"colspan"), rows: number(b"rowspan"), ignored }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Finds the end of each element: an end tag closes the last open element of its name.
fn pair(pieces: &mut [Piece]) {
    let mut open: HashMap<String, Vec<usize>> = HashMap::new();
    let mut ends: Vec<(usize, usize)> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        match &piece.kind {
            Kind::Start(tag) => open.entry(tag.name.clone()).or_default().push(at),
            Kind::End(name) => ends.extend(open.get_mut(name).and_then(Vec::pop).map(|start| (start, at))),
            Kind::Text | Kind::Comment => {}
        }
    }
    for (start, end) in ends {
        pieces[start].end = Some(end);
    }
}

/// The letters that the reference at the start of `text` stands for, and how many bytes it takes; none where there is none.
pub fn reference(text: &str) -> Option<(String, usize)> {
    let name = text.bytes().skip(1).take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    let closed = text.as_bytes().get(1 + name) == Some(&b';');
    let whole = &text[..1 + name + usize::from(closed)];
    let decoded = decoded(whole);
    if name == 0 || decoded == whole {
        return None;
    }
    if closed && decoded.chars().count() <= 2 {
        return Some((decoded, whole.len()));
    }
    // Some old names need no semicolon: the letters behind them are text.
    let first = decoded.chars().next()?;
    let rest = decoded.len() - first.len_utf8();
    Some((first.to_string(), whole.len().checked_sub(rest).filter(|length| *length > 0)?))
}

/// The longest name of a character that HTML knows.
const LONGEST: usize = 32;

fn decoded(text: &str) -> String {
    let mut out = String::new();
    for Ok(token) in Tokenizer::new(text) {
        if let Token::String(letters) = token {
            out.push_str(&String::from_utf8_lossy(&letters));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_knows_its_length() {
        let cases = [
            ("&amp; B", Some(("&", 5))),
            ("&eacute;tat", Some(("é", 8))),
            ("&eacutetat", Some(("é", 7))),
            ("&#8211;", Some(("–", 7))),
            ("&#x2019;s", Some(("’", 8))),
            ("&#59;", Some((";", 5))),
            ("& B", None),
            ("&nosuchname;", None),
            ("&", None),
        ];
        for (text, expected) in cases {
            assert_eq!(reference(text), expected.map(|(letters, length)| (letters.to_owned(), length)), "{text}");
        }
    }

    #[test]
    fn pieces_tile_the_file() {
        let file = "<!DOCTYPE html><!-- é --><p class=a>Côte<br/>d&rsquo;Ivoire</p\n><script>if (a < b) \"<p>\"</script> 3 < 4 <b";
        let pieces = read(file);
        let mut at = 0;
        for piece in &pieces {
            assert_eq!(piece.span.range().start, at, "{piece:?}");
            at = piece.span.range().end;
        }
        assert_eq!(at, file.len());
        let texts: Vec<&str> = pieces.iter().filter(|piece| piece.kind == Kind::Text).map(|piece| &file[piece.span.range()]).collect();
        assert_eq!(texts, ["Côte", "d&rsquo;Ivoire", "if (a < b) \"<p>\"", " 3 < 4 <b"]);
    }
}
