//! Signs: what sets a line off where a text has neither fonts nor sizes.
//!
//! In: a line. Out: the line without the signs around it: `## Members`, `**Members**`, `== Members ==`, `| Members |` all say `Members`.
//! Only what stands around the whole line goes: within a table or a sentence a sign has a meaning of its own.

use super::lines;

/// What opens and closes a line that stands in bold or italic letters.
const EMPHASIS: &[&str] = &["***", "**", "__", "*", "_"];
/// What a line is drawn of on either side of its words.
const DRAWN: &str = "=-–—_*~+:#<>";
/// Most levels of headings that a text marks.
const LEVELS: usize = 6;

/// What the signs around a line say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    None,
    /// It stands for itself.
    Around,
    /// It is a heading.
    Heading,
}

/// A line without the signs around it, and what they say of it.
pub fn without(line: &str) -> (&str, Signs) {
    let Some(first) = line.bytes().next() else { return (line, Signs::None) };
    // Nearly all lines begin with a letter or a digit: of those only a bar behind can go.
    if first.is_ascii_alphanumeric() {
        return (without_bar(line), Signs::None);
    }
    if let Some(heading) = heading(line) {
        return (emphasized(heading).unwrap_or(heading), Signs::Heading);
    }
    let words = emphasized(line).or_else(|| drawn(line)).unwrap_or_else(|| between_bars(line));
    (words, if words.len() < line.len() { Signs::Around } else { Signs::None })
}

/// `## Members`, `## Members ##`.
fn heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    let words = rest.trim_end_matches(['#', ' ']).trim_start();
    let is_heading = (1..=LEVELS).contains(&level) && rest.starts_with(' ') && words.contains(char::is_alphabetic) && !lines::is_row(words);
    is_heading.then_some(words)
}

/// `**Members**`, `**Members**:`.
fn emphasized(line: &str) -> Option<&str> {
    EMPHASIS.iter().find_map(|sign| {
        let words = line.strip_prefix(sign)?.strip_suffix(sign)?;
        let is_whole = !words.contains(sign) && !words.starts_with([' ', '*', '_']) && !words.ends_with([' ', '*', '_']);
        (is_whole && words.contains(char::is_alphabetic)).then_some(words)
    })
}

/// `=== Members ===`, `--- Members ---`.
fn drawn(line: &str) -> Option<&str> {
    let sign = line.chars().next().filter(|sign| DRAWN.contains(*sign))?;
    let close = match sign {
        '>' => '<',
        '<' => '>',
        other => other,
    };
    let behind = line.trim_start_matches(sign);
    let words = behind.trim_end_matches(close);
    let is_parted = words.match_indices(sign).any(|(at, _)| words[at + sign.len_utf8()..].starts_with(sign));
    let is_drawn = !is_parted && (line.len() - behind.len()) / sign.len_utf8() >= 2 && (behind.len() - words.len()) / sign.len_utf8() >= 2;
    let words = words.trim();
    (is_drawn && words.contains(char::is_alphabetic) && !lines::is_row(words)).then_some(words)
}

/// `| Members |`: a cell alone in its row.
fn between_bars(line: &str) -> &str {
    let cell = line.strip_prefix('|').map(|rest| rest.trim_end_matches(['|', ' ', '\t']).trim());
    match cell {
        Some(words) if !words.contains('|') && line.ends_with('|') && words.contains(char::is_alphabetic) => words,
        _ => without_bar(line),
    }
}

/// A line without what a cell alone in its row leaves behind: `4. Participants |`, `|||||||`.
fn without_bar(line: &str) -> &str {
    if !line.ends_with('|') {
        return line;
    }
    let rest = line.trim_end_matches(['|', ' ', '\t']);
    if rest.contains('|') { line } else { rest }
}

#[cfg(test)]
mod tests {
    use super::{Signs, without};

    #[test]
    fn signs_around_a_whole_line_go() {
        for line in ["**Members**", "== Members ==", "=== Members ===", "--- Members ---", "| Members |", "_Members_", ">> Members <<"] {
            assert_eq!(without(line), ("Members", Signs::Around), "{line}");
        }
        for line in ["# Members", "### **Members**", "## Members ##"] {
            assert_eq!(without(line), ("Members", Signs::Heading), "{line}");
        }
    }

    #[test]
    fn signs_with_a_meaning_of_their_own_stay() {
        let lines = [
            "**Members**: **five**",
            "- Members",
            "* Members",
            "#1 of all",
            "| | Members |",
            "| Members | Observers |",
            "#   Date   Place",
            "-- Members",
        ];
        for line in lines {
            assert_eq!(without(line), (line, Signs::None), "{line}");
        }
    }
}
