//! Dialogues: which dialogues a document names, and where.
//!
//! A dialogue is one that is declared in the reference data, or a name with a noun such as "process" or "forum" in it.
//! Which one a block is about is told in `owners`.

use std::ops::Range;

use super::dialogue_merging::{bind_acronyms, enter, find_again, merge_forms, merge_short_forms};
use super::dialogue_parts;
use super::dialogue_titles::titles;
use super::founding;
use super::names::{self, name_at, trim_openers};
use super::page::Page;
use super::roles;
use super::subject_names;
use crate::findings::Report;
use crate::model::gazetteer::{Shape, Tag, fold};
use crate::model::record::Draft;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// A dialogue that the document names.
#[derive(Clone, Debug)]
pub struct Named {
    /// The fullest form that the text has.
    pub name: Range<usize>,
    /// Index into the reference data.
    pub declared: Option<u16>,
    pub acronym: Option<Range<usize>>,
    pub kind: String,
    /// Folded words of the name, for other forms of it.
    pub words: Vec<String>,
}

/// The dialogues of a page and where it names them.
pub fn find(page: &Page<'_>) -> (Vec<Named>, Vec<(Range<usize>, usize)>) {
    let mut dialogues: Vec<Named> = Vec::new();
    let mut mentions: Vec<(Range<usize>, usize)> = Vec::new();
    let mut in_overview = false;
    for (block, content) in page.numbered_blocks() {
        let range = page.range(block);
        let mut labelled = labelled_in(page, block);
        let starts_table = content.kind == BlockKind::Row && (block == 0 || page.block(block - 1).kind != BlockKind::Row);
        if starts_table || content.kind != BlockKind::Row {
            // A table of two columns is a profile: its first cell is a label for the second.
            let cells = if starts_table { page.cells(block) } else { Vec::new() };
            in_overview = cells.len() >= 3 && is_name_label(page, &cells[0]);
        } else if in_overview {
            labelled.extend(page.cells(block).into_iter().next().and_then(|cell| labelled_name(page, cell)));
        }
        let has_head = page.any_begins(&range, Tag::is_dialogue_head);
        let names_any = has_head || !labelled.is_empty() || page.any_begins(&range, |tag| matches!(tag, Tag::Dialogue(_)));
        let mut at = if names_any { range.start } else { range.end };
        while at < range.end {
            let label = || labelled.iter().find(|(tokens, ..)| tokens.start == at).cloned();
            let worded = || has_head.then(|| worded_at(page, at, range.end, Tag::is_dialogue_head)).flatten();
            let found = label().or_else(|| declared_at(page, at, range.end)).or_else(worded);
            match found {
                Some((tokens, declared, kind)) => {
                    at = tokens.end;
                    let dialogue = enter(page, &mut dialogues, tokens.clone(), declared, kind);
                    mentions.push((tokens, dialogue));
                }
                None => at += 1,
            }
        }
    }
    let opens_with_one = mentions.iter().any(|(tokens, _)| page.block_of(tokens.start) < OPENING);
    for (tokens, declared, kind) in titles(page).into_iter().filter(|(tokens, ..)| !opens_with_one || is_defined(page, tokens)) {
        if !mentions.iter().any(|(taken, _)| taken.start < tokens.end && tokens.start < taken.end) {
            let dialogue = enter(page, &mut dialogues, tokens.clone(), declared, kind);
            mentions.push((tokens, dialogue));
        }
    }
    if !mentions.iter().any(|(tokens, _)| page.block_of(tokens.start) < OPENING)
        && let Some(tokens) = subject_names::find(page)
    {
        let kind = page.vocabulary().names.dialogue[0].kind.clone();
        let dialogue = enter(page, &mut dialogues, tokens.clone(), None, kind);
        mentions.push((tokens, dialogue));
    }
    mentions.sort_by_key(|(tokens, _)| tokens.start);
    merge_short_forms(page, &mut dialogues, &mut mentions);
    merge_forms(page, &mut dialogues, &mut mentions);
    bind_acronyms(page, &mut dialogues, &mut mentions);
    find_again(page, &dialogues, &mut mentions);
    mentions.sort_by_key(|(tokens, _)| tokens.start);
    dialogue_parts::add(page, &mut dialogues, &mut mentions);
    (dialogues, mentions)
}

pub type Found = (Range<usize>, Option<u16>, String);

fn declared_at(page: &Page<'_>, at: usize, end: usize) -> Option<Found> {
    let mark = page.mark(at, |tag| matches!(tag, Tag::Dialogue(_))).filter(|mark| mark.end <= end)?;
    // A longer name of an organisation is not the dialogue within it.
    if page.mark(at, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|longer| longer.end > mark.end) {
        return None;
    }
    let Tag::Dialogue(index) = mark.tag else { return None };
    let kind = page.reference.dialogues[index as usize].kind.to_string();
    Some((mark.first..mark.end, Some(index), kind))
}

/// The first blocks, where a document says what it is about.
pub const OPENING: usize = 4;
/// Longest word that can only stand between others, in bytes.
const SMALL: usize = 3;
/// Longest acronym of a noun, in bytes.
const SHORT: usize = 4;
/// Longest name in lower case, in tokens.
const LONGEST: usize = 20;

/// Names that a label announces: `Name: A`, or the first cell of a row under such a head.
pub fn labelled_in(page: &Page<'_>, block: usize) -> Vec<Found> {
    if !page.any_begins(&page.range(block), |tag| tag == Tag::NameLabel) {
        return Vec::new();
    }
    let mut values: Vec<Range<usize>> = Vec::new();
    for (label, value) in roles::labels(page, page.range(block)) {
        if is_name_label(page, &label) {
            let end = value.clone().find(|&token| token > value.start && page.gap_before(token).contains('\n')).unwrap_or(value.end);
            values.push(value.start..end);
        }
    }
    // Among labels that only projects have it is the name of one.
    let near = page.range(block.saturating_sub(1)).start..page.range((block + 1).min(page.blocks.blocks.len() - 1)).end;
    let labels = page.begins(&near, |tag| matches!(tag, Tag::Project(_))).filter(|&token| begins_line(page, token));
    if labels.count() >= PROJECT {
        return Vec::new();
    }
    // A label on a line of its own, and the name on the next.
    values.extend(page.lines(block).windows(2).filter(|pair| is_name_label(page, &pair[0])).map(|pair| pair[1].clone()));
    values.into_iter().filter_map(|value| labelled_name(page, value)).collect()
}

/// Fewest labels of a project beside that of a name.
const PROJECT: usize = 3;

fn begins_line(page: &Page<'_>, token: usize) -> bool {
    token == 0 || page.gap_before(token).contains('\n')
}

fn is_name_label(page: &Page<'_>, label: &Range<usize>) -> bool {
    !label.is_empty() && page.mark(label.start, |tag| tag == Tag::NameLabel).is_some_and(|mark| mark.end == label.end)
}

/// The name that stands behind a label or in the cell for it.
fn labelled_name(page: &Page<'_>, value: Range<usize>) -> Option<Found> {
    let end = value.clone().find(|&token| matches!(page.text(token), "(" | "[" | ";" | "–" | "—")).unwrap_or(value.end);
    let name = value.start..end;
    let is_list = page.mark(name.start, |tag| matches!(tag, Tag::Country(_))).is_some() || name.clone().any(|token| page.text(token) == ":");
    // A small word at the end wants another line.
    let is_cut = name.clone().last().is_some_and(|last| page.token(last).shape == Shape::Lower && page.text(last).len() <= SMALL);
    // `Table 3 (continued)`
    let is_number = name.len() == 2 && page.token(name.start + 1).shape == Shape::Number;
    if is_list || is_cut || is_number || name.len() < 2 || name.len() > LONGEST || !page.is_capital(name.start) {
        return None;
    }
    if let Some(declared) = declared_at(page, name.start, name.end) {
        return Some(declared);
    }
    let kind = name.clone().find_map(|token| kind_of_head(page, token)).unwrap_or_else(|| page.vocabulary().names.dialogue[0].kind.clone());
    Some((name, None, kind))
}

/// The kind of a dialogue, as its noun says it.
pub fn kind_of_head(page: &Page<'_>, token: usize) -> Option<String> {
    let names = &page.vocabulary().names;
    page.tokens.marks_at(token).find_map(|mark| match mark.tag {
        Tag::DialogueHead(kind) => Some(names.dialogue[kind as usize].kind.clone()),
        Tag::TitledHead(kind) => Some(names.titled[kind as usize].kind.clone()),
        _ => None,
    })
}

fn is_organization(page: &Page<'_>, name: &Range<usize>) -> bool {
    page.mark(name.start, |tag| matches!(tag, Tag::Organization(_))).is_some_and(|mark| mark.end >= name.end)
}

/// Whether an acronym in brackets stands behind a name.
pub fn is_defined(page: &Page<'_>, name: &Range<usize>) -> bool {
    names::acronym_behind(page, name.end, page.tokens.tokens.len()).is_some()
}

/// Where the noun stands first, its adjectives may be in lower case: `Dialogue sahélien sur les mobilités (DSM)`.
fn in_lower_case(page: &Page<'_>, name: Range<usize>, end: usize, is_head: fn(Tag) -> bool) -> Range<usize> {
    let first_is_head = page.mark(name.start, is_head).is_some_and(|mark| mark.end >= name.end);
    // `The Process and the Office`: two things.
    if first_is_head && name.end < end && page.has(name.end, Tag::And) {
        return name;
    }
    if !page.vocabulary().language.noun_first {
        return name;
    }
    let upto = end.min(name.start + LONGEST);
    // Up to an acronym that has the letters of the name.
    let bracket = (name.end..upto).take_while(|&token| !matches!(page.text(token), "." | ";" | ":")).find(|&token| page.text(token) == "(");
    if let Some(open) =
        bracket.filter(|&open| names::acronym_behind(page, open, end).is_some_and(|short| has_initials(page, &(name.start..open), &short)))
    {
        return name.start..open;
    }
    if !first_is_head {
        return name;
    }
    let is_verb = |token: usize| {
        page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::LinkVerb | Tag::Established | Tag::Phrase(_) | Tag::Published | Tag::Negation))
            || page.has(token, Tag::ListEnd) && !page.has(token, Tag::Connector)
    };
    let mut last = name.end;
    let mut next = name.end;
    while next < upto
        && page.is_word(next) | matches!(page.text(next), "'" | "’" | "-")
        && !is_verb(next)
        && !page.gap_before(next).contains('\n')
        && !page.is_wide_before(next)
    {
        next += 1;
        if !page.has(next - 1, Tag::Connector) && page.is_word(next - 1) && page.text(next - 1).chars().count() > 1 {
            last = next;
        }
    }
    name.start..last
}

/// Whether the letters of an acronym begin words of a name, in their order, and the first of them its first word.
pub fn has_initials(page: &Page<'_>, name: &Range<usize>, short: &Range<usize>) -> bool {
    let initials: Vec<String> =
        name.clone().filter(|&token| page.is_word(token)).filter_map(|token| fold(page.text(token)).chars().next().map(String::from)).collect();
    let mut at = 0;
    let mut matched = 0;
    let letters: Vec<String> = fold(&page.value_of(short)).chars().filter(|letter| letter.is_alphabetic()).map(String::from).collect();
    for letter in &letters {
        if let Some(found) = initials[at..].iter().position(|initial| initial == letter) {
            matched += 1;
            at += found + 1;
        }
    }
    // Of a long acronym fewer are enough.
    let are_enough = matched * 4 >= letters.len() * 3 || letters.len() >= LETTERS && matched * 3 >= letters.len() * 2;
    letters.len() >= 2 && initials.first() == letters.first() && are_enough
}

/// Fewest letters of a long acronym.
const LETTERS: usize = 6;

/// A name with the noun of a dialogue as its head: before the first small word or at its end.
pub fn worded_at(page: &Page<'_>, at: usize, end: usize, is_head: fn(Tag) -> bool) -> Option<Found> {
    if !page.is_capital(at) || (at > 0 && page.tokens.touches_previous(at) && page.text(at - 1) == "-") {
        return None;
    }
    let name = trim_openers(page, name_at(page, at, names::line_end(page, at, end))?);
    let name = over_ordinals(page, name);
    let mut name = in_lower_case(page, name, end, is_head);
    // A line end has cut it short: `Process of`.
    while name.len() > 1 && page.tokens.marks_at(name.end - 1).any(|mark| matches!(mark.tag, Tag::Connector | Tag::Of | Tag::Article)) {
        name.end -= 1;
    }
    if name.len() < 2 || name.start != at && at + 4 < name.start {
        return None;
    }
    // A body that meets can be what a title is about, and is none of the dialogues of running text.
    if is_organization(page, &name) && !is_head(Tag::TitledHead(0)) {
        return None;
    }
    name.end = before_whole(page, &name);
    // A declared dialogue within the name is found for itself.
    if name.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::Dialogue(_))).is_some_and(|mark| mark.end <= name.end)) {
        return None;
    }
    // In a title in capitals the small words are capitals too.
    let in_capitals = name.clone().filter(|&token| page.is_word(token)).all(|token| page.token(token).shape == Shape::Upper);
    let is_small = |token: usize| {
        page.token(token).shape == Shape::Lower && page.is_word(token)
            || in_capitals && page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Connector | Tag::Of) && mark.end == token + 1)
    };
    let small = name.clone().find(|&token| is_small(token)).unwrap_or(name.end);
    let head = |upto: usize| {
        (name.start..upto).rev().find_map(|first| {
            let mark = page.mark(first, is_head)?;
            (mark.end == upto && page.is_capital(first)).then_some(mark)
        })
    };
    let noun_first =
        || page.mark(name.start, is_head).filter(|mark| page.vocabulary().language.noun_first && (mark.end <= small || is_defined(page, &name)));
    // `Friends of the Forum`: the noun with its article refers to one named elsewhere.
    let refers = |mark: &crate::model::tokens::Mark| mark.first > name.start && page.has(mark.first - 1, Tag::Article);
    let (mark, at_front) = match head(small).filter(|mark| !refers(mark)).or_else(noun_first) {
        Some(mark) => (mark, true),
        // Where the noun stands first, one at the end is of another name.
        None => (head(name.end).filter(|mark| !refers(mark) && !page.vocabulary().language.noun_first)?, false),
    };
    // `Officials of the X Dialogue`: the name begins behind the article.
    let is_of_the = |token: usize| page.has(token, Tag::Of) && page.has(token + 1, Tag::Article);
    if !at_front && (name.start..mark.first).any(is_of_the) {
        return None;
    }
    // The noun alone is a word, not a name; `Process of ...` is not one either, `Forum on ...` and `Dialogue on ...` are.
    let own_words = name.len() - (mark.end - mark.first);
    // `Processus de Lisbonne`, `Forum du Lac`: called after a place.
    let is_small_word = |token: usize| page.token(token).shape != Shape::Capital && (page.has(token, Tag::Of) || page.has(token, Tag::Connector));
    let place = (mark.end..name.end).find(|&token| !is_small_word(token) && page.is_word(token)).filter(|&place| place > mark.end);
    let is_place = |place: usize| {
        let named = page.mark(place, |tag| matches!(tag, Tag::City(_) | Tag::Region)).is_some_and(|mark| mark.end == name.end);
        named && page.is_capital(place)
    };
    let of_place = page.vocabulary().language.noun_first && place.is_some_and(is_place);
    let kind = kind_of_head(page, mark.first)?;
    // `Working Group on Remittances`
    let fewest = if kind == "working_group" { 2 } else { 3 };
    let names_something = if at_front && mark.first == name.start { small < name.end && own_words >= fewest || of_place } else { own_words >= 1 };
    let is_plain = |token: usize| {
        page.tokens
            .marks_at(token)
            .any(|mark| mark.end == token + 1 && matches!(mark.tag, Tag::PartyNoun(_) | Tag::Role(_) | Tag::Filler | Tag::Opener))
    };
    let is_sort = |token: usize| {
        page.tokens.marks_at(token).any(|mark| mark.end == token + 1 && matches!(mark.tag, Tag::Generic | Tag::Connector | Tag::Article))
    };
    let in_lower =
        name.clone().filter(|&token| page.is_word(token) && page.token(token).shape == Shape::Lower && !is_plain(token) && !is_sort(token));
    let has_own = name.clone().any(|token| page.is_capital(token) && !(mark.first..mark.end).contains(&token) && !is_plain(token))
        || page.vocabulary().language.noun_first && (in_lower.count() >= 2 || name.len() >= 3 && is_defined(page, &name));
    // `Table 3` and `Meeting of the Working Group` name no dialogue, `X Process Working Group on Y` a part of one.
    let only_number = !name.clone().any(|token| page.is_word(token) && !(mark.first..mark.end).contains(&token));
    let of_meeting =
        page.mark(name.start, |tag| tag == Tag::MeetingHead).is_some_and(|first| first.end <= mark.first && page.has(first.end, Tag::Of));
    // `Round of Consultations` within `Full Round of Consultations`.
    let is_cut = (at.saturating_sub(SMALL)..at).any(|before| page.mark(before, |tag| tag == Tag::MeetingHead).is_some_and(|mark| mark.end > at));
    if only_number || of_meeting || is_cut || is_part_of_another(page, &name, mark.first) {
        return None;
    }
    // What a title names with its subject is a name, however general its words: `Regional Forum on Migration`.
    let in_title = is_head(Tag::TitledHead(0)) && page.mark(mark.first, Tag::is_dialogue_head).is_some() && name.end > mark.end + 1 && own_words >= 3;
    // `TWG on Skills` names a group, `Spotlight on TWG` does not.
    let is_short = page.token(mark.first).shape == Shape::Upper && page.token(mark.first).span.len() <= SHORT && !in_capitals;
    if is_short && mark.first > name.start {
        return None;
    }
    // `Technical Working Group on Skills`: what it works on names a group.
    let is_group_on = kind == "working_group" && name.end > mark.end + 1;
    if !names_something || !has_own || is_generic(page, &name, mark.first) && !in_title && !is_group_on {
        return None;
    }
    Some((name, None, kind))
}

/// `Working Group on Skills of the X Process`: where the name of the part ends before that of the whole.
fn before_whole(page: &Page<'_>, name: &Range<usize>) -> usize {
    let whole = name.clone().skip(2).find(|&token| page.mark(token, |tag| matches!(tag, Tag::Dialogue(_))).is_some_and(|mark| mark.end == name.end));
    let Some(mut of) = whole.map(|whole| whole - 1) else { return name.end };
    while of > name.start && page.has(of, Tag::Article) && !page.has(of, Tag::Of) {
        of -= 1;
    }
    if of > name.start + 1 && page.has(of, Tag::Of) { of } else { name.end }
}

/// Whether a working group is one of a body named right before it, or only its meeting is named: `X Process Working Group on Y`.
fn is_part_of_another(page: &Page<'_>, name: &Range<usize>, head: usize) -> bool {
    let is_group = page.mark(head, |tag| tag == Tag::WorkingGroup).is_some();
    let Some(before) = name.start.checked_sub(1).filter(|_| is_group) else { return false };
    let of_named = || {
        (before.saturating_sub(LONGEST)..=before)
            .any(|token| page.mark(token, |tag| matches!(tag, Tag::Dialogue(_))).is_some_and(|mark| mark.end == name.start))
    };
    // `Meeting of the X Working Group`
    let mut of = before;
    while of > 0 && page.has(of, Tag::Article) {
        of -= 1;
    }
    let of_meeting = of > 0 && page.has(of, Tag::Of) && page.has(of - 1, Tag::MeetingHead);
    of_meeting || head == name.start && of_named()
}

/// Words before the noun that only say which or what sort: `Regional Consultative Process`, `Ministerial Dialogue`.
fn is_generic(page: &Page<'_>, name: &Range<usize>, head: usize) -> bool {
    let before = name.start..head;
    let only_filler = before.clone().all(|token| {
        page.tokens
            .marks_at(token)
            .any(|mark| matches!(mark.tag, Tag::Filler | Tag::Generic | Tag::Ordinal(_) | Tag::MeetingHead | Tag::Article | Tag::Of))
    });
    let goes_on = name.end > head + 2;
    // Where the noun stands first, the words behind it say the sort.
    let is_sort = |token: usize| {
        page.tokens.marks_at(token).any(|mark| matches!(mark.tag, Tag::Filler | Tag::Generic | Tag::Connector | Tag::Of | Tag::Article))
    };
    let only_sort = page.vocabulary().language.noun_first && before.is_empty() && (head + 1..name.end).all(is_sort) && !is_defined(page, name);
    only_filler && (!(goes_on && before.is_empty()) || only_sort)
}

fn over_ordinals(page: &Page<'_>, mut name: Range<usize>) -> Range<usize> {
    let is_roman = |token: usize| page.token(token).shape != Shape::Lower && page.text(token).chars().all(|letter| "IVXL".contains(letter));
    while name.len() > 1
        && (page.mark(name.start, |tag| matches!(tag, Tag::Ordinal(_))).is_some_and(|mark| mark.end == name.start + 1) || is_roman(name.start))
    {
        name.start += 1;
    }
    name
}

/// Whether a text names a dialogue that no reference has only where it cites texts: in their titles, or as who published them.
fn is_only_cited(page: &Page<'_>, named: &[&Range<usize>]) -> bool {
    let is_cited = |tokens: &&Range<usize>| {
        let block = page.block_of(tokens.start);
        let is_list = |above: usize| page.section_of(above).is_some_and(|section| section.reads == Reads::Publications);
        page.block(block).kind != BlockKind::Heading && page.introductions(block).next().is_some_and(is_list)
    };
    !named.is_empty() && named.iter().all(is_cited)
}

/// Whether a text names a forum or conference that no reference has only once, as one of those who take part in another.
fn is_only_listed(page: &Page<'_>, dialogue: &Named, named: &[&Range<usize>]) -> bool {
    let [tokens] = named else { return false };
    let block = page.block_of(tokens.start);
    let range = page.range(block);
    if dialogue.declared.is_some() || !matches!(dialogue.kind.as_str(), "forum" | "conference") || page.block(block).kind == BlockKind::Heading {
        return false;
    }
    let end = names::acronym_behind(page, tokens.end, range.end).map_or(tokens.end, |short| short.end + 1);
    let opens = tokens.start == range.start || matches!(page.text(tokens.start - 1), ";" | "|" | "•");
    let closes = end >= range.end || matches!(page.text(end), ";" | "|" | "." | ",");
    let by_role = page.block(block).kind == BlockKind::Item && page.introductions(block).any(|above| page.role_of(above).is_some());
    let beside_bodies = range.clone().filter(|&token| page.text(token) == ";").count() > 0
        && range.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::OrganizationHead(_))).is_some());
    opens && closes && (by_role || beside_bodies)
}

/// Emits a record for each dialogue that the document names.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let telling = founding::telling(page);
    for (index, dialogue) in page.dialogues.iter().enumerate() {
        let named: Vec<&Range<usize>> = page.dialogue_mentions.iter().filter(|(_, named)| *named == index).map(|(tokens, _)| tokens).collect();
        if dialogue.declared.is_none() && is_only_cited(page, &named) || is_only_listed(page, dialogue, &named) {
            continue;
        }
        let span = page.span(&dialogue.name);
        let mut draft = Draft::new("dialogues", "dialogues/name").with("name", page.value(span), span).derived("kind", dialogue.kind.as_str());
        if let Some(acronym) = &dialogue.acronym {
            draft = draft.with("acronym", page.value_of(acronym), page.span(acronym));
        }
        if let Some((year, span)) = founding::year_of(page, &telling, index) {
            draft = draft.with("established_year", year, span);
        }
        drafts.push(draft);
    }
}
