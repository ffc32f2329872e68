//! The filter between other programs: documents in, records out, the same however they are cut; and releases that are made of such records.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

#[path = "../benches/corpus/mod.rs"]
#[allow(dead_code, reason = "the benchmark uses all of it")]
mod made;
mod project;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use arrow::array::{Array, ArrayRef, AsArray, LargeStringArray, RecordBatch, StringArray, StringViewArray, new_null_array};
use arrow::datatypes::{DataType, Int64Type, SchemaRef};
use arrow::ipc::reader::{FileReader, StreamReader};
use arrow::ipc::writer::StreamWriter;
use project::{Ran, copy, edit, empty_folder, files, rollcall, root};
use rollcall::findings::Report;
use rollcall::model::envelope::{End, Envelope, Row};
use rollcall::model::record::{Record, from_batch};
use rollcall::model::schemas::Schemas;
use rollcall::pipeline::{Project, Spill, schemas};

/// A document as a row has it: id, text, path.
type Document = (Option<String>, Option<String>, Option<String>);

fn documents(count: usize) -> Vec<Document> {
    made::Corpus::new(5).take(count).map(|made| (Some(made.id), Some(made.text), None)).collect()
}

fn document(id: &str, text: &str) -> Document {
    (Some(id.to_owned()), Some(text.to_owned()), None)
}

const MEMBERS: &str = "Harbour Dialogue\n\nMember States\n\n• Nepal\n• Qatar\n";

type Column = fn(Vec<Option<&str>>) -> ArrayRef;

/// The three ways in which texts lie in Arrow.
const COLUMNS: &[(&str, Column)] = &[
    ("Utf8", |texts| Arc::new(StringArray::from(texts))),
    ("LargeUtf8", |texts| Arc::new(LargeStringArray::from(texts))),
    ("Utf8View", |texts| Arc::new(StringViewArray::from(texts))),
];

/// Documents as a stream, cut into batches of these sizes; the last one has the rest.
fn stream_of(documents: &[Document], column: Column, sizes: &[usize]) -> Vec<u8> {
    let batch = |part: &[Document]| {
        let (id, text) = (part.iter().map(|row| row.0.as_deref()).collect(), part.iter().map(|row| row.1.as_deref()).collect());
        let paths = part.iter().map(|row| row.2.as_deref()).collect();
        let columns = [("text", column(text)), ("url", new_null_array(&DataType::Utf8, part.len())), ("path", column(paths)), ("id", column(id))];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, array)| (name, array, true))).unwrap()
    };
    let mut writer = StreamWriter::try_new(Vec::new(), &batch(&[]).schema()).unwrap();
    let mut rest = documents;
    for size in sizes {
        let (part, left) = rest.split_at((*size).min(rest.len()));
        writer.write(&batch(part)).unwrap();
        rest = left;
    }
    if !rest.is_empty() {
        writer.write(&batch(rest)).unwrap();
    }
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

fn stream(documents: &[Document]) -> Vec<u8> {
    stream_of(documents, COLUMNS[0].1, &[])
}

/// What a run of the filter wrote and said.
struct Filtered {
    ran: Ran,
    out: Vec<u8>,
}

fn filter(folder: &Path, input: &[u8], options: &[&str]) -> Filtered {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["extract", "--stdin", "arrow", "--stdout", "arrow"])
        .args(options)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    // A run that ends early closes the pipe.
    let writing = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    let ran = Ran { code: output.status.code().unwrap_or(-1), stdout: String::new(), stderr: String::from_utf8(output.stderr).unwrap() };
    Filtered { ran, out: output.stdout }
}

fn filtered(folder: &Path, documents: &[Document]) -> Vec<u8> {
    let run = filter(folder, &stream(documents), &[]);
    run.ran.exits(0);
    run.out
}

fn project_schemas(folder: &Path) -> Schemas {
    let at = |name: &str| folder.join(name);
    let project = Project {
        raw: at("raw"),
        records: None,
        own_raw: at("raw"),
        schemas: at("schemas"),
        output: at("output"),
        cache: None,
        spill: Spill::none(),
    };
    schemas(&project, &mut Report::default()).unwrap()
}

fn batches(stream: &[u8]) -> (SchemaRef, Vec<RecordBatch>) {
    let reader = StreamReader::try_new(stream, None).unwrap();
    (reader.schema(), reader.map(Result::unwrap).collect())
}

fn rows(schemas: &Schemas, stream: &[u8]) -> Vec<Row> {
    let envelope = Envelope::new(&schemas.tables);
    batches(stream).1.iter().flat_map(|batch| envelope.rows(batch).unwrap()).collect()
}

fn records(rows: &[Row]) -> BTreeMap<&str, Vec<&Record>> {
    let mut records: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for row in rows {
        if let Row::Record(table, record) = row {
            records.entry(table).or_default().push(record);
        }
    }
    records
}

fn end(rows: &[Row]) -> &End {
    let Some(Row::End(end)) = rows.last() else { panic!("the last row is {:?}", rows.last()) };
    end
}

/// Whether a stream has an end record.
fn has_ended(stream: &[u8]) -> bool {
    let is_end = |batch: RecordBatch| batch.column_by_name("end").is_some_and(|end| end.null_count() < end.len());
    StreamReader::try_new(stream, None).is_ok_and(|reader| reader.flatten().any(is_end))
}

#[test]
fn the_bytes_are_the_same_however_documents_are_cut_held_and_read() {
    let documents = documents(120);
    let expected = filtered(root(), &documents);
    let found = rows(&project_schemas(root()), &expected);
    assert!(records(&found)["memberships"].len() > 300 && found.len() > 1024 * 2, "{} rows", found.len());
    for (name, column) in COLUMNS {
        for sizes in [&[1; 120][..], &[0, 7, 0, 0, 50, 1], &[119], &[0]] {
            let run = filter(root(), &stream_of(&documents, *column, sizes), &["--threads", if sizes.len() == 1 { "1" } else { "3" }]);
            run.ran.exits(0);
            assert!(run.out == expected, "{name} in batches of {sizes:?}");
        }
    }
    let mut ids: Vec<&str> = found.iter().filter_map(|row| if let Row::Document(row) = row { Some(row.source_id.as_str()) } else { None }).collect();
    ids.dedup();
    assert_eq!(ids, documents.iter().map(|row| row.0.as_deref().unwrap()).collect::<Vec<_>>(), "documents in their order");
}

#[test]
fn the_compressed_stream_is_the_stream_compressed() {
    let folder = root();
    let documents = documents(40);
    let plain = filtered(folder, &documents);
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["extract", "--stdin", "arrow", "--stdout", "arrow.zst"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = stream(&documents);
    let written = std::thread::spawn(move || std::io::Write::write_all(&mut input, &bytes).unwrap());
    let output = child.wait_with_output().unwrap();
    written.join().unwrap();
    assert!(output.status.success() && output.stdout.len() * 5 < plain.len(), "{} of {}", output.stdout.len(), plain.len());
    assert!(zstd::decode_all(&output.stdout[..]).unwrap() == plain);
}

#[test]
fn no_documents_give_an_end_record_alone() {
    let found = filtered(root(), &[]);
    assert_eq!(batches(&found).1.len(), 1);
    let found = rows(&project_schemas(root()), &found);
    let [Row::End(End { documents: 0, records: 0, errors: 0, program, schemas })] = &found[..] else { panic!("{found:?}") };
    assert_eq!((program.len(), schemas.len()), (64, 64));
}

#[test]
fn the_filter_states_what_extract_states() {
    let folder = empty_folder("filter_extract");
    let documents = documents(40);
    let lines = documents.iter().map(|(id, text, _)| format!("{}\n", serde_json::json!({"id": id, "text": text})));
    fs::write(folder.join("texts.jsonl"), lines.collect::<String>()).unwrap();
    let out = folder.join("out");
    for withheld in [&[][..], &["--include-withheld"]] {
        let arguments = ["extract", folder.join("texts.jsonl").to_str().unwrap(), "--to", "arrow", "--out", out.to_str().unwrap()].map(str::to_owned);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(withheld.iter().copied()).collect();
        rollcall(root(), &arguments).exits(0);
        let schemas = project_schemas(root());
        let found = rows(&schemas, &filter(root(), &stream(&documents), withheld).out);
        let found = records(&found);
        let mut compared = 0;
        for schema in schemas.tables.iter().filter(|schema| schema.record.is_some()) {
            let reader = FileReader::try_new(File::open(out.join(format!("{}.arrow", schema.name))).unwrap(), None).unwrap();
            let expected: Vec<Record> = reader.flat_map(|batch| from_batch(schema, &batch.unwrap()).unwrap()).collect();
            let found = found.get(schema.name.as_str()).cloned().unwrap_or_default();
            assert!(found.iter().copied().eq(&expected), "{}", schema.name);
            compared += expected.len();
        }
        assert!(compared > 500, "{compared} records");
    }
}

#[test]
fn a_document_that_is_none_gives_an_error_in_its_place() {
    let marked = "Harbour Dialogue\n\nMember States\n\n• N@@@l\n";
    let bad: Vec<(Document, &str)> = vec![
        ((None, Some(MEMBERS.to_owned()), None), "it has no id"),
        ((Some(String::new()), Some(MEMBERS.to_owned()), None), "it has no id"),
        (document("tab\tbed", MEMBERS), "control characters"),
        ((Some("bare".to_owned()), None, None), "\"bare\" has no text"),
        (document("blank", " \n"), "\"blank\" has no text"),
        (document("spoilt", marked), "its text is not UTF-8"),
        (document("first", MEMBERS), "its id \"first\" was there before"),
        ((Some("up".to_owned()), Some(MEMBERS.to_owned()), Some("../up.txt".to_owned())), "its path is no path below a folder"),
    ];
    let mut all = vec![document("first", MEMBERS)];
    all.extend(bad.iter().map(|(row, _)| row.clone()));
    all.push(document("last", MEMBERS));
    for (name, column) in COLUMNS {
        for sizes in [&[1; 9][..], &[4, 3]] {
            let mut input = stream_of(&all, *column, sizes);
            let at = input.windows(3).position(|bytes| bytes == b"@@@").unwrap();
            input[at] = 0xff;
            let run = filter(root(), &input, &[]);
            run.ran.exits(0);
            let found = rows(&project_schemas(root()), &run.out);
            let errors: Vec<_> = found.iter().filter_map(|row| if let Row::Error(error) = row { Some(error) } else { None }).collect();
            assert_eq!(errors.len(), bad.len(), "{name}: {errors:?}");
            for ((at, error), (row, problem)) in errors.iter().enumerate().zip(&bad) {
                assert!(error.message.contains(problem), "{name}: {error:?}, expected {problem}");
                let id = row.0.clone().filter(|id| !id.is_empty() && !problem.contains("UTF-8"));
                assert_eq!((error.document, &error.source_id), (at as u64 + 2, &id), "{name}");
            }
            let memberships = &records(&found)["memberships"];
            assert_eq!(memberships.iter().map(|record| record.source_id.as_str()).collect::<Vec<_>>(), ["first", "first", "last", "last"]);
            let end = end(&found);
            assert_eq!((end.documents, end.errors), (10, 8));
            assert_eq!(end.records as usize, found.iter().filter(|row| matches!(row, Row::Record(..))).count());
        }
    }
    let run = filter(root(), &stream(&all), &["--strict"]);
    run.ran.exits(1).says(&["document 2: it has no id"]);
    assert!(!has_ended(&run.out));
}

#[test]
fn what_is_withheld_stays_out_unless_asked_for() {
    let text = "Harbour Dialogue\n\nMember States\n\n• Nepal\n\nContact\n\nSkype: someone.abroad\nE-mail: someone.abroad@mail.example\n";
    let input = stream(&[document("sheet", text)]);
    let schemas = project_schemas(root());
    let has = |bytes: &[u8]| bytes.windows(14).any(|window| window == b"someone.abroad");
    let without = filter(root(), &input, &[]);
    without.ran.exits(0);
    let Some(Row::Document(document)) = rows(&schemas, &without.out).into_iter().rev().nth(1) else { panic!("no document") };
    assert!(document.withheld > 0 && !has(&without.out), "{} withheld", document.withheld);
    let with = filter(root(), &input, &["--include-withheld"]);
    with.ran.exits(0);
    assert!(has(&with.out));
}

#[test]
fn a_stream_that_is_cut_or_none_ends_without_an_end_record() {
    let input = stream_of(&documents(3), COLUMNS[0].1, &[1, 1]);
    let problems = [
        (&input[..input.len() - 8], "ends without its end mark"),
        (&input[..input.len() - 100], "ends inside a batch"),
        (&b""[..], "ends without its end mark"),
        (&b"id,text\nx,some text that is no stream at all\n"[..], "no Arrow IPC stream"),
    ];
    for (input, problem) in problems {
        let run = filter(root(), input, &[]);
        run.ran.exits(3).says(&["standard input", problem]);
        assert!(!has_ended(&run.out), "{problem}");
    }
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["x"]));
    let numbers: ArrayRef = Arc::new(arrow::array::Int32Array::from(vec![1]));
    for (columns, problem) in [
        (vec![("id", &texts)], "there is no column \"text\""),
        (vec![("id", &texts), ("text", &numbers)], "column \"text\" is Int32, expected texts"),
        (vec![("id", &texts), ("text", &texts), ("id", &texts)], "there are two columns \"id\""),
    ] {
        let batch = RecordBatch::try_from_iter(columns.into_iter().map(|(name, array)| (name, Arc::clone(array)))).unwrap();
        let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        filter(root(), &writer.into_inner().unwrap(), &[]).ran.exits(3).says(&[problem]);
    }
}

#[test]
fn damaged_streams_never_make_it_panic() {
    let input = stream_of(&documents(2), COLUMNS[2].1, &[1, 1]);
    let mut seed = 7_u64;
    for round in 0..60 {
        let mut spoilt = input.clone();
        for _ in 0..1 + round % 3 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // Heads of messages are where lengths and offsets stand.
            let at = (seed >> 33) as usize % if round % 2 == 0 { 700 } else { spoilt.len() };
            spoilt[at] ^= 1 << (seed >> 60 & 7);
        }
        let run = filter(root(), &spoilt, &[]);
        assert!([0, 3].contains(&run.ran.code), "exit {}: {}", run.ran.code, run.ran.stderr);
        assert!(!run.ran.stderr.contains("panicked") && !run.ran.stderr.contains("fault"), "{}", run.ran.stderr);
    }
}

#[test]
fn a_reader_that_goes_away_is_a_quiet_failure() {
    let input = stream(&documents(300));
    let mut child = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["extract", "--stdin", "arrow", "--stdout", "arrow"])
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writing = thread::spawn(move || drop(stdin.write_all(&input)));
    let mut some = [0; 1000];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(3), ""));
}

#[test]
fn the_schema_that_is_printed_is_that_of_the_stream() {
    let (schema, _) = batches(&filtered(root(), &documents(1)));
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let json: serde_json::Value = serde_json::from_str(&rollcall(root(), &["schema", "extract", "--format", "json"]).exits(0).stdout).unwrap();
    let printed: Vec<&str> = json["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
    assert_eq!(printed, names);
    assert_eq!(json["fields"][1], serde_json::json!({"name": "seq", "type": "int64", "nullable": true}));
    assert!(names.starts_with(&["source_id", "seq", "table"]) && names.ends_with(&["findings", "documents", "errors", "end"]), "{names:?}");
    let ddl = rollcall(root(), &["schema", "extract", "--format", "spark-ddl"]).exits(0).stdout;
    let columns: Vec<&str> = ddl.lines().map(|line| line.split('`').nth(1).unwrap()).collect();
    assert_eq!(columns, names);
    assert!(!ddl.contains("UNKNOWN") && ddl.contains("`documents` STRUCT<`path`: STRING, "), "{ddl}");
    rollcall(root(), &["schema", "extract", "--format", "avro"]).exits(2).says(&["json, spark-ddl"]);
    rollcall(root(), &["schema", "meetings", "--format", "spark-ddl"]).exits(2).says(&["tables are printed as json"]);
}

/// A project whose texts are one JSONL file beside it, and the same texts as documents.
fn project_of_records(name: &str) -> (std::path::PathBuf, Vec<Document>) {
    let folder = empty_folder(name);
    copy(&root().join("schemas"), &folder.join("schemas"));
    copy(&root().join("raw"), &folder.join("texts"));
    fs::create_dir_all(folder.join("raw")).unwrap();
    fs::rename(folder.join("texts/sources.toml"), folder.join("raw/sources.toml")).unwrap();
    let mut texts = files(&folder.join("texts"));
    texts.retain(|name, _| name.ends_with(".txt"));
    let id = |name: &str| name.trim_end_matches(".txt").to_owned();
    let path = |name: &str| Some(format!("texts.jsonl#{}", id(name)));
    let documents: Vec<Document> =
        texts.iter().map(|(name, text)| (Some(id(name)), Some(String::from_utf8(text.clone()).unwrap()), path(name))).collect();
    let lines = documents.iter().map(|(id, text, _)| format!("{}\n", serde_json::json!({"id": id, "text": text})));
    fs::write(folder.join("texts.jsonl"), lines.collect::<String>()).unwrap();
    assert!(documents.len() >= 5);
    (folder, documents)
}

fn publish(folder: &Path, options: &[&str]) -> Ran {
    rollcall(folder, &[&["publish", "--date", "2026-01-02"], options].concat())
}

fn write_records(folder: &Path, name: &str, stream: &[u8]) {
    fs::create_dir_all(folder.join("records")).unwrap();
    fs::write(folder.join("records").join(name), stream).unwrap();
}

/// Records that are compressed as a whole are those that they are of, and a file that is cut is told of.
#[test]
fn compressed_records_publish_as_others_do() {
    let (folder, documents) = project_of_records("compressed_records");
    let stream = filtered(&folder, &documents);
    let compressed = zstd::encode_all(&stream[..], 1).unwrap();
    write_records(&folder, "a.arrows.zst", &compressed);
    publish(&folder, &["--records", "records"]).exits(0);
    write_records(&folder, "a.arrows.zst", &compressed[..compressed.len() / 2]);
    publish(&folder, &["--records", "records"]).exits(1).says(&["records-unreadable"]);
}

#[test]
fn a_release_of_records_is_that_of_the_texts() {
    let (folder, documents) = project_of_records("filter_release");
    publish(&folder, &["--raw", "texts.jsonl", "--output", "expected"]).exits(0);
    let expected = files(&folder.join("expected"));
    assert!(expected["1.0.0/memberships.csv"].len() > 1000);
    // Two runs, of which one brings its documents one by one.
    write_records(&folder, "a.arrows", &filtered(&folder, &documents[3..]));
    let second = filter(&folder, &stream_of(&documents[..3], COLUMNS[1].1, &[1, 1]), &[]);
    write_records(&folder, "b.arrow", &second.out);
    publish(&folder, &["--records", "records"]).exits(0);
    let output = files(&folder.join("output"));
    assert!(
        output == expected,
        "{:?}",
        output.iter().filter(|(path, bytes)| expected.get(*path) != Some(*bytes)).map(|(path, _)| path).collect::<Vec<_>>()
    );
    rollcall(&folder, &["check", "--locked", "--records", "records"]).exits(0);
    rollcall(&folder, &["verify"]).exits(0);
    rollcall(&folder, &["verify", "--rebuild", "--records", "records"]).exits(0).says(&["made again byte for byte"]);
    // Without the paths the facts are the same, and the sources say so little as is known.
    let pathless: Vec<Document> = documents.into_iter().map(|(id, text, _)| (id, text, None)).collect();
    fs::remove_dir_all(folder.join("records")).unwrap();
    write_records(&folder, "a.arrows", &filtered(&folder, &pathless));
    publish(&folder, &["--records", "records", "--output", "pathless"]).exits(0);
    let pathless = files(&folder.join("pathless"));
    let tables = expected.iter().filter(|(path, _)| path.ends_with(".csv"));
    let differing: Vec<&String> = tables.filter(|(path, bytes)| pathless.get(*path) != Some(*bytes)).map(|(path, _)| path).collect();
    assert_eq!(differing, ["1.0.0/sources.csv"]);
}

/// The messages of a stream, each with its body: what is cut between two of them looks whole.
fn edges(stream: &[u8]) -> Vec<usize> {
    let mut edges = Vec::new();
    let mut at = 0;
    while at + 8 <= stream.len() {
        let length = u32::from_le_bytes(stream[at + 4..at + 8].try_into().unwrap()) as usize;
        if length == 0 {
            break;
        }
        let body = arrow::ipc::root_as_message(&stream[at + 8..at + 8 + length]).unwrap().bodyLength();
        at += 8 + length + body as usize;
        edges.push(at);
    }
    edges
}

/// The stream with its rows changed.
fn rewritten(schemas: &Schemas, stream: &[u8], change: impl FnOnce(&mut Vec<Row>)) -> Vec<u8> {
    let mut rows = rows(schemas, stream);
    change(&mut rows);
    let envelope = Envelope::new(&schemas.tables);
    let mut writer = StreamWriter::try_new(Vec::new(), envelope.schema()).unwrap();
    writer.write(&envelope.batch(&rows).unwrap()).unwrap();
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn records_that_cannot_be_trusted_are_refused() {
    let (folder, documents) = project_of_records("filter_refused");
    // Enough for several batches.
    let many: Vec<Document> = documents.iter().cloned().chain(self::documents(60)).collect();
    let whole = filtered(&folder, &many);
    assert!(has_ended(&whole));
    let refused = |name: &str, bytes: &[u8], pieces: &[&str]| {
        write_records(&folder, "a.arrows", bytes);
        publish(&folder, &["--records", "records"]).exits(1).says(&[&["records/a.arrows"], pieces].concat()).says(&["nothing was written"]);
        assert!(!folder.join("output").exists(), "{name}");
    };
    let edges = edges(&whole);
    assert!(edges.len() > 3, "{edges:?}");
    for edge in &edges[..edges.len() - 1] {
        refused("cut", &whole[..*edge], &["error[records-unreadable]", "ends without its end mark"]);
        // As an engine would close what a run left behind.
        let closed = [&whole[..*edge], &[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]].concat();
        refused("cut and closed", &closed, &["error[records-unfit]", "there is no end record"]);
    }
    refused("cut inside", &whole[..edges[1] - 40], &["error[records-unreadable]"]);
    refused("no stream", b"no stream at all", &["error[records-unreadable]"]);
    let schemas = project_schemas(&folder);
    let changed = |change: &dyn Fn(&mut Vec<Row>)| rewritten(&schemas, &whole, change);
    let record = |rows: &[Row]| rows.iter().position(|row| matches!(row, Row::Record(..))).unwrap();
    let row_of = |rows: &[Row]| rows.iter().position(|row| matches!(row, Row::Document(_))).unwrap();
    refused("a record less", &changed(&|rows| drop(rows.remove(record(rows)))), &["records, its row says"]);
    let without_document = changed(&|rows| {
        let last = row_of(rows);
        drop(rows.drain(..=last));
    });
    refused("a document less", &without_document, &["the end record says", "65 documents"]);
    refused("a row that closes no document", &changed(&|rows| drop(rows.remove(row_of(rows)))), &["stand among those of"]);
    let twice = changed(&|rows| rows.extend_from_within(rows.len() - 1..));
    refused("two ends", &twice, &["rows after the end record"]);
    let other = |change: &dyn Fn(&mut End)| {
        changed(&|rows| {
            let Some(Row::End(end)) = rows.last_mut() else { panic!("no end") };
            change(end);
        })
    };
    refused("another program", &other(&|end| end.program = "0".repeat(64)), &["another program made them"]);
    refused("other counts", &other(&|end| end.errors += 1), &["0 errors, the end record says", "1 errors"]);
    let (_, all) = batches(&whole);
    let fewer = all[0].project(&[0, 1, 2, 3, 4, 5]).unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &fewer.schema()).unwrap();
    writer.write(&fewer).unwrap();
    writer.finish().unwrap();
    refused("other columns", &writer.into_inner().unwrap(), &["there is no column"]);
    // The rules that the records were made by are no longer those of the project.
    write_records(&folder, "a.arrows", &whole);
    let ignored = folder.join("schemas/ignored.toml");
    let text = fs::read_to_string(&ignored).unwrap();
    fs::write(&ignored, format!("{text}\n# another\n")).unwrap();
    publish(&folder, &["--records", "records"]).exits(1).says(&["records/a.arrows", "they were made with other schemas"]);
    fs::write(&ignored, text).unwrap();
    fs::remove_file(folder.join("records/a.arrows")).unwrap();
    publish(&folder, &["--records", "records"]).exits(1).says(&["there are no records of runs"]);
    publish(&folder, &["--records", "records", "--raw", "texts.jsonl"]).exits(2);
}

#[test]
fn documents_that_cannot_be_published_are_told_of() {
    let (folder, mut documents) = project_of_records("filter_unpublished");
    documents.push(document("Not a slug", MEMBERS));
    documents.push((None, Some(MEMBERS.to_owned()), None));
    write_records(&folder, "a.arrows", &filtered(&folder, &documents));
    write_records(&folder, "b.arrows", &filtered(&folder, &documents[..1]));
    let refused = publish(&folder, &["--records", "records"]).exits(1);
    let refused = refused.says(&["records/a.arrows: warning[record-invalid]: document 6", "id is \"Not a slug\""]);
    let refused = refused.says(&["document 7: the record is left out: it has no id"]).says(&["3 of 8 records are left out"]);
    refused.says(&["records/b.arrows", "document 1", "is also records/a.arrows, document 1"]);
    edit(&folder.join("schemas/dataset.toml"), "name =", "records_left_out = 0.5\nname =");
    publish(&folder, &["--records", "records", "--strict"]).exits(1).says(&["error[record-invalid]"]);
    publish(&folder, &["--records", "records"]).exits(0);
    let registry = folder.join("raw/sources.toml");
    let text = fs::read_to_string(&registry).unwrap();
    fs::write(&registry, text.replacen("language = \"en\"", "language = \"fr\"", 1)).unwrap();
    publish(&folder, &["--records", "records"])
        .exits(1)
        .says(&["error[records-unfit]: it was read as \"en\", its entry in the registry says \"fr\""]);
}

#[test]
fn an_expectation_that_cites_what_the_records_do_not_have_says_so() {
    let (folder, documents) = project_of_records("filter_claims");
    let expectations = folder.join("schemas/expectations.toml");
    let text = fs::read_to_string(&expectations).unwrap();
    fs::remove_file(&expectations).unwrap();
    write_records(&folder, "a.arrows", &filtered(&folder, &documents));
    fs::write(&expectations, text).unwrap();
    publish(&folder, &["--records", "records"]).exits(1).says(&["claim-not-found", "is not among its records: make them again"]);
}

#[test]
fn batches_are_bounded_and_the_end_record_stands_alone_in_the_last() {
    let (_, all) = batches(&filtered(root(), &documents(60)));
    let rows: Vec<usize> = all.iter().map(RecordBatch::num_rows).collect();
    assert!(rows.len() > 2 && rows[..rows.len() - 2].iter().all(|rows| *rows == 1024) && rows.iter().all(|rows| *rows <= 1024), "{rows:?}");
    let last = all.last().unwrap();
    assert_eq!((last.num_rows(), last.column(2).as_string::<i32>().value(0)), (1, "end"));
    let tables = all.iter().flat_map(|batch| batch.column(2).as_string::<i32>().iter().map(|table| table.unwrap().to_owned()).collect::<Vec<_>>());
    let records = tables.filter(|table| !["findings", "documents", "errors", "end"].contains(&table.as_str())).count();
    let end = last.column_by_name("end").unwrap().as_struct().clone();
    let told = |column: &str| end.column_by_name(column).unwrap().as_primitive::<Int64Type>().value(0) as usize;
    assert_eq!((told("documents"), told("records"), told("errors")), (60, records, 0));
}

#[test]
fn damaged_records_never_make_publishing_panic() {
    let (folder, documents) = project_of_records("filter_damaged");
    let whole = filtered(&folder, &documents);
    let mut seed = 3_u64;
    for _ in 0..20 {
        let mut spoilt = whole.clone();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The schema, the head of the first batch, and the beginnings of its columns.
        spoilt[(seed >> 33) as usize % 20_000] ^= 1 << (seed >> 60 & 7);
        write_records(&folder, "a.arrows", &spoilt);
        let ran = rollcall(&folder, &["check", "--records", "records"]);
        assert!([0, 1].contains(&ran.code) && !ran.stderr.contains("panicked"), "exit {}: {}", ran.code, ran.stderr);
    }
}

#[test]
fn a_release_of_records_is_that_of_files_and_pages_too() {
    let folder = empty_folder("filter_files");
    copy(&root().join("schemas"), &folder.join("schemas"));
    fs::remove_file(folder.join("schemas/expectations.toml")).unwrap();
    fs::remove_file(folder.join("schemas/corrections.toml")).unwrap();
    fs::create_dir_all(folder.join("raw/pages")).unwrap();
    let page = "<h1>Harbour Dialogue</h1><h2>Member States</h2><ul><li>Nepal<li>Qatar</ul><script>Member States: Chad</script>";
    for (path, text) in [("leaflet.txt", MEMBERS), ("pages/harbour.html", page)] {
        fs::write(folder.join("raw").join(path), text).unwrap();
    }
    publish(&folder, &["--output", "expected"]).exits(0);
    let with_path = |id: &str, text: &str, path: &str| (Some(id.to_owned()), Some(text.to_owned()), Some(path.to_owned()));
    let documents = [with_path("harbour", page, "pages/harbour.html"), with_path("leaflet", MEMBERS, "leaflet.txt")];
    fs::create_dir_all(folder.join("records/deep")).unwrap();
    write_records(&folder, "deep/a.arrows", &filtered(&folder, &documents));
    publish(&folder, &["--records", "records"]).exits(0);
    let expected = files(&folder.join("expected"));
    assert!(files(&folder.join("output")) == expected && String::from_utf8_lossy(&expected["1.0.0/memberships.csv"]).contains("QAT"));
    // The texts are there under the paths that the documents brought, so that their evidence can be compared.
    let verified = rollcall(&folder, &["verify"]).exits(0).stdout;
    assert!(verified.contains(" 0 whose source is not there") && !verified.contains(" 0 pieces of evidence found"), "{verified}");
}

#[test]
fn a_file_of_documents_is_read_as_carefully_as_a_stream() {
    let folder = empty_folder("filter_file");
    let marked = "Harbour Dialogue\n\nMember States\n\n• N@@@l\n";
    let mut input = stream(&[document("first", MEMBERS), document("spoilt", marked), document("last", MEMBERS)]);
    let at = input.windows(3).position(|bytes| bytes == b"@@@").unwrap();
    input[at] = 0xff;
    let extract = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).unwrap();
        rollcall(&folder, &["extract", name, "--out", "out"])
    };
    extract("texts.arrows", &input)
        .exits(0)
        .says(&["texts.arrows", "batch 1, row 2: the record is left out: its text is not UTF-8"])
        .says(&["2 sources"]);
    extract("cut.arrows", &input[..input.len() - 8]).exits(1).says(&["cut.arrows", "records-unreadable", "ends without its end mark"]);
    let mut damaged = input.clone();
    // The offset of a buffer: it leads out of the body.
    let schema = edges(&input)[0];
    (schema + 8..schema + 200).for_each(|at| damaged[at] ^= u8::from(damaged[at] == 0) << 6);
    extract("damaged.arrows", &damaged).exits(1).says(&["damaged.arrows", "records-unreadable"]);
}
