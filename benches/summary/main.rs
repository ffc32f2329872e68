//! All stages in one table: how fast they are, beside other programs and beside the baseline.
//!
//! Every stage is a process of its own over a corpus and tables that are made here (seeded). CPU seconds say how fast it is on this machine,
//! instructions a byte whether it has changed: they are compared with `benches/baseline.json`, and one that costs 5 % more ends the run with 1.
//! `--baseline` writes that file anew. What of other programs is installed is measured beside it (`benches/peers.py`; theirs is the work
//! alone, without their start), what is not is named.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops where something is not as it should be")]

#[path = "../corpus/mod.rs"]
#[allow(dead_code, reason = "what is planted is looked for elsewhere")]
mod corpus;
mod counting;
#[path = "../process/mod.rs"]
mod process;
#[path = "../rows/mod.rs"]
mod rows;
mod stages;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use counting::{Cost, Counter, cost};
use serde::{Deserialize, Serialize};
use stages::{Stage, Work};

/// By how much a stage may cost more than in the baseline.
const TOLERANCE: f64 = 0.05;

/// What stages cost when somebody last wrote it down.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Baseline {
    counter: String,
    /// Instructions a byte.
    stages: BTreeMap<String, f64>,
}

fn command(words: &[String]) -> Command {
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]);
    command
}

/// What a stage costs without what is no part of it.
fn measured(stage: &Stage, folder: &Path, counter: Option<Counter>) -> Cost {
    let mut all = cost(stage.times, counter, &mut || {
        (stage.before)(folder);
        command(&stage.command)
    });
    if let Some(less) = &stage.less {
        let less = cost(stage.times, counter, &mut || command(less));
        all.run.cpu -= less.run.cpu;
        all.instructions = all.instructions.zip(less.instructions).map(|(all, less)| all - less);
    }
    all
}

/// The interpreter that has other programs: that of the environment of the benchmarks where it was made, else that of the system.
fn python() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench/environment/bin/python");
    std::env::var_os("PEERS_PYTHON").map(PathBuf::from).unwrap_or(if own.exists() { own } else { PathBuf::from("python3") })
}

/// CPU seconds that another program takes for a stage, or why there are none.
fn peer(words: &[String]) -> Result<f64, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers.py");
    let ran = Command::new(python()).arg(script).args(words).output().map_err(|_| "no Python".to_owned())?;
    let told = String::from_utf8_lossy(&ran.stdout).trim().to_owned();
    match ran.status.code() {
        Some(0) => told.parse().map_err(|_| format!("said \"{told}\"")),
        Some(3) => Err("not installed".to_owned()),
        _ => Err(String::from_utf8_lossy(&ran.stderr).lines().last().unwrap_or("failed").to_owned()),
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, form, path] = &arguments[..]
        && flag == "--write"
    {
        stages::write(form, Path::new(path));
        return ExitCode::SUCCESS;
    }
    let writes_baseline = arguments.iter().any(|argument| argument == "--baseline");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/baseline.json");
    let known: Baseline = fs::read_to_string(&path).ok().map(|text| serde_json::from_str(&text).unwrap()).unwrap_or_default();
    let counter = Counter::found();
    let is_comparable = counter.is_some_and(|counter| counter.name() == known.counter);
    let work = Work::new(Path::new(env!("CARGO_TARGET_TMPDIR")).join("summary"));
    println!("{:<26}{:>10}{:>10}{:>8}{:>12}{:>10}  other programs, times our CPU", "", "CPU ms", "MB/CPU-s", "MB", "instr/byte", "baseline");
    let mut found = Baseline { counter: counter.map(Counter::name).unwrap_or_default().to_owned(), stages: BTreeMap::new() };
    let mut dearer = Vec::new();
    for stage in work.stages() {
        let Cost { run, instructions } = measured(&stage, &work.folder, counter);
        let a_byte = instructions.map(|instructions| instructions / stage.bytes as f64);
        let change = a_byte.zip(known.stages.get(stage.name)).filter(|_| is_comparable).map(|(now, before)| now / before - 1.0);
        found.stages.extend(a_byte.map(|a_byte| (stage.name.to_owned(), (a_byte * 10.0).round() / 10.0)));
        if change.is_some_and(|change| change > TOLERANCE) {
            dearer.push(stage.name);
        }
        let ratio = |words: &Vec<String>| match peer(words) {
            Ok(seconds) => format!("{} {:.1}", words[0], seconds / run.cpu),
            Err(why) => format!("{} ({why})", words[0]),
        };
        let peers: Vec<String> = stage.peers.iter().map(ratio).collect();
        let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
        let percent = change.map_or_else(|| "-".to_owned(), |change| format!("{:+.1} %", 100.0 * change));
        let rate = stage.bytes as f64 / 1e6 / run.cpu;
        println!("{:<26}{:>10.1}{rate:>10.1}{:>8.1}{:>12}{percent:>10}  {}", stage.name, run.cpu * 1e3, run.memory, number(a_byte), peers.join(", "));
    }
    match counter {
        None => println!("instructions are not counted: there is neither perf nor callgrind here, so that nothing is compared with the baseline"),
        Some(counter) if !is_comparable => {
            println!("not compared: {} counts here, the baseline was counted by \"{}\"", counter.name(), known.counter)
        }
        Some(_) => {}
    }
    if writes_baseline {
        fs::write(&path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
        println!("written: {}", path.display());
        return ExitCode::SUCCESS;
    }
    if dearer.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("over {:.0} % more instructions than in benches/baseline.json: {}", 100.0 * TOLERANCE, dearer.join(", "));
    ExitCode::FAILURE
}
