//! Sheet: a text and the wording of its language, as far as flattened tables need them.

use std::ops::Range;

use crate::model::gazetteer::Tag;
use crate::model::vocabulary::Vocabulary;
use crate::segment::headings::{self, Page};

/// A text and the wording of its language.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    pub page: &'a Page<'a>,
    pub vocabulary: &'a Vocabulary,
}

/// Roles that one holds alone, or few together.
const OF_ONE: &[&str] = &["chair", "co_chair", "secretariat", "host", "coordinator", "leading"];

impl Sheet<'_> {
    pub fn line(&self, at: usize) -> &str {
        self.page.lines[at].text(self.page.text)
    }

    pub fn is_blank(&self, at: usize) -> bool {
        self.page.lines.get(at).is_none_or(|line| line.is_blank())
    }

    pub fn token(&self, at: usize) -> &str {
        &self.page.text[self.page.tokens.tokens[at].span.range()]
    }

    /// The tokens of some lines.
    pub fn tokens(&self, lines: &Range<usize>) -> Range<usize> {
        self.page.within[lines.start].whole.start..self.page.within[lines.end - 1].whole.end
    }

    /// The role that a line says before a colon: `Chair: A`.
    pub fn label_of(&self, range: &Range<usize>) -> Option<u16> {
        let mark =
            self.page.tokens.mark_at(range.start, |tag| matches!(tag, Tag::Role(_) | Tag::RoleLabel(_))).filter(|mark| mark.end < range.end)?;
        match mark.tag {
            Tag::Role(role) | Tag::RoleLabel(role) if self.token(mark.end) == ":" => Some(role),
            _ => None,
        }
    }

    /// The roles that some tokens name.
    pub fn roles_in(&self, range: &Range<usize>) -> Vec<u16> {
        let of_mark = |mark: crate::model::tokens::Mark| match mark.tag {
            Tag::Role(role) | Tag::RoleLabel(role) => Some(role),
            _ => None,
        };
        self.page.tokens.marks_in(range.clone()).filter_map(of_mark).collect()
    }

    /// Whether a role is one that one party holds alone.
    pub fn is_of_one(&self, role: u16) -> bool {
        OF_ONE.contains(&self.vocabulary.roles.role[usize::from(role)].role.as_str())
    }

    /// Whether a text is a sign or word that stands for a role in the cells of a table.
    pub fn is_sign(&self, text: &str) -> bool {
        let folded = text.to_lowercase();
        let sign = folded.trim_end_matches(['*', '.']).trim();
        let signs = &self.vocabulary.roles.matrix;
        signs.member.iter().chain(&signs.observer).any(|other| other == sign)
    }

    /// Whether a text says that a cell has nothing to say.
    pub fn says_none(&self, text: &str) -> bool {
        let folded = text.to_lowercase();
        self.vocabulary.roles.matrix.none.contains(&folded)
    }

    /// Whether a line stops in mid-sentence, in mid-name or in a bracket.
    pub fn is_open(&self, at: usize) -> bool {
        let text = self.line(at);
        let is_bracketed = text.rfind(['(', '[']).is_some_and(|bracket| !text[bracket..].contains([')', ']']));
        let is_word = text.chars().any(char::is_alphanumeric);
        is_word
            && (text.ends_with([',', ';', '-', '/', '&', ':']) || is_bracketed || headings::ends_in_connector(at, self.page) || self.ends_in_of(at))
    }

    fn ends_in_of(&self, at: usize) -> bool {
        let range = &self.page.within[at].whole;
        range.clone().last().is_some_and(|last| self.page.tokens.mark_at(last, |tag| tag == Tag::Of).is_some())
    }
}
