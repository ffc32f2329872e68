//! Every stated cell has a line that says it, and evidence speaks of cells that there are.

use std::collections::BTreeSet;

use super::checks::Checks;
use super::{Against, WRITTEN_LATER, places};
use crate::findings::{Finding, Place, code};
use crate::model::dataset::{Dataset, row_id};
use crate::model::table::Origin;

/// Merges the stated cells of each table with the evidence for it.
pub fn check(dataset: &Dataset, against: &Against<'_>, checks: &mut Checks<'_>) {
    let Some(schema) = against.schemas.table("evidence") else { return };
    let Some(positions) = ["table", "row_id", "column"].iter().map(|column| schema.position_of(column)).collect::<Option<Vec<usize>>>() else {
        return;
    };
    let mut proven: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for row in dataset.rows("evidence") {
        if let [Some(table), Some(id), Some(column)] = [0, 1, 2].map(|at| row[positions[at]].as_text()) {
            proven.insert((table, id, column));
        }
    }
    let mut examined = 0;
    let mut findings = Vec::new();
    for table in against.schemas.tables.iter().filter(|table| !WRITTEN_LATER.contains(&table.name.as_str())) {
        let stated: Vec<usize> = (0..table.fields.len()).filter(|&at| table.fields[at].origin == Origin::Stated).collect();
        let key = table.key_positions();
        let mut ids = BTreeSet::new();
        for row in dataset.rows(&table.name) {
            let id = row_id(row, &key);
            for &at in stated.iter().filter(|&&at| !row[at].is_null()) {
                examined += 1;
                let column = table.fields[at].name.as_str();
                if !proven.contains(&(table.name.as_str(), id.as_str(), column)) {
                    let place = places::of_cell(dataset, against, table, row, None);
                    let message = format!("{} {id}: no line says its {column}", table.name);
                    findings.push(Finding::new(code::EVIDENCE_MISSING, place, message).compared("no line", "a line of a source that says the value"));
                }
            }
            ids.insert(id);
        }
        let of_table = proven.range((table.name.as_str(), "", "")..).take_while(|(name, ..)| *name == table.name);
        for (_, id, column) in of_table.filter(|(_, id, column)| !ids.contains(*id) || table.position_of(column).is_none()) {
            let place = Place::file(against.schemas.files.display("tables/evidence.json"));
            let message = format!("evidence speaks of {column} of {} {id}, which there is not", table.name);
            findings
                .push(Finding::new(code::EVIDENCE_MISSING, place, message).compared(format!("{id} {column}"), format!("a cell of {}", table.name)));
        }
    }
    checks.rule("evidence", "stated_cells", code::EVIDENCE_MISSING, examined, findings);
}
