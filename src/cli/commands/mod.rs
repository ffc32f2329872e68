//! Commands: each from its arguments to the pipeline and back to the terminal.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::arguments::{
    Arguments, CheckArguments, Command, Common, DiffArguments, ExplainArguments, ExtractArguments, InitArguments, PublishArguments, SchemaArguments,
    Telling, VerifyArguments,
};
use super::meter::{COUNTS, Meter};
use super::signals::Watch;
use super::telling::Teller;
use super::{clock, environment, terminal};
use crate::error::Error;
use crate::findings::formats::human_lines;
use crate::findings::{self, Report, Severity};
use crate::model::envelope;
use crate::pipeline::{self, Mode, Project, ReleaseOptions, Spill};
use crate::publish::{self, Outcome};

mod add;
mod check_table;
mod explain;
mod filter;
mod normalize;

/// Runs a command.
pub fn run(arguments: &Arguments, watch: &Watch) -> Result<(), Error> {
    let common = &arguments.common;
    if let Some(threads) = common.threads {
        let built = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        built.map_err(|error| Error::Usage(format!("--threads {threads}: {error}")))?;
    }
    let project = project(common);
    if let Some(cache) = &project.cache {
        watch.remove_when_stopped(pipeline::cache::scratch(cache));
    }
    match &arguments.command {
        Command::Publish(options) => publish(&project, common, options, watch),
        Command::Check(options) => check(&project, common, options),
        Command::Extract(options) => extract(&project, common, options),
        Command::Normalize(options) => reporting_errors(|report| normalize::run(&project, options, report)),
        Command::Explain(options) => explain_command(&project, options),
        Command::Diff(options) => diff(&project, common, options),
        Command::Verify(options) => verify(&project, common, options, watch),
        Command::Withdraw(options) => {
            publish::withdraw(&project.output, options.version, &options.reason, clock::day(options.date)?, Duration::from_secs(10))?;
            terminal::print(&format!("withdrawn: {}", options.version))
        }
        Command::Path(options) => {
            let path = publish::path(&project.output, options.first.as_deref(), options.second.as_deref())?;
            terminal::print(&path.to_string_lossy())
        }
        Command::Schema(options) => schema(&project, options),
        Command::Add(options) => terminal::print(&reporting(common, |report| add::run(&project, &options.files, report))?),
        Command::Init(options) => init(options),
    }
}

/// Where things are, as the user named them.
fn project(common: &Common) -> Project {
    let below = |given: &Option<PathBuf>, name: &str| {
        given.clone().unwrap_or_else(|| if common.root == Path::new(".") { PathBuf::from(name) } else { common.root.join(name) })
    };
    Project {
        raw: below(&common.raw, "raw"),
        records: None,
        own_raw: below(&None, "raw"),
        schemas: below(&common.schemas, "schemas"),
        output: below(&common.output, "output"),
        cache: if common.no_cache { None } else { environment::cache_folder() },
        spill: Spill::new(environment::temporary_folder(), common.memory),
    }
}

/// The project with records of earlier runs in place of its texts, where there are any.
fn with_records(project: &Project, records: Option<&PathBuf>) -> Project {
    Project { records: records.cloned(), ..project.clone() }
}

/// With `--strict` a bad record is an error, and the first of them stops the run.
fn insist(common: &Common, report: &mut Report) {
    if common.strict {
        report.insist(findings::code::RECORD_INVALID);
    }
}

fn quiet_or_loud(common: &Common) -> &'static (dyn Fn(&str, &str) + Sync) {
    if common.quiet { &|_, _| {} } else { &terminal::progress }
}

/// Findings of a code that are kept of a run that may go over any number of documents: more than are shown.
const KEPT: usize = 100;

/// Runs something that reports, prints what it found, and returns what it returned.
fn reporting<T>(common: &Common, run: impl FnOnce(&mut Report) -> Result<T, Error>) -> Result<T, Error> {
    reporting_in(Report::default(), common, run)
}

fn reporting_in<T>(mut report: Report, common: &Common, run: impl FnOnce(&mut Report) -> Result<T, Error>) -> Result<T, Error> {
    insist(common, &mut report);
    let outcome = run(&mut report);
    findings(&report, common)?;
    let count = |severity| report.count(severity);
    if !common.quiet {
        terminal::progress(
            "findings",
            &format!("{} errors, {} warnings, {} infos", count(Severity::Error), count(Severity::Warning), count(Severity::Info)),
        );
    }
    outcome
}

/// Prints the findings, if there are any.
fn findings(report: &Report, common: &Common) -> Result<(), Error> {
    let text = human_lines(&report.sorted(), report.dropped(), common.quiet, terminal::is_coloured());
    if text.is_empty() { Ok(()) } else { terminal::print(text.trim_end()) }
}

/// Runs something whose standard output is its own: findings go to standard error.
fn reporting_errors<T>(run: impl FnOnce(&mut Report) -> Result<T, Error>) -> Result<T, Error> {
    let mut report = Report::default();
    let outcome = run(&mut report);
    report.sorted().iter().for_each(|finding| terminal::complaint(finding));
    outcome
}

fn publish(project: &Project, common: &Common, options: &PublishArguments, watch: &Watch) -> Result<(), Error> {
    let release = ReleaseOptions {
        date: clock::day(options.date)?,
        bump: options.bump,
        dry_run: options.dry_run,
        lock_wait: Duration::from_secs(options.lock_timeout),
        counts: Some(&COUNTS),
        before: &|step| watch.before(step, &project.output),
    };
    telling(&with_records(project, options.records.as_ref()), common, &options.telling, &release).map(|_| ())
}

fn check(project: &Project, common: &Common, options: &CheckArguments) -> Result<(), Error> {
    if let (Some(table), Some(schema)) = (&options.table, &options.schema) {
        return check_table::run(table, schema, &options.telling, common);
    }
    let release = ReleaseOptions {
        date: clock::day(options.date)?,
        bump: None,
        dry_run: true,
        lock_wait: Duration::ZERO,
        counts: Some(&COUNTS),
        before: &|_| Ok(()),
    };
    match telling(&with_records(project, options.records.as_ref()), common, &options.telling, &release)? {
        Outcome::WouldPublish(published) if options.locked => {
            Err(Error::Gate(format!("{} is not up to date: publishing would make {}", project.output.display(), published.version)))
        }
        _ => Ok(()),
    }
}

/// Runs all stages and tells what they found.
fn telling(project: &Project, common: &Common, telling: &Telling, release: &ReleaseOptions) -> Result<Outcome, Error> {
    let mut teller = Teller::new(telling, common.quiet)?;
    let mut report = Report::default();
    insist(common, &mut report);
    let meter = Meter::start(&project.raw, common.quiet);
    let outcome = pipeline::run(project, release, quiet_or_loud(common), &mut report);
    drop(meter);
    teller.tell(&report, &outcome, &project.output)?;
    outcome
}

fn extract(project: &Project, common: &Common, options: &ExtractArguments) -> Result<(), Error> {
    let Some(out) = &options.out else {
        return reporting_errors(|report| filter::run(project, common, options, report));
    };
    let format: &publish::extract::Format = options.to.parse().map_err(|problem| Error::Usage(format!("--to: {problem}")))?;
    let raw = options.from.clone().unwrap_or_else(|| project.raw.clone());
    let project = Project { raw, ..project.clone() };
    let mode = Mode { ids_are_stems: true, is_traced: options.trace, counts: Some(&COUNTS), ..Mode::default() };
    let progress = quiet_or_loud(common);
    reporting_in(Report::keeping(KEPT), common, |report| {
        // To take them apart at the end would be work for nothing: the process ends soon after.
        let schemas = ManuallyDrop::new(pipeline::schemas(&project, report)?);
        let writer = publish::extract::Writer::new(out, format, &schemas.tables, options.include_withheld)?;
        let tell = pipeline::Tell { progress, trace: &terminal::trace };
        let _meter = Meter::start(&project.raw, common.quiet);
        let (totals, written) = pipeline::extract(&project, &schemas, mode, writer, tell, report)?;
        let (rows, withheld) = written.iter().fold((0, 0), |(rows, withheld), table| (rows + table.rows, withheld + table.withheld));
        progress("written", &format!("{} files, {rows} rows, {withheld} withheld: {}", written.len(), out.display()));
        match (totals.documents, totals.refused) {
            (0, _) => Err(Error::Refused { errors: report.count(Severity::Error) }),
            (_, 0) => Ok(()),
            (_, files) => Err(Error::Gate(format!("{files} files could not be read, or not to their ends; the others were written"))),
        }
    })
}

fn explain_command(project: &Project, options: &ExplainArguments) -> Result<(), Error> {
    let Some(row) = &options.row else {
        let Some(code) = findings::find(&options.subject) else {
            return Err(Error::Usage(format!("\"{}\" is no finding code; for a row say: explain TABLE ROW [COLUMN]", options.subject)));
        };
        let settable = if code.settable { "" } else { ", always" };
        return terminal::print(&format!(
            "{} ({}{settable})\n\n{}\n\nExample:\n\n  {}",
            code.name,
            code.severity.name(),
            code.meaning,
            code.example.replace('\n', "\n  ")
        ));
    };
    let schemas = reporting_errors(|report| pipeline::schemas(project, report))?;
    let column = options.column.as_deref();
    let question = explain::Question { table: &options.subject, row, column, is_coloured: terminal::is_coloured() };
    terminal::print(&explain::row(project, &schemas, &question)?)
}

fn diff(project: &Project, common: &Common, options: &DiffArguments) -> Result<(), Error> {
    let mut report = Report::default();
    let schemas = pipeline::schemas(project, &mut report)?;
    let format: &publish::diff::Format = options.format.parse().map_err(|problem| Error::Usage(format!("--format: {problem}")))?;
    let lookup = publish::diff::Lookup { output: &project.output, schemas: &schemas.tables, form: options.from, shelf: &project.spill };
    let open = |name: &str, side: &str| {
        let scratch = std::env::temp_dir().join(format!("rollcall-diff-{}-{side}", std::process::id()));
        let opened = publish::diff::Side::open(name, &lookup, &scratch)?;
        if !opened.sorted.is_empty() {
            quiet_or_loud(common)("sorted", &format!("{} of {name}: not in the order of the key, or in other columns", opened.sorted.join(", ")));
        }
        Ok::<_, Error>(opened)
    };
    let (old, new) = (open(&options.old, "old")?, open(&options.new, "new")?);
    let compared = publish::diff::compare(&old, &new, format)?;
    terminal::print((format.render)(&compared).trim_end())?;
    let broken = if options.breaking { publish::diff::breaking(&compared, &options.uses) } else { Vec::new() };
    if broken.is_empty() { Ok(()) } else { Err(Error::Gate(format!("breaking:\n  {}", broken.join("\n  ")))) }
}

fn verify(project: &Project, common: &Common, options: &VerifyArguments, watch: &Watch) -> Result<(), Error> {
    let report = publish::verify(&project.output, options.release, Some(&project.raw).filter(|raw| raw.is_dir()).map(PathBuf::as_path))?;
    let versions: Vec<String> = report.versions.iter().map(ToString::to_string).collect();
    if versions.is_empty() {
        return Err(Error::Usage(format!("there is no release in {}", project.output.display())));
    }
    terminal::print(&format!(
        "sound: {}; {} files, {} bytes, {} rows, {} pieces of evidence found in the sources, {} whose source is not there or is another text by now",
        versions.join(", "),
        report.files,
        report.bytes,
        report.rows,
        report.evidence,
        report.evidence_not_present
    ))?;
    if options.rebuild { rebuild(&with_records(project, options.records.as_ref()), common, watch) } else { Ok(()) }
}

/// Makes the newest release again beside the store and compares the bytes.
fn rebuild(project: &Project, common: &Common, watch: &Watch) -> Result<(), Error> {
    let before = |step| watch.before(step, &project.output);
    let options =
        ReleaseOptions { date: clock::day(None)?, bump: None, dry_run: false, lock_wait: Duration::ZERO, counts: Some(&COUNTS), before: &before };
    let mut report = Report::default();
    // What is checked must not come from where what is to be checked came from.
    let project = &Project { cache: None, ..project.clone() };
    let meter = Meter::start(&project.raw, common.quiet);
    let differing = pipeline::rebuild(project, &options, quiet_or_loud(common), &mut report);
    drop(meter);
    let differing = match differing {
        Err(error @ Error::Refused { .. }) => {
            findings(&report, common)?;
            return Err(error);
        }
        other => other?,
    };
    if differing.is_empty() {
        return terminal::print("the newest release is made again byte for byte");
    }
    Err(Error::Store { path: project.output.clone(), problem: format!("made again, these files differ: {}", differing.join(", ")) })
}

fn init(options: &InitArguments) -> Result<(), Error> {
    let created = pipeline::init(&options.folder)?;
    let folder = created.folder.display();
    let files: Vec<String> = created.files.iter().map(|file| format!("  {folder}/{file}")).collect();
    terminal::print(&format!(
        "started a project:\n{}\n\nnext:\n  cd {folder}\n  rollcall publish       a data set of the sample text, in output/1.0.0\n  rollcall add FILE...   texts of your own (.txt, .html), then publish again",
        files.join("\n")
    ))
}

fn schema(project: &Project, options: &SchemaArguments) -> Result<(), Error> {
    let mut report = Report::default();
    let schemas = pipeline::schemas(project, &mut report)?;
    let format: &envelope::Format = options.format.parse().map_err(|problem| Error::Usage(format!("--format: {problem}")))?;
    if options.table.as_deref() == Some("extract") {
        return terminal::print(&(format.render)(envelope::Envelope::new(&schemas.tables).schema()));
    }
    if format.name != envelope::FORMATS[0].name {
        return Err(Error::Usage(format!("--format {}: tables are printed as json, records of `extract` in either format", format.name)));
    }
    let Some(name) = &options.table else {
        let names: Vec<String> = schemas.tables.iter().map(|table| format!("{:<22}{}", table.name, table.description)).collect();
        return terminal::print(&names.join("\n"));
    };
    let Some(table) = schemas.table(name) else {
        let names: Vec<&str> = schemas.tables.iter().map(|table| table.name.as_str()).collect();
        return Err(Error::Usage(format!("there is no table \"{name}\": there are {}", names.join(", "))));
    };
    let text = serde_json::to_string_pretty(table).map_err(|error| Error::Fault(error.to_string()))?;
    terminal::print(&text)
}
