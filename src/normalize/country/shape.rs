//! The shape of a name: letters that scanners mix up taken for one.
//!
//! In: a folded ASCII key. Out: the same with `l 1 |` as `i`, `0` as `o`, `rn` as `m`, `cl` as `d`, `ri` as `n`, `ii` as `u` and so
//! on. Names and damaged names go the same way, so a look-up of the shape is exact again: no distance is measured.

/// Which pairs are read first where they overlap: `riia` is `rua` or `nia`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum First {
    Doubles,
    Others,
}

/// The shape of `key`.
pub fn shape(key: &str) -> String {
    let mut out = Vec::new();
    append_shape(key.as_bytes(), First::Doubles, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends the shape of `key` to `out`.
pub fn append_shape(key: &[u8], first: First, out: &mut Vec<u8>) {
    let from = out.len();
    out.extend(key.iter().map(|b| match b {
        b'l' | b'1' | b'j' => b'i',
        b'0' => b'o',
        b'2' => b'z',
        b'3' => b'e',
        b'4' => b'a',
        b'5' => b's',
        b'6' | b'9' => b'g',
        b'7' => b't',
        b'8' => b'b',
        b => *b,
    }));
    let doubles = |pair| match pair {
        (b'i', b'i') => Some(b'u'),
        (b'v', b'v') => Some(b'w'),
        (b'r', b'n') | (b'n', b'n') => Some(b'm'),
        _ => None,
    };
    let others = |pair| match pair {
        (b'r', b'i') => Some(b'n'),
        (b'c', b'i') => Some(b'd'),
        _ => None,
    };
    match first {
        First::Doubles => {
            join(out, from, doubles);
            join(out, from, others);
        }
        First::Others => {
            join(out, from, others);
            join(out, from, doubles);
        }
    }
}

/// Makes one letter of the pairs that `one` knows, left to right.
fn join(out: &mut Vec<u8>, from: usize, one: impl Fn((u8, u8)) -> Option<u8>) {
    let mut written = from;
    for read in from..out.len() {
        let b = out[read];
        match (written > from).then(|| one((out[written - 1], b))).flatten() {
            Some(joined) => out[written - 1] = joined,
            None => {
                out[written] = b;
                written += 1;
            }
        }
    }
    out.truncate(written);
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn what_scanners_mix_up_has_one_shape() {
        for (a, b) in [
            ("kazakhstari", "kazakhstan"),
            ("unitedarabernirates", "unitedarabemirates"),
            ("suclan", "sudan"),
            ("saiidiarabia", "saudiarabia"),
            ("ariiba", "aruba"),
            ("eciiador", "ecuador"),
            ("1taly", "italy"),
        ] {
            assert_eq!(shape(a), shape(b));
        }
        assert_ne!(shape("sudan"), shape("suriname"));
    }
}
