//! Names as keys: one folded form to compare spellings, one readable slug to make ids of.
//!
//! A slug never depends on other rows: what is cut short carries eight hexadecimal digits of the whole, so that two long names
//! with one beginning stay two, whatever else is in the data set.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::model::record::hex;

/// A slug ends at the word edge before this many characters.
const SLUG_LIMIT: usize = 60;

/// Spellings of one word that differ by country of the writer: ending, the other ending, and the least letters before it.
const ENDINGS: &[(&str, &str, usize)] = &[
    ("isation", "ization", 3),
    ("isations", "izations", 3),
    ("our", "or", 3),
    ("ours", "ors", 3),
    ("gramme", "gram", 2),
    ("grammes", "grams", 2),
    ("centre", "center", 0),
    ("centres", "centers", 0),
];

/// The form in which two spellings of one name are equal: letters and digits in lower case without marks, words parted by one space.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain = plain(text);
    let mut folded = String::with_capacity(plain.len());
    for word in without_article(&plain) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        let (stem, ending) = respell(word);
        folded.push_str(stem);
        folded.push_str(ending);
    }
    folded
}

/// The words of a name, folded and plain.
#[must_use]
pub fn folded_words(text: &str) -> Vec<(String, String)> {
    let folded = |word| {
        let (stem, ending) = respell(word);
        ([stem, ending].concat(), word.to_owned())
    };
    without_article(&plain(text)).map(folded).collect()
}

/// The words of a plain text but for an article that others follow.
fn without_article(plain: &str) -> impl Iterator<Item = &str> {
    let mut words = words(plain).peekable();
    let article = words.next_if_eq(&"the");
    let only = article.filter(|_| words.peek().is_none());
    only.into_iter().chain(words)
}

/// A readable id of a name: ASCII, lower case, words joined by hyphens.
#[must_use]
pub fn slug(text: &str) -> String {
    let plain = plain(text);
    let words: Vec<&str> = words(&plain).collect();
    let whole = words.join("-");
    let is_ascii = whole.is_ascii();
    let mut slug = String::new();
    let mut cut = false;
    for word in words.iter().filter(|word| word.is_ascii()) {
        let grown = slug.len() + word.len() + usize::from(!slug.is_empty());
        if grown > SLUG_LIMIT {
            cut = true;
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if is_ascii && !cut && !slug.is_empty() {
        return slug;
    }
    // Scripts without a Latin spelling, and what was cut: the digest keeps the id apart from others.
    if slug.is_empty() { digest8(&whole) } else { format!("{slug}-{}", digest8(&whole)) }
}

/// Eight hexadecimal digits of the SHA-256 of a text.
#[must_use]
pub fn digest8(text: &str) -> String {
    let mut digits = hex(&Sha256::digest(text.as_bytes()));
    digits.truncate(8);
    digits
}

/// Whether a name is an acronym: one word with at least two capitals and fewer than two small letters.
#[must_use]
pub fn is_acronym(name: &str) -> bool {
    if name.contains(char::is_whitespace) || name.chars().count() > 12 {
        return false;
    }
    let capitals = name.chars().filter(|letter| letter.is_uppercase()).count();
    let small = name.chars().filter(|letter| letter.is_lowercase()).count();
    capitals >= 2 && small < 2.max(capitals)
}

/// A text in lower case without marks.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    if text.is_ascii() {
        text.chars().for_each(|letter| push_plain(letter, &mut plain));
    } else {
        text.nfkd().filter(|&letter| !is_combining_mark(letter)).for_each(|letter| push_plain(letter, &mut plain));
    }
    plain
}

fn push_plain(letter: char, plain: &mut String) {
    match letter {
        // An apostrophe is no word edge: neither "farmers'" nor "men's" has two words.
        '\'' | '\u{2019}' | '\u{2bc}' | '\u{ad}' => {}
        '&' => plain.push_str(" and "),
        '+' => plain.push_str(" plus "),
        letter if letter.is_ascii() => plain.push(letter.to_ascii_lowercase()),
        letter => match latin(letter) {
            Some(latin) => plain.push_str(latin),
            None => plain.extend(letter.to_lowercase()),
        },
    }
}

/// The words of a plain text.
fn words(plain: &str) -> impl Iterator<Item = &str> {
    plain.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Letters that have no decomposition into a plain letter and a mark.
fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ł' | 'Ł' => "l",
        'ı' => "i",
        'ß' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        _ => return None,
    })
}

/// A word as its beginning and the ending that it has in one of its spellings.
fn respell(word: &str) -> (&str, &'static str) {
    let respelt = |(ending, other, least): &(&str, &'static str, usize)| {
        word.strip_suffix(ending).filter(|stem| stem.len() >= *least).map(|stem| (stem, *other))
    };
    ENDINGS.iter().find_map(respelt).unwrap_or((word, ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_name_fold_to_one_form() {
        for (a, b) in [
            ("International Labour Organisation", "International Labor Organization"),
            ("The Farmers’ Union", "Farmers' Union"),
            ("Asia – EU Dialogue", "Asia-EU Dialogue"),
            ("Côte d’Or & Søn", "Cote d'Or and Son"),
            ("Programme Centre", "program center"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} / {b}");
        }
        assert_ne!(fold("Four Hours"), fold("For Hors"));
    }

    #[test]
    fn a_slug_ends_at_a_word_edge_and_stays_apart() {
        let long = "Committee on the Implementation of the Declaration on the Protection and Promotion of Rights";
        let other = "Committee on the Implementation of the Declaration on the Protection and Promotion of Wrongs";
        let (a, b) = (slug(long), slug(other));
        assert!(a.starts_with("committee-on-the-implementation-of-the-declaration-on-the-"), "{a}");
        assert_ne!(a, b);
        assert!(a.len() <= SLUG_LIMIT + 9, "{a}");
        assert_eq!(slug("Söderköping Process"), "soderkoping-process");
        assert_eq!(slug("5+5 Dialogue"), "5-plus-5-dialogue");
    }

    #[test]
    fn a_name_in_another_script_has_an_id() {
        assert_eq!(slug("科伦坡进程").len(), 8);
        assert_ne!(slug("科伦坡进程"), slug("阿布扎比对话"));
    }

    #[test]
    fn an_acronym_is_one_word_of_capitals() {
        for name in ["IOM", "SOM-TC", "MoLE", "OHCHR", "UN"] {
            assert!(is_acronym(name), "{name}");
        }
        for name in ["World Bank", "Benelux", "Frontex", "A", "UN Women"] {
            assert!(!is_acronym(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_slug_fits_its_pattern(text in "\\PC{1,90}") {
            let slug = slug(&text);
            prop_assert!(!slug.is_empty());
            prop_assert!(slug.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())), "{slug}");
        }

        #[test]
        fn folding_twice_is_folding_once(text in "[A-Za-z' &+-]{0,60}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
