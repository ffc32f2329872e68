//! The last answers of a stream, by the bytes of the name.
//!
//! In: a name and the row that answers it. Out: the same row when the name comes again. A fixed number of rows is kept, so memory stays
//! as it is however long the stream; a name that is not kept is resolved again, and the answer is the same.

use super::{Status, hash::u64_at};

/// Rows by the bytes of the name: a fixed number of places, two for each hash, the older one given up. When many
/// are kept, a name is kept only when it comes for the second time: a stream of names that do not repeat shall not write them all down.
#[derive(Default)]
pub struct Answers {
    places: Vec<Kept>,
    /// Some bits of the hash of what is kept, for each place: most names that are not kept are seen by them, which lie close together.
    marks: Vec<u16>,
    /// Marks of names that came once.
    once: Vec<u16>,
    /// How many names were kept at first sight.
    kept: usize,
}

const PLACES: usize = 1 << 13;
const ONCE: usize = 1 << 13;
const AT_FIRST_SIGHT: usize = PLACES / 2;
const ROW: usize = 189;

/// A row that was written, behind the name that it answers: quoted or not, the name stands in the row.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Kept {
    /// The length of the row; zero is an empty place.
    len: u8,
    name_len: u8,
    /// The status's number, and whether the name begins behind a quotation mark.
    flags: u8,
    row: [u8; ROW],
}

impl Kept {
    const EMPTY: Kept = Kept { len: 0, name_len: 0, flags: 0, row: [0; ROW] };
    const QUOTED: u8 = 0x80;

    pub fn status(&self) -> Status {
        Status::ALL[usize::from(self.flags & 7)]
    }

    fn name(&self) -> &[u8] {
        let from = usize::from(self.flags & Self::QUOTED != 0);
        &self.row[from..from + self.name_len as usize]
    }

    /// Writes the row. A copy of a fixed length is a few stores; what is too much goes again.
    #[inline]
    pub fn write(&self, out: &mut Vec<u8>) {
        let to = out.len() + self.len as usize;
        out.extend_from_slice(&self.row[..64]);
        if self.len > 64 {
            out.extend_from_slice(&self.row[64..]);
        }
        out.truncate(to);
    }
}

impl Answers {
    /// The hash of a name: of its first, middle and last eight bytes and its length, so that no loop runs.
    #[inline]
    pub fn hash(name: &[u8]) -> u64 {
        let n = name.len();
        let folded = if n >= 8 {
            u64_at(name, 0).rotate_left(21) ^ u64_at(name, n / 2 - 4).rotate_left(43) ^ u64_at(name, n - 8)
        } else {
            name.iter().fold(0, |h, &b| h << 8 | u64::from(b))
        };
        (folded ^ n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// Where answers to the name with that hash are.
    #[inline]
    fn place(hash: u64) -> usize {
        (hash >> 40) as usize & (PLACES - 2)
    }

    /// What a name with that hash is marked by; never zero.
    #[inline]
    fn mark(hash: u64) -> u16 {
        (hash >> 24) as u16 | 1
    }

    /// Whether a name with that hash came before, as far as that is remembered.
    fn came_before(&mut self, hash: u64) -> bool {
        if self.once.is_empty() {
            self.once = vec![0; ONCE];
        }
        let (mark, at) = (Self::mark(hash), (hash >> 40) as usize & (ONCE - 1));
        std::mem::replace(&mut self.once[at], mark) == mark
    }

    #[inline]
    pub fn get(&self, hash: u64, name: &[u8]) -> Option<&Kept> {
        let (at, mark) = (Self::place(hash), Self::mark(hash));
        let marks = self.marks.get(at..at + 2)?;
        let is_it = |k: &&Kept| k.name_len as usize == name.len() && k.name() == name;
        let first = Some(&self.places[at]).filter(|_| marks[0] == mark).filter(is_it);
        first.or_else(|| Some(&self.places[at + 1]).filter(|_| marks[1] == mark).filter(is_it))
    }

    pub fn keep(&mut self, hash: u64, name: &[u8], row: &[u8], status: Status) {
        if self.kept < AT_FIRST_SIGHT {
            self.kept += 1;
        } else if !self.came_before(hash) {
            return;
        }
        let quoted = row.first() == Some(&b'"');
        let from = usize::from(quoted);
        // A name with quotation marks of its own, or one that was no UTF-8, does not stand in its row.
        if row.len() > ROW || row.get(from..from + name.len()) != Some(name) || quoted && name.contains(&b'"') {
            return;
        }
        if self.places.is_empty() {
            self.places = vec![Kept::EMPTY; PLACES];
            self.marks = vec![0; PLACES];
        }
        let number = status.number() as u8;
        let at = Self::place(hash);
        self.places[at + 1] = self.places[at];
        (self.marks[at + 1], self.marks[at]) = (self.marks[at], Self::mark(hash));
        let kept = &mut self.places[at];
        (kept.len, kept.name_len, kept.flags) = (row.len() as u8, name.len() as u8, number | if quoted { Kept::QUOTED } else { 0 });
        kept.row[..row.len()].copy_from_slice(row);
    }
}
