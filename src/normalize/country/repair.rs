//! Repairs of text that a program damaged: HTML entities and tags, percent and backslash escapes, flags, lost letters.
//!
//! In: a name that did not resolve. Out: what it was before, to be looked up again. A repair never decides anything itself.

use super::html::NAMED;

/// The name with HTML entities, tags, `%C3` and `\u00e9` escapes and flag emoji read; `None` where there is none.
pub fn unescape(name: &str) -> Option<String> {
    // An ampersand between blanks is none of these, and the usual one.
    let begins = |(at, byte): (usize, u8)| match byte {
        b'&' => name.as_bytes().get(at + 1).is_some_and(|next| next.is_ascii_alphanumeric() || *next == b'#'),
        b'%' | b'\\' | b'=' | b'<' | 0xF0 => true,
        _ => false,
    };
    if !name.bytes().enumerate().any(begins) {
        return None;
    }
    let mut out = Vec::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        let read = match c {
            '&' => entity(rest),
            '<' => tag(rest).map(|n| (Vec::new(), n)),
            '%' => byte(rest, "%").map(|(b, n)| (vec![b], n)),
            '=' => byte(rest, "=").map(|(b, n)| (vec![b], n)),
            '\\' => backslash(rest),
            c if is_flag_letter(c) => Some((vec![(c as u32 - 0x1F1E6) as u8 + b'A'], c.len_utf8())),
            _ => None,
        };
        let (bytes, used) = read.unwrap_or_else(|| (rest[..c.len_utf8()].into(), c.len_utf8()));
        out.extend(bytes);
        rest = &rest[used..];
    }
    String::from_utf8(out).ok().filter(|s| s != name)
}

fn is_flag_letter(c: char) -> bool {
    matches!(c as u32, 0x1F1E6..=0x1F1FF)
}

/// `&eacute;`, `&#233;`, `&#xE9;`, and those without their semicolon.
fn entity(s: &str) -> Option<(Vec<u8>, usize)> {
    let body = &s[1..];
    let len = body.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(body.len());
    let used = |n: usize| 1 + n + usize::from(body[n..].starts_with(';'));
    if let Some(number) = body[..len].strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        // Numbers from 128 to 159 are bytes of Windows-1252 in practice; the apostrophe is the one that occurs in names.
        let c = match code.ok()? {
            145 | 146 => '\u{2019}',
            150 | 151 => '-',
            n => char::from_u32(n)?,
        };
        return Some((c.to_string().into_bytes(), used(len)));
    }
    let lookup = |n: usize| NAMED.binary_search_by(|(k, _)| (*k).cmp(&body[..n])).ok().map(|i| (NAMED[i].1.as_bytes().to_vec(), used(n)));
    if body[len..].starts_with(';') { lookup(len) } else { (2..=len).rev().find_map(lookup) }
}

/// `<b>`, `</b>`, `<sup>`: how long.
fn tag(s: &str) -> Option<usize> {
    const LONGEST: usize = 10;
    let end = s.bytes().take(LONGEST).position(|b| b == b'>')?;
    s.as_bytes()[1..end].iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b' ')).then_some(end + 1)
}

/// `%C3` or `=C3`.
fn byte(s: &str, mark: &str) -> Option<(u8, usize)> {
    let hex = s.strip_prefix(mark)?.get(..2)?;
    u8::from_str_radix(hex, 16).ok().map(|b| (b, 3))
}

/// `\u00e9` or `\xe9`.
fn backslash(s: &str) -> Option<(Vec<u8>, usize)> {
    let (len, at) = if s.starts_with("\\u") {
        (4, 2)
    } else if s.starts_with("\\x") {
        (2, 2)
    } else {
        return None;
    };
    let c = u32::from_str_radix(s.get(at..at + len)?, 16).ok().and_then(char::from_u32)?;
    Some((c.to_string().into_bytes(), at + len))
}

/// Letters that a lost one may have been, after folding: the usual ones first.
const LOST: &[u8] = b"eaoiucsdnzrgltyk";
/// How many of them are tried where two or three letters are lost.
const LOST_OF: [usize; 4] = [0, 16, 16, 8];

/// Whether letters of the name were surely lost: U+FFFD, or a question mark before a letter.
pub fn has_lost_letters(name: &str) -> bool {
    let marks = |at: usize| name.as_bytes()[at + 1..].iter().find(|&&b| b != b'?').is_some_and(|&b| b.is_ascii_alphanumeric() || b >= 0x80);
    let is_replaced = |at: usize| name.as_bytes()[..=at].ends_with("\u{fffd}".as_bytes());
    memchr::memchr_iter(b'?', name.as_bytes()).any(marks) || memchr::memchr_iter(0xBD, name.as_bytes()).any(is_replaced)
}

/// Calls `f` with every reading of a folded name in which up to three letters were lost, until it says stop.
///
/// A lost letter is `?` or U+FFFD; one that took two bytes may have left two marks.
pub fn lost_letters(name: &str, mut f: impl FnMut(&[u8])) {
    let mut holes = Vec::new();
    let mut key = String::new();
    let mut last = false;
    for c in name.chars() {
        let hole = matches!(c, '?' | '\u{fffd}');
        if hole && !last {
            holes.push(key.len());
            key.push('?');
        } else if !hole {
            super::fold::fold(c.encode_utf8(&mut [0; 4])).chars().for_each(|c| key.push(c));
        }
        last = hole;
    }
    let sure = key.len() - holes.len();
    let too_few = sure < 3 || sure < 4 && (holes.len() > 1 || holes.first() == Some(&0));
    if holes.is_empty() || holes.len() > 3 || !key.is_ascii() || too_few {
        return;
    }
    fill(&mut key.into_bytes(), &LOST[..LOST_OF[holes.len()]], &holes, &mut f);
}

fn fill(key: &mut [u8], letters: &[u8], holes: &[usize], f: &mut impl FnMut(&[u8])) {
    let Some((&at, rest)) = holes.split_first() else {
        f(key);
        return;
    };
    for &b in letters {
        key[at] = b;
        fill(key, letters, rest, f);
    }
}

#[cfg(test)]
mod tests {
    use super::{lost_letters, unescape};

    #[test]
    fn escapes_are_read() {
        for (bad, good) in [
            ("M&eacute;xico", "México"),
            ("P&#233;rou", "Pérou"),
            ("C%C3%B4te", "Côte"),
            ("M\\u00e9xico", "México"),
            ("&Ouml;sterreich", "Österreich"),
            ("🇫🇷", "FR"),
            ("M&eacutexico", "México"),
            ("<b>Mali</b><sup>1</sup>", "Mali1"),
        ] {
            assert_eq!(unescape(bad).as_deref(), Some(good));
        }
        assert_eq!(unescape("Trinidad & Tobago"), None);
    }

    #[test]
    fn lost_letters_are_tried() {
        let mut seen = false;
        lost_letters("C?te d'Ivoire", |k| seen |= k == b"cotedivoire");
        assert!(seen);
    }
}
