//! Tests of the commit: whatever change of the disk fails or is the last one, the store is the old one or the new one, and the next
//! run needs no hand. Each test has a control, a writer that takes less care and must not pass.

use std::fs;
use std::io::Write as _;
use std::sync::Barrier;
use std::time::Duration;

use chrono::NaiveDate;

use super::disk;
use super::failpoint::{Fault, with_fault};
use super::fixture::{Publisher, dataset, files, meeting};
use super::pointers;
use super::store;
use super::version::{Bump, Version};
use super::withdraw::withdraw;
use crate::error::Error;
use crate::model::Cell;
use crate::model::dataset::Dataset;

/// The data set of the second release.
fn next() -> Dataset {
    let mut next = dataset();
    next.rows_mut("meetings").push(meeting("third", "Third Meeting", 3, "LKA"));
    next
}

fn published(publisher: &Publisher) -> Result<(), Error> {
    publisher.publish(next()).map(|_| ())
}

/// Writes the second release, as it was made elsewhere, right where it will stay, and points at it first.
fn without_care(publisher: &Publisher, elsewhere: &Publisher) -> Result<(), Error> {
    for (path, bytes) in files(&elsewhere.output()).iter().rev() {
        let target = publisher.output().join(path.strip_prefix(elsewhere.output()).unwrap());
        if target.starts_with(publisher.release("1.0.0")) {
            continue;
        }
        disk::make_folder(target.parent().unwrap())?;
        disk::remove_if_there(&target)?;
        disk::create(&target)?.write_all(bytes).map_err(Error::io("write", &target))?;
    }
    Ok(())
}

/// What is wrong after a fault at each change of the disk in turn, and how many changes there are.
fn problems(fault: Fault, publish: &dyn Fn(&Publisher) -> Result<(), Error>) -> (usize, Vec<String>) {
    let mut problems = Vec::new();
    for at in 0.. {
        let publisher = Publisher::new();
        publisher.published(dataset());
        let old = files(&publisher.output());
        let (done, reached) = with_fault(at, fault, || publish(&publisher));
        if !reached {
            assert!(done.is_ok(), "{done:?}");
            return (at, problems);
        }
        let mut complain = |problem: &str| problems.push(format!("{fault:?} at change {at}: {problem}"));
        let output = publisher.output();
        if let Err(error) = store::open_releases(&output) {
            complain(&format!("a release is not whole: {error}"));
        }
        let pointed_at = pointers::latest(&output).ok().flatten();
        if pointed_at.is_none_or(|version| !output.join(version.to_string()).is_dir()) {
            complain("the pointer names nothing");
        }
        if done.is_err() && fault == Fault::Fails && !publisher.release("1.1.0").exists() && files(&output) != old {
            complain("a trace was left");
        }
        match publisher.publish(next()) {
            Ok(_) => store::verify(&output, None, None).map_or_else(|error| complain(&error.to_string()), |_| ()),
            Err(error) => complain(&format!("the next run fails: {error}")),
        }
    }
    unreachable!("a run changes the disk only so often")
}

#[test]
fn at_every_change_of_the_disk_the_store_is_the_old_one_or_the_new_one() {
    for fault in [Fault::Fails, Fault::Crash] {
        let (changes, problems) = problems(fault, &published);
        assert_eq!(problems, [""; 0]);
        assert!(changes > 40, "only {changes} changes of the disk were tried");
    }
}

#[test]
fn a_writer_without_care_does_not_pass_that() {
    let elsewhere = Publisher::new();
    elsewhere.published(dataset());
    elsewhere.published(next());
    for fault in [Fault::Fails, Fault::Crash] {
        let (changes, problems) = problems(fault, &|publisher| without_care(publisher, &elsewhere));
        assert!(problems.len() > changes / 2, "{changes} changes, {problems:?}");
    }
}

/// A store of two releases.
fn two_releases() -> Publisher {
    let publisher = Publisher::new();
    publisher.published(dataset());
    publisher.published(next());
    publisher
}

fn day() -> NaiveDate {
    "2026-03-04".parse().unwrap()
}

fn withdrawn(publisher: &Publisher, version: &str) -> Result<(), Error> {
    withdraw(&publisher.output(), version.parse().unwrap(), "wrong", day(), Duration::ZERO)
}

/// Marks a release by writing over what stands above the releases, the list of what is withdrawn last but one.
fn withdrawn_without_care(publisher: &Publisher, version: &str) -> Result<(), Error> {
    let output = publisher.output();
    let marked = [(version.parse().unwrap(), (day(), "wrong".to_owned()))].into_iter().collect();
    let mut files = pointers::files(&store::open_releases(&output)?, &marked)?;
    files[..3].rotate_left(1);
    for (name, text) in files {
        disk::remove_if_there(&output.join(name))?;
        disk::write_new(&output.join(name), text.as_bytes())?;
    }
    Ok(())
}

/// What is wrong after a fault at each change of the disk that withdrawing a release makes, and how many changes there are.
fn problems_of_withdrawing(fault: Fault, version: &str, withdraw: &dyn Fn(&Publisher, &str) -> Result<(), Error>) -> (usize, Vec<String>) {
    let mut problems = Vec::new();
    for at in 0.. {
        let publisher = two_releases();
        let output = publisher.output();
        let releases = ["1.0.0", "1.1.0"].map(|version| files(&publisher.release(version)));
        let (done, reached) = with_fault(at, fault, || withdraw(&publisher, version));
        if !reached {
            assert!(done.is_ok(), "{done:?}");
            return (at, problems);
        }
        let mut complain = |problem: &str| problems.push(format!("{fault:?} at change {at} of withdrawing {version}: {problem}"));
        if ["1.0.0", "1.1.0"].map(|version| files(&publisher.release(version))) != releases {
            complain("a release was touched");
        }
        let pointed_at = pointers::latest(&output).ok().flatten();
        if pointed_at.is_none_or(|version| !output.join(version.to_string()).is_dir()) {
            complain("the pointer names nothing");
        }
        // Withdrawn or not: what versions.json says stays so, whatever the next run does.
        let Ok(marked) = pointers::withdrawn(&output) else {
            complain("versions.json cannot be read");
            continue;
        };
        if let Err(error) = publisher.publish(next()) {
            complain(&format!("the next run fails: {error}"));
            continue;
        }
        store::verify(&output, None, None).map_or_else(|error| complain(&error.to_string()), |_| ());
        if pointers::withdrawn(&output).ok() != Some(marked.clone()) {
            complain("the next run changed what is withdrawn");
        }
        match withdrawn(&publisher, version) {
            Ok(()) if marked.is_empty() => {}
            Err(Error::Usage(_)) if !marked.is_empty() => {}
            other => complain(&format!("withdrawing again: {other:?}")),
        }
        store::verify(&output, None, None).map_or_else(|error| complain(&error.to_string()), |_| ());
    }
    unreachable!("a run changes the disk only so often")
}

#[test]
fn at_every_change_of_the_disk_a_release_is_withdrawn_or_not() {
    for fault in [Fault::Fails, Fault::Crash] {
        // Of the older one the pointer does not tell: it stays where it is.
        for version in ["1.0.0", "1.1.0"] {
            let (changes, problems) = problems_of_withdrawing(fault, version, &withdrawn);
            assert_eq!(problems, [""; 0]);
            assert!(changes > 15, "only {changes} changes of the disk were tried");
        }
    }
}

#[test]
fn withdrawing_without_care_does_not_pass_that() {
    for fault in [Fault::Fails, Fault::Crash] {
        for version in ["1.0.0", "1.1.0"] {
            let (changes, problems) = problems_of_withdrawing(fault, version, &withdrawn_without_care);
            assert!(problems.len() > changes / 2, "{changes} changes, {problems:?}");
        }
    }
}

#[test]
fn a_first_release_that_fails_leaves_no_folder() {
    for at in 1.. {
        let publisher = Publisher::new();
        let (done, reached) = with_fault(at, Fault::Fails, || published(&publisher));
        if !reached {
            assert!(done.is_ok());
            break;
        }
        assert!(!publisher.output().exists() || publisher.release("1.0.0").exists(), "a trace was left by the failure of change {at}");
    }
}

/// How many of `count` publishers at once got a release of their own.
fn releases_of(count: i64, publish: impl Fn(&Publisher, Dataset) + Sync) -> Vec<String> {
    let publisher = Publisher::new();
    publisher.published(dataset());
    let (publisher, publish) = (&publisher, &publish);
    std::thread::scope(|scope| {
        for number in 0..count {
            scope.spawn(move || {
                let mut next = dataset();
                next.rows_mut("meetings")[0][2] = Cell::Integer(10 + number);
                publish(publisher, next);
            });
        }
    });
    store::versions(&publisher.output()).unwrap().iter().map(ToString::to_string).collect()
}

#[test]
fn two_to_sixteen_publishers_at_once_make_contiguous_versions() {
    for count in [2, 5, 16] {
        let made = releases_of(count, |publisher, next| {
            while let Err(error) = publisher.publish(next.clone()) {
                assert_eq!(error.exit_code(), 3, "{error}");
                std::thread::yield_now();
            }
            store::open_releases(&publisher.output()).unwrap();
        });
        assert_eq!(made, (0..=count).map(|minor| format!("1.{minor}.0")).collect::<Vec<_>>());
    }
}

#[test]
fn publishers_without_a_lock_do_not_pass_that() {
    let both_have_looked = Barrier::new(2);
    let made = releases_of(2, |publisher, _| {
        let newest: Version = *store::versions(&publisher.output()).unwrap().last().unwrap();
        both_have_looked.wait();
        fs::create_dir_all(publisher.release(&newest.after(Bump::Minor).to_string())).unwrap();
    });
    assert_eq!(made, ["1.0.0", "1.1.0"], "both took the same number");
}
