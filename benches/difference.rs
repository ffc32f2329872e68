//! How long the difference of two large releases takes, from CSV and from Parquet, and how much memory: 5,000,000 rows of 12 columns each,
//! of which 1 % changed.
//!
//! The files (700 MB of CSV each) are made once, below target/. `ROWS` sets another number. Where the test of the readers has made its
//! environment, duckdb's full outer join of the same files is measured beside it; `PEER` names a program that compares two CSV files, to be
//! measured likewise. Each runs as a process of its own.

#![allow(clippy::unwrap_used, reason = "a benchmark stops where something is not as it should be")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use rollcall::publish::diff::{FORMATS, Form, Lookup, Side, compare};
use serde_json::json;

/// Names of the columns that are text without much in it.
const TEXTS: [&str; 7] = ["dialogue", "member", "role", "role_text", "country", "city", "note"];

/// The texts of a row.
fn texts(number: usize) -> [String; 8] {
    [
        format!("row-{number:09}"),
        format!("dialogue-{}", number % 97),
        format!("member-{:06}", number % 1_000_003),
        "member".to_owned(),
        format!("participating in group {}", number % 31),
        "CTR".to_owned(),
        format!("city of number {}", number % 7919),
        format!("a note, number {}", number % 101),
    ]
}

/// The numbers of a row; in every hundredth the newer file has another one.
fn numbers(number: usize, is_new: bool) -> [i64; 2] {
    let value = if is_new && number % 100 == 7 { number + 1 } else { number };
    [value as i64, (number % 13) as i64]
}

fn write_csv(path: &Path, rows: usize, is_new: bool) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    writeln!(out, "id,{},value,weight,day,current", TEXTS.join(",")).unwrap();
    for number in 0..rows {
        let [id, dialogue, member, role, role_text, country, city, note] = texts(number);
        let [value, weight] = numbers(number, is_new);
        writeln!(out, "{id},{dialogue},{member},{role},{role_text},{country},{city},\"{note}\",{value},{weight},2014-10-15,true").unwrap();
    }
    out.flush().unwrap();
}

/// The same rows as a release has them: zstd, groups of 100,000 rows.
fn write_parquet(path: &Path, rows: usize, is_new: bool) {
    const DAY: i32 = 16_358;
    let field = |name: &str, data_type: DataType| Field::new(name, data_type, true);
    let texts_of = ["id"].into_iter().chain(TEXTS).map(|name| field(name, DataType::Utf8));
    let others = [("value", DataType::Int64), ("weight", DataType::Int64), ("day", DataType::Date32), ("current", DataType::Boolean)];
    let schema = Arc::new(Schema::new(texts_of.chain(others.map(|(name, kind)| field(name, kind))).collect::<Vec<_>>()));
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::try_new(3).unwrap())).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), Arc::clone(&schema), Some(properties)).unwrap();
    for start in (0..rows).step_by(100_000) {
        let chunk = start..(start + 100_000).min(rows);
        let texts: Vec<[String; 8]> = chunk.clone().map(texts).collect();
        let text = |at: usize| Arc::new(StringArray::from_iter_values(texts.iter().map(|row| &row[at]))) as ArrayRef;
        let number = |at: usize| Arc::new(Int64Array::from_iter_values(chunk.clone().map(|row| numbers(row, is_new)[at]))) as ArrayRef;
        let rest = [
            number(0),
            number(1),
            Arc::new(Date32Array::from(vec![DAY; chunk.len()])) as ArrayRef,
            Arc::new(BooleanArray::from(vec![true; chunk.len()])) as ArrayRef,
        ];
        writer.write(&RecordBatch::try_new(Arc::clone(&schema), (0..8).map(text).chain(rest).collect()).unwrap()).unwrap();
        writer.flush().unwrap();
    }
    writer.close().unwrap();
}

/// A folder as a release has it, as far as a difference needs it.
fn release(folder: &Path, rows: usize, is_new: bool) {
    fs::create_dir_all(folder).unwrap();
    write_csv(&folder.join("members.csv"), rows, is_new);
    write_parquet(&folder.join("members.parquet"), rows, is_new);
    let field = |name: &str, kind: &str| json!({"name": name, "type": kind, "description": "A column.", "kind": "text", "origin": "stated"});
    let texts = TEXTS.iter().map(|name| field(name, "string"));
    let others = [("value", "integer"), ("weight", "integer"), ("day", "date"), ("current", "boolean")].map(|(name, kind)| field(name, kind));
    let fields: Vec<_> = [field("id", "string")].into_iter().chain(texts).chain(others).collect();
    let resource = |name: &str, path: &str, schema: serde_json::Value| {
        json!({"name": name, "path": path, "title": "Members", "description": "Members.", "format": "csv", "mediatype": "text/csv",
            "bytes": 1, "hash": "sha256:0", "rows": rows, "tableVersion": "1.0.0", "schema": schema})
    };
    let schema = json!({"$schema": "", "fields": fields, "missingValues": [""], "primaryKey": ["id"], "position": 1, "role": "fact"});
    let digests = json!({"program": "1", "rules": "", "reference": "", "corrections": ""});
    let package = json!({
        "$schema": "", "name": "members", "title": "Members", "description": "Members.", "version": "1.0.0", "created": "2026-01-02T00:00:00Z",
        "keywords": [], "licenses": [{"name": "CC0-1.0", "path": "https://example.org/"}], "contributors": [{"title": "Office", "roles": []}],
        "sources": [], "resources": [resource("members", "members.csv", schema), resource("members-parquet", "members.parquet", json!(null))],
        "rollcall": {"digests": digests, "reason": "first release"},
    });
    fs::write(folder.join("datapackage.json"), package.to_string()).unwrap();
}

const DUCKDB: &str = "
import duckdb, sys
old, new = (f\"read_csv('{path}/members.csv', all_varchar=true)\" for path in sys.argv[1:3])
duckdb.sql(f\"copy (select * from {old} o full join {new} n using (id) where o is distinct from n) to '{sys.argv[3]}'\")
";

/// What a finished child of this process used: CPU seconds, and the most memory in MB.
fn measured(command: &mut Command) -> Option<(f64, f64)> {
    // Of a child that is no more the system tells only the sum of all children; a small parent in between makes that one child.
    const PARENT: &str = "import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(code)";
    let mut parent = Command::new("python3");
    parent.args(["-c", PARENT]).arg(command.get_program()).args(command.get_args());
    let ran = parent.output().ok().filter(|ran| ran.status.success())?;
    let told = String::from_utf8(ran.stdout).unwrap();
    let (cpu, memory) = told.trim().split_once(' ').unwrap();
    Some((cpu.parse().unwrap(), memory.parse().unwrap()))
}

/// Compares the two folders from one form and writes the changes.
fn changes(folder: &Path, form: Form) {
    let shelf = rollcall::pipeline::Spill::new(std::env::temp_dir(), 256 << 20);
    let lookup = Lookup { output: Path::new("output"), schemas: &[], form, shelf: &shelf };
    let format = FORMATS.iter().find(|format| format.name == "csv").unwrap();
    let side = |name: &str| Side::open(folder.join(name).to_str().unwrap(), &lookup, Path::new("scratch")).unwrap();
    let compared = compare(&side("old"), &side("new"), format).unwrap();
    fs::write(changes_of(folder, form), (format.render)(&compared)).unwrap();
}

fn changes_of(folder: &Path, form: Form) -> PathBuf {
    folder.join(format!("changes_from_{}.csv", form.name()))
}

fn main() {
    let rows: usize = std::env::var("ROWS").map_or(5_000_000, |rows| rows.parse().unwrap());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("difference");
    let [old, new] = ["old", "new"].map(|name| folder.join(name));
    // As a child: one thing, so that its time and memory are those of that alone.
    if let Ok(form) = std::env::args().nth(1).unwrap_or_default().parse::<Form>() {
        return changes(&folder, form);
    }
    let made = folder.join(format!("{rows}.made"));
    if !made.exists() {
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        release(&old, rows, false);
        release(&new, rows, true);
        File::create(made).unwrap();
    }
    let megabytes = |name: &str| fs::metadata(old.join(name)).unwrap().len() / 1_000_000;
    println!(
        "two releases of {rows} rows, 1 % changed, {} MB of CSV and {} MB of Parquet each",
        megabytes("members.csv"),
        megabytes("members.parquet")
    );
    // Read once, so that nobody waits for the disk.
    for (side, name) in [(&old, "members.csv"), (&new, "members.csv"), (&old, "members.parquet"), (&new, "members.parquet")] {
        std::io::copy(&mut File::open(side.join(name)).unwrap(), &mut std::io::sink()).unwrap();
    }
    let mut ours = 0.0;
    for form in [Form::Csv, Form::Parquet] {
        let (cpu, memory) = measured(Command::new(std::env::current_exe().unwrap()).arg(form.name())).unwrap();
        let changes = fs::read_to_string(changes_of(&folder, form)).unwrap();
        println!("rollcall, {:<8} {cpu:.2} CPU s, {memory:.0} MB at most, {} changes written", form.name(), changes.lines().count() - 1);
        if form == Form::Csv {
            ours = cpu;
        }
    }
    assert!(fs::read(changes_of(&folder, Form::Csv)).unwrap() == fs::read(changes_of(&folder, Form::Parquet)).unwrap(), "the same bytes");
    let beside = |name: &str, command: &mut Command| match measured(command) {
        Some((cpu, memory)) => println!("{name:<18} {cpu:.2} CPU s, {memory:.0} MB at most: {:.1} times as much CPU as from csv", cpu / ours),
        None => println!("{name:<18} not measured: it could not be run"),
    };
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers_environment/bin/python");
    beside("duckdb", Command::new(python).args(["-c", DUCKDB]).args([&old, &new]).arg(folder.join("duckdb.csv")));
    if let Ok(peer) = std::env::var("PEER") {
        beside("peer", Command::new(peer).args([old.join("members.csv"), new.join("members.csv")]));
    }
}
