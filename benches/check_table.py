"""Checking a table of a million rows: rollcall beside frictionless and plain polars, in one run on one machine.

Writes the table and its schema (a unique key, a foreign key, an enumeration, two patterns; 139 MB of CSV) to target/bench, checks
it with each tool in a process of its own, and prints CPU seconds, peak memory and the ratio to rollcall. Build first, then:

    cargo build --release --locked && python3 benches/check_table.py [ROWS]

frictionless and polars are taken from an environment under target/bench, made once from benches/requirements.txt; a tool that cannot
be installed is left out, and said so. Each tool must find the mistakes that are put into a second table, or its time counts for nothing.
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "target" / "bench"
ROLLCALL = ROOT / "target" / "release" / "rollcall"
ROLES = ["member", "observer", "partner", "chair", "host"]

SCHEMA = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True}},
        {"name": "iso3", "type": "string"},
        {"name": "role", "type": "string", "constraints": {"enum": ROLES}},
        {"name": "digest", "type": "string", "constraints": {"pattern": "[0-9a-f]{32}"}},
        {"name": "day", "type": "string", "constraints": {"pattern": "[0-9]{4}-[0-9]{2}-[0-9]{2}"}},
        {"name": "note", "type": "string"},
    ],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["iso3"], "reference": {"resource": "countries", "fields": ["iso3"]}}],
}

POLARS = """
import sys, polars as pl
table, countries = sys.argv[1:3]
rows = pl.read_csv(table, infer_schema=False)
known = pl.read_csv(countries, infer_schema=False).get_column("iso3").implode()
broken = rows.select(
    pl.col("id").is_duplicated().sum().alias("key"),
    (~pl.col("iso3").is_in(known)).sum().alias("reference"),
    (~pl.col("role").is_in(["member", "observer", "partner", "chair", "host"])).sum().alias("enum"),
    (~pl.col("digest").str.contains("^(?:[0-9a-f]{32})$")).sum().alias("digest"),
    (~pl.col("day").str.contains("^(?:[0-9]{4}-[0-9]{2}-[0-9]{2})$")).sum().alias("day"),
).row(0)
print(broken)
sys.exit(any(broken))
"""

FRICTIONLESS = """
import json, sys
from frictionless import Package, Resource, Schema, system
table, countries, schema = sys.argv[1:4]
with system.use_context(trusted=True):
    own = Schema.from_descriptor(json.load(open(schema)))
    package = Package(resources=[Resource(name="rows", path=table, schema=own), Resource(name="countries", path=countries)])
    report = package.validate()
print(report.stats)
sys.exit(not report.valid)
"""


def write_table(path, rows, mistakes):
    """A sorted table; with mistakes, one row breaks each rule."""
    codes = [line.split(",")[0] for line in (FOLDER / "countries.csv").read_text(encoding="utf-8").splitlines()[1:]]
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("id,iso3,role,digest,day,note\n")
        for row in range(rows):
            key, code, role = f"row-{row:08d}", codes[row * 7919 % len(codes)], ROLES[row * 31 % len(ROLES)]
            digest = hashlib.md5(str(row).encode()).hexdigest()
            day = f"20{row % 30 + 10}-{row % 12 + 1:02d}-{row % 28 + 1:02d}"
            if mistakes and row == rows // 2:
                key, code, role, digest, day = f"row-{row - 1:08d}", "XXX", "boss", digest[:-1] + "g", "2014-1-1"
            out.write(f"{key},{code},{role},{digest},{day},item {row % 1000:04d} of a list of statements with some words behind it to fill the row\n")


def run(command):
    """CPU seconds, peak memory in MB and the exit code of a process."""
    with open(os.devnull, "w") as nothing:
        process = subprocess.Popen(command, stdout=nothing, stderr=nothing)
        _, status, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def environment():
    """The interpreter of an environment with the other tools, and which of them it has."""
    folder = FOLDER / "environment"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        requirements = ROOT / "benches" / "requirements.txt"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=False)
    return python, [tool for tool in ("polars", "frictionless") if subprocess.run([python, "-c", f"import {tool}"], capture_output=True).returncode == 0]


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "countries.csv").write_bytes((ROOT / "schemas" / "reference" / "countries.csv").read_bytes())
    (FOLDER / "schema.json").write_text(json.dumps(SCHEMA, indent=2), encoding="utf-8")
    sound, broken = FOLDER / "rows.csv", FOLDER / "broken.csv"
    write_table(sound, rows, False)
    write_table(broken, min(rows, 1000), True)
    python, tools = environment()
    countries, schema = FOLDER / "countries.csv", FOLDER / "schema.json"
    commands = {
        "rollcall": lambda table: [ROLLCALL, "check", "--quiet", "--table", table, "--schema", schema],
        "polars": lambda table: [python, "-c", POLARS, table, countries],
        "frictionless": lambda table: [python, "-c", FRICTIONLESS, table, countries, schema],
    }
    print(f"{rows:,} rows, {sound.stat().st_size / 1e6:.0f} MB, {os.cpu_count()} cores")
    print(f"{'tool':<14}{'CPU s':>8}{'MB':>8}{'ratio':>8}")
    base = None
    for tool, command in commands.items():
        if tool != "rollcall" and tool not in tools:
            print(f"{tool:<14}not installed: left out")
            continue
        assert run(command(broken))[2] == 1, f"{tool} does not find the mistakes of {broken}"
        results = [run(command(sound)) for _ in range(1 if tool == "frictionless" else 3)]
        assert all(code == 0 for _, _, code in results), f"{tool} refuses {sound}"
        seconds, memory, _ = min(results)
        base = base or seconds
        print(f"{tool:<14}{seconds:>8.2f}{memory:>8.0f}{seconds / base:>8.1f}")


main()
