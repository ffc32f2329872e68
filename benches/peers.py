"""What other programs take for what a stage does, or for a part of it: prints CPU seconds of the work alone, without their start.

    python3 benches/peers.py PEER FILE...

`make bench` asks it. Exit code 3 where the program is not installed: `pip install -r benches/requirements.txt` in an environment under
target/bench/environment, which `make bench-peers` makes.
"""

import json
import os
import sys
import tempfile
import time


def texts(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def needles(path):
    with open(path, encoding="utf-8") as lines:
        return [line.strip() for line in lines if line.strip()]


def flashtext(corpus, names):
    """Names of countries in the texts: one of the things that extracting does."""
    from flashtext import KeywordProcessor

    processor = KeywordProcessor(case_sensitive=True)
    for name in needles(names):
        processor.add_keyword(name)
    documents = texts(corpus)
    return lambda: sum(len(processor.extract_keywords(text)) for text in documents)


def spacy(corpus, names):
    """The same with spaCy's tokenizer and phrase matcher."""
    import spacy
    from spacy.matcher import PhraseMatcher

    language = spacy.blank("en")
    matcher = PhraseMatcher(language.vocab)
    matcher.add("COUNTRY", list(language.tokenizer.pipe(needles(names))))
    documents = texts(corpus)
    return lambda: sum(len(matcher(document)) for document in language.pipe(documents))


def polars_check(table, _schema):
    import polars

    def run():
        rows = polars.read_csv(table, infer_schema=False)
        return rows.select(
            polars.col("id").is_duplicated().sum().alias("key"),
            (~polars.col("role").is_in(["member", "observer", "partner"])).sum().alias("enum"),
            (~polars.col("day").str.contains("^(?:[0-9]{4}-[0-9]{2}-[0-9]{2})$")).sum().alias("pattern"),
            (polars.col("note").str.len_chars() > 100).sum().alias("length"),
        ).row(0)

    return run


def frictionless_check(table, schema):
    from frictionless import Resource, Schema, system

    def run():
        with system.use_context(trusted=True):
            with open(schema, encoding="utf-8") as text:
                return Resource(path=table, schema=Schema.from_descriptor(json.load(text))).validate().valid

    return run


def polars_diff(old, new):
    import polars

    def run():
        sides = [polars.read_csv(path, infer_schema=False) for path in (old, new)]
        columns = [column for column in sides[0].columns if column != "membership_id"]
        both = sides[0].join(sides[1], on="membership_id", how="full", suffix="_new")
        differs = [polars.col(column).ne_missing(polars.col(f"{column}_new")) for column in columns]
        return both.filter(polars.any_horizontal(differs)).height

    return run


def duckdb_diff(old, new):
    import duckdb

    def run():
        sides = [f"read_csv('{path}', all_varchar=true)" for path in (old, new)]
        query = f"select count(*) from {sides[0]} o full join {sides[1]} n using (membership_id) where o is distinct from n"
        return duckdb.sql(query).fetchall()[0][0]

    return run


def polars_write(form):
    def prepare(table):
        import polars

        rows = polars.read_csv(table, infer_schema=False)
        return lambda out: rows.write_csv(out) if form == "csv" else rows.write_parquet(out, compression="zstd")

    return writing(prepare)


def pyarrow_write(form):
    def prepare(table):
        from pyarrow import csv, parquet

        rows = csv.read_csv(table)
        return lambda out: csv.write_csv(rows, out) if form == "csv" else parquet.write_table(rows, out, compression="zstd")

    return writing(prepare)


def duckdb_write(form):
    def prepare(table):
        import duckdb

        duckdb.sql(f"create table rows as select * from read_csv('{table}', all_varchar=true)")
        how = "format csv, header" if form == "csv" else "format parquet, compression zstd"
        return lambda out: duckdb.sql(f"copy rows to '{out}' ({how})")

    return writing(prepare)


def writing(prepare):
    """Writes the rows of a table that were read before to a file that goes away."""

    def of(table):
        write = prepare(table)

        def run():
            with tempfile.TemporaryDirectory() as folder:
                write(os.path.join(folder, "rows"))
            return True

        return run

    return of


PEERS = {
    "flashtext": flashtext,
    "spacy": spacy,
    "polars-check": polars_check,
    "frictionless-check": frictionless_check,
    "polars-diff": polars_diff,
    "duckdb-diff": duckdb_diff,
    **{f"polars-{form}": polars_write(form) for form in ("csv", "parquet")},
    **{f"pyarrow-{form}": pyarrow_write(form) for form in ("csv", "parquet")},
    **{f"duckdb-{form}": duckdb_write(form) for form in ("csv", "parquet")},
}


def main():
    peer, *arguments = sys.argv[1:]
    try:
        run = PEERS[peer](*arguments)
    except ImportError:
        sys.exit(3)
    before = time.process_time()
    found = run()
    seconds = time.process_time() - before
    assert found, f"{peer} found nothing"
    print(f"{seconds:.4f}")


main()
