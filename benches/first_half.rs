//! How long the first half takes: the texts of the project, many times over, from the folder to record batches.
//!
//! `make bench` prints the best of several rounds, since the others measure what else the machine does.

use std::path::PathBuf;
use std::time::Instant;

use rollcall::Error;
use rollcall::findings::Report;
use rollcall::pipeline::{Mode, Project, Spill, first_half, schemas};

/// Copies of each text.
const COPIES: usize = 200;
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let raw = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench_first_half");
    let mut bytes = 0;
    std::fs::create_dir_all(&raw)?;
    for entry in std::fs::read_dir(root.join("raw"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let text = std::fs::read(&path)?;
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            for copy in 0..COPIES {
                std::fs::write(raw.join(format!("{stem}-{copy}.txt")), &text)?;
                bytes += text.len();
            }
        }
    }
    let project = Project {
        raw,
        records: None,
        own_raw: root.join("raw"),
        schemas: root.join("schemas"),
        output: root.join("output"),
        cache: None,
        spill: Spill::none(),
    };
    let best = (0..ROUNDS).map(|_| round(&project)).collect::<Result<Vec<f64>, Error>>()?.into_iter().fold(f64::INFINITY, f64::min);
    println!("first half: {bytes} bytes in {best:.3} s, {:.1} MB/s, best of {ROUNDS}", bytes as f64 / best / 1e6);
    Ok(())
}

/// Seconds from the folder to the record batches, schemas parsed before.
fn round(project: &Project) -> Result<f64, Error> {
    let mut report = Report::default();
    let schemas = schemas(project, &mut report)?;
    let start = Instant::now();
    first_half(project, &schemas, Mode { ids_are_stems: true, ..Mode::default() }, &|_, _| {}, &mut report)?;
    Ok(start.elapsed().as_secs_f64())
}
