//! One dialogue under several names: which forms of a name are of the same dialogue, and which acronym is its own.
//!
//! In: a name and the dialogues that the page has named so far. Out: one dialogue each, in the fullest form, and its mentions.

use std::ops::Range;

use super::dialogues::{Named, has_initials};
use super::names;
use super::page::Page;
use crate::model::gazetteer::{Shape, Tag, fold};

/// Notes a dialogue: one already known by declaration or by its words, or a new one.
pub fn enter(page: &Page<'_>, dialogues: &mut Vec<Named>, name: Range<usize>, declared: Option<u16>, kind: String) -> usize {
    let words = words_of(page, name.clone());
    let same = |known: &Named| match (known.declared, declared) {
        (Some(a), Some(b)) => a == b,
        (Some(_), None) | (None, Some(_)) => is_misspelt(&known.words, &words),
        (None, None) => {
            is_one_name(&known.words, &words)
                || is_one_name(&words, &known.words)
                || is_without_subject(page, &words, &known.name)
                || is_without_subject(page, &known.words, &name)
        }
    };
    match dialogues.iter().position(same) {
        Some(at) => {
            // A declared dialogue can have quite other names: only a fuller form of the same one takes the place of the first.
            let is_fuller = declared.is_none() || dialogues[at].name.len() == 1 || dialogues[at].words.iter().all(|word| words.contains(word));
            if words.len() > dialogues[at].words.len() && is_fuller {
                dialogues[at].name = name;
                dialogues[at].words = words;
            }
            at
        }
        None => {
            dialogues.push(Named { name, declared, acronym: None, kind, words });
            dialogues.len() - 1
        }
    }
}

/// The words by which forms of a name are told to be of one dialogue.
fn words_of(page: &Page<'_>, name: impl Iterator<Item = usize>) -> Vec<String> {
    name.filter(|&token| page.is_word(token) && !page.has(token, Tag::Article) && !page.has(token, Tag::Connector))
        .map(|token| fold(page.text(token)))
        .collect()
}

/// `Harbour Process` beside `Harbour Process on Labour Mobility`: a longer name up to its first small word.
fn is_without_subject(page: &Page<'_>, short: &[String], long: &Range<usize>) -> bool {
    let is_small = |token: usize| page.has(token, Tag::Connector) && !page.has(token, Tag::And) && page.is_word(token);
    let Some(small) = long.clone().find(|&token| is_small(token)) else { return false };
    short.len() >= 2 && words_of(page, long.start..small) == short
}

/// Whether two names of at least four words differ in one word by a letter or two.
fn is_misspelt(a: &[String], b: &[String]) -> bool {
    let differing: Vec<_> = a.iter().zip(b).filter(|(a, b)| a != b).collect();
    match differing.as_slice() {
        _ if a.len() != b.len() => false,
        [] => true,
        [(a_word, b_word)] => {
            a.len() >= 4
                && a_word.len() >= 6
                && a_word.chars().count().abs_diff(b_word.chars().count()) <= 1
                && shared_letters(a_word, b_word) + 2 >= a_word.len().max(b_word.len())
        }
        _ => false,
    }
}

/// Letters that two words share at their starts and ends.
fn shared_letters(a: &str, b: &str) -> usize {
    let start = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let end = a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).count();
    (start + end).min(a.chars().count().min(b.chars().count()))
}

/// Whether two names are forms of one: the same but for a letter, one part of the other, or one with words between those of the other.
fn is_one_name(short: &[String], long: &[String]) -> bool {
    let is_misspelt_tail = || long.len() > short.len() && is_misspelt(short, &long[long.len() - short.len()..]);
    let has_same_ends = || short.len() >= 3 && short.last() == long.last() && is_filled_up(short, long);
    is_part(short, long) || is_misspelt(short, long) || is_misspelt_tail() || has_same_ends()
}

/// Whether a name of at least three words ends or begins another: `Working Group on X` and `Open Working Group on X`.
fn is_part(part: &[String], whole: &[String]) -> bool {
    part.len() >= 3 && (whole.ends_with(part) || whole.starts_with(part))
}

/// `MIDWA – Dialogue sur les migrations`, `Dialogue sur les migrations (MIDWA)`: an acronym beside a name is of the same dialogue.
pub fn merge_short_forms(page: &Page<'_>, dialogues: &mut Vec<Named>, mentions: &mut [(Range<usize>, usize)]) {
    let is_short = |tokens: &Range<usize>| tokens.len() == 1 && page.token(tokens.start).shape == Shape::Upper;
    for at in 1..mentions.len() {
        let ((first, a), (second, b)) = (mentions[at - 1].clone(), mentions[at].clone());
        let between = first.end..second.start;
        let is_beside = between.len() == 1 && matches!(page.text(between.start), "–" | "—" | "-" | ":" | "(");
        let (short, long) = if is_short(&first) { (a, b) } else { (b, a) };
        let one_is_short = is_short(&first) != is_short(&second);
        if a == b || !is_beside || !one_is_short || dialogues[long].declared.is_some() || dialogues[long].name.len() < 3 {
            continue;
        }
        // The long form takes the place of the short one, and keeps what was declared of it.
        let merged = dialogues[long].clone();
        let declared = dialogues[short].declared;
        let acronym = if is_short(&first) { first } else { second };
        dialogues[short] = Named { declared, acronym: Some(acronym), ..merged };
        mentions.iter_mut().filter(|(_, dialogue)| *dialogue == long).for_each(|(_, dialogue)| *dialogue = short);
    }
    drop_unnamed(dialogues, mentions);
}

/// Finds the acronyms of the dialogues, and the places where the page uses them.
pub fn bind_acronyms(page: &Page<'_>, dialogues: &mut [Named], mentions: &mut Vec<(Range<usize>, usize)>) {
    for (tokens, dialogue) in mentions.clone() {
        // `the Forum (ILO)`, `RABAT PROCESS (RABAT PROCESS)`: a body, or the name again.
        let is_own = |short: &Range<usize>| {
            let is_body = page.mark(short.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end >= short.end);
            let is_dialogue = page.mark(short.start, |tag| matches!(tag, Tag::Dialogue(_))).is_some();
            (!is_body || is_dialogue) && fold(&page.value_of(short)) != fold(&page.value_of(&tokens)) && !is_publisher(page, &tokens, short)
        };
        let short = names::acronym_behind(page, tokens.end, page.range(page.block_of(tokens.start)).end);
        if let Some(short) = short.filter(is_own) {
            dialogues[dialogue].acronym.get_or_insert(short);
        }
        let given =
            page.acronyms.iter().find(|given| given.name.end == tokens.end || given.name.start == tokens.start && given.name.end >= tokens.end);
        if let Some(given) = given.filter(|given| given.name.start >= tokens.start.saturating_sub(2) && !is_publisher(page, &tokens, &given.acronym))
        {
            dialogues[dialogue].acronym.get_or_insert(given.acronym.clone());
        }
    }
    let taken: Vec<Range<usize>> = mentions.iter().map(|(tokens, _)| tokens.clone()).collect();
    // `(ABC-DEFG)` is another name, of which the acronym is a part.
    let is_joined = |short: &Range<usize>| {
        let joins = |sign: usize, own: usize, other: usize| {
            other < page.tokens.tokens.len()
                && matches!(page.text(sign), "-" | "/")
                && page.tokens.touches_previous(sign.max(own))
                && page.tokens.touches_previous(sign.max(other))
                && page.token(other).shape == Shape::Upper
        };
        let last = short.end - 1;
        short.start >= 2 && joins(short.start - 1, short.start, short.start - 2)
            || last + 2 < page.tokens.tokens.len() && joins(last + 1, last, last + 2)
    };
    let is_free = |short: &Range<usize>| !taken.iter().any(|range| range.start < short.end && short.start < range.end) && !is_joined(short);
    for (index, dialogue) in dialogues.iter().enumerate() {
        let initials: String = dialogue.words.iter().filter_map(|word| word.chars().next()).collect::<String>().to_uppercase();
        // `TEG-RR` is three tokens.
        let given: Vec<&str> = dialogue.acronym.iter().flat_map(|acronym| acronym.clone().map(|token| page.text(token))).collect();
        let short = if given.is_empty() { vec![initials.as_str()] } else { given };
        if short.iter().map(|part| part.len()).sum::<usize>() < 2 {
            continue;
        }
        for &token in page.capitals_in(&(0..page.tokens.tokens.len() + 1 - short.len().min(page.tokens.tokens.len()))) {
            let found = token..token + short.len();
            let is_same = || short.iter().zip(found.clone()).all(|(part, token)| page.text(token) == *part);
            let is_whole = || found.clone().skip(1).all(|token| page.tokens.touches_previous(token) || page.gap_before(token) == " ");
            if page.text(token) == short[0] && is_same() && is_whole() && is_free(&found) {
                mentions.push((found, index));
            }
        }
    }
}

/// `X Forum on Hiring (ABC, forthcoming)`: who published what has the name in its title. The acronym has not its letters, and is a body or stands
/// nowhere else.
fn is_publisher(page: &Page<'_>, name: &Range<usize>, short: &Range<usize>) -> bool {
    let is_cited = page.tokens.tokens.len() > short.end && page.text(short.end) == "," && short.start > 0 && page.text(short.start - 1) == "(";
    let is_same = |token: usize| token != short.start && page.text(token) == page.text(short.start);
    let is_body = || page.mark(short.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end >= short.end);
    is_cited && !has_initials(page, name, short) && (is_body() || !(0..page.tokens.tokens.len()).any(is_same))
}

/// Fewest words of a name that counts in whatever letters.
const WHOLE: usize = 3;

/// Finds the places where the page writes a name in other letters: in the capitals of a title.
pub fn find_again(page: &Page<'_>, dialogues: &[Named], mentions: &mut Vec<(Range<usize>, usize)>) {
    let is_small = |token: usize| page.has(token, Tag::Article) || page.has(token, Tag::Connector) || !page.is_word(token);
    for (index, dialogue) in dialogues.iter().enumerate().filter(|(_, dialogue)| dialogue.words.len() >= WHOLE) {
        let begins = |token: &usize| {
            page.token(*token).shape == Shape::Upper && page.text(*token).len() == dialogue.words[0].len().max(page.text(dialogue.name.start).len())
        };
        for &first in page.capitals_in(&(0..page.tokens.tokens.len())).iter().filter(|first| begins(first)) {
            let mut next = first;
            let follows = dialogue.words.iter().all(|word| {
                while next < page.tokens.tokens.len() && is_small(next) && fold(page.text(next)) != *word {
                    next += 1;
                }
                next += 1;
                next <= page.tokens.tokens.len() && fold(page.text(next - 1)) == *word
            });
            let is_free = !mentions.iter().any(|(taken, _)| taken.start < next && first < taken.end);
            if follows && is_free && next - first <= dialogue.name.len() + WHOLE {
                mentions.push((first..next, index));
            }
        }
    }
}

/// Dialogues that nothing names any more go.
fn drop_unnamed(dialogues: &mut Vec<Named>, mentions: &mut [(Range<usize>, usize)]) {
    let mut kept: Vec<usize> = mentions.iter().map(|(_, dialogue)| *dialogue).collect();
    kept.sort_unstable();
    kept.dedup();
    *dialogues = kept.iter().map(|&dialogue| dialogues[dialogue].clone()).collect();
    for (_, dialogue) in mentions.iter_mut() {
        *dialogue = kept.binary_search(dialogue).unwrap_or(0);
    }
}

/// A name that no reference has, beside a declared dialogue of which it is a form: cut short (`X Forum on A` of `X Forum on A and B`), filled
/// up (`Proceso Internacional de X` of `Proceso de X`), or with the same acronym.
pub fn merge_forms(page: &Page<'_>, dialogues: &mut Vec<Named>, mentions: &mut [(Range<usize>, usize)]) {
    let forms: Vec<Vec<Vec<String>>> = dialogues.iter().map(|dialogue| forms_of(page, dialogue)).collect();
    let acronyms: Vec<Option<String>> = dialogues.iter().map(|dialogue| acronym_of(page, dialogue)).collect();
    let mut target: Vec<usize> = (0..dialogues.len()).collect();
    for (at, dialogue) in dialogues.iter().enumerate().filter(|(_, dialogue)| dialogue.declared.is_none()) {
        let by_acronym = |other: usize| acronyms[at].is_some() && acronyms[at] == acronyms[other];
        let by_form = |other: usize| forms[other].iter().any(|form| is_form(&dialogue.words, form));
        let same = (0..dialogues.len()).find(|&other| dialogues[other].declared.is_some() && (by_acronym(other) || by_form(other)));
        target[at] = same.unwrap_or(at);
    }
    for (at, &same) in target.iter().enumerate().filter(|(at, same)| at != *same) {
        // A name in full takes the place of an acronym.
        if dialogues[same].name.len() == 1 && dialogues[at].name.len() > 1 {
            dialogues[same].name = dialogues[at].name.clone();
            dialogues[same].words = dialogues[at].words.clone();
        }
        let acronym = dialogues[at].acronym.clone();
        let known = &mut dialogues[same].acronym;
        *known = known.take().or(acronym);
    }
    mentions.iter_mut().for_each(|(_, dialogue)| *dialogue = target[*dialogue]);
    drop_unnamed(dialogues, mentions);
}

/// The names of a dialogue as folded words without small words: that of the page and those of the reference data.
fn forms_of(page: &Page<'_>, dialogue: &Named) -> Vec<Vec<String>> {
    let mut forms = vec![dialogue.words.clone()];
    if let Some(declared) = dialogue.declared {
        let row = &page.reference.dialogues[usize::from(declared)];
        let language = &page.vocabulary().language;
        let is_small = |word: &String| language.articles.contains(word) || language.name_connectors.contains(word);
        let words = |name: &crate::model::built_text::BuiltText| crate::model::gazetteer::words_of(name).filter(|word| !is_small(word)).collect();
        forms.extend(std::iter::once(&row.name).chain(row.other_names.iter()).map(words));
    }
    forms
}

fn acronym_of(page: &Page<'_>, dialogue: &Named) -> Option<String> {
    let declared = || dialogue.declared.and_then(|declared| page.reference.dialogues[usize::from(declared)].acronym.as_ref().map(String::from));
    dialogue.acronym.as_ref().map(|acronym| page.value_of(acronym)).or_else(declared)
}

/// Whether a name is a declared one cut short at its end, misspelt, or with words between those of it.
fn is_form(name: &[String], declared: &[String]) -> bool {
    let is_cut = name.len() >= 2 && declared.len() > name.len() && (declared.starts_with(name) || is_misspelt(name, &declared[..name.len()]));
    let is_tail = declared.len() > name.len() && is_misspelt(name, &declared[declared.len() - name.len()..]);
    is_cut || is_tail || is_filled_up(declared, name)
}

/// Whether all words of a name stand in another in their order, the first of them first.
fn is_filled_up(part: &[String], whole: &[String]) -> bool {
    let mut rest = whole.iter();
    part.len() >= 2 && part.len() < whole.len() && part[0] == whole[0] && part.iter().all(|word| rest.any(|other| other == word))
}
