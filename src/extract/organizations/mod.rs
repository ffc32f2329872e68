//! Organisations: the bodies that a document names, each once, in the fullest form that it has.
//!
//! In: a page. Out: one record an organisation: known ones, `Name (ACRONYM)`, names with the noun of an organisation in them, quoted
//! names behind such a noun, and entries of lists of organisations. A dialogue, meeting, programme or publication is none.

mod bracketed;
mod known;
mod listed;
mod worded;

use std::collections::HashMap;
use std::ops::Range;

use super::names::Wholes;
use super::page::Page;
use crate::findings::Report;
use crate::model::gazetteer::{Shape, Tag, fold};
use crate::model::record::Draft;
use crate::model::text::BlockKind;

use bracketed::bracketed;
use known::known;
use listed::{beside_states, by_state, labelled, listed};
use worded::worded;

/// An organisation of the page.
#[derive(Clone, Debug)]
struct Body {
    /// Index into the reference data.
    known: Option<u16>,
    name: Range<usize>,
    /// Whether the name is more than an acronym.
    spelled: bool,
    acronym: Option<Range<usize>>,
    kind: String,
    rule: &'static str,
}

/// The organisations found so far.
#[derive(Default)]
struct Bodies {
    list: Vec<Body>,
    by_known: HashMap<u16, usize>,
    by_words: HashMap<String, usize>,
}

impl Bodies {
    fn add(&mut self, page: &Page<'_>, body: Body) {
        let words = key(page, &body.name);
        let short = body.acronym.as_ref().map(|acronym| key(page, acronym));
        let place = body
            .known
            .and_then(|known| self.by_known.get(&known))
            .or_else(|| self.by_words.get(&words))
            .or_else(|| short.as_ref().and_then(|short| self.by_words.get(short)))
            .copied();
        let at = place.unwrap_or(self.list.len());
        if let Some(known) = body.known {
            self.by_known.insert(known, at);
        }
        self.by_words.insert(words, at);
        if let Some(short) = short {
            self.by_words.insert(short, at);
        }
        let Some(found) = self.list.get_mut(at) else {
            self.list.push(body);
            return;
        };
        found.known = found.known.or(body.known);
        if (body.spelled, body.name.len()) > (found.spelled, found.name.len()) {
            (found.name, found.spelled, found.rule) = (body.name, body.spelled, body.rule);
        }
        found.acronym = found.acronym.take().or(body.acronym);
    }
}

/// Emits the organisations of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let mut bodies = Bodies::default();
    known(page, &mut bodies);
    bracketed(page, &mut bodies);
    for (block, content) in page.numbered_blocks() {
        worded(page, block, &mut bodies);
        if content.kind != BlockKind::Heading {
            listed(page, block, &mut bodies);
            labelled(page, block, &mut bodies);
            beside_states(page, block, &mut bodies);
        }
    }
    by_state(page, &mut bodies);
    bodies.list.sort_by_key(|body| body.name.start);
    let keys: Vec<String> = bodies.list.iter().map(|body| key(page, &body.name)).collect();
    let wholes: Wholes = keys.iter().map(String::as_str).collect();
    for (body, key) in bodies.list.iter().zip(&keys) {
        // A shorter form of another name of the page: `the Observatory` of `Observatory on Migration`.
        let is_form = body.known.is_none() && body.acronym.is_none() && wholes.has_part(key);
        if is_form {
            continue;
        }
        let span = page.span(&body.name);
        let mut draft = Draft::new("organizations", body.rule).with("name", page.value(span), span).derived("kind", body.kind.as_str());
        if let Some(acronym) = &body.acronym {
            draft = draft.with("acronym", page.value_of(acronym), page.span(acronym));
        }
        drafts.push(draft);
    }
}

fn key(page: &Page<'_>, name: &Range<usize>) -> String {
    let words: Vec<String> =
        name.clone().filter(|&token| page.is_word(token) && !page.has(token, Tag::Article)).map(|token| fold(page.text(token))).collect();
    words.join(" ")
}

fn without_article(page: &Page<'_>, mut name: Range<usize>) -> Range<usize> {
    while name.len() > 1 && page.has(name.start, Tag::Article) {
        name.start += 1;
    }
    name
}

/// Whether a name is that of a dialogue and nothing more.
fn is_dialogue(page: &Page<'_>, name: &Range<usize>) -> bool {
    page.is_within_dialogue(name)
}

/// The kind of organisation that a name is of by its noun: the last word before the first small word, the first word, or the last.
fn organization_head(page: &Page<'_>, name: &Range<usize>) -> Option<String> {
    let small = name.clone().find(|&token| page.token(token).shape == Shape::Lower && page.is_word(token)).unwrap_or(name.end);
    let head_at =
        |token: usize| page.mark(token, |tag| matches!(tag, Tag::OrganizationHead(_))).filter(|mark| mark.end <= name.end && page.is_capital(token));
    let front = (name.start..small).rev().filter_map(head_at).find(|mark| mark.end >= small);
    let other_noun = small > name.start && {
        let last = small - 1;
        front.is_none()
            && page.tokens.marks_at(last).any(|mark| {
                mark.end == small && matches!(mark.tag, Tag::MeetingHead | Tag::DialogueHead(_) | Tag::ProgrammeHead | Tag::PublicationHead(_))
            })
    };
    let first = head_at(name.start).filter(|_| !other_noun);
    // The last word where no small word but `and` stands within: `Trade and Labour Board`.
    let only_and = (small..name.end).all(|token| page.token(token).shape != Shape::Lower || page.has(token, Tag::And));
    let last = (name.start..name.end).rev().filter_map(head_at).find(|mark| mark.end == name.end && only_and);
    let Tag::OrganizationHead(kind) = front.or(first).or(last)?.tag else { return None };
    Some(page.vocabulary().names.organization[kind as usize].kind.clone())
}

/// Whether a name has a word of its own beside noun, role and filling words, and is not part of the name of something else.
fn is_name_of_one_body(page: &Page<'_>, name: &Range<usize>) -> bool {
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    let own = name.clone().filter(|&token| page.is_capital(token)).any(|token| {
        !page.tokens.marks_at(token).any(|mark| {
            mark.end <= name.end
                && matches!(
                    mark.tag,
                    Tag::OrganizationHead(_)
                        | Tag::Role(_)
                        | Tag::Filler
                        | Tag::Generic
                        | Tag::PartyNoun(_)
                        | Tag::Article
                        | Tag::Ordinal(_)
                        | Tag::MeetingHead
                        | Tag::Heading(_)
                        | Tag::Opener
                )
        })
    });
    let of_dialogue = page.is_within_dialogue(&(name.start..name.start + 1))
        || page.dialogues_in(name.start..name.end + 24).any(|(tokens, _)| tokens.start < name.end);
    let is_known = page
        .tokens
        .marks_at(name.start)
        .any(|mark| matches!(mark.tag, Tag::Organization(_) | Tag::Country(_) | Tag::City(_)) && mark.end >= name.end);
    let lists_bodies =
        name.clone().any(|token| page.has(token, Tag::And) && page.mark(token + 1, |tag| matches!(tag, Tag::Organization(_))).is_some());
    // Behind the noun and a small word any word will do: `Ministry of Labour`.
    let goes_on = page.mark(name.start, |tag| matches!(tag, Tag::OrganizationHead(_))).is_some_and(|mark| mark.end + 1 < name.end);
    capitals >= 2 && (own || goes_on) && !of_dialogue && !is_known && !lists_bodies && name.len() <= 24
}
