//! Ways to break a release, each of which `rollcall verify` must catch and name.
//!
//! A break that hides is the harder one: after most of them the hashes of all files, descriptors and pointers are made to agree again, as
//! somebody would who edits a release on purpose. Each prints one line.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Schema};
use chrono::NaiveDate;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::file::properties::WriterProperties;
use project::{Csv, copy, copy_of_the_project, edit, empty_folder, rollcall, root};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The older and the newer release of the store that is broken.
const OLD: &str = "1.0.0";
const NEW: &str = "1.0.1";

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A copy of the store, to be broken.
struct Store {
    folder: PathBuf,
}

impl Store {
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(NEW).join(name)
    }

    fn above(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Edits a JSON file.
    fn edit_json(path: &Path, edit: impl FnOnce(&mut Value)) {
        let mut value: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        edit(&mut value);
        fs::write(path, serde_json::to_string_pretty(&value).unwrap() + "\n").unwrap();
    }

    /// Edits the rows of a table, in both formats.
    fn edit_table(&self, table: &str, edit: impl FnOnce(&Csv, &mut Vec<Vec<String>>)) {
        let path = self.file(&format!("{table}.csv"));
        let mut csv = Csv::read(&path);
        let mut rows = std::mem::take(&mut csv.rows);
        edit(&csv, &mut rows);
        csv.rows = rows;
        let mut writer = csv::WriterBuilder::new().from_path(&path).unwrap();
        writer.write_record(&csv.columns).unwrap();
        csv.rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
        parquet_of(&self.file(&format!("{table}.parquet")), &csv);
    }

    /// Edits one cell of a table, in both formats.
    fn edit_cell(&self, table: &str, column: &str, row: usize, value: &str) {
        self.edit_table(table, |csv, rows| rows[row][csv.position(column)] = value.to_owned());
    }

    /// Makes descriptors, sums and pointers agree with the files again: what a break changed is all that is wrong.
    fn agree(&self) {
        for version in [OLD, NEW] {
            let folder = self.folder.join(version);
            let sums_of_the_old = sha256(&fs::read(self.folder.join(OLD).join("SHA256SUMS")).unwrap());
            let mut changed: Vec<(String, String, usize)> = Vec::new();
            Self::edit_json(&folder.join("datapackage.json"), |package| {
                for resource in package["resources"].as_array_mut().unwrap() {
                    let name = resource["path"].as_str().unwrap().to_owned();
                    let Ok(bytes) = fs::read(folder.join(&name)) else { continue };
                    let hash = sha256(&bytes);
                    if resource["hash"] == format!("sha256:{hash}") {
                        continue;
                    }
                    resource["hash"] = format!("sha256:{hash}").into();
                    resource["bytes"] = bytes.len().into();
                    changed.push((name, hash, bytes.len()));
                    if resource.get("rows").is_some() {
                        let rows = csv::Reader::from_reader(&bytes[..]).into_byte_records().count();
                        resource["rows"] = rows.into();
                    }
                }
                if version == NEW && package["rollcall"]["previous"]["version"] == OLD {
                    package["rollcall"]["previous"]["sha256sums"] = sums_of_the_old.into();
                }
            });
            agree_on_files(&folder, &changed);
            let mut sums = BTreeMap::new();
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                if name != "SHA256SUMS" && path.is_file() {
                    sums.insert(name, sha256(&fs::read(&path).unwrap()));
                }
            }
            let text: String = sums.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
            fs::write(folder.join("SHA256SUMS"), &text).unwrap();
            let hash = sha256(text.as_bytes());
            Self::edit_json(&self.above("versions.json"), |versions| {
                for entry in versions["versions"].as_array_mut().unwrap().iter_mut().filter(|entry| entry["version"] == version) {
                    entry["sha256sums"] = hash.clone().into();
                }
            });
            if version == NEW {
                Self::edit_json(&self.above("latest.json"), |latest| latest["sha256sums"] = hash.into());
                fs::copy(self.file("CHANGELOG.md"), self.above("CHANGELOG.md")).unwrap();
            }
        }
    }
}

/// Gives the files that changed their new hash and size in the descriptors that name them.
fn agree_on_files(folder: &Path, changed: &[(String, String, usize)]) {
    let of_file = |file: &Value| changed.iter().find(|(name, ..)| file["contentUrl"] == *name || file["downloadURL"]["@id"] == *name);
    let agree = |value: &mut Value| {
        for file in value["distribution"].as_array_mut().unwrap() {
            let Some((_, hash, bytes)) = of_file(file) else { continue };
            if file.get("checksum").is_some() {
                file["checksum"]["checksumValue"] = hash.as_str().into();
                file["byteSize"] = bytes.to_string().into();
            } else {
                file["sha256"] = hash.as_str().into();
                file["contentSize"] = format!("{bytes} B").into();
            }
        }
    };
    for name in ["croissant.json", "dcat.jsonld"] {
        Store::edit_json(&folder.join(name), agree);
    }
    let page = fs::read_to_string(folder.join("index.html")).unwrap();
    let (before, rest) = page.split_once("application/ld+json\">").unwrap();
    let (json, after) = rest.split_once("</script>").unwrap();
    let mut value: Value = serde_json::from_str(json).unwrap();
    agree(&mut value);
    fs::write(folder.join("index.html"), format!("{before}application/ld+json\">{value}</script>{after}")).unwrap();
}

/// Writes a Parquet file with the columns and the words beside the rows of the one that is there, and the rows of a CSV.
fn parquet_of(path: &Path, csv: &Csv) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    let fields = builder.schema().fields().clone();
    let metadata = builder.metadata().file_metadata().key_value_metadata().cloned();
    let schema = Arc::new(Schema::new(fields));
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .enumerate()
        .map(|(at, field)| {
            let cells = || csv.rows.iter().map(move |row| Some(row[at].as_str()).filter(|cell| !cell.is_empty()));
            let day = |cell: &str| (cell.parse::<NaiveDate>().unwrap() - NaiveDate::default()).num_days() as i32;
            match field.data_type() {
                DataType::Utf8 => Arc::new(cells().collect::<StringArray>()) as ArrayRef,
                DataType::Int64 => Arc::new(cells().map(|cell| cell.map(|cell| cell.parse().unwrap())).collect::<Int64Array>()),
                DataType::Float64 => Arc::new(cells().map(|cell| cell.map(|cell| cell.parse().unwrap())).collect::<Float64Array>()),
                DataType::Boolean => Arc::new(cells().map(|cell| cell.map(|cell| cell == "true")).collect::<BooleanArray>()),
                DataType::Date32 => Arc::new(cells().map(|cell| cell.map(day)).collect::<Date32Array>()),
                other => panic!("{other}"),
            }
        })
        .collect();
    // A required column cannot hold a null: then the Parquet file stays as it was, and differs from the CSV.
    let Ok(batch) = RecordBatch::try_new(Arc::clone(&schema), columns) else { return };
    let properties = WriterProperties::builder().set_key_value_metadata(metadata).build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(fs::File::create(path).unwrap(), schema, options).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

/// What is broken, whether hashes agree again afterwards, what `verify` must say, and the break.
type Break = (&'static str, bool, &'static [&'static str], fn(&Store));

/// One bit of a file, or one more byte.
fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

const BREAKS: &[Break] = &[
    ("a byte of a table", false, &["memberships.parquet", "not the file that SHA256SUMS has"], |store| flip(&store.file("memberships.parquet"))),
    ("a byte of the landing page", false, &["index.html", "not the file that SHA256SUMS has"], |store| flip(&store.file("index.html"))),
    ("a byte of SHA256SUMS", false, &["SHA256SUMS"], |store| flip(&store.file("SHA256SUMS"))),
    ("a line less in SHA256SUMS", false, &["themes.csv", "not in SHA256SUMS"], |store| {
        let text = fs::read_to_string(store.file("SHA256SUMS")).unwrap();
        fs::write(
            store.file("SHA256SUMS"),
            text.lines().filter(|line| !line.ends_with("  themes.csv")).map(|line| format!("{line}\n")).collect::<String>(),
        )
        .unwrap();
    }),
    ("a missing table", false, &["meetings.csv", "missing"], |store| fs::remove_file(store.file("meetings.csv")).unwrap()),
    ("a missing table that SHA256SUMS lacks too", true, &["meetings.csv", "missing"], |store| fs::remove_file(store.file("meetings.csv")).unwrap()),
    ("an extra file", false, &["extra.csv", "not in SHA256SUMS"], |store| fs::write(store.file("extra.csv"), "a\n").unwrap()),
    ("an extra file that SHA256SUMS has", true, &["extra.csv", "no file of a release"], |store| fs::write(store.file("extra.csv"), "a\n").unwrap()),
    ("an extra folder", false, &["more", "not a plain file"], |store| fs::create_dir(store.file("more")).unwrap()),
    ("a link in place of a file", false, &["themes.csv", "not a plain file"], |store| {
        fs::rename(store.file("themes.csv"), store.above(".themes.csv")).unwrap();
        std::os::unix::fs::symlink("../.themes.csv", store.file("themes.csv")).unwrap();
    }),
    ("an orphan", true, &["memberships.csv", "is not in countries"], |store| {
        store.edit_table("countries", |csv, rows| rows.retain(|row| row[csv.position("iso3")] != "LKA"));
    }),
    ("a key that stands twice", true, &["themes.csv", "stands again"], |store| {
        store.edit_table("themes", |_, rows| rows.insert(1, rows[0].clone()));
    }),
    ("rows in another order", true, &["themes.csv", "not sorted by its key"], |store| store.edit_table("themes", |_, rows| rows.swap(0, 1))),
    ("a value of another type", true, &["meetings.csv", "column \"ordinal\""], |store| {
        let path = store.file("meetings.csv");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen(",3,", ",third,", 1)).unwrap();
        assert_ne!(fs::read_to_string(&path).unwrap(), text);
    }),
    ("a number in another spelling", true, &["meetings.csv", "\"03\" in column \"ordinal\""], |store| {
        let path = store.file("meetings.csv");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replacen(",3,", ",03,", 1)).unwrap();
    }),
    ("a value outside its list", true, &["memberships.csv", "role is \"emperor\""], |store| store.edit_cell("memberships", "role", 0, "emperor")),
    ("a value outside its pattern", true, &["sources.csv", "sha256 is"], |store| store.edit_cell("sources", "sha256", 0, "0")),
    ("an empty required value", true, &["themes.csv", "text"], |store| store.edit_cell("themes", "text", 0, "")),
    ("a row rule: the bytes of a source do not add up", true, &["coverage.csv", "breaks the rule"], |store| {
        store.edit_cell("coverage", "read", 0, "1")
    }),
    ("another header", true, &["themes.csv", "the header is"], |store| edit(&store.file("themes.csv"), "theme_id,", "id,")),
    ("a column less", true, &["themes.csv", "values, the header has"], |store| {
        let path = store.file("themes.csv");
        let text = fs::read_to_string(&path).unwrap();
        let shorter = text.trim_end().rsplit_once(',').unwrap().0.to_owned() + "\n";
        fs::write(&path, shorter).unwrap();
    }),
    ("line ends of Windows", true, &["themes.csv", "one form"], |store| {
        let path = store.file("themes.csv");
        fs::write(&path, fs::read_to_string(&path).unwrap().replace('\n', "\r\n")).unwrap();
    }),
    ("a byte order mark", true, &["themes.csv"], |store| {
        let path = store.file("themes.csv");
        fs::write(&path, format!("\u{feff}{}", fs::read_to_string(&path).unwrap())).unwrap();
    }),
    ("another encoding", true, &["meetings.csv", "not UTF-8"], |store| {
        let path = store.file("meetings.csv");
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes.iter().position(|byte| !byte.is_ascii()).unwrap();
        bytes[at] = 0xff;
        fs::write(&path, bytes).unwrap();
    }),
    ("CSV and Parquet differ", true, &["meetings.csv", "in Parquet"], |store| edit(&store.file("meetings.csv"), ",3,", ",4,")),
    ("a row more in Parquet", true, &["themes.parquet", "more rows than the CSV"], |store| {
        let path = store.file("themes.csv");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n").unwrap();
    }),
    ("Parquet of another release", true, &["themes.parquet", "table_version is not that of the release"], |store| {
        Store::edit_json(&store.file("datapackage.json"), |package| {
            let resources = package["resources"].as_array_mut().unwrap().iter_mut();
            let themes = resources.filter(|resource| ["themes.csv", "themes.parquet"].contains(&resource["path"].as_str().unwrap()));
            themes.for_each(|resource| resource["tableVersion"] = NEW.into());
        });
    }),
    ("no Parquet at all", true, &["themes.parquet"], |store| fs::write(store.file("themes.parquet"), "PAR1").unwrap()),
    ("the version in datapackage.json", true, &["datapackage.json", "says that it is release 9.0.0"], |store| {
        Store::edit_json(&store.file("datapackage.json"), |package| package["version"] = "9.0.0".into());
    }),
    ("the licence in a page alone", true, &["CITATION.cff", "says that the licence is \"CC0-1.0\""], |store| {
        edit(&store.file("CITATION.cff"), "CC-BY-4.0", "CC0-1.0");
    }),
    ("the version in the landing page alone", true, &["index.html", "says that the version is \"7.0.0\""], |store| {
        edit(&store.file("index.html"), "\"version\":\"1.0.1\"", "\"version\":\"7.0.0\"");
    }),
    ("a hash in croissant.json alone", true, &["croissant.json", "has another hash or size than the release: checks.csv"], |store| {
        Store::edit_json(&store.file("croissant.json"), |page| {
            let mut files = page["distribution"].as_array_mut().unwrap().iter_mut();
            files.find(|file| file["name"] == "checks.csv").unwrap()["sha256"] = sha256(b"").into();
        });
    }),
    ("a table less in the README", true, &["README.md", "does not have the tables of the release: themes"], |store| {
        edit(&store.file("README.md"), "| `themes` |", "| themes |");
    }),
    ("a number in the changelog", true, &["CHANGELOG.md", "| memberships | 7 |"], |store| {
        let text = fs::read_to_string(store.file("CHANGELOG.md")).unwrap();
        let line = text.lines().find(|line| line.starts_with("| memberships |")).unwrap();
        fs::write(store.file("CHANGELOG.md"), text.replacen(line, "| memberships | 7 | 0 | 0 | 0 | 7 |", 1)).unwrap();
    }),
    ("an older entry of the changelog", true, &["CHANGELOG.md", "the entries of the release before are not as they were"], |store| {
        edit(&store.file("CHANGELOG.md"), "First release", "The first release");
    }),
    ("a change that did not happen", true, &["changes.csv"], |store| store.edit_cell("changes", "old", 0, "something else")),
    ("a change that is not told", true, &["changes.csv"], |store| store.edit_table("changes", |_, rows| drop(rows.remove(0)))),
    ("a release before it that is another", true, &["datapackage.json", "the release before it is another"], |store| {
        Store::edit_json(&store.file("datapackage.json"), |package| package["rollcall"]["previous"]["version"] = "0.9.0".into());
    }),
    ("a release before it that was edited", false, &["datapackage.json", "the release before it is another"], |store| {
        let old = store.folder.join(OLD);
        fs::write(old.join("LICENSE"), "none\n").unwrap();
        let sums = fs::read_to_string(old.join("SHA256SUMS")).unwrap();
        let changed =
            sums.lines().map(|line| if line.ends_with("  LICENSE") { format!("{}  LICENSE\n", sha256(b"none\n")) } else { format!("{line}\n") });
        fs::write(old.join("SHA256SUMS"), changed.collect::<String>()).unwrap();
    }),
    ("a release that is gone", false, &["expected 1.0.0"], |store| fs::remove_dir_all(store.folder.join(OLD)).unwrap()),
    ("a pointer to the older release", false, &["latest.json", "does not say what the releases say"], |store| {
        Store::edit_json(&store.above("latest.json"), |latest| latest["version"] = OLD.into());
    }),
    ("versions.json without a release", false, &["versions.json", "does not say what the releases say"], |store| {
        Store::edit_json(&store.above("versions.json"), |versions| drop(versions["versions"].as_array_mut().unwrap().remove(0)));
    }),
    ("no catalogue", false, &["catalog.jsonld", "missing"], |store| fs::remove_file(store.above("catalog.jsonld")).unwrap()),
    ("a stranger in the store", false, &["notes.txt", "no file of a store"], |store| fs::write(store.above("notes.txt"), "x").unwrap()),
    ("evidence that the source does not say", true, &["evidence.csv", "quote"], |store| {
        store.edit_table("evidence", |csv, rows| rows[0][csv.position("quote")] = "something else".to_owned());
    }),
];

/// A store of two releases.
fn store_of_two() -> PathBuf {
    let project = copy_of_the_project("break_release");
    rollcall(&project, &["publish", "--quiet", "--date", "2026-01-02"]).exits(0);
    edit(&project.join("raw/sources.toml"), "publisher = \"", "publisher = \"The ");
    rollcall(&project, &["publish", "--quiet", "--date", "2026-01-03"]).exits(0).says(&["published 1.0.1"]);
    project.join("output")
}

#[test]
fn each_way_to_break_a_release_is_caught() {
    let sound = store_of_two();
    let folder = empty_folder("broken_release");
    let verify = |store: &Path| rollcall(root(), &["verify", "--output", store.to_str().unwrap()]);
    // To make everything agree again breaks nothing by itself.
    let untouched = Store { folder: folder.join("untouched") };
    copy(&sound, &untouched.folder);
    untouched.agree();
    verify(&untouched.folder).exits(0);
    let mut missed = Vec::new();
    for (number, (what, agree, says, break_it)) in BREAKS.iter().enumerate() {
        let store = Store { folder: folder.join(number.to_string()) };
        copy(&sound, &store.folder);
        break_it(&store);
        if *agree {
            store.agree();
        }
        let ran = verify(&store.folder);
        let told = ran.stderr.lines().any(|line| says.iter().all(|piece| line.contains(piece)));
        let caught = ran.code == 4 && told;
        let _ = writeln!(std::io::stderr(), "break     {}  {what}", if caught { "caught" } else { "MISSED" });
        if !caught {
            missed.push(format!("{what}: exit {}\n{}{}", ran.code, ran.stdout, ran.stderr));
        }
        fs::remove_dir_all(&store.folder).unwrap();
    }
    assert!(BREAKS.len() >= 15);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
