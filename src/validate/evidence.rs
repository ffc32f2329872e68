//! Every stated cell has a line that says it, and evidence speaks of cells that there are.

use std::cmp::Ordering;
use std::ops::Range;

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
    let mut proven: Vec<[&str; 3]> = Vec::new();
    for row in dataset.rows("evidence") {
        let [Some(table), Some(id), Some(column)] = [0, 1, 2].map(|at| row[positions[at]].as_text()) else { continue };
        if proven.last() != Some(&[table, id, column]) {
            proven.push([table, id, column]);
        }
    }
    // They stand in that order, unless something is wrong that is a finding of its own.
    proven.sort_unstable();
    proven.dedup();
    let mut examined = 0;
    let mut findings = Vec::new();
    for table in against.schemas.tables.iter().filter(|table| !WRITTEN_LATER.contains(&table.name.as_str())) {
        let stated: Vec<usize> = (0..table.fields.len()).filter(|&at| table.fields[at].origin == Origin::Stated).collect();
        let key = table.key_positions();
        let of_table = &proven[range(&proven, |[name, ..]| name.cmp(&table.name.as_str()))];
        let mut has_row = vec![false; of_table.len()];
        for row in dataset.rows(&table.name) {
            let id = row_id(row, &key);
            let of_row = range(of_table, |[_, other, _]| other.cmp(&id.as_str()));
            has_row[of_row.clone()].fill(true);
            for &at in stated.iter().filter(|&&at| !row[at].is_null()) {
                examined += 1;
                let column = table.fields[at].name.as_str();
                if !of_table[of_row.clone()].iter().any(|[.., proven]| *proven == column) {
                    let place = places::of_cell(dataset, against, table, row, None);
                    let message = format!("{} {id}: no line says its {column}", table.name);
                    findings.push(Finding::new(code::EVIDENCE_MISSING, place, message).compared("no line", "a line of a source that says the value"));
                }
            }
        }
        for ([_, id, column], _) in of_table.iter().zip(has_row).filter(|([.., column], has_row)| !has_row || table.position_of(column).is_none()) {
            let place = Place::file(against.schemas.files.display("tables/evidence.json"));
            let message = format!("evidence speaks of {column} of {} {id}, which there is not", table.name);
            findings
                .push(Finding::new(code::EVIDENCE_MISSING, place, message).compared(format!("{id} {column}"), format!("a cell of {}", table.name)));
        }
    }
    checks.rule("evidence", "stated_cells", code::EVIDENCE_MISSING, examined, findings);
}

/// Where the sorted cells stand that are equal to what `order` asks for.
fn range(cells: &[[&str; 3]], order: impl Fn(&[&str; 3]) -> Ordering) -> Range<usize> {
    let start = cells.partition_point(|cell| order(cell).is_lt());
    start..start + cells[start..].partition_point(|cell| order(cell).is_eq())
}
