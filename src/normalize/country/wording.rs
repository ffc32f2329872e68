//! How people word a name: articles, what is said to be former, two names in one.
//!
//! In: a name as written. Out: the part of it that is the name, or both parts. Nothing is looked up here.

/// The key without an article that stands in front or behind as a word of its own.
pub fn unarticled<'k>(name: &str, key: &'k [u8]) -> Option<&'k [u8]> {
    if !key.starts_with(b"the") && !key.ends_with(b"the") {
        return None;
    }
    let is_article = |word: Option<&str>| word.is_some_and(|word| word.eq_ignore_ascii_case("the"));
    let words = || name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let rest = key.strip_prefix(b"the").filter(|_| is_article(words().next()));
    rest.or_else(|| key.strip_suffix(b"the").filter(|_| is_article(words().next_back()))).filter(|key| key.len() > 2)
}

/// The key without an article of another language in front.
pub fn foreign_unarticled<'k>(name: &str, key: &'k [u8]) -> Option<&'k [u8]> {
    const ARTICLES: [&str; 14] = ["la", "le", "les", "l", "los", "las", "el", "die", "der", "das", "den", "het", "il", "gli"];
    if !matches!(name.as_bytes().first()?.to_ascii_lowercase(), b'd' | b'e' | b'g' | b'h' | b'i' | b'l') {
        return None;
    }
    let first = name.split(|c: char| !c.is_alphanumeric()).next().filter(|first| first.len() < name.len())?;
    let article = ARTICLES.iter().find(|article| first.eq_ignore_ascii_case(article))?;
    key.strip_prefix(article.as_bytes()).filter(|rest| rest.len() > 3)
}

/// Whether what stands around `core` lets it be a code: in ".com" and "100%" it is none.
pub fn is_a_code_within(name: &str, core: &str) -> bool {
    const AROUND_NUMBERS: &[u8] = b" \t\"'()[]{},;*";
    let is_number = || core.bytes().all(|byte| byte.is_ascii_digit());
    let may_stand = |byte: u8| byte.is_ascii_digit() || AROUND_NUMBERS.contains(&byte);
    !name.starts_with('.') && (!is_number() || name.bytes().all(may_stand))
}

/// `A (B)`, `A [B]`, `A / B`, `A - B`, `A or B`, `A, B`.
pub fn halves(name: &str) -> Option<(&str, &str)> {
    let name = name.trim();
    let bracket = name.bytes().position(|b| matches!(b, b'(' | b'['));
    let (at, len) = match bracket.filter(|&at| at > 0) {
        Some(at) => (at, 1),
        None => separator(name)?,
    };
    let second = name[at + len..].trim_end_matches([')', ']']);
    Some((&name[..at], second)).filter(|(a, b)| !a.trim().is_empty() && !b.trim().is_empty())
}

/// The first separator of two names: where, and how long.
fn separator(name: &str) -> Option<(usize, usize)> {
    const WORDS: [&str; 5] = [" - ", " or ", " formerly ", " – ", " — "];
    name.bytes().enumerate().find_map(|(at, b)| match b {
        b'/' | b'|' | b',' | b';' | b'=' if at > 0 => Some((at, 1)),
        b' ' if matches!(name.as_bytes().get(at + 1), Some(b'-' | b'o' | b'f' | 0x80..)) => {
            WORDS.iter().find(|w| name[at..].starts_with(*w)).map(|w| (at, w.len()))
        }
        _ => None,
    })
}

/// The name of what is said to be former; `None` where nothing is said so.
pub fn without_former(core: &str) -> Option<&str> {
    const BEFORE: [&str; 7] = ["ex-", "ex ", "former ", "formerly ", "the former ", "fmr. ", "fmr "];
    const BEHIND: [&str; 8] = ["(former)", ", former", "(former", ", ex", "(ex)", "(formerly)", "(historical)", "- former"];
    // Which is hardly ever said: the letters that all of these begin or end with.
    let ends = [core.as_bytes().first()?.to_ascii_lowercase(), core.as_bytes().last()?.to_ascii_lowercase()];
    if !matches!(ends, [b'e' | b'f' | b't', _] | [_, b')' | b'r' | b'x']) {
        return None;
    }
    let starts = |w: &str| core.get(..w.len()).is_some_and(|p| p.eq_ignore_ascii_case(w));
    let ends = |w: &str| core.len() > w.len() && core.get(core.len() - w.len()..).is_some_and(|p| p.eq_ignore_ascii_case(w));
    let before = BEFORE.iter().find(|w| starts(w)).map(|w| &core[w.len()..]);
    before.or_else(|| BEHIND.iter().find(|w| ends(w)).map(|w| core[..core.len() - w.len()].trim_end()))
}

/// `formerly Zaire` → `Zaire`.
pub fn without_formerly(part: &str) -> &str {
    let part = part.trim();
    const BEFORE: [&str; 14] = [
        "formerly known as ",
        "formerly ",
        "former ",
        "now ",
        "also known as ",
        "aka ",
        "a.k.a. ",
        "ex-",
        "ex ",
        "previously ",
        "also ",
        "or ",
        "part of ",
        "fmr. ",
    ];
    BEFORE.iter().find_map(|w| part.get(..w.len()).filter(|p| p.eq_ignore_ascii_case(w)).map(|_| &part[w.len()..])).unwrap_or(part)
}

/// Digits among letters, or an l where a capital I belongs: signs of a scanner, asked for where a name has only four letters.
pub fn looks_scanned(name: &str) -> bool {
    name.bytes().any(|b| b.is_ascii_digit())
        || name.starts_with('l')
        || name.bytes().skip(1).any(|b| b == b'I') && name.bytes().any(|b| b.is_ascii_lowercase())
}
