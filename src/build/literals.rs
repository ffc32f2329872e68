//! Literals: reference data as an expression of the program, so that nothing of it is read when the program starts.
//!
//! In: the reference data and the entities of the table of countries. Out: the text of a `Reference`, or of a slice, that borrows all of its
//! rows and their texts.

use std::fmt::{self, Write as _};

use chrono::{Datelike, NaiveDate};

use super::super::country_table::entity::Entity;
use super::built_text::BuiltText;
use super::reference::{Alias, City, Country, Dialogue, Group, GroupMember, Organization, OtherCode, Reference};

/// The expression.
///
/// # Errors
/// None: it is written to memory.
pub fn of(reference: &Reference) -> Result<String, fmt::Error> {
    let Reference { countries, groups, group_members, dialogues, organizations, cities, aliases, other_codes } = reference;
    let mut out = String::from("Reference {\n");
    rows(&mut out, "countries", countries, country)?;
    rows(&mut out, "groups", groups, group)?;
    rows(&mut out, "group_members", group_members, group_member)?;
    rows(&mut out, "dialogues", dialogues, dialogue)?;
    rows(&mut out, "organizations", organizations, organization)?;
    rows(&mut out, "cities", cities, city)?;
    rows(&mut out, "aliases", aliases, alias)?;
    rows(&mut out, "other_codes", other_codes, other_code)?;
    out.push('}');
    Ok(out)
}

/// The expression of a slice of entities.
///
/// # Errors
/// None: it is written to memory.
pub fn of_entities(entities: &[Entity]) -> Result<String, fmt::Error> {
    let mut out = String::from("&[\n");
    entities.iter().try_for_each(|one| writeln!(out, "{},", entity(one)))?;
    out.push(']');
    Ok(out)
}

fn rows<T>(out: &mut String, name: &str, rows: &[T], row: impl Fn(&T) -> String) -> fmt::Result {
    writeln!(out, "{name}: Cow::Borrowed(&[")?;
    rows.iter().try_for_each(|one| writeln!(out, "{},", row(one)))?;
    writeln!(out, "]),")
}

fn text(text: &BuiltText) -> String {
    format!("BuiltText::of({:?})", text.as_str())
}

fn maybe(value: Option<&BuiltText>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({})", text(value)))
}

fn texts(names: &[BuiltText]) -> String {
    let names: Vec<String> = names.iter().map(text).collect();
    format!("Cow::Borrowed(&[{}])", names.join(", "))
}

fn day(day: NaiveDate) -> String {
    format!("day_numbered({})", day.num_days_from_ce())
}

fn entity(row: &Entity) -> String {
    let Entity { alpha2, alpha3, alpha4, numeric, name, standing, from, until, successors, sovereigns } = row;
    let [alpha2, alpha3, alpha4, numeric, name, from, until] = [alpha2, alpha3, alpha4, numeric, name, from, until].map(text);
    let (successors, sovereigns) = (texts(successors), texts(sovereigns));
    format!(
        "Entity {{ alpha2: {alpha2}, alpha3: {alpha3}, alpha4: {alpha4}, numeric: {numeric}, name: {name}, standing: entity::Standing::{standing:?}, \
         from: {from}, until: {until}, successors: {successors}, sovereigns: {sovereigns} }}"
    )
}

fn country(row: &Country) -> String {
    let Country { iso3, iso2, m49, name, formal_name, status, region, subregion } = row;
    let [iso3, name, status] = [iso3, name, status].map(text);
    let [iso2, m49, formal_name, region, subregion] = [iso2, m49, formal_name, region, subregion].map(|value| maybe(value.as_ref()));
    format!(
        "reference::Country {{ iso3: {iso3}, iso2: {iso2}, m49: {m49}, name: {name}, formal_name: {formal_name}, status: {status}, region: {region}, \
         subregion: {subregion} }}"
    )
}

fn group(row: &Group) -> String {
    let Group { group_id, name, acronym, other_names, organization_id } = row;
    let [group_id, name] = [group_id, name].map(text);
    let [acronym, organization_id] = [acronym, organization_id].map(|value| maybe(value.as_ref()));
    let other_names = texts(other_names);
    format!(
        "reference::Group {{ group_id: {group_id}, name: {name}, acronym: {acronym}, other_names: {other_names}, organization_id: {organization_id} }}"
    )
}

fn group_member(row: &GroupMember) -> String {
    let GroupMember { group_id, iso3, valid_from, valid_to, citation } = row;
    let [group_id, iso3, citation] = [group_id, iso3, citation].map(text);
    let valid_from = day(*valid_from);
    let valid_to = valid_to.map_or_else(|| "None".to_owned(), |end| format!("Some({})", day(end)));
    format!("reference::GroupMember {{ group_id: {group_id}, iso3: {iso3}, valid_from: {valid_from}, valid_to: {valid_to}, citation: {citation} }}")
}

fn dialogue(row: &Dialogue) -> String {
    let Dialogue { dialogue_id, name, acronym, kind, other_names, established_year, group_id } = row;
    let [dialogue_id, name, kind] = [dialogue_id, name, kind].map(text);
    let [acronym, group_id] = [acronym, group_id].map(|value| maybe(value.as_ref()));
    let other_names = texts(other_names);
    format!(
        "reference::Dialogue {{ dialogue_id: {dialogue_id}, name: {name}, acronym: {acronym}, kind: {kind}, other_names: {other_names}, \
         established_year: {established_year:?}, group_id: {group_id} }}"
    )
}

fn organization(row: &Organization) -> String {
    let Organization { organization_id, name, acronym, kind, other_names, homepage } = row;
    let [organization_id, name, kind] = [organization_id, name, kind].map(text);
    let [acronym, homepage] = [acronym, homepage].map(|value| maybe(value.as_ref()));
    let other_names = texts(other_names);
    format!(
        "reference::Organization {{ organization_id: {organization_id}, name: {name}, acronym: {acronym}, kind: {kind}, other_names: {other_names}, \
         homepage: {homepage} }}"
    )
}

fn city(row: &City) -> String {
    let City { name, iso3, other_names, ambiguous } = row;
    let [name, iso3] = [name, iso3].map(text);
    let (other_names, ambiguous) = (texts(other_names), maybe(ambiguous.as_ref()));
    format!("reference::City {{ name: {name}, iso3: {iso3}, other_names: {other_names}, ambiguous: {ambiguous} }}")
}

fn alias(row: &Alias) -> String {
    let Alias { name, iso3, note, line } = row;
    let [name, iso3] = [name, iso3].map(text);
    let note = maybe(note.as_ref());
    format!("reference::Alias {{ name: {name}, iso3: {iso3}, note: {note}, line: {line} }}")
}

fn other_code(row: &OtherCode) -> String {
    let OtherCode { code, iso3, note } = row;
    let [code, iso3] = [code, iso3].map(text);
    let note = maybe(note.as_ref());
    format!("reference::OtherCode {{ code: {code}, iso3: {iso3}, note: {note} }}")
}
