//! The envelope: all that documents state as rows of one Arrow schema, for whoever carries it between programs, runs or folders.
//!
//! In: rows ([`Row`]). Out: record batches, and the rows again. A row has `source_id`, `seq`, the name of its table, and one struct column
//! a table of which its own alone has a value: the tables of records, and those that say what became of a document ([`side`]). Numbers are
//! signed and 64 bits wide and every column may be empty, because not every engine has other ones; reading back is as strict as the
//! schemas of the tables are. Rows keep their order.

mod describe;
mod side;

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, StructArray, UInt32Array, new_null_array};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Field, Fields, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;

use super::record::{self, Record};
use super::table::TableSchema;

pub use describe::{FORMATS, Format};
pub use side::{DocumentRow, End, ErrorRow, FindingRow};

use side::SIDES;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A record of the table of that name.
    Record(String, Record),
    /// Something that somebody should know of the document.
    Finding(FindingRow),
    /// Closes a document: its records and findings stand before it.
    Document(DocumentRow),
    /// Stands in the place of a document that is none.
    Error(ErrorRow),
    /// Closes all: without it rows may be missing.
    End(End),
}

/// The schema that carries all tables, and the way there and back.
#[derive(Clone, Debug)]
pub struct Envelope {
    schema: SchemaRef,
    tables: Vec<TableSchema>,
}

/// Columns before the first struct.
const OWN: usize = 3;

fn fault(problem: impl Into<String>) -> ArrowError {
    ArrowError::SchemaError(problem.into())
}

impl Envelope {
    /// The envelope of the tables that have records, in their order.
    #[must_use]
    pub fn new(tables: &[TableSchema]) -> Self {
        let mut fields =
            vec![Field::new("source_id", DataType::Utf8, true), Field::new("seq", DataType::Int64, true), Field::new("table", DataType::Utf8, true)];
        let tables: Vec<TableSchema> = tables.iter().filter(|table| table.record.is_some()).cloned().collect();
        let structs = tables.iter().map(|table| (table.name.as_str(), portable_fields(&record_fields(table))));
        let sides = SIDES.iter().map(|side| (side.name, side.fields()));
        fields.extend(structs.chain(sides).map(|(name, of_table)| Field::new(name, DataType::Struct(of_table), true)));
        Self { schema: Arc::new(Schema::new(fields)), tables }
    }

    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Rows as a batch, in their order.
    ///
    /// # Errors
    /// Where a record is not of its table's schema: a fault of the program.
    pub fn batch(&self, rows: &[Row]) -> Result<RecordBatch, ArrowError> {
        let mut of_table: Vec<(Vec<&Row>, Vec<Option<u32>>)> = vec![(Vec::new(), vec![None; rows.len()]); self.schema.fields().len() - OWN];
        let (mut ids, mut seqs, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for (at, row) in rows.iter().enumerate() {
            let (id, seq, name) = row.own();
            let table = self.position(name)?;
            let (own, places) = &mut of_table[table];
            places[at] = Some(own.len() as u32);
            own.push(row);
            ids.push(id);
            seqs.push(i64::from(seq));
            names.push(name);
        }
        let mut columns: Vec<ArrayRef> =
            vec![Arc::new(StringArray::from(ids)), Arc::new(Int64Array::from(seqs)), Arc::new(StringArray::from_iter_values(names))];
        for (table, (own, places)) in of_table.into_iter().enumerate() {
            let data_type = self.schema.field(OWN + table).data_type();
            columns.push(if own.is_empty() {
                new_null_array(data_type, rows.len())
            } else {
                take(&cast(&self.dense(table, &own)?, data_type)?, &UInt32Array::from(places), None)?
            });
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns)
    }

    /// The structs of the rows of one table, without the rows between them.
    fn dense(&self, table: usize, rows: &[&Row]) -> Result<ArrayRef, ArrowError> {
        let Some(schema) = self.tables.get(table) else { return SIDES[table - self.tables.len()].dense(rows) };
        let records = rows.iter().filter_map(|row| if let Row::Record(_, record) = row { Some(record) } else { None });
        let records: Vec<&Record> = records.collect();
        let batch = record::to_batch(schema, &records)?.ok_or_else(|| fault(format!("{} has no records", schema.name)))?;
        let columns = batch.columns().iter().skip(2).cloned().collect();
        Ok(Arc::new(StructArray::try_new(record_fields(schema), columns, None)?))
    }

    /// Where the struct of a table stands among the structs.
    fn position(&self, table: &str) -> Result<usize, ArrowError> {
        self.schema.fields().iter().skip(OWN).position(|field| field.name() == table).ok_or_else(|| fault(format!("there is no table \"{table}\"")))
    }

    /// Reads the rows of a batch that [`Envelope::batch`] made, whoever carried it.
    ///
    /// # Errors
    /// Where the batch has another schema, or a row that could not have been written.
    pub fn rows(&self, batch: &RecordBatch) -> Result<Vec<Row>, ArrowError> {
        let columns: Vec<ArrayRef> = self.schema.fields().iter().map(|field| column(batch, field)).collect::<Result<_, _>>()?;
        let (ids, seqs, names) = (columns[0].as_string::<i32>(), columns[1].as_primitive::<Int64Type>(), columns[2].as_string::<i32>());
        let mut rows: Vec<Option<Row>> = vec![None; batch.num_rows()];
        for (table, structs) in columns[OWN..].iter().enumerate() {
            let places: Vec<u32> = (0..structs.len()).filter(|&at| structs.is_valid(at)).map(|at| at as u32).collect();
            if places.is_empty() {
                continue;
            }
            let places = UInt32Array::from(places);
            let own = Own { ids: take(ids, &places, None)?, seqs: take(seqs, &places, None)?, structs: take(structs, &places, None)? };
            let read = match self.tables.get(table) {
                Some(schema) => own.records(schema)?,
                None => SIDES[table - self.tables.len()].rows(&own)?,
            };
            for (at, row) in places.values().iter().zip(read) {
                let at = *at as usize;
                if row.own().2 != names.value(at) || rows[at].replace(row).is_some() {
                    return Err(fault(format!("row {}: it is not of the table \"{}\" alone", at + 1, names.value(at))));
                }
            }
        }
        rows.into_iter().enumerate().map(|(at, row)| row.ok_or_else(|| fault(format!("row {}: it is of no table", at + 1)))).collect()
    }
}

/// A column by its name, in the type of the envelope: other programs hold texts and lists in several.
fn column(batch: &RecordBatch, field: &Field) -> Result<ArrayRef, ArrowError> {
    let column = batch.column_by_name(field.name()).ok_or_else(|| fault(format!("there is no column \"{}\"", field.name())))?;
    if column.data_type() == field.data_type() { Ok(Arc::clone(column)) } else { cast(column, field.data_type()) }
}

/// The rows of one table as they were read.
struct Own {
    ids: ArrayRef,
    seqs: ArrayRef,
    structs: ArrayRef,
}

impl Own {
    fn records(&self, schema: &TableSchema) -> Result<Vec<Row>, ArrowError> {
        let expected = schema.record_arrow_schema().ok_or_else(|| fault(format!("{} has no records", schema.name)))?;
        let of_struct = self.structs.as_struct();
        let mut columns = vec![Arc::clone(&self.ids), cast(&self.seqs, expected.field(1).data_type())?];
        for (array, field) in of_struct.columns().iter().zip(expected.fields().iter().skip(2)) {
            columns.push(cast(array, field.data_type())?);
        }
        let batch = RecordBatch::try_new(Arc::new(expected), columns)?;
        Ok(record::from_batch(schema, &batch)?.into_iter().map(|record| Row::Record(schema.name.clone(), record)).collect())
    }
}

impl Row {
    /// Its source, position and table.
    fn own(&self) -> (Option<&str>, u32, &str) {
        match self {
            Self::Record(table, record) => (Some(&record.source_id), record.seq, table),
            Self::Finding(finding) => (Some(&finding.source_id), finding.seq, side::FINDINGS),
            Self::Document(document) => (Some(&document.source_id), 0, side::DOCUMENTS),
            Self::Error(error) => (error.source_id.as_deref(), 0, side::ERRORS),
            Self::End(_) => (None, 0, side::END),
        }
    }
}

/// The columns of a record that the envelope does not have itself.
fn record_fields(table: &TableSchema) -> Fields {
    table.record_arrow_schema().map(|schema| schema.fields().iter().skip(2).cloned().collect()).unwrap_or_default()
}

/// Columns that any engine can hold.
fn portable_fields(fields: &Fields) -> Fields {
    fields.iter().map(|field| Field::new(field.name(), portable(field.data_type()), true)).collect()
}

fn portable(data_type: &DataType) -> DataType {
    match data_type {
        DataType::UInt32 => DataType::Int64,
        DataType::Struct(fields) => DataType::Struct(portable_fields(fields)),
        DataType::List(item) => DataType::List(Arc::new(Field::new(item.name(), portable(item.data_type()), true))),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
