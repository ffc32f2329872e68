//! Tests of the difference of two sides.

use super::*;
use crate::model::Cell;
use crate::publish::fixture::{MemoryShelf, Publisher, dataset, meeting};
use crate::publish::parquet_file;

fn compared(turn: impl FnOnce(&mut Publisher, &mut crate::model::dataset::Dataset)) -> Compared {
    let mut publisher = Publisher::new();
    publisher.published(dataset());
    let mut next = dataset();
    turn(&mut publisher, &mut next);
    let version = publisher.published(next).version.to_string();
    compare(&side(&publisher, "1.0.0"), &side(&publisher, &version), &FORMATS[0]).unwrap()
}

fn open_as(publisher: &Publisher, name: &str, form: Form) -> Result<Side, Error> {
    let lookup = Lookup { output: &publisher.output(), schemas: &publisher.schemas, form, shelf: &MemoryShelf };
    let mut scratch = (0..).map(|number| publisher.folder.path().join(format!("scratch-{number}")));
    Side::open(name, &lookup, &scratch.find(|path| !path.exists()).unwrap())
}

fn side(publisher: &Publisher, name: &str) -> Side {
    open_as(publisher, name, Form::Csv).unwrap()
}

fn rendered(compared: &Compared, format: &str) -> String {
    (format.parse::<&Format>().unwrap().render)(compared)
}

#[test]
fn each_format_tells_the_same_changes() {
    let compared = compared(|publisher, data| {
        publisher.digests.rules = "other".to_owned();
        data.rows_mut("meetings")[0][5] = Cell::text("NPL");
        data.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
    });
    let text = rendered(&compared, "human");
    assert!(
        text.starts_with("1.0.0 → 1.1.0: minor (meetings: a row is new)\n\nmeetings: 2 → 3 rows: +1 -0 ~1\n  + third  Third Meeting\n"),
        "{text}"
    );
    assert!(text.contains("  ~ first  First Meeting\n      iso3: Sri Lanka (LKA) → Nepal (NPL)\n"), "{text}");
    let csv = rendered(&compared, "csv");
    assert!(csv.starts_with("table,row_id,column,op,old,new,cause,source_id\nmeetings,first,iso3,modified,LKA,NPL,rule_changed,leaflet\n"), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&rendered(&compared, "json")).unwrap();
    assert_eq!(json["tables"][0]["changes"].as_array().unwrap().len(), csv.lines().count() - 1);
}

#[test]
fn what_is_not_used_does_not_break() {
    let compared = compared(|publisher, data| {
        publisher.schemas[0].fields.remove(4);
        data.rows_mut("meetings").iter_mut().for_each(|row| drop(row.remove(4)));
    });
    let uses = |columns: &[&str]| breaking(&compared, &columns.iter().map(|column| (*column).to_owned()).collect::<Vec<_>>());
    assert_eq!(uses(&["meetings.share"]), ["meetings.share: gone"]);
    assert_eq!(uses(&["meetings.iso3", "countries"]), [""; 0]);
    assert_eq!(uses(&[]).len(), 1);
}

/// All formats of the difference of two sides, read as CSV or as Parquet.
fn all_formats(publisher: &Publisher, names: [&str; 2], forms: [Form; 2]) -> Vec<String> {
    let [old, new] = [(names[0], forms[0]), (names[1], forms[1])].map(|(name, form)| open_as(publisher, name, form).unwrap());
    FORMATS.iter().map(|format| (format.render)(&compare(&old, &new, format).unwrap())).collect()
}

#[test]
fn csv_and_parquet_differ_alike() {
    let mut publisher = Publisher::new();
    publisher.published(dataset());
    let mut next = dataset();
    next.rows_mut("meetings")[0][1] = Cell::text("First, renamed");
    next.rows_mut("meetings")[1][2] = Cell::Null;
    next.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
    publisher.published(next.clone());
    // Another column: then rows are merged and not batches.
    publisher.schemas[0].fields.remove(4);
    next.rows_mut("meetings").iter_mut().for_each(|row| drop(row.remove(4)));
    publisher.published(next);
    for names in [["1.0.0", "1.1.0"], ["1.1.0", "2.0.0"]] {
        let of_csv = all_formats(&publisher, names, [Form::Csv; 2]);
        assert!(of_csv[0].contains("meetings: "), "{}", of_csv[0]);
        for forms in [[Form::Parquet; 2], [Form::Csv, Form::Parquet], [Form::Parquet, Form::Csv]] {
            assert_eq!(all_formats(&publisher, names, forms), of_csv, "{names:?} as {forms:?}");
        }
    }
}

#[test]
fn a_file_is_compared_as_the_table_that_it_is_named_after() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    let mut next = dataset();
    next.rows_mut("meetings")[0][5] = Cell::text("NPL");
    publisher.published(next);
    let file = |version: &str, name: &str| publisher.release(version).join(name).to_string_lossy().into_owned();
    let csv = rendered(
        &compare(&side(&publisher, &file("1.0.0", "meetings.csv")), &side(&publisher, &file("1.1.0", "meetings.parquet")), &FORMATS[2]).unwrap(),
        "csv",
    );
    assert_eq!(csv, "table,row_id,column,op,old,new,cause,source_id\nmeetings,first,iso3,modified,LKA,NPL,unknown,\n");
    let other = publisher.folder.path().join("places.csv");
    std::fs::write(&other, "iso3,name\n").unwrap();
    let refused = |path: &std::path::Path| open_as(&publisher, &path.to_string_lossy(), Form::Csv).unwrap_err();
    assert!(refused(&other).to_string().contains("there is no table \"places\""));
    assert_eq!(refused(&publisher.release("1.0.0").join("LICENSE")).exit_code(), 2);
}

#[test]
fn a_foreign_folder_is_sorted_first() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    let foreign = publisher.folder.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    let scratch = publisher.folder.path().join("scratch-0");
    let countries = publisher.schemas[1].clone();
    let write = |form: Form, rows: &[[&str; 2]]| match form {
        // Columns in another order too.
        Form::Csv => std::fs::write(
            foreign.join("countries.csv"),
            rows.iter().fold("name,iso3\n".to_owned(), |text, [iso3, name]| text + name + "," + iso3 + "\n"),
        )
        .unwrap(),
        Form::Parquet => {
            let rows: Vec<_> = rows.iter().map(|row| row.iter().map(|value| Cell::text(*value)).collect()).collect();
            std::fs::write(foreign.join("countries.parquet"), parquet_file::write(Vec::new(), &countries, &rows, &Vec::new()).unwrap()).unwrap();
        }
    };
    for form in [Form::Csv, Form::Parquet] {
        let open = |name: &str| open_as(&publisher, name, form);
        let name = foreign.to_string_lossy();
        write(form, &[["NPL", "Nepal"], ["LKA", "Ceylon"]]);
        let (old, new) = (open("1.0.0").unwrap(), open(&name).unwrap());
        assert_eq!(new.sorted, ["countries"]);
        let csv = rendered(&compare(&old, &new, &FORMATS[2]).unwrap(), "csv");
        assert!(csv.contains("countries,LKA,name,modified,Sri Lanka,Ceylon,") && !csv.contains("countries,NPL"), "{csv}");
        assert!(scratch.exists());
        drop(new);
        assert!(!scratch.exists());
        write(form, &[["LKA", "Ceylon"], ["LKA", "Sri Lanka"]]);
        assert!(open(&name).unwrap_err().to_string().contains("stands twice"));
        assert!(!scratch.exists());
    }
}

#[test]
fn a_release_and_its_copy_do_not_differ() {
    let publisher = Publisher::new();
    publisher.published(dataset());
    let same = compare(&side(&publisher, "latest"), &side(&publisher, &publisher.release("1.0.0").to_string_lossy()), &FORMATS[0]).unwrap();
    assert!(same.decision.is_none() && rendered(&same, "human").contains("no row differs"));
    assert_eq!(open_as(&publisher, "nowhere", Form::Csv).unwrap_err().exit_code(), 2);
}
