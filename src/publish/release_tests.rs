//! Tests of publishing as a whole: what each kind of difference makes, and what a run that dies leaves.

use std::os::unix::fs::FileExt;

use super::changes::Op;
use super::fixture::{Publisher, dataset, files, meeting, row, table};
use super::release::{Outcome, Step};
use super::store;
use super::{Bump, Cause};
use crate::error::Error;
use crate::model::Cell;
use crate::model::dataset::Dataset;

fn identical(outcome: Outcome) -> String {
    match outcome {
        Outcome::Identical { version } => version.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_release_is_1_0_0_and_verifies() {
    let publisher = Publisher::new();
    let published = publisher.published(dataset());
    assert_eq!((published.version.to_string().as_str(), published.bump), ("1.0.0", None));
    let report = store::verify(&publisher.output(), None, None).unwrap();
    assert_eq!((report.versions.len(), report.rows), (1, 7));
    let csv = std::fs::read_to_string(publisher.release("1.0.0").join("meetings.csv")).unwrap();
    assert_eq!(
        csv,
        "meeting_id,name,ordinal,day,share,iso3\nfirst,First Meeting,1,2014-10-15,,LKA\nsecond,\"Second, \"\"big\"\" Meeting\",2,2014-10-15,,NPL\n"
    );
    assert_eq!(std::fs::read_to_string(publisher.release("1.0.0").join("changes.csv")).unwrap(), "table,row_id,column,op,old,new,cause,source_id\n");
}

#[test]
fn nothing_changed_writes_nothing_whatever_the_day_and_program() {
    let mut publisher = Publisher::new();
    publisher.published(dataset());
    let before = files(&publisher.output());
    publisher.date = "2027-08-09".parse().unwrap();
    publisher.digests.program = "2".to_owned();
    publisher.bump = Some(Bump::Major);
    assert_eq!(identical(publisher.publish(dataset()).unwrap()), "1.0.0");
    assert_eq!(files(&publisher.output()), before);
}

#[test]
fn the_order_of_rows_changes_no_byte() {
    let (one, two) = (Publisher::new(), Publisher::new());
    one.published(dataset());
    let mut shuffled = dataset();
    shuffled.rows_mut("meetings").reverse();
    two.published(shuffled);
    assert_eq!(files(&one.output()).into_values().collect::<Vec<_>>(), files(&two.output()).into_values().collect::<Vec<_>>());
}

/// What a change of the data set makes: the bump and the only cause.
fn bump_of(turn: impl FnOnce(&mut Publisher, &mut Dataset)) -> (Bump, Vec<Cause>, String) {
    let mut publisher = Publisher::new();
    publisher.published(dataset());
    let mut next = dataset();
    turn(&mut publisher, &mut next);
    let published = publisher.published(next);
    store::verify(&publisher.output(), None, None).unwrap();
    let mut causes: Vec<Cause> = published
        .difference
        .tables
        .iter()
        .filter(|table| table.name == "meetings")
        .flat_map(|table| table.changes.iter().map(|change| change.cause))
        .collect();
    causes.sort();
    causes.dedup();
    (published.bump.unwrap(), causes, published.entry)
}

#[test]
fn each_difference_makes_its_bump() {
    let source_changed = |data: &mut Dataset| data.rows_mut("sources")[0][5] = Cell::text("bb");
    let rename = |data: &mut Dataset| data.rows_mut("meetings")[0][1] = Cell::text("Opening");

    let (bump, causes, entry) = bump_of(|_, data| {
        data.rows_mut("sources").push(row(&["web", "Web", "Office", "CC0-1.0", "web.txt", "cc"]));
        data.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
        data.rows_mut("evidence").push(row(&["meetings", "third", "name", "web"]));
    });
    assert_eq!((bump, causes), (Bump::Minor, vec![Cause::NewSource]), "rows added");
    assert!(entry.contains("- meetings: Third Meeting (new source `web`)."), "{entry}");
    assert!(entry.contains("| meetings | 2 | 1 | 0 | 0 | 3 |"), "{entry}");

    let (bump, causes, entry) = bump_of(|_, data| {
        source_changed(data);
        data.rows_mut("meetings")[0][5] = Cell::text("NPL");
    });
    assert_eq!((bump, causes), (Bump::Minor, vec![Cause::SourceChanged]), "a value follows its source");
    assert!(entry.contains("- meetings: First Meeting: iso3 Sri Lanka (LKA) → Nepal (NPL) (source `leaflet` changed)."), "{entry}");

    let (bump, causes, entry) = bump_of(|publisher, data| {
        publisher.digests.rules = "other".to_owned();
        rename(data);
    });
    assert_eq!((bump, causes), (Bump::Patch, vec![Cause::RuleChanged]), "a better reading");
    assert!(entry.contains("### Fixed"), "{entry}");

    let (bump, causes, _) = bump_of(|publisher, data| {
        publisher.digests.corrections = "other".to_owned();
        rename(data);
    });
    assert_eq!((bump, causes), (Bump::Patch, vec![Cause::Correction]), "a correction");

    let (bump, causes, _) = bump_of(|publisher, data| {
        publisher.digests.reference = "other".to_owned();
        rename(data);
    });
    assert_eq!((bump, causes), (Bump::Patch, vec![Cause::ReferenceChanged]), "other reference data");

    let (bump, causes, entry) = bump_of(|_, data| {
        data.rows_mut("sources").clear();
        data.rows_mut("meetings").remove(1);
        data.rows_mut("evidence").remove(1);
        data.rows_mut("tombstones").push(row(&["meetings", "second", "", "its source is gone"]));
    });
    assert_eq!((bump, causes), (Bump::Minor, vec![Cause::SourceRemoved]), "a source gone");
    assert!(entry.contains("source `leaflet` removed"), "{entry}");

    let (bump, causes, _) = bump_of(|_, data| rename(data));
    assert_eq!((bump, causes), (Bump::Minor, vec![Cause::Unknown]), "nothing moved that could have done it");

    let (bump, causes, _) = bump_of(|publisher, data| {
        publisher.digests.rules = "other".to_owned();
        publisher.digests.reference = "other".to_owned();
        rename(data);
    });
    assert_eq!((bump, causes), (Bump::Minor, vec![Cause::Unknown]), "two things moved");

    let (bump, _, _) = bump_of(|_, data| source_changed(data));
    assert_eq!(bump, Bump::Patch, "only the sources moved");

    let (bump, _, entry) = bump_of(|_, data| data.rows_mut("sources")[0][1] = Cell::text("Folder"));
    assert_eq!(bump, Bump::Patch, "only what the registry says moved");
    assert!(entry.contains("- sources: Folder: title Leaflet → Folder (source `leaflet` changed)."), "{entry}");

    let (bump, _, _) = bump_of(|publisher, _| publisher.settings.description = "Who met where, and when.".to_owned());
    assert_eq!(bump, Bump::Patch, "only the description moved");

    let remove = |data: &mut Dataset| {
        data.rows_mut("meetings").remove(1);
        data.rows_mut("evidence").remove(1);
    };
    let (bump, _, entry) = bump_of(|_, data| remove(data));
    assert_eq!(bump, Bump::Major, "a row gone without a tombstone");
    assert!(entry.contains("### Removed") && entry.contains("Second, \"big\" Meeting"), "{entry}");

    let (bump, _, _) = bump_of(|_, data| {
        remove(data);
        data.rows_mut("tombstones").push(row(&["meetings", "second", "", "never took place"]));
    });
    assert_eq!(bump, Bump::Minor, "a row withdrawn with a tombstone");
}

#[test]
fn each_difference_of_the_schema_makes_its_bump() {
    let column = r#"{"name": "city", "type": "string", "description": "City.", "kind": "city", "origin": "stated"}"#;
    let widen = |data: &mut Dataset, at: usize| data.rows_mut("meetings").iter_mut().for_each(|row| row.insert(at, Cell::text("Colombo")));

    let (bump, causes, entry) = bump_of(|publisher, data| {
        publisher.schemas[0].fields.push(serde_json::from_str(column).unwrap());
        widen(data, 6);
    });
    assert_eq!((bump, causes), (Bump::Minor, vec![Cause::Schema]), "a trailing column");
    assert!(entry.contains("- Table `meetings`, column `city`: new."), "{entry}");

    let (bump, _, entry) = bump_of(|publisher, data| {
        publisher.schemas[0].fields.insert(2, serde_json::from_str(column).unwrap());
        widen(data, 2);
    });
    assert_eq!(bump, Bump::Major, "an inserted column");
    assert!(entry.contains("look at your code that reads `meetings`"), "{entry}");

    let (bump, _, _) = bump_of(|publisher, data| {
        publisher.schemas[0].fields.remove(4);
        data.rows_mut("meetings").iter_mut().for_each(|row| drop(row.remove(4)));
    });
    assert_eq!(bump, Bump::Major, "a column gone");

    let (bump, _, _) = bump_of(|publisher, data| {
        publisher.schemas[0].fields[2].field_type = crate::model::table::FieldType::String;
        data.rows_mut("meetings").iter_mut().for_each(|row| row[2] = Cell::text(row[2].spelling().into_owned()));
    });
    assert_eq!(bump, Bump::Major, "a column retyped");

    let (bump, causes, entry) = bump_of(|publisher, _| {
        let field = &mut publisher.schemas[0].fields[1];
        field.renamed_from = Some(std::mem::replace(&mut field.name, "title".to_owned()));
    });
    assert_eq!((bump, causes), (Bump::Major, vec![]), "a column renamed by declaration, whose values are what they were");
    assert!(entry.contains("- Table `meetings`, column `name`: is now called title."), "{entry}");
    assert!(entry.contains("| meetings | 2 | 0 | 0 | 0 | 2 |"), "{entry}");

    let (bump, _, entry) = bump_of(|publisher, _| publisher.schemas[0].fields[1].name = "title".to_owned());
    assert_eq!(bump, Bump::Major, "a column gone and another inserted, where nothing is declared");
    assert!(entry.contains("column `name`: gone") && entry.contains("column `title`: new"), "{entry}");

    let (bump, _, _) = bump_of(|publisher, _| publisher.schemas[0].primary_key.push("name".to_owned()));
    assert_eq!(bump, Bump::Major, "another key");

    let (bump, _, _) = bump_of(|publisher, _| publisher.schemas[0].fields[1].constraints.required = false);
    assert_eq!(bump, Bump::Minor, "a constraint loosened");

    let (bump, _, _) = bump_of(|publisher, _| publisher.schemas[0].fields[2].constraints.minimum = Some(crate::model::bound::Bound::Number(1.0)));
    assert_eq!(bump, Bump::Patch, "a constraint tightened");

    let (bump, _, _) = bump_of(|publisher, data| {
        publisher.schemas.push(table(
            r#"{"name": "rooms", "title": "R", "description": "R.", "position": 7, "role": "fact", "primaryKey": ["room"],
            "fields": [{"name": "room", "type": "string", "description": "R.", "kind": "id", "origin": "assigned", "constraints": {"required": true}}]}"#,
        ));
        data.rows_mut("rooms").push(row(&["hall"]));
    });
    assert_eq!(bump, Bump::Minor, "a table added");

    let (bump, _, _) = bump_of(|publisher, data| {
        publisher.schemas.retain(|schema| schema.name != "evidence");
        data.tables.remove("evidence");
    });
    assert_eq!(bump, Bump::Major, "a table gone");
}

#[test]
fn a_bump_may_be_raised_and_never_lowered() {
    let mut publisher = Publisher::new();
    publisher.published(dataset());
    let mut next = dataset();
    next.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
    publisher.bump = Some(Bump::Patch);
    let refused = publisher.publish(next.clone()).unwrap_err();
    assert!(matches!(&refused, Error::Usage(message) if message.contains("minor")), "{refused}");
    publisher.bump = Some(Bump::Major);
    let published = publisher.published(next);
    assert_eq!(published.version.to_string(), "2.0.0");
    assert!(published.reason.contains("raised to major by hand"));
}

#[test]
fn an_unchanged_table_is_the_same_file_and_says_when_it_changed() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    let mut next = dataset();
    next.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
    publisher.published(next);
    let bytes = |version: &str, name: &str| std::fs::read(publisher.release(version).join(name)).unwrap();
    for same in ["countries.csv", "countries.parquet", "sources.parquet", "tombstones.parquet"] {
        assert_eq!(bytes("1.0.0", same), bytes("1.1.0", same), "{same}");
    }
    for other in ["meetings.csv", "meetings.parquet", "changes.parquet"] {
        assert_ne!(bytes("1.0.0", other), bytes("1.1.0", other), "{other}");
    }
    let package = String::from_utf8(bytes("1.1.0", "datapackage.json")).unwrap();
    assert_eq!((package.matches("\"tableVersion\": \"1.0.0\"").count(), package.matches("\"tableVersion\": \"1.1.0\"").count()), (8, 4));
}

#[test]
fn a_dry_run_writes_nothing() {
    let mut publisher = Publisher::new();
    publisher.dry_run = true;
    assert!(matches!(publisher.publish(dataset()).unwrap(), Outcome::WouldPublish(_)));
    assert!(!publisher.output().exists());
}

#[test]
fn an_id_that_was_withdrawn_is_never_used_again() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    let mut without = dataset();
    without.rows_mut("meetings").remove(1);
    without.rows_mut("tombstones").push(row(&["meetings", "second", "", "never took place"]));
    publisher.published(without.clone());
    let tombstones = std::fs::read_to_string(publisher.release("1.1.0").join("tombstones.csv")).unwrap();
    assert!(tombstones.ends_with("meetings,second,1.0.0,never took place\n"), "{tombstones}");
    without.tables.remove("tombstones");
    assert_eq!(identical(publisher.publish(without).unwrap()), "1.1.0", "tombstones are kept without being said again");
    let again = publisher.publish(dataset()).unwrap_err();
    assert!(again.to_string().contains("ids are never used twice"), "{again}");
}

#[test]
fn a_tombstone_that_is_not_true_is_refused() {
    let mut publisher = Publisher::new();
    let column = r#"{"name": "replaced_by", "type": "string", "description": "R.", "kind": "id", "origin": "assigned"}"#;
    publisher.schemas[5].fields.push(serde_json::from_str(column).unwrap());
    publisher.published(dataset());
    let mut without = dataset();
    without.rows_mut("meetings").remove(1);
    without.rows_mut("evidence").remove(1);
    let refusal = |tombstone: &[&str]| {
        let mut next = without.clone();
        next.rows_mut("tombstones").push(row(tombstone));
        let refused = publisher.publish(next).unwrap_err();
        assert_eq!(refused.exit_code(), 1);
        refused.to_string()
    };
    assert!(refusal(&["meetings", "third", "", "never took place", ""]).contains("release 1.0.0 has no such row"));
    assert!(refusal(&["meetings", "second", "1.0.0", "renamed", "zweite"]).contains("replaced by \"zweite\", which is no row"));
    // An id that changed twice leads to the row by way of its first new one.
    without.rows_mut("meetings").push(meeting("third", "Second, \"big\" Meeting", 2, "NPL"));
    without
        .rows_mut("tombstones")
        .extend([row(&["meetings", "second", "1.0.0", "renamed", "interim"]), row(&["meetings", "interim", "0.9.0", "renamed", "third"])]);
    let published = publisher.published(without);
    assert_eq!(published.bump, Some(Bump::Minor));
    store::verify(&publisher.output(), None, None).unwrap();
}

#[test]
fn a_row_withdrawn_to_protect_a_person_is_not_repeated() {
    let mut publisher = Publisher::new();
    let column = r#"{"name": "private", "type": "boolean", "description": "P.", "kind": "flag", "origin": "assigned"}"#;
    publisher.schemas[5].fields.push(serde_json::from_str(column).unwrap());
    publisher.published(dataset());
    let withdrawn = |private: bool| {
        let mut next = dataset();
        next.rows_mut("meetings").remove(1);
        next.rows_mut("evidence").remove(1);
        let mut tombstone = row(&["meetings", "second", "1.0.0", "a name slipped in"]);
        tombstone.push(Cell::optional(private.then_some(true)));
        next.rows_mut("tombstones").push(tombstone);
        next
    };
    let said_of = |publisher: &Publisher| {
        let folder = publisher.release("1.1.0");
        let said = files(&folder).into_iter().filter(|(path, _)| path.extension().is_some_and(|extension| extension != "parquet"));
        said.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("big"))
            .map(|(path, _)| path.file_name().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    publisher.published(withdrawn(true));
    store::verify(&publisher.output(), None, None).unwrap();
    assert_eq!(said_of(&publisher), [""; 0]);
    let changes = std::fs::read_to_string(publisher.release("1.1.0").join("changes.csv")).unwrap();
    let removed: Vec<&str> = changes.lines().filter(|line| line.contains(",removed,")).collect();
    let [evidence, row] = removed[..] else { panic!("{changes}") };
    assert!(evidence.starts_with("evidence,meetings/second/name/leaflet,,removed,,,"), "{evidence}");
    assert!(row.starts_with("meetings,second,,removed,,,"), "{row}");
    let lookup = super::diff::Lookup {
        output: &publisher.output(),
        schemas: &publisher.schemas,
        form: super::diff::Form::Csv,
        shelf: &super::fixture::MemoryShelf,
    };
    let side = |name: &str| super::diff::Side::open(name, &lookup, std::path::Path::new("scratch")).unwrap();
    let compared = super::diff::compare(&side("1.0.0"), &side("1.1.0"), &super::diff::FORMATS[0]).unwrap();
    assert!(super::diff::FORMATS.iter().all(|format| !(format.render)(&compared).contains("big")));
    let mut open = Publisher::new();
    open.schemas = publisher.schemas.clone();
    open.published(dataset());
    open.published(withdrawn(false));
    assert_eq!(said_of(&open), ["CHANGELOG.md", "changes.csv"], "otherwise it is told");
}

#[test]
fn a_run_that_dies_leaves_the_old_store_or_the_new_one() {
    for dies_before in Step::ALL {
        let publisher = Publisher::new();
        publisher.published(dataset());
        let mut next = dataset();
        next.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
        let old = files(&publisher.output());
        let died = publisher.publish_until(next.clone(), &|step| if step == dies_before { Err(Error::Gate("died".to_owned())) } else { Ok(()) });
        assert!(died.is_err(), "{dies_before:?}");
        if dies_before < Step::Committed {
            assert_eq!(files(&publisher.output()), old, "{dies_before:?}");
        }
        match publisher.publish(next).unwrap() {
            Outcome::Published(published) => assert!(dies_before < Step::Committed && published.version.to_string() == "1.1.0", "{dies_before:?}"),
            outcome => assert!(dies_before >= Step::Committed && identical(outcome) == "1.1.0", "{dies_before:?}"),
        }
        store::verify(&publisher.output(), None, None).unwrap();
    }
}

#[test]
fn what_a_killed_run_left_is_removed() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    std::fs::create_dir(publisher.output().join(".staging-1.1.0")).unwrap();
    std::fs::write(publisher.output().join(".staging-1.1.0/meetings.csv"), "half").unwrap();
    std::fs::write(publisher.output().join(".latest.json.new"), "{").unwrap();
    identical(publisher.publish(dataset()).unwrap());
    assert!(std::fs::read_dir(publisher.output()).unwrap().all(|entry| !entry.unwrap().file_name().to_string_lossy().starts_with('.')));
}

#[test]
fn a_store_that_is_not_sound_is_not_published_to() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    std::fs::write(publisher.release("1.0.0").join("meetings.csv"), "meeting_id\n").unwrap();
    let refused = publisher.publish(dataset()).unwrap_err();
    assert_eq!(refused.exit_code(), 4);
    assert!(refused.to_string().contains("meetings.csv: not the file that SHA256SUMS has"), "{refused}");
}

#[test]
fn a_row_that_does_not_fit_is_refused_before_anything_is_written() {
    let publisher = Publisher::new();
    let mut broken = dataset();
    broken.rows_mut("meetings")[0][2] = Cell::text("three");
    assert!(publisher.publish(broken).unwrap_err().to_string().contains("\"three\" in column \"ordinal\""));
    let mut dangling = dataset();
    dangling.rows_mut("meetings")[0][5] = Cell::text("XXX");
    assert!(publisher.publish(dangling).unwrap_err().to_string().contains("iso3 \"XXX\" is not in countries"));
    let mut double = dataset();
    double.rows_mut("meetings").push(meeting("first", "Again", 9, "LKA"));
    assert!(publisher.publish(double).unwrap_err().to_string().contains("the key \"first\" stands twice"));
    assert_eq!(store::versions(&publisher.output()).unwrap(), []);
}

#[test]
fn every_flipped_byte_of_a_store_is_detected() {
    let mut publisher = Publisher::new();
    publisher.schemas.retain(|schema| ["countries", "changes"].contains(&schema.name.as_str()));
    publisher.published(dataset());
    let mut flipped = 0;
    for (path, bytes) in files(&publisher.output()) {
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        for at in 0..bytes.len() {
            file.write_all_at(&[bytes[at] ^ 1 << (at % 8)], at as u64).unwrap();
            assert!(store::verify(&publisher.output(), None, None).is_err(), "byte {at} of {}", path.display());
            file.write_all_at(&bytes[at..=at], at as u64).unwrap();
            flipped += 1;
        }
    }
    assert!(flipped > 1000, "{flipped}");
    store::verify(&publisher.output(), None, None).unwrap();
}

#[test]
fn every_changed_cell_is_a_change() {
    let (_, _, _) = bump_of(|_, data| {
        data.rows_mut("meetings")[0] = meeting("first", "Opening", 7, "NPL");
        data.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
    });
    let publisher = Publisher::new();
    publisher.published(dataset());
    let mut next = dataset();
    next.rows_mut("meetings")[0] = meeting("first", "Opening", 7, "NPL");
    let published = publisher.published(next);
    let table = published.difference.table("meetings").unwrap();
    let columns: Vec<&str> = table.rows(Op::Modified)["first"].iter().map(|change| change.column.as_str()).collect();
    assert_eq!(columns, ["iso3", "name", "ordinal"]);
}

#[test]
fn the_newest_release_rebuilds_to_the_same_bytes_on_another_day() {
    let mut publisher = Publisher::new();
    publisher.published(dataset());
    let mut next = dataset();
    next.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
    publisher.bump = Some(Bump::Major);
    publisher.published(next.clone());
    publisher.bump = None;
    publisher.date = "2030-01-01".parse().unwrap();
    publisher.digests.program = "99".to_owned();
    let differing =
        |dataset: Dataset| publisher.with_context(|context| super::rebuild(dataset, context, &publisher.folder.path().join("scratch")).unwrap());
    assert_eq!(differing(next.clone()), [""; 0]);
    assert!(!publisher.folder.path().join("scratch").exists());
    next.rows_mut("meetings")[0][2] = Cell::Integer(77);
    let differing = differing(next);
    assert!(differing.contains(&"meetings.csv".to_owned()) && !differing.contains(&"countries.csv".to_owned()), "{differing:?}");
}

#[test]
fn changes_of_rows_that_are_only_counted_are_in_the_table_with_their_cause() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    let mut next = dataset();
    next.rows_mut("sources")[0][5] = Cell::text("bb");
    next.rows_mut("evidence")[1] = row(&["meetings", "second", "day", "leaflet"]);
    let published = publisher.published(next);
    let evidence = published.difference.tables.iter().find(|table| table.name == "evidence").unwrap();
    assert_eq!((evidence.counts.added, evidence.counts.removed, evidence.changes.len()), (1, 1, 0), "they are not held");
    let csv = std::fs::read_to_string(publisher.release(&published.version.to_string()).join("changes.csv")).unwrap();
    let of_evidence: Vec<&str> = csv.lines().filter(|line| line.starts_with("evidence,")).collect();
    assert_eq!(of_evidence.len(), 8, "{csv}");
    assert_eq!(of_evidence[0], "evidence,meetings/second/day/leaflet,column,added,,day,source_changed,leaflet");
    assert!(of_evidence.iter().all(|line| line.ends_with(",source_changed,leaflet")), "{csv}");
    store::verify(&publisher.output(), None, None).unwrap();
}

#[test]
fn references_from_and_to_a_table_that_stayed_as_it_was_are_checked() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    let mut to_it = dataset();
    to_it.rows_mut("meetings")[0][5] = Cell::text("XXX");
    let mut from_it = dataset();
    from_it.rows_mut("countries").pop();
    for (next, value) in [(to_it, "XXX"), (from_it, "NPL")] {
        let error = publisher.publish(next).unwrap_err().to_string();
        assert!(error.contains(&format!("iso3 \"{value}\" is not in countries")), "{error}");
    }
}

#[test]
fn tables_of_one_hash_are_not_read_to_be_compared() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    let tables = || store::open_releases(&publisher.output()).unwrap().pop().unwrap().tables();
    let (old, mut new) = (tables(), tables());
    new.folder = publisher.folder.path().join("nowhere");
    let without_tombstones = |tables: &mut super::tables::FolderTables| tables.schemas.retain(|schema| schema.name != "tombstones");
    without_tombstones(&mut new);
    let difference = super::Difference::between(&old, &new);
    assert!(difference.is_ok_and(|difference| difference.tables.iter().all(|table| table.counts.before == table.counts.after)));
    new.contents.clear();
    assert!(super::Difference::between(&old, &new).is_err(), "there are no files");
}
