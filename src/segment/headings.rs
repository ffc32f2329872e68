//! Headings: short lines that announce what follows, told by wording, by place or by capitals.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::lines::{Line, Marker};
use super::signs::Signs;
use crate::model::fx::BuildFx;
use crate::model::gazetteer::{Shape, Tag};
use crate::model::tokens::{Mark, Tokens};

/// Longest heading, in words and in bytes.
const WORDS: usize = 14;
/// Longest heading with a bullet, in words.
const BULLETED: usize = 6;
const BYTES: usize = 120;
/// Longest name that is looked for over a line end, in tokens.
const NAME: usize = 8;
/// Longest heading right above names one a line, in words.
const NAMED: usize = 5;

/// A text with its lines and tokens.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    pub text: &'a str,
    pub lines: &'a [Line],
    pub tokens: &'a Tokens,
    /// The tokens of each line.
    pub within: &'a [Within],
    /// Lines that come again and again close together: cells of a table that came out one below the other.
    pub repeated: &'a HashSet<&'a str>,
    /// Bullets that never open a list here: they mark headings.
    pub lone_bullets: &'a [char],
    /// From which length on a line is full.
    pub wrap: usize,
    /// Whether numbers stand before the headings of sections.
    pub has_numbered_sections: bool,
    /// Whether the text has hardly an empty line, so that none tells where something begins.
    pub is_dense: bool,
}

/// Of so many lines one may be empty in a text that lost its empty lines; fewest lines that show it.
const DENSE: usize = 40;
const LINES: usize = 10;

/// Whether a text has hardly an empty line.
pub fn is_dense(lines: &[Line]) -> bool {
    let blank = lines.windows(2).filter(|pair| pair[0].is_blank() && !pair[1].is_blank()).count();
    let filled = lines.iter().filter(|line| !line.is_blank()).count();
    filled >= LINES && blank * DENSE <= filled
}

/// The tokens of a line, and those behind its bullet or number.
#[derive(Clone, Debug)]
pub struct Within {
    pub whole: Range<usize>,
    pub body: Range<usize>,
}

impl Within {
    /// Those of each line.
    pub fn each(lines: &[Line], tokens: &Tokens) -> Vec<Self> {
        let of = |(line, whole): (&Line, Range<usize>)| {
            let before = tokens.tokens[whole.clone()].iter().take_while(|token| token.span.start < line.body.start).count();
            Self { body: whole.start + before..whole.end, whole }
        };
        lines.iter().zip(tokens.within_each(lines.iter().map(|line| line.whole))).map(of).collect()
    }
}

/// Longest wording of the days before a month, in tokens: `30 and 31 of May`.
const DAY: usize = 5;

/// How often, and within how many lines of each other, a line comes again where it is a cell.
const REPEATS: usize = 3;
const APART: usize = 8;

/// The short lines of a text that come again and again close together.
pub fn repeated<'a>(text: &'a str, lines: &[Line]) -> HashSet<&'a str> {
    let mut last: HashMap<&str, (usize, usize), BuildFx> = HashMap::default();
    let mut found = HashSet::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_blank() && line.whole.len() <= 40 && line.marker.is_none()) {
        let entry = last.entry(line.text(text)).or_insert((at, 0));
        entry.1 = if at - entry.0 <= APART { entry.1 + 1 } else { 1 };
        entry.0 = at;
        if entry.1 >= REPEATS {
            found.insert(line.text(text));
        }
    }
    found
}

impl Page<'_> {
    fn line(&self, at: usize) -> &str {
        self.lines[at].text(self.text)
    }

    fn blank_before(&self, at: usize) -> bool {
        at == 0 || self.lines[at - 1].is_blank() || self.lines[at].page_start || self.is_number(at - 1)
    }

    /// Whether something can begin with a line: behind an empty one, or, in a text that has none, where the line before is done.
    fn is_set_off(&self, at: usize) -> bool {
        let is_done = |before: usize| {
            let ended = self.line(before).ends_with(['.', '!', '?', ':', '”', '"', '»', ')']);
            let goes_on = self.line(before).ends_with([',', ';', '-', '–', '/']) || ends_in_connector(before, self);
            !goes_on && (ended || !self.is_full(before))
        };
        let is_begun = || at + 1 < self.lines.len() && self.runs_over(at + 1);
        self.blank_before(at) || self.is_dense && is_done(at - 1) && !is_begun()
    }

    /// `4.` on a line of its own: the number of the heading below.
    fn is_number(&self, at: usize) -> bool {
        let text = self.line(at);
        let digits = text.trim_end_matches(['.', ')']);
        digits.len() < text.len() && (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn blank_after(&self, at: usize) -> bool {
        self.lines.get(at + 1).is_none_or(Line::is_blank)
    }

    /// Whether a line can have been broken where it ends because it was full.
    pub fn is_full(&self, at: usize) -> bool {
        self.lines[at].indent + self.lines[at].whole.len() >= self.wrap
    }

    fn next_filled(&self, at: usize) -> Option<usize> {
        (at + 1..self.lines.len()).find(|&next| !self.lines[next].is_blank())
    }

    /// Whether a line is the name of one state, city, group or organisation and nothing more.
    pub fn is_name(&self, at: usize) -> bool {
        let range = self.within[at].body.clone();
        if range.is_empty() {
            return false;
        }
        let is_entity = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::City(_) | Tag::Group(_) | Tag::Organization(_));
        let mut next = range.start;
        // An article before the name and a note mark or acronym behind it do not matter.
        while next < range.end && self.tokens.mark_at(next, |tag| tag == Tag::Article).is_some() {
            next += 1;
        }
        // A longer name may run over into the next line: `A` above `Republic of B`.
        let fits = |mark: &Mark| is_entity(mark.tag) && mark.end <= range.end;
        let Some(mark) = self.tokens.marks_at(next).find(fits) else { return false };
        let rest = &self.text[self.tokens.tokens[mark.end - 1].span.end as usize..self.lines[at].body.end as usize];
        let rest = rest.trim();
        rest.is_empty()
            || (rest.starts_with(['(', '*', '[']) && rest.len() < 20)
            || rest.bytes().all(|byte| byte.is_ascii_punctuation() || byte.is_ascii_digit())
    }

    /// Whether a line names several states: a list, not a heading.
    fn lists_states(&self, at: usize) -> bool {
        let range = self.within[at].whole.clone();
        let states = self.tokens.marks_in(range).filter(|mark| matches!(mark.tag, Tag::Country(_))).map(|mark| mark.first);
        states.collect::<std::collections::BTreeSet<_>>().len() >= 2
    }

    /// Whether a known name runs over from the line before.
    pub fn runs_over(&self, at: usize) -> bool {
        let first = self.within[at].whole.start;
        let is_name = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Group(_) | Tag::Organization(_) | Tag::Dialogue(_));
        self.tokens.any_mark(&(first.saturating_sub(NAME)..first), |mark| mark.end > first && is_name(mark.tag))
    }

    /// `NAME: Harbour Dialogue`
    pub fn begins_with_name_label(&self, at: usize) -> bool {
        let range = self.within[at].whole.clone();
        let label = self.tokens.mark_at(range.start, |tag| tag == Tag::NameLabel).filter(|mark| mark.end < range.end);
        label.is_some_and(|label| &self.text[self.tokens.tokens[label.end].span.range()] == ":")
    }

    /// Whether two lines are parts of one run of states that lost its commas, set with an empty line between any two.
    pub fn is_run_of_states(&self, before: usize, at: usize) -> bool {
        let states = |line: usize| {
            let range = self.within[line].whole.clone();
            let is_list =
                range.len() <= WORDS && range.clone().skip(1).all(|token| !matches!(self.tokens.tokens[token].shape, Shape::Mark | Shape::Number));
            let is_other = |tag: Tag| matches!(tag, Tag::Role(_) | Tag::PartyNoun(_));
            let is_read = range.clone().any(|token| self.tokens.mark_at(token, is_other).is_some());
            let marks = range.clone().filter(|&token| self.tokens.mark_at(token, |tag| matches!(tag, Tag::Country(_))).is_some());
            if is_list && !is_read { marks.count() } else { 0 }
        };
        let (before, at) = (states(before), states(at));
        before >= 1 && at >= 1 && before + at >= 3
    }

    /// `Lisbon Forum: the 10 members`: the name of a dialogue, and behind the colon the wording of a heading.
    fn is_of_dialogue(&self, at: usize) -> bool {
        let range = self.within[at].whole.clone();
        let colon = range.clone().find(|&token| &self.text[self.tokens.tokens[token].span.range()] == ":");
        let name = self.tokens.mark_at(range.start, |tag| matches!(tag, Tag::Dialogue(_)));
        name.zip(colon).is_some_and(|(name, colon)| name.end == colon && colon + 1 < range.end && self.is_wording(at, colon + 1..range.end, false))
    }

    /// Whether the words of a line are mostly wording of a heading: it holds a phrase of headings or roles and little else.
    fn has_heading_wording(&self, at: usize, with_labels: bool) -> bool {
        self.is_wording(at, self.within[at].whole.clone(), with_labels)
    }

    fn is_wording(&self, at: usize, range: Range<usize>, with_labels: bool) -> bool {
        if !self.tokens.any_begins(&range, |tag| matches!(tag, Tag::Heading(_) | Tag::Role(_) | Tag::RoleLabel(_))) {
            return false;
        }
        let bracket = self.line(at).find(['(', '[']).unwrap_or(usize::MAX);
        let colon = self.line(at).find(':').filter(|colon| *colon < bracket).map(|colon| self.lines[at].whole.start + colon as u32);
        // A label is what stands before the colon.
        let label_end = colon.filter(|colon| self.tokens.tokens[range.start].span.start <= *colon).unwrap_or(u32::MAX);
        let words = range.clone().filter(|&token| self.tokens.tokens[token].shape as u8 != 4).count();
        // `Members [move over the map]`
        let remark = self.line(at).find('[').filter(|_| self.line(at).ends_with(']')).map(|open| self.lines[at].whole.start + open as u32);
        let mut known = 0;
        let mut has_phrase = false;
        let mut next = range.start;
        while next < range.end {
            if self.tokens.tokens[next].span.start >= label_end {
                return false;
            }
            let of_heading = |tag: Tag| matches!(tag, Tag::Heading(_) | Tag::Role(_) | Tag::RoleLabel(_) | Tag::PartyNoun(_));
            let beside = |tag: Tag| {
                matches!(
                    tag,
                    Tag::Filler
                        | Tag::Dialogue(_)
                        | Tag::Group(_)
                        | Tag::Organization(_)
                        | Tag::Month(_)
                        | Tag::Article
                        | Tag::And
                        | Tag::Cardinal(_)
                )
            };
            if let Some(mark) = self.tokens.mark_at(next, of_heading).filter(|mark| mark.end <= range.end) {
                // What is a role in labels only can stand in any sentence that goes on in the next line.
                has_phrase |= matches!(mark.tag, Tag::Heading(_) | Tag::Role(_))
                    || with_labels && matches!(mark.tag, Tag::RoleLabel(_)) && self.blank_before(at);
                known += mark.end - mark.first;
                next = mark.end;
            } else if let Some(mark) = self.tokens.mark_at(next, beside).filter(|mark| mark.end <= range.end) {
                known += mark.end - mark.first;
                next = mark.end;
            } else {
                let is_remark = remark.is_some_and(|remark| self.tokens.tokens[next].span.start >= remark);
                known += usize::from(self.tokens.tokens[next].shape == Shape::Number || is_remark && self.tokens.tokens[next].shape != Shape::Mark);
                next += 1;
            }
        }
        has_phrase && known * 4 >= words * 3
    }

    /// `24–25 September 2024, Chisinau`: whether a line begins with a date and goes on. Where its neighbour does so too it is an entry of a list.
    fn is_dated(&self, at: usize) -> bool {
        let text = self.line(at);
        if !text.starts_with(|letter: char| letter.is_ascii_digit()) {
            return false;
        }
        let range = self.within[at].whole.clone();
        let is_year = |token: usize| {
            let span = self.tokens.tokens[token].span;
            span.len() == 4 && matches!(self.text.as_bytes()[span.start as usize], b'1' | b'2') && self.tokens.tokens[token].shape == Shape::Number
        };
        let is_month = |token: usize| self.tokens.mark_at(token, |tag| matches!(tag, Tag::Month(_))).is_some();
        range.len() > 3 && (is_year(range.start) || (range.start..range.end.min(range.start + DAY)).any(is_month))
    }

    /// Whether a line is the name of a dialogue and nothing more.
    fn is_dialogue(&self, at: usize) -> bool {
        let range = self.within[at].body.clone();
        let Some(first) = range.clone().find(|&token| self.tokens.mark_at(token, |tag| tag == Tag::Article).is_none()) else { return false };
        self.tokens.mark_at(first, |tag| matches!(tag, Tag::Dialogue(_))).filter(|mark| mark.end <= range.end).is_some_and(|mark| {
            let rest = &self.text[self.tokens.tokens[mark.end - 1].span.end as usize..self.lines[at].whole.end as usize];
            rest.trim_matches(|letter: char| !letter.is_alphanumeric()).len() < 14
        })
    }
}

/// Whether a line is a heading.
pub fn is_heading(at: usize, page: &Page<'_>) -> bool {
    if page.lines[at].signs == Signs::Heading {
        return true;
    }
    // A number before a heading is no part of it.
    let text = page.lines[at].marker.map_or_else(|| page.line(at), |_| &page.text[page.lines[at].body.range()]);
    // What most lines fail at comes first.
    let begins_like_one = text.starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit() || "¿¡“\"'‘«(".contains(letter));
    if text.len() > BYTES || !begins_like_one || text.ends_with(['.', ',', ';']) || text.starts_with('(') {
        return false;
    }
    let words = text.split_whitespace().count();
    if words > WORDS || text.chars().filter(|letter| letter.is_alphabetic()).nth(2).is_none() || text.contains('@') || text.contains("://") {
        return false;
    }
    if page.repeated.contains(text) || page.is_name(at) && !page.is_dialogue(at) {
        return false;
    }
    let outside_brackets = text.split(['(', '[']).next().unwrap_or(text);
    let label = outside_brackets.split_once(':');
    if label.is_some_and(|(_, value)| !value.trim().is_empty()) {
        return page.blank_before(at) && page.is_of_dialogue(at);
    }
    if page.is_dated(at) && (at > 0 && page.is_dated(at - 1) || at + 1 < page.lines.len() && page.is_dated(at + 1)) {
        return false;
    }
    // In a list of names one a line, a body can have the words of a heading in its name.
    let in_names = at > 0 && !page.blank_before(at) && page.is_name(at - 1) && text.contains('(');
    // Between names one a line the name of a dialogue is one of them.
    let is_between = || in_names && at + 1 < page.lines.len() && page.is_name(at + 1);
    if page.has_heading_wording(at, true) && !in_names || page.is_dialogue(at) && !is_between() {
        return true;
    }
    if counts_parties(at, page) && page.lines.get(at + 1).is_some_and(|next| !next.is_blank()) && page.lists_states(at + 1) {
        return true;
    }
    // `Who chairs it?` right above its answer
    let is_answer = |next: &Line| next.text(page.text).starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit());
    if text.ends_with('?') && page.is_set_off(at) && page.lines.get(at + 1).is_some_and(is_answer) {
        return true;
    }
    // It wants another word.
    if ends_in_connector(at, page) && page.blank_after(at) {
        return false;
    }
    if page.lists_states(at) {
        return false;
    }
    let capitals = text.chars().filter(|letter| letter.is_alphabetic()).all(char::is_uppercase) && words >= 2 && text.len() >= 8;
    if capitals && page.is_set_off(at) {
        return true;
    }
    // What stands in a list of names is one of them, or the foot of a page.
    let is_listed = || !page.blank_before(at) && (page.is_name(at - 1) || text.contains('('));
    if !page.is_set_off(at) || label.is_some() || is_listed() {
        return false;
    }
    if had_room(at, page) {
        return true;
    }
    let goes_on = page.next_filled(at).is_some_and(|next| page.line(next).starts_with(|letter: char| letter.is_lowercase() || letter == '('));
    if page.lines[at].page_start {
        return !goes_on && text.len() <= 70 && !ends_in_connector(at, page);
    }
    // Names one a line right below are a list too.
    let names_follow =
        || words <= NAMED && (at + 1..=at + 3).all(|next| next < page.lines.len() && !page.lines[next].is_blank() && page.is_name(next));
    let list_follows = page.next_filled(at).is_some_and(|next| page.lines[next].marker.is_some() || page.lines[next].is_row) || names_follow();
    (page.blank_after(at) || (list_follows && next_is_adjacent(at, page))) && !goes_on
}

/// Fewest words of a line of running text.
const RUNNING: usize = 8;

/// Whether a short line stands right above running text whose first word would have had room beside it: nothing but a heading ends so.
fn had_room(at: usize, page: &Page<'_>) -> bool {
    let Some(next) = page.lines.get(at + 1).filter(|next| next.marker.is_none() && !next.is_row && next.indent == page.lines[at].indent) else {
        return false;
    };
    let (text, below) = (page.line(at), next.text(page.text));
    let begins_anew = below.starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit());
    let is_running = page.is_full(at + 1) && below.split_whitespace().count() >= RUNNING;
    let words = text.split_whitespace().count();
    begins_anew && is_running && words <= COUNTED && text.len() * 2 <= page.wrap && !text.chars().any(|letter| letter.is_ascii_digit())
}

/// Longest line that counts parties, in words.
const COUNTED: usize = 6;

/// Whether a line counts parties and says nothing else: `28 African states`.
fn counts_parties(at: usize, page: &Page<'_>) -> bool {
    let range = page.within[at].whole.clone();
    let words = range.clone().filter(|&token| page.tokens.tokens[token].shape != Shape::Mark).count();
    let is_number = |token: usize| {
        page.tokens.tokens[token].shape == Shape::Number || page.tokens.mark_at(token, |tag| matches!(tag, Tag::Cardinal(_))).is_some()
    };
    let is_noun = |token: usize| page.tokens.mark_at(token, |tag| matches!(tag, Tag::PartyNoun(_))).is_some();
    (2..=COUNTED).contains(&words) && is_number(range.start) && (range.start + 1..range.end).any(is_noun)
}

fn next_is_adjacent(at: usize, page: &Page<'_>) -> bool {
    page.next_filled(at) == Some(at + 1)
}

/// Whether a line goes on the heading before it: a heading broken over two lines.
pub fn continues_heading(previous_is_heading: bool, last: usize, at: usize, page: &Page<'_>) -> bool {
    if !previous_is_heading || last + 1 != at || page.lines[at].marker.is_some() || page.is_name(at) {
        return false;
    }
    let text = page.line(at);
    let lower = text.starts_with(char::is_lowercase);
    let open = ends_in_connector(last, page) || page.line(last).ends_with(['-', '–', '&', ',', ':']);
    let second_line_of_title = page.lines[last].page_start && text.split_whitespace().count() <= 8 && !text.ends_with(['.', ':', ';']);
    text.len() <= BYTES && page.blank_after(at) && (lower || open || second_line_of_title)
}

/// Whether the last word of a line wants another behind it.
pub fn ends_in_connector(at: usize, page: &Page<'_>) -> bool {
    let range = page.within[at].whole.clone();
    range.end > range.start && page.tokens.mark_at(range.end - 1, |tag| matches!(tag, Tag::Connector | Tag::Article | Tag::And)).is_some()
}

/// A line with a bullet can be a heading: alone between empty lines, short, and with no other such bullet above or below.
pub fn is_bulleted_heading(at: usize, page: &Page<'_>) -> bool {
    let line = &page.lines[at];
    let Some(Marker::Bullet(bullet)) = line.marker else { return false };
    let text = &page.text[line.body.range()];
    let is_short = text.split_whitespace().count() <= BULLETED && text.starts_with(char::is_uppercase) && !text.ends_with(['.', ',', ';', ':']);
    // Words in capitals right above their text, behind an empty line.
    let is_shouted =
        || is_in_capitals(text) && page.blank_before(at) && page.lines.get(at + 1).is_some_and(|next| !next.is_blank() && next.marker.is_none());
    is_short && (page.lone_bullets.contains(&bullet) || is_shouted()) && page.next_filled(at).is_some() && !page.is_name(at)
}

/// Whether a few words with a bullet stand right above a line that is not set in and begins anew: `- Finance` above what is said of it, or
/// `• OBJECTIVES` above anything.
fn stands_above_text(text: &str, lines: &[Line], at: usize) -> bool {
    let body = &text[lines[at].body.range()];
    let words = body.split_whitespace().count();
    let in_capitals = !body.contains(char::is_lowercase);
    let next = lines.get(at + 1).filter(|next| !next.is_blank() && next.marker != lines[at].marker);
    let is_text = |next: &Line| next.marker.is_none() && next.indent <= lines[at].indent && next.text(text).starts_with(char::is_uppercase);
    words <= BULLETED && next.is_some_and(|next| in_capitals || is_text(next))
}

/// The bullets of a text that stand at least twice, and always alone: between empty lines, or right above running text.
pub fn lone_bullets(text: &str, lines: &[Line]) -> Vec<char> {
    let mut alone: Vec<char> = Vec::new();
    let mut listed: Vec<char> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(Marker::Bullet(bullet)) = line.marker else { continue };
        let blank = |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(Line::is_blank);
        let filled = |mut next: std::slice::Iter<'_, Line>| next.find(|line| !line.is_blank()).and_then(|line| line.marker);
        let is_parted = || blank(at.checked_sub(1)) && blank(Some(at + 1)) && filled(lines[at + 1..].iter()) != line.marker;
        let is_alone = is_parted() || stands_above_text(text, lines, at);
        if is_alone { alone.push(bullet) } else { listed.push(bullet) }
    }
    alone.retain(|bullet| !listed.contains(bullet));
    alone.sort_unstable();
    let repeated: Vec<char> = alone.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    repeated
}

/// A numbered line can be a heading: `1. Member States`, with no other number of the list beside it.
pub fn is_numbered_heading(at: usize, page: &Page<'_>) -> bool {
    let line = &page.lines[at];
    let Some(marker) = line.marker.filter(|marker| !matches!(marker, Marker::Bullet(_))) else { return false };
    // `2. Members` above `1. A` is no item of the list below it.
    let is_beside = |before: Marker, behind: Marker| match (before, behind) {
        (Marker::Number(before), Marker::Number(behind)) => behind == before || behind == before + 1,
        _ => before.is_like(behind),
    };
    let before = (0..at).rev().find(|&before| !page.lines[before].is_blank());
    let of = |line: Option<usize>| line.and_then(|line| page.lines[line].marker);
    if of(page.next_filled(at)).is_some_and(|next| is_beside(marker, next)) || of(before).is_some_and(|before| is_beside(before, marker)) {
        return false;
    }
    // `3) Who takes part?` above its answer.
    let body = &page.text[line.body.range()];
    let asks =
        body.ends_with('?') && body.starts_with(|letter: char| letter.is_uppercase() || letter == '¿') && body.split_whitespace().count() <= WORDS;
    let is_shouted = page.blank_before(at) && page.blank_after(at) && is_in_capitals(body);
    asks && page.blank_before(at)
        || is_shouted
        || page.has_heading_wording(at, false)
        || (page.has_numbered_sections || marker == Marker::Roman) && page.blank_before(at) && is_heading(at, page)
}

/// Fewest numbered headings by which a text shows that it numbers its sections.
const SECTIONS: usize = 2;

/// Whether a text numbers its sections: several numbered lines behind an empty one have the wording of a heading.
pub fn has_numbered_sections(page: &Page<'_>) -> bool {
    let is_section = |at: &usize| {
        let is_number = matches!(page.lines[*at].marker, Some(Marker::Number(_) | Marker::Nested | Marker::Roman));
        is_number && page.blank_before(*at) && (page.has_heading_wording(*at, true) || page.is_dialogue(*at))
    };
    (0..page.lines.len()).filter(is_section).nth(SECTIONS - 1).is_some()
}

/// A few words in capitals and nothing else.
fn is_in_capitals(text: &str) -> bool {
    let letters = || text.chars().filter(|letter| letter.is_alphabetic());
    letters().count() >= SHOUTED
        && letters().all(char::is_uppercase)
        && text.split_whitespace().count() <= WORDS
        && !text.ends_with(['.', ',', ';', ':'])
}

/// Fewest letters of a heading that is told by its capitals.
const SHOUTED: usize = 4;
