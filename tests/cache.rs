//! The cache of readings: what it changes is the time, and nothing else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use project::{Ran, copy_of_the_project, edit, empty_folder, files};

const DATE: &[&str] = &["--date", "2026-01-02"];

/// A project and a cache of its own.
struct Case {
    root: PathBuf,
    home: PathBuf,
}

impl Case {
    fn new(name: &str) -> Self {
        Self { root: copy_of_the_project(&format!("cache-{name}")), home: empty_folder(&format!("cache-{name}-home")) }
    }

    fn cache(&self) -> PathBuf {
        self.home.join("rollcall")
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        project::rollcall_with(&self.root, arguments, &[("XDG_CACHE_HOME", self.home.to_str().unwrap())])
    }

    /// Publishes into a store of that name and gives its files.
    fn publish(&self, output: &str, more: &[&str]) -> std::collections::BTreeMap<String, Vec<u8>> {
        self.run(&[&["publish", "--output", output], DATE, more].concat()).exits(0);
        files(&self.root.join(output))
    }

    /// The packs that there are, each below the folder of its program and schemas.
    fn packs(&self) -> Vec<PathBuf> {
        files(&self.cache()).into_keys().filter(|name| name.ends_with(".pack")).map(|name| self.cache().join(name)).collect()
    }
}

/// What `extract` writes, as Parquet: the whole records.
fn extracted(case: &Case, out: &str, more: &[&str]) -> std::collections::BTreeMap<String, Vec<u8>> {
    case.run(&[&["extract", "--to", "parquet", "--include-withheld", "--out", out], more].concat()).exits(0);
    files(&case.root.join(out))
}

#[test]
fn the_same_bytes_come_out_with_and_without() {
    let case = Case::new("same");
    let without = case.publish("without", &["--no-cache"]);
    assert!(files(&case.cache()).is_empty(), "--no-cache keeps nothing");
    let (first, second) = (case.publish("first", &[]), case.publish("second", &[]));
    assert!(without.len() > 50 && without == first && first == second);
    assert_eq!(case.packs().len(), 1, "the second run found all");
    let told = |more: &[&str]| case.run(&[&["check", "--output", "none", "--format", "json"], DATE, more].concat()).exits(0).stdout;
    assert_eq!(told(&[]), told(&["--no-cache"]));
    let records = extracted(&case, "x", &["--no-cache"]);
    assert!(records.len() > 5 && records == extracted(&case, "y", &[]) && records == extracted(&case, "z", &[]));
}

#[test]
fn a_text_an_entry_and_a_vocabulary_that_changed_are_read_again() {
    let case = Case::new("changed");
    let same = |what: &str| {
        let (with, without) = (extracted(&case, "with", &[]), extracted(&case, "without", &["--no-cache"]));
        assert!(with == without, "{what}: the cache gives other records than reading does");
        without
    };
    let before = same("nothing");
    edit(&case.root.join("raw/asia-eu-dialogue-factsheet.txt"), "Nepal", "Japan");
    let text = same("a text");
    assert!(text != before);
    edit(
        &case.root.join("schemas/vocabulary/en/headings.toml"),
        "[[heading]]",
        "[[heading]]\nreads = \"nothing\"\nphrases = [\"not in any text\"]\n\n[[heading]]",
    );
    edit(&case.root.join("schemas/vocabulary/en/roles.toml"), "observer", "onlooker");
    assert!(same("a vocabulary") != text);
    edit(&case.root.join("raw/sources.toml"), "language = \"en\"", "language = \"fr\"");
    let vocabulary = same("before an entry");
    edit(&case.root.join("raw/sources.toml"), "language = \"en\"", "language = \"es\"");
    assert!(same("an entry") != vocabulary);
}

#[test]
fn what_is_damaged_or_foreign_is_read_anew() {
    let case = Case::new("damaged");
    let sound = extracted(&case, "sound", &[]);
    let [pack] = &case.packs()[..] else { panic!("{:?}", case.packs()) };
    let bytes = fs::read(pack).unwrap();
    for (at, damage) in [(10, "an entry"), (bytes.len() / 2, "an entry"), (bytes.len() - 200, "the rows"), (bytes.len() - 20, "the number")] {
        let mut other = bytes.clone();
        other[at] ^= 0x20;
        fs::write(pack, other).unwrap();
        assert!(extracted(&case, "damaged", &[]) == sound, "{damage}");
        case.packs().iter().filter(|other| *other != pack).for_each(|fresh| fs::remove_file(fresh).unwrap());
    }
    fs::write(pack, &bytes[..bytes.len() / 2]).unwrap();
    for (name, foreign) in [("empty.pack", &b""[..]), ("foreign.pack", b"rollcall cache 1, says this file"), ("notes.txt", b"mine")] {
        fs::write(pack.with_file_name(name), foreign).unwrap();
    }
    fs::create_dir(pack.with_file_name("folder.pack")).unwrap();
    assert!(extracted(&case, "foreign", &[]) == sound);
    assert_eq!(fs::read(pack.with_file_name("notes.txt")).unwrap(), b"mine");
    assert!(fs::read(pack).unwrap() == bytes, "written again, whole");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_of_once() {
    let case = Case::new("unwritable");
    let sound = extracted(&case, "sound", &["--no-cache"]);
    let told = |case: &Case| {
        let ran = case.run(&["extract", "--to", "parquet", "--include-withheld", "--out", "x"]).exits(0);
        assert!(files(&case.root.join("x")) == sound);
        ran.stderr.lines().filter(|line| line.starts_with("cache")).map(str::to_owned).collect::<Vec<_>>()
    };
    fs::write(case.cache(), "a file").unwrap();
    let lines = told(&case);
    assert!(matches!(&lines[..], [line] if line.contains("nothing is kept for the next run")), "{lines:?}");
    fs::remove_file(case.cache()).unwrap();
    fs::set_permissions(&case.home, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::create_dir(case.home.join("probe")).is_ok() {
        project::skipped("a cache in a folder without the right to write: this user has it always");
    } else {
        assert_eq!(told(&case).len(), 1);
    }
    fs::set_permissions(&case.home, fs::Permissions::from_mode(0o700)).unwrap();
}

#[test]
fn nobody_else_can_look_into_it_and_a_run_that_was_killed_leaves_nothing_for_long() {
    let case = Case::new("private");
    extracted(&case, "x", &[]);
    for path in case.packs().iter().flat_map(|pack| [pack.as_path(), pack.parent().unwrap()]).chain([case.cache().as_path()]) {
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    let left = case.cache().join(".writing-4194305");
    fs::write(&left, "half a pack").unwrap();
    extracted(&case, "y", &[]);
    assert!(left.exists(), "a run that keeps nothing looks at nothing");
    edit(&case.root.join("raw/asia-eu-dialogue-factsheet.txt"), "Nepal", "Japan");
    extracted(&case, "z", &[]);
    assert!(!left.exists());
}

#[test]
fn many_small_packs_become_one() {
    let case = Case::new("small");
    let text = |day: usize| format!("Harbour Dialogue\n\nMembers\n\nNepal\nIndia\n\n{day} May 2014\n");
    let path = case.root.join("raw/harbour.txt");
    let one = |day: usize| {
        fs::write(&path, text(day)).unwrap();
        case.run(&["extract", "raw/harbour.txt", "--out", "x"]).exits(0);
        case.packs().len()
    };
    let most = (1..=24).map(one).max().unwrap();
    assert!((8..=17).contains(&most), "{most} packs");
    assert!(case.packs().len() < 12);
    let before = files(&case.cache());
    one(3);
    assert!(files(&case.cache()) == before, "what was in a small one is in the large one");
}

#[test]
fn runs_beside_each_other_do_not_disturb_each_other() {
    let case = Case::new("beside");
    let sound = extracted(&case, "sound", &["--no-cache"]);
    let run = |out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(["extract", "--quiet", "--to", "parquet", "--include-withheld", "--out", out]).current_dir(&case.root);
        command.env("XDG_CACHE_HOME", &case.home).stdout(std::process::Stdio::null()).spawn().unwrap()
    };
    let names: Vec<String> = (0..6).map(|number| format!("beside-{number}")).collect();
    let running: Vec<_> = names.iter().map(|name| run(name)).collect();
    for (mut child, name) in running.into_iter().zip(&names) {
        assert!(child.wait().unwrap().success() && files(&case.root.join(name)) == sound, "{name}");
    }
    assert_eq!(left_aside(&case.cache()), Vec::<String>::new());
    assert!(extracted(&case, "after", &[]) == sound);
}

#[test]
fn what_was_settled_is_told_again_and_no_longer_where_anything_changed() {
    let case = Case::new("settled");
    case.run(&[&["publish"], DATE].concat()).exits(0);
    let check = |more: &[&str]| case.run(&[&["check", "--format", "json"], DATE, more].concat()).exits(0);
    let is_settled = |ran: &Ran| ran.stderr.contains("nothing that goes into the release changed");
    let (first, second, without) = (check(&[]), check(&[]), check(&["--no-cache"]));
    assert!(!is_settled(&first) && is_settled(&second) && !is_settled(&without));
    assert!(first.stdout.contains("\"checks\"") && first.stdout == second.stdout && first.stdout == without.stdout);
    case.run(&[&["publish"], DATE].concat()).exits(0).says(&["identical to 1.0.0"]);

    let settled = || is_settled(&check(&[]));
    let on = |day: &str| case.run(&["check", "--date", day]).exits(0);
    assert!(is_settled(&on("2026-01-03")), "another day");
    let waiver = "[[waiver]]\ncheck = \"coverage/sum\"\nreason = \"none\"\nexpires = \"2026-01-03\"\n\n";
    let expectations = fs::read_to_string(case.root.join("schemas/expectations.toml")).unwrap();
    fs::write(case.root.join("schemas/expectations.toml"), format!("{waiver}{expectations}")).unwrap();
    assert!(!is_settled(&on("2026-01-02")) && is_settled(&on("2026-01-03")), "a waiver that holds");
    assert!(!is_settled(&on("2026-01-04")) && !is_settled(&on("2026-01-05")), "days after a waiver has expired");
    fs::write(case.root.join("schemas/expectations.toml"), expectations).unwrap();
    assert!(!settled() && settled());
    let changes: [(&str, &str, &str); 4] = [
        ("raw/sources.toml", "title = \"", "title = \"The "),
        ("raw/asia-eu-dialogue-factsheet.txt", "\n", "\n\n"),
        ("schemas/expectations.toml", "\n", "\n# a remark\n"),
        ("schemas/vocabulary/en/roles.toml", "\n", "\n# a remark\n"),
    ];
    for (file, old, new) in changes {
        let before = fs::read(case.root.join(file)).unwrap();
        edit(&case.root.join(file), old, new);
        assert!(!settled(), "{file}");
        fs::write(case.root.join(file), before).unwrap();
        check(&[]);
        assert!(settled(), "{file} as before");
    }
    let kept: Vec<PathBuf> = fs::read_dir(case.cache().join("settled")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [kept] = &kept[..] else { panic!("{kept:?}") };
    let mut bytes = fs::read(kept).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(kept, bytes).unwrap();
    assert!(!settled(), "damaged");
    assert!(settled());
    edit(&case.root.join("output/1.0.0/index.html"), "<html", "<HTML");
    case.run(&[&["publish"], DATE].concat()).exits(4).says(&["index.html", "not the file that SHA256SUMS has"]);
}

#[test]
fn a_run_that_is_stopped_leaves_nothing_half_written() {
    let case = Case::new("stopped");
    let text = fs::read_to_string(case.root.join("raw/iom-labour-migration-factsheet.txt")).unwrap();
    let lines = (0..400).map(|number| format!("{{\"id\": \"text-{number}\", \"text\": {:?}}}\n", format!("{number}\n{text}").replace('\u{a0}', " ")));
    fs::write(case.root.join("many.jsonl"), lines.collect::<String>()).unwrap();
    for signal in ["INT", "TERM"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(["extract", "many.jsonl", "--quiet", "--out", "x"]).current_dir(&case.root);
        let mut child = command.env("XDG_CACHE_HOME", &case.home).stdout(std::process::Stdio::null()).spawn().unwrap();
        while left_aside(&case.cache()).is_empty() {
            assert!(child.try_wait().unwrap().is_none(), "the run was over before it wrote");
        }
        Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(3));
        let left: Vec<String> = files(&case.cache()).into_keys().filter(|name| !name.starts_with("sound/")).collect();
        assert_eq!(left, Vec::<String>::new());
    }
}

/// The names of half-written files: they come and go while somebody looks, so nothing is opened.
fn left_aside(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let below = |path: PathBuf| if path.is_dir() { left_aside(&path) } else { vec![path.to_string_lossy().into_owned()] };
    entries.filter_map(Result::ok).flat_map(|entry| below(entry.path())).filter(|name| name.contains(".writing-")).collect()
}

#[test]
fn a_run_without_a_home_keeps_nothing() {
    let root = copy_of_the_project("cache-homeless");
    let run = Command::new(env!("CARGO_BIN_EXE_rollcall")).args(["extract", "--out", "x"]).current_dir(&root).env_clear().output().unwrap();
    assert!(run.status.success() && !String::from_utf8(run.stderr).unwrap().contains("cache"));
}
