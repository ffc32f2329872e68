//! A freshly published release as others see it: validators that we did not write, one line a tool.
//!
//! They are packages, pinned in tests/conformance, and are put below target/ once, which needs Python 3 with venv and a package index; vnu
//! needs npm and Java besides. A tool that cannot be had is said not to have run; CI lets that pass for vnu alone. Each tool must also
//! refuse a release that was broken for it: one that takes everything proves nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod foreign;
mod project;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use foreign::{is_there, npm, python, run, tell};
use project::{copy, copy_of_the_project, edit, empty_folder, rollcall, root};

const VNU: (&str, &str) = ("vnu-jar", "26.9.27");

/// A foreign tool.
struct Tool {
    name: &'static str,
    /// Whether CI may go on without it.
    may_be_missing: bool,
    /// The command to run on the folder of a release.
    command: fn(&Path) -> Result<Command, String>,
    /// Breaks a release for this tool.
    spoil: fn(&Path),
}

fn check(tool: &str, release: &Path) -> Result<Command, String> {
    let bin = python("conformance_environment", &root().join("tests/conformance/requirements.txt"))?;
    let mut command = Command::new(bin.join("python"));
    command.arg(root().join("tests/conformance/check.py")).arg(tool).arg(release);
    Ok(command)
}

fn cffconvert(release: &Path) -> Result<Command, String> {
    let bin = python("citation_environment", &root().join("tests/conformance/citation.txt"))?;
    let mut command = Command::new(bin.join("cffconvert"));
    command.args(["--validate", "-i"]).arg(release.join("CITATION.cff"));
    Ok(command)
}

fn vnu(release: &Path) -> Result<Command, String> {
    if !is_there("java") || !is_there("npm") {
        return Err("needs Java and npm".to_owned());
    }
    let jar = npm("vnu", VNU.0, VNU.1)?.join("build/dist/vnu.jar");
    let mut command = Command::new("java");
    command.arg("-jar").arg(jar).arg("--Werror").arg(release.join("index.html"));
    Ok(command)
}

fn sha256sum(release: &Path) -> Result<Command, String> {
    let mut command = Command::new("sha256sum");
    command.args(["--check", "--strict", "--quiet", "SHA256SUMS"]).current_dir(release);
    Ok(command)
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "frictionless",
        may_be_missing: false,
        command: |release| check("frictionless", release),
        spoil: |release| edit(&release.join("memberships.csv"), ",LKA,", ",XXX,"),
    },
    Tool {
        name: "Data Package profile",
        may_be_missing: false,
        command: |release| check("profile", release),
        spoil: |release| edit(&release.join("datapackage.json"), "\"type\": \"string\"", "\"type\": \"words\""),
    },
    Tool {
        name: "csvwvalidate",
        may_be_missing: false,
        command: |release| check("csvw", release),
        spoil: |release| edit(&release.join("meetings.csv"), ",3,", ",third,"),
    },
    Tool {
        name: "mlcroissant",
        may_be_missing: false,
        command: |release| check("croissant", release),
        spoil: |release| edit(&release.join("croissant.json"), "\"column\": \"role\"", "\"column\": \"rank\""),
    },
    Tool {
        name: "pyshacl",
        may_be_missing: false,
        command: |release| check("shacl", release),
        spoil: |release| edit(&release.join("dcat.jsonld"), "\"issued\": \"2026-01-02\"", "\"issued\": \"soon\""),
    },
    Tool {
        name: "cffconvert",
        may_be_missing: false,
        command: cffconvert,
        spoil: |release| edit(&release.join("CITATION.cff"), "date-released: \"2026-01-02\"", "date-released: \"2026\""),
    },
    Tool {
        name: "keepachangelog",
        may_be_missing: false,
        command: |release| check("keepachangelog", release),
        spoil: |release| edit(&release.join("CHANGELOG.md"), "### Added", "### News"),
    },
    Tool { name: "vnu", may_be_missing: true, command: vnu, spoil: |release| edit(&release.join("index.html"), "</table>", "") },
    Tool {
        name: "schema.org",
        may_be_missing: false,
        command: |release| check("schema.org", release),
        spoil: |release| edit(&release.join("index.html"), "\"datePublished\":", "\"dayPublished\":"),
    },
    Tool { name: "sha256sum", may_be_missing: false, command: sha256sum, spoil: |release| fs::write(release.join("LICENSE"), "none\n").unwrap() },
];

/// A store with one release.
fn published() -> PathBuf {
    let project = copy_of_the_project("conformance");
    rollcall(&project, &["publish", "--quiet", "--date", "2026-01-02"]).exits(0);
    project.join("output")
}

#[test]
fn foreign_tools_accept_a_release_and_refuse_a_broken_one() {
    let store = published();
    let mut wrong = Vec::new();
    for tool in TOOLS {
        let mut command = match (tool.command)(&store.join("1.0.0")) {
            Ok(command) => command,
            Err(problem) => {
                let first = problem.lines().next().unwrap_or_default();
                tell(&format!("conformance  NOT RUN  {}: {first}", tool.name));
                if std::env::var_os("CI").is_some() && !tool.may_be_missing {
                    wrong.push(format!("{} could not be had: {problem}", tool.name));
                }
                continue;
            }
        };
        let told = match run(&mut command) {
            Ok(output) => String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or("accepted").to_owned(),
            Err(problem) => {
                tell(&format!("conformance  REFUSED  {}", tool.name));
                wrong.push(format!("{} refuses the release: {problem}", tool.name));
                continue;
            }
        };
        let spoilt = empty_folder("conformance_spoilt");
        copy(&store, &spoilt);
        (tool.spoil)(&spoilt.join("1.0.0"));
        let refuses = run(&mut (tool.command)(&spoilt.join("1.0.0")).unwrap()).is_err();
        tell(&format!("conformance  {}  {}: {told}", if refuses { "ok     " } else { "BLIND  " }, tool.name));
        if !refuses {
            wrong.push(format!("{} takes a release that was broken for it", tool.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
