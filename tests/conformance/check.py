"""A release as foreign tools see it.

Usage: check.py TOOL RELEASE, where RELEASE is the folder of a release in its store.

Prints one line that says what was looked at, and fails with what the tool complains about.
"""

import json
import logging
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def csv_resources(release):
    return [resource for resource in read_json(release / "datapackage.json")["resources"] if resource["path"].endswith(".csv")]


def with_frictionless(release):
    """Hashes, sizes, headers, types, constraints, keys and references of every resource."""
    import frictionless

    report = frictionless.validate(str(release / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "note"])[:5] or report.errors
    return f"frictionless {version('frictionless')}: {len(report.tasks)} resources are valid"


def with_profile(release):
    """The profiles that the Data Package standard publishes, through a validator of JSON Schema."""
    import dplib
    import jsonschema

    profiles = Path(dplib.__file__).parent / "profiles" / "2.0"

    def check(name, value):
        profile = read_json(profiles / f"{name}.json")
        validator = jsonschema.validators.validator_for(profile)(profile)
        wrong = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(value)]
        assert not wrong, wrong[:5]

    package = read_json(release / "datapackage.json")
    check("datapackage", package)
    for resource in package["resources"]:
        check("dataresource", resource)
    schemas = [resource["schema"] for resource in csv_resources(release)]
    for schema in schemas:
        check("tableschema", schema)
    return f"jsonschema {version('jsonschema')}: the official Data Package 2.0 profiles hold, {len(schemas)} table schemas among them"


def with_csvw(release):
    """Lax, because otherwise an empty reference counts as one to nothing."""
    import csvw

    logging.disable(logging.CRITICAL)
    group = csvw.CSVW(str(release / "csv-metadata.json"), validate=True, strict=False)
    assert group.is_valid, [str(warning.message) for warning in group.warnings][:5]
    return f"csvw {version('csvw')}: {len(group.tables)} tables are valid"


def with_croissant(release):
    """Validates, then loads every record."""
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    issues = dataset.metadata.ctx.issues
    assert not issues.errors and not issues.warnings, issues.report()
    records = 0
    for record_set in dataset.metadata.record_sets:
        found = sum(1 for _ in dataset.records(record_set.name))
        expected = next(resource["rows"] for resource in csv_resources(release) if resource["name"] == record_set.name)
        assert found == expected, f"{record_set.name}: {found} records, expected {expected}"
        records += found
    assert records > 0
    return f"mlcroissant {version('mlcroissant')}: valid, {records} records of {len(dataset.metadata.record_sets)} record sets loaded"


def with_shacl(release):
    """The shapes beside this file, on the release and on the catalogue above it."""
    import pyshacl
    import rdflib

    shapes = rdflib.Graph().parse(HERE / "dcat.shapes.ttl")
    triples = 0
    for path, targets in [(release / "dcat.jsonld", 50), (release.parent / "catalog.jsonld", 1)]:
        graph = rdflib.Graph().parse(path, format="json-ld", publicID="https://example.org/data/1.0.0/")
        nodes = set(graph.subjects(rdflib.RDF.type, rdflib.DCAT.Distribution if targets > 1 else rdflib.DCAT.Dataset))
        assert len(nodes) >= targets or len(nodes) == 2 * len(csv_resources(release)), f"{path.name} has only {len(nodes)} nodes to check"
        conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
        assert conforms, f"{path.name}: {text[:2000]}"
        triples += len(graph)
    return f"pyshacl {version('pyshacl')}: dcat.jsonld and catalog.jsonld fit the DCAT shapes, {triples} triples"


def with_keepachangelog(release):
    """The newest entry is that of the release, and every entry has lines under the headings of Keep a Changelog."""
    import keepachangelog

    newest = read_json(release / "datapackage.json")["version"]
    entries = keepachangelog.to_dict(str(release / "CHANGELOG.md"))
    assert next(iter(entries)) == newest, f"the newest entry is that of {next(iter(entries), 'nothing')}, the release is {newest}"
    headings = {"added", "changed", "deprecated", "fixed", "removed", "security"}
    for number, entry in entries.items():
        assert entry["metadata"]["semantic_version"], f"{number} is no semantic version"
        assert entry["metadata"]["release_date"], f"{number} has no day"
        assert headings & entry.keys(), f"{number} has nothing under a heading"
        assert not entry.keys() - headings - {"metadata", "uncategorized"}, f"{number} has other headings: {sorted(entry)}"
    return f"keepachangelog {version('keepachangelog')}: {len(entries)} entries"


def with_schema_org(release):
    """Every class and property is a term of schema.org, and what search engines ask of a Dataset is there."""
    import rdflib

    page = (release / "index.html").read_text(encoding="utf-8")
    text = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    value = json.loads(text)
    assert value["@context"].rstrip("/") == "https://schema.org", value["@context"]
    graph = rdflib.Graph().parse(data=json.dumps({**value, "@context": {"@vocab": "https://schema.org/"}}), format="json-ld")
    terms = set(graph.predicates()) | set(graph.objects(None, rdflib.RDF.type))
    unknown = [term for term in terms - {rdflib.RDF.type} if term not in rdflib.SDO]
    assert not unknown, f"no terms of schema.org: {unknown}"
    (dataset,) = graph.subjects(rdflib.RDF.type, rdflib.SDO.Dataset)

    def one(node, name):
        found = list(graph.objects(node, rdflib.SDO[name]))
        assert len(found) == 1 and str(found[0]), f"{name} of {node}: {found}"
        return found[0]

    assert 50 <= len(one(dataset, "description")) <= 5000, "the description has fewer than 50 or more than 5000 characters"
    for name in ["name", "license", "version", "datePublished", "creator", "publisher"]:
        one(dataset, name)
    files = list(graph.objects(dataset, rdflib.SDO.distribution))
    for file in files:
        assert (file, rdflib.RDF.type, rdflib.SDO.DataDownload) in graph, f"{file} is no DataDownload"
        for name in ["contentUrl", "encodingFormat", "contentSize", "sha256"]:
            one(file, name)
    assert len(files) == 2 * len(csv_resources(release)), f"{len(files)} downloads"
    return f"rdflib {version('rdflib')}: the schema.org Dataset of index.html has {len(files)} downloads and only terms that exist"


TOOLS = {
    "frictionless": with_frictionless,
    "profile": with_profile,
    "csvw": with_csvw,
    "croissant": with_croissant,
    "shacl": with_shacl,
    "keepachangelog": with_keepachangelog,
    "schema.org": with_schema_org,
}


if __name__ == "__main__":
    print(TOOLS[sys.argv[1]](Path(sys.argv[2]).resolve()))
