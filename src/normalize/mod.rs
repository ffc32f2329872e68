//! Normalize: codes and ids for names.
//!
//! In: drafts of one document. Out: the same drafts with ISO 3166 codes, ids of declared dialogues, organisations and groups, and
//! telephone numbers in E.164. The *kind* of a record field decides what is done with it, for every table alike. A state that cannot
//! be resolved is a finding with a suggestion, never a silent blank.

mod contacts;
mod lookup;

use crate::findings::{Finding, Place, Report, code};
use crate::model::document::Document;
use crate::model::gazetteer::Gazetteer;
use crate::model::record::Draft;
use crate::model::reference::Reference;
use crate::model::schemas::Schemas;
use crate::model::span::SpanMap;
use crate::model::table::RecordField;

use lookup::Lookup;

/// What normalizing needs to know about the document.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub document: &'a Document,
    /// From the joined text to the file.
    pub map: &'a SpanMap,
    pub gazetteer: &'a Gazetteer,
    pub schemas: &'a Schemas,
}

/// Adds codes and ids to the drafts of a document.
pub fn run(drafts: &mut [Draft], context: &Context<'_>, report: &mut Report) {
    let lookup = Lookup::new(context.gazetteer, &context.schemas.reference);
    for draft in drafts {
        let Some(record) = context.schemas.table(draft.table).and_then(|table| table.record.as_ref()) else { continue };
        for field in &record.fields {
            let Some(kind) = field.kind.as_deref() else { continue };
            if draft.cell(&field.name).is_some() {
                apply(kind, field, &record.fields, draft, &lookup, context, report);
            }
        }
    }
}

fn apply(kind: &str, field: &RecordField, fields: &[RecordField], draft: &mut Draft, lookup: &Lookup<'_>, context: &Context<'_>, report: &mut Report) {
    let Some(column) = column_of(draft, &field.name) else { return };
    let Some(name) = draft.text(column).map(str::to_owned) else { return };
    let reference = &context.schemas.reference;
    match kind {
        "dialogue" => set(draft, fields, "dialogue_id", column, lookup.dialogue(&name).map(|at| reference.dialogues[at].dialogue_id.as_str())),
        "organization" => set(draft, fields, "organization_id", column, lookup.organization(&name).map(|at| reference.organizations[at].organization_id.as_str())),
        "group" => set(draft, fields, "group_id", column, lookup.group_within(&name).map(|at| reference.groups[at].group_id.as_str())),
        "country" => country(draft, fields, column, &name, lookup, context, report),
        "city" => {
            if draft.cell("iso3").is_none() && draft.cell("country").is_none() {
                set(draft, fields, "iso3", column, lookup.city(&name).map(|at| reference.cities[at].iso3.as_str()));
            }
        }
        "party" => party(draft, fields, column, &name, lookup, context, report),
        "owner" => owner(draft, fields, column, &name, lookup, reference),
        "contact" => contacts::normalize(draft),
        _ => {}
    }
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

fn country(draft: &mut Draft, fields: &[RecordField], column: &'static str, name: &str, lookup: &Lookup<'_>, context: &Context<'_>, report: &mut Report) {
    match lookup.country(name) {
        Some(at) => set(draft, fields, "iso3", column, Some(context.schemas.reference.countries[at].iso3.as_str())),
        None => unknown_country(draft, column, name, lookup, context, report),
    }
}

/// A member: a state, a group of states or an organisation.
fn party(draft: &mut Draft, fields: &[RecordField], column: &'static str, name: &str, lookup: &Lookup<'_>, context: &Context<'_>, report: &mut Report) {
    let reference = &context.schemas.reference;
    match draft.text("party") {
        Some("state") => match lookup.country(name) {
            Some(at) => set(draft, fields, "iso3", column, Some(reference.countries[at].iso3.as_str())),
            None => unknown_country(draft, column, name, lookup, context, report),
        },
        Some("group") => set(draft, fields, "member_group_id", column, lookup.group_within(name).map(|at| reference.groups[at].group_id.as_str())),
        _ => set(draft, fields, "organization_id", column, lookup.organization(name).map(|at| reference.organizations[at].organization_id.as_str())),
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

fn unknown_country(draft: &Draft, column: &str, name: &str, lookup: &Lookup<'_>, context: &Context<'_>, report: &mut Report) {
    let span = draft.spans(column).first().copied().map_or(crate::model::Span::new(0, 0), |span| context.map.to_file(span));
    let (line, at) = context.document.line_and_column(span.start);
    let hint = match lookup.suggestion(name) {
        Some(near) => format!("did you mean {near}? correct the source, or add \"{name}\" to schemas/reference/aliases.csv"),
        None => format!("correct the source, or add \"{name}\" to schemas/reference/aliases.csv or organizations.csv"),
    };
    let message = format!("\"{name}\" is no country or organisation we know");
    report.push(Finding::new(code::COUNTRY_UNKNOWN, Place::new(&context.document.display_path, line, at), message).hint(hint));
}

