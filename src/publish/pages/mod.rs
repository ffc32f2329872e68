//! The files of a release that are not tables: one struct, many writers.
//!
//! Each is a function from the [`Release`] to a text. To add one is one file here and one entry in the list; a test runs over
//! the list and holds that version, licence, title, tables, hashes and sizes agree in all that name them.

mod citation;
mod croissant;
mod csvw;
pub mod dcat;
mod landing;
mod readme;

use super::datapackage;
use super::descriptor::Release;

/// A file of a release.
#[derive(Debug)]
pub struct Page {
    pub name: &'static str,
    pub render: fn(&Release) -> String,
}

/// All of them, descriptors before pages.
pub const PAGES: &[Page] = &[
    Page { name: datapackage::NAME, render: datapackage::render },
    Page { name: "csv-metadata.json", render: csvw::render },
    Page { name: "croissant.json", render: croissant::render },
    Page { name: "dcat.jsonld", render: dcat::render },
    Page { name: "CITATION.cff", render: citation::render },
    Page { name: "README.md", render: readme::render },
    Page { name: "LICENSE", render: readme::licence },
    Page { name: "index.html", render: landing::render },
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
    use crate::publish::descriptor::ReleaseTable;

    fn release(base_url: Option<&str>) -> Release {
        let mut publisher = Publisher::new();
        publisher.settings.base_url = base_url.map(str::to_owned);
        publisher.settings.title = "Meetings & <Places>".to_owned();
        publisher.published(dataset());
        let text = std::fs::read_to_string(publisher.release("1.0.0").join(datapackage::NAME)).unwrap();
        datapackage::parse(&text).unwrap()
    }

    fn files(release: &Release) -> Vec<(String, String, u64)> {
        let of_table = |table: &ReleaseTable| {
            let name = &table.schema.name;
            [(format!("{name}.csv"), table.csv.clone()), (format!("{name}.parquet"), table.parquet.clone())]
        };
        release.tables.iter().flat_map(of_table).map(|(name, facts)| (name, facts.sha256, facts.bytes)).collect()
    }

    #[test]
    fn every_page_says_the_same_of_the_release() {
        for release in [release(None), release(Some("https://example.org/data/"))] {
            for page in PAGES {
                let text = (page.render)(&release);
                assert!(text.ends_with('\n') && !text.contains('\r'), "{}", page.name);
                let says = |what: &str| assert!(text.contains(what), "{} does not say {what}", page.name);
                if page.name != "CITATION.cff" && page.name != "LICENSE" {
                    release.tables.iter().for_each(|table| says(&table.schema.name));
                }
                if page.name != "csv-metadata.json" {
                    says(&release.version.to_string());
                }
                let title_is_escaped = ["README.md", "index.html"].contains(&page.name);
                says(if title_is_escaped { "Meetings &amp;" } else { "Meetings & <Places>" });
                assert!(text.contains(&release.about.licence) || text.contains(&release.about.licence_url), "{}", page.name);
                if ["datapackage.json", "croissant.json", "dcat.jsonld", "index.html"].contains(&page.name) {
                    for (name, sha256, bytes) in files(&release) {
                        [name, sha256, bytes.to_string()].iter().for_each(|what| says(what));
                    }
                }
            }
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
