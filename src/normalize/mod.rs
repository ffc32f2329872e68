//! Normalize: codes and ids for names.
//!
//! In: drafts of one document. Out: the same drafts with ISO 3166 codes, ids of declared dialogues, organisations and groups, and
//! telephone numbers in E.164. The *kind* of a record field decides what is done with it, for every table alike. A state that cannot
//! be resolved is a finding with a suggestion, never a silent blank.

pub mod country;

mod contacts;
mod lookup;
mod strangers;

use std::collections::{BTreeMap, BTreeSet};

use crate::findings::{Code, Place, Report, code};
use crate::model::complaint::Complaint;
use crate::model::document::Document;
use crate::model::gazetteer::{Gazetteer, fold};
use crate::model::record::Draft;
use crate::model::reference::Reference;
use crate::model::schemas::Schemas;
use crate::model::span::SpanMap;
use crate::model::table::RecordField;

use country::Normalizer;
use lookup::{Answer, Lookup};
use strangers::{Look, Stranger};

/// What normalizing needs to know about the document.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub document: &'a Document,
    /// From the joined text to the file.
    pub map: &'a SpanMap,
    pub gazetteer: &'a Gazetteer,
    pub countries: &'a Normalizer,
    pub schemas: &'a Schemas,
}

/// Adds codes and ids to the drafts of a document, and returns which of the project's aliases gave one, by their rows.
pub fn run(drafts: &mut [Draft], context: &Context<'_>, report: &mut Report) -> BTreeSet<usize> {
    let mut pass = Pass { lookup: Lookup::new(context), context, report, aliases: BTreeSet::new(), open: Vec::new() };
    for at in 0..drafts.len() {
        let draft = &mut drafts[at];
        let Some(record) = context.schemas.table(draft.table).and_then(|table| table.record.as_ref()) else { continue };
        for field in &record.fields {
            let Some(kind) = field.kind.as_deref() else { continue };
            if draft.cell(&field.name).is_some() {
                pass.apply(kind, field, &record.fields, draft);
            }
        }
        pass.open.iter_mut().rev().take_while(|open| open.draft.is_none()).for_each(|open| open.draft = Some(at));
    }
    pass.settle(drafts);
    pass.question(drafts);
    pass.aliases
}

/// One pass over the drafts of a document.
struct Pass<'a, 'r> {
    lookup: Lookup<'a>,
    context: &'a Context<'a>,
    report: &'r mut Report,
    /// The rows of `aliases.csv` that were used.
    aliases: BTreeSet<usize>,
    open: Vec<Open<'a>>,
}

/// A name that can be one of several countries.
struct Open<'a> {
    /// The draft that has it.
    draft: Option<usize>,
    column: &'static str,
    name: String,
    /// Names and alpha-3 codes.
    meant: Vec<(&'a str, &'a str)>,
}

/// The name of a member in its record.
const MEMBER: &str = "member_name";
/// Fewest capitals of an acronym.
const ACRONYM: usize = 2;

/// What is alike in the records of one list.
const LIST: [&str; 3] = ["dialogue", "role", "group"];

impl Pass<'_, '_> {
    fn apply(&mut self, kind: &str, field: &RecordField, fields: &[RecordField], draft: &mut Draft) {
        let Some(column) = column_of(draft, &field.name) else { return };
        let Some(name) = draft.text(column).map(str::to_owned) else { return };
        let (reference, lookup) = (&self.context.schemas.reference, &self.lookup);
        match kind {
            "dialogue" => set(draft, fields, "dialogue_id", column, lookup.dialogue(&name).map(|at| reference.dialogues[at].dialogue_id.as_str())),
            "organization" => set(
                draft,
                fields,
                "organization_id",
                column,
                lookup.organization(&name).map(|at| reference.organizations[at].organization_id.as_str()),
            ),
            "group" => set(draft, fields, "group_id", column, lookup.group_within(&name).map(|at| reference.groups[at].group_id.as_str())),
            "country" => self.country(draft, fields, column, &name),
            "city" if draft.cell("iso3").is_none() && draft.cell("country").is_none() => {
                set(draft, fields, "iso3", column, lookup.city(&name).map(|at| reference.cities[at].iso3.as_str()));
            }
            "party" => self.party(draft, fields, column, &name),
            "owner" => owner(draft, fields, column, &name, lookup, reference),
            "contact" => contacts::normalize(draft),
            _ => {}
        }
    }

    /// A member: a state, a group of states or an organisation.
    fn party(&mut self, draft: &mut Draft, fields: &[RecordField], column: &'static str, name: &str) {
        let (reference, lookup) = (&self.context.schemas.reference, &self.lookup);
        match draft.text("party") {
            Some("state") => self.country(draft, fields, column, name),
            Some("group") => {
                set(draft, fields, "member_group_id", column, lookup.group_within(name).map(|at| reference.groups[at].group_id.as_str()))
            }
            _ => {
                let known = lookup.organization(name);
                // No body that we know, but what a state is called, or several.
                if known.is_none() && lookup.is_of_country(name) {
                    set(draft, fields, "party", column, Some("state"));
                    return self.country(draft, fields, column, name);
                }
                set(draft, fields, "organization_id", column, known.map(|at| reference.organizations[at].organization_id.as_str()));
            }
        }
    }

    fn country(&mut self, draft: &mut Draft, fields: &[RecordField], column: &'static str, name: &str) {
        if draft.cell("iso3").is_some() {
            return;
        }
        match self.lookup.country(name) {
            Answer::Country { at, method, alias } => {
                set(draft, fields, "iso3", column, Some(self.context.schemas.reference.countries[at].iso3.as_str()));
                set(draft, fields, "method", column, Some(method));
                self.aliases.extend(alias);
            }
            Answer::Several(countries) => {
                set(draft, fields, "method", column, Some("ambiguous"));
                self.open.push(Open { draft: None, column, name: name.to_owned(), meant: countries });
            }
            Answer::Unknown { near } => self.complain_of_unknown(draft, column, name, &near),
        }
    }

    fn complain_of_unknown(&mut self, draft: &Draft, column: &str, name: &str, near: &[(&str, &str)]) {
        let message = format!("\"{name}\" is no country or organisation we know");
        let field = csv_field(name);
        let hint = match near {
            [] => format!(
                "correct the source, or add to schemas/reference/aliases.csv: {field},<alpha-3 code>, (an organisation: to organizations.csv)"
            ),
            near => {
                let names: Vec<String> = near.iter().map(|(name, alpha3)| format!("{name} ({alpha3})")).collect();
                let code = if let [(_, alpha3)] = near { alpha3 } else { "<alpha-3 code>" };
                format!("did you mean {}? correct the source, or add to schemas/reference/aliases.csv: {field},{code},", names.join(" or "))
            }
        };
        let complaint = Complaint::new(message).compared(name, "a country or organisation that is known");
        self.complain(code::COUNTRY_UNKNOWN, draft, column, complaint, hint);
    }

    /// Members that nobody knows: a misprint of a state is that state, as in a list of nothing but states, and is not published as an organisation.
    fn question(&mut self, drafts: &mut [Draft]) {
        for (at, stranger) in strangers::find(drafts, |draft| self.look(draft)) {
            let Some(name) = drafts[at].text(MEMBER).map(str::to_owned) else { continue };
            if stranger == Stranger::State {
                drafts[at].set("party", "state", &[]);
                let record = self.context.schemas.table(drafts[at].table).and_then(|table| table.record.as_ref());
                self.country(&mut drafts[at], record.map_or(&[], |record| &record.fields), MEMBER, &name);
                continue;
            }
            let complaint = Complaint::new(format!("\"{name}\" is no country or organisation we know, and is published as an organisation"));
            let complaint = complaint.compared(name.as_str(), "a country or organisation that is known");
            let hint = "correct the source, or add it to schemas/reference/organizations.csv; a state: to aliases.csv".to_owned();
            self.complain(code::MEMBER_UNKNOWN, &drafts[at], MEMBER, complaint, hint);
        }
    }

    /// What the name of a member, and an acronym in the bracket behind it, say of it.
    fn look(&self, draft: &Draft) -> Look {
        let name = draft.text(MEMBER).unwrap_or_default();
        let look = self.lookup.look(name);
        let text = &self.context.document.text;
        let end = draft.spans(MEMBER).last().map_or(text.len(), |span| self.context.map.to_file(*span).end as usize);
        let behind = text.get(end..).unwrap_or_default().trim_start().strip_prefix(['(', '[']);
        let capitals = behind.map_or(0, |behind| behind.chars().take_while(|letter| letter.is_uppercase()).count());
        if capitals >= ACRONYM { Look::Body } else { look }
    }

    /// A list that names one of two states by a name of its own means the other by the name that both have: `Congo` beside `DR Congo`. What
    /// a name means in the lists of a text it means all over the text.
    fn settle(&mut self, drafts: &mut [Draft]) {
        let mut meant: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let mut unsettled = Vec::new();
        for open in std::mem::take(&mut self.open) {
            let Some(at) = open.draft else { continue };
            let draft = &drafts[at];
            let is_beside = |other: &&Draft| {
                draft.text("role").is_some() && other.table == draft.table && LIST.iter().all(|column| other.text(column) == draft.text(column))
            };
            let others: Vec<&str> = drafts.iter().filter(is_beside).filter_map(|other| other.text("iso3")).collect();
            let left: Vec<(&str, &str)> = open.meant.iter().copied().filter(|(_, iso3)| !others.contains(iso3)).collect();
            match left.as_slice() {
                [(_, iso3)] if left.len() < open.meant.len() => {
                    let spans = draft.spans(open.column);
                    drafts[at].set("iso3", *iso3, &spans);
                    drafts[at].set("method", "context", &spans);
                    meant.entry(fold(&open.name)).or_default().insert(*iso3);
                }
                _ => unsettled.push((at, open)),
            }
        }
        for (at, open) in unsettled {
            let draft = &drafts[at];
            let codes: Vec<&str> = meant.get(&fold(&open.name)).into_iter().flatten().copied().collect();
            match codes.as_slice() {
                [iso3] => {
                    let spans = draft.spans(open.column);
                    drafts[at].set("iso3", *iso3, &spans);
                    drafts[at].set("method", "context", &spans);
                }
                _ => {
                    let names: Vec<&str> = open.meant.iter().map(|(name, _)| *name).collect();
                    let meant = names.join(" or ");
                    let message = format!("\"{}\" can be {meant}", open.name);
                    let hint = format!("say which one, in schemas/reference/aliases.csv: {},<alpha-3 code>,", csv_field(&open.name));
                    let complaint = Complaint::new(message).compared(open.name.as_str(), format!("one of {meant}"));
                    self.complain(code::COUNTRY_AMBIGUOUS, draft, open.column, complaint, hint);
                }
            }
        }
    }

    /// A finding at the place of a column's value.
    fn complain(&mut self, code: &'static Code, draft: &Draft, column: &str, complaint: Complaint, hint: String) {
        let document = self.context.document;
        let span = draft.spans(column).first().copied().map_or(crate::model::Span::new(0, 0), |span| self.context.map.to_file(span));
        let (line, at) = document.line_and_column(span.start);
        self.report.push(complaint.finding(code, Place::new(&document.display_path, line, at)).hint(hint));
    }
}

/// A text as a field of a CSV, ready to be pasted.
fn csv_field(text: &str) -> String {
    if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// The column as the extractors name it.
fn column_of(draft: &Draft, name: &str) -> Option<&'static str> {
    draft.cell(name).map(|cell| cell.column)
}

/// Sets a code with the evidence of the name, where the record has such a field and the name resolves.
fn set(draft: &mut Draft, fields: &[RecordField], code_column: &'static str, name_column: &str, code: Option<&str>) {
    if let Some(code) = code.filter(|_| fields.iter().any(|field| field.name == code_column)) {
        let spans = draft.spans(name_column);
        draft.set(code_column, code, &spans);
    }
}

fn owner(draft: &mut Draft, fields: &[RecordField], column: &'static str, name: &str, lookup: &Lookup<'_>, reference: &Reference) {
    let id_column = match column {
        "publisher" => "publisher_id",
        "funder" => "funder_id",
        _ => "owner_id",
    };
    let organization = lookup.organization_within(name).map(|at| reference.organizations[at].organization_id.as_str());
    let dialogue = lookup.dialogue_within(name).map(|at| reference.dialogues[at].dialogue_id.as_str());
    let (id, owner_type) = match (dialogue, organization) {
        (Some(id), _) if id_column == "owner_id" => (Some(id), "dialogue"),
        (_, id) => (id, "organization"),
    };
    set(draft, fields, id_column, column, id);
    if id.is_some() {
        set(draft, fields, "owner_type", column, Some(owner_type));
    }
}
