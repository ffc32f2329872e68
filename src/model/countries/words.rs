//! A name as a set of words, so that one look-up serves every order and abbreviation.
//!
//! In: a folded name with words apart. Out: its words in one spelling each, without articles, sorted. `Rep. of Yemen`, `Yemen,
//! Republic of` and `Yemen (the Republic of)` are the same set. English only: the other languages decline their words.

/// Words that carry nothing.
const EMPTY: [&str; 4] = ["the", "of", "and", "d"];

/// Spellings of a word and the one that stands for it, sorted by spelling.
#[rustfmt::skip]
const SAME: &[(&str, &str)] = &[
    ("admin", "adm"), ("administrative", "adm"), ("afric", "afr"), ("africa", "afr"), ("african", "afr"), ("amer", "am"),
    ("american", "am"), ("antarct", "ant"), ("antarctic", "ant"), ("ar", "arab"), ("barbuda", "barb"), ("boliv", "bol"),
    ("bolivarian", "bol"), ("brit", "br"), ("british", "br"), ("centr", "cent"), ("central", "cent"), ("christopher", "kitts"),
    ("cntrl", "cent"), ("cooperative", "coop"), ("ctr", "cent"), ("demo", "dem"), ("democ", "dem"), ("democratic", "dem"),
    ("domin", "dominican"), ("east", "e"), ("eastern", "e"), ("equ", "eq"), ("equat", "eq"), ("equator", "eq"),
    ("equatorial", "eq"), ("feder", "fed"), ("federal", "fed"), ("federated", "fed"), ("federation", "fed"),
    ("federative", "fed"), ("fedn", "fed"), ("french", "fr"), ("grenad", "gren"), ("grenadine", "gren"), ("grenadines", "gren"),
    ("hercegov", "herz"), ("hercegovina", "herz"), ("herzeg", "herz"), ("herzegovina", "herz"), ("herzegowina", "herz"),
    ("hrz", "herz"), ("ids", "is"), ("indian", "ind"), ("isds", "is"), ("isl", "is"), ("islam", "islamic"), ("island", "is"),
    ("islands", "is"), ("isles", "is"), ("isls", "is"), ("jamah", "jam"), ("jamahiriya", "jam"), ("jamahirya", "jam"),
    ("kgd", "kgdm"), ("kingd", "kgdm"), ("kingdom", "kgdm"), ("mac", "mc"), ("minor", "min"), ("netherland", "neth"),
    ("netherlands", "neth"), ("no", "n"), ("north", "n"), ("northern", "n"), ("nth", "n"), ("nw", "new"), ("occupied", "occ"),
    ("ocean", "oc"), ("out", "outl"), ("outlying", "outl"), ("palest", "pal"), ("palestinian", "pal"), ("pap", "papua"),
    ("peo", "peoples"), ("people", "peoples"), ("plurin", "plur"), ("plurinat", "plur"), ("plurinational", "plur"),
    ("pop", "peoples"), ("ppl", "peoples"), ("prin", "princ"), ("principe", "princ"), ("province", "prov"),
    ("provinces", "prov"), ("reg", "region"), ("regions", "region"), ("repub", "rep"), ("republic", "rep"), ("republik", "rep"),
    ("sainte", "saint"), ("sankt", "saint"), ("so", "s"), ("socialist", "soc"), ("socialists", "soc"), ("south", "s"),
    ("southern", "s"), ("spec", "special"), ("st", "saint"), ("stat", "states"), ("state", "states"), ("ste", "saint"),
    ("sth", "s"), ("sts", "states"), ("ter", "terr"), ("territ", "terr"), ("territories", "terr"), ("territory", "terr"),
    ("tobago", "tob"), ("unit", "united"), ("utd", "united"), ("west", "w"), ("western", "w"), ("wst", "w"),
];

/// Where in `SAME` the spellings with each first letter begin.
const BEGIN: [u8; 27] = {
    let (mut begin, mut at, mut letter) = ([0; 27], 0, 0);
    while letter < 27 {
        while at < SAME.len() && SAME[at].0.as_bytes()[0] < b'a' + letter as u8 {
            at += 1;
        }
        begin[letter] = at as u8;
        letter += 1;
    }
    begin
};

/// The most words of a set.
const MOST: usize = 12;

/// Writes the set of words of `spaced` into `out`: sorted, one blank apart. Letters that stand alone side by side are one word:
/// `u s`, `d p r`. At most twelve words; more give nothing.
pub fn bag(spaced: &str, out: &mut Vec<u8>) {
    out.clear();
    let has_initials = has_initials(spaced.as_bytes());
    let (mut initials, mut run) = ([0; MOST], 0);
    let (mut words, mut n) = ([(0, &[][..]); MOST], 0);
    for word in words_of(spaced.as_bytes()) {
        let head = head(word);
        if has_initials && word.len() == 1 && word[0].is_ascii_alphabetic() && run < initials.len() {
            initials[run] = word[0];
            run += 1;
        } else if !word.is_empty() && !EMPTY_HEADS.contains(&head) {
            if n == words.len() {
                return;
            }
            words[n] = usual(head, word);
            n += 1;
        }
    }
    if run > 0 && n < words.len() {
        words[n] = (head(&initials[..run]), &initials[..run]);
        n += 1;
    }
    sort(&mut words[..n]);
    for (_, word) in &words[..n] {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
}

/// Sorts words that come with their heads: there are few of them.
fn sort(words: &mut [(u64, &[u8])]) {
    for end in 1..words.len() {
        let mut at = end;
        while at > 0 && words[at] < words[at - 1] {
            words.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Whether two letters stand alone side by side.
fn has_initials(spaced: &[u8]) -> bool {
    let is_blank = |at: usize| spaced.get(at).is_none_or(|byte| *byte == b' ');
    let is_letter = |at: usize| spaced.get(at).is_some_and(u8::is_ascii_alphabetic);
    let mut blanks = (1..spaced.len()).filter(|&at| spaced[at] == b' ');
    blanks.any(|at| is_blank(at.wrapping_sub(2)) && is_letter(at - 1) && is_letter(at + 1) && is_blank(at + 2))
}

/// The words of a folded name.
pub fn words_of(spaced: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(spaced);
    std::iter::from_fn(move || {
        let all = rest?;
        let end = all.iter().position(|b| *b == b' ');
        rest = end.map(|end| &all[end + 1..]);
        Some(&all[..end.unwrap_or(all.len())])
    })
}

/// All spellings of the words that are in sets of words, given those that stand for them.
#[allow(dead_code, reason = "only the compiler of the table asks")]
pub fn spellings(words: &std::collections::BTreeSet<Vec<u8>>) -> impl Iterator<Item = &[u8]> {
    let others = SAME.iter().filter(|(_, usual)| words.contains(usual.as_bytes())).map(|(spelling, _)| spelling.as_bytes());
    words.iter().map(Vec::as_slice).chain(EMPTY.map(str::as_bytes)).chain(others)
}

/// Whether two words are spellings of one.
#[allow(dead_code, reason = "the build script asks for whole sets only")]
pub fn is_same(word: &str, other: &str) -> bool {
    let of = |word: &str| usual(head(word.as_bytes()), word.as_bytes()).0;
    word != other && of(word) == of(other)
}

/// Whether a folded word carries nothing: an article, a preposition.
#[allow(dead_code, reason = "the build script asks for whole sets only")]
pub fn is_empty(word: &str) -> bool {
    EMPTY.contains(&word)
}

/// The first eight letters of a word as a number: numbers are in the order of the words.
const fn head(word: &[u8]) -> u64 {
    let (mut head, mut at) = (0, 0);
    while at < 8 {
        head = head << 8 | if at < word.len() { word[at] as u64 } else { 0 };
        at += 1;
    }
    head
}

const EMPTY_HEADS: [u64; EMPTY.len()] = [head(EMPTY[0].as_bytes()), head(EMPTY[1].as_bytes()), head(EMPTY[2].as_bytes()), head(EMPTY[3].as_bytes())];

/// The heads of the spellings.
static HEADS: [u64; SAME.len()] = {
    let (mut heads, mut at) = ([0; SAME.len()], 0);
    while at < SAME.len() {
        heads[at] = head(SAME[at].0.as_bytes());
        at += 1;
    }
    heads
};

/// The spelling that stands for a word with that head, and its head.
fn usual(of: u64, word: &[u8]) -> (u64, &[u8]) {
    let Some(first @ b'a'..=b'z') = word.first() else { return (of, word) };
    let letter = usize::from(first - b'a');
    let (from, to) = (usize::from(BEGIN[letter]), usize::from(BEGIN[letter + 1]));
    let mut same = (from..to).filter(|&at| HEADS[at] == of && SAME[at].0.as_bytes() == word);
    same.next().map_or((of, word), |at| (head(SAME[at].1.as_bytes()), SAME[at].1.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{SAME, bag};

    #[test]
    fn spellings_are_sorted() {
        assert!(SAME.is_sorted());
    }

    #[test]
    fn order_articles_and_abbreviations_do_not_matter() {
        let of = |s: &str| {
            let mut out = Vec::new();
            bag(s, &mut out);
            out
        };
        assert_eq!(of("yemen rep of"), of("the republic of yemen"));
        assert_eq!(of("virgin islands u s"), of("the us virgin is"));
        assert_eq!(of("korea d p r"), of("dpr korea"));
        assert_eq!(of("micronesia fed states of"), of("federated states of micronesia"));
        assert_ne!(of("south sudan"), of("sudan"));
        assert_ne!(of("sudan south sudan"), of("south sudan"));
    }
}
