//! Line spacing: the empty lines of a text that is set with double spacing.
//!
//! In: the lines of a text as bytes. Out: the same lines, where an empty line is what parts two paragraphs. A text is double-spaced where
//! hardly a line stands right below another, there is a single empty line or several, and sentences go on over the single ones.

/// Fewest places of each kind that show how a text is spaced.
const PLACES: usize = 3;
/// Of so many places hardly one has two lines right below each other.
const SPARSE: usize = 20;
/// Fewest places with several empty lines, and in how many lines there is one, where no sentence goes on.
const MANY: usize = 8;
/// Of so many lines with one empty line below, one at least goes on a sentence.
const SENTENCES: usize = 10;

/// The bytes of each line, without the empty ones between the lines of a text with double spacing.
pub fn close(text: &str, mut lines: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let is_blank = |&(start, end): &(usize, usize)| text.as_bytes()[start..end].iter().all(|byte| matches!(byte, b' ' | b'\t'));
    if is_double(text, &lines, is_blank) {
        let mut after_text = false;
        lines.retain(|line| {
            let is_first_blank = is_blank(line) && after_text;
            after_text = !is_blank(line);
            !is_first_blank
        });
    }
    lines
}

fn is_double(text: &str, lines: &[(usize, usize)], is_blank: impl Fn(&(usize, usize)) -> bool) -> bool {
    let (mut tight, mut single, mut wide, mut even, mut going_on) = (0, 0, 0, 0, 0);
    let mut last: Option<usize> = None;
    for (at, &(start, end)) in lines.iter().enumerate().filter(|(_, line)| !is_blank(line)) {
        if let Some(before) = last {
            match at - before {
                1 => tight += 1,
                2 => {
                    single += 1;
                    let above = text[lines[before].0..lines[before].1].trim_end();
                    let below = text[start..end].trim_start();
                    let is_open = above.ends_with(|letter: char| letter.is_alphanumeric() || letter == ',');
                    going_on += usize::from(is_open && below.starts_with(char::is_lowercase));
                }
                gap => {
                    wide += 1;
                    even += usize::from(gap % 2 == 1);
                }
            }
        }
        last = Some(at);
    }
    let is_sparse = tight * SPARSE <= single && single >= PLACES && wide >= PLACES;
    // Where every line end was doubled, no two lines have an even number of empty ones between them. Lines that hold a whole paragraph go on
    // nowhere: then many places must show it.
    let is_doubled = tight == 0 && even == 0 && (going_on > 0 || wide >= MANY && wide * MANY >= single);
    is_sparse && (is_doubled || going_on >= PLACES && going_on * SENTENCES >= single)
}

#[cfg(test)]
mod tests {
    use super::close;

    fn closed(text: &str) -> String {
        let mut lines = Vec::new();
        let mut at = 0;
        for line in text.split('\n') {
            lines.push((at, at + line.len()));
            at += line.len() + 1;
        }
        let lines: Vec<&str> = close(text, lines).into_iter().map(|(start, end)| &text[start..end]).collect();
        lines.join("\n")
    }

    #[test]
    fn a_text_with_double_spacing_is_as_with_single() {
        let text =
            "Members\n\nThe group met in\nthe capital and agreed\non its terms.\n\nIts chair spoke of\nlabour.\n\nThe end came\nsoon.\n\nAll left";
        assert_eq!(closed(&text.replace('\n', "\n\n")), text.replace("\n\n", "\n\n\n"));
        assert_eq!(closed(text), text);
    }

    #[test]
    fn lines_that_hold_a_paragraph_each_show_double_spacing_by_their_number() {
        let text = (0..10).map(|at| format!("Heading {at}\n• one\n• two")).collect::<Vec<_>>().join("\n\n");
        assert_eq!(closed(&text.replace('\n', "\n\n")), text.replace("\n\n", "\n\n\n"));
        let parted = text.replace('\n', "\n\n").replacen("\n\n\n\n", "\n\n\n", 1);
        assert_eq!(closed(&parted), parted);
    }

    #[test]
    fn paragraphs_of_one_line_stay_apart() {
        let text = "One line.\n\nAnother line.\n\nA third\n\nand a fourth";
        assert_eq!(closed(text), text);
    }
}
