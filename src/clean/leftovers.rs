//! Leftovers: tags and character references of HTML that a text kept when somebody took it from a page.
//!
//! `<h2>Members</h2>` marks a heading, `<li>` an item, `<br>` the end of a line; other tags go. Only names of elements that HTML has count,
//! so that `a < b` and `<name@example.org>` stay.

use super::Regular;
use super::characters;
use super::html::{self, pieces};
use crate::model::span::{Span, SpanMap};
use crate::model::text::{Aside, MarkedHeading};

/// Elements within a line.
const INLINE: &[&str] = &["a", "abbr", "b", "em", "font", "i", "img", "small", "span", "strong", "sub", "sup", "u"];

/// Elements that begin and end on a line of their own, besides those that [`html`] has as blocks, lines and headings.
const BLOCKS: &[&str] = &["br", "dd", "li", "nav", "ol", "table", "tbody", "tr", "ul"];

/// Cells of tables.
const CELLS: &[&str] = &["td", "th"];

/// Longest tag, in bytes.
const LONGEST: usize = 400;

/// A tag in a text.
struct Tag {
    name: String,
    is_end: bool,
    len: usize,
}

/// Takes the leftovers out of a text.
pub fn take_out(text: String, map: SpanMap) -> Regular {
    if memchr::memchr2(b'<', b'&', text.as_bytes()).is_none() {
        return Regular { text, map, ..Regular::default() };
    }
    let mut out = Regular::default();
    let mut heading: Option<(u8, usize)> = None;
    let mut at = 0;
    while at < text.len() {
        let next = memchr::memchr2(b'<', b'&', &text.as_bytes()[at..]).map_or(text.len(), |found| at + found);
        keep(&mut out, &text, &map, at, next);
        at = next;
        if at == text.len() {
            break;
        }
        if let Some(tag) = tag(&text[at..]) {
            let place = Span::new(at, at + tag.len);
            let is_block = is_block(&tag.name);
            out.asides.push(Aside { file: map.to_file(place), rule: "markup" });
            let rest = &text[at + tag.len..];
            let text_before = out.text.rsplit('\n').next().is_some_and(|line| !line.trim().is_empty());
            let text_behind = has_text(rest.split('\n').next().unwrap_or(""));
            if is_block && text_before && text_behind {
                write(&mut out, &map, "\n", place);
            }
            match (tag.name.as_str(), tag.is_end) {
                ("li", false) if text_behind => write(&mut out, &map, "• ", place),
                ("td" | "th", false) if text_before && text_behind => write(&mut out, &map, " | ", place),
                (name, false) => heading = html::level(name).map(|level| (level, at + tag.len)).or(heading),
                (name, true) if html::level(name).is_some() => {
                    if let Some((level, start)) = heading.take().filter(|(_, start)| !text[*start..at].trim().is_empty()) {
                        out.headings.push(MarkedHeading { file: map.to_file(Span::new(start, at)), level });
                    }
                }
                _ => {}
            }
            at += tag.len;
        } else if let Some((letters, length)) = pieces::reference(&text[at..]).filter(|(_, length)| text[at..at + length].ends_with(';')) {
            let mut regular = String::new();
            letters.chars().for_each(|letter| characters::replace(letter, &mut regular));
            write(&mut out, &map, &regular, Span::new(at, at + length));
            at += length;
        } else {
            keep(&mut out, &text, &map, at, at + 1);
            at += 1;
        }
    }
    out
}

fn keep(out: &mut Regular, text: &str, map: &SpanMap, from: usize, to: usize) {
    if from < to {
        out.text.push_str(&text[from..to]);
        out.map.push_mapped(Span::new(from, to), map);
    }
}

/// Writes letters that stand for a stretch of the text.
fn write(out: &mut Regular, map: &SpanMap, letters: &str, place: Span) {
    for letter in letters.chars() {
        let mut bytes = [0; 4];
        out.text.push_str(letter.encode_utf8(&mut bytes));
        out.map.push(letter.len_utf8(), map.to_file(place));
    }
}

/// Whether a line holds anything besides tags and spaces.
fn has_text(line: &str) -> bool {
    let mut rest = line;
    while let Some(at) = rest.find(|letter: char| !letter.is_whitespace()) {
        match tag(&rest[at..]) {
            Some(tag) => rest = &rest[at + tag.len..],
            None => return true,
        }
    }
    false
}

fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name) || html::is_block(name) || html::is_line(name) || html::level(name).is_some()
}

/// The tag at the start of a text, where it is one of HTML.
fn tag(text: &str) -> Option<Tag> {
    let inner = text.strip_prefix('<')?;
    let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = inner[..length].to_ascii_lowercase();
    if !is_block(&name) && !INLINE.contains(&name.as_str()) && !CELLS.contains(&name.as_str()) {
        return None;
    }
    let rest = &inner[length..];
    let close = rest.bytes().take(LONGEST).position(|byte| matches!(byte, b'>' | b'<'))?;
    let attributes = &rest[..close];
    let is_tag = rest.as_bytes()[close] == b'>' && (attributes.is_empty() || attributes.starts_with([' ', '/', '\n', '\t']));
    is_tag.then(|| Tag { name, is_end, len: text.len() - rest.len() + close + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str) -> Regular {
        let out = take_out(text.to_owned(), SpanMap::identity(text.len()));
        assert_eq!(out.text.len(), out.map.len());
        out
    }

    #[test]
    fn tags_go_and_their_lines_stay() {
        assert_eq!(without("<p>One<br/>Two</p>\n<ul><li>A</li><li class=\"b\">B</li></ul>").text, "One\nTwo\n• A\n• B");
        assert_eq!(without("<td>A</td><td>B</td>").text, "A | B");
        assert_eq!(without("A <strong>bold</strong> word").text, "A bold word");
    }

    #[test]
    fn headings_are_marked_where_they_stand() {
        let out = without("x\n<h2>Members</h2>\ny");
        assert_eq!(out.text, "x\nMembers\ny");
        assert_eq!(out.headings, [MarkedHeading { file: Span::new(6, 13), level: 2 }]);
    }

    #[test]
    fn references_are_letters() {
        assert_eq!(without("A&nbsp;&amp;&#124; B &c; R&D").text, "A &| B &c; R&D");
    }

    #[test]
    fn what_is_no_tag_of_html_stays() {
        let text = "a < b, <name@example.org>, <below 5 %>, <b a";
        assert_eq!(without(text).text, text);
    }
}
