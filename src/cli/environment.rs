//! Environment: where the system of the user has things.

use std::env;
use std::path::PathBuf;

/// The folder for what may be lost at any time: that of the desktop's convention, in the home of the user where nothing else is said. None
/// where there is no home.
#[must_use]
pub fn cache_folder() -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    folder.map(|folder| folder.join("rollcall"))
}

/// The folder for files that a run needs for itself.
#[must_use]
pub fn temporary_folder() -> PathBuf {
    env::temp_dir()
}
