//! The shape of a name: letters that scanners mix up taken for one.
//!
//! In: a folded ASCII key. Out: the same with `l 1` as `i`, `0` as `o`, `rn` as `m`, `cl` as `d`, `ri` as `n`, `ii` as `u` and so
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

/// Appends the shape of `key` to `out`, and says whether pairs overlapped, so that reading others first gives another shape.
///
/// Each letter of the key is read once: two letters that come of reading others make no third.
pub fn append_shape(key: &[u8], first: First, out: &mut Vec<u8>) -> bool {
    let from = out.len();
    let pairs = key.windows(2).fold(0, |pairs, pair| pairs | BEGINS[usize::from(pair[0])] & ENDS[usize::from(pair[1])]);
    if pairs == 0 {
        out.extend(key.iter().map(|&byte| one_letter(byte)));
        return false;
    }
    out.resize(from + key.len(), 0);
    let (mut at, mut to, mut overlapped) = (0, from, false);
    while at < key.len() {
        let byte = key[at];
        out[to] = one_letter(byte);
        if BEGINS[usize::from(byte)] != 0 {
            let pair = |from: usize| Some((*key.get(from)?, *key.get(from + 1)?));
            let here =
                pair(at).and_then(|pair| double(pair).map(|one| (one, First::Doubles)).or_else(|| other(pair).map(|one| (one, First::Others))));
            if let Some((one, kind)) = here {
                let next = pair(at + 1);
                let is_next_first = next.is_some_and(|pair| if first == First::Doubles { double(pair) } else { other(pair) }.is_some());
                overlapped |= next.is_some_and(|pair| double(pair).or_else(|| other(pair)).is_some());
                // Otherwise the pair that begins one letter later goes first.
                if kind == first || !is_next_first {
                    out[to] = one;
                    at += 1;
                }
            }
        }
        to += 1;
        at += 1;
    }
    out.truncate(to);
    overlapped
}

/// The pairs that each letter begins and ends, as bits.
static BEGINS: [u8; 256] = bits(&[(b'i', 1), (b'v', 2), (b'r', 4 | 8), (b'c', 16)]);
static ENDS: [u8; 256] = bits(&[(b'i', 1 | 8), (b'v', 2), (b'n', 4), (b'l', 16), (b'1', 16)]);

const fn bits(of: &[(u8, u8)]) -> [u8; 256] {
    let (mut bits, mut at) = ([0; 256], 0);
    while at < of.len() {
        bits[of[at].0 as usize] = of[at].1;
        at += 1;
    }
    bits
}

/// What each letter or digit is taken for.
static ONE_LETTER: [u8; 256] = {
    let (mut of, mut byte) = ([0; 256], 0);
    while byte < 256 {
        of[byte] = match byte as u8 {
            b'l' | b'1' => b'i',
            b'0' => b'o',
            b'2' => b'z',
            b'3' => b'e',
            b'4' => b'a',
            b'5' => b's',
            b'6' | b'9' => b'g',
            b'7' => b't',
            b'8' => b'b',
            other => other,
        };
        byte += 1;
    }
    of
};

#[inline]
fn one_letter(b: u8) -> u8 {
    ONE_LETTER[usize::from(b)]
}

fn double(pair: (u8, u8)) -> Option<u8> {
    match pair {
        (b'i', b'i') => Some(b'u'),
        (b'v', b'v') => Some(b'w'),
        (b'r', b'n') => Some(b'm'),
        _ => None,
    }
}

fn other(pair: (u8, u8)) -> Option<u8> {
    match pair {
        (b'r', b'i') => Some(b'n'),
        (b'c', b'l' | b'1') => Some(b'd'),
        _ => None,
    }
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
        assert_ne!(shape("perli"), shape("peru"));
        assert_ne!(shape("rinau"), shape("mali"));
    }
}
