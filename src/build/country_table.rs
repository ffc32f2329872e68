//! Compiles `schemas/reference/` into the table of country names that the program carries in its read-only data.
//!
//! In: the folder `schemas`. Out: `country_table.bin` in the build's own folder, and its entities as literals. The compiler is the library's own, so the
//! table that is built in and one that is read from a project's `schemas/` at start cannot differ in kind.

use std::{fs, path::Path};

use super::knowledge::built_text::BuiltText;
use super::knowledge::literals;

#[allow(dead_code, reason = "the build script writes tables and reads none")]
#[path = "../model/countries/clues.rs"]
mod clues;
#[allow(dead_code, reason = "a project's own aliases come at run time")]
#[path = "../normalize/country/compile.rs"]
mod compile;
#[allow(dead_code, reason = "the build script reads entities and asks nothing of them")]
#[path = "../model/countries/entity.rs"]
pub mod entity;
#[path = "../model/countries/fold_rules.rs"]
mod fold_rules;
#[path = "fold_table.rs"]
mod fold_table;
#[allow(dead_code, reason = "the build script has its words as text")]
#[path = "../model/countries/hash.rs"]
mod hash;
#[allow(dead_code, reason = "the build script writes tables and reads none")]
#[path = "../model/countries/initials.rs"]
mod initials;
#[allow(dead_code, reason = "the build script writes tables and reads none")]
#[path = "../model/countries/layout.rs"]
mod layout;
#[path = "../normalize/country/pack.rs"]
mod pack;
#[allow(dead_code, reason = "the other reading of a shape is for damaged names only")]
#[path = "../normalize/country/shape.rs"]
mod shape;
#[path = "../normalize/country/sound.rs"]
mod sound;
#[path = "../model/countries/words.rs"]
mod words;

/// Folding by the rules: the table that the program folds by is only being made.
mod fold {
    pub use super::fold_rules::fold_slowly as fold_spaced;

    pub fn fold(name: &str) -> String {
        fold_spaced(name).replace(super::fold_rules::BREAK, "")
    }
}

/// Writes `fold_table.bin`, `country_table.bin` and `entities.rs` into `out_dir`.
///
/// # Errors
/// Where an input is missing or contradicts itself: the build must stop, and say in which file.
pub fn write(out_dir: &Path, schemas_dir: &Path) -> Result<(), String> {
    let reference = schemas_dir.join("reference");
    let said = |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let read = |name: &&str| {
        let path = reference.join(name);
        fs::read_to_string(&path).map_err(|error| said(&path, &error))
    };
    let texts = compile::FILES.iter().map(read).collect::<Result<Vec<String>, String>>()?;
    let table = compile::compile(&compile::Sources::of(&texts)).map_err(|error| said(&reference, &error))?;
    let sections = layout::Layout::sections(&table);
    let lines = sections.and_then(|sections| layout::entities(&table, &sections)).ok_or("the table does not read")?;
    let entities = literals::of_entities(&entity::Entity::read_all(lines)).map_err(|error| said(&reference, &error))?.into_bytes();
    for (name, bytes) in [("fold_table.bin", fold_table::bytes()?), ("entities.rs", entities), ("country_table.bin", table)] {
        let path = out_dir.join(name);
        fs::write(&path, bytes).map_err(|error| said(&path, &error))?;
    }
    Ok(())
}
