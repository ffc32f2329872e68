//! A project of one's own: started, filled, published, looked into, and taught another language, as a newcomer would do it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::fs;
use std::path::{Path, PathBuf};

use project::{Csv, copy, edit, empty_folder, files, rollcall, root};

const TEXT: &str = "Lagoon Process on Migration

Member States

• Nepal
• Oman

Contact Information

International Organization for Migration
Email: lagoon@iom.int
Focal point: Ms Ada Specimen, aspecimen@iom.int
";

/// A new project, and a folder of texts beside it.
fn started(name: &str) -> (PathBuf, PathBuf) {
    let folder = empty_folder(name);
    rollcall(&folder, &["init", "mine"]).exits(0).says(&["mine/raw/sources.toml"]).says(&["rollcall add"]);
    let texts = folder.join("texts");
    fs::create_dir_all(&texts).unwrap();
    (folder.join("mine"), texts)
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

fn publish(folder: &Path) -> project::Ran {
    rollcall(folder, &["publish", "--date", "2026-01-02"])
}

#[test]
fn a_newcomer_has_a_data_set_of_their_own_texts() {
    let (project, texts) = started("own_project_newcomer");
    publish(&project).exits(0).says(&["published 1.0.0"]).says(&["0 errors, 0 warnings, 0 infos"]);
    let members = |version: &str| {
        let csv = Csv::read(&project.join("output").join(version).join("memberships.csv"));
        csv.column("iso3").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(members("1.0.0").iter().filter(|iso3| !iso3.is_empty()).count(), 5, "{:?}", members("1.0.0"));
    let meetings = Csv::read(&project.join("output/1.0.0/meetings.csv"));
    assert_eq!(meetings.column("city"), ["Lisbon", "Lima", "Nairobi"]);
    let added = rollcall(&project, &["add", &write(&texts, "Fact Sheet (2014).txt", TEXT)]).exits(0);
    let added = added.says(&["raw/fact-sheet-2014.txt"]).says(&["title", "Lagoon Process on Migration"]).says(&["language", "en"]);
    added.says(&["2 memberships"]).says(&["raw/sources.toml:15", "publisher"]);
    assert_eq!(fs::read_to_string(project.join("raw/fact-sheet-2014.txt")).unwrap(), TEXT);
    edit(&project.join("raw/sources.toml"), "# as_of = \"2015-03-02\"", "as_of = \"2014-05\"");
    publish(&project).exits(0).says(&["published 1.1.0"]);
    assert!(members("1.1.0").contains(&"NPL".to_owned()));
    let sources = Csv::read(&project.join("output/1.1.0/sources.csv"));
    assert_eq!(sources.column("source_id"), ["fact-sheet-2014", "harbour-dialogue-sample"]);
    assert_eq!(sources.column("as_of")[0], "2014-05");
    rollcall(&project, &["verify"]).exits(0).says(&["sound: 1.0.0, 1.1.0"]);
}

#[test]
fn a_project_is_not_started_over_something() {
    let (project, _) = started("own_project_twice");
    let before = files(&project);
    rollcall(&project, &["init", "."]).exits(2).says(&["not empty"]);
    assert!(files(&project) == before);
}

#[test]
fn the_language_and_the_first_heading_are_found() {
    let (project, texts) = started("own_project_language");
    let french = "<html><head><title>Site</title></head><body><nav>Menu</nav><h1>Processus de Rabat</h1><p>Les pays qui prennent part au processus sont \
                  dans la liste des membres, avec les dates des réunions et le nom de la ville.</p><h2>États membres</h2><ul><li>Bénin</li></ul></body></html>";
    let german =
        "Dialog am Hafen\n\nDie Staaten treffen sich jedes Jahr im Herbst, um über die Wanderung von Arbeitskräften zu sprechen und zu beraten.\n";
    let added = rollcall(&project, &["add", &write(&texts, "rabat.HTML", french), &write(&texts, "hafen.txt", german)]).exits(0);
    let registry = fs::read_to_string(project.join("raw/sources.toml")).unwrap();
    assert!(registry.contains("id = \"rabat\"\ntitle = \"Processus de Rabat\"") && registry.contains("language = \"fr\""), "{registry}");
    added.says(&["raw/rabat.html"]).says(&["language", "fr"]).says(&["looks like German", "no vocabulary"]);
    publish(&project).exits(0);
}

#[test]
fn what_cannot_be_added_is_named_and_nothing_is_written() {
    let (project, texts) = started("own_project_refused");
    rollcall(&project, &["add", &write(&texts, "lagoon.txt", TEXT)]).exits(0);
    let before = files(&project);
    let other = TEXT.replace("Nepal", "Peru");
    fs::write(texts.join("latin.txt"), b"M\xe9xico").unwrap();
    for (file, text, pieces) in [
        ("lagoon.txt", TEXT, ["source-duplicate", "\"lagoon\" is registered already: raw/sources.toml:15"]),
        ("copy.txt", TEXT, ["source-duplicate", "the same bytes are registered as \"lagoon\""]),
        ("LAGOON.html", other.as_str(), ["source-duplicate", "\"lagoon\" is registered already"]),
        ("page.pdf", "x", ["source-format", ".txt, .html, .htm"]),
        ("empty.txt", " \n", ["source-empty", "no text"]),
        ("–.txt", "x", ["source-format", "makes no id"]),
    ] {
        let good = write(&texts, "good.txt", &other.replace("Oman", "Chad"));
        rollcall(&project, &["add", &good, &write(&texts, file, text)]).exits(1).says(&pieces).says(&["nothing was written"]);
    }
    rollcall(&project, &["add", &texts.join("latin.txt").to_string_lossy()]).exits(1).says(&["source-not-utf8"]);
    rollcall(&project, &["add", &texts.join("none.txt").to_string_lossy()]).exits(3).says(&["none.txt"]);
    let twice = [write(&texts, "one.txt", &other), write(&texts, "two.txt", &other)];
    rollcall(&project, &["add", &twice[0], &twice[1]]).exits(1).says(&["source-duplicate", "same bytes"]);
    assert!(files(&project) == before, "something was written");
    rollcall(&texts, &["add", &twice[0]]).exits(1).says(&["raw-missing", "no such folder"]);
    // A text that lies in the folder already is registered where it lies; its name must be an id.
    fs::write(project.join("raw/there.txt"), &other).unwrap();
    rollcall(&project, &["add", "raw/there.txt"]).exits(0).says(&["raw/there.txt"]);
    fs::write(project.join("raw/Not There.txt"), other.replace("Oman", "Fiji")).unwrap();
    rollcall(&project, &["add", "raw/Not There.txt"]).exits(1).says(&["source-format", "is none"]).says(&["rename it to not-there.txt"]);
}

#[test]
fn a_trace_says_who_took_a_line_and_who_refused_it() {
    let folder = empty_folder("own_project_trace");
    let text = format!(
        "{TEXT}\nNews\n\nThe process is not chaired by Peru. Staff met in 2012. The budget of 300 rose.\n\nLantern Parade\n\n• Blue Lantern\n\nPage 1 of 2\n"
    );
    fs::create_dir_all(folder.join("raw")).unwrap();
    fs::write(folder.join("raw/lagoon.txt"), text).unwrap();
    let quiet = rollcall(&folder, &["extract", "--out", "out", "--quiet"]).exits(0);
    assert_eq!(quiet.stderr, "");
    let traced = rollcall(&folder, &["extract", "--out", "traced", "--quiet", "--trace"]).exits(0);
    assert!(files(&folder.join("out")) == files(&folder.join("traced")), "a trace changed what is read");
    assert_eq!(traced.stdout, quiet.stdout, "a trace is no product");
    let shown = &traced.stderr;
    assert!(!shown.contains("Specimen") && !shown.contains("aspecimen"), "{shown}");
    assert!(shown.contains("█") && shown.contains("[withheld]") && shown.contains("lagoon@iom.int"), "{shown}");
    let block = |line: usize| -> Vec<&str> {
        let head = format!("raw/lagoon.txt:{line}: ");
        let mut lines = shown.lines().skip_while(|shown| !shown.starts_with(&head));
        let first = lines.next().unwrap_or_else(|| panic!("no block on line {line} in\n{shown}"));
        std::iter::once(first).chain(lines.take_while(|line| line.starts_with("  "))).collect()
    };
    let has = |line: usize, pieces: &[&str]| {
        let block = block(line);
        assert!(block.iter().any(|line| pieces.iter().all(|piece| line.contains(piece))), "{pieces:?} in {block:#?}");
    };
    has(5, &["item \"Nepal\"", "under \"Member States\""]);
    has(5, &["took", "memberships/list", "member_name \"Nepal\""]);
    has(3, &["took", "memberships/list", "role \"member\"", "(2 records)"]);
    has(16, &["refused", "memberships/prose", "negation"]);
    has(16, &["refused", "figures/number", "date"]);
    has(20, &["refused", "meetings/entry", "no date"]);
    has(20, &["unread"]);
    has(22, &["set aside \"Page 1 of 2\""]);
    has(22, &["ignored: page-number"]);
}

#[test]
fn unread_is_what_looks_like_an_entry_and_too_much_of_it_stops_the_release() {
    let (project, texts) = started("own_project_unread");
    let text = "Lagoon Process on Migration\n\nLantern Parade\n\n• Blue Lantern\n• Greater convergence of views among those who came\n\n\
                Acronyms\n\n• Green Tea\n";
    rollcall(&project, &["add", &write(&texts, "lagoon.txt", text)]).exits(0);
    let checked = rollcall(&project, &["check"]).exits(0);
    let unread: Vec<&str> = checked.stdout.lines().filter(|line| line.contains("[line-unread]")).collect();
    assert!(unread.len() == 1 && unread[0].starts_with("raw/lagoon.txt:5:3: ") && unread[0].contains("Lantern Parade"), "{unread:?}");
    let many: String = (0..40).map(|at| format!("• Lantern {}\n", ["Red", "Blue", "Green", "White"][at % 4])).collect();
    fs::write(project.join("raw/lagoon.txt"), text.replace("• Blue Lantern\n", &many)).unwrap();
    rollcall(&project, &["check"]).exits(1).says(&["schemas/expectations.toml", "unread-share-high", "at most 10"]);
}

#[test]
fn a_language_is_a_folder() {
    let (project, texts) = started("own_project_tavi");
    let text = write(&texts, "parlon.txt", &fs::read_to_string(root().join("tests/own_language/text.txt")).unwrap());
    let code = project.join("schemas/vocabulary/qq");
    copy(&root().join("tests/own_language/qq"), &code);
    rollcall(&project, &["add", &text]).exits(0).says(&["language", "qq"]);
    publish(&project).exits(0).says(&["published 1.0.0"]);
    let csv = |table: &str| Csv::read(&project.join("output/1.0.0").join(format!("{table}.csv")));
    let memberships = csv("memberships");
    let of_parlon: Vec<(&str, &str)> = memberships
        .rows
        .iter()
        .filter(|row| row[memberships.position("dialogue_id")].starts_with("parlon"))
        .map(|row| (row[memberships.position("iso3")].as_str(), row[memberships.position("role")].as_str()))
        .collect();
    assert_eq!(of_parlon, [("FJI", "member"), ("KEN", "chair"), ("KEN", "member"), ("OMN", "observer"), ("PER", "member")]);
    let meetings = csv("meetings");
    assert!(meetings.column("start_date").contains(&"2009-03-03") && meetings.column("end_date").contains(&"2012-12-12"), "{meetings:?}");
    assert!(csv("themes").column("text").contains(&"Tono nul gravo ke mar"));
    assert!(csv("dialogues").column("established_year").iter().filter(|year| **year == "2009").count() == 2);
    let counts = csv("stated_counts");
    assert!(counts.column("status").iter().all(|status| *status != "contradicted") && counts.column("value").contains(&"3"), "{counts:?}");
    // A language that lacks a file is no language that is read in silence.
    fs::remove_file(code.join("dates.toml")).unwrap();
    rollcall(&project, &["check"]).exits(1).says(&["schemas/vocabulary/qq/dates.toml", "schema-invalid", "missing"]);
}

#[test]
fn the_words_of_the_made_up_language_are_not_in_the_program() {
    let sources: String = files(&root().join("src")).into_values().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect();
    for word in ["tavori", "parlon", "konvenoi", "trevel"] {
        assert!(!sources.contains(word), "{word}");
    }
}
