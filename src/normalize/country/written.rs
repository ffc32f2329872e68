//! A name as it is written: what it is written with, and its fold, kept while others are folded.
//!
//! In: a name. Out: the signs that say which repairs can have something to do, most having nothing; buffers that go from name to name.

/// Buffers for one name after another.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    pub(super) key: Vec<u8>,
    pub(super) spaced: Vec<u8>,
    pub(super) words: Vec<u8>,
    pub(super) shape: Vec<u8>,
}

/// What a name is written with. It says which repairs can have something to do: most have nothing.
#[derive(Clone, Copy)]
pub(super) struct Signs(u8);

impl Signs {
    /// Anything but letters and digits: words can be apart.
    pub const APART: u8 = 1;
    pub const DIGIT: u8 = 1 << 1;
    pub const BRACKET: u8 = 1 << 2;
    /// What escapes begin with.
    pub const ESCAPE: u8 = 1 << 3;
    pub const QUESTION: u8 = 1 << 4;
    /// Anything but ASCII.
    pub const FOREIGN: u8 = 1 << 5;
    /// A full stop: words can be cut short.
    pub const STOP: u8 = 1 << 6;

    const OF: [u8; 256] = {
        let mut of = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let sign = match byte as u8 {
                b'0'..=b'9' => Self::DIGIT,
                b'a'..=b'z' | b'A'..=b'Z' => 0,
                b'(' | b')' | b'[' | b']' | b'{' | b'}' => Self::BRACKET | Self::APART,
                b'&' | b'%' | b'\\' | b'=' | b'<' => Self::ESCAPE | Self::APART,
                b'?' => Self::QUESTION | Self::APART,
                b'.' => Self::STOP | Self::APART,
                0x80..=0xFF => Self::FOREIGN | Self::APART,
                _ => Self::APART,
            };
            of[byte] = sign;
            byte += 1;
        }
        of
    };

    pub fn of(name: &str) -> Self {
        Self(name.bytes().fold(0, |signs, byte| signs | Self::OF[usize::from(byte)]))
    }

    pub fn have(self, signs: u8) -> bool {
        self.0 & signs != 0
    }

    /// Whether something can stand around the name: a number, a note, a sign in front or behind.
    pub fn may_peel(self, name: &str) -> bool {
        let ends = [name.as_bytes().first(), name.as_bytes().last()];
        self.have(Self::DIGIT | Self::BRACKET) || !ends.into_iter().flatten().all(u8::is_ascii_alphabetic)
    }
}
