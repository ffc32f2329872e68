"""The release as a statistician meets it: one question asked three times, and one picture.

Usage: walk.py RELEASE PICTURE

How many states does each dialogue have as members, by region of the world and by the year that was spoken of? Memberships are joined to
countries, with pandas, with polars and with duckdb, as the README says to load them. The answers must agree.
"""

import sys
from pathlib import Path

import duckdb
import pandas
import polars


def with_pandas(release):
    memberships = pandas.read_parquet(release / "memberships.parquet")
    countries = pandas.read_csv(release / "countries.csv", dtype=str, keep_default_na=False)
    states = memberships[(memberships["role"] == "member") & (memberships["member_type"] == "state")]
    joined = states.merge(countries[["iso3", "region"]], on="iso3", how="left", validate="many_to_one")
    joined["year"] = pandas.to_datetime(joined["last_stated"]).dt.year
    counted = joined.dropna(subset=["year"]).groupby(["dialogue_id", "year", "region"]).size()
    return {(dialogue, int(year), region): int(count) for (dialogue, year, region), count in counted.items()}


def with_polars(release):
    memberships = polars.read_parquet(release / "memberships.parquet")
    countries = polars.read_csv(release / "countries.csv", infer_schema=False).with_columns(polars.col("region").fill_null(""))
    states = memberships.filter(polars.col("role") == "member", polars.col("member_type") == "state", polars.col("last_stated").is_not_null())
    joined = states.join(countries.select("iso3", "region"), on="iso3", how="left").with_columns(year=polars.col("last_stated").dt.year())
    return {tuple(row[:3]): row[3] for row in joined.group_by("dialogue_id", "year", "region").len().rows()}


def with_duckdb(release):
    rows = duckdb.sql(f"""
        SELECT dialogue_id, year(last_stated), coalesce(region, ''), count(*)
        FROM '{release}/memberships.parquet' LEFT JOIN '{release}/countries.parquet' USING (iso3)
        WHERE role = 'member' AND member_type = 'state' AND last_stated IS NOT NULL
        GROUP BY ALL
    """).fetchall()
    return {tuple(row[:3]): row[3] for row in rows}


def picture(counts):
    """Bars, one a dialogue and year, in parts by region."""
    regions = sorted({region for _, _, region in counts})
    colours = dict(zip(regions, ["#4e79a7", "#f28e2b", "#59a14f", "#b07aa1", "#e15759", "#9c755f"]))
    bars = sorted({(dialogue, year) for dialogue, year, _ in counts})
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{len(bars) * 30 + 60}" font-family="sans-serif" font-size="13">']
    for row, (dialogue, year) in enumerate(bars):
        left, top = 260, row * 30 + 10
        parts.append(f'<text x="250" y="{top + 15}" text-anchor="end">{dialogue}, {year}</text>')
        for region in regions:
            width = counts.get((dialogue, year, region), 0) * 10
            parts.append(f'<rect x="{left}" y="{top}" width="{width}" height="20" fill="{colours[region]}"/>')
            left += width
        parts.append(f'<text x="{left + 6}" y="{top + 15}">{(left - 260) // 10}</text>')
    for place, region in enumerate(regions):
        top = len(bars) * 30 + 30
        parts.append(f'<rect x="{260 + place * 100}" y="{top}" width="12" height="12" fill="{colours[region]}"/>')
        parts.append(f'<text x="{278 + place * 100}" y="{top + 11}">{region or "no region"}</text>')
    return "\n".join([*parts, "</svg>\n"])


def main(release, target):
    answers = {"pandas": with_pandas(release), "polars": with_polars(release), "duckdb": with_duckdb(release)}
    first = answers["pandas"]
    assert first and all(answer == first for answer in answers.values()), answers
    target.write_text(picture(first), encoding="utf-8")
    dialogues = len({dialogue for dialogue, _, _ in first})
    print(f"{', '.join(answers)} agree: {sum(first.values())} memberships of states in {dialogues} dialogues, drawn in {target.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
