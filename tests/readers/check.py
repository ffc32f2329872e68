"""Every Parquet file of a release against its CSV, cell by cell: pyarrow, pandas with two kinds of columns, polars, duckdb.

Usage: check.py RELEASE

The CSV is read with Python's own csv module; what each column should be is read from datapackage.json. A cell is the same where the
Parquet value, spelt as the release spells values of that type, is the text in the CSV; an empty CSV cell is a null.
"""

import csv
import datetime
import json
import sys
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet

ARROW = {"string": pyarrow.string(), "integer": pyarrow.int64(), "number": pyarrow.float64(), "boolean": pyarrow.bool_(), "date": pyarrow.date32()}
POLARS = {"string": polars.String, "integer": polars.Int64, "number": polars.Float64, "boolean": polars.Boolean, "date": polars.Date}
DUCKDB = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


def spelling(value):
    """A value as the CSV has it."""
    if value is None or value is pandas.NaT or value is pandas.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def with_pyarrow(path, types):
    table = pyarrow.parquet.read_table(path)
    found = {field.name: field.type for field in table.schema}
    assert found == {name: ARROW[kind] for name, kind in types.items()}, f"{path.name}: {found}"
    metadata = pyarrow.parquet.read_schema(path).metadata or {}
    assert metadata, f"{path.name}: no key-value metadata"
    return table.column_names, [[column.as_py() for column in row] for row in zip(*table.columns)]


def with_pandas(path, types):
    """The same engine, but with nulls as pandas keeps them: nullable types, so that an integer with a gap stays one."""
    frame = pandas.read_parquet(path, dtype_backend="numpy_nullable")
    for name, kind in types.items():
        found = str(frame[name].dtype)
        wanted = {"string": ("string", "str"), "integer": ("Int64",), "number": ("Float64",), "boolean": ("boolean",), "date": ("object", "date32[day][pyarrow]")}[kind]
        assert found in wanted, f"{path.name}: {name} is {found}"
    plain = frame.astype(object).where(frame.notna(), None)
    return list(frame.columns), plain.values.tolist()


def with_pandas_on_arrow(path, types):
    """The columns of Arrow behind those of pandas: what read_parquet gives to whoever asks for dtype_backend="pyarrow"."""
    frame = pandas.read_parquet(path, dtype_backend="pyarrow")
    for name, kind in types.items():
        found = frame[name].dtype.pyarrow_dtype
        assert found in (ARROW[kind], pyarrow.large_string() if kind == "string" else None), f"{path.name}: {name} is {found}"
    plain = frame.astype(object).where(frame.notna(), None)
    return list(frame.columns), plain.values.tolist()


def with_polars(path, types):
    frame = polars.read_parquet(path)
    assert dict(frame.schema) == {name: POLARS[kind] for name, kind in types.items()}, f"{path.name}: {frame.schema}"
    return frame.columns, [list(row) for row in frame.rows()]


def with_duckdb(path, types):
    relation = duckdb.sql(f"select * from read_parquet('{path}')")
    found = dict(zip(relation.columns, map(str, relation.types)))
    assert found == {name: DUCKDB[kind] for name, kind in types.items()}, f"{path.name}: {found}"
    return relation.columns, [list(row) for row in relation.fetchall()]


READERS = {
    f"pyarrow {pyarrow.__version__}": with_pyarrow,
    f"pandas {pandas.__version__}, nullable columns": with_pandas,
    f"pandas {pandas.__version__}, Arrow columns": with_pandas_on_arrow,
    f"polars {polars.__version__}": with_polars,
    f"duckdb {duckdb.__version__}": with_duckdb,
}


def tables(release):
    """Name, CSV, Parquet and the type of each column of every table."""
    package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        path = release / resource["path"]
        if path.suffix == ".csv":
            types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
            yield path.stem, path, path.with_suffix(".parquet"), types


def main(release):
    cells, files, wrong = 0, 0, []
    for name, csv_path, parquet_path, types in tables(release):
        with csv_path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        assert header == list(types), f"{name}: the CSV has {header}"
        files += 1
        for reader, read in READERS.items():
            columns, found = read(parquet_path, types)
            assert list(columns) == header, f"{name} with {reader}: columns {columns}"
            assert len(found) == len(rows), f"{name} with {reader}: {len(found)} rows, the CSV has {len(rows)}"
            for at, (expected, values) in enumerate(zip(rows, found), start=2):
                for column, text, value in zip(header, expected, values):
                    cells += 1
                    if spelling(value) != text or (value == "" and types[column] == "string"):
                        wrong.append(f"{csv_path.name} line {at}, {column}, with {reader}: {value!r}, the CSV has {text!r}")
    print("\n".join(wrong[:50]))
    assert not wrong, f"{len(wrong)} of {cells} cells differ"
    assert files > 20 and cells > 10_000, f"only {cells} cells of {files} files were compared"
    for reader in READERS:
        print(f"{reader}: {cells // len(READERS)} cells of {files} tables are those of the CSV")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
