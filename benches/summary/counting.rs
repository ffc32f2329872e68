//! What a process costs: CPU seconds and memory of a plain run, and instructions of a second one where something can count them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::process::{self, Run};

/// What counts instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    Perf,
    Callgrind,
}

impl Counter {
    /// The one that this machine has; none where it has neither.
    #[must_use]
    pub fn found() -> Option<Self> {
        let mut trial = Command::new("perf");
        let counts = |command: &mut Command| command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        if counts(trial.args(["stat", "-e", "instructions:u", "true"])) && Self::Perf.count(&mut Command::new("true")).is_some() {
            return Some(Self::Perf);
        }
        counts(Command::new("valgrind").arg("--version")).then_some(Self::Callgrind)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Perf => "perf",
            Self::Callgrind => "callgrind",
        }
    }

    /// Instructions of a run of a command; none where they could not be counted.
    #[must_use]
    pub fn count(self, command: &mut Command) -> Option<f64> {
        let told = Path::new(env!("CARGO_TARGET_TMPDIR")).join("instructions");
        let mut counted = match self {
            Self::Perf => {
                let mut perf = Command::new("perf");
                perf.args(["stat", "-x", ";", "-e", "instructions:u", "-o"]).arg(&told).arg("--");
                perf
            }
            Self::Callgrind => {
                let mut valgrind = Command::new("valgrind");
                valgrind.args(["--tool=callgrind", &format!("--callgrind-out-file={}", told.display())]);
                valgrind
            }
        };
        counted.arg(command.get_program()).args(command.get_args()).stdout(Stdio::null()).stderr(Stdio::null());
        counted.status().ok().filter(|status| status.success())?;
        let text = fs::read_to_string(told).ok()?;
        match self {
            Self::Perf => text.lines().find(|line| line.contains("instructions"))?.split(';').next()?.parse().ok(),
            Self::Callgrind => text.lines().find_map(|line| line.strip_prefix("totals: "))?.trim().parse().ok(),
        }
    }
}

/// A run, and its instructions.
#[derive(Debug)]
pub struct Cost {
    pub run: Run,
    pub instructions: Option<f64>,
}

/// Runs a command so many times and takes the mean of it; once more under the counter.
#[must_use]
pub fn cost(times: u32, counter: Option<Counter>, command: &mut dyn FnMut() -> Command) -> Cost {
    let runs: Vec<Run> = (0..times).map(|_| process::run(&mut command())).collect();
    let mean = |of: fn(&Run) -> f64| runs.iter().map(of).sum::<f64>() / f64::from(times);
    let run = Run { cpu: mean(|run| run.cpu), wall: mean(|run| run.wall), memory: runs.iter().map(|run| run.memory).fold(0.0, f64::max) };
    Cost { run, instructions: counter.and_then(|counter| counter.count(&mut command())) }
}
