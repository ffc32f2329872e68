//! Linking: under which block each block stands.
//!
//! In: the blocks of a text in their order. Out: for each the one that introduces it: a heading, a lead-in line, or the item that it is
//! nested in.

use super::BELOW_MARKED;
use crate::model::text::{Block, BlockKind, Blocks};

/// Longest paragraph, in bytes, that can be an entry of the list under a lead-in.
const LISTED: usize = 160;

/// Puts every block under the one that introduces it: an item under the item it is nested in, else under the lead-in line that ends in
/// a colon, else under the heading; a heading under the last one of a higher level, or right behind another heading under that one.
pub fn run(blocks: &mut Blocks, has_marked: bool) {
    let mut heading: Option<usize> = None;
    let mut lead_in: Option<usize> = None;
    for at in 0..blocks.blocks.len() {
        let block = &blocks.blocks[at];
        let ends_in_colon = ends_in_colon(blocks, at);
        let parent = match block.kind {
            BlockKind::Heading => {
                lead_in = None;
                let told_by_wording = !has_marked || block.level == BELOW_MARKED;
                let adjacent = heading.filter(|&above| told_by_wording && above + 1 == at && block.level == blocks.blocks[above].level);
                let higher =
                    std::iter::successors(heading, |&above| blocks.blocks[above].heading).find(|&above| blocks.blocks[above].level < block.level);
                heading = Some(at);
                adjacent.or(higher)
            }
            BlockKind::Item => {
                let nested_in = (0..at)
                    .rev()
                    .take_while(|&before| blocks.blocks[before].kind == BlockKind::Item)
                    .find(|&before| blocks.blocks[before].level < block.level);
                nested_in.or(lead_in).or(heading)
            }
            BlockKind::Paragraph | BlockKind::Row => {
                // What stands right under a lead-in is its list, as long as it is no sentence.
                let text = blocks.text_of(block).trim_end();
                let is_listed = !ends_in_colon && (block.kind == BlockKind::Row || (text.len() <= LISTED && !text.ends_with(['.', '?', '!'])));
                let is_introduced =
                    |above: usize| blocks.blocks[above].kind == BlockKind::Item && blocks.text_of(&blocks.blocks[above]).trim_end().ends_with(':');
                // Further rows of a table stand under what its first row stands under.
                let table_of =
                    |row: usize| blocks.blocks[row].heading.filter(|_| block.kind == BlockKind::Row && blocks.blocks[row].kind == BlockKind::Row);
                let above_item = at
                    .checked_sub(1)
                    .and_then(|before| if is_introduced(before) { Some(before) } else { table_of(before).filter(|&above| is_introduced(above)) });
                let parent = above_item.or(lead_in.filter(|above| *above + 1 == at || is_listed)).or(heading);
                // A remark right below an item leaves its list open.
                let is_remark =
                    !block.after_blank && !ends_in_colon && at.checked_sub(1).is_some_and(|before| blocks.blocks[before].kind == BlockKind::Item);
                if !is_listed && !is_remark {
                    lead_in = ends_in_colon.then_some(at);
                }
                parent
            }
        };
        blocks.blocks[at].heading = parent;
    }
}

/// Whether a block ends in a colon, or in a comma or without a sign before an item that goes on in small letters.
fn ends_in_colon(blocks: &Blocks, at: usize) -> bool {
    let text = blocks.text_of(&blocks.blocks[at]).trim_end();
    let goes_on = |below: &Block| below.kind == BlockKind::Item && blocks.text_of(below).starts_with(char::is_lowercase);
    let is_open = text.ends_with([',']) || text.ends_with(char::is_lowercase);
    text.ends_with(':') || is_open && blocks.blocks[at].kind == BlockKind::Paragraph && blocks.blocks.get(at + 1).is_some_and(goes_on)
}
