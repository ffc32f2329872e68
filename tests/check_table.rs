//! `rollcall check --table`: one file against a Table Schema, every rule broken on purpose, each told with line and column.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::fs;
use std::path::Path;

use project::{Ran, empty_folder, rollcall, root};

const SCHEMA: &str = r#"{
  "fields": [
    { "name": "id", "type": "string", "constraints": { "required": true, "pattern": "[a-z]+" } },
    { "name": "year", "type": "integer", "constraints": { "minimum": 1900, "maximum": 2100 } },
    { "name": "role", "type": "string", "constraints": { "enum": ["member", "observer"] } },
    { "name": "iso3", "type": "string", "constraints": { "minLength": 3, "maxLength": 3 } },
    { "name": "kind", "type": "string", "categories": [{ "value": "a", "label": "An A" }, { "value": "b" }] },
    { "name": "parent", "type": "string" },
    { "name": "code", "type": "string", "constraints": { "unique": true } },
    { "name": "day", "type": "date" }
  ],
  "primaryKey": "id",
  "uniqueKeys": [["year", "role"]],
  "missingValues": ["", "-"],
  "foreignKeys": [
    { "fields": "iso3", "reference": { "resource": "places", "fields": "iso3" } },
    { "fields": ["year", "role"], "reference": { "resource": "terms", "fields": ["from", "role"] } },
    { "fields": "parent", "reference": { "resource": "", "fields": "id" } }
  ]
}
"#;

const HEADER: &str = "id,year,role,iso3,kind,parent,code,day\n";

/// Runs the check of some rows in a folder of its own.
fn checked(name: &str, schema: &str, table: &[u8]) -> Ran {
    let folder = empty_folder(name);
    fs::write(folder.join("schema.json"), schema).unwrap();
    fs::write(folder.join("rows.csv"), table).unwrap();
    fs::write(folder.join("places.csv"), "name,iso3\nX,XAA\nY,XBB\n").unwrap();
    fs::write(folder.join("terms.csv"), "from,role\n2001,member\n2002,member\n2003,observer\n2004,member\n").unwrap();
    rollcall(&folder, &["check", "--table", "rows.csv", "--schema", "schema.json"])
}

/// The findings of rows below the header.
fn told(name: &str, rows: &str) -> Vec<String> {
    let ran = checked(name, SCHEMA, format!("{HEADER}{rows}").as_bytes());
    assert_eq!(ran.code, i32::from(ran.stdout.contains("error[")), "{}\n{}", ran.stdout, ran.stderr);
    ran.stdout.lines().filter(|line| line.contains("error[")).map(str::to_owned).collect()
}

#[test]
fn a_sound_table_says_how_much_was_looked_at() {
    let rows = "a,2001,member,XAA,a,,1,2014-10-15\nb,2002,member,XBB,b,a,2,\nc,-,observer,-,-,b,-,\n\"d\",2003,observer,,,,,\r\n";
    let ran = checked("check_table_sound", SCHEMA, format!("{HEADER}{rows}").as_bytes()).exits(0);
    assert!(ran.stdout.ends_with("rows.csv: 4 rows, 14 checks, 0 errors\n"), "{}", ran.stdout);
}

#[test]
fn every_rule_is_told_with_line_and_column() {
    let cases: [(&str, &[&str]); 15] = [
        ("9,2001,member,XAA,a,,1,\n", &["rows.csv:2:1: error[row-invalid]: id is \"9\", expected the pattern [a-z]+"]),
        (",,,,,,,\n", &["rows.csv:2:1: error[row-invalid]: id is empty"]),
        ("a,MM,,,,,,\n", &["rows.csv:2:3: error[row-invalid]: year is \"MM\", expected a whole number"]),
        ("a,1492,,,,,,\n", &["rows.csv:2:3: error[row-invalid]: year is 1492, expected at least 1900"]),
        ("a,,boss,,,,,\n", &["rows.csv:2:4: error[row-invalid]: role is \"boss\", expected one of member, observer"]),
        (
            "a,,,XAAA,,,,\n",
            &[
                "rows.csv:2:5: error[reference-dangling]: iso3 is \"XAAA\", which places does not have",
                "rows.csv:2:5: error[row-invalid]: iso3 has 4 characters, expected exactly 3",
            ],
        ),
        (
            "a,,,XA,,,,\n",
            &[
                "rows.csv:2:5: error[reference-dangling]: iso3 is \"XA\", which places does not have",
                "rows.csv:2:5: error[row-invalid]: iso3 has 2 characters, expected exactly 3",
            ],
        ),
        ("a,,,,c,,,\n", &["rows.csv:2:6: error[row-invalid]: kind is \"c\", expected one of a, b"]),
        ("a,,,,,,,2014-02-30\n", &["rows.csv:2:9: error[row-invalid]: day is \"2014-02-30\", expected a day"]),
        ("a,2009,member,,,,,\n", &["rows.csv:2:3: error[reference-dangling]: year, role is \"2009/member\", which terms does not have"]),
        ("a,,,,,z,,\n", &["rows.csv:2:7: error[reference-dangling]: parent is \"z\", which the table itself does not have"]),
        ("a,,,,,,,\na,,,,,,,\n", &["rows.csv:3:1: error[key-duplicate]: another row has the key \"a\" too"]),
        (
            "b,,,,,,,\na,,,,,,,\n",
            &["rows.csv:3:1: error[key-duplicate]: the row with the key \"a\" stands after one with a greater key: sort the file"],
        ),
        (
            "a,2001,member,,,,x,\nb,2001,member,,,,x,\n",
            &[
                "rows.csv:3:3: error[key-duplicate]: another row has \"2001/member\" in year, role too",
                "rows.csv:3:18: error[key-duplicate]: another row has \"x\" in code too",
            ],
        ),
        (
            "a,2001\n\"b\n\",,,,,,,\nc,,,,,,,,\n",
            &[
                "rows.csv:2:3: error[row-invalid]: the row has 2 fields, the header 8",
                "rows.csv:3:1: error[row-invalid]: id is \"b",
                "rows.csv:5:9: error[row-invalid]: the row has 9 fields, the header 8",
            ],
        ),
    ];
    for (rows, expected) in cases {
        let told = told("check_table_rules", rows);
        assert_eq!(told.len(), expected.len(), "{rows:?}\n{told:#?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{rows:?}\n{told}\n{expected}");
        }
    }
}

#[test]
fn what_is_no_table_is_told_and_so_is_a_check_that_did_not_run() {
    let of = |table: &[u8]| checked("check_table_broken", SCHEMA, table).exits(1).stdout;
    assert!(of(b"id,year\n").contains("rows.csv:1:4: error[row-invalid]: the header is \"id,year\", expected \"id,year,role,"));
    for nothing in ["", "\n\n"] {
        assert!(of(nothing.as_bytes()).contains("rows.csv:1:1: error[row-invalid]: the file is empty, expected a header"), "{nothing:?}");
    }
    assert!(
        of(&[HEADER.as_bytes(), b"a,,\xff,,,,,\n"].concat())
            .contains("rows.csv:2:4: error[row-invalid]: the line has the byte 0xff, which is not UTF-8")
    );
    assert!(of(format!("{HEADER}a,\"x,,,,,,\n").as_bytes()).contains("a quote opens here or below and is never closed"));
    let elsewhere = checked("check_table_elsewhere", &SCHEMA.replace("\"places\"", "\"lands\""), HEADER.as_bytes()).exits(1).stdout;
    assert!(elsewhere.contains("error[check-not-run]: the foreign key iso3 was not checked: the table \"lands\" cannot be read"), "{elsewhere}");
    let lacking =
        checked("check_table_lacking", &SCHEMA.replace("\"fields\": \"iso3\" } }", "\"fields\": \"iso4\" } }"), HEADER.as_bytes()).exits(1).stdout;
    assert!(lacking.contains("places.csv lacks a column of iso4"), "{lacking}");
}

#[test]
fn an_unknown_keyword_is_told_with_its_line_and_nothing_is_checked() {
    let schema = SCHEMA.replace("\"minimum\": 1900", "\"min\": 1900").replace("[a-z]+", "[a-z").replace("\"missingValues\"", "\"missing\"");
    let ran = checked("check_table_keyword", &schema, HEADER.as_bytes()).exits(1);
    for expected in ["schema.json:4:", "unknown field `min`", "schema.json:14:3: error[schema-invalid]: unknown field `missing`"] {
        assert!(ran.stdout.contains(expected), "{expected}\n{}", ran.stdout);
    }
    let pattern = checked("check_table_pattern", &SCHEMA.replace("[a-z]+", "[a-z"), HEADER.as_bytes()).exits(1).stdout;
    assert!(pattern.contains("schema.json:3:85: error[schema-pattern]: the pattern of column \"id\" is no regular expression"), "{pattern}");
}

#[test]
fn rows_of_another_length_in_a_table_that_is_referred_to_are_told_once() {
    let folder = empty_folder("check_table_uneven");
    let reference = r#"{ "fields": "iso3", "reference": { "resource": "places", "fields": "iso3" } }"#;
    let schema = format!(r#"{{ "fields": [{{ "name": "iso3" }}], "foreignKeys": [{reference}, {reference}] }}"#);
    fs::write(folder.join("schema.json"), schema).unwrap();
    fs::write(folder.join("rows.csv"), "iso3\nXAA\nXBB\n").unwrap();
    fs::write(folder.join("places.csv"), "name,iso3\nX,XAA\nZ\n\"Y\n\",XBB,1\n").unwrap();
    let ran = rollcall(&folder, &["check", "--table", "rows.csv", "--schema", "schema.json"]).exits(1);
    let told: Vec<&str> = ran.stdout.lines().filter(|line| line.contains("error[")).collect();
    let expected = [
        "places.csv:3:1: error[row-invalid]: the row has 1 fields, the header 2",
        "places.csv:4:4: error[row-invalid]: the row has 3 fields, the header 2",
    ];
    assert_eq!(told, expected, "{}", ran.stdout);
}

#[test]
fn a_table_without_rows_is_refused_unless_its_schema_allows_it() {
    let empty = checked("check_table_no_rows", SCHEMA, HEADER.as_bytes()).exits(1).stdout;
    assert!(empty.contains("rows.csv:1:1: error[table-empty]: the table has no row\n"), "{empty}");
    let allowed = SCHEMA.replace("\"primaryKey\"", "\"allowEmpty\": true,\n  \"primaryKey\"");
    let empty = checked("check_table_allowed", &allowed, HEADER.as_bytes()).exits(0).stdout;
    assert_eq!(empty, "rows.csv: 0 rows, 14 checks, 0 errors\n");
    // Rows that cannot be used are told as what they are.
    let uneven = checked("check_table_uneven_only", SCHEMA, format!("{HEADER}a\n").as_bytes()).exits(1).stdout;
    assert!(uneven.contains("the row has 1 fields") && !uneven.contains("table-empty"), "{uneven}");
}

#[test]
fn wrong_types_and_names_in_a_schema_are_told_in_one_run() {
    let schema = SCHEMA.replace("\"minimum\": 1900", "\"minimum\": true").replace("\"primaryKey\": \"id\"", "\"primaryKey\": \"ident\"");
    let ran = checked("check_table_two_mistakes", &schema, HEADER.as_bytes()).exits(1);
    for expected in ["schema.json:4:", "schema.json:12:17: error[schema-invalid]: primaryKey names the column \"ident\", which there is not"] {
        assert!(ran.stdout.contains(expected), "{expected}\n{}", ran.stdout);
    }
}

#[test]
fn more_rows_than_a_block_are_read_and_what_breaks_a_rule_often_is_counted() {
    let mut rows = String::from(HEADER);
    for row in 0..30_000 {
        let letters: String = format!("{row:05}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
        let role = if row % 10 == 3 { "boss" } else { "" };
        rows.push_str(&format!("{letters},,{role},XAA,a,,,2014-10-15\n"));
    }
    let ran = checked("check_table_many", SCHEMA, rows.as_bytes()).exits(1);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check_table_many");
    let told: serde_json::Value =
        serde_json::from_str(&rollcall(&folder, &["check", "--table", "rows.csv", "--schema", "schema.json", "--format", "json"]).exits(1).stdout)
            .unwrap();
    let findings = told["findings"].as_array().unwrap();
    assert_eq!((findings.len(), &findings[0]["message"]), (1001, &"2000 more rows break the rule enum".into()), "{}", ran.stdout);
    // The last that is told is the thousandth: row 9,993, on the line behind the header and those before it.
    assert_eq!(findings.iter().filter_map(|finding| finding["line"].as_u64()).max(), Some(9_993 + 2));
}

#[test]
fn a_table_of_a_release_keeps_to_the_schema_that_the_program_prints() {
    let folder = empty_folder("check_table_release");
    fs::write(folder.join("schema.json"), rollcall(root(), &["schema", "group_members"]).exits(0).stdout).unwrap();
    for table in ["group_members", "groups", "countries"] {
        fs::copy(root().join(format!("schemas/reference/{table}.csv")), folder.join(format!("{table}.csv"))).unwrap();
    }
    let ran = rollcall(&folder, &["check", "--table", "group_members.csv", "--schema", "schema.json"]).exits(0);
    assert!(ran.stdout.contains(" rows, ") && !ran.stdout.contains(": 0 rows"), "{}", ran.stdout);
    project::edit(&folder.join("group_members.csv"), "1969-05-26,1976-10-30", "1976-10-30,1976-10-30");
    let rule = "valid_from is 1976-10-30, expected a day before valid_to, 1976-10-30";
    rollcall(&folder, &["check", "--table", "group_members.csv", "--schema", "schema.json"])
        .exits(1)
        .says(&["group_members.csv:3:22: error[row-invalid]", rule]);
    rollcall(&folder, &["check", "--table", "group_members.csv"]).exits(2).says(&["--schema"]);
    rollcall(&folder, &["check", "--table", "nowhere.csv", "--schema", "schema.json"]).exits(3).says(&["nowhere.csv"]);
}
