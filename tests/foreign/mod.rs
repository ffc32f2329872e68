//! Foreign tools for a test: environments of pinned packages below target/, made once, and what a tool said.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs a command; what it printed is the error where it fails.
pub fn run(command: &mut Command) -> Result<Output, String> {
    let output = command.output().map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    let told = || format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(output) } else { Err(told()) }
}

/// Whether a program is there.
pub fn is_there(program: &str) -> bool {
    run(Command::new(program).arg("--version")).is_ok() || run(Command::new(program).arg("-version")).is_ok()
}

/// Says one thing past the capture of the test harness: a line a tool.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// A folder of packages below target/, made anew where they are others than last time.
fn environment(name: &str, wanted: &[u8], make: &dyn Fn(&Path) -> Result<(), String>) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let stamp = folder.join("packages.stamp");
    if !fs::read(&stamp).is_ok_and(|made| made == wanted) {
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
        }
        make(&folder)?;
        fs::write(&stamp, wanted).map_err(|error| error.to_string())?;
    }
    Ok(folder)
}

/// The `bin` folder of a virtual environment of Python with the packages of a requirements file.
pub fn python(name: &str, requirements: &Path) -> Result<PathBuf, String> {
    let wanted = fs::read(requirements).map_err(|error| error.to_string())?;
    let folder = environment(name, &wanted, &|folder| {
        run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        run(Command::new(folder.join("bin/python")).args(["-m", "pip", "install", "--quiet", "--prefer-binary", "-r"]).arg(requirements)).map(|_| ())
    })?;
    Ok(folder.join("bin"))
}

/// The folder of a package of npm.
pub fn npm(name: &str, package: &str, version: &str) -> Result<PathBuf, String> {
    let pinned = format!("{package}@{version}");
    let folder = environment(name, pinned.as_bytes(), &|folder| {
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        run(Command::new("npm").args(["install", "--silent", "--no-fund", "--no-audit", "--prefix"]).arg(folder).arg(&pinned)).map(|_| ())
    })?;
    Ok(folder.join("node_modules").join(package))
}
