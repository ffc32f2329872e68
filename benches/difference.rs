//! How long the difference of two large releases takes, and how much memory: 5,000,000 rows of 12 columns each, of which 1 % changed.
//!
//! The files (700 MB each) are made once, below target/. `ROWS` sets another number. Where the test of the readers has made its environment,
//! duckdb's full outer join of the same files is measured beside it.

#![allow(clippy::unwrap_used, reason = "a benchmark stops where something is not as it should be")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use rollcall::publish::diff::{FORMATS, Side, compare};
use serde_json::json;

/// Names of the columns that are text without much in it.
const TEXTS: [&str; 7] = ["dialogue", "member", "role", "role_text", "country", "city", "note"];

/// One row; of every hundredth the newer file has another value.
fn write_row(out: &mut impl Write, number: usize, is_new: bool) {
    let value = if is_new && number % 100 == 7 { number + 1 } else { number };
    writeln!(
        out,
        "row-{number:09},dialogue-{},member-{:06},member,participating in group {},CTR,city of number {},\"a note, number {}\",{value},{},2014-10-15,true",
        number % 97,
        number % 1_000_003,
        number % 31,
        number % 7919,
        number % 101,
        number % 13
    )
    .unwrap();
}

/// A folder as a release has it, as far as a difference needs it.
fn release(folder: &Path, rows: usize, is_new: bool) {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join("members.csv");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&path).unwrap());
    writeln!(out, "id,{},value,weight,day,current", TEXTS.join(",")).unwrap();
    (0..rows).for_each(|number| write_row(&mut out, number, is_new));
    out.flush().unwrap();
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

/// CPU seconds that this process has used.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let numbers: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    (numbers[11].parse::<f64>().unwrap() + numbers[12].parse::<f64>().unwrap()) / 100.0
}

/// The most memory that this process has had so far, in MB.
fn memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

const DUCKDB: &str = "
import duckdb, resource, sys
old, new = (f\"read_csv('{path}/members.csv', all_varchar=true)\" for path in sys.argv[1:3])
duckdb.sql(f\"copy (select * from {old} o full join {new} n using (id) where o is distinct from n) to '{sys.argv[3]}'\")
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
";

fn main() {
    let rows: usize = std::env::var("ROWS").map_or(5_000_000, |rows| rows.parse().unwrap());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("difference");
    let [old, new] = ["old", "new"].map(|name| folder.join(name));
    let made = folder.join(format!("{rows}.made"));
    if !made.exists() {
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        release(&old, rows, false);
        release(&new, rows, true);
        File::create(made).unwrap();
    }
    let megabytes = fs::metadata(old.join("members.csv")).unwrap().len() / 1_000_000;
    println!("two releases of {rows} rows, {megabytes} MB of CSV each, 1 % changed");
    let before = cpu();
    let format = FORMATS.iter().find(|format| format.name == "csv").unwrap();
    let side = |path: &PathBuf| Side::open(path.to_str().unwrap(), Path::new("output"), &[], Path::new("scratch")).unwrap();
    let compared = compare(&side(&old), &side(&new), format).unwrap();
    let changes = (format.render)(&compared);
    fs::write(folder.join("changes.csv"), &changes).unwrap();
    let ours = cpu() - before;
    println!("rollcall  {ours:.2} CPU s, {:.0} MB at most, {} changes written", memory(), changes.lines().count() - 1);
    let python = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readers_environment/bin/python");
    let ran = Command::new(python).args(["-c", DUCKDB]).args([&old, &new]).arg(folder.join("duckdb.csv")).output();
    match ran.ok().filter(|ran| ran.status.success()) {
        Some(ran) => {
            let told = String::from_utf8(ran.stdout).unwrap();
            // Before it comes a bar of progress.
            let numbers: Vec<f64> = told.lines().last().unwrap().split_whitespace().map(|number| number.parse().unwrap()).collect();
            println!("duckdb    {:.2} CPU s, {:.0} MB at most: {:.0} times as much CPU", numbers[0], numbers[1], numbers[0] / ours);
        }
        None => println!("duckdb    not measured: the test of the readers has made no environment"),
    }
}
