//! Side columns: a box or second column set beside running text, told by where its lines begin.
//!
//! In: the lines of a text as bytes. Out: the same lines, where the ones beside running text stand below it. Tables stay: the left of a
//! table is no running text. This comes before words are joined: a word that the end of a column breaks goes on in the column, not in the
//! line.

/// What parts two columns: a wide gap, else one that is as narrow as between two sentences but stands line by line in one place.
const WIDE: &str = "   ";
const NARROW: &str = "  ";
/// Fewest lines of a side column, and fewest lines of running text beside it.
const LINES: usize = 5;
const BESIDE: usize = 4;
/// Leftmost place where a side column begins, in letters.
const LEFTMOST: usize = 36;
/// How far to the left and to the right of its first line the lines of a side column begin, in letters.
const RAGGED: usize = 2;
const HANG: usize = 4;
/// Fewest lines that go on beside others that begin where both columns are lists.
const INDEPENDENT: usize = 3;
/// What opens an item in a side column.
const BULLETS: &[char] = &['•', '·', '▪', '●', '■', '➢', '►', '\u{fffd}'];
/// Most lines in a row that have nothing in the side column.
const APART: usize = 3;

/// A stretch of a line: where it begins, counted in letters, and its bytes.
type Piece = (usize, (usize, usize));

/// The bytes of each line, side columns moved below the text that they stand beside.
pub fn part(text: &str, lines: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let is_set = |&&(start, end): &&(usize, usize)| text[start..end].trim_end().rfind(NARROW).is_some_and(|at| at + NARROW.len() >= LEFTMOST);
    if memchr::memmem::find(text.as_bytes(), NARROW.as_bytes()).is_none() || lines.iter().filter(is_set).nth(LINES - 1).is_none() {
        return lines;
    }
    let pieces = [WIDE, NARROW].map(|gap| lines.iter().map(|&(start, end)| pieces(text, start, end, gap)).collect::<Vec<_>>());
    let mut parted = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let found = pieces.iter().find_map(|pieces| {
            let region = |line: usize| {
                let column = pieces[line].last().map(|(column, _)| *column).filter(|column| *column >= LEFTMOST)?;
                Some((region(text, pieces, line, column)?, column))
            };
            let (end, column) = region(at)?;
            // A line that only stands above a side column can begin near it.
            let is_above = (at + 1..end).find_map(region).is_some_and(|(further, _)| further > end);
            (!is_above).then_some((pieces, end, column))
        });
        let Some((pieces, end, column)) = found else {
            parted.push(lines[at]);
            at += 1;
            continue;
        };
        let side = |line: usize| pieces[line].last().filter(|piece| is_at(piece, column)).map(|(_, bytes)| *bytes);
        for line in at..end {
            let (start, stop) = lines[line];
            parted.push(side(line).map_or((start, stop), |(first, _)| (start, first)));
        }
        let rest = rest(text, pieces, end, column);
        parted.extend_from_slice(&lines[end..rest]);
        let last = lines[rest - 1].1;
        parted.push((last, last));
        parted.extend((at..end).map(|line| side(line).unwrap_or((lines[line].0, lines[line].0))));
        parted.push((last, last));
        at = rest;
    }
    parted
}

/// The stretches of a line that gaps part.
fn pieces(text: &str, start: usize, end: usize, gap: &str) -> Vec<Piece> {
    let line = &text[start..end];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = line[at..].find(|letter: char| !letter.is_whitespace()).map(|offset| at + offset) {
        let stop = line[first..].find(gap).map_or(line.trim_end().len(), |offset| first + offset);
        found.push((line[..first].chars().count(), (start + first, start + stop)));
        at = stop;
    }
    found
}

fn is_at(piece: &Piece, column: usize) -> bool {
    piece.0 + RAGGED >= column && piece.0 <= column + HANG
}

/// Where the side column that begins at a line ends, if it is one.
fn region(text: &str, pieces: &[Vec<Piece>], from: usize, column: usize) -> Option<usize> {
    let width = |piece: &Piece| text[piece.1.0..piece.1.1].chars().count();
    let (mut end, mut side, mut left) = (from, 0, Vec::new());
    // Lines of the side column that go on a sentence beside a line that begins one, and those with a bullet.
    let (mut apart, mut bullets) = (0, 0);
    for (line, found) in pieces.iter().enumerate().skip(from) {
        let has_side = found.last().is_some_and(|piece| is_at(piece, column));
        let beside = &found[..found.len() - usize::from(has_side)];
        // What runs over the gutter ends the region.
        let crosses = beside.iter().any(|piece| piece.0 + width(piece) + 1 >= column);
        if crosses || line >= end + APART + usize::from(end == from) {
            break;
        }
        if let Some(piece) = found.last().filter(|_| has_side) {
            side += 1;
            end = line + 1;
            bullets += usize::from(text[piece.1.0..].starts_with(BULLETS));
            let begins = |piece: &Piece| text[piece.1.0..].starts_with(|letter: char| letter.is_uppercase() || letter.is_ascii_digit());
            apart += usize::from(begins_small(text, piece) && beside.first().is_some_and(begins));
        }
        left.extend(beside.first().map(|piece| (line, *piece, beside.len() > 1)));
    }
    left.retain(|(line, ..)| *line < end);
    let runs = left.iter().filter(|(_, piece, _)| width(piece) * 2 >= column).count();
    let is_list = |piece: &Piece| text[..piece.1.1].ends_with(',');
    let in_list = left.windows(2).filter(|pair| pair[1].0 == pair[0].0 + 1 && is_list(&pair[0].1) && !begins_small(text, &pair[1].1)).count();
    let goes_on = in_list + left.iter().filter(|(_, piece, _)| begins_small(text, piece)).count();
    // A few rows of a table may stand left of it too.
    let rows = left.iter().filter(|(.., is_row)| *is_row).count();
    (side >= LINES
        && left.len() >= BESIDE
        && runs * 3 >= left.len()
        && rows * 3 <= left.len()
        && (goes_on >= 2 || apart >= INDEPENDENT && bullets >= 2))
        .then_some(end)
}

fn begins_small(text: &str, piece: &Piece) -> bool {
    text[piece.1.0..].starts_with(char::is_lowercase)
}

/// Where the left column ends that goes on below its side column: above what runs over the gutter, a table, a page end or a heading.
fn rest(text: &str, pieces: &[Vec<Piece>], from: usize, column: usize) -> usize {
    let mut end = from;
    for (line, found) in pieces.iter().enumerate().skip(from) {
        let Some((first, bytes)) = found.first() else {
            end = line;
            continue;
        };
        let piece = &text[bytes.0..bytes.1];
        let above = line.checked_sub(1).map_or(&[][..], |above| &pieces[above]);
        let follows_blank = above.iter().all(|piece| line == from && is_at(piece, column));
        if found.len() > 1 || first + piece.chars().count() + 1 >= column || piece.contains('\t') || ends_page(text, bytes.0) {
            return end;
        }
        if follows_blank && is_heading_like(piece) {
            return line;
        }
    }
    pieces.len()
}

/// Whether a line begins a page.
fn ends_page(text: &str, at: usize) -> bool {
    text[..at].rsplit('\n').next().is_some_and(|before| before.contains('\u{c}'))
}

/// Longest heading, in words.
const WORDS: usize = 8;

/// Whether a line can be a heading: a few words that begin with a capital and end in none of the signs of a sentence.
fn is_heading_like(piece: &str) -> bool {
    piece.starts_with(char::is_uppercase) && !piece.ends_with(['.', ',', ';', ':', '-', ')']) && piece.split_whitespace().count() <= WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(text: &str) -> String {
        let mut lines = Vec::new();
        let mut at = 0;
        for line in text.split('\n') {
            lines.push((at, at + line.len()));
            at += line.len() + 1;
        }
        let lines: Vec<&str> = part(text, lines).into_iter().map(|(start, end)| text[start..end].trim()).filter(|line| !line.is_empty()).collect();
        lines.join("\n")
    }

    #[test]
    fn a_box_beside_running_text_comes_below_it() {
        let text = "The group was formed in 2004 and is chaired by      Members\n\
                    the commission for the region. It has five of      ILO\n\
                    them, and its secretariat is with the commission   IOM\n\
                    in the capital, where meetings are held.           UNDP\n\
                    \u{20}                                                  UNHCR\n\
                    Next section";
        assert_eq!(
            parted(text),
            "The group was formed in 2004 and is chaired by\nthe commission for the region. It has five of\nthem, and its secretariat is with the \
             commission\nin the capital, where meetings are held.\nMembers\nILO\nIOM\nUNDP\nUNHCR\nNext section"
        );
    }

    #[test]
    fn two_columns_of_prose_come_one_below_the_other() {
        let left = [
            "Members",
            "The members of the forum are Angola,",
            "Botswana, Comoros, Lesotho, Malawi,",
            "Namibia and Zambia, which met first",
            "in the year 2000.",
            "",
            "Others may come as guests,",
            "at any time.",
            "",
        ];
        let right = ["Aims", "\u{2022} Trust between states and", "  the people who move", "\u{2022} Data that all", "  can share", "\u{2022} Visas"];
        for gap in [2, 6] {
            let line = |at: usize| format!("{:<width$}{}", left[at], right.get(at).unwrap_or(&""), width = 37 + gap);
            let text: Vec<String> = (0..left.len()).map(|at| line(at).trim_end().to_owned()).collect();
            let text = format!("{}\nNext section of the page, which is as wide as the page itself", text.join("\n"));
            let all: Vec<&str> = left.iter().chain(&right).map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
            assert_eq!(parted(&text), format!("{}\nNext section of the page, which is as wide as the page itself", all.join("\n")), "{gap}");
        }
    }

    #[test]
    fn a_table_stays() {
        let text = "I     Buenos Aires, Argentina             18 May 2000\nII    Santiago                            2 April 2001\n\
                    III   Quito                               August 2002\nIV    Montevideo                          November 2003\n\
                    V     La Paz                              26 November 2004\nVI    Lima                                May 2006";
        let lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
        assert_eq!(parted(text), lines.join("\n"));
    }
}
