//! What a running text names: cases for the table and the finder together.

use super::{Normalizer, Reading};

fn found(text: &str) -> Vec<String> {
    let all = Normalizer::built_in();
    let mark = |r: Reading| {
        if r == Reading::Demonym {
            "~"
        } else if r == Reading::Ambiguous {
            "?"
        } else {
            ""
        }
    };
    all.find(text)
        .iter()
        .map(|f| format!("{}{}{}", mark(f.reading), f.entity.alpha3, if f.text == &text[f.bytes.clone()] { "" } else { "!" }))
        .collect()
}

#[test]
fn the_longest_name_wins() {
    assert_eq!(found("Papua New Guinea, Guinea-Bissau and Guinea."), ["PNG", "GNB", "GIN"]);
    assert_eq!(found("the Republic of Korea and the Democratic People's Republic of Korea"), ["KOR", "PRK"]);
    assert_eq!(found("Niger and Nigeria; Sudan, South Sudan"), ["NER", "NGA", "SDN", "SSD"]);
}

#[test]
fn a_sovereign_behind_a_comma_is_part_of_the_name() {
    assert_eq!(found("Hong Kong, China\nMacao, China\nTaiwan, China\nIndonesia"), ["HKG", "MAC", "TWN", "IDN"]);
    assert_eq!(found("Hong Kong, China; Macao, China; Japan"), ["HKG", "MAC", "JPN"]);
    assert_eq!(found("from Nepal, Hong Kong, China, and Macao SAR, China"), ["NPL", "HKG", "MAC"]);
    assert_eq!(found("Mongolia, China, Hong Kong and Japan"), ["MNG", "CHN", "HKG", "JPN"]);
    assert_eq!(found("Viet Nam, China, Japan; Hong Kong and China; China and Macao"), ["VNM", "CHN", "JPN", "HKG", "CHN", "CHN", "MAC"]);
    assert_eq!(found("Puerto Rico, Cuba; Greenland, Denmark; Guam, Palau"), ["PRI", "CUB", "GRL", "DNK", "GUM", "PLW"]);
}

#[test]
fn words_and_codes_are_no_countries() {
    assert_eq!(found("It is in no way the turkey, the chad or the jersey of IS or DE."), Vec::<String>::new());
    assert_eq!(found("New Mexico, Northern Ireland, New Jersey"), Vec::<String>::new());
    assert_eq!(found("Romaniac Indianapolis Nigerland"), Vec::<String>::new());
}

#[test]
fn english_words_are_no_countries_of_other_languages() {
    assert_eq!(found("Pacific Island States; the Island of Alan; Iceland"), ["ISL"]);
}

#[test]
fn peoples_are_marked() {
    assert_eq!(found("Nepalese workers in Qatar, Filipinos in Italy"), ["~NPL", "QAT", "~PHL", "ITA"]);
    assert_eq!(found("the Korean Peninsula, Congo"), ["?", "?"]);
}

#[test]
fn scripts_without_spaces_are_read() {
    assert_eq!(found("中国和日本以及大韩民国"), ["CHN", "JPN", "KOR"]);
    assert_eq!(found("ประเทศไทยและลาว"), ["THA", "LAO"]);
    assert_eq!(found("Россия и Казахстан; مصر والأردن"), ["RUS", "KAZ", "EGY"]);
}

#[test]
fn a_name_may_go_over_a_line() {
    assert_eq!(found("Sri\nLanka; Viet Nam"), ["LKA", "VNM"]);
    assert_eq!(found("New\n\nZealand"), Vec::<String>::new());
}

#[test]
fn inverted_and_long_names_are_one() {
    assert_eq!(found("Moldova, Republic of; Korea (Republic of), Tanzania, United Republic of"), ["MDA", "KOR", "TZA"]);
    assert_eq!(found("Congo, Democratic Republic of the, and Iran (Islamic Republic of)\nKorea, South\nKuwait"), ["COD", "IRN", "KOR", "KWT"]);
    assert_eq!(found("Moldova, Republic of\nKorea, Republic of\nKorea, South\nSudan"), ["MDA", "KOR", "?", "SSD"]);
    assert_eq!(found("Saint Helena, Ascension and Tristan da Cunha"), ["SHN"]);
    assert_eq!(found("the former Yugoslav Republic of Macedonia joined the Republic of Côte d’Ivoire’s group"), ["MKD", "CIV"]);
}

#[test]
fn a_comma_between_two_countries_is_none_within_a_name() {
    assert_eq!(found("Malaysia, the Republic of Korea and Macedonia, Republic of Moldova"), ["MYS", "KOR", "MKD", "MDA"]);
    assert_eq!(found("Sudan, South Sudan, Korea, South Korea and Iran, Islamic Republic of Pakistan"), ["SDN", "SSD", "?", "KOR", "IRN", "PAK"]);
    assert_eq!(found("China, Republic of Korea"), ["CHN", "KOR"]);
    assert_eq!(found("Comoros, D.R. Congo, Gambia, The"), ["COM", "COD", "GMB"]);
}

#[test]
fn words_apart_are_no_name_of_one_word() {
    assert_eq!(found("Ma Li met Su Dan; Viet Nam and Vietnam"), ["VNM", "VNM"]);
    assert_eq!(found("former partners in Yugoslav Macedonia"), ["MKD"]);
}

#[test]
fn every_script_has_its_word_boundaries() {
    assert_eq!(found("في مصر والأردن وعمان"), ["EGY"]);
    assert_eq!(found("भारत और नेपाल में"), ["IND", "NPL"]);
    assert_eq!(found("កម្ពុជា និង ថៃ"), ["KHM", "THA"]);
    assert_eq!(found("Ελλάδα, Κύπρος; Հայաստան"), ["GRC", "CYP", "ARM"]);
    assert_eq!(found("மலேசியா"), ["MYS"]);
}
