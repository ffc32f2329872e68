//! Lines of a cleaned text: indent, bullet or number, cells of a table.

use super::signs::{self, Signs};
use crate::model::span::Span;

/// What makes a line a list item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    Bullet(char),
    Number(u32),
    /// `1.1`
    Nested,
    Letter,
    /// `II.`: what it stands before is no item of a list.
    Roman,
}

impl Marker {
    /// Whether two markers can belong to one list.
    pub fn is_like(self, other: Self) -> bool {
        match (self, other) {
            (Self::Number(_), Self::Number(_)) => true,
            (a, b) => a == b,
        }
    }
}

/// A line of the cleaned text.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Without the spaces around it.
    pub whole: Span,
    /// Without bullet or number.
    pub body: Span,
    pub indent: usize,
    pub marker: Option<Marker>,
    pub is_row: bool,
    /// First line of a page.
    pub page_start: bool,
    pub signs: Signs,
}

impl Line {
    pub fn is_blank(&self) -> bool {
        self.whole.is_empty()
    }

    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        &text[self.whole.range()]
    }
}

/// Reads the lines of a text.
pub fn read(text: &str) -> Vec<Line> {
    let mut bytes = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len())) {
        if start < end || end < text.len() {
            bytes.push((start, end));
        }
        start = end + 1;
    }
    let mut lines: Vec<Line> = bytes.iter().map(|&(start, end)| line(text, start, end)).collect();
    if text.contains('\u{fffd}') {
        mark_damaged_bullets(text, &bytes, &mut lines);
    }
    put_bullets_to_their_lines(text, &mut lines);
    mark_page_starts(text, &mut lines);
    lines
}

/// Most empty lines between a damaged bullet and the next one, and the one more line that an item between them may have.
const NEAR: usize = 3;

/// A damaged sign before a small letter is a bullet where a line near it has one too: what is left of a page end stands alone.
fn mark_damaged_bullets(text: &str, bytes: &[(usize, usize)], lines: &mut [Line]) {
    let has_sign = |at: usize| text[bytes[at].0..bytes[at].1].trim_start().starts_with('\u{fffd}');
    for at in 0..lines.len() {
        if lines[at].marker.is_some() || !has_sign(at) {
            continue;
        }
        let near = at.saturating_sub(NEAR)..lines.len().min(at + NEAR + 1);
        let begins_small = lines[at].text(text).starts_with(char::is_lowercase);
        if begins_small && near.into_iter().any(|other| other != at && has_sign(other)) {
            lines[at].marker = Some(Marker::Bullet('\u{fffd}'));
        }
    }
}

/// A bullet that stands on a line of its own is that of the line below.
fn put_bullets_to_their_lines(text: &str, lines: &mut Vec<Line>) {
    let alone = |line: &Line| {
        let mut letters = line.text(text).chars();
        letters.next().filter(|letter| letters.next().is_none() && is_bullet(*letter))
    };
    if !lines.iter().any(|line| alone(line).is_some()) {
        return;
    }
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    let mut bullet = None;
    for line in lines.drain(..) {
        if let Some(letter) = alone(&line) {
            bullet = Some((letter, line.indent));
            continue;
        }
        match bullet.filter(|_| !line.is_blank()) {
            Some((letter, indent)) if line.marker.is_none() => {
                kept.push(Line { marker: Some(Marker::Bullet(letter)), indent, ..line });
            }
            // Between a bullet and its line nothing is parted.
            None if bullet.is_some() => continue,
            _ => kept.push(line),
        }
        bullet = None;
    }
    *lines = kept;
}

/// How long a line is that the next one can go on, where a text does not show it, in bytes.
const FULL: usize = 60;
/// Fewest lines that show where a text breaks its lines.
const BROKEN: usize = 3;

/// The length from which on a line is full: nearly as long as those that go on with a small letter in the next line.
pub fn wrap(text: &str, lines: &[Line]) -> usize {
    let goes_on = |pair: &&[Line]| {
        let next = &pair[1];
        !pair[0].is_row && next.marker.is_none() && !next.is_row && next.text(text).starts_with(char::is_lowercase)
    };
    let mut lengths: Vec<usize> =
        lines.windows(2).filter(goes_on).map(|pair| pair[0].indent + pair[0].whole.len()).filter(|length| *length > 0).collect();
    if lengths.len() < BROKEN {
        return FULL;
    }
    lengths.sort_unstable();
    lengths[lengths.len() / 5] * 9 / 10
}

/// Where lines have no indent, one space before a line is what is left of the end of a page.
fn mark_page_starts(text: &str, lines: &mut [Line]) {
    let filled = || lines.iter().filter(|line| !line.is_blank());
    let at_margin = filled().filter(|line| line.indent == 0).count();
    if at_margin * 10 < filled().count() * 7 {
        return;
    }
    for line in lines.iter_mut().filter(|line| line.indent == 1 && line.marker.is_none()) {
        line.page_start |= text[line.whole.range()].starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit());
    }
}

/// Reads a line, or a part of one.
pub fn line(text: &str, start: usize, end: usize) -> Line {
    let raw = &text[start..end];
    let page_start = raw.contains('\u{c}');
    let body = raw.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{c}');
    // A damaged sign before a bracket or a small letter is what is left of a page end, not a bullet.
    let rest = body.trim_start_matches('\u{fffd}').trim_start();
    let body = if body.starts_with('\u{fffd}') && rest.starts_with(|letter: char| letter == '(' || letter.is_lowercase()) { rest } else { body };
    let indent = raw[..raw.len() - body.len()].chars().map(|letter| if letter == '\t' { 4 } else { 1 }).sum();
    let first = start + raw.len() - body.len();
    let (trimmed, signs) = signs::without(body.trim_end());
    let first = first + (trimmed.as_ptr() as usize - body.as_ptr() as usize);
    let whole = Span::new(first, first + trimmed.len());
    let (marker, length) = marker(trimmed, page_start);
    let body_start = first + length;
    let body_text = text[body_start..first + trimmed.len()].trim_start();
    let body_start = first + trimmed.len() - body_text.len();
    // A number before a wide gap is no cell where nothing else is one.
    let is_row = is_row(trimmed) && (!matches!(marker, Some(Marker::Number(_))) || is_row(body_text));
    Line { whole, body: Span::new(body_start, first + trimmed.len()), indent, marker, is_row, page_start, signs }
}

/// The bullet or number at the start of a line, and its length.
fn marker(text: &str, page_start: bool) -> (Option<Marker>, usize) {
    let Some(first) = text.chars().next() else { return (None, 0) };
    let rest = &text[first.len_utf8()..];
    let spaced = rest.starts_with(char::is_whitespace);
    if is_bullet(first) {
        // A damaged bullet may stand before the real one.
        let inner = rest.trim_start();
        let (nested, length) = if first == '\u{fffd}' { marker(inner, page_start) } else { (None, 0) };
        if nested.is_some() && matches!(nested, Some(Marker::Bullet(_))) {
            return (nested, text.len() - inner.len() + length);
        }
        if first == '\u{fffd}' && !inner.starts_with(char::is_alphanumeric) {
            return (None, 0);
        }
        return if inner.is_empty() { (None, 0) } else { (Some(Marker::Bullet(first)), first.len_utf8()) };
    }
    if let Some(rest) =
        ["=>", "->", ">>", "--"].iter().find_map(|arrow| text.strip_prefix(arrow)).filter(|rest| rest.starts_with(' ') && !rest.trim().is_empty())
    {
        return (Some(Marker::Bullet('→')), text.len() - rest.len());
    }
    if "-–—*+>o~".contains(first) && spaced && !rest.trim_start().is_empty() {
        let words_follow = rest.trim_start().starts_with(|letter: char| letter.is_alphanumeric() || "\"“‘«'(".contains(letter));
        return if words_follow { (Some(Marker::Bullet(first)), first.len_utf8()) } else { (None, 0) };
    }
    if "-–*".contains(first) && rest.starts_with(char::is_uppercase) {
        return (Some(Marker::Bullet(first)), first.len_utf8());
    }
    number(text)
}

fn is_bullet(letter: char) -> bool {
    matches!(
        letter,
        '•' | '‣'
            | '▪'
            | '▫'
            | '●'
            | '○'
            | '◦'
            | '◆'
            | '◇'
            | '■'
            | '□'
            | '►'
            | '▶'
            | '➢'
            | '➤'
            | '✓'
            | '✔'
            | '❖'
            | '·'
            | '∙'
            | '⁃'
            | '¾'
            | '§'
            | '\u{fffd}'
            | '→'
            | '↳'
            | '›'
            | '▸'
            | '◄'
            | '★'
            | '☐'
            | '✦'
            | '❯'
            | '➔'
            | '➜'
            | '⇒'
            | '»'
            | '①'..='⑳'
            | '❶'..='➓'
    )
}

/// `1.`, `2)`, `(3)`, `a)`, `iv.` before a space.
fn number(text: &str) -> (Option<Marker>, usize) {
    let open = usize::from(text.starts_with('('));
    let digits = text[open..].bytes().take_while(u8::is_ascii_digit).count();
    if (1..=3).contains(&digits) {
        let sign = text[open + digits..].chars().next();
        let rest = text.get(open + digits + 1..).unwrap_or("");
        // `1 – First`: a dash behind the number, and a capital behind the dash.
        let dashed = text[open + digits..].strip_prefix(" – ").or_else(|| text[open + digits..].strip_prefix(" - "));
        if let Some(body) = dashed.filter(|body| digits <= 2 && body.starts_with(char::is_uppercase)) {
            return (Some(Marker::Number(text[open..open + digits].parse().unwrap_or(0))), text.len() - body.len());
        }
        if let Some(length) = nested_number(&text[open..]) {
            return (Some(Marker::Nested), open + length);
        }
        if matches!(sign, Some('.' | ')')) && rest.starts_with(char::is_whitespace) && !rest.trim().is_empty() {
            let value = text[open..open + digits].parse().unwrap_or(0);
            return (Some(Marker::Number(value)), open + digits + 1);
        }
        return (None, 0);
    }
    if let Some(length) = roman_number(&text[open..]) {
        return (Some(Marker::Roman), open + length);
    }
    // A capital alone counts before a wide gap or a bracket: before a single space it can be an initial.
    let mut characters = text[open..].chars();
    if let (Some('A'..='Z'), Some(sign)) = (characters.next(), characters.next()) {
        let rest = characters.as_str();
        let is_label = (sign == '.' && rest.starts_with("  ")) || (sign == ')' && rest.starts_with(' '));
        return if is_label && !rest.trim().is_empty() { (Some(Marker::Letter), open + 2) } else { (None, 0) };
    }
    let letters = text[open..].bytes().take_while(u8::is_ascii_lowercase).count();
    let sign = text[open + letters..].chars().next();
    let is_label = letters == 1 || (letters <= 4 && text[open..open + letters].bytes().all(|byte| b"ivx".contains(&byte)));
    let rest = text.get(open + letters + 1..).unwrap_or("");
    let ends_label = sign == Some(')') || letters == 1 && sign == Some('.') && rest.trim_start().starts_with(char::is_uppercase);
    if letters >= 1 && is_label && ends_label && rest.starts_with(char::is_whitespace) {
        return (Some(Marker::Letter), open + letters + 1);
    }
    (None, 0)
}

/// The length of a Roman number in capitals before a capital: `II. Members`.
fn roman_number(text: &str) -> Option<usize> {
    let letters = text.bytes().take_while(|byte| b"IVX".contains(byte)).count();
    let body = text[letters..].strip_prefix(['.', ')'])?;
    let begins = |letter: char| letter.is_uppercase() || letter == '¿';
    let is_number = (1..=5).contains(&letters) && body.starts_with(' ') && body.trim_start().starts_with(begins) && !is_row(body);
    is_number.then_some(letters + 1)
}

/// The length of a number of several levels before a capital: `1.1 First`; `2.5 million` is none.
fn nested_number(text: &str) -> Option<usize> {
    let (number, body) = text.split_once(char::is_whitespace)?;
    let levels = number.strip_suffix(['.', ')']).unwrap_or(number).split('.');
    let is_level = |level: &str| matches!(level.len(), 1 | 2) && level.bytes().all(|byte| byte.is_ascii_digit());
    let is_nested = levels.clone().count() >= 2 && levels.clone().all(is_level);
    (is_nested && body.trim_start().starts_with(char::is_uppercase)).then_some(number.len())
}

/// Whether a line is a row of a table: cells parted by bars, tabs or wide gaps.
pub fn is_row(text: &str) -> bool {
    let bytes = text.as_bytes();
    let follows = bytes.get(1..).unwrap_or_default();
    let has_gap = || bytes.iter().zip(follows).fold(false, |found, (byte, next)| found | (*byte == b' ' && *next == b' '));
    if memchr::memchr2(b'|', b'\t', bytes).is_none() && !has_gap() {
        return false;
    }
    let cells = cells(text);
    cells >= 2 && text.chars().any(char::is_alphanumeric)
}

fn cells(text: &str) -> usize {
    let bars = text.split('|').filter(|cell| !cell.trim().is_empty()).count();
    if text.contains('|') {
        return bars.max(usize::from(text.starts_with('|')) * 2);
    }
    let tabs = text.split('\t').filter(|cell| !cell.trim().is_empty()).count();
    if tabs >= 2 {
        return tabs;
    }
    // `A      : ABC`, `Members      [move over the map]`: a label with its colon set in line, and a remark in brackets, are no cells.
    let is_cell = |cell: &&str| !cell.is_empty() && !cell.starts_with(':') && !(cell.starts_with('[') && cell.ends_with(']'));
    let wide = text.split(GAP).map(str::trim).filter(is_cell).count();
    if wide >= 2 || text.contains(GAP) { wide } else { narrow_cells(text) }
}

/// Longest cell beside a narrow gap, in words.
const NARROW: usize = 5;

/// Parts the cells of a row.
pub const GAP: &str = "   ";

/// The cells of a line that is set in columns, with the column where each begins; none where bars or tabs part them.
pub fn columns(text: &str, line: &Line) -> Vec<(usize, Span)> {
    let whole = line.text(text);
    if whole.contains(['|', '\t']) || line.is_blank() {
        return Vec::new();
    }
    let gap = if whole.contains(GAP) || !line.is_row { GAP } else { "  " };
    let wide = pieces(whole, gap);
    let narrow = gap == GAP && wide.len() >= ALIGNED;
    let parts = wide.into_iter().flat_map(|(first, piece)| {
        let cut = if narrow { cut_narrow(piece) } else { vec![(0, piece)] };
        cut.into_iter().map(move |(at, part)| (first + at, part))
    });
    let found = parts.map(|(first, part)| {
        let start = line.whole.start as usize + first;
        (line.indent + whole[..first].chars().count(), Span::new(start, start + part.len()))
    });
    found.collect()
}

/// Fewest cells behind wide gaps that show a line to be set in columns: there two spaces can part cells too.
const ALIGNED: usize = 4;

/// The pieces of a text between gaps, with the byte at which each begins.
fn pieces<'a>(text: &'a str, gap: &str) -> Vec<(usize, &'a str)> {
    let start = |piece: &str| piece.as_ptr() as usize - text.as_ptr() as usize;
    text.split(gap).map(str::trim).filter(|piece| !piece.is_empty()).map(|piece| (start(piece), piece)).collect()
}

/// `Secretariat  Chair`: two cells, where both begin like names and the first ends no sentence.
fn cut_narrow(piece: &str) -> Vec<(usize, &str)> {
    let parts = pieces(piece, "  ");
    let begins = |part: &str| part.starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit() || letter == '(');
    let ends = |part: &str| part.ends_with(['.', ':', ';', '?', '!', ',']);
    let are_cells = parts.iter().all(|(_, part)| begins(part)) && parts.iter().rev().skip(1).all(|(_, part)| !ends(part));
    if are_cells { parts } else { vec![(0, piece)] }
}

/// Two spaces part cells where all pieces are short and begin like names or numbers: in running text two spaces part sentences.
fn narrow_cells(text: &str) -> usize {
    let pieces: Vec<&str> = text.split("  ").map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let is_cell = |piece: &&str| {
        piece.starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit())
            && !piece.ends_with(['.', ':', ';', '?', '!'])
            && piece.split_whitespace().count() <= NARROW
    };
    if pieces.iter().all(is_cell) { pieces.len() } else { 1 }
}
