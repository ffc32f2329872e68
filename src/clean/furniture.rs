//! Furniture: what a page has beside its text. Each rule marks whole lines; nothing is removed here.

use std::collections::BTreeSet;
use std::hash::Hasher;

use super::Line;
use crate::model::fx::Fx;
use crate::model::vocabulary::Furniture;

/// Lines of a vertical title have at most this many letters, and there are at least this many such lines.
const VERTICAL_LETTERS: usize = 3;
const VERTICAL_LINES: usize = 8;

/// The number at the end of a page, or at its head with a line apart.
const PAGE: &str = "page-number";
/// A number right above what it opens: `[Slide 4]`.
const SLIDE: &str = "slide-number";

/// Marks the lines that are furniture with the rule that says so.
pub fn mark(text: &str, lines: &mut [Line], vocabulary: &Furniture) {
    rules(text, lines);
    vertical_titles(text, lines);
    // Captions first: a page number stands alone where what is beside it is set aside.
    captions(text, lines, vocabulary);
    page_numbers(text, lines, vocabulary);
    running_heads(text, lines);
}

/// Lines drawn with signs: `-----`, `* * *`, `|---|---|`.
fn rules(text: &str, lines: &mut [Line]) {
    for line in lines.iter_mut() {
        let signs = line.text(text).trim();
        let is_rule = signs.chars().all(|letter| letter.is_whitespace() || "-–—_=*~|+:.#".contains(letter))
            && signs.chars().count() >= 3
            && !signs.contains("...");
        if is_rule {
            line.aside = Some("rule");
        }
    }
}

/// A title set along the side of the page comes out two letters a line.
fn vertical_titles(text: &str, lines: &mut [Line]) {
    let mut at = 0;
    while at < lines.len() {
        let is_short = |line: &Line| {
            let letters = line.text(text).trim();
            letters.is_empty() || (letters.chars().nth(VERTICAL_LETTERS).is_none() && !letters.contains(|letter: char| letter.is_ascii_digit()))
        };
        let run = lines[at..].iter().take_while(|line| is_short(line)).count();
        let filled = lines[at..at + run].iter().filter(|line| !line.is_blank(text)).count();
        if filled >= VERTICAL_LINES && !looks_like_codes(text, &lines[at..at + run]) {
            lines[at..at + run].iter_mut().for_each(|line| line.aside = Some("vertical-title"));
        }
        at += run.max(1);
    }
}

/// A column of codes or acronyms is in capitals; a title is mostly in lower case.
fn looks_like_codes(text: &str, lines: &[Line]) -> bool {
    let letters = lines.iter().flat_map(|line| line.text(text).chars()).filter(|letter| letter.is_alphabetic());
    let (upper, all) = letters.fold((0, 0), |(upper, all), letter| (upper + usize::from(letter.is_uppercase()), all + 1));
    upper * 2 > all
}

fn page_numbers(text: &str, lines: &mut [Line], vocabulary: &Furniture) {
    for at in 0..lines.len() {
        if lines[at].aside.is_some() || !lines[at].text(text).bytes().any(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let is_open = |neighbour: Option<&Line>| {
            neighbour.is_none_or(|line| line.is_blank(text) || line.aside.is_some() || line.text(text).starts_with('\u{c}'))
        };
        let opens = is_open(at.checked_sub(1).map(|before| &lines[before]));
        let stands_alone = opens && is_open(lines.get(at + 1));
        let line = lines[at].text(text);
        let named = is_named_page(line, vocabulary);
        // The number of a slide at its head, behind the sign of a new page or what is left of it, right above the title.
        let opens_slide = || {
            let number = line.trim().strip_prefix(['\u{fffd}', '\u{c}']);
            opens && number.is_some_and(is_bare_page)
        };
        if named && opens && !stands_alone {
            lines[at].aside = Some(SLIDE);
        } else if named || (stands_alone && is_bare_page(line)) || opens_slide() {
            lines[at].aside = Some(PAGE);
        }
    }
}

/// Most pieces of a line that numbers a page, signs beside it among them: `- Page 3 of 12 -`.
const PAGE_WORDS: usize = 8;

/// `Page 3`, `Page 3 of 12`, `3 / 12`.
fn is_named_page(line: &str, vocabulary: &Furniture) -> bool {
    fn words_of(line: &str) -> impl Iterator<Item = &str> {
        line.split_whitespace().map(|word| word.trim_matches(|letter: char| ".|-–—[]()".contains(letter))).filter(|word| !word.is_empty())
    }
    let is_number = |word: &str| !word.is_empty() && word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let first = words_of(line).next().unwrap_or("");
    // What nearly all lines fail at comes first: the letter that their first word begins with.
    let begins = first.chars().next().filter(|_| !is_number(first)).and_then(|letter| letter.to_lowercase().next());
    if begins.is_some_and(|letter| !vocabulary.page.iter().any(|page| page.starts_with(letter)))
        || line.split_ascii_whitespace().nth(PAGE_WORDS).is_some()
    {
        return false;
    }
    let folded = if is_number(first) { String::new() } else { first.to_lowercase() };
    if !folded.is_empty() && !vocabulary.page.contains(&folded) {
        return false;
    }
    let line = line.trim().to_lowercase();
    let mut words = words_of(&line);
    let first = words.next().unwrap_or("");
    let rest: Vec<&str> = words.collect();
    let named = vocabulary.page.iter().any(|page| page == first);
    match (named, rest.as_slice()) {
        (true, [number]) => is_number(number) || number.split_once('/').is_some_and(|(a, b)| is_number(a) && is_number(b)),
        (true, [number, of, total]) => is_number(number) && vocabulary.page_of.iter().any(|word| word == of) && is_number(total),
        (false, [of, total]) => is_number(first) && vocabulary.page_of.iter().any(|word| word == of) && is_number(total),
        _ => false,
    }
}

/// The number of a line with at most three digits alone, perhaps between dashes.
fn bare_page(line: &str) -> Option<u16> {
    let number = line.trim_matches(|letter: char| letter.is_whitespace() || "-–—|\u{c}".contains(letter));
    let is_number = number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.parse().ok())?
}

fn is_bare_page(line: &str) -> bool {
    bare_page(line).is_some()
}

/// How often a running head comes that has no first place in the text, and most lines above a title.
const OFTEN: usize = 3;
const TITLE: usize = 3;

/// A line that comes again beside page numbers is a running head; its first place stays, but for one that comes often and has a page number
/// beside it in the midst of the text.
fn running_heads(text: &str, lines: &mut [Line]) {
    // Most lines stand once: that is seen at their ends.
    let ends = lines.iter().enumerate().filter(|(_, line)| line.aside.is_none()).map(|(at, line)| (ends_of(line.text(text)), at));
    let mut ends: Vec<(u128, usize)> = ends.collect();
    ends.sort_unstable();
    let near = ends.chunk_by(|(line, _), (other, _)| line == other).filter(|near| near.len() > 1).flatten();
    let mut letters: Vec<(u64, usize)> = near.filter_map(|(_, at)| Some((letters_of(lines[*at].text(text))?, *at))).collect();
    letters.sort_unstable();
    let alike = letters.chunk_by(|(line, _), (other, _)| line == other).filter(|alike| alike.len() > 1);
    let places: Vec<Vec<usize>> = alike.map(|alike| alike.iter().map(|(_, at)| *at).collect()).collect();
    // The foot of the page before begins as the head does.
    let is_foot = |line: &Line, head: &Line| foot(line.text(text)).is_some_and(|name| head.text(text).trim_start().starts_with(name));
    let beside_page = |at: usize, lines: &[Line]| {
        let is_page = |line: &Line| matches!(line.aside, Some(PAGE | SLIDE)) || is_foot(line, &lines[at]);
        let before = lines[..at].iter().rev().filter(|line| !line.is_blank(text)).take(2).any(is_page);
        let after = lines[at + 1..].iter().filter(|line| !line.is_blank(text)).take(2).any(is_page);
        before || after || lines[at].text(text).starts_with('\u{c}')
    };
    let mut heads: Vec<usize> = Vec::new();
    let mut numbers: Vec<usize> = Vec::new();
    for at in &places {
        if let Some(counted) = page_counts(text, lines, at) {
            heads.extend(at);
            numbers.extend(counted);
            continue;
        }
        let beside = at.iter().filter(|&&at| beside_page(at, lines)).count();
        let is_title = || lines[..at[0]].iter().filter(|line| line.aside.is_none() && !line.is_blank(text)).nth(TITLE).is_none();
        // What a list of contents announces stands above its section once more.
        let is_item = || starts_with_sign(lines[at[0]].text(text)) && !starts_with_sign(lines[at[1]].text(text));
        let is_announced = at.len() == 2 && (!beside_page(at[0], lines) || is_item()) && !is_title();
        let ends_in_page = at.iter().filter(|&&at| ends_in_number(lines[at].text(text))).count();
        if (at.len() >= 2 && !is_announced && beside >= at.len().div_ceil(2))
            || (at.len() >= 3 && ends_in_page == at.len() && numbers_differ(text, lines, at))
        {
            let stands_apart = || at.len() < OFTEN || is_title() || !beside_page(at[0], lines);
            let first_is_text = !ends_in_number(lines[at[0]].text(text)) && stands_apart();
            heads.extend(&at[usize::from(first_is_text)..]);
        }
    }
    numbers.into_iter().for_each(|at| lines[at].aside = Some(PAGE));
    heads.retain(|&at| !heads_columns(text, lines, at));
    for at in heads {
        lines[at].aside = Some("running-head");
        let before = (0..at).rev().find(|&before| !lines[before].is_blank(text));
        if let Some(before) = before.filter(|&before| is_foot(&lines[before], &lines[at])) {
            lines[before].aside = Some(PAGE);
        }
    }
}

/// The lines with nothing but a number that stand right below each place of a line that comes often, and count on from one to the next: the
/// line and its number end the pages, whatever stands close around them.
fn page_counts(text: &str, lines: &[Line], at: &[usize]) -> Option<Vec<usize>> {
    if at.len() < OFTEN {
        return None;
    }
    let below = |at: usize| lines.get(at + 1).and_then(|line| bare_page(line.text(text))).map(|number| (number, at + 1));
    // The last page may have lost its number.
    let (numbers, counted): (Vec<u16>, Vec<usize>) = at.iter().copied().map_while(below).unzip();
    let counts_on = numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    (counted.len() >= OFTEN && counted.len() + 1 >= at.len() && counts_on).then_some(counted)
}

/// Fewest cells of the heads of a table, and most lines from them to its first row.
const COLUMNS: usize = 3;
const ABOVE_ROWS: usize = 3;

/// Whether a line holds the heads of a table that goes on below it: a line below has a cell right under one of them.
fn heads_columns(text: &str, lines: &[Line], at: usize) -> bool {
    let heads = cell_starts(lines[at].text(text));
    let below = || lines[at + 1..].iter().filter(|line| !line.is_blank(text)).take(ABOVE_ROWS);
    heads.len() >= COLUMNS && below().any(|line| cell_starts(line.text(text)).iter().skip(1).any(|column| heads[1..].contains(column)))
}

/// The column at which each cell of a line that is set in columns begins.
fn cell_starts(line: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut gap = CELL_GAP;
    for (column, letter) in line.chars().enumerate() {
        if letter.is_whitespace() {
            gap += 1;
            continue;
        }
        if gap >= CELL_GAP {
            starts.push(column);
        }
        gap = 0;
    }
    starts
}

/// Fewest spaces between two cells.
const CELL_GAP: usize = 2;

/// Whether a line begins with a bullet or a number.
fn starts_with_sign(line: &str) -> bool {
    line.trim_start().starts_with(|letter: char| !letter.is_alphabetic())
}

/// The first and the last letters of a line as a number.
fn ends_of(line: &str) -> u128 {
    let letters = || line.chars().filter(|letter| letter.is_alphabetic());
    letters().take(ENDS).chain(letters().rev().take(ENDS)).fold(0, |number, letter| number << 16 | u128::from(u32::from(letter) & 0xffff))
}

/// How many letters at either end of a line tell it from others.
const ENDS: usize = 4;

/// The letters of a line as a number that hardly any two lines of a text share unless theirs are the same; none where they are too few.
fn letters_of(line: &str) -> Option<u64> {
    let letters = line.chars().filter(|letter| letter.is_alphabetic());
    let mut hasher = Fx::default();
    let count = letters.map(|letter| hasher.write_u32(u32::from(letter))).count();
    (count >= LETTERS).then(|| hasher.finish())
}

/// Fewest letters of a running head.
const LETTERS: usize = 8;

/// `Annual report          14`: what stands before the number at the end of a line.
fn foot(line: &str) -> Option<&str> {
    let (name, number) = line.trim().rsplit_once("   ")?;
    let is_number = (1..=3).contains(&number.trim().len()) && number.trim().bytes().all(|byte| byte.is_ascii_digit());
    Some(name.trim_end()).filter(|name| is_number && name.chars().filter(|letter| letter.is_alphabetic()).count() >= 8)
}

fn ends_in_number(line: &str) -> bool {
    let line = line.trim_end();
    let digits = line.len() - line.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    (1..=3).contains(&digits)
}

fn numbers_differ(text: &str, lines: &[Line], at: &[usize]) -> bool {
    let number = |at: usize| -> String { lines[at].text(text).chars().filter(char::is_ascii_digit).collect() };
    at.windows(2).all(|pair| number(pair[0]) != number(pair[1]))
}

/// Whether a label opens a line, or has one word before it.
fn starts_with_label(line: &str, label: &str) -> bool {
    line.find(label).is_some_and(|at| line[..at].split_whitespace().count() <= 1)
}

/// A caption runs from the start of its paragraph to the line with the credit.
fn captions(text: &str, lines: &mut [Line], vocabulary: &Furniture) {
    // Few lines are any: one look at the whole, for the part of each wording that is in ASCII, finds those to look at.
    let lower = text.to_ascii_lowercase();
    let plain = |caption: &String| caption.split(|letter: char| !letter.is_ascii()).max_by_key(|part| part.len()).unwrap_or_default().to_owned();
    let plain: Vec<String> = vocabulary.captions.iter().map(plain).collect();
    let mut places = plain.iter().flat_map(|caption| memchr::memmem::find_iter(lower.as_bytes(), caption)).peekable();
    if places.peek().is_none() {
        return;
    }
    let near: BTreeSet<usize> = if lines.is_sorted_by_key(|line| line.start) {
        places.map(|byte| lines.partition_point(|line| line.end < byte)).filter(|&at| at < lines.len()).collect()
    } else {
        // Lines of a column that was moved.
        (0..lines.len()).collect()
    };
    for at in near {
        if lines[at].aside.is_some() {
            continue;
        }
        let line = lines[at].text(text).to_lowercase();
        if !vocabulary.captions.iter().any(|caption| line.contains(caption.as_str())) {
            continue;
        }
        let mut first = at;
        while first > 0 && at - first < 3 && lines[first - 1].aside.is_none() && !lines[first - 1].is_blank(text) {
            first -= 1;
        }
        let starts_paragraph = first == 0 || lines[first - 1].aside.is_some() || lines[first - 1].is_blank(text);
        let begins_like_a_sentence =
            lines[first].text(text).trim_start().starts_with(|letter: char| letter.is_uppercase() || letter == '(' || letter == '[');
        // `Cover photo: ...` opens a caption of its own, whatever stands above it; a credit in brackets closes one.
        let opens =
            vocabulary.captions.iter().any(|caption| caption.ends_with(':') && !caption.starts_with('(') && starts_with_label(&line, caption));
        let first = if starts_paragraph && begins_like_a_sentence && !opens { first } else { at };
        // A credit in brackets may run over to the next line.
        let mut last = at;
        let open = |upto: usize, lines: &[Line]| {
            let body = &text[lines[first].start..lines[upto].end];
            body.matches(['(', '[']).count() > body.matches([')', ']']).count()
        };
        while last + 1 < lines.len() && last - at < 2 && open(last, lines) && !lines[last + 1].is_blank(text) {
            last += 1;
        }
        lines[first..=last].iter_mut().for_each(|line| line.aside = Some("caption"));
    }
}
