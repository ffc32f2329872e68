//! How long it takes to write a large table as CSV and as Parquet: 5,000,000 rows of 13 columns, those of `memberships`.
//!
//! What making the rows takes is measured by itself and taken off. `ROWS` sets another number.

#![allow(clippy::unwrap_used, reason = "a benchmark stops where something is not as it should be")]

mod rows;

use std::fs;
use std::io::Write;
use std::path::Path;

use rollcall::model::TableSchema;
use rollcall::model::dataset::Row;
use rollcall::publish::{CsvWriter, GROUP_ROWS, ParquetWriter};

/// Takes bytes and counts them.
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// CPU seconds of this process.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let numbers: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    (numbers[11].parse::<f64>().unwrap() + numbers[12].parse::<f64>().unwrap()) / 100.0
}

/// Makes the rows, some at a time, and hands them to `take`; returns the CPU seconds that all took.
fn each_group(schema: &TableSchema, rows: usize, take: &mut dyn FnMut(&[Row])) -> f64 {
    let before = cpu();
    let mut group: Vec<Row> = Vec::with_capacity(GROUP_ROWS);
    for number in 0..rows {
        group.push(schema.fields.iter().map(|field| rows::cell(&field.name, number)).collect());
        if group.len() == GROUP_ROWS || number + 1 == rows {
            take(&group);
            group.clear();
        }
    }
    cpu() - before
}

fn main() {
    let rows: usize = std::env::var("ROWS").map_or(5_000_000, |rows| rows.parse().unwrap());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/tables/memberships.json");
    let schema: TableSchema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let making = each_group(&schema, rows, &mut |_| {});
    let mut csv = CsvWriter::new(Counted(0), &schema.column_names()).unwrap();
    let with_csv = each_group(&schema, rows, &mut |group| group.iter().for_each(|row| csv.write(row).unwrap()));
    let csv_bytes = csv.finish().unwrap().0;
    let mut parquet = ParquetWriter::new(Counted(0), &schema, &Vec::new()).unwrap();
    let with_parquet = each_group(&schema, rows, &mut |group| group.iter().for_each(|row| parquet.write(row).unwrap()));
    let parquet_bytes = parquet.finish().unwrap().0;
    println!("{rows} rows of {} columns, made in {making:.2} CPU s", schema.fields.len());
    for (form, seconds, bytes) in [("CSV", with_csv - making, csv_bytes), ("Parquet, zstd", with_parquet - making, parquet_bytes)] {
        println!("{form:<18}{seconds:>8.2} CPU s{:>10.1} MB", bytes as f64 / 1e6);
    }
}
