//! Laws of the country normalizer, and bytes that nobody meant as names.
use proptest::prelude::*;
use rollcall::normalize::country::stream::{self, Options};
use rollcall::normalize::country::{FILES, Normalizer, Scratch, Sources, Status, fold, fold_spaced};
use std::{collections::HashMap, path::Path, sync::LazyLock};

static ALL: LazyLock<Normalizer> = LazyLock::new(Normalizer::built_in);

fn texts() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/reference");
    FILES.iter().map(|f| std::fs::read_to_string(folder.join(f)).unwrap_or_else(|e| panic!("{f}: {e}"))).collect()
}

fn rows(file: &str) -> Vec<HashMap<String, String>> {
    let at = FILES.iter().position(|f| *f == file).expect("a file of the table");
    let text = texts().swap_remove(at);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|r| r.expect("a row")).collect()
}

/// The answer as one word: alpha-3, or why there is none.
fn answer(name: &str) -> String {
    let found = ALL.resolve(name);
    found.entity().map_or(found.status().name().to_owned(), |e| if e.alpha4.is_empty() { e.alpha3.to_string() } else { e.alpha4.to_string() })
}

#[test]
fn every_name_in_the_table_resolves_to_its_own_code() {
    let alpha3: HashMap<_, _> = rows("countries.csv").into_iter().map(|mut r| (r.remove("iso2").unwrap(), r.remove("iso3").unwrap())).collect();
    let names = rows("country_names.csv");
    assert!(names.len() > 30_000, "{} names", names.len());
    for r in names {
        let want = if r["kind"] == "ambiguous" { "ambiguous" } else { alpha3.get(&r["code"]).unwrap_or(&r["code"]) };
        assert_eq!(answer(&r["key"]), want, "{r:?}");
    }
}

#[test]
fn every_name_of_the_list_of_countries_is_its_own() {
    let own = rows("countries.csv").into_iter().filter(|r| r["status"] != "former");
    let names = own.flat_map(|r| [(r["name"].clone(), r["iso3"].clone()), (r["formal_name"].clone(), r["iso3"].clone())]);
    let others: Vec<String> = names.filter(|(name, code)| !name.is_empty() && answer(name) != *code).map(|(name, _)| name).collect();
    // The short name of one state, and what many call the other.
    assert_eq!(others, ["Congo"]);
}

#[test]
fn every_code_is_its_countrys_in_any_case() {
    for r in rows("countries.csv").into_iter().filter(|r| r["status"] != "former") {
        for code in [&r["iso2"], &r["iso3"], &r["m49"]] {
            if !code.is_empty() {
                assert_eq!(answer(code), r["iso3"], "{code}");
                assert_eq!(answer(&code.to_lowercase()), r["iso3"], "{code}");
            }
        }
    }
}

#[test]
fn keys_are_folded() {
    for r in rows("country_names.csv") {
        assert_eq!(fold(&fold_spaced(&r["key"])), fold(&r["key"]), "{}", r["key"]);
    }
}

#[test]
fn what_is_no_country_is_refused() {
    for r in rows("not_countries.csv") {
        if r["key"].len() > 4 {
            assert_eq!(answer(&r["key"]), "none", "{}", r["key"]);
        }
    }
    for name in [
        "New Mexico",
        "Bank of China",
        "Papua",
        "Indiana",
        "England",
        "The EU",
        "European Union",
        "South Asia",
        "n/a",
        "-",
        "",
        "42",
        "Niger Delta",
        "Georgia O'Keeffe",
    ] {
        assert_eq!(answer(name), "none", "{name}");
    }
    for name in ["Korea", "Congo", "Virgin Islands", "Saint Martin", "St. Martin", "Micronesia", "the Koreas"] {
        assert_eq!(answer(name), "ambiguous", "{name}");
    }
}

#[test]
fn a_people_is_no_country() {
    for name in ["Yemeni", "Omani", "Israeli", "Bangladeshi", "Swiss", "Filipino", "Pakistanis", "Turk", "Pole", "Somali"] {
        assert_eq!(answer(name), "none", "{name}");
    }
    for (name, code) in [("Argentine", "ARG"), ("Filipinas", "PHL"), ("Island", "ISL")] {
        assert_eq!(answer(name), code, "{name}");
    }
}

#[test]
fn damage_is_repaired() {
    for (name, code) in [
        ("C&ocirc;te d'Ivoire", "CIV"),
        ("JapÃ³n", "JPN"),
        ("Сhаd", "CHD?"),
        ("Den­mark", "DNK"),
        ("Is1e of Man", "IMN"),
        ("lran", "IRN"),
        ("Ernirates", "none"),
        ("Norvvay", "NOR"),
        ("Venezuela, Bol. Rep.", "VEN"),
        ("Myanmar/Burma", "MMR"),
        ("Guam (US)", "GUM"),
        ("ex-Yugoslavia", "YUCS"),
        ("Cura?ao", "CUW"),
        ("Cura\u{fffd}ao", "CUW"),
        ("ICELAND (1)", "ISL"),
        ("🇫🇷", "FRA"),
    ] {
        let want = if code == "CHD?" { "TCD" } else { code };
        assert_eq!(answer(name), want, "{name}");
    }
}

#[test]
fn a_day_decides_what_a_name_meant() {
    let at = |name: &str, day: &str| {
        ALL.resolve_on(day.parse().expect("a day"), name, &mut Scratch::default())
            .entity()
            .map_or("none".to_owned(), |e| if e.alpha4.is_empty() { e.alpha3.to_string() } else { e.alpha4.to_string() })
    };
    for (name, day, code) in [
        ("Zaire", "1990-01-01", "ZRCD"),
        ("Zaire", "2000-01-01", "COD"),
        ("Burma", "1980-01-01", "BUMM"),
        ("Burma", "2020-01-01", "MMR"),
        ("Swaziland", "2010-01-01", "SWZ"),
        ("Macedonia", "2010-01-01", "MKD"),
        ("Congo", "1985-01-01", "COG"),
        ("Congo", "2005-01-01", "none"),
        ("the EU", "2010-01-01", "none"),
        ("Yugoslavia", "2010-01-01", "YUCS"),
        ("East Timor", "1999-01-01", "TPTL"),
    ] {
        assert_eq!(at(name, day), code, "{name} on {day}");
    }
}

#[test]
fn a_projects_own_tables_and_aliases_come_on_top() {
    let texts = texts();
    let own = Normalizer::from_csv(&Sources::of(&texts)).expect("the tables compile").with_aliases([
        ("Narnia", "QQQ"),
        ("The Motherland", "RUS"),
        ("Korea", "KOR"),
    ]);
    assert_eq!(own.resolve("the motherland*").entity().map(|e| &*e.alpha3), Some("RUS"));
    assert_eq!((own.resolve("Korea").entity().map(|e| &*e.alpha3), own.resolve("Korea").alias()), (Some("KOR"), Some(2)));
    assert_eq!((own.resolve("Narnia").status(), own.resolve("France").alias()), (Status::None, None));
    let mut broken = texts.clone();
    broken[1].push_str("the motherland,QQ,en,common\n");
    assert!(Normalizer::from_csv(&Sources::of(&broken)).err().is_some_and(|e| e.contains("country_names.csv") && e.contains("QQ")));
}

fn run(options: &Options, input: &[u8]) -> (String, String, stream::Tally) {
    let (mut out, mut complaints) = (Vec::new(), Vec::new());
    let tally = stream::run(options, &ALL, input, &mut out, &mut complaints).expect("memory does not fail");
    (String::from_utf8(out).expect("UTF-8"), String::from_utf8(complaints).expect("UTF-8"), tally)
}

#[test]
fn the_command_writes_a_row_for_each_line() {
    let (out, _, tally) = run(&Options::default(), b"Germany\n\nKorea, Rep.\nsaid \"so\"\nGermany");
    assert_eq!(
        out,
        "name,alpha2,alpha3,numeric,status\nGermany,DE,DEU,276,exact\n,,,,none\n\"Korea, Rep.\",KR,KOR,410,alias\n\"said \"\"so\"\"\",,,,none\nGermany,DE,DEU,276,exact\n"
    );
    assert_eq!((tally.names, tally.unknown), (5, 2));
}

#[test]
fn a_column_is_resolved_and_the_rest_kept() {
    let options = Options { column: Some("country".into()), complain: true, ..Options::default() };
    let (out, complaints, tally) = run(&options, b"id,country,note\n1,Kosovo,\"a, b\"\n2,Narnia,\n");
    assert_eq!(out, "id,country,note,alpha2,alpha3,numeric,status\n1,Kosovo,\"a, b\",XK,XKX,,exact\n2,Narnia,,,,,none\n");
    assert_eq!((complaints.as_str(), tally.unknown), ("line 3: \"Narnia\" is no country\n", 1));
    assert!(stream::run(&Options { column: Some("x".into()), ..Options::default() }, &ALL, &b"a,b\n"[..], Vec::new(), Vec::new()).is_err());
}

#[test]
fn json_offers_suggestions() {
    let (out, ..) = run(&Options { json: true, ..Options::default() }, b"Ambia\nZaire\n");
    let mut lines = out.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).expect("JSON"));
    let ambia = lines.next().expect("two lines");
    assert_eq!(ambia["status"], "none");
    assert!(ambia["suggestions"].as_array().is_some_and(|s| s.len() >= 2), "{ambia}");
    assert_eq!(lines.next().expect("two lines")["alpha4"], "ZRCD");
}

#[test]
fn kept_answers_change_nothing() {
    let names: Vec<String> = rows("country_names.csv").into_iter().step_by(7).map(|mut r| r.remove("key").unwrap()).collect();
    let once = names.join("\n");
    let twice = format!("{once}\n{once}");
    let (a, ..) = run(&Options::default(), once.as_bytes());
    let (b, ..) = run(&Options::default(), twice.as_bytes());
    let body = a.split_once('\n').expect("a header").1;
    assert_eq!(b.len(), a.len() + body.len());
    assert!(b.ends_with(body));
}

/// A name of the table, of more than a code's length.
fn name() -> impl Strategy<Value = String> {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| rows("country_names.csv").into_iter().map(|mut r| r.remove("key").unwrap()).filter(|k| k.chars().count() > 4).collect());
    (0..NAMES.len()).prop_map(|i| NAMES[i].clone())
}

fn negative() -> impl Strategy<Value = String> {
    static NAMES: LazyLock<Vec<String>> =
        LazyLock::new(|| rows("not_countries.csv").into_iter().map(|mut r| r.remove("key").unwrap()).filter(|k| k.len() > 4).collect());
    (0..NAMES.len()).prop_map(|i| NAMES[i].clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_twice_is_folding_once(s in "\\PC{0,24}") {
        prop_assert_eq!(fold(&fold(&s)), fold(&s));
        prop_assert_eq!(fold_spaced(&fold_spaced(&s)), fold_spaced(&s));
    }

    #[test]
    fn case_spaces_and_punctuation_never_change_the_answer(name in name(), pad in "[ \t.,;*\u{a0}\u{200b}-]{0,3}") {
        let want = answer(&name);
        prop_assert_eq!(answer(&format!("{pad}{name}{pad}")), want.clone());
        prop_assert_eq!(answer(&name.replace(' ', &format!(" {pad}"))), want.clone());
        if name.is_ascii() {
            prop_assert_eq!(answer(&name.to_uppercase()), want.clone());
            prop_assert_eq!(answer(&name.replace(' ', "")), want);
        }
    }

    #[test]
    fn one_edit_of_a_negative_is_no_country_unless_one_edit_from_its_name(name in negative(), at in 0..40usize, letter in 0..26u8, how in 0..3u8) {
        let mut edited: Vec<char> = fold(&name).chars().collect();
        let at = at % edited.len();
        let letter = (b'a' + letter) as char;
        match how {
            0 => { edited.remove(at); }
            1 => edited.insert(at, letter),
            _ => edited[at] = letter,
        }
        let edited: String = edited.into_iter().collect();
        let found = ALL.resolve(&edited);
        if found.status() == Status::Fuzzy {
            prop_assert!(ALL.edits(&edited) == Some(1), "{} of {} is {:?}", edited, name, found.entity().map(|e| &e.name));
        }
    }

    #[test]
    fn any_bytes_are_answered_in_one_row(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (out, _, tally) = run(&Options::default(), &bytes);
        let body = out.split_once('\n').map_or("", |(_, b)| b);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(body.as_bytes());
        prop_assert_eq!(reader.records().filter(|r| r.as_ref().is_ok_and(|r| r.len() == 5)).count() as u64, tally.names);
    }

    #[test]
    fn any_text_is_searched_without_harm(text in "\\PC{0,300}") {
        for f in ALL.find(&text) {
            prop_assert_eq!(&text[f.bytes.clone()], f.text);
        }
    }

    #[test]
    fn damaged_names_are_answered_or_refused(name in name(), cut in 0..60usize, junk in "[ÃÂâ&#;%=?\u{fffd}()/\\[\\]0-9a-zA-Z]{0,6}") {
        let at = name.char_indices().map(|(i, _)| i).nth(cut % name.chars().count()).unwrap_or(0);
        let _ = answer(&format!("{}{junk}{}", &name[..at], &name[at..]));
        let _ = ALL.resolve_on(chrono::NaiveDate::default(), &junk, &mut Scratch::default());
        let _ = ALL.suggest(&junk);
    }
}
