//! Runs that are killed, told to stop, or meet a disk that is full or read-only: the store is the old one or the new one, and the next
//! run needs no hand. The controls are shell scripts that copy a finished release to its place: they must not pass.
//!
//! `make torture` kills 1,000 times, CI 300 times, else it is 50 times; withdrawals a tenth of that.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its project is not as it should be")]

mod foreign;
mod project;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use foreign::{run, tell};
use project::{copy, files, rollcall, root, skipped};
use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

const DISK: &str = env!("CARGO_TARGET_TMPDIR");

/// A folder for a test, in memory where that can be had: what is tested is when a run ends, not how fast the disk is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        Self::first_of(&[Path::new("/dev/shm"), DISK.as_ref()], name)
    }

    fn first_of(places: &[&Path], name: &str) -> Self {
        let name = format!("rollcall-torture-{}-{name}", std::process::id());
        Self(places.iter().map(|place| place.join(&name)).find(|path| fs::create_dir(path).is_ok()).unwrap())
    }

    /// The project with one release.
    fn published(name: &str) -> Self {
        Self::new(name).with_release()
    }

    fn with_release(self) -> Self {
        for part in ["raw", "schemas"] {
            copy(&root().join(part), &self.0.join(part));
        }
        rollcall(&self.0, &["publish", "--quiet", "--date", "2026-01-02"]).exits(0);
        self
    }

    fn output(&self) -> PathBuf {
        self.0.join("output")
    }

    /// Makes something that is to be published.
    fn change(&self, number: usize) {
        let path = self.0.join("schemas/dataset.toml");
        let text = fs::read_to_string(&path).unwrap();
        let (before, rest) = text.split_once("description = \"").unwrap();
        let (_, after) = rest.split_once('"').unwrap();
        fs::write(path, format!("{before}description = \"Text number {number} of what these data are about.\"{after}")).unwrap();
    }

    /// A command that publishes.
    fn publish(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(["publish", "--quiet", "--date", "2026-01-03", "--root"]).arg(&self.0).stdout(Stdio::null()).stderr(Stdio::null());
        command.envs([project::CACHE]);
        command
    }

    /// A finished second release to be copied by a writer without care.
    fn finished(&self) -> PathBuf {
        let finished = self.0.join("finished");
        copy(&self.output(), &finished);
        self.change(0);
        rollcall(&self.0, &["publish", "--quiet", "--date", "2026-01-03", "--output", finished.to_str().unwrap()]).exits(0);
        finished
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(&self.0);
    }
}

/// Copies a finished release file by file to where it will stay, then the pointer.
const WITHOUT_CARE: &str = r#"mkdir -p "$2/1.0.1" && for file in "$1"/1.0.1/*; do cp "$file" "$2/1.0.1/"; done && cp "$1"/*.json* "$1"/*.md "$2/""#;

/// Removes a folder that a process which was just killed may still write its last bytes to.
fn remove(folder: &Path) {
    for _ in 0..100 {
        if fs::remove_dir_all(folder).is_ok() {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    fs::remove_dir_all(folder).unwrap();
}

/// A shell script in a process group of its own, so that what it started can be ended with it.
fn script(text: &str, arguments: &[&Path]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", text, "sh"]).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    command
}

fn without_care(finished: &Path, output: &Path) -> Command {
    script(WITHOUT_CARE, &[finished, output])
}

/// Kills a script and all that it started.
fn kill_group(child: &mut Child) {
    // Where it has ended already, there is no such group any more.
    let _ = run(Command::new("kill").args(["-KILL", "--"]).arg(format!("-{}", child.id())));
    child.wait().unwrap();
}

/// What is wrong with a store as a run left it: a release that is not whole, a pointer to nothing.
fn problems(output: &Path) -> Vec<String> {
    let mut problems = Vec::new();
    let mut sums_of = BTreeMap::new();
    for entry in fs::read_dir(output).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !path.is_dir() || name.starts_with('.') {
            continue;
        }
        let Ok(sums) = fs::read_to_string(path.join("SHA256SUMS")) else {
            problems.push(format!("{name} has no SHA256SUMS"));
            continue;
        };
        for line in sums.lines() {
            let (hash, file) = line.split_once("  ").unwrap();
            if !fs::read(path.join(file)).is_ok_and(|bytes| sha256(&bytes) == hash) {
                problems.push(format!("{name}/{file} is not what SHA256SUMS has"));
            }
        }
        sums_of.insert(name, sha256(sums.as_bytes()));
    }
    let latest = fs::read_to_string(output.join("latest.json")).unwrap_or_default();
    match serde_json::from_str::<serde_json::Value>(&latest) {
        Err(error) => problems.push(format!("latest.json: {error}")),
        Ok(latest) => {
            let named = latest["version"].as_str().unwrap_or_default();
            if sums_of.get(named).map(String::as_str) != latest["sha256sums"].as_str() {
                problems.push(format!("latest.json names {named}, which is not there"));
            }
        }
    }
    problems
}

fn has_name(output: &Path, start: &str) -> bool {
    fs::read_dir(output).is_ok_and(|mut entries| entries.any(|entry| entry.unwrap().file_name().to_string_lossy().starts_with(start)))
}

fn has_staging(output: &Path) -> bool {
    has_name(output, ".staging-")
}

/// Waits until a run writes (aside, under a name with a dot), or has ended.
fn until_it_writes(child: &mut Child, output: &Path) {
    while !has_name(output, ".") && child.try_wait().unwrap().is_none() {
        sleep(Duration::from_micros(200));
    }
}

/// Numbers that are spread evenly, the same in each run.
struct Spread(u64);

impl Spread {
    fn below(&mut self, limit: Duration) -> Duration {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        limit.mul_f64((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

#[test]
fn killed_at_any_moment_the_store_is_the_old_one_or_the_new_one() {
    let kills: usize = std::env::var("KILLS").map_or(50, |kills| kills.parse().unwrap());
    let folder = Folder::published("kill");
    let output = folder.output();
    let base = folder.0.join("base");
    copy(&output, &base);
    // How long a run takes in all, and from its first file on.
    folder.change(0);
    let started = Instant::now();
    let mut child = folder.publish().spawn().unwrap();
    until_it_writes(&mut child, &output);
    let writing = Instant::now();
    assert!(child.wait().unwrap().success());
    let (whole, window) = (started.elapsed(), writing.elapsed());
    let mut spread = Spread(42);
    let (mut while_writing, mut between, mut done) = (0, 0, 0);
    for number in 1..=kills {
        folder.change(number);
        let mut child = folder.publish().spawn().unwrap();
        let before = fs::read(output.join("latest.json")).unwrap();
        let there = fs::read_dir(&output).unwrap().count();
        if number % 10 == 5 {
            sleep(spread.below(whole));
        } else {
            until_it_writes(&mut child, &output);
            sleep(spread.below(window));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(problems(&output), [""; 0], "after kill {number}");
        let pointed = fs::read(output.join("latest.json")).unwrap() != before;
        match (has_staging(&output), pointed) {
            (true, _) => while_writing += 1,
            (false, false) if fs::read_dir(&output).unwrap().count() > there => between += 1,
            (false, true) => done += 1,
            (false, false) => {}
        }
        if number % 10 == 0 {
            rollcall(&folder.0, &["publish", "--quiet", "--date", "2026-01-03"]).exits(0);
            rollcall(&folder.0, &["verify", "--quiet"]).exits(0);
            assert!(files(&output).keys().all(|name| !name.starts_with('.')), "something is left of a killed run");
            fs::remove_dir_all(&output).unwrap();
            copy(&base, &output);
        }
    }
    tell(&format!("torture   {kills} kills: {while_writing} while writing, {between} between the commit and the pointer, {done} when all was done"));
    assert!(while_writing > kills / 4, "only {while_writing} of {kills} kills met a run that was writing");
}

#[test]
fn a_writer_without_care_does_not_survive_kills() {
    let folder = Folder::published("kill_control");
    let finished = folder.finished();
    let started = Instant::now();
    let other = folder.0.join("other");
    copy(&folder.output(), &other);
    assert!(without_care(&finished, &other).status().unwrap().success());
    assert_eq!(problems(&other), [""; 0], "it writes the same release in the end");
    let whole = started.elapsed();
    let mut spread = Spread(42);
    let mut broken = 0;
    for _ in 0..20 {
        remove(&other);
        copy(&folder.output(), &other);
        let mut child = without_care(&finished, &other).spawn().unwrap();
        sleep(spread.below(whole));
        kill_group(&mut child);
        broken += usize::from(!problems(&other).is_empty());
    }
    assert!(broken >= 5, "only {broken} of 20 kills broke the store of a writer without care");
}

/// A store of two releases, and what stands above them once the older or the newer one is withdrawn, as a command and as files.
struct Withdrawing {
    folder: Folder,
    base: PathBuf,
}

/// The files above the releases.
const ABOVE: [&str; 4] = ["CHANGELOG.md", "catalog.jsonld", "latest.json", "versions.json"];

impl Withdrawing {
    /// On the disk: in memory its files are written before a kill can come.
    fn new(name: &str) -> Self {
        let folder = Folder::first_of(&[DISK.as_ref()], name).with_release();
        folder.change(1);
        rollcall(&folder.0, &["publish", "--quiet", "--date", "2026-01-03"]).exits(0);
        let base = folder.0.join("base");
        copy(&folder.output(), &base);
        Self { folder, base }
    }

    fn command(&self, version: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
        command.args(["withdraw", version, "--reason", "a test", "--date", "2026-01-04", "--root"]).arg(&self.folder.0);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn above(&self) -> Vec<Vec<u8>> {
        ABOVE.iter().map(|name| fs::read(self.folder.output().join(name)).unwrap_or_default()).collect()
    }

    /// Whether the next run finds its way, and the store is sound after it; then all is as it was before.
    fn next_run_succeeds(&self) -> bool {
        let publish = self.folder.publish().status().unwrap().success();
        let verify = Command::new(env!("CARGO_BIN_EXE_rollcall"))
            .args(["verify", "--quiet", "--root"])
            .arg(&self.folder.0)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success();
        for name in ABOVE {
            fs::copy(self.base.join(name), self.folder.output().join(name)).unwrap();
        }
        publish && verify
    }
}

#[test]
fn a_withdrawal_that_is_killed_was_not_there_or_is_finished_by_the_next_run() {
    let kills: usize = std::env::var("KILLS").map_or(20, |kills| kills.parse::<usize>().unwrap() / 10);
    let store = Withdrawing::new("withdraw");
    let output = store.folder.output();
    let before = store.above();
    let mut child = store.command("1.0.1").spawn().unwrap();
    until_it_writes(&mut child, &output);
    let writing = Instant::now();
    assert!(child.wait().unwrap().success());
    let window = writing.elapsed();
    let after = store.above();
    assert!(before.iter().zip(&after).all(|(before, after)| before != after), "each file above the releases speaks of it");
    assert!(store.next_run_succeeds());
    let mut spread = Spread(42);
    let (mut not_there, mut half, mut done) = (0, 0, 0);
    for number in 1..=kills {
        let mut child = store.command(["1.0.1", "1.0.0"][number % 2]).spawn().unwrap();
        until_it_writes(&mut child, &output);
        sleep(spread.below(window));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(problems(&output), [""; 0], "after kill {number}");
        let changed = store.above().iter().zip(&before).filter(|(now, before)| now != before).count();
        match changed {
            0 => not_there += 1,
            changed if changed + number % 2 == ABOVE.len() => done += 1,
            _ => half += 1,
        }
        assert!(store.next_run_succeeds(), "after kill {number}, of which {changed} files said something");
    }
    tell(&format!("torture   {kills} kills of a withdrawal: {not_there} before its first file, {half} between its files, {done} when all was done"));
}

#[test]
fn withdrawing_without_care_does_not_survive_kills() {
    let store = Withdrawing::new("withdraw_control");
    let finished = store.folder.0.join("finished");
    fs::create_dir(&finished).unwrap();
    assert!(store.command("1.0.1").status().unwrap().success());
    for name in ABOVE {
        fs::copy(store.folder.output().join(name), finished.join(name)).unwrap();
    }
    assert!(store.next_run_succeeds());
    // One file after the other, the list of what is withdrawn last.
    let text = r#"for file in CHANGELOG.md catalog.jsonld latest.json versions.json; do cp "$1/$file" "$2/$file"; sleep 0.05; done"#;
    let mut broken = 0;
    let mut spread = Spread(42);
    for _ in 0..10 {
        let mut child = script(text, &[&finished, &store.folder.output()]).spawn().unwrap();
        sleep(spread.below(Duration::from_millis(200)));
        kill_group(&mut child);
        broken += usize::from(!store.next_run_succeeds());
    }
    assert!(broken >= 2, "only {broken} of 10 kills broke the store of a writer without care");
}

fn send(signal: &str, child: &Child) {
    run(Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string())).unwrap();
}

#[test]
fn a_signal_before_the_commit_ends_the_run_with_3_and_leaves_no_trace() {
    let folder = Folder::published("signal");
    let output = folder.output();
    for signal in ["TERM", "INT", "HUP"] {
        let mut stopped = 0;
        for number in 0..5 {
            folder.change(number);
            let before = files(&output);
            let mut child = folder.publish().spawn().unwrap();
            until_it_writes(&mut child, &output);
            send(signal, &child);
            match child.wait().unwrap().code() {
                Some(3) => {
                    assert_eq!(files(&output), before, "SIG{signal} left a trace");
                    stopped += 1;
                }
                // It came after the commit: then the run is finished.
                code => {
                    assert_eq!(code, Some(0), "SIG{signal}");
                    assert!(files(&output).len() > before.len());
                    rollcall(&folder.0, &["verify", "--quiet"]).exits(0);
                }
            }
        }
        assert!(stopped > 0, "no SIG{signal} came before the commit");
    }
}

#[test]
fn a_signal_ends_the_wait_for_the_lock() {
    let folder = Folder::published("lock");
    let output = folder.output();
    folder.change(1);
    let before = files(&output);
    let held = fs::File::open(&output).unwrap();
    flock(&held, FlockOperation::LockExclusive).unwrap();
    let mut child = folder.publish().args(["--lock-timeout", "600"]).spawn().unwrap();
    sleep(Duration::from_secs(2));
    assert!(child.try_wait().unwrap().is_none(), "it did not wait for the lock");
    send("TERM", &child);
    assert_eq!(child.wait().unwrap().code(), Some(3));
    assert_eq!(files(&output), before);
    assert_eq!(folder.publish().args(["--lock-timeout", "0"]).status().unwrap().code(), Some(3), "the lock is not had");
}

#[test]
fn a_writer_without_care_leaves_a_trace_of_a_signal() {
    let folder = Folder::published("signal_control");
    let finished = folder.finished();
    let output = folder.output();
    let before = files(&output);
    let mut child = without_care(&finished, &output).spawn().unwrap();
    while !output.join("1.0.1/CITATION.cff").exists() {
        sleep(Duration::from_micros(200));
    }
    send("TERM", &child);
    assert_ne!(child.wait().unwrap().code(), Some(0));
    assert_ne!(files(&output), before);
    kill_group(&mut child);
}

#[test]
fn a_file_that_may_not_grow_and_a_pipe_that_is_closed_never_kill() {
    let folder = Folder::published("limits");
    folder.change(1);
    let before = files(&folder.output());
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -f 20; exec \"$0\" publish --quiet --date 2026-01-03 --root \"$1\"", env!("CARGO_BIN_EXE_rollcall")]).arg(&folder.0);
    let ran = limited.envs([project::CACHE]).output().unwrap();
    assert_eq!(ran.status.code(), Some(3), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(files(&folder.output()), before);
    let finished = folder.finished();
    script(&format!("ulimit -f 20; {WITHOUT_CARE}"), &[&finished, &folder.output()]).status().unwrap();
    assert_ne!(problems(&folder.output()), [""; 0], "a writer without care leaves half a release");
    // Nobody reads from the first letter on: a run is over before a reader that goes away is gone.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = Command::new(env!("CARGO_BIN_EXE_rollcall")).args(["schema", "memberships"]).stdout(writer).status().unwrap();
    assert_eq!(status.code(), Some(3));
}

/// Runs a shell script as root of a namespace with mounts of its own; none where the system does not allow that.
fn with_mounts(script: &str, arguments: &[&Path]) -> Option<std::process::Output> {
    run(Command::new("unshare").args(["--map-root-user", "--mount", "true"])).ok()?;
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", script, env!("CARGO_BIN_EXE_rollcall")]).args(arguments).envs([project::CACHE]);
    Some(command.output().unwrap())
}

#[test]
fn a_full_disk_leaves_no_trace() {
    let folder = Folder::published("full");
    let finished = folder.finished();
    let mounted = folder.0.join("mounted");
    fs::create_dir(&mounted).unwrap();
    // A store on a disk of so many KiB: says the exit code and what is there besides the release that was there before.
    let attempt = |kib: usize, publish: &str| {
        let script = format!(
            "mount -t tmpfs -o size={kib}k tmpfs \"$2\" && cp -r \"$1/output\" \"$2/output\" || exit 99\n{publish}\necho \"exit $?\"; ls -A \"$2/output\""
        );
        let output = with_mounts(&script, &[&folder.0, &mounted, &finished])?;
        assert_ne!(output.status.code(), Some(99), "{}", String::from_utf8_lossy(&output.stderr));
        Some(String::from_utf8(output.stdout).unwrap().split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    };
    let size: usize = files(&folder.output()).values().map(|bytes| bytes.len().div_ceil(4096) * 4).sum::<usize>() + 64;
    let ours = "\"$0\" publish --quiet --date 2026-01-03 --root \"$1\" --output \"$2/output\" 2> /dev/null > /dev/null";
    let old = ["1.0.0", "CHANGELOG.md", "catalog.jsonld", "latest.json", "versions.json"];
    for part in [0, 25, 50, 75] {
        let Some(said) = attempt(size + size * part / 100, ours) else {
            skipped("mounts of its own are not allowed here: no release was published to a full disk");
            return;
        };
        assert_eq!(said[..2], ["exit", "3"], "{part} % of a release fit");
        assert_eq!(said[2..], old, "{part} % of a release fit, and a trace was left");
    }
    assert_eq!(attempt(3 * size, ours).unwrap()[..2], ["exit", "0"]);
    let naive = "mkdir \"$2/output/1.0.1\"; cp \"$3\"/1.0.1/* \"$2/output/1.0.1/\" 2> /dev/null";
    let left = attempt(size + size / 2, naive).unwrap();
    assert!(left[1] != "0" && left.contains(&"1.0.1".to_owned()), "a writer without care leaves a trace: {left:?}");
}

#[test]
fn a_read_only_store_is_an_error_of_the_disk() {
    let folder = Folder::published("read_only");
    folder.change(1);
    let script = "mount --bind \"$1/output\" \"$1/output\" && mount -o remount,ro,bind \"$1/output\" || exit 99\n\
                  \"$0\" publish --quiet --date 2026-01-03 --root \"$1\"";
    let before = files(&folder.output());
    let Some(output) = with_mounts(script, &[&folder.0]) else {
        skipped("mounts of its own are not allowed here: no release was published to a read-only folder");
        return;
    };
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains(".staging-1.0.1") && told.contains("Read-only"), "{told}");
    assert_eq!(files(&folder.output()), before);
    let finished = folder.finished();
    let naive = "mount --bind \"$1/output\" \"$1/output\" && mount -o remount,ro,bind \"$1/output\" || exit 99\n\
                 mkdir \"$1/output/1.0.1\"; cp \"$2\"/1.0.1/* \"$1/output/1.0.1/\"; echo published";
    let claims = with_mounts(naive, &[&folder.0, &finished]).unwrap();
    assert_ne!(claims.status.code(), Some(3), "a writer without care says that all is well");
}

#[test]
fn sixteen_processes_at_once_make_contiguous_versions() {
    let store = Folder::published("at_once");
    let projects: Vec<Folder> = (0..16)
        .map(|number| {
            let project = Folder::new(&format!("at_once_{number}"));
            for part in ["raw", "schemas"] {
                copy(&store.0.join(part), &project.0.join(part));
            }
            project.change(number);
            project
        })
        .collect();
    let publish = |project: &Folder| project.publish().args(["--lock-timeout", "120", "--output"]).arg(store.output()).spawn().unwrap();
    let children: Vec<Child> = projects.iter().map(publish).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    rollcall(&store.0, &["verify", "--quiet"]).exits(0);
    let releases = files(&store.output()).keys().filter(|name| name.ends_with("/SHA256SUMS")).cloned().collect::<Vec<_>>();
    let mut expected: Vec<String> = (0..=16).map(|patch| format!("1.0.{patch}/SHA256SUMS")).collect();
    expected.sort();
    assert_eq!(releases, expected);
}
