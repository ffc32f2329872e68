//! Openings: the first sentence of a declaration, which names those who make it: `We, the Ministers of Labour of A, B and C, meeting in ...`.
//!
//! In: a page on which the other rules have read. Out: the states of such a sentence as members, where the text names few members elsewhere:
//! who was at one meeting of a dialogue with a list of members is no member for that.

use super::links::is_said;
use super::terms::Term;
use super::{Role, is_known, record};
use crate::extract::list_heads::over_delegates;
use crate::extract::page::Page;
use crate::extract::parties::{self, Kind, Mention};
use crate::extract::sections;
use crate::model::gazetteer::Tag;
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Fewest states of an opening.
const STATES: usize = 3;

/// Emits those in whose name a declaration is made.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>) {
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        if !matches!(content.kind, BlockKind::Paragraph | BlockKind::Item) || !page.any_begins(&range, |tag| tag == Tag::Delegates) {
            continue;
        }
        if opening(page, block, drafts) {
            return;
        }
    }
}

/// Who came to a meeting is told under the heading of it.
fn of_meetings(page: &Page<'_>, block: usize) -> bool {
    sections::section(page, block).is_some_and(|(_, section)| section.reads == Reads::Meetings)
}

fn opening(page: &Page<'_>, block: usize, drafts: &mut Vec<Draft>) -> bool {
    let Some(sentence) = page.sentences(page.range(block)).into_iter().next() else { return false };
    let Some(noun) = sentence.clone().find_map(|token| page.mark(token, |tag| tag == Tag::Delegates)) else { return false };
    let Some(first) = over_delegates(page, sentence.start, sentence.end) else { return false };
    let (found, _) = parties::list_at(page, first, sentence.end);
    let states = found.iter().filter(|party| party.kind == Kind::State).count();
    let subject = page.subject(block).or_else(|| (page.dialogues.len() == 1).then_some(0));
    let Some(dialogue) = subject.filter(|_| states >= STATES && !of_meetings(page, block)) else { return false };
    let name = page.value(page.span(&page.dialogues[dialogue].name));
    let is_member = |draft: &&Draft| {
        draft.table == "memberships" && matches!(draft.text("role"), Some("member")) && draft.text("dialogue") == Some(name.as_str())
    };
    if drafts.iter().filter(is_member).count() * 2 >= states {
        return false;
    }
    let words = page.span(&(noun.first..noun.end));
    let role = Role { name: "member".to_owned(), words, text: page.value(words), group: None, party: None };
    let counts = |party: &&Mention| party.kind != Kind::Organization || is_known(page, party);
    for party in found.iter().filter(counts) {
        if !is_said(page, party, &role, drafts) {
            drafts.push(record(page, Some(dialogue), &role, party, Term::default(), "memberships/opening"));
        }
    }
    true
}
