//! Contacts: how to reach offices, with the owner of each value; those of private persons are found too, and withheld.
//!
//! In: a page. Out: one record a value. The owner is the name above the value in its block, before it on its line or in its
//! sentence, else the dialogue or heading that the block stands under.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use super::contact_values::{self, Found, Kind};
use super::page::Page;
use super::people::{self, Mailbox};
use super::postal;
use crate::findings::Report;
use crate::model::gazetteer::{Label, Shape, Tag, fold};
use crate::model::record::Draft;
use crate::model::span::Span;
use crate::model::text::BlockKind;
use crate::model::vocabulary::Reads;

/// Most lines of an owner's name.
const NAMES: usize = 3;

/// Emits the contacts of a page.
pub fn extract(page: &Page<'_>, drafts: &mut Vec<Draft>, _report: &mut Report) {
    let values: Vec<Vec<Found>> = page.numbered_blocks().map(|(block, _)| contact_values::find(page, block)).collect();
    let mut taken: Vec<&Range<usize>> = values.iter().flatten().map(|value| &value.tokens).collect();
    taken.sort_by_key(|tokens| tokens.start);
    let is_taken = |token: usize| {
        let at = taken.partition_point(|tokens| tokens.end <= token);
        taken.get(at).is_some_and(|tokens| tokens.contains(&token))
    };
    // Of one mailbox it is asked more than once, and all words of the page are looked at.
    let asked: RefCell<HashMap<String, bool>> = RefCell::default();
    let has_word = |part: &str| *asked.borrow_mut().entry(part.to_owned()).or_insert_with(|| people::run_together(page, &is_taken, part));
    let mut walk = Walk { page, has_word: &has_word, owner: Owner::default(), person_on_line: None, drafts };
    for (block, content) in page.numbered_blocks() {
        if !in_reach(page, block, &values) {
            walk.flush_address(block.saturating_sub(1));
            walk.owner = Owner::default();
            continue;
        }
        // A heading begins anew, and so does a paragraph behind a value; rows and lines right below go on.
        let announces =
            content.kind == BlockKind::Heading && values[block].is_empty() && postal::address_in(page, page.range(block), false).is_none();
        if announces || content.after_blank && walk.owner.used {
            walk.flush_address(block.saturating_sub(1));
            walk.owner = Owner::default();
        }
        walk.block(block, &values[block]);
    }
}

/// Whether a block has a contact, or may belong to one: the lines of a block of contacts before its first value, or the text under a heading
/// of contacts.
fn in_reach(page: &Page<'_>, block: usize, values: &[Vec<Found>]) -> bool {
    let has_value = |at: usize| values.get(at).is_some_and(|values| !values.is_empty());
    let is_short = |at: usize| at < values.len() && page.range(at).len() <= 40 && page.block(at).kind != BlockKind::Item;
    let leads_to_value = (1..=3).any(|ahead| has_value(block + ahead) && (0..ahead).all(|step| is_short(block + step)));
    has_value(block) || leads_to_value || (is_short(block) && under_contacts(page, block)) || has_address(page, block)
}

/// Whether a line of a block is a whole address with nothing else to tell it by: the foot of a page.
fn has_address(page: &Page<'_>, block: usize) -> bool {
    let range = page.range(block);
    let is_labelled = || page.any_begins(&range, |tag| tag == Tag::Label(Label::Address));
    page.any_begins(&range, |tag| matches!(tag, Tag::AddressWord | Tag::City(_)))
        && !page.digits_in(&range).is_empty()
        && (postal::has_number(page, &range) || is_labelled())
        && lines_of(page, block).into_iter().flat_map(|line| pieces(page, line)).any(|piece| address_of(page, &piece).is_some())
}

/// The lines of a block, or the cells of a row.
fn lines_of(page: &Page<'_>, block: usize) -> Vec<Range<usize>> {
    if page.block(block).kind == BlockKind::Row { page.cells(block) } else { page.lines(block) }
}

/// The sentences of a stretch, cut at wide gaps and bars.
fn pieces(page: &Page<'_>, stretch: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    for sentence in page.sentences(stretch) {
        let mut first = sentence.start;
        for token in sentence.clone().chain([sentence.end]) {
            let ends = token == sentence.end || page.text(token) == "|" || token > first && page.is_wide_before(token);
            if ends {
                let piece = trim(page, first..token);
                if !piece.is_empty() {
                    pieces.push(piece);
                }
                first = token;
            }
        }
    }
    pieces
}

/// The address of a piece of a line: behind a label of addresses, else one that is whole.
fn address_of(page: &Page<'_>, piece: &Range<usize>) -> Option<Range<usize>> {
    let label = page.mark(piece.start, |tag| tag == Tag::Label(Label::Address)).filter(|mark| mark.end + 1 < piece.end && page.text(mark.end) == ":");
    match label {
        Some(label) => postal::address_in(page, label.end + 1..piece.end, false),
        None => postal::full_address(page, piece.clone()),
    }
}

/// Whether the nearest heading, names of owners passed over, announces contacts.
fn under_contacts(page: &Page<'_>, block: usize) -> bool {
    page.introductions(block).take(2).any(|above| is_contact_heading(page, above))
}

fn is_contact_heading(page: &Page<'_>, block: usize) -> bool {
    let range = page.range(block);
    range.len() <= 8
        && range.clone().any(|token| page.mark(token, |tag| matches!(tag, Tag::Heading(at) if page.gazetteer.reads(at) == Reads::Contacts)).is_some())
}

/// Whom the next values belong to.
#[derive(Clone, Debug, Default)]
struct Owner {
    /// Lines that name an office, in order.
    names: Vec<Range<usize>>,
    person: Option<Range<usize>>,
    /// The lines of an address so far.
    address: Vec<Range<usize>>,
    /// Whether a value of this owner was seen: the next name begins a new one.
    used: bool,
}

struct Walk<'a> {
    page: &'a Page<'a>,
    /// Whether a word of the page begins a run of words without blanks.
    has_word: &'a dyn Fn(&str) -> bool,
    owner: Owner,
    /// The person whose mail address a line has, with the first token of the line.
    person_on_line: Option<(usize, Range<usize>)>,
    drafts: &'a mut Vec<Draft>,
}

impl Walk<'_> {
    fn block(&mut self, block: usize, values: &[Found]) {
        let page = self.page;
        let is_row = page.block(block).kind == BlockKind::Row;
        let lines = lines_of(page, block);
        // A row of a table has its own owner, unless it has nothing but labels and values.
        if is_row
            && lines.len() >= 3
            && !values.is_empty()
            && lines.first().is_some_and(|first| values.iter().all(|value| !first.contains(&value.tokens.start)))
        {
            self.owner = Owner::default();
        }
        for (at, line) in lines.iter().enumerate() {
            let on_line: Vec<&Found> = values.iter().filter(|value| line.contains(&value.tokens.start)).collect();
            let head_end = on_line.first().map_or(line.end, |value| {
                value
                    .label
                    .as_ref()
                    .filter(|label| line.contains(&label.start))
                    .map_or(value.tokens.start, |label| label.start.min(value.tokens.start))
            });
            let head = trim(page, line.start..head_end);
            self.head(block, head, on_line.is_empty(), lines.get(at + 1));
            self.person_on_line = on_line.iter().filter(|value| value.kind == Kind::Email).find_map(|value| {
                match people::mailbox(page, self.has_word, &value.value, &self.vicinity(block, value)) {
                    Mailbox::Person(Some(name)) if line.contains(&name.start) => Some((line.start, name)),
                    _ => None,
                }
            });
            for (index, value) in on_line.iter().enumerate() {
                self.flush_address(block);
                self.value(block, line, value);
                let follows = on_line.get(index + 1).map_or(line.end, |next| next.label.as_ref().map_or(next.tokens.start, |label| label.start));
                self.addresses_within(value.tokens.end..follows.max(value.tokens.end).min(line.end));
            }
        }
        let goes_on = page.blocks.blocks.get(block + 1).is_some_and(|next| !next.after_blank);
        if !goes_on {
            self.flush_address(block);
        }
    }

    /// Takes the addresses of a stretch that is no line of its own.
    fn addresses_within(&mut self, stretch: Range<usize>) {
        let page = self.page;
        if stretch.len() >= 4 {
            self.owner.address.extend(pieces(page, stretch).iter().filter_map(|piece| address_of(page, piece)));
        }
    }

    /// Reads what a line has before its first value.
    fn head(&mut self, block: usize, head: Range<usize>, whole_line: bool, next: Option<&Range<usize>>) {
        let page = self.page;
        if head.is_empty() || page.block(block).kind == BlockKind::Heading && is_contact_heading(page, block) {
            return;
        }
        let goes_on = !self.owner.address.is_empty();
        // The end of an address, and something else beside it.
        let wide = (head.start + 1..head.end).find(|&token| goes_on && page.gap_before(token).contains("   "));
        let head = head.start..wide.unwrap_or(head.end);
        let labelled =
            page.mark(head.start, |tag| tag == Tag::Label(Label::Address)).filter(|mark| mark.end < head.end && page.text(mark.end) == ":");
        let address = match labelled {
            Some(mark) => Some(postal::over_owner(page, &(mark.end + 1..head.end))),
            None => postal::address_in(page, head.clone(), goes_on && whole_line),
        };
        let name_end = address.as_ref().map_or(head.end, |address| address.start);
        let name = trim(page, labelled.map_or(head.start, |mark| mark.end + 1)..name_end);
        // `General line: +66 ...`: a label that we do not know.
        let is_label = !whole_line && address.is_none() && page.text(head.end) == ":" && !names_body(page, &name);
        if !name.is_empty() && !is_label && !is_prose(page, block) {
            // Who stands before an address on its line is its owner, whoever stands above.
            if address.is_some() && !goes_on && names_body(page, &name) {
                self.owner.used = true;
            }
            let first = if address.is_some() { name.clone().find(|&token| page.is_capital(token)).unwrap_or(name.start) } else { name.start };
            self.name(first..name.end, whole_line, next);
        }
        match address {
            Some(address) => self.owner.address.push(address),
            None if pieces(page, head.clone()).len() > 1 => self.addresses_within(head),
            None if whole_line => self.flush_address(block),
            None => {}
        }
    }

    /// Takes a name as owner of what follows.
    fn name(&mut self, name: Range<usize>, whole_line: bool, next: Option<&Range<usize>>) {
        let page = self.page;
        let person = name.clone().find_map(|token| people::titled_person(page, token, name.end)).or_else(|| {
            let job_follows = next.is_some_and(|next| next.clone().any(|token| page.has(token, Tag::PersonTitle)));
            (whole_line && job_follows && people::is_person_line(page, &name)).then(|| name.clone())
        });
        let is_label =
            (name.start..name.end).any(|token| page.mark(token, |tag| matches!(tag, Tag::Label(_))).is_some_and(|mark| mark.end == name.end));
        let is_job = name.clone().any(|token| page.has(token, Tag::PersonTitle)) && self.owner.person.is_some();
        if person.is_none() && (is_label || is_job) {
            return;
        }
        if self.owner.used {
            self.owner.names.clear();
            self.owner.person = None;
            self.owner.used = false;
        }
        match person {
            Some(person) => self.owner.person = Some(person),
            None if is_name_of_owner(page, &name) => {
                self.owner.person = None;
                if self.owner.names.len() == NAMES {
                    self.owner.names.remove(0);
                }
                self.owner.names.push(name);
            }
            None => {}
        }
    }

    fn value(&mut self, block: usize, line: &Range<usize>, value: &Found) {
        let page = self.page;
        let vicinity = self.vicinity(block, value);
        let near = self.person_before(line, value);
        let person = match value.kind {
            Kind::Email => match people::mailbox(page, self.has_word, &value.value, &vicinity) {
                Mailbox::Person(name) => Some(name.or(near).or(self.owner.person.clone())),
                Mailbox::Office => None,
            },
            Kind::Handle => Some(near.or(self.owner.person.clone())),
            Kind::Phone => near
                .or(self.owner.person.clone())
                .or_else(|| {
                    self.person_on_line.clone().filter(|(start, name)| *start == line.start && name.start < value.tokens.start).map(|(_, name)| name)
                })
                .map(Some),
            Kind::Fax | Kind::Website => None,
        };
        let kind = match value.kind {
            Kind::Email => "email".to_owned(),
            Kind::Website => "website".to_owned(),
            Kind::Phone => "phone".to_owned(),
            Kind::Fax => "fax".to_owned(),
            Kind::Handle => value.label.as_ref().map_or_else(|| "handle".to_owned(), |label| page.value_of(label).to_lowercase()),
        };
        let owner = match &person {
            Some(name) => name.as_ref().map(|name| (page.value_of(name), page.span(name))),
            None if value.kind == Kind::Website => of_host(page, &value.value).map(|name| (page.value_of(&name), page.span(&name))),
            None => None,
        };
        let owner = owner.or_else(|| self.office(block, line, value.tokens.start));
        let rule = if person.is_some() { "contacts/personal" } else { "contacts/value" };
        let mut draft = Draft::new("contacts", rule)
            .with("kind", kind.as_str(), value.span)
            .with("value", value.value.as_str(), value.span)
            .derived("personal", person.is_some());
        if let Some((name, span)) = owner {
            draft = draft.with("owner", name, span);
        }
        draft.withheld = person.is_some();
        self.drafts.push(draft);
        self.owner.used = true;
    }

    /// The text before a value in which its owner may stand.
    fn vicinity(&self, block: usize, value: &Found) -> Range<usize> {
        self.page.range(block.saturating_sub(2)).start..value.tokens.start
    }

    /// The person named before a value in its sentence, with no office between.
    fn person_before(&self, line: &Range<usize>, value: &Found) -> Option<Range<usize>> {
        let page = self.page;
        let from = page.range(page.block_of(value.tokens.start)).start;
        let mut first = value.tokens.start;
        while first > from && value.tokens.start - first < 40 {
            let ends_sentence = page.text(first - 1) == "."
                && !page.tokens.touches_previous(first)
                && page.token(first).shape == Shape::Capital
                && page.token(first - 2.min(first)).span.len() > 3;
            let ends_line = first <= line.start
                && page.gap_before(first).contains('\n')
                && !matches!(page.text(first - 1), "," | "(")
                && page.token(first).shape != Shape::Lower
                && first != line.start;
            if ends_sentence || ends_line || matches!(page.text(first - 1), "•" | "|") {
                break;
            }
            first -= 1;
        }
        let (at, person) = (first..value.tokens.start)
            .rev()
            .find_map(|token| people::titled_person(page, token, value.tokens.start).map(|person| (token, person)))?;
        let office_between = (person.end..value.tokens.start)
            .any(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).is_some() && page.text(token - 1) != "@");
        (at >= first && !office_between).then_some(person)
    }

    /// The office that a value belongs to.
    fn office(&self, block: usize, line: &Range<usize>, before: usize) -> Option<(String, Span)> {
        let page = self.page;
        if let (Some(first), Some(last)) = (self.owner.names.first(), self.owner.names.last()) {
            let names: Vec<String> = self.owner.names.iter().map(|name| page.value_of(name).trim_end_matches(',').to_owned()).collect();
            return Some((names.join(", "), page.span(first).to(page.span(last))));
        }
        let sentence = page.sentences(page.range(block)).into_iter().find(|sentence| sentence.contains(&before)).unwrap_or(line.clone());
        let named = (sentence.start..before)
            .rev()
            .find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))).filter(|mark| mark.end <= before));
        let in_block = || page.range(block).find_map(|token| page.mark(token, |tag| matches!(tag, Tag::Organization(_) | Tag::Dialogue(_))));
        let named = named.or_else(in_block);
        let named = named.map(|mark| mark.first..mark.end).or_else(|| page.subject(block).map(|subject| page.dialogues[subject].name.clone()));
        let named = named.or_else(|| page.heading(block).filter(|&heading| !is_contact_heading(page, heading)).map(|heading| page.range(heading)));
        let named = named.or_else(|| page.numbered_blocks().next().map(|(first, _)| page.range(first)).filter(|first| first.len() <= 30))?;
        (!named.is_empty()).then(|| (page.value_of(&named), page.span(&named)))
    }

    /// Emits the address read so far.
    fn flush_address(&mut self, block: usize) {
        let page = self.page;
        let lines = std::mem::take(&mut self.owner.address);
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        let parts: Vec<String> = lines.iter().map(|line| page.value_of(line).trim_end_matches([',', ';', '.']).to_owned()).collect();
        let span = page.span(first).to(page.span(last));
        let mut draft =
            Draft::new("contacts", "contacts/address").with("kind", "address", span).with("value", parts.join(", "), span).derived("personal", false);
        if let Some((name, span)) = self.office(block, first, first.start) {
            draft = draft.with("owner", name, span);
        }
        self.drafts.push(draft);
        self.owner.used = true;
    }
}

/// The dialogue or body of the page whose name or acronym a label of a host is: `colomboprocess` in `www.colomboprocess.org`.
fn of_host(page: &Page<'_>, address: &str) -> Option<Range<usize>> {
    let host = address.split("://").last()?.split('/').next()?.to_lowercase();
    let labels: Vec<&str> = host.split('.').filter(|label| *label != "www" && label.len() >= 3).collect();
    let fits = |name: &Range<usize>| {
        let letters: String =
            name.clone().filter(|&token| page.is_word(token) && !page.has(token, Tag::Article)).map(|token| fold(page.text(token))).collect();
        labels.iter().rev().skip(1).any(|label| label.replace('-', "") == letters) || labels.first() == Some(&letters.as_str())
    };
    let dialogue = page.dialogues.iter().find(|dialogue| fits(&dialogue.name) || dialogue.acronym.as_ref().is_some_and(&fits));
    dialogue
        .map(|dialogue| dialogue.name.clone())
        .or_else(|| page.dialogue_mentions.iter().map(|(tokens, _)| tokens).find(|tokens| fits(tokens)).cloned())
}

/// Leaves out signs at both ends.
fn trim(page: &Page<'_>, mut range: Range<usize>) -> Range<usize> {
    let is_sign = |token: usize| matches!(page.text(token), "," | ";" | ":" | "|" | "•" | "·" | "-" | "–" | "—" | "(" | "." | "<" | "/");
    while !range.is_empty() && is_sign(range.end - 1) {
        range.end -= 1;
    }
    while !range.is_empty() && is_sign(range.start) {
        range.start += 1;
    }
    range
}

/// Whether a name has the noun of a body in it, or is known.
/// Running text: a sentence of many words, most of them small.
fn is_prose(page: &Page<'_>, block: usize) -> bool {
    page.sentences(page.range(block)).into_iter().any(|sentence| {
        let words = sentence.clone().filter(|&token| page.is_word(token)).count();
        let small = sentence.clone().filter(|&token| page.token(token).shape == Shape::Lower).count();
        words >= 8 && small * 5 > words * 2
    })
}

fn names_body(page: &Page<'_>, name: &Range<usize>) -> bool {
    name.clone().any(|token| {
        page.mark(token, |tag| {
            matches!(tag, Tag::Organization(_) | Tag::OrganizationHead(_) | Tag::Dialogue(_) | Tag::DialogueHead(_) | Tag::PersonTitle)
        })
        .is_some()
    }) || page.dialogues_in(name.clone()).next().is_some()
}

/// A name: capitals first, no sentence, and not only wording.
fn is_name_of_owner(page: &Page<'_>, name: &Range<usize>) -> bool {
    let words = name.clone().filter(|&token| page.is_word(token)).count();
    let capitals = name.clone().filter(|&token| page.is_capital(token)).count();
    let is_heading = name.clone().any(|token| {
        page.mark(token, |tag| matches!(tag, Tag::Heading(_))).is_some_and(|mark| mark.first == name.start && mark.end >= name.end.saturating_sub(1))
    });
    let is_state = page.mark(name.start, |tag| matches!(tag, Tag::Country(_))).is_some_and(|mark| mark.end >= name.end);
    !is_state && words > 0 && words <= 20 && capitals * 3 >= words && page.is_capital(name.start) && !is_heading
}
