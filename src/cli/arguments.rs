//! Arguments: every command and option with its help.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::publish::diff::Form;
use crate::publish::{Bump, Version};

/// Turns raw texts about international dialogues into versioned open data, every cell traceable to the line that says it.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Args)]
pub struct Common {
    /// Folder of the project
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub root: PathBuf,
    /// Folder of source texts, or one file of them: .txt, .html, .jsonl, .parquet, .arrow; .gz and .zst too [default: raw/ of the project]
    #[arg(long, global = true, value_name = "DIR")]
    pub raw: Option<PathBuf>,
    /// Folder of schemas [default: schemas/ of the project; what it lacks comes from the program]
    #[arg(long, global = true, value_name = "DIR")]
    pub schemas: Option<PathBuf>,
    /// Folder of releases [default: output/ of the project]
    #[arg(long, global = true, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Stop at the first record of a file of texts that cannot be read, instead of leaving it out
    #[arg(long, global = true)]
    pub strict: bool,
    /// Read every text anew, and keep nothing of it for the next run
    #[arg(long, global = true)]
    pub no_cache: bool,
    /// No progress on standard error
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Number of threads that read documents [default: one a core]
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,
    /// Memory that rows may take while they are put together; others wait in temporary files
    #[arg(long, global = true, default_value = "256MB", value_name = "SIZE", value_parser = bytes)]
    pub memory: usize,
}

/// A number of bytes, with or without a unit.
fn bytes(text: &str) -> Result<usize, String> {
    const UNITS: [(&str, usize); 8] =
        [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("B", 1)];
    let unit = UNITS.into_iter().find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, bytes)));
    let (number, unit) = unit.unwrap_or((text, 1));
    let number = number.trim().parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    number.ok_or_else(|| "expected a number of bytes as 64MB or 1GiB".to_owned())
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read all sources and write a release if anything changed
    Publish(PublishArguments),
    /// Do all but the writing: say what is wrong, what would change and to which version
    Check(CheckArguments),
    /// Write the records of each source, before anything is resolved
    Extract(ExtractArguments),
    /// Turn names of countries into ISO 3166 codes: one a line, or a column of a CSV
    Normalize(NormalizeArguments),
    /// Show the lines of the sources behind a row or cell, or what a finding code means
    Explain(ExplainArguments),
    /// Compare two releases or folders row by row
    Diff(DiffArguments),
    /// Check a release or the whole store against its own hashes, schemas and sources
    Verify(VerifyArguments),
    /// Mark a release as withdrawn; nothing is deleted
    Withdraw(WithdrawArguments),
    /// Print where a release or one of its files lies
    Path(PathArguments),
    /// Print the schema of a table, or the names of all tables
    Schema(SchemaArguments),
    /// Take texts among the sources, register them, and say what was found in them
    Add(AddArguments),
    /// Start a project of one's own, with a sample text
    Init(InitArguments),
}

#[derive(Debug, Args)]
pub struct PublishArguments {
    /// Day of the release [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<NaiveDate>,
    /// The least step of the version number; a smaller one than the difference makes is refused
    #[arg(long, value_name = "minor|major")]
    pub bump: Option<Bump>,
    /// Say what would be published and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Take the records that runs of extract --stdin wrote (.arrows, .arrow, .arrows.zst) in place of the texts in raw/
    #[arg(long, value_name = "DIR", conflicts_with = "raw")]
    pub records: Option<PathBuf>,
    #[command(flatten)]
    pub telling: Telling,
    /// Seconds to wait for another run that is publishing
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub lock_timeout: u64,
}

/// How findings are told.
#[derive(Debug, Args)]
pub struct Telling {
    /// human, json, github (annotations in a workflow), sarif or junit
    #[arg(long, default_value = "human")]
    pub format: String,
    /// Write what would be published, what changed and what was found as Markdown to this file
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Fail with exit code 1 where the newest release is not what would be published now
    #[arg(long)]
    pub locked: bool,
    /// Take the records that runs of extract --stdin wrote (.arrows, .arrow, .arrows.zst) in place of the texts in raw/
    #[arg(long, value_name = "DIR", conflicts_with = "raw")]
    pub records: Option<PathBuf>,
    #[command(flatten)]
    pub telling: Telling,
    /// Day of the run [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<NaiveDate>,
    /// Hold one CSV against --schema instead of the whole project; tables that it refers to lie beside it
    #[arg(long, value_name = "FILE", requires = "schema", conflicts_with_all = ["locked", "summary"])]
    pub table: Option<PathBuf>,
    /// A Table Schema (Data Package 2.0) for --table
    #[arg(long, value_name = "FILE", requires = "table")]
    pub schema: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ExtractArguments {
    /// Folder of source texts, or one text [default: --raw]
    #[arg(value_name = "RAW")]
    pub from: Option<PathBuf>,
    /// Folder for the files, one a table
    #[arg(long, value_name = "DIR", required_unless_present = "stdin")]
    pub out: Option<PathBuf>,
    /// csv (a projection with names written out), parquet or arrow (the whole record)
    #[arg(long, default_value = "csv", value_name = "FORMAT")]
    pub to: String,
    /// Say on standard error which rule took each block, and which refused it and why; what is withheld is masked
    #[arg(long)]
    pub trace: bool,
    /// Write personal values too, for scoring on one's own machine
    #[arg(long)]
    pub include_withheld: bool,
    /// Read documents from standard input, as an Arrow IPC stream with the columns id, text, and published, language, path where known
    #[arg(long, value_enum, value_name = "FORMAT", requires = "stdout", conflicts_with_all = ["from", "out", "to", "trace", "raw"])]
    pub stdin: Option<StreamFormat>,
    /// Write what they state to standard output, as an Arrow IPC stream of the columns that `rollcall schema extract` prints
    #[arg(long, value_enum, value_name = "FORMAT", requires = "stdin")]
    pub stdout: Option<RecordFormat>,
}

/// A format of documents on the way between programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StreamFormat {
    Arrow,
}

/// A format of records on the way between programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RecordFormat {
    Arrow,
    /// The same stream compressed as a whole, an eighth as long: for files and slow lines
    #[value(name = "arrow.zst")]
    ArrowZst,
}

#[derive(Debug, Args)]
pub struct NormalizeArguments {
    /// Names, one a line, or a CSV with --column [default: standard input]
    pub file: Option<PathBuf>,
    /// Read a CSV and resolve this column; the other columns pass untouched
    #[arg(long, value_name = "NAME")]
    pub column: Option<String>,
    /// What to write; json adds suggestions for names that are unknown
    #[arg(long, value_enum, default_value_t)]
    pub format: NormalizeFormat,
    /// What to do about names that are no country or more than one: keep the row, or list them and fail with exit code 1
    #[arg(long, value_enum, default_value_t)]
    pub unknown: Unknown,
    /// Resolve names as of this day [default: today's meaning]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<NaiveDate>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum NormalizeFormat {
    #[default]
    Csv,
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Unknown {
    Error,
    #[default]
    Keep,
}

#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// A table, or a finding code
    #[arg(value_name = "TABLE|CODE")]
    pub subject: String,
    /// Key of the row; the values of a composite key joined by a slash
    pub row: Option<String>,
    pub column: Option<String>,
}

#[derive(Debug, Args)]
pub struct DiffArguments {
    /// A version, `latest`, a folder with tables, or the file of one table (.csv or .parquet)
    pub old: String,
    pub new: String,
    /// Which files to read where a release or folder has both: csv or parquet
    #[arg(long, default_value = "csv", value_name = "FORM")]
    pub from: Form,
    /// human, json or csv
    #[arg(long, default_value = "human")]
    pub format: String,
    /// Fail with exit code 1 where the difference breaks those who use the columns of --uses
    #[arg(long)]
    pub breaking: bool,
    /// Columns or tables in use, as memberships.iso3,meetings
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    pub uses: Vec<String>,
}

#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// A version [default: the whole store]
    pub release: Option<Version>,
    /// Make the newest release again from its predecessor and raw/, and compare the bytes
    #[arg(long)]
    pub rebuild: bool,
    /// Take the records that runs of extract --stdin wrote (.arrows, .arrow, .arrows.zst) in place of the texts in raw/
    #[arg(long, value_name = "DIR", requires = "rebuild", conflicts_with = "raw")]
    pub records: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct WithdrawArguments {
    pub version: Version,
    /// Why, for the changelog
    #[arg(long)]
    pub reason: String,
    /// Day of the withdrawal [default: SOURCE_DATE_EPOCH, else today in UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub struct PathArguments {
    /// A version or `latest`, or a table
    #[arg(value_name = "VERSION|TABLE")]
    pub first: Option<String>,
    #[arg(value_name = "TABLE")]
    pub second: Option<String>,
}

#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// A table, or `extract` for the records that extract --stdout writes [default: the names of all tables]
    pub table: Option<String>,
    /// json, or for extract spark-ddl
    #[arg(long, default_value = "json", value_name = "FORMAT")]
    pub format: String,
}

#[derive(Debug, Args)]
pub struct AddArguments {
    /// Texts or web pages; those from elsewhere are copied into raw/
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct InitArguments {
    /// A new or empty folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}
