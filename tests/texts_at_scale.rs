//! Many texts at once: one file of records is as good as a folder, bad records are told of, the number of threads changes no byte, and memory
//! does not grow with the documents.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

#[path = "../benches/corpus/mod.rs"]
#[allow(dead_code, reason = "the benchmark uses all of it")]
mod corpus;
mod project;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, StringViewArray};
use arrow::ipc::writer::{FileWriter, StreamWriter};
use corpus::{Corpus, Made};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use project::{copy, edit, empty_folder, files, rollcall, root};

fn documents(count: usize) -> Vec<Made> {
    Corpus::new(11).take(count).collect()
}

fn write_texts(folder: &Path, made: &[Made]) {
    fs::create_dir_all(folder).unwrap();
    made.iter().for_each(|made| fs::write(folder.join(format!("{}.txt", made.id)), &made.text).unwrap());
}

fn jsonl(made: &[Made]) -> String {
    made.iter().map(|made| format!("{}\n", serde_json::json!({"id": made.id, "text": made.text, "url": "passed over"}))).collect()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// The records as batches of so many rows, as plain texts or as views.
fn batches(made: &[Made], rows: usize, views: bool) -> Vec<RecordBatch> {
    let column = |texts: Vec<&str>| -> ArrayRef { if views { Arc::new(StringViewArray::from(texts)) } else { Arc::new(StringArray::from(texts)) } };
    let batch = |made: &[Made]| {
        let ids = column(made.iter().map(|made| made.id.as_str()).collect());
        let texts = column(made.iter().map(|made| made.text.as_str()).collect());
        let others = column(made.iter().map(|_| "passed over").collect());
        RecordBatch::try_from_iter([("url", others), ("text", texts), ("id", ids)]).unwrap()
    };
    made.chunks(rows).map(batch).collect()
}

fn write_parquet(path: &Path, batches: &[RecordBatch], group: usize) {
    let compression = if path.to_string_lossy().contains("snappy") { Compression::SNAPPY } else { Compression::UNCOMPRESSED };
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(group)).set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batches[0].schema(), Some(properties)).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.close().unwrap();
}

fn extract(raw: &Path, out: &Path, options: &[&str]) -> project::Ran {
    let arguments = ["extract", raw.to_str().unwrap(), "--out", out.to_str().unwrap()];
    rollcall(root(), &[&arguments[..], options].concat())
}

#[test]
fn one_file_of_records_gives_what_a_folder_of_texts_gives() {
    let folder = empty_folder("texts_at_scale_forms");
    let made = documents(40);
    let texts = folder.join("texts");
    write_texts(&texts, &made);
    extract(&texts, &folder.join("expected"), &[]).exits(0);
    let expected = files(&folder.join("expected"));
    assert!(expected["memberships.csv"].len() > 10_000 && expected["meetings.csv"].len() > 1000);
    let at = |name: &str| folder.join(name);
    fs::write(at("a.jsonl"), jsonl(&made)).unwrap();
    fs::write(at("b.jsonl.gz"), gz(jsonl(&made).as_bytes())).unwrap();
    fs::write(at("c.ndjson.zst"), zstd::encode_all(jsonl(&made).as_bytes(), 1).unwrap()).unwrap();
    write_parquet(&at("d.parquet"), &batches(&made, 40, false), 7);
    write_parquet(&at("g.snappy.parquet"), &batches(&made, 40, true), 11);
    let stream = batches(&made, 9, true);
    let mut writer = StreamWriter::try_new(File::create(at("e.arrows")).unwrap(), &stream[0].schema()).unwrap();
    stream.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.finish().unwrap();
    let mut writer = FileWriter::try_new(File::create(at("f.arrow")).unwrap(), &stream[0].schema()).unwrap();
    stream.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.finish().unwrap();
    // A folder with some of each, in order.
    let mixed = at("mixed");
    fs::create_dir_all(mixed.join("later")).unwrap();
    fs::write(mixed.join("a.jsonl"), jsonl(&made[..10])).unwrap();
    write_parquet(&mixed.join("b.parquet"), &batches(&made[10..20], 3, false), 4);
    for made in &made[20..] {
        let text = made.text.as_bytes();
        let (name, bytes) = if made.id.ends_with('5') { ("txt.gz", gz(text)) } else { ("txt.zst", zstd::encode_all(text, 1).unwrap()) };
        fs::write(mixed.join("later").join(format!("{}.{name}", made.id)), bytes).unwrap();
    }
    for name in ["a.jsonl", "b.jsonl.gz", "c.ndjson.zst", "d.parquet", "e.arrows", "f.arrow", "g.snappy.parquet", "mixed"] {
        let out = folder.join("out");
        extract(&at(name), &out, &[]).exits(0);
        assert!(files(&out) == expected, "{name}");
        fs::remove_dir_all(out).unwrap();
    }
    // One record by its id.
    let one = folder.join("one");
    extract(&at(&format!("b.jsonl.gz#{}", made[3].id)), &one, &[]).exits(0);
    let ids: Vec<String> = fs::read_to_string(one.join("memberships.csv")).unwrap().lines().skip(1).map(|line| line[..8].to_owned()).collect();
    assert!(!ids.is_empty() && ids.iter().all(|id| *id == made[3].id), "{ids:?}");
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let folder = empty_folder("texts_at_scale_threads");
    // More than one batch of a mebibyte.
    let made = documents(400);
    fs::write(folder.join("texts.jsonl"), jsonl(&made) + "not JSON\n").unwrap();
    for format in ["csv", "parquet", "arrow"] {
        let run = |threads: &str| {
            let out = folder.join(format!("{format}-{threads}"));
            let ran = extract(&folder.join("texts.jsonl"), &out, &["--to", format, "--threads", threads]).exits(0);
            (files(&out), ran.stdout)
        };
        let one = run("1");
        assert!(one.0.len() >= 10 && one.1.contains("record-invalid"));
        for threads in ["2", "7"] {
            assert!(run(threads) == one, "{format} with {threads} threads");
        }
    }
}

#[test]
fn a_bad_record_is_told_of_and_stops_only_where_it_should() {
    let folder = empty_folder("texts_at_scale_bad");
    let made = documents(3);
    let lines: Vec<String> = jsonl(&made).lines().map(str::to_owned).collect();
    let text = "Member States\\n\\n• Nepal\\n";
    let bad = [
        ("{\"id\": \"x\", \"text\": ".to_owned(), "no JSON: EOF while parsing a value"),
        (format!("{{\"text\": \"{text}\"}}"), "it has no id"),
        (format!("{{\"id\": 7, \"text\": \"{text}\"}}"), "a text was expected"),
        (format!("[\"x\", \"{text}\"]"), "an object was expected"),
        ("{\"id\": \"x\"}".to_owned(), "\"x\" has no text"),
        ("{\"id\": \"x\", \"text\": \" \\n\"}".to_owned(), "\"x\" has no text"),
        (format!("{{\"id\": \"x\", \"text\": \"{text}\", \"published\": \"last May\"}}"), "published is \"last May\""),
        (format!("{{\"id\": \"x\", \"text\": \"{text}\", \"language\": \"English\"}}"), "language is \"English\""),
        (lines[0].clone(), "source \"d0000000\" is also"),
    ];
    let broken: Vec<&str> = bad.iter().map(|(line, _)| line.as_str()).collect();
    fs::write(folder.join("texts.jsonl"), [&lines[0], &lines[1], "", &broken.join("\n"), &lines[2]].join("\n")).unwrap();
    let raw = folder.join("texts.jsonl");
    let mut ran = extract(&raw, &folder.join("out"), &[]).exits(0);
    for (at, (_, problem)) in bad.iter().enumerate() {
        ran = ran.says(&[&format!("texts.jsonl:{}:", at + 4), "warning[record-invalid]: the record is left out: ", problem]);
    }
    ran.says(&["records-left-out", "9 of 12 records"]).says(&["3 sources"]);
    let before = files(&folder.join("out"));
    extract(&raw, &folder.join("out"), &["--strict"]).exits(1).says(&["error[record-invalid]"]);
    assert!(files(&folder.join("out")) == before, "a run that stops writes nothing");
    // In Parquet and Arrow the place is a row.
    let rows = batches(&documents(5), 5, false).remove(0);
    let empty: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("b"), Some(""), Some("c")]));
    let rows = RecordBatch::try_from_iter([("id", empty), ("text", Arc::clone(rows.column(1)))]).unwrap();
    write_parquet(&folder.join("rows.parquet"), &[rows], 3);
    let ran = extract(&folder.join("rows.parquet"), &folder.join("rows"), &[]).exits(0);
    ran.says(&["row group 1, row 2: the record is left out: it has no id"]).says(&["row group 2, row 1: the record is left out"]);
    // A file that is cut gives what came before the cut.
    let whole = gz(jsonl(&documents(30)).as_bytes());
    fs::write(folder.join("cut.jsonl.gz"), &whole[..whole.len() / 2]).unwrap();
    let ran = extract(&folder.join("cut.jsonl.gz"), &folder.join("cut"), &[]).exits(1).says(&["cut.jsonl.gz:", "error[records-unreadable]"]);
    assert!(ran.stderr.contains(" sources") && !ran.stderr.contains("ingest    0 sources"), "{}", ran.stderr);
    fs::write(folder.join("no.parquet"), "no Parquet").unwrap();
    extract(&folder.join("no.parquet"), &folder.join("no"), &[]).exits(1).says(&["no.parquet: error[records-unreadable]"]);
}

#[test]
fn records_become_sources_of_a_release_unless_too_many_are_bad() {
    let folder = empty_folder("texts_at_scale_release");
    copy(&root().join("tests/bad_input/project"), &folder);
    let record = |id: &str| serde_json::json!({"id": id, "text": "Notes\n\nThe office wrote a report of the year and sent it round.\n", "published": "2015", "language": "en"});
    let good: String = (0..60).map(|at| format!("{}\n", record(&format!("page-{at}")))).collect();
    fs::write(folder.join("raw/pages.jsonl"), format!("{good}{}\n", record("Über uns"))).unwrap();
    let refused = rollcall(&folder, &["publish", "--date", "2026-01-02"]).exits(1);
    refused.says(&["raw/pages.jsonl:61:1: warning[record-invalid]", "id is \"Über uns\""]).says(&["raw: error[records-left-out]", "1 of 61 records"]);
    let dataset = folder.join("schemas/dataset.toml");
    let text =
        if dataset.exists() { fs::read_to_string(&dataset).unwrap() } else { fs::read_to_string(root().join("schemas/dataset.toml")).unwrap() };
    fs::write(&dataset, format!("records_left_out = 0.02\n{text}")).unwrap();
    rollcall(&folder, &["publish", "--date", "2026-01-02", "--strict"]).exits(1).says(&["error[record-invalid]"]);
    rollcall(&folder, &["publish", "--date", "2026-01-02"]).exits(0);
    let sources = fs::read_to_string(folder.join("output/1.0.0/sources.csv")).unwrap();
    let row = sources.lines().find(|line| line.starts_with("page-7,")).unwrap();
    assert!(row.contains(",2015,") && row.contains(",pages.jsonl#page-7,"), "{row}");
    rollcall(&folder, &["verify"]).exits(0);
    edit(&dataset, "records_left_out = 0.02", "records_left_out = 2");
    rollcall(&folder, &["publish", "--date", "2026-01-02"]).exits(1).says(&["dataset.toml:1:", "records_left_out is 2.0, expected 0"]);
}

/// The most memory that a run takes, in kilobytes.
fn peak(raw: &Path, out: &Path) -> f64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["--quiet", "--threads", "2", "extract", raw.to_str().unwrap(), "--out", out.to_str().unwrap()])
        .current_dir(root())
        .env("XDG_CACHE_HOME", out.with_extension("cache"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0.0;
    loop {
        // The high-water mark only rises: the last one that is seen will do.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(peak);
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success());
            return peak;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

#[test]
fn memory_does_not_grow_with_the_documents() {
    if !Path::new("/proc/self/status").exists() {
        return project::skipped("no /proc here to read the memory of a process from");
    }
    let folder = empty_folder("texts_at_scale_memory");
    let (few, many) = (folder.join("few.jsonl"), folder.join("many.jsonl"));
    let made = documents(2500);
    fs::write(&few, jsonl(&made[..250])).unwrap();
    fs::write(&many, jsonl(&made)).unwrap();
    let (few, many) = (peak(&few, &folder.join("out")), peak(&many, &folder.join("out")));
    assert!(few > 10_000.0, "{few} kB is no memory of a run");
    assert!(many <= few * 1.10, "{few:.0} kB for 250 documents, {many:.0} kB for 2,500");
}
