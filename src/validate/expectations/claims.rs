//! Claims: the factual phrase that an expectation cites, found in its source.
//!
//! Whitespace is regular in the search, so that a phrase may be broken over lines. Where the phrase is there with other numbers, the
//! sentence moved: then the number that stands in the place of the expected one is what the source says now.

use regex::Regex;

use crate::findings::Place;
use crate::model::expectations::Claim;
use crate::model::source::SourceText;

/// A phrase in its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    path: String,
    line: u32,
    /// Numbers of the phrase as the expectation cites it, and as the source has it now.
    cited: Vec<u64>,
    read: Vec<u64>,
}

impl Located {
    #[must_use]
    pub fn place(&self) -> Place {
        Place::new(&self.path, self.line, 0)
    }

    /// The number of the sentence that stands where the phrase has `expected`; the first one where nothing is expected.
    #[must_use]
    pub fn number(&self, expected: Option<u64>) -> Option<u64> {
        let at = match expected {
            Some(expected) => self.cited.iter().position(|number| *number == expected),
            None => Some(0),
        };
        match at {
            Some(at) => self.read.get(at).copied(),
            // The phrase has numbers, but not the expected one: the first is what the source says.
            None => self.read.first().copied(),
        }
    }
}

/// Finds a claim; says why it is not there.
///
/// # Errors
/// A message where the source or the phrase is not there.
pub fn locate(claim: &Claim, texts: &[SourceText<'_>]) -> Result<Located, String> {
    let Some(source) = texts.iter().find(|text| text.source_id == claim.source) else {
        return Err(format!("the source \"{}\" of the claim is not among the sources", claim.source));
    };
    let text = source.text.read();
    if text.is_empty() {
        return Err(format!("the text of {} is not among its records: make them again with the expectations that cite it", source.display_path));
    }
    let not_found = || format!("the claim \"{}\" is not in {}", claim.text, source.display_path);
    let words: Vec<&str> = claim.text.split_whitespace().collect();
    if words.is_empty() {
        return Err(not_found());
    }
    let cited = numbers(&claim.text);
    let literal = pattern(&words, regex::escape);
    let found = Regex::new(&literal).ok().and_then(|literal| literal.find(&text)).map(|found| (found.start(), cited.clone()));
    let found = found.or_else(|| {
        let with_other_numbers = Regex::new(&pattern(&words, any_numbers)).ok()?;
        let captures = with_other_numbers.captures(&text)?;
        let read = captures.iter().skip(1).flatten().filter_map(|number| number.as_str().parse().ok()).collect();
        Some((captures.get(0)?.start(), read))
    });
    let (start, read) = found.ok_or_else(not_found)?;
    let line = text[..start].matches('\n').count() as u32 + 1;
    Ok(Located { path: source.display_path.to_owned(), line, cited, read })
}

/// The words of a phrase as a pattern: parted by any whitespace, not inside longer words or numbers.
fn pattern(words: &[&str], each: impl Fn(&str) -> String) -> String {
    let words: Vec<String> = words.iter().map(|word| each(word)).collect();
    let edge = |letter: Option<char>| if letter.is_some_and(char::is_alphanumeric) { r"\b" } else { "" };
    let first = words.first().and_then(|word| word.chars().next());
    let last = words.last().and_then(|word| word.chars().last());
    format!("{}{}{}", edge(first), words.join(r"\s+"), edge(last))
}

/// A word with every number in it open.
fn any_numbers(word: &str) -> String {
    let mut pattern = String::new();
    let mut rest = word;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let end = rest[start..].find(|letter: char| !letter.is_ascii_digit()).map_or(rest.len(), |length| start + length);
        pattern.push_str(&regex::escape(&rest[..start]));
        pattern.push_str(r"(\d+)");
        rest = &rest[end..];
    }
    pattern.push_str(&regex::escape(rest));
    pattern
}

fn numbers(text: &str) -> Vec<u64> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locate_in(text: &str, phrase: &str) -> Result<Located, String> {
        let texts = [SourceText { source_id: "sheet", display_path: "raw/sheet.txt", text: text.into() }];
        locate(&Claim { source: "sheet".to_owned(), text: phrase.to_owned() }, &texts)
    }

    #[test]
    fn a_phrase_is_found_over_line_breaks() {
        let located = locate_in("a\nb (39 Member\n   States, 28 of one)\n", "39 Member States, 28 of one").unwrap();
        assert_eq!((located.line, located.number(Some(28))), (2, Some(28)));
    }

    #[test]
    fn a_phrase_with_other_numbers_says_what_the_source_says_now() {
        let located = locate_in("x\n\n(40 Member States, 29 of one)", "39 Member States, 28 of one").unwrap();
        assert_eq!((located.line, located.number(Some(39)), located.number(Some(28)), located.number(None)), (3, Some(40), Some(29), Some(40)));
    }

    #[test]
    fn a_phrase_inside_a_longer_number_is_not_there() {
        assert_eq!(locate_in("139 Member States", "39 Member States").unwrap().read, [139], "only as another number");
        assert_eq!(locate_in("39 Member Statesmen", "39 Member States"), Err("the claim \"39 Member States\" is not in raw/sheet.txt".to_owned()));
    }
}
