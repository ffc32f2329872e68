//! The files of a release that are not tables: one struct, many writers.
//!
//! Each is a function from the [`Release`] to a text. To add one is one file here and one entry in the list; a test runs over
//! the list and holds that version, licence, title, tables, hashes and sizes agree in all that name them.

mod citation;
mod claims;
mod croissant;
mod csvw;
pub mod dcat;
mod landing;
mod readme;

use super::datapackage;
use super::descriptor::Release;
pub use claims::Claims;

/// A file of a release.
#[derive(Debug)]
pub struct Page {
    pub name: &'static str,
    pub render: fn(&Release) -> String,
    /// What its text says of the release; none where it cannot be read.
    pub claims: fn(&str) -> Option<Claims>,
}

/// All of them, descriptors before pages.
pub const PAGES: &[Page] = &[
    Page { name: datapackage::NAME, render: datapackage::render, claims: datapackage::claims },
    Page { name: "csv-metadata.json", render: csvw::render, claims: csvw::claims },
    Page { name: "croissant.json", render: croissant::render, claims: croissant::claims },
    Page { name: "dcat.jsonld", render: dcat::render, claims: dcat::claims },
    Page { name: "CITATION.cff", render: citation::render, claims: citation::claims },
    Page { name: "README.md", render: readme::render, claims: readme::claims },
    Page { name: "LICENSE", render: readme::licence, claims: readme::licence_claims },
    Page { name: "index.html", render: landing::render, claims: landing::claims },
];

/// Where a file of a release is found: below the address of the data set where it has one, else beside the page.
fn address(release: &Release, file: &str) -> String {
    match folder_address(release) {
        Some(folder) => format!("{folder}{file}"),
        None => file.to_owned(),
    }
}

/// The address of the release; none where the data set has no address.
fn folder_address(release: &Release) -> Option<String> {
    release.about.base_url.as_ref().map(|base| format!("{}/{}/", base.trim_end_matches('/'), release.version))
}

/// How to cite the release, in one line.
fn citation_line(release: &Release) -> String {
    let about = &release.about;
    let what = about.attribution.clone().unwrap_or_else(|| format!("{}: {}", about.publisher, about.title));
    let at = folder_address(release).map_or_else(String::new, |address| format!(", {address}"));
    format!("{what}, release {} of {}{at}", release.version, release.date)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::fixture::{Publisher, dataset};
    use super::*;

    fn release(base_url: Option<&str>) -> Release {
        let mut publisher = Publisher::new();
        publisher.settings.base_url = base_url.map(str::to_owned);
        publisher.settings.title = "Meetings & <Places>".to_owned();
        publisher.published(dataset());
        let text = std::fs::read_to_string(publisher.release("1.0.0").join(datapackage::NAME)).unwrap();
        datapackage::parse(&text).unwrap()
    }

    #[test]
    fn every_page_says_the_same_of_the_release() {
        for release in [release(None), release(Some("https://example.org/data/"))] {
            for page in PAGES {
                let text = (page.render)(&release);
                assert!(text.ends_with('\n') && !text.contains('\r'), "{}", page.name);
                let claims = (page.claims)(&text).unwrap_or_else(|| panic!("{} cannot be read back", page.name));
                assert_eq!(claims.against(&release), [""; 0], "{}", page.name);
                // What a page is there to say, it says.
                assert!(claims.title.is_some() && !claims.licences.is_empty(), "{}", page.name);
                assert!(claims.version.is_some() || page.name == "csv-metadata.json", "{}", page.name);
                assert!(claims.tables.is_some() || ["CITATION.cff", "LICENSE"].contains(&page.name), "{}", page.name);
                let names_files = ["datapackage.json", "croissant.json", "dcat.jsonld", "index.html"].contains(&page.name);
                assert_eq!(claims.files.is_some(), names_files, "{}", page.name);
            }
        }
    }

    #[test]
    fn a_page_of_another_release_is_seen() {
        let release = release(None);
        let mut others = vec![release.clone(); 4];
        others[0].version = "9.0.0".parse().unwrap();
        others[1].about.title = "Other".to_owned();
        (others[2].about.licence, others[2].about.licence_url) = ("CC0-1.0".to_owned(), "https://example.org/cc0".to_owned());
        others[3].tables.remove(0);
        for page in PAGES {
            let claims = (page.claims)(&(page.render)(&release)).unwrap();
            let seen = others.iter().filter(|other| !claims.against(other).is_empty()).count();
            let speaks_of = 2 + usize::from(claims.version.is_some()) + usize::from(claims.tables.is_some());
            assert_eq!(seen, speaks_of, "{}", page.name);
        }
        let mut other = release.clone();
        other.tables[0].csv.bytes += 1;
        for page in PAGES {
            let claims = (page.claims)(&(page.render)(&release)).unwrap();
            assert_eq!(claims.against(&other).is_empty(), claims.files.is_none(), "{}", page.name);
        }
    }

    #[test]
    fn every_json_page_is_json() {
        let release = release(None);
        for page in PAGES.iter().filter(|page| page.name.contains(".json")) {
            let value: Value = serde_json::from_str(&(page.render)(&release)).unwrap();
            assert!(value.is_object(), "{}", page.name);
        }
    }

    #[test]
    fn a_datapackage_reads_as_it_is_written() {
        let release = release(Some("https://example.org/data/"));
        assert_eq!(datapackage::parse(&datapackage::render(&release)).unwrap(), release);
    }

    #[test]
    fn a_value_never_becomes_markup() {
        let mut release = release(None);
        release.about.title = "</script><script>alert(1)</script>".to_owned();
        release.about.description = "</title><img src=x onerror=alert(1)>".to_owned();
        let page = landing::render(&release);
        assert!(!page.contains("<script>alert") && !page.contains("<img"), "{page}");
        let json = page.split("application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next()).unwrap();
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(value["name"], release.about.title);
    }
}
