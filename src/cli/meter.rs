//! Meter: how far the reading of texts is, on standard error: a bar where that is a terminal, a line now and then elsewhere.
//!
//! A run that is over soon shows nothing. What else is printed meanwhile goes through [`aside`], so that no bar stands in its midst, and none is
//! left behind by a run that is stopped.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal;
use crate::ingest;
use crate::pipeline::{Counted, Counts};

/// What the one run of this process has read.
pub static COUNTS: Counts = Counts::new();

/// The bar, while there is one.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// How long a run may take before it shows a bar, and how often that is drawn.
const BAR_AFTER: Duration = Duration::from_millis(400);
const BAR_EVERY: Duration = Duration::from_millis(100);

/// How often there is a line where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Shows how far the run is, until it is dropped.
#[derive(Debug)]
pub struct Meter {
    showing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Meter {
    /// Starts to show how far the reading of a folder is; nothing with `--quiet`.
    #[must_use]
    pub fn start(raw: &Path, is_quiet: bool) -> Self {
        if is_quiet {
            return Self { showing: None };
        }
        let (end, ended) = mpsc::channel();
        let raw = raw.to_owned();
        let wait = move |time| ended.recv_timeout(time) == Err(RecvTimeoutError::Timeout) && !COUNTS.now().is_over;
        let show = move || {
            let start = Instant::now();
            if std::io::stderr().is_terminal() { draw(&raw, start, &wait) } else { write(&raw, start, &wait) }
        };
        Self { showing: Some((end, thread::spawn(show))) }
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some((end, showing)) = self.showing.take() {
            drop(end);
            // A bar that failed is no reason to fail.
            let _ = showing.join();
        }
    }
}

fn draw(raw: &Path, start: Instant, wait: &dyn Fn(Duration) -> bool) {
    if !wait(BAR_AFTER) {
        return;
    }
    let total = ingest::total_bytes(raw);
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let style = if total.is_some() { "{bar:30} {percent:>3} %  {msg}" } else { "{msg}" };
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    *the_bar() = Some(bar.clone());
    loop {
        let counted = COUNTS.now();
        bar.set_message(told(&counted, start.elapsed(), total));
        bar.set_position(counted.position);
        if !wait(BAR_EVERY) {
            break;
        }
    }
    bar.finish_and_clear();
    *the_bar() = None;
}

fn write(raw: &Path, start: Instant, wait: &dyn Fn(Duration) -> bool) {
    let mut total = None;
    while wait(LINE_EVERY) {
        let total = *total.get_or_insert_with(|| ingest::total_bytes(raw));
        terminal::progress("reading", &told(&COUNTS.now(), start.elapsed(), total));
    }
}

fn the_bar() -> MutexGuard<'static, Option<ProgressBar>> {
    BAR.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wipes the bar off where the process ends here and now, whatever its threads are about.
pub fn wipe() {
    if BAR.try_lock().is_ok_and(|bar| bar.is_some()) {
        // The line is gone with the terminal, or wiped.
        let _ = std::io::stderr().write_all(b"\r\x1b[2K");
    }
}

/// Prints something while no bar is there.
pub fn aside<T>(print: impl FnOnce() -> T) -> T {
    let bar = the_bar().clone();
    match bar {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}

/// How far it is, in words.
fn told(counted: &Counted, elapsed: Duration, total: Option<u64>) -> String {
    let seconds = elapsed.as_secs_f64().max(0.001);
    let megabytes = counted.bytes as f64 / 1e6;
    let share = total.filter(|_| counted.position > 0).map(|total| counted.position as f64 / total as f64);
    let left = share.filter(|share| *share < 1.0).map(|share| format!(", {} left", spell(seconds / share - seconds))).unwrap_or_default();
    format!("{} documents, {megabytes:.1} MB, {:.1} MB/s{left}", grouped(counted.documents), megabytes / seconds)
}

/// A number with a comma at each thousand.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time in its largest unit, and the next.
fn spell(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_adds_up() {
        let counted = Counted { documents: 1_234_567, bytes: 30_000_000, position: 40_000_000, is_over: false };
        let told = |total| told(&counted, Duration::from_secs(10), total);
        assert_eq!(told(Some(80_000_000)), "1,234,567 documents, 30.0 MB, 3.0 MB/s, 10 s left");
        assert_eq!(told(Some(40_000_000)), "1,234,567 documents, 30.0 MB, 3.0 MB/s");
        assert_eq!(told(None), "1,234,567 documents, 30.0 MB, 3.0 MB/s");
        assert_eq!([59.4, 61.0, 3661.0].map(spell), ["59 s", "1 min 01 s", "1 h 01 min"]);
        assert_eq!([0, 999, 1000, 12_345].map(grouped), ["0", "999", "1,000", "12,345"]);
    }
}
