//! Tables that come from the registry, the reference data and the records as they are: sources, evidence, names, coverage,
//! countries, groups and their members, tombstones.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::reading::Records;
use super::settle::EvidenceRow;
use super::slug::fold;
use crate::model::dataset::Row;
use crate::model::renames::Renames;
use crate::model::schemas::Schemas;
use crate::model::source::{CoverageRow, SourceRow};
use crate::model::{Cell, TableSchema};

/// A row of a table with the given cells; the others are empty.
#[must_use]
pub fn row_of(schema: &TableSchema, cells: &[(&str, Cell)]) -> Row {
    debug_assert!(cells.iter().all(|(column, _)| schema.position_of(column).is_some()), "{} lacks a column of {cells:?}", schema.name);
    schema.fields.iter().map(|field| cells.iter().find(|(column, _)| *column == field.name).map_or(Cell::Null, |(_, cell)| cell.clone())).collect()
}

/// The row of a source.
#[must_use]
pub fn source(schema: &TableSchema, source: &SourceRow) -> Row {
    let entry = &source.entry;
    row_of(
        schema,
        &[
            ("source_id", entry.id.as_str().into()),
            ("title", entry.title.as_str().into()),
            ("publisher", entry.publisher.as_str().into()),
            ("published", Cell::optional(entry.published.clone())),
            ("as_of", Cell::optional(entry.as_of.clone())),
            ("language", entry.language.as_str().into()),
            ("licence", entry.licence.as_str().into()),
            ("url", Cell::optional(entry.url.clone())),
            ("path", source.path.as_str().into()),
            ("sha256", source.sha256.as_str().into()),
            ("original_sha256", Cell::optional(entry.original_sha256.clone())),
            ("bytes", count(source.bytes)),
            ("lines", count(source.lines)),
            ("transcript", entry.transcript.into()),
            ("withheld", count(source.withheld)),
        ],
    )
}

/// What became of every byte of a source.
#[must_use]
pub fn coverage(schema: &TableSchema, row: &CoverageRow) -> Row {
    row_of(
        schema,
        &[
            ("source_id", row.source_id.as_str().into()),
            ("bytes", count(row.bytes)),
            ("read", count(row.read)),
            ("no_fact", count(row.no_fact)),
            ("ignored", count(row.ignored)),
            ("unread", count(row.unread)),
            ("blank", count(row.blank)),
        ],
    )
}

fn count(number: u64) -> Cell {
    Cell::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Makes a row that of a piece of evidence, with the columns of evidence where [`evidence_positions`] says.
pub fn evidence(positions: &[Option<usize>; 11], evidence: &EvidenceRow<'_>, row: &mut Row) {
    let EvidenceRow { table, row_id, column, source_id, numbers, quote, digest, rule } = *evidence;
    let texts = [(0, table), (1, row_id), (2, column), (3, source_id), (8, quote), (9, digest), (10, rule)];
    for (cell, text) in texts {
        positions[cell].into_iter().for_each(|at| row[at].set_text(text));
    }
    for (cell, number) in (4..).zip(numbers) {
        positions[cell].into_iter().for_each(|at| row[at] = count(number.into()));
    }
}

/// Where the columns of evidence stand.
#[must_use]
pub fn evidence_positions(schema: &TableSchema) -> [Option<usize>; 11] {
    EVIDENCE.map(|column| schema.position_of(column))
}

/// The columns of evidence.
const EVIDENCE: [&str; 11] =
    ["table", "row_id", "column", "source_id", "line_start", "line_end", "byte_start", "byte_end", "quote", "quote_sha256", "rule"];

/// Countries, groups and group members as the reference data declares them.
#[must_use]
pub fn reference(table: &str, schema: &TableSchema, schemas: &Schemas) -> Vec<Row> {
    let reference = &schemas.reference;
    match table {
        "countries" => reference
            .countries
            .iter()
            .map(|country| {
                row_of(
                    schema,
                    &[
                        ("iso3", country.iso3.as_str().into()),
                        ("iso2", Cell::optional(country.iso2.as_deref())),
                        ("m49", Cell::optional(country.m49.as_deref())),
                        ("name", country.name.as_str().into()),
                        ("formal_name", Cell::optional(country.formal_name.as_deref())),
                        ("status", country.status.as_str().into()),
                        ("region", Cell::optional(country.region.as_deref())),
                        ("subregion", Cell::optional(country.subregion.as_deref())),
                    ],
                )
            })
            .collect(),
        "groups" => reference
            .groups
            .iter()
            .map(|group| row_of(schema, &[("group_id", group.group_id.as_str().into()), ("name", group.name.as_str().into())]))
            .collect(),
        _ => reference
            .group_members
            .iter()
            .map(|member| {
                row_of(
                    schema,
                    &[
                        ("group_id", member.group_id.as_str().into()),
                        ("iso3", member.iso3.as_str().into()),
                        ("valid_from", member.valid_from.into()),
                        ("valid_to", Cell::optional(member.valid_to)),
                        ("citation", member.citation.as_str().into()),
                    ],
                )
            })
            .collect(),
    }
}

/// Rows that were withdrawn or took another id.
#[must_use]
pub fn tombstones(schema: &TableSchema, renames: &Renames) -> Vec<Row> {
    let renamed = renames
        .renames
        .iter()
        .map(toml::Spanned::get_ref)
        .map(|rename| (&rename.table, &rename.old, &rename.last_version, &rename.reason, Some(&rename.new), false));
    let withdrawn =
        renames.withdrawn.iter().map(toml::Spanned::get_ref).map(|row| (&row.table, &row.row_id, &row.last_version, &row.reason, None, row.private));
    renamed
        .chain(withdrawn)
        .map(|(table, row_id, version, reason, replaced_by, private)| {
            row_of(
                schema,
                &[
                    ("table", table.as_str().into()),
                    ("row_id", row_id.as_str().into()),
                    ("last_version", version.as_str().into()),
                    ("reason", reason.as_str().into()),
                    ("replaced_by", Cell::optional(replaced_by.cloned())),
                    ("private", Cell::optional(private.then_some(true))),
                ],
            )
        })
        .collect()
}

/// Record fields that name a country or a member: table, name, code.
const NAMED: &[(&str, &str, &str)] = &[("memberships", "member_name", "iso3"), ("meetings", "country", "iso3"), ("figures", "place", "iso3")];

/// A name as written, over all records.
#[derive(Debug)]
struct Written {
    iso3: Option<String>,
    method: String,
    uses: i64,
    /// The table and the record that have it first: by its source and position.
    first: (usize, String, u32),
    source_id: String,
    /// Whether two records resolve it to different countries.
    ambiguous: bool,
}

/// Every name of a country or member as written, and how it was resolved.
#[derive(Default)]
pub struct Names {
    written: BTreeMap<String, Written>,
    methods: Methods,
}

impl Names {
    /// Reads all records that have such a name.
    pub fn add(&mut self, records: &Records<'_>, schemas: &Schemas) {
        for (at, (table, name_field, code_field)) in NAMED.iter().enumerate() {
            for reading in records.of(table) {
                let Some(name) = reading.text(name_field) else { continue };
                let iso3 = reading.text(code_field);
                let source_id = reading.source();
                let method = || match (iso3, reading.text("member_group_id")) {
                    (Some(iso3), _) => reading.text("method").unwrap_or_else(|| self.methods.of(name, iso3, schemas)),
                    (None, Some(_)) => "group",
                    (None, None) if *table == "memberships" && super::naming::names_an_organization(&reading) => "organization",
                    (None, None) => reading.text("method").unwrap_or("none"),
                };
                let Some(entry) = self.written.get_mut(name) else {
                    let first = (at, source_id.to_owned(), reading.seq());
                    let (iso3, method, source_id) = (iso3.map(str::to_owned), method().to_owned(), source_id.to_owned());
                    self.written.insert(name.to_owned(), Written { iso3, method, uses: 1, first, source_id, ambiguous: false });
                    continue;
                };
                entry.uses += 1;
                entry.ambiguous |= entry.iso3.as_deref() != iso3;
                if (at, source_id, reading.seq()) < (entry.first.0, &*entry.first.1, entry.first.2) {
                    (entry.iso3, entry.method) = (iso3.map(str::to_owned), method().to_owned());
                    entry.first = (at, source_id.to_owned(), reading.seq());
                }
                if source_id < entry.source_id.as_str() {
                    source_id.clone_into(&mut entry.source_id);
                }
            }
        }
    }

    #[must_use]
    pub fn rows(self, schema: &TableSchema) -> Vec<Row> {
        let row = |(name, found): (String, Written)| {
            row_of(
                schema,
                &[
                    ("name", name.into()),
                    ("iso3", Cell::optional(found.iso3.filter(|_| !found.ambiguous))),
                    ("method", if found.ambiguous { "ambiguous".into() } else { found.method.into() }),
                    ("uses", found.uses.into()),
                    ("source_id", found.source_id.into()),
                ],
            )
        };
        self.written.into_iter().map(row).collect()
    }
}

/// How the names of countries lead to them: by the kind of name that the reference data has.
///
/// They are read when the first name asks: most say themselves how they were resolved.
#[derive(Default)]
struct Methods(OnceCell<BTreeMap<(String, String), String>>);

impl Methods {
    fn kind(&self, key: &str, iso2: &str, schemas: &Schemas) -> Option<&str> {
        let read = || {
            let names = schemas.files.get("reference/country_names.csv").unwrap_or_default();
            let rows = csv::Reader::from_reader(names.as_bytes()).into_deserialize::<(String, String, String, String)>();
            // The compiler of the table has refused rows that do not read.
            rows.flatten().map(|(key, code, _, kind)| ((key, code), kind)).collect()
        };
        self.0.get_or_init(read).get(&(key.to_owned(), iso2.to_owned())).map(String::as_str)
    }

    fn of(&self, name: &str, iso3: &str, schemas: &Schemas) -> &'static str {
        let Some(country) = schemas.reference.country(iso3) else { return "none" };
        if country.status == "former" {
            return "historical";
        }
        let is_its_name = fold(name) == fold(&country.name) || country.formal_name.as_deref().is_some_and(|formal| fold(formal) == fold(name));
        let key = crate::model::gazetteer::fold(name);
        let kind = country.iso2.as_deref().filter(|_| !is_its_name).and_then(|iso2| self.kind(&key, iso2, schemas));
        match kind {
            _ if is_its_name => "exact",
            Some("official" | "formal" | "common") => "exact",
            Some("historical") => "historical",
            _ => "alias",
        }
    }
}
