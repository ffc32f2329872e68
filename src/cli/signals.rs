//! Signals: a run that is asked to stop leaves no trace, and a release that is committed is finished.
//!
//! While nothing is being written the process just ends. From the first step of publishing on, a signal is kept until the next
//! step, which refuses to go on, so that what was written aside is removed. Once the release is about to be renamed into its place, the
//! run goes on to its end. A file that grows too large is an error like any other and never kills.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;

use super::meter;
use crate::error::Error;
use crate::publish::Step;

/// What a signal finds the run doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Doing {
    #[default]
    Reading,
    Staging {
        asked_to_stop: bool,
    },
    Committing,
}

/// Watches for signals as long as the process runs.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    doing: Arc<Mutex<Doing>>,
    /// A file that a run writes on the way and that nobody wants when it is stopped.
    scratch: Arc<Mutex<Option<PathBuf>>>,
}

impl Watch {
    /// Starts watching.
    ///
    /// # Errors
    /// `Io` where the system does not allow it.
    pub fn start() -> Result<Self, Error> {
        let watch = Self::default();
        let asked = watch.clone();
        flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false))).map_err(Error::io("watch", "the signals"))?;
        let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM]).map_err(Error::io("watch", "the signals"))?;
        thread::spawn(move || signals.forever().for_each(|_| asked.stop()));
        Ok(watch)
    }

    /// Has a file removed when the run is stopped.
    pub fn remove_when_stopped(&self, scratch: PathBuf) {
        *self.scratch.lock().unwrap_or_else(PoisonError::into_inner) = Some(scratch);
    }

    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        let mut doing = self.doing();
        match &mut *doing {
            // Nothing can start to be written meanwhile: that would need the lock that is held here.
            Doing::Reading => {
                meter::wipe();
                if let Some(scratch) = &*self.scratch.lock().unwrap_or_else(PoisonError::into_inner) {
                    // Mostly there is none.
                    let _ = std::fs::remove_file(scratch);
                }
                std::process::exit(i32::from(stopped(Path::new("the run")).exit_code()))
            }
            Doing::Staging { asked_to_stop } => *asked_to_stop = true,
            Doing::Committing => {}
        }
    }

    /// Goes to a step of publishing into `output`.
    ///
    /// # Errors
    /// `Io` where a signal asked to stop and the release is not committed yet.
    pub fn before(&self, step: Step, output: &Path) -> Result<(), Error> {
        let mut doing = self.doing();
        match *doing {
            Doing::Staging { asked_to_stop: true } => return Err(stopped(output)),
            Doing::Reading => *doing = Doing::Staging { asked_to_stop: false },
            Doing::Staging { .. } | Doing::Committing => {}
        }
        if step >= Step::Checked {
            *doing = Doing::Committing;
        }
        Ok(())
    }
}

fn stopped(output: &Path) -> Error {
    let source = io::Error::new(io::ErrorKind::Interrupted, "stopped by a signal, nothing was written");
    Error::Io { action: "finish", path: output.to_path_buf(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_stops_before_the_commit_and_never_after() {
        let output = Path::new("output");
        let watch = Watch::default();
        watch.before(Step::Started, output).unwrap();
        watch.stop();
        assert_eq!(watch.before(Step::Staged, output).unwrap_err().exit_code(), 3);
        let watch = Watch::default();
        watch.before(Step::Started, output).unwrap();
        watch.before(Step::Checked, output).unwrap();
        watch.stop();
        watch.before(Step::Committed, output).unwrap();
        watch.before(Step::Pointed, output).unwrap();
    }
}
