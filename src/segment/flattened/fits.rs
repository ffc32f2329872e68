//! Fits: how well a line fits a column, by what it names: dialogues, states and bodies, dates, signs.
//!
//! In: a line. Out: what it shows of itself, once, and from that a number for each sort of column: above zero where it fits. The numbers say
//! only which of two readings of a table is the likelier; a table is what fits throughout.

use super::heads::{Column, Sort};
use super::sheet::Sheet;
use crate::model::gazetteer::{Shape, Tag};

/// What a line shows of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line {
    words: usize,
    /// States named, and words that are names of parties or stand between those.
    states: usize,
    of_parties: usize,
    /// Nothing but a date; a date beside other words.
    pub is_date: bool,
    has_date: bool,
    /// A dash, a full stop: nothing to say.
    pub is_none: bool,
    is_sign: bool,
    /// The name of a state and nothing else.
    pub is_state: bool,
    pub names_dialogue: bool,
    has_place: bool,
    is_number: bool,
    /// `16 States`
    pub is_count: bool,
    /// It says since when something is.
    pub says_since: bool,
    pub is_item: bool,
    /// Its first words are the name of a party; a role and a colon.
    begins_with_party: bool,
    label: Option<u16>,
    is_sentence: bool,
    /// `(*) A is ...`: a note below the table.
    is_note: bool,
    pub begins_small: bool,
    pub begins_bracket: bool,
    /// It stops in mid-sentence or mid-name.
    pub is_open: bool,
    /// A name runs over from the line before.
    pub runs_over: bool,
}

/// What the label of a line says for the column of its role.
const LABELLED: i32 = 20;
/// Fewest tokens of a sentence.
const SENTENCE: usize = 8;
/// Digits of a year.
const YEAR: usize = 4;

impl Line {
    pub fn of(sheet: &Sheet<'_>, at: usize) -> Self {
        let (page, tokens) = (sheet.page, sheet.page.tokens);
        let range = page.within[at].body.clone();
        let text = &page.text[page.lines[at].body.range()];
        let shape = |token: usize| tokens.tokens[token].shape;
        let is_word = |token: usize| matches!(shape(token), Shape::Lower | Shape::Capital | Shape::Upper);
        let covers = |of: &dyn Fn(Tag) -> bool| {
            range.clone().next().is_some_and(|first| tokens.marks_at(first).any(|mark| of(mark.tag) && mark.end == range.end))
        };
        let is_month = |token: usize| tokens.mark_at(token, |tag| matches!(tag, Tag::Month(_))).is_some();
        let goes_with_date =
            |token: usize| tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Through | Tag::Of | Tag::OrdinalSuffix | Tag::And | Tag::Since));
        let is_year = |token: usize| shape(token) == Shape::Number && sheet.token(token).len() == YEAR;
        let has_date = range.clone().any(|token| is_year(token) || is_month(token));
        let of_date = |token: usize| !is_word(token) || is_month(token) || goes_with_date(token);
        let mut line = Self {
            words: range.clone().filter(|&token| is_word(token)).count(),
            is_date: has_date && range.clone().all(of_date),
            has_date,
            is_none: range.clone().all(|token| shape(token) == Shape::Mark) || covers(&|tag| tag == Tag::Negation) || sheet.says_none(text),
            is_sign: sheet.is_sign(text) || covers(&|tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_))),
            is_state: covers(&|tag| matches!(tag, Tag::Country(_)))
                || page.is_name(at) && tokens.any_begins(&range, |tag| matches!(tag, Tag::Country(_))),
            names_dialogue: tokens.any_mark(&range, |mark| mark.tag.is_titled_head() || matches!(mark.tag, Tag::Dialogue(_))),
            has_place: tokens.any_begins(&range, |tag| matches!(tag, Tag::City(_) | Tag::Country(_)))
                || tokens.any_begins(&range, |tag| tag == Tag::Online),
            is_number: range.len() <= 2
                && text.trim_end_matches(['.', ')']).bytes().all(|byte| byte.is_ascii_digit())
                && !range.is_empty()
                && !has_date,
            is_count: range.clone().next().is_some_and(|first| {
                shape(first) == Shape::Number
                    && tokens.marks_at(first + 1).any(|mark| matches!(mark.tag, Tag::PartyNoun(_) | Tag::Role(_)) && mark.end + 1 >= range.end)
            }),
            says_since: has_date && range.clone().next().is_some_and(|first| tokens.mark_at(first, |tag| tag == Tag::Established).is_some()),
            is_item: page.lines[at].marker.is_some(),
            begins_with_party: range
                .clone()
                .next()
                .is_some_and(|first| tokens.mark_at(first, |tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::Group(_))).is_some()),
            label: sheet.label_of(&range),
            is_note: text.trim_start_matches(['(', '[']).starts_with('*'),
            is_sentence: text.ends_with('.') && range.len() > SENTENCE,
            begins_small: text.starts_with(char::is_lowercase),
            begins_bracket: text.starts_with(['(', '[', '/']),
            is_open: sheet.is_open(at),
            runs_over: at > 0 && page.runs_over(at),
            ..Self::default()
        };
        // The end of `n/a` is no article.
        line.is_open &= !line.is_none;
        line.count_parties(sheet, range);
        line
    }

    fn count_parties(&mut self, sheet: &Sheet<'_>, range: std::ops::Range<usize>) {
        let tokens = sheet.page.tokens;
        let is_party = |tag: Tag| matches!(tag, Tag::Country(_) | Tag::Organization(_) | Tag::Group(_));
        let mut next = range.start;
        // What a name that began in the line before covers.
        if self.runs_over {
            let over = tokens.marks_in(range.start.saturating_sub(8)..range.end).filter(|mark| mark.first < range.start && is_party(mark.tag));
            next = over.map(|mark| mark.end).max().unwrap_or(next).max(next);
            self.of_parties += next - range.start;
        }
        let is_body = tokens.marks_at(next.min(range.end)).any(|mark| matches!(mark.tag, Tag::OrganizationHead(_)));
        while next < range.end {
            let shape = tokens.tokens[next].shape;
            if let Some(mark) = tokens.mark_at(next, is_party).filter(|mark| mark.end <= range.end) {
                self.states += usize::from(matches!(mark.tag, Tag::Country(_)));
                self.of_parties += (next..mark.end).filter(|&token| tokens.tokens[token].shape != Shape::Mark).count();
                next = mark.end;
                continue;
            }
            let beside = tokens.marks_at(next).any(|mark| matches!(mark.tag, Tag::And | Tag::Article | Tag::Of | Tag::Connector));
            let is_acronym = shape == Shape::Upper && sheet.token(next).chars().count() > 1 && !self.names_dialogue;
            self.of_parties += usize::from(beside || is_acronym || is_body && shape != Shape::Mark);
            next += 1;
        }
    }

    /// Whether most words are names of parties.
    pub fn lists_parties(&self) -> bool {
        self.words > 0 && self.of_parties * 2 >= self.words && !self.is_date
    }

    /// How well the line fits a column, of several.
    pub fn fit(&self, column: &Column, columns: &[Column]) -> i32 {
        // `Chair: A` fits the column of chairs, if there is one.
        let by_label = self.label.map_or(0, |role| {
            let is_there = columns.iter().any(|other| other.roles.contains(&role));
            if column.roles.contains(&role) {
                LABELLED
            } else if is_there {
                -LABELLED
            } else {
                0
            }
        });
        let by_sentence = if self.is_note || self.is_sentence && column.sort != Sort::Text { -25 } else { 0 };
        self.fit_sort(column.sort) + by_label + by_sentence
    }

    fn fit_sort(&self, sort: Sort) -> i32 {
        match sort {
            Sort::Name => self.fit_name(),
            Sort::State if self.is_state || self.runs_over && self.states == 0 && self.lists_parties() => 30,
            Sort::State if self.states == 1 && self.lists_parties() => 15,
            Sort::Number if self.is_number => 30,
            Sort::Sign if self.is_sign || self.is_none => 30,
            Sort::State | Sort::Number | Sort::Sign => -30,
            Sort::Date if self.is_date => 30,
            Sort::Date if self.is_none || self.has_date && self.words <= 4 => 10,
            Sort::Date => -30,
            Sort::Place if self.is_date || self.is_number => -30,
            Sort::Place if self.has_place && self.words <= 6 => 20,
            Sort::Place => {
                if self.is_none {
                    10
                } else if self.words > 4 {
                    -20
                } else {
                    0
                }
            }
            Sort::Parties | Sort::Party => self.fit_parties() - if sort == Sort::Party && self.states > 2 { 30 } else { 0 },
            Sort::Brief if self.is_date => 25,
            Sort::Brief if self.is_number || self.is_none => 10,
            Sort::Brief if self.is_item || self.words > 5 || self.states >= 2 => -20,
            Sort::Brief => 0,
            Sort::Text if self.is_item => 15,
            Sort::Text if self.is_number || self.is_date || self.is_none || self.states >= 2 && self.lists_parties() => -5,
            Sort::Text => 3,
        }
    }

    fn fit_name(&self) -> i32 {
        if self.says_since {
            10
        } else if self.is_date || self.is_none || self.is_number || self.is_count || self.states >= 2 && self.lists_parties() {
            -40
        } else if self.is_item || self.is_state || self.words > 14 {
            -20
        } else if self.names_dialogue {
            30
        } else if self.lists_parties() {
            -10
        } else if self.begins_small || self.begins_bracket {
            0
        } else {
            5
        }
    }

    fn fit_parties(&self) -> i32 {
        if self.is_date || self.is_number || self.says_since {
            -30
        } else if self.is_count {
            10
        } else if self.lists_parties() {
            20
        } else if self.is_item {
            -20
        } else if self.is_none {
            10
        } else if self.begins_bracket {
            5
        } else if self.begins_with_party && !self.names_dialogue {
            10
        } else if self.names_dialogue {
            -20
        } else if self.words > 5 {
            -15
        } else {
            0
        }
    }
}
