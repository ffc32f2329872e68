//! The stages that are measured: what each runs, over what, and which other programs do the same or a part of it.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rollcall::model::TableSchema;
use rollcall::model::dataset::Row;
use rollcall::publish::{CsvWriter, GROUP_ROWS, ParquetWriter};

use crate::corpus::{Corpus, Made};
use crate::rows;

const SEED: u64 = 7;
const DOCUMENTS: usize = 300;
/// Rows of tables that are written, checked and compared.
pub const ROWS: usize = 200_000;

/// A stage.
#[derive(Debug)]
pub struct Stage {
    pub name: &'static str,
    /// The program that it is a run of, with its arguments.
    pub command: Vec<String>,
    /// What comes before each run.
    pub before: fn(&Path),
    pub times: u32,
    /// Bytes that go in, or come out where rows are written.
    pub bytes: u64,
    /// What is no part of it: the same run without it.
    pub less: Option<Vec<String>>,
    /// What `peers.py` is asked for, with its arguments.
    pub peers: Vec<Vec<String>>,
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// What is measured, and what it is measured on.
#[derive(Debug)]
pub struct Work {
    pub folder: PathBuf,
    pub made: Vec<Made>,
}

impl Work {
    /// Writes the corpus and the tables.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        let made: Vec<Made> = Corpus::new(SEED).take(DOCUMENTS).collect();
        fs::create_dir_all(folder.join("texts")).unwrap();
        fs::create_dir_all(folder.join("one")).unwrap();
        fs::create_dir_all(folder.join("project/raw")).unwrap();
        fs::create_dir_all(folder.join("project/schemas/reference")).unwrap();
        for name in ["expectations.toml", "corrections.toml", "ignored.toml"] {
            fs::write(folder.join("project/schemas").join(name), "").unwrap();
        }
        // There are two states of that name.
        fs::write(folder.join("project/schemas/reference/aliases.csv"), "name,iso3,note\nCongo,COG,\n").unwrap();
        let mut lines = BufWriter::new(File::create(folder.join("texts.jsonl")).unwrap());
        let mut described = BufWriter::new(File::create(folder.join("project/raw/texts.jsonl")).unwrap());
        for Made { id, text, .. } in &made {
            fs::write(folder.join(format!("texts/{id}.txt")), text).unwrap();
            writeln!(lines, "{}", serde_json::json!({"id": id, "text": text})).unwrap();
            writeln!(described, "{}", serde_json::json!({"id": id, "text": text, "language": "en", "published": "2020"})).unwrap();
        }
        lines.flush().unwrap();
        described.flush().unwrap();
        fs::write(folder.join("one/text.txt"), &made[0].text).unwrap();
        let countries = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/reference/countries.csv")).unwrap();
        let names: Vec<String> = csv::Reader::from_reader(countries.as_bytes()).records().map(|row| row.unwrap()[3].to_owned()).collect();
        let damaged: String = (0..600_000).map(|at: usize| damage(&names[at % names.len()], at)).collect();
        fs::write(folder.join("names.txt"), damaged).unwrap();
        fs::write(folder.join("needles.txt"), names.join("\n")).unwrap();
        write_tables(&folder);
        Self { folder, made }
    }

    fn at(&self, name: &str) -> String {
        shown(&self.folder.join(name))
    }

    fn bytes(&self, name: &str) -> u64 {
        fs::metadata(self.folder.join(name)).unwrap().len()
    }

    /// All stages, in the order of the table.
    #[must_use]
    pub fn stages(&self) -> Vec<Stage> {
        let rollcall = env!("CARGO_BIN_EXE_rollcall");
        let extract = |raw: &str, more: &[&str]| {
            let always = words(&[rollcall, "--quiet", "--threads", "1", "--root", env!("CARGO_MANIFEST_DIR"), "extract", &self.at(raw), "--out"]);
            [always, words(&[&self.at("out")]), words(more)].concat()
        };
        let texts: u64 = self.made.iter().map(|made| made.text.len() as u64).sum();
        let text_peers = || ["flashtext", "spacy"].map(|peer| words(&[peer, &self.at("texts.jsonl"), &self.at("needles.txt")])).to_vec();
        let stage = |name, command, bytes| Stage { name, command, before: |_| {}, times: 1, bytes, less: None, peers: Vec::new() };
        let own = |form: &str| words(&[&shown(&std::env::current_exe().unwrap()), "--write", form, &self.at("written")]);
        let table_peers =
            |what: &str| ["polars", "pyarrow", "duckdb"].map(|peer| words(&[&format!("{peer}-{what}"), &self.at("old/memberships.csv")]));
        let publish = words(&[rollcall, "--quiet", "--root", &self.at("project"), "publish", "--no-cache", "--date", "2026-01-02"]);
        vec![
            Stage { times: 20, ..stage("start: one small text", extract("one", &["--no-cache"]), self.bytes("one/text.txt")) },
            Stage { peers: text_peers(), ..stage("extract, a folder", extract("texts", &["--no-cache"]), texts) },
            stage("extract, JSONL", extract("texts.jsonl", &["--no-cache"]), texts),
            Stage {
                before: |folder| {
                    let _ = fs::remove_dir_all(folder.join("project/output"));
                },
                ..stage("publish", publish, texts)
            },
            stage("normalize names", words(&[rollcall, "normalize", &self.at("names.txt")]), self.bytes("names.txt")),
            Stage {
                peers: ["polars-check", "frictionless-check"].map(|peer| words(&[peer, &self.at("rows.csv"), &self.at("rows.json")])).to_vec(),
                ..stage(
                    "check a table",
                    words(&[rollcall, "check", "--table", &self.at("rows.csv"), "--schema", &self.at("rows.json")]),
                    self.bytes("rows.csv"),
                )
            },
            Stage {
                peers: ["polars-diff", "duckdb-diff"]
                    .map(|peer| words(&[peer, &self.at("old/memberships.csv"), &self.at("new/memberships.csv")]))
                    .to_vec(),
                ..stage(
                    "difference of two tables",
                    words(&[rollcall, "diff", &self.at("old/memberships.csv"), &self.at("new/memberships.csv"), "--format", "csv"]),
                    self.bytes("old/memberships.csv") + self.bytes("new/memberships.csv"),
                )
            },
            Stage {
                less: Some(own("nothing")),
                peers: table_peers("csv").to_vec(),
                ..stage("write CSV", own("csv"), self.bytes("old/memberships.csv"))
            },
            Stage {
                less: Some(own("nothing")),
                peers: table_peers("parquet").to_vec(),
                ..stage("write Parquet", own("parquet"), self.bytes("old/memberships.csv"))
            },
        ]
    }
}

/// A name in one of several spellings, on a line of its own.
fn damage(name: &str, at: usize) -> String {
    let letters = name.chars();
    match at / 251 % 4 {
        0 => format!("{name}\n"),
        1 => format!("{}\n", name.to_uppercase()),
        2 => format!("{}\n", letters.enumerate().filter(|(place, _)| *place != 3).map(|(_, letter)| letter).collect::<String>()),
        _ => format!("Republic of {name} {}\n", at % 7),
    }
}

fn schema() -> TableSchema {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/tables/memberships.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Two releases of a table of which one row in a hundred differs, and a table with its schema that is checked.
fn write_tables(folder: &Path) {
    let schema = schema();
    for side in ["old", "new"] {
        fs::create_dir_all(folder.join(side)).unwrap();
        let mut out = CsvWriter::new(File::create(folder.join(side).join("memberships.csv")).unwrap(), &schema.column_names()).unwrap();
        for number in 0..ROWS {
            let other = if side == "new" && number % 100 == 50 { number + 1 } else { number };
            let cell = |name: &str| rows::cell(name, if name.ends_with("_id") { number } else { other });
            out.write(&schema.fields.iter().map(|field| cell(&field.name)).collect::<Row>()).unwrap();
        }
        out.finish().unwrap();
    }
    let mut out = BufWriter::new(File::create(folder.join("rows.csv")).unwrap());
    writeln!(out, "id,role,day,note").unwrap();
    for row in 0..ROWS {
        let role = ["member", "observer", "partner"][row % 3];
        writeln!(
            out,
            "row-{row:08},{role},20{:02}-{:02}-{:02},item {:04} of a list of statements",
            row % 30 + 10,
            row % 12 + 1,
            row % 28 + 1,
            row % 1000
        )
        .unwrap();
    }
    out.flush().unwrap();
    let field = |name: &str, constraints: serde_json::Value| serde_json::json!({"name": name, "type": "string", "constraints": constraints});
    let fields = [
        field("id", serde_json::json!({"required": true})),
        field("role", serde_json::json!({"enum": ["member", "observer", "partner"]})),
        field("day", serde_json::json!({"pattern": "[0-9]{4}-[0-9]{2}-[0-9]{2}"})),
        field("note", serde_json::json!({"maxLength": 100})),
    ];
    fs::write(folder.join("rows.json"), serde_json::json!({"fields": fields, "primaryKey": ["id"]}).to_string()).unwrap();
}

/// Makes the rows of a table and writes them in a form, or not at all.
pub fn write(form: &str, path: &Path) {
    let schema = schema();
    let mut csv = CsvWriter::new(File::create(path.with_extension("csv")).unwrap(), &schema.column_names()).unwrap();
    let mut parquet = ParquetWriter::new(File::create(path.with_extension("parquet")).unwrap(), &schema, &Vec::new()).unwrap();
    let mut group: Vec<Row> = Vec::with_capacity(GROUP_ROWS);
    for number in 0..ROWS {
        group.push(schema.fields.iter().map(|field| rows::cell(&field.name, number)).collect());
        if group.len() == GROUP_ROWS || number + 1 == ROWS {
            match form {
                "csv" => group.iter().for_each(|row| csv.write(row).unwrap()),
                "parquet" => group.iter().for_each(|row| parquet.write(row).unwrap()),
                _ => {}
            }
            group.clear();
        }
    }
    csv.finish().unwrap();
    parquet.finish().unwrap();
}
