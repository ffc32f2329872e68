//! Tables: which tables of a page hold data, and which only lay it out.
//!
//! A table of data becomes rows with bars. One that holds headings, other tables or long texts is layout: its cells are text like any other.

use super::pieces::{Kind, Piece};

/// More text than this in a cell is no datum.
const CELL: usize = 1200;

/// What is known of a table that is open.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    at: usize,
    cells: usize,
    most_cells: usize,
    text: usize,
    most_text: usize,
    has_blocks: bool,
}

/// For each piece whether it starts a table of data.
pub fn of_data(pieces: &[Piece]) -> Vec<bool> {
    let mut found = vec![false; pieces.len()];
    let mut open: Vec<Open> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        let depth = open.len();
        let Some(table) = open.last_mut() else {
            if is_start(piece, "table") {
                open.push(Open { at, ..Open::default() });
            }
            continue;
        };
        match &piece.kind {
            Kind::Start(tag) => match tag.name.as_str() {
                "table" => {
                    table.has_blocks = true;
                    open.push(Open { at, ..Open::default() });
                }
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => table.has_blocks = true,
                "tr" => table.cells = 0,
                "td" | "th" => {
                    table.cells += tag.columns;
                    table.most_cells = table.most_cells.max(table.cells);
                    table.text = 0;
                }
                _ => {}
            },
            Kind::Text => {
                table.text += piece.span.len();
                table.most_text = table.most_text.max(table.text);
            }
            Kind::End(name) if name == "table" && depth > 0 => {
                if let Some(table) = open.pop() {
                    found[table.at] = table.most_cells >= 2 && table.most_text <= CELL && !table.has_blocks;
                }
            }
            Kind::End(_) | Kind::Comment => {}
        }
    }
    found
}

fn is_start(piece: &Piece, name: &str) -> bool {
    matches!(&piece.kind, Kind::Start(tag) if tag.name == name)
}
