//! The same inputs give the same bytes and modes, whatever the machine around them is like.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod project;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use project::{edit, empty_folder, root};

/// A store as bytes and modes, by path.
type Store = BTreeMap<String, (u32, Vec<u8>)>;

fn store(folder: &Path, below: &str, found: &mut Store) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}/{}", path.file_name().unwrap().to_str().unwrap());
        let mode = path.metadata().unwrap().permissions().mode();
        if path.is_dir() {
            store(&path, &name, found);
            found.insert(name, (mode, Vec::new()));
        } else {
            found.insert(name, (mode, fs::read(&path).unwrap()));
        }
    }
}

/// What may be different about a run.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    folder: &'static str,
    environment: &'static [(&'static str, &'static str)],
    umask: &'static str,
    options: &'static [&'static str],
    /// Whether the texts come to their folder in the opposite order.
    reversed: bool,
    dates: [&'static str; 2],
}

const PLAIN: Case =
    Case { name: "plain", folder: "plain", environment: &[], umask: "022", options: &[], reversed: false, dates: ["2026-01-02", "2026-02-03"] };

const CASES: &[Case] = &[
    Case { name: "again", folder: "again", ..PLAIN },
    Case { name: "another folder", folder: "a deep/путь with/ümlaut and space", ..PLAIN },
    Case { name: "the far east", folder: "east", environment: &[("TZ", "Pacific/Kiritimati")], ..PLAIN },
    Case { name: "the far west", folder: "west", environment: &[("TZ", "Etc/GMT+12")], ..PLAIN },
    Case { name: "Turkish", folder: "turkish", environment: &[("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")], ..PLAIN },
    Case { name: "no locale", folder: "posix", environment: &[("LANG", "C"), ("LC_ALL", "POSIX")], ..PLAIN },
    Case { name: "another home", folder: "home", environment: &[("HOME", "/nonexistent"), ("USER", "nobody"), ("HOSTNAME", "elsewhere")], ..PLAIN },
    Case { name: "another day", folder: "day", environment: &[("SOURCE_DATE_EPOCH", "4102444800")], ..PLAIN },
    Case { name: "umask 077", folder: "strict", umask: "077", ..PLAIN },
    Case { name: "umask 000", folder: "loose", umask: "000", ..PLAIN },
    Case { name: "1 thread", folder: "one", options: &["--threads", "1"], ..PLAIN },
    Case { name: "2 threads", folder: "two", options: &["--threads", "2"], ..PLAIN },
    Case { name: "16 threads", folder: "sixteen", options: &["--threads", "16"], ..PLAIN },
    Case { name: "another order of files", folder: "reversed", reversed: true, ..PLAIN },
];

fn copy(from: &Path, to: &Path, reversed: bool) {
    fs::create_dir_all(to).unwrap();
    let mut paths: Vec<PathBuf> = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    if reversed {
        paths.reverse();
    }
    for path in paths {
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target, reversed);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Two releases, the second of which has one source less and other rules.
fn published(case: &Case) -> Store {
    let folder = empty_folder("reproducible").join(case.folder);
    for part in ["raw", "schemas"] {
        copy(&root().join(part), &folder.join(part), case.reversed);
    }
    let publish = |date: &str| {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            &format!("umask {}; exec \"$0\" \"$@\"", case.umask),
            env!("CARGO_BIN_EXE_rollcall"),
            "publish",
            "--quiet",
            "--date",
            date,
        ]);
        command.args(case.options).current_dir(&folder).env_remove("SOURCE_DATE_EPOCH").envs([project::CACHE]).envs(case.environment.iter().copied());
        let ran = command.output().unwrap();
        assert!(ran.status.success(), "{}: {}{}", case.name, String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    };
    publish(case.dates[0]);
    edit(&folder.join("schemas/dataset.toml"), "publisher = \"", "publisher = \"The ");
    edit(&folder.join("raw/sources.toml"), "title = \"", "title = \"The ");
    publish(case.dates[1]);
    let mut found = Store::new();
    let output = folder.join("output");
    found.insert(String::new(), (output.metadata().unwrap().permissions().mode(), Vec::new()));
    store(&output, "", &mut found);
    assert!(found.len() > 100, "{}: {} files", case.name, found.len());
    found
}

fn differing(one: &Store, other: &Store) -> Vec<String> {
    let names = one.keys().chain(other.keys()).collect::<std::collections::BTreeSet<_>>();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

#[test]
fn the_machine_around_a_run_changes_no_byte_and_no_mode() {
    let plain = published(&PLAIN);
    let mut wrong = Vec::new();
    for case in CASES {
        let found = differing(&plain, &published(case));
        wrong.extend((!found.is_empty()).then(|| format!("{}: {found:?}", case.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The comparison can see: another date of the second release is in its files and in what stands above them, and in nothing else.
    let later = differing(&plain, &published(&Case { name: "a later date", folder: "later", dates: ["2026-01-02", "2026-02-04"], ..PLAIN }));
    assert!(later.contains(&"/1.0.1/CHANGELOG.md".to_owned()) && later.iter().all(|name| !name.starts_with("/1.0.0/")), "{later:?}");
    let mut mode = plain.clone();
    mode.get_mut("/1.0.0/themes.csv").unwrap().0 ^= 0o020;
    assert_eq!(differing(&plain, &mode), ["/1.0.0/themes.csv"]);
}
