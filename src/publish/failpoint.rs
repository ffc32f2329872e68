//! Failpoints, in tests alone: each change of the disk can be made to fail, or to be where the machine stops.
//!
//! A machine that stopped changes nothing any more, so what the program would have tidied up stays as it is.

use std::cell::Cell;
use std::io;

/// What happens at the chosen change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It alone fails, as on a full disk.
    Fails,
    /// It and all that follow do not happen.
    Crash,
}

thread_local! {
    /// Changes still to come before the fault; none where there is none.
    static PLAN: Cell<Option<(usize, Fault)>> = const { Cell::new(None) };
    static REACHED: Cell<bool> = const { Cell::new(false) };
}

/// Runs something with a fault at one change of the disk, counted from 0. Says also whether it came to that change.
pub fn with_fault<T>(at: usize, fault: Fault, run: impl FnOnce() -> T) -> (T, bool) {
    PLAN.set(Some((at, fault)));
    REACHED.set(false);
    let result = run();
    PLAN.set(None);
    (result, REACHED.get())
}

/// Called before each change of the disk.
pub fn changing() -> io::Result<()> {
    match PLAN.get() {
        None => Ok(()),
        Some((0, fault)) => {
            REACHED.set(true);
            if fault == Fault::Fails {
                PLAN.set(None);
            }
            Err(io::ErrorKind::StorageFull.into())
        }
        Some((left, fault)) => {
            PLAN.set(Some((left - 1, fault)));
            Ok(())
        }
    }
}
