//! Peeling: what stands around a name without being part of it.
//!
//! In: a name as written. Out: the same without bullets, brackets and quotation marks around it, without note marks behind it and
//! without a number in front of it. Peeled only where the whole did not resolve, so `Kosovo (UNSCR 1244)` keeps its brackets.

/// The name without what stands around it; `None` where there is nothing to peel.
pub fn peel(name: &str) -> Option<&str> {
    let mut s = name;
    loop {
        let before = s.len();
        s = s.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '&' | '?' | '\u{fffd}' | '.' | '/'));
        s = s.trim_start_matches(['.', '/']);
        s = wrapped(s);
        s = note_behind(s);
        s = number_before(s);
        if s.len() == before {
            break;
        }
    }
    (s.len() < name.len() && !s.is_empty()).then_some(s)
}

/// `(Kenya)` → `Kenya`; stray brackets go too.
fn wrapped(s: &str) -> &str {
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
        if let Some(inner) = s.strip_prefix(open) {
            if let Some(inner) = inner.strip_suffix(close).filter(|i| !i.contains([open, close])) {
                return inner;
            }
            if !inner.contains(close) {
                return inner;
            }
        }
        if let Some(inner) = s.strip_suffix(close).filter(|i| !i.contains(open)) {
            return if is_note(after_last_word(inner)) { s } else { inner };
        }
    }
    s
}

fn after_last_word(s: &str) -> &str {
    s.rsplit([' ', '\u{a0}', '\t']).next().unwrap_or(s)
}

/// `Israel (2)`, `Sudan [a]`, `Angola 2/`, `Mali 1)`, `Togo 3`, `Chad12`.
fn note_behind(s: &str) -> &str {
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
        let bracketed = s.strip_suffix(close).and_then(|inner| Some((inner, inner.rfind(open)?)));
        if let Some((_, at)) = bracketed.filter(|(inner, at)| is_note(&inner[at + 1..])) {
            return &s[..at];
        }
    }
    if let Some(t) = s.strip_suffix(['/', ')']) {
        let word = after_last_word(t);
        if is_note(word) && word.len() < t.len() {
            return &t[..t.len() - word.len()];
        }
        let digits = t.trim_end_matches(|c: char| c.is_ascii_digit());
        if digits.len() < t.len() && t.len() - digits.len() <= 2 && !digits.is_empty() {
            return digits;
        }
    }
    let bare = s.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | ' '));
    // Three digits are no note: "2020" is a year.
    let digits = s[bare.len()..].split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    if bare.len() < s.len() && bare.chars().count() >= 4 && digits <= 2 && s.len() - bare.len() <= 6 { bare } else { s }
}

/// The name before a note in brackets, which is no part of it whatever the whole would spell: `Niger (i)`.
pub fn before_bracketed_note(name: &str) -> Option<&str> {
    let s = name.trim_end();
    ["()", "[]", "{}"].iter().find_map(|pair| {
        let inner = s.strip_suffix(&pair[1..])?;
        let at = inner.rfind(&pair[..1])?;
        (at > 0 && is_note(&inner[at + 1..])).then(|| &s[..at])
    })
}

/// One or two digits or one letter, with commas between: `1`, `12`, `a`, `1,2`, `iv`, `*`.
fn is_note(s: &str) -> bool {
    let s = s.trim();
    !s.is_empty()
        && s.len() <= 7
        && s.split([',', ';', ' ', '/']).filter(|p| !p.is_empty()).all(|p| {
            (p.len() <= 2 && p.bytes().all(|b| b.is_ascii_digit()))
                || (p.len() == 1 && p.as_bytes()[0].is_ascii_lowercase())
                || (p.len() <= 4 && p.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')))
                || p.chars().all(|c| !c.is_alphanumeric())
        })
}

/// `12. Kenya`, `a) Kenya`, `3 Kenya`.
fn number_before(s: &str) -> &str {
    let digits = s.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() < s.len() && s.len() - digits.len() <= 3 {
        let rest = digits.trim_start_matches(['.', ')', ':', '-', '/']);
        let rest_trim = rest.trim_start();
        if rest_trim.len() < digits.len() && rest_trim.chars().next().is_some_and(char::is_alphabetic) {
            return rest_trim;
        }
    }
    let mut chars = s.char_indices();
    match (chars.next(), chars.next()) {
        (Some((_, 'a'..='z')), Some((_, ')'))) => s[2..].trim_start(),
        _ => s,
    }
}

#[cfg(test)]
mod tests {
    use super::peel;

    #[test]
    fn notes_bullets_and_brackets_go() {
        for s in [
            "Mali (1)",
            "Mali [a]",
            "Mali 2/",
            "Mali 1)",
            "Mali a/",
            "• Mali",
            "(Mali)",
            "\"Mali\"",
            "Mali*",
            "Mali;",
            "12. Mali",
            "a) Mali",
            "Mali 3",
            "Mali12",
            "[Mali] (1, 2)",
            "– Mali,",
            "Mali (ii)",
        ] {
            assert_eq!(peel(s).map(str::trim), Some("Mali"), "{s}");
        }
    }

    #[test]
    fn what_belongs_to_the_name_stays() {
        for s in ["Korea (Republic of)", "Mali", "Congo (DRC)", "U.S."] {
            assert!(peel(s).is_none_or(|p| p.len() + 1 >= s.len()), "{s}: {:?}", peel(s));
        }
    }
}
