//! Side columns: a box or second column set beside running text, told by where its lines begin.
//!
//! In: the lines of a text as bytes. Out: the same lines, where the ones beside running text stand below it. Tables stay: the left of a
//! table is no running text. This comes before words are joined: a word that the end of a column breaks goes on in the column, not in the
//! line.

/// Parts what stands in two columns.
const GAP: &str = "   ";
/// Fewest lines of a side column, and fewest lines of running text beside it.
const LINES: usize = 5;
const BESIDE: usize = 4;
/// Leftmost place where a side column begins, in letters.
const LEFTMOST: usize = 36;
/// How far from each other the lines of a side column begin, in letters.
const RAGGED: usize = 2;
/// Most lines in a row that have nothing in the side column.
const APART: usize = 3;

/// A stretch of a line: where it begins, counted in letters, and its bytes.
type Piece = (usize, (usize, usize));

/// The bytes of each line, side columns moved below the text that they stand beside.
pub fn part(text: &str, lines: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    if memchr::memmem::find(text.as_bytes(), GAP.as_bytes()).is_none()
        || !lines.iter().any(|&(start, end)| text[start..end].trim_start().contains(GAP))
    {
        return lines;
    }
    let pieces: Vec<Vec<Piece>> = lines.iter().map(|&(start, end)| pieces(text, start, end)).collect();
    let mut parted = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let column = pieces[at].last().map(|(column, _)| *column).filter(|column| *column >= LEFTMOST);
        let Some((end, column)) = column.and_then(|column| Some((region(text, &pieces, at, column)?, column))) else {
            parted.push(lines[at]);
            at += 1;
            continue;
        };
        let side = |line: usize| pieces[line].last().filter(|piece| is_at(piece, column)).map(|(_, bytes)| *bytes);
        for line in at..end {
            let (start, stop) = lines[line];
            parted.push(side(line).map_or((start, stop), |(first, _)| (start, first)));
        }
        let last = lines[end - 1].1;
        parted.push((last, last));
        parted.extend((at..end).map(|line| side(line).unwrap_or((lines[line].0, lines[line].0))));
        parted.push((last, last));
        at = end;
    }
    parted
}

/// The stretches of a line that wide gaps part.
fn pieces(text: &str, start: usize, end: usize) -> Vec<Piece> {
    let line = &text[start..end];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = line[at..].find(|letter: char| !letter.is_whitespace()).map(|offset| at + offset) {
        let stop = line[first..].find(GAP).map_or(line.trim_end().len(), |offset| first + offset);
        found.push((line[..first].chars().count(), (start + first, start + stop)));
        at = stop;
    }
    found
}

fn is_at(piece: &Piece, column: usize) -> bool {
    piece.0 + RAGGED >= column && piece.0 <= column + RAGGED
}

/// Where the side column that begins at a line ends, if it is one.
fn region(text: &str, pieces: &[Vec<Piece>], from: usize, column: usize) -> Option<usize> {
    let width = |piece: &Piece| text[piece.1.0..piece.1.1].chars().count();
    let (mut end, mut side, mut left) = (from, 0, Vec::new());
    for (line, found) in pieces.iter().enumerate().skip(from) {
        let has_side = found.last().is_some_and(|piece| is_at(piece, column));
        let beside = &found[..found.len() - usize::from(has_side)];
        // What runs over the gutter ends the region.
        let crosses = beside.iter().any(|piece| piece.0 + width(piece) + 1 >= column);
        if crosses || line >= end + APART + usize::from(end == from) {
            break;
        }
        if has_side {
            side += 1;
            end = line + 1;
        }
        left.extend(beside.first().map(|piece| (line, *piece, beside.len() > 1)));
    }
    left.retain(|(line, ..)| *line < end);
    let runs = left.iter().filter(|(_, piece, _)| width(piece) * 2 >= column).count();
    let goes_on = left.iter().filter(|(_, piece, _)| text[piece.1.0..].starts_with(|letter: char| letter.is_lowercase())).count();
    // A few rows of a table may stand left of it too.
    let rows = left.iter().filter(|(.., is_row)| *is_row).count();
    (side >= LINES && left.len() >= BESIDE && runs * 3 >= left.len() && rows * 3 <= left.len() && goes_on >= 2).then_some(end)
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
    fn a_table_stays() {
        let text = "I     Buenos Aires, Argentina             18 May 2000\nII    Santiago                            2 April 2001\n\
                    III   Quito                               August 2002\nIV    Montevideo                          November 2003\n\
                    V     La Paz                              26 November 2004\nVI    Lima                                May 2006";
        let lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
        assert_eq!(parted(text), lines.join("\n"));
    }
}
