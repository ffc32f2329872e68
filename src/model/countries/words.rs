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

/// Writes the set of words of `spaced` into `out`: sorted, one blank apart. Letters that stand alone side by side are one word:
/// `u s`, `d p r`. At most twelve words; more give nothing.
pub fn bag(spaced: &str, out: &mut Vec<u8>) {
    out.clear();
    let mut initials = [0; 12];
    let mut run = 0;
    let (mut words, mut n) = ([""; 12], 0);
    let letters = |w: &str| w.len() == 1 && w.as_bytes()[0].is_ascii_alphabetic();
    let has_initials = words_of(spaced).fold((false, false), |(last, two), w| (letters(w), two || last && letters(w))).1;
    for w in words_of(spaced) {
        if has_initials && letters(w) && run < initials.len() {
            initials[run] = w.as_bytes()[0];
            run += 1;
            continue;
        }
        if w.is_empty() || is_empty(w) {
            continue;
        }
        if n == words.len() {
            return;
        }
        words[n] = usual(w);
        n += 1;
    }
    if run > 0 && n < words.len() {
        words[n] = std::str::from_utf8(&initials[..run]).unwrap_or_default();
        n += 1;
    }
    words[..n].sort_unstable();
    for w in &words[..n] {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.extend_from_slice(w.as_bytes());
    }
}

/// The words of a folded name.
fn words_of(spaced: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(spaced);
    std::iter::from_fn(move || {
        let all = rest?;
        let end = all.bytes().position(|b| b == b' ');
        rest = end.map(|end| &all[end + 1..]);
        Some(&all[..end.unwrap_or(all.len())])
    })
}

/// Whether a folded word carries nothing: an article, a preposition.
pub fn is_empty(word: &str) -> bool {
    EMPTY.contains(&word)
}

/// The spelling that stands for `word`.
fn usual(word: &str) -> &str {
    let Some(first @ b'a'..=b'z') = word.bytes().next() else { return word };
    let at = usize::from(first - b'a');
    let same = &SAME[usize::from(BEGIN[at])..usize::from(BEGIN[at + 1])];
    same.iter().find(|(w, _)| *w == word).map_or(word, |(_, usual)| usual)
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
