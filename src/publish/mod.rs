//! Publish: from rows to a release, and from releases back to rows.
//!
//! In: the data set, its schemas, and the store of earlier releases. Out: `output/<version>/` with CSV, Parquet, descriptors,
//! changelog and hashes, written aside, checked, and committed by one rename. The number of a release is computed from the
//! difference to the one before. Reading back (`verify`, `diff`, `path`) uses the same readers and takes nothing but what
//! the writers write.

mod batch_merge;
mod byte_merge;
mod cause;
mod changelog;
mod changes;
#[cfg(test)]
mod changes_tests;
#[cfg(test)]
mod commit_tests;
mod csv_file;
mod datapackage;
mod descriptor;
pub mod diff;
mod difference;
mod disk;
pub mod extract;
#[cfg(test)]
mod failpoint;
#[cfg(test)]
mod fixture;
mod folder;
mod labels;
mod markdown;
mod pages;
mod parquet_batches;
mod parquet_file;
mod paths;
mod pointers;
mod previous;
mod rebuild;
pub mod record_stream;
mod release;
#[cfg(test)]
mod release_tests;
mod row_changes;
mod rows;
mod sorting;
pub mod store;
mod summary;
mod sums;
mod tables;
mod tombstones;
mod version;
mod withdraw;

pub use cause::{Cause, Digests};
pub use changes::{Change, Difference, Op, TableDifference};
pub use csv_file::TableWriter as CsvWriter;
pub use markdown::escaped;
pub use parquet_file::{GROUP_ROWS, TableWriter as ParquetWriter};
pub use paths::path;
pub use previous::last_rows;
pub use rebuild::rebuild;
pub use release::{Outcome, Published, ReleaseContext, Step, release};
pub use store::{State, VerifyReport, state, verify};
pub use version::{Bump, RULES, Version};
pub use withdraw::withdraw;
