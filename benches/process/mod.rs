//! A run of the program as a process of its own: what it takes of the processor and of memory.

#![allow(dead_code, clippy::unwrap_used, reason = "each user needs a part of it; a run that fails stops a benchmark")]

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a run took.
#[derive(Debug)]
pub struct Run {
    pub cpu: f64,
    pub wall: f64,
    /// MB.
    pub memory: f64,
}

/// CPU seconds of the processes that this one has waited for.
fn cpu_of_children() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let numbers: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    (numbers[13].parse::<f64>().unwrap() + numbers[14].parse::<f64>().unwrap()) / 100.0
}

/// Runs a command to its end, which must be a good one.
pub fn run(command: &mut Command) -> Run {
    let (before, start) = (cpu_of_children(), Instant::now());
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut memory: f64 = 0.0;
    let ended = loop {
        // The high-water mark only rises: the last one that is seen will do.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM:"));
        memory = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok()).map_or(memory, |kilobytes| kilobytes / 1024.0);
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(ended.success(), "{command:?} ended with {ended}");
    Run { cpu: cpu_of_children() - before, wall: start.elapsed().as_secs_f64(), memory }
}
