//! Build script: compiles the default `schemas/` into the program, so that the binary works alone.
//!
//! Out: `schema_files.rs`, a list of (path, text, hash) in path order; `country_table.bin` and `fold_table.bin`, the look-up tables of the
//! country normalizer, and the vocabularies and reference data with the trees of their words, so that nothing of them is parsed when the
//! program starts; the digest of the program, by which records that it made are told from those of another.

#[path = "build/country_table.rs"]
mod country_table;
#[path = "build/knowledge.rs"]
mod knowledge;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};
use twox_hash::XxHash64;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("schemas");
    println!("cargo::rerun-if-changed=schemas");
    let mut paths = Vec::new();
    walk(&root, &["json", "toml", "csv"], &mut paths)?;
    paths.sort();
    let mut list = String::from("&[\n");
    for path in &paths {
        let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        let hash = XxHash64::oneshot(0, &fs::read(path)?);
        writeln!(list, "    ({name:?}, include_str!({:?}), {hash}),", path.to_string_lossy())?;
    }
    list.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("schema_files.rs"), list)?;
    country_table::write(Path::new(&env::var("OUT_DIR")?), &root)?;
    knowledge::write(Path::new(&env::var("OUT_DIR")?), &root)?;
    println!("cargo::rustc-env=ROLLCALL_PROGRAM_DIGEST={}", digest_of_the_program(Path::new(&env::var("CARGO_MANIFEST_DIR")?), &paths)?);
    if has_fixed_addresses()? {
        // In a program that may lie anywhere a hundred thousand addresses, mostly of tables that a run never looks at, are mended at each start: two
        // megabytes are written before the first line of ours, a fifth of the time that a small text takes.
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
    Ok(())
}

/// Whether the program is linked to lie at a fixed address: with the libraries and the linker that Linux has as a rule.
fn has_fixed_addresses() -> Result<bool, env::VarError> {
    let is_static = env::var("CARGO_CFG_TARGET_FEATURE").is_ok_and(|features| features.split(',').any(|feature| feature == "crt-static"));
    Ok(env::var("CARGO_CFG_TARGET_OS")? == "linux" && env::var("CARGO_CFG_TARGET_ENV")? == "gnu" && !is_static)
}

/// What is true of one data set only: a project without these files has nothing of the kind.
const OF_ONE_DATA_SET: [&str; 3] = ["expectations.toml", "corrections.toml", "renames.toml"];

/// Every file with one of the extensions, at any depth, but for what is true of one data set only.
fn walk(folder: &Path, extensions: &[&str], paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_of_one_data_set = path.file_name().is_some_and(|name| OF_ONE_DATA_SET.iter().any(|own| name == *own));
        if is_of_one_data_set {
            continue;
        }
        if path.is_dir() {
            walk(&path, extensions, paths)?;
        } else if path.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known)) {
            paths.push(path);
        }
    }
    Ok(())
}

/// SHA-256 over the paths and bytes of the program's own sources and schemas, and over the versions of everything that it is built from.
fn digest_of_the_program(root: &Path, schemas: &[PathBuf]) -> Result<String, Box<dyn std::error::Error>> {
    let mut paths = [schemas, &[root.join("Cargo.lock")]].concat();
    walk(&root.join("src"), &["rs"], &mut paths)?;
    paths.sort();
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=Cargo.lock");
    let mut digest = Sha256::new();
    for path in &paths {
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        let bytes = fs::read(path)?;
        digest.update(format!("{name}\n{}\n", bytes.len()));
        digest.update(bytes);
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
