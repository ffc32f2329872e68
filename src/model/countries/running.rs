//! Countries in running text.
//!
//! In: a text in any script. Out: what it names, where, longest first where several names start at one place. The table of names is
//! itself the automaton: one probe at the start of each word says how many words a name that starts so can have, and nearly always
//! that there is none; so nothing is built at start, and finder and normalizer cannot disagree. A match begins and ends at word
//! boundaries; scripts that write no spaces (Han, kana, Thai, Lao, Khmer, Burmese) are probed letter by letter. Codes are not names
//! here, nor are words in lower case.

use super::{
    Entity, Normalizer, fold,
    layout::{Kind, Layout, prefix},
};
use std::ops::Range;

/// What a text says about a country at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Its name.
    Name,
    /// A name that several countries share.
    Ambiguous,
    /// Its people, its language, or something of it.
    Demonym,
}

/// A country in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'t, 'a> {
    pub bytes: Range<usize>,
    pub text: &'t str,
    pub entity: &'a Entity,
    pub reading: Reading,
}

/// A word, or a letter of a script without spaces.
struct Word {
    bytes: Range<usize>,
    folded: String,
    /// Starts with a capital, or has no case.
    named: bool,
    upper: bool,
    solid: bool,
    /// The place before it does not part a name.
    joined: bool,
}

/// The longest name of a script without spaces, in letters.
const LETTERS: usize = 24;

/// Finds all names in `text`.
pub(super) fn find<'t, 'a>(all: &'a Normalizer, text: &'t str) -> Vec<Found<'t, 'a>> {
    let table = all.layout();
    let words = words(text);
    let mut found = Vec::new();
    let mut key = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let reach = reach(&table, &words, i, &mut key);
        let hit = (1..=reach)
            .rev()
            .filter(|&n| !cuts_a_list(text, &words, i, n))
            .find_map(|n| longest(&table, text, &words[i..i + n], &mut key).map(|hit| (n, hit)));
        let Some((n, hit)) = hit else {
            i += 1;
            continue;
        };
        let bytes = words[i].bytes.start..words[i + n - 1].bytes.end;
        if let (Some(entity), Some(reading)) = (all.entities.get(hit.entity as usize), reading(hit.kind)) {
            found.push(Found { text: &text[bytes.clone()], bytes, entity, reading });
        }
        i += n;
    }
    found
}

/// How many words from `i` on a name may have.
fn reach(table: &Layout, words: &[Word], i: usize, key: &mut Vec<u8>) -> usize {
    let w = &words[i];
    if !w.named {
        return 0;
    }
    let most = if w.solid {
        LETTERS
    } else {
        key.clear();
        key.push(prefix::FIRST);
        key.extend_from_slice(w.folded.as_bytes());
        table.get(key).map_or(0, |hit| hit.entity as usize)
    };
    let joined = words[i + 1..].iter().take(most.saturating_sub(1)).take_while(|n| n.joined && n.solid == w.solid).count();
    most.min(1 + joined)
}

/// Whether the words cross a comma and end before a word that belongs to the last of them: "Sudan, South | Sudan".
fn cuts_a_list(text: &str, words: &[Word], i: usize, n: usize) -> bool {
    let last = &words[i + n - 1];
    let crosses = text[words[i].bytes.start..last.bytes.end].contains(',');
    crosses && words.get(i + n).is_some_and(|w| w.named && text[last.bytes.end..w.bytes.start].trim().is_empty())
}

fn longest(table: &Layout, text: &str, words: &[Word], key: &mut Vec<u8>) -> Option<super::layout::Hit> {
    key.clear();
    words.iter().for_each(|w| key.extend_from_slice(w.folded.as_bytes()));
    if words[0].solid {
        fold::fold_into(&text[words[0].bytes.start..words[words.len() - 1].bytes.end], key);
        if words.len() < 2 && key.len() < 6 {
            return None;
        }
    }
    let hit = table.get(key)?;
    let shouted = words.iter().all(|w| w.upper);
    let short = key.is_ascii() && key.len() <= 3;
    let is_word = words.len() == 1 && {
        key.insert(0, prefix::WORD);
        table.get(key).is_some()
    };
    (!is_word && (shouted || !(short || hit.kind == Kind::Abbreviation && words.len() == 1))).then_some(hit)
}

fn reading(kind: Kind) -> Option<Reading> {
    match kind {
        Kind::Stop => None,
        Kind::Demonym => Some(Reading::Demonym),
        Kind::Ambiguous => Some(Reading::Ambiguous),
        _ => Some(Reading::Name),
    }
}

/// The words of a text, with what stands between them judged.
fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut gap_from = 0;
    while let Some((at, c)) = chars.next() {
        let solid = is_solid(c);
        if !(solid || c.is_alphanumeric() || c == '&') {
            continue;
        }
        let mut end = at + c.len_utf8();
        if c != '&' {
            while let Some(&(next, d)) = chars.peek() {
                let part = if solid {
                    is_mark(d)
                } else {
                    (d.is_alphanumeric() || is_mark(d) || fold::joins(d) && letter_follows(text, next + d.len_utf8())) && !is_solid(d)
                };
                if !part {
                    break;
                }
                end = next + d.len_utf8();
                chars.next();
            }
        }
        let written = &text[at..end];
        let joined = words.last().is_some_and(|w| joins(&text[gap_from..at], w, solid));
        words.push(Word {
            bytes: at..end,
            folded: fold::fold(written),
            named: !c.is_lowercase(),
            upper: !written.chars().any(char::is_lowercase),
            solid,
            joined,
        });
        gap_from = end;
    }
    words
}

/// Whether what stands between two words may stand within a name.
fn joins(gap: &str, before: &Word, solid: bool) -> bool {
    if solid {
        return gap.is_empty() || gap.chars().all(|c| matches!(c, '・' | '·' | '\u{200b}' | '\u{200c}'));
    }
    let blank_line = gap.bytes().filter(|&b| b == b'\n').count() > 1;
    let stop = gap.contains('.') && before.bytes.len() > 5;
    gap.len() <= 4 && !blank_line && !stop && !gap.contains([';', ':', '!', '?', '•', '|', '\t'])
}

fn letter_follows(text: &str, at: usize) -> bool {
    text[at..].chars().next().is_some_and(char::is_alphanumeric)
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Scripts that write no spaces between words.
fn is_solid(c: char) -> bool {
    matches!(c as u32, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use super::Reading;
    use crate::normalize::country::Normalizer;

    fn found(text: &str) -> Vec<String> {
        let all = Normalizer::built_in();
        let mark = |r: Reading| {
            if r == Reading::Demonym {
                "~"
            } else if r == Reading::Ambiguous {
                "?"
            } else {
                ""
            }
        };
        all.find(text)
            .iter()
            .map(|f| format!("{}{}{}", mark(f.reading), f.entity.alpha3, if f.text == &text[f.bytes.clone()] { "" } else { "!" }))
            .collect()
    }

    #[test]
    fn the_longest_name_wins() {
        assert_eq!(found("Papua New Guinea, Guinea-Bissau and Guinea."), ["PNG", "GNB", "GIN"]);
        assert_eq!(found("the Republic of Korea and the Democratic People's Republic of Korea"), ["KOR", "PRK"]);
        assert_eq!(found("Niger and Nigeria; Sudan, South Sudan"), ["NER", "NGA", "SDN", "SSD"]);
    }

    #[test]
    fn words_and_codes_are_no_countries() {
        assert_eq!(found("It is in no way the turkey, the chad or the jersey of IS or DE."), Vec::<String>::new());
        assert_eq!(found("New Mexico, Northern Ireland, New Jersey"), Vec::<String>::new());
        assert_eq!(found("Romaniac Indianapolis Nigerland"), Vec::<String>::new());
    }

    #[test]
    fn english_words_are_no_countries_of_other_languages() {
        assert_eq!(found("Pacific Island States; the Island of Alan; Iceland"), ["ISL"]);
    }

    #[test]
    fn peoples_are_marked() {
        assert_eq!(found("Nepalese workers in Qatar, Filipinos in Italy"), ["~NPL", "QAT", "~PHL", "ITA"]);
        assert_eq!(found("the Korean Peninsula, Congo"), ["?", "?"]);
    }

    #[test]
    fn scripts_without_spaces_are_read() {
        assert_eq!(found("中国和日本以及大韩民国"), ["CHN", "JPN", "KOR"]);
        assert_eq!(found("ประเทศไทยและลาว"), ["THA", "LAO"]);
        assert_eq!(found("Россия и Казахстан; مصر والأردن"), ["RUS", "KAZ", "EGY"]);
    }

    #[test]
    fn a_name_may_go_over_a_line() {
        assert_eq!(found("Sri\nLanka; Viet Nam"), ["LKA", "VNM"]);
        assert_eq!(found("New\n\nZealand"), Vec::<String>::new());
    }
}
