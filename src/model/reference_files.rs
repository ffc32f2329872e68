//! The files of reference data: read, and their rows held against each other.
//!
//! In: `schemas/reference/*.csv`. Out: the rows of all of them. What is wrong with them is reported with file, line and column.

use std::collections::{BTreeMap, BTreeSet};

use super::built_text::BuiltText;
use super::complaint::Complaint;
use super::csv_rows::CsvRows;
use super::reference::{ALIASES, Alias, City, Country, Dialogue, Group, GroupMember, Organization, OtherCode, Reference};
use super::schemas::SchemaFiles;
use crate::findings::{Finding, Report, code};

impl Reference {
    /// Reads all reference files; what is wrong with them is reported with file, line and column. Of files that are known to be sound the rows are
    /// not held against each other again.
    #[must_use]
    pub fn parse(files: &SchemaFiles, is_sound: bool, report: &mut Report) -> Self {
        let countries = CsvRows::<Country>::read(files, "reference/countries.csv", report);
        let groups = CsvRows::<Group>::read(files, "reference/groups.csv", report);
        let group_members = CsvRows::<GroupMember>::read(files, "reference/group_members.csv", report);
        let dialogues = CsvRows::<Dialogue>::read(files, "reference/dialogues.csv", report);
        let organizations = CsvRows::<Organization>::read(files, "reference/organizations.csv", report);
        let cities = CsvRows::<City>::read(files, "reference/cities.csv", report);
        let aliases = CsvRows::<Alias>::read(files, ALIASES, report);
        let other_codes = CsvRows::<OtherCode>::read(files, "reference/other_codes.csv", report);

        let tables = Tables { countries, groups, group_members, dialogues, organizations, cities, aliases, other_codes };
        if !is_sound {
            tables.check(report);
        }
        tables.into_reference()
    }

    /// The aliases in an `aliases.csv` that is read for its own sake.
    #[must_use]
    pub fn parse_aliases(files: &SchemaFiles, report: &mut Report) -> Vec<Alias> {
        CsvRows::read(files, ALIASES, report).rows
    }
}

/// The rows of all files with their places, while they are looked at.
struct Tables<'a> {
    countries: CsvRows<'a, Country>,
    groups: CsvRows<'a, Group>,
    group_members: CsvRows<'a, GroupMember>,
    dialogues: CsvRows<'a, Dialogue>,
    organizations: CsvRows<'a, Organization>,
    cities: CsvRows<'a, City>,
    aliases: CsvRows<'a, Alias>,
    other_codes: CsvRows<'a, OtherCode>,
}

impl Tables<'_> {
    /// Reports keys that stand twice, and references to what there is not.
    fn check(&self, report: &mut Report) {
        let Self { countries, groups, group_members, dialogues, organizations, cities, aliases, other_codes } = self;
        unique(countries, "iso3", |row| &row.iso3, report);
        unique(groups, "group_id", |row| &row.group_id, report);
        unique(dialogues, "dialogue_id", |row| &row.dialogue_id, report);
        unique(organizations, "organization_id", |row| &row.organization_id, report);
        unique(aliases, "name", |row| &row.name, report);

        let codes: BTreeSet<&str> = countries.rows.iter().map(|row| row.iso3.as_str()).collect();
        let group_ids: BTreeSet<&str> = groups.rows.iter().map(|row| row.group_id.as_str()).collect();
        let bodies: BTreeSet<&str> = organizations.rows.iter().map(|row| row.organization_id.as_str()).collect();
        let unless_known = |known: &BTreeSet<&str>, id: &str, what: &str| {
            let complaint = || Complaint::new(format!("\"{id}\" is no {what}")).compared(id, what);
            (!known.is_empty() && !known.contains(id)).then(complaint)
        };
        let no_country = |iso3: &str| unless_known(&codes, iso3, "code of a country");
        let no_group = |id: &str| unless_known(&group_ids, id, "group of groups.csv");
        let no_body = |id: &str| unless_known(&bodies, id, "organisation of organizations.csv");
        aliases.check("iso3", report, |_, row| no_country(&row.iso3));
        other_codes.check("iso3", report, |_, row| no_country(&row.iso3));
        cities.check("iso3", report, |_, row| no_country(&row.iso3));
        groups.check("organization_id", report, |_, row| row.organization_id.as_deref().and_then(no_body));
        dialogues.check("group_id", report, |_, row| row.group_id.as_deref().and_then(no_group));
        group_members.check("group_id", report, |_, row| no_group(&row.group_id));
        group_members.check("iso3", report, |_, row| match no_country(&row.iso3) {
            Some(_) if group_ids.contains(row.iso3.as_str()) => {
                let message = format!("\"{}\" is a group: members of groups are states, never groups", row.iso3);
                Some(Complaint::new(message).compared(&row.iso3, "code of a country"))
            }
            other => other,
        });
        group_members.check("valid_to", report, |_, row| {
            let end = row.valid_to.filter(|end| *end <= row.valid_from)?;
            let message = format!("valid_to is {end}, expected a day after valid_from, {}", row.valid_from);
            Some(Complaint::new(message).compared(end.to_string(), format!("a day after {}", row.valid_from)))
        });
        group_members.check("valid_from", report, |at, row| {
            let other = group_members.rows[..at].iter().position(|other| row.overlaps(other))?;
            let line = group_members.line(other);
            let message = format!("the term of {} in {} overlaps the one on line {line}", row.iso3, row.group_id);
            Some(Complaint::new(message).compared(row.term(), format!("a term outside that of line {line}, {}", group_members.rows[other].term())))
        });
    }

    fn into_reference(self) -> Reference {
        let Self { countries, groups, group_members, dialogues, organizations, cities, aliases, other_codes } = self;
        Reference {
            countries: countries.rows.into(),
            groups: groups.rows.into(),
            group_members: group_members.rows.into(),
            dialogues: dialogues.rows.into(),
            organizations: organizations.rows.into(),
            cities: cities.rows.into(),
            aliases: aliases.into_rows(|alias, line| alias.line = line).into(),
            other_codes: other_codes.rows.into(),
        }
    }
}

/// Reports each key that stands more than once, at the second.
fn unique<T>(rows: &CsvRows<'_, T>, column: &str, key: impl Fn(&T) -> &BuiltText, report: &mut Report) {
    let mut firsts: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, row) in rows.rows.iter().enumerate() {
        let key = key(row).as_str();
        if let Some(first) = firsts.get(key) {
            let message = format!("\"{key}\" stands twice, first on line {}", rows.line(*first));
            let finding = Finding::new(code::SCHEMA_INVALID, rows.place(at, column), message);
            report.push(finding.compared(key, format!("a {column} that no other row has")));
        } else {
            firsts.insert(key, at);
        }
    }
}
