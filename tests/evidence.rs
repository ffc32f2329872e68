//! Every stated cell can be traced: its evidence is a stretch of the file on disk, and that stretch says it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;
mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use project::{Csv, columns, copy_of_the_project, rollcall, root, tables};
use sha2::{Digest, Sha256};
use wording::Wording;

/// One piece of evidence.
struct Piece {
    table: String,
    row_id: String,
    column: String,
    source: String,
    lines: (usize, usize),
    bytes: (usize, usize),
    quote: String,
    hash: String,
    rule: String,
}

struct Release {
    folder: PathBuf,
    texts: BTreeMap<String, String>,
    pieces: Vec<Piece>,
}

fn release(name: &str) -> Release {
    let project = copy_of_the_project(name);
    rollcall(&project, &["publish", "--quiet", "--date", "2026-01-02"]).exits(0);
    let folder = project.join("output/1.0.0");
    let sources = Csv::read(&folder.join("sources.csv"));
    let read = |(id, path): (&str, &str)| (id.to_owned(), std::fs::read_to_string(root().join("raw").join(path)).unwrap());
    let texts = sources.column("source_id").into_iter().zip(sources.column("path")).map(read).collect();
    let csv = Csv::read(&folder.join("evidence.csv"));
    let at = |column: &str| csv.position(column);
    let number = |row: &[String], column: &str| row[at(column)].parse::<usize>().unwrap();
    let pieces = csv
        .rows
        .iter()
        .map(|row| Piece {
            table: row[at("table")].clone(),
            row_id: row[at("row_id")].clone(),
            column: row[at("column")].clone(),
            source: row[at("source_id")].clone(),
            lines: (number(row, "line_start"), number(row, "line_end")),
            bytes: (number(row, "byte_start"), number(row, "byte_end")),
            quote: row[at("quote")].clone(),
            hash: row[at("quote_sha256")].clone(),
            rule: row[at("rule")].clone(),
        })
        .collect();
    Release { folder, texts, pieces }
}

impl Piece {
    fn text<'a>(&self, release: &'a Release) -> &'a str {
        let text = &release.texts[&self.source];
        text.get(self.bytes.0..self.bytes.1).unwrap_or_else(|| panic!("bytes {:?} of {} cut a character", self.bytes, self.source))
    }

    /// The lines that it stands on.
    fn whole_lines(&self, release: &Release) -> String {
        let lines: Vec<&str> = release.texts[&self.source].lines().collect();
        lines[self.lines.0 - 1..self.lines.1].join("\n")
    }
}

/// Rules for which the place of a text says of what kind it is, and no word: what stands right below the title of a meeting is its theme.
const BY_PLACE: [&str; 1] = ["themes/subtitle"];

/// A cell with its place.
struct StatedCell<'a> {
    table: &'a str,
    row_id: String,
    column: &'a str,
    kind: &'a str,
    value: String,
}

/// Every non-empty cell of origin `stated`.
fn stated_cells<'a>(release: &Release, tables: &'a BTreeMap<String, serde_json::Value>) -> Vec<StatedCell<'a>> {
    let mut cells = Vec::new();
    for (table, schema) in tables {
        let csv = Csv::read(&release.folder.join(format!("{table}.csv")));
        let key: Vec<usize> = schema["primaryKey"].as_array().unwrap().iter().map(|column| csv.position(column.as_str().unwrap())).collect();
        let stated: Vec<_> = columns(schema).into_iter().filter(|(_, column)| column["origin"] == "stated").collect();
        for row in &csv.rows {
            let row_id = key.iter().map(|&at| row[at].as_str()).collect::<Vec<_>>().join("/");
            for (column, declared) in &stated {
                let value = &row[csv.position(column)];
                if !value.is_empty() {
                    cells.push(StatedCell { table, row_id: row_id.clone(), column, kind: declared["kind"].as_str().unwrap(), value: value.clone() });
                }
            }
        }
    }
    assert!(cells.len() > 500, "{} stated cells", cells.len());
    cells
}

#[test]
fn every_piece_of_evidence_is_a_stretch_of_the_file() {
    let release = release("evidence_bytes");
    let mut wrong = Vec::new();
    for piece in &release.pieces {
        let text = piece.text(&release);
        let place = format!("{}/{}/{} in {} bytes {:?}", piece.table, piece.row_id, piece.column, piece.source, piece.bytes);
        let hash: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        if hash != piece.hash {
            wrong.push(format!("{place}: the hash is another"));
        }
        let before = &release.texts[&piece.source][..piece.bytes.0];
        let first = before.matches('\n').count() + 1;
        let last = first + text.strip_suffix('\n').unwrap_or(text).matches('\n').count();
        if (first, last) != piece.lines {
            wrong.push(format!("{place}: lines {:?}, found on {first} to {last}", piece.lines));
        }
        if text.trim().is_empty() {
            wrong.push(format!("{place}: it is blank"));
        }
        let quote = piece.quote.trim_end_matches('…');
        if piece.quote.chars().count() > 200 || !wording::squeezed(text).starts_with(&wording::squeezed(quote)) {
            wrong.push(format!("{place}: the quote \"{}\" is not the start of \"{text}\"", piece.quote));
        }
    }
    assert!(wrong.is_empty(), "{} of {} pieces:\n{}", wrong.len(), release.pieces.len(), wrong.join("\n"));
    assert!(release.pieces.len() > 500, "{} pieces", release.pieces.len());
}

#[test]
fn every_stated_cell_has_evidence_and_nothing_else_is_said_to_be_stated() {
    let release = release("evidence_cells");
    let tables = tables();
    let cells = stated_cells(&release, &tables);
    let shown: BTreeSet<(&str, &str, &str)> =
        release.pieces.iter().map(|piece| (piece.table.as_str(), piece.row_id.as_str(), piece.column.as_str())).collect();
    let bare: Vec<String> = cells
        .iter()
        .filter(|cell| !shown.contains(&(cell.table, cell.row_id.as_str(), cell.column)))
        .map(|cell| format!("{}/{}/{}: {}", cell.table, cell.row_id, cell.column, cell.value))
        .collect();
    assert!(bare.is_empty(), "{} of {} cells have no evidence:\n{}", bare.len(), cells.len(), bare.join("\n"));
    let ids: BTreeSet<(&str, &str)> = cells.iter().map(|cell| (cell.table, cell.row_id.as_str())).collect();
    let facts = |table: &str| tables.get(table).is_some_and(|schema| schema["role"] == "fact");
    let idle: Vec<String> = shown
        .iter()
        .filter(|(table, row, _)| facts(table) && !ids.contains(&(*table, *row)))
        .map(|(table, row, column)| format!("{table}/{row}/{column}"))
        .collect();
    assert!(idle.is_empty(), "evidence for rows that do not exist:\n{}", idle.join("\n"));
}

#[test]
fn the_stretch_says_the_value() {
    let release = release("evidence_values");
    let tables = tables();
    let wording = Wording::read(&release.folder);
    let mut pieces: BTreeMap<(&str, &str, &str), BTreeMap<&str, Vec<&Piece>>> = BTreeMap::new();
    for piece in &release.pieces {
        pieces.entry((&piece.table, &piece.row_id, &piece.column)).or_default().entry(&piece.source).or_default().push(piece);
    }
    let cells = stated_cells(&release, &tables);
    let mut wrong = Vec::new();
    for cell in &cells {
        let Some(of_cell) = pieces.get(&(cell.table, cell.row_id.as_str(), cell.column)) else { continue };
        let is_by_place = cell.kind == "category" && of_cell.values().flatten().all(|piece| BY_PLACE.contains(&piece.rule.as_str()));
        if is_by_place {
            continue;
        }
        let said: Vec<String> =
            of_cell.values().map(|pieces| pieces.iter().map(|piece| piece.text(&release)).collect::<Vec<_>>().join("\n")).collect();
        // Where several sources say it, the value is that of one of them.
        let said = match cell.kind {
            "id" => of_row(&release, cell),
            // A label beside the value says of what kind it is: "Fax: ...".
            "category" => of_cell.values().flatten().map(|piece| piece.whole_lines(&release)).collect(),
            _ => said,
        };
        if !said.iter().any(|said| wording.supports(cell.kind, &cell.value, said)) {
            wrong.push(format!("{}/{}/{} ({}) = \"{}\", said: {said:?}", cell.table, cell.row_id, cell.column, cell.kind, cell.value));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cells:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
}

/// What all evidence of a row says: the id of a subject may stand in the words of another cell ("ten ASEAN Member States").
fn of_row(release: &Release, cell: &StatedCell<'_>) -> Vec<String> {
    release
        .pieces
        .iter()
        .filter(|piece| piece.table == cell.table && piece.row_id == cell.row_id)
        .map(|piece| piece.text(release).to_owned())
        .collect()
}

#[test]
fn a_stretch_that_says_something_else_is_seen() {
    let release = release("evidence_contrary");
    let wording = Wording::read(&release.folder);
    assert!(wording.supports("country", "VNM", "Viet Nam") && !wording.supports("country", "VNM", "Thailand"));
    assert!(wording.supports("date", "2014-10-16", "15 – 16 October, 2014") && !wording.supports("date", "2014-10-16", "15 – 17 October, 2014"));
    assert!(wording.supports("date", "2012-04-30", "April 2012") && !wording.supports("date", "2012-04-30", "May 2012"));
    assert!(wording.supports("count", "9", "nine") && !wording.supports("count", "9", "19"));
    assert!(wording.supports("name", "labour migration", "labour migra\ntion") && !wording.supports("name", "labour migration", "labour"));
    assert!(wording.supports("organization", "iom", "IOM") && !wording.supports("organization", "iom", "ILO"));
    assert!(
        wording.supports("dialogue", "asia-eu-dialogue", "Asia – EU Dialogue")
            && !wording.supports("dialogue", "asia-eu-dialogue", "Colombo Process")
    );
}
