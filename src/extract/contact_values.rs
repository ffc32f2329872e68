//! Contact values: mail and web addresses, telephone numbers and handles, wherever a block has them.
//!
//! In: a block. Out: values in the order of the text, each with its span. A number counts where a label announces it or where it
//! begins like an international one; anything else of many digits is a figure, a date or a register number.

use std::ops::Range;

use super::page::Page;
use crate::model::gazetteer::{Label, Tag};
use crate::model::span::Span;

/// What sort of contact a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Email,
    Website,
    Phone,
    Fax,
    Handle,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub kind: Kind,
    pub value: String,
    pub span: Span,
    pub tokens: Range<usize>,
    /// The words that announce it.
    pub label: Option<Range<usize>>,
}

/// Fewest and most digits of the short number of a service.
const HOTLINE: std::ops::RangeInclusive<usize> = 3..=5;
/// Fewest and most digits of a telephone number.
const DIGITS: std::ops::RangeInclusive<usize> = 6..=15;

/// The values of a block, in the order of the text.
#[must_use]
pub fn find(page: &Page<'_>, block: usize) -> Vec<Found> {
    let span = page.block(block).span;
    let text = &page.blocks.text[span.range()];
    let base = span.start as usize;
    let mut found: Vec<Found> = Vec::new();
    let mut note = |kind: Kind, value: String, at: Range<usize>| {
        let span = Span::new(base + at.start, base + at.end);
        if !found.iter().any(|other| other.span.overlaps(span)) {
            found.push(Found { kind, value, span, tokens: page.tokens.within(span), label: None });
        }
    };
    let has_dot = has_inner_dot(text);
    for (value, at) in emails(text) {
        note(Kind::Email, value, at);
    }
    if page.any_begins(&page.range(block), |tag| matches!(tag, Tag::AtSign)) {
        for (value, at) in spelled_emails(page, block, base) {
            note(Kind::Email, value, at);
        }
    }
    // An address has a dot within it; most blocks have none but at the ends of sentences.
    if has_dot {
        for (value, at) in websites(text) {
            note(Kind::Website, value, at);
        }
        for at in bare_hosts(text) {
            note(Kind::Website, text[at.clone()].to_owned(), at);
        }
    }
    if may_have_phones(page, block, text) {
        phones(page, block, &mut found);
    }
    if page.any_begins(&page.range(block), |tag| matches!(tag, Tag::Label(Label::Handle | Label::Website))) {
        labelled(page, block, &mut found);
    }
    found.sort_by_key(|value| value.span);
    found
}

/// Whether a dot has no blank behind it, or an address begins.
fn has_inner_dot(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_inner = |at: usize| bytes.get(at + 1).is_some_and(|next| !next.is_ascii_whitespace() || *next == b'\n');
    memchr::memchr_iter(b'.', bytes).any(is_inner) || has_scheme(text)
}

/// Whether an address says how it is reached: `https://`.
fn has_scheme(text: &str) -> bool {
    memchr::memchr_iter(b':', text.as_bytes()).any(|at| text.as_bytes()[at..].starts_with(b"://"))
}

/// A number to call has a label, stands beside a mail address or begins like an international one, and has at least the digits of a hotline.
fn may_have_phones(page: &Page<'_>, block: usize, text: &str) -> bool {
    let announced = || page.any_begins(&page.range(block), |tag| matches!(tag, Tag::Label(Label::Phone | Label::Fax)));
    let is_enough = || text.bytes().filter(u8::is_ascii_digit).nth(HOTLINE.start() - 1).is_some();
    let has_sign = || memchr::memchr2(b'+', b'@', text.as_bytes()).is_some();
    (announced() || has_sign() || text.contains("(0)")) && is_enough()
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._%+-".contains(&byte)
}

/// Mail addresses; one that stops in the middle of its domain at the end of a line goes on in the next.
fn emails(text: &str) -> Vec<(String, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'@', bytes) {
        let start = (0..at).rev().find(|&byte| !is_local(bytes[byte])).map_or(0, |byte| byte + 1);
        let start = start + text[start..at].len() - text[start..at].trim_start_matches(['.', '-']).len();
        let mut end =
            (at + 1..bytes.len()).find(|&byte| !(bytes[byte].is_ascii_alphanumeric() || b".-".contains(&bytes[byte]))).unwrap_or(bytes.len());
        let mut value = text[start..end].to_owned();
        if let Some(tail) = rest_of_domain(&text[end..]) {
            value.push_str(tail);
            end += 1 + tail.len();
        }
        let trimmed = value.trim_end_matches(['.', '-']);
        end -= value.len() - trimmed.len();
        let domain = trimmed.rsplit('@').next().unwrap_or("");
        if start < at && domain.split('.').count() >= 2 && domain.split('.').all(|label| !label.is_empty()) {
            found.push((trimmed.to_owned(), start..end));
        }
    }
    found
}

/// The piece of a domain that makes up the next line: `ple.org`.
fn rest_of_domain(rest: &str) -> Option<&str> {
    let line = rest.strip_prefix('\n')?;
    let piece = line.split(|letter: char| letter.is_whitespace()).next()?;
    let labels = piece.split('.').count();
    let plain = piece.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'.') && !piece.starts_with("www.");
    (plain && labels >= 2 && piece.split('.').all(|label| label.len() >= 2)).then_some(piece)
}

/// `name (at) domain.org`: addresses written out against robots.
fn spelled_emails(page: &Page<'_>, block: usize, base: usize) -> Vec<(String, Range<usize>)> {
    let range = page.range(block);
    let mut found = Vec::new();
    for at in page.begins(&range, |tag| tag == Tag::AtSign) {
        let bracketed = page.has(at, Tag::AtSign)
            && at > range.start + 1
            && at + 2 < range.end
            && matches!(page.text(at - 1), "(" | "[" | "{")
            && matches!(page.text(at + 1), ")" | "]" | "}");
        if !bracketed {
            continue;
        }
        let mut first = at - 2;
        while first > range.start && page.tokens.touches_previous(first) && !matches!(page.text(first - 1), "(" | "<" | ":" | ",") {
            first -= 1;
        }
        let mut end = at + 3;
        while end < range.end && page.tokens.touches_previous(end) && !matches!(page.text(end), "," | ";" | ")" | ">") {
            end += 1;
        }
        while end > at + 3 && page.text(end - 1) == "." {
            end -= 1;
        }
        let (local, domain) = (page.value_of(&(first..at - 1)), page.value_of(&(at + 2..end)));
        if domain.contains('.') {
            let span = page.span(&(first..end));
            found.push((format!("{local}@{domain}"), span.start as usize - base..span.end as usize - base));
        }
    }
    found
}

/// Web addresses, told by how they begin.
fn websites(text: &str) -> Vec<(String, Range<usize>)> {
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    if !has_scheme(text) && memchr::memmem::find(text.as_bytes(), b"www.").is_none() {
        return found;
    }
    let mut starts: Vec<usize> = ["http://", "https://", "www."].iter().flat_map(|start| text.match_indices(start).map(|(at, _)| at)).collect();
    starts.sort_unstable();
    for start in starts {
        let inside = found.last().is_some_and(|(_, last)| start < last.end);
        // A label may be glued to an address that says where it begins itself: `Websitehttp://...`.
        let is_open = !text[start..].starts_with("http");
        let glued = text[..start].ends_with(|letter: char| is_open && letter.is_alphanumeric() || letter == '@');
        if inside || glued {
            continue;
        }
        let length = text[start..].find(|letter: char| letter.is_whitespace() || "<>\"”“»«|".contains(letter)).unwrap_or(text.len() - start);
        let mut value = &text[start..start + length];
        if !value.contains('(') {
            value = value.split(')').next().unwrap_or(value);
        }
        let signs = ['.', ',', ';', ':', '!', '?', '/', '’', '\''];
        if let Some(rest) = rest_of_address(value, &text[start + value.len()..]) {
            let indent = text[start + value.len()..].find(|letter: char| !letter.is_whitespace()).unwrap_or(0);
            let rest = rest.trim_end_matches(signs);
            found.push((format!("{value}{rest}"), start..start + value.len() + indent + rest.len()));
            continue;
        }
        let value = value.trim_end_matches(signs);
        if value.contains('.') {
            found.push((value.to_owned(), start..start + value.len()));
        }
    }
    found
}

/// The piece of a web address that opens the next line: behind a sign that ends no address, or with a dot or slash of its own.
fn rest_of_address<'a>(value: &str, rest: &'a str) -> Option<&'a str> {
    let line = rest.strip_prefix('\n')?.trim_start_matches([' ', '\t']);
    let piece = line.split(char::is_whitespace).next()?;
    let is_address = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "./-_=?%#&".contains(letter);
    // A line never ends with an underscore: whatever follows belongs to it.
    let is_cut =
        value.ends_with('_') && piece.contains(['/', '_', '.']) && piece.chars().all(|letter| is_address(letter) || letter.is_ascii_uppercase());
    let plain = piece.len() >= 2 && piece.starts_with(|letter: char| letter.is_ascii_lowercase()) && piece.chars().all(is_address);
    let plain = (plain || is_cut) && !["www.", "http"].iter().any(|start| piece.starts_with(start));
    let is_open = value.ends_with(['-', '.', '_', '=']) || value.ends_with('/') && !line[piece.len()..].starts_with(' ');
    let inner = piece.trim_end_matches('.');
    (plain && (is_open || inner.contains(['.', '/']))).then_some(piece)
}

/// Ends of hosts that are no word behind a full stop.
const DOMAINS: &[&str] = &["org", "net", "com", "int", "eu", "info", "gov", "edu"];

/// Hosts without the usual beginning: `news.office.org`, `office.int/news`.
fn bare_hosts(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let parts = |letter: char| letter.is_whitespace() || "<>()[]|;,".contains(letter);
    let mut end = 0;
    for dot in memchr::memchr_iter(b'.', text.as_bytes()) {
        // Most dots end a sentence: no label follows.
        let is_last = text.as_bytes().get(dot + 1).is_none_or(|next| next.is_ascii_whitespace() || b"<>()[]|;,".contains(next));
        if dot < end || is_last {
            continue;
        }
        end = text[dot..].find(parts).map_or(text.len(), |length| dot + length);
        let start = text[..dot].char_indices().rev().find(|(_, letter)| parts(*letter)).map_or(0, |(at, letter)| at + letter.len_utf8());
        let piece = &text[start..end];
        let piece = piece.trim_end_matches(['.', ':', '!', '?', '/', '”', '"', '»']);
        let host = piece.split('/').next().unwrap_or(piece);
        let labels: Vec<&str> = host.split('.').collect();
        let is_label = |label: &&str| label.len() >= 2 && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let last = labels.last().copied().unwrap_or("");
        let known = DOMAINS.contains(&last) || labels.len() >= 3 && last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_lowercase());
        if labels.len() >= 2 && labels.iter().all(is_label) && known && host.bytes().all(|byte| !byte.is_ascii_uppercase()) {
            found.push(start..start + piece.len());
        }
    }
    found
}

/// Telephone and fax numbers.
fn phones(page: &Page<'_>, block: usize, found: &mut Vec<Found>) {
    for line in page.lines(block) {
        let mut last: Option<(Kind, usize, Range<usize>)> = None;
        let mut at = line.start;
        while at < line.end {
            let Some(number) = number_at(page, at, line.end) else {
                at += 1;
                continue;
            };
            let span = page.span(&number);
            let before = label_before(page, line.start, number.start);
            // A second number behind the same label: `12 34 56 / 12 34 57`.
            let listed = last.clone().filter(|(_, end, _)| number.start <= end + 1 && number.start > *end);
            let (kind, label) = match (before, listed) {
                (Some((kind, label)), _) => (Some(kind), Some(label)),
                (None, Some((kind, _, label))) => (Some(kind), Some(label)),
                (None, None) => (None, None),
            };
            let text = page.value(span);
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let label_behind = label_behind(page, number.end, line.end).filter(|_| label.is_none());
            let kind = kind.or(label_behind.clone().map(|(kind, _)| kind));
            let label = label.or(label_behind.map(|(_, label)| label));
            let international =
                text.starts_with('+') || text.contains("(0)") || text.starts_with("(+") || is_beside_value(page, &line, &number, found);
            let long_enough = digits >= if label.is_some() { *DIGITS.start() } else { 8 };
            let is_short = label.as_ref().is_some_and(|label| is_hotline(page, label, &number, line.end));
            let free = !found.iter().any(|other| other.span.overlaps(span));
            if (DIGITS.contains(&digits) && long_enough || is_short) && free && (label.is_some() || international) {
                let kind = kind.unwrap_or(Kind::Phone);
                last = Some((kind, number.end, label.clone().unwrap_or(number.clone())));
                found.push(Found { kind, value: text, span, tokens: number.clone(), label });
            } else if free {
                page.refuse("contacts/value", &number, "no telephone number: no label and no country code, or too few digits");
            }
            at = number.end;
        }
    }
}

/// A label in brackets right behind a number: `+41 22 000 00 00 (fax)`.
fn label_behind(page: &Page<'_>, at: usize, end: usize) -> Option<(Kind, Range<usize>)> {
    let open = (at + 2 < end && page.text(at) == "(").then_some(at + 1)?;
    let mark =
        page.mark(open, |tag| matches!(tag, Tag::Label(Label::Phone | Label::Fax))).filter(|mark| mark.end < end && page.text(mark.end) == ")")?;
    let kind = if mark.tag == Tag::Label(Label::Fax) { Kind::Fax } else { Kind::Phone };
    Some((kind, mark.first..mark.end))
}

/// A number that shares a line with a mail address, parted from it by a sign and from all else: `desk@office.example / 600 590000`.
fn is_beside_value(page: &Page<'_>, line: &Range<usize>, number: &Range<usize>, found: &[Found]) -> bool {
    let parts = |token: usize| matches!(page.text(token), "/" | "|" | "·" | "•" | ";");
    let opens = number.start > line.start + 1 && parts(number.start - 1);
    let closes = number.end >= line.end || parts(number.end);
    let behind_mail = || found.iter().any(|value| value.kind == Kind::Email && value.tokens.end + 1 == number.start);
    opens && closes && behind_mail()
}

/// The short number of a service that is called free of charge: `hotline 1343`, right behind its label and with nothing that it counts.
fn is_hotline(page: &Page<'_>, label: &Range<usize>, number: &Range<usize>, end: usize) -> bool {
    let digits = page.text(number.start);
    let is_label = page.text(label.start).chars().count() >= 4 && (label.end..number.start).all(|token| matches!(page.text(token), ":" | "."));
    let counts = number.end < end && page.is_word(number.end);
    number.len() == 1 && HOTLINE.contains(&digits.len()) && label.end <= number.start && is_label && !counts && !page.is_in_date(number.start)
}

/// Digits in groups with the signs that part them.
fn number_at(page: &Page<'_>, at: usize, end: usize) -> Option<Range<usize>> {
    let is_number = |token: usize| token < end && page.text(token).bytes().all(|byte| byte.is_ascii_digit());
    let opens = match page.text(at) {
        "+" => is_number(at + 1),
        "(" => is_number(at + 1) || (at + 1 < end && page.text(at + 1) == "+" && is_number(at + 2)),
        _ => {
            is_number(at)
                && !(at > 0 && page.tokens.touches_previous(at) && (page.is_word(at - 1) || matches!(page.text(at - 1), "." | "," | "/" | "-")))
        }
    };
    if !opens {
        return None;
    }
    let mut next = at + 1;
    let mut last = if is_number(at) { at + 1 } else { at };
    let mut open = usize::from(page.text(at) == "(");
    while next < end {
        let gap = page.gap_before(next);
        if gap.len() > 1 || gap == "\t" {
            break;
        }
        match page.text(next) {
            text if text.bytes().all(|byte| byte.is_ascii_digit()) => last = next + 1,
            "(" if is_number(next + 1) && last == next => open += 1,
            ")" if open > 0 => open -= 1,
            "-" | "–" | "." | "‑" if is_number(next + 1) => {}
            "/" if is_number(next + 1) && page.tokens.touches_previous(next) => {}
            "+" if next == at + 1 => {}
            _ => break,
        }
        next += 1;
    }
    (last > at).then_some(at..last)
}

/// The label right before a number: a few signs or small words at most stand between.
fn label_before(page: &Page<'_>, from: usize, number: usize) -> Option<(Kind, Range<usize>)> {
    let from = from.max(number.saturating_sub(7));
    (from..number).rev().find_map(|at| {
        let mark = page.mark(at, |tag| matches!(tag, Tag::Label(_))).filter(|mark| mark.end <= number)?;
        let between = mark.end..number;
        let near = between.clone().filter(|&token| page.is_word(token)).count() <= 1 && between.len() <= 4;
        // A single letter is a label only at the start of a line or cell.
        let is_letter = mark.end == at + 1 && page.text(at).len() == 1;
        let starts = at == from || matches!(page.text(at - 1), "|" | "•" | "·" | ";" | "," | "/") || page.gap_before(at).len() > 1;
        // `tel./fax`: both, so a number to call.
        let shared = (from..at).rev().take_while(|&token| at - token <= 3).any(|token| {
            page.mark(token, |tag| tag == Tag::Label(Label::Phone))
                .is_some_and(|phone| phone.end < at && (phone.end..at).all(|sign| matches!(page.text(sign), "." | "/")))
        });
        let kind = match mark.tag {
            Tag::Label(Label::Phone) => Kind::Phone,
            Tag::Label(Label::Fax) if shared => Kind::Phone,
            Tag::Label(Label::Fax) => Kind::Fax,
            _ => return None,
        };
        (near && (!is_letter || starts)).then_some((kind, mark.first..mark.end))
    })
}

/// Handles, and web addresses without their usual beginning, behind a label.
fn labelled(page: &Page<'_>, block: usize, found: &mut Vec<Found>) {
    for line in page.lines(block) {
        for at in line.clone() {
            let Some(mark) = page.mark(at, |tag| matches!(tag, Tag::Label(Label::Handle | Label::Website))) else { continue };
            let colon = (mark.end..line.end.min(mark.end + 3)).find(|&token| page.text(token) == ":");
            let Some(first) = colon.map(|colon| colon + 1).filter(|&first| first < line.end) else { continue };
            let mut end = first + 1;
            while end < line.end && page.tokens.touches_previous(end) && !matches!(page.text(end), "," | ";" | "|") {
                end += 1;
            }
            while end > first + 1 && matches!(page.text(end - 1), "." | ")") {
                end -= 1;
            }
            let tokens = first..end;
            let (span, value) = (page.span(&tokens), page.value_of(&tokens));
            let is_handle = mark.tag == Tag::Label(Label::Handle);
            let domain = value.contains('.') && !value.contains('@') && value.split('.').all(|label| !label.is_empty());
            if (is_handle || domain) && !found.iter().any(|other| other.span.overlaps(span)) {
                let kind = if is_handle { Kind::Handle } else { Kind::Website };
                found.push(Found { kind, value, span, tokens, label: Some(mark.first..mark.end) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{bare_hosts, emails, websites};

    fn values(text: &str) -> Vec<String> {
        emails(text).into_iter().map(|(value, _)| value).collect()
    }

    #[test]
    fn a_mail_address_ends_before_the_full_stop() {
        assert_eq!(values("write to info@office.example.org."), ["info@office.example.org"]);
    }

    #[test]
    fn a_domain_broken_over_a_line_is_whole_again() {
        assert_eq!(values("Email: desk@office.exam\nple.org"), ["desk@office.example.org"]);
        assert_eq!(values("Email: desk@office.org\nnext line"), ["desk@office.org"]);
    }

    #[test]
    fn a_sign_without_a_domain_is_no_mail_address() {
        assert!(values("meet @ noon, @handle").is_empty());
    }

    #[test]
    fn a_web_address_broken_over_a_line_is_whole_again() {
        let values = |text| websites(text).into_iter().map(|(value, _)| value).collect::<Vec<_>>();
        assert_eq!(values("www.office.example/docu-\nments next"), ["www.office.example/docu-ments"]);
        assert_eq!(values("www.officefor\nall.org"), ["www.officeforall.org"]);
        assert_eq!(values("www.office.example\nand more"), ["www.office.example"]);
    }

    #[test]
    fn a_host_needs_the_end_of_one() {
        let hosts = |text: &'static str| bare_hosts(text).into_iter().map(|at| &text[at]).collect::<Vec<_>>();
        assert_eq!(hosts("at news.office.org or office.int/a."), ["news.office.org", "office.int/a"]);
        assert!(hosts("e.g. see p.12 and end.Next line, desk@office.org").is_empty());
    }

    #[test]
    fn a_web_address_leaves_out_the_bracket_around_it() {
        let text = "(see www.office.example/a) and https://x.example.org/b/.";
        let found: Vec<&str> = websites(text).into_iter().map(|(_, at)| &text[at]).collect();
        assert_eq!(found, ["www.office.example/a", "https://x.example.org/b"]);
    }
}
