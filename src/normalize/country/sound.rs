//! The sound of a name: letters that are heard alike taken for one.
//!
//! In: a folded ASCII key. Out: the same without doubled letters, with `y` as `i`, `ph` as `f`, `c q k` as one and so on. Whoever
//! spells by ear writes `Morroco` and `Lybia`: several edits away, and the same sound. Vowels are not mixed up: too many names
//! would be one.

/// Appends the sound of `key` to `out`.
pub fn append_sound(key: &[u8], out: &mut Vec<u8>) {
    let from = out.len();
    out.resize(from + key.len(), 0);
    let len = write_sound(key, &mut out[from..]);
    out.truncate(from + len);
}

/// Writes the sound of `key`, which is no longer than it, and says how long it is.
fn write_sound(key: &[u8], out: &mut [u8]) -> usize {
    let (mut at, mut len, mut last) = (0, 0, 0);
    let mut push = |heard: u8| {
        if heard != last {
            (out[len], last) = (heard, heard);
            len += 1;
        }
    };
    while at < key.len() {
        if PLAIN[usize::from(key[at])] {
            push(key[at]);
            at += 1;
            continue;
        }
        let next = key.get(at + 1).copied();
        let is_soft = matches!(next, Some(b'e' | b'i' | b'y'));
        let (heard, used) = match (key[at], next) {
            (b'p', Some(b'h')) => (b'f', 2),
            (b'c' | b's', Some(b'h')) => (b'x', 2),
            (b'q', Some(b'u')) => (b'k', 2),
            (b'c', Some(b'k')) => (b'k', 2),
            (b'c', _) if is_soft => (b's', 1),
            (b'c' | b'q', _) => (b'k', 1),
            (b'y' | b'j', _) => (b'i', 1),
            (b'z', _) => (b's', 1),
            (b'w', _) => (b'v', 1),
            (b'h', _) if at > 0 => {
                at += 1;
                continue;
            }
            (byte, _) => (byte, 1),
        };
        push(heard);
        at += used;
    }
    len
}

/// What is heard as it is written, whatever follows.
static PLAIN: [bool; 256] = {
    let (mut plain, mut byte) = ([true; 256], 0);
    while byte < 256 {
        plain[byte] = !matches!(byte as u8, b'c' | b'h' | b'j' | b'p' | b'q' | b's' | b'w' | b'y' | b'z');
        byte += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use super::append_sound;

    fn sound(key: &str) -> Vec<u8> {
        let mut out = Vec::new();
        append_sound(key.as_bytes(), &mut out);
        out
    }

    #[test]
    fn what_is_heard_alike_is_alike() {
        for (a, b) in
            [("morroco", "morocco"), ("lybia", "libya"), ("phillipines", "philippines"), ("iraqu", "iraq"), ("rhwanda", "rwanda"), ("omman", "oman")]
        {
            assert_eq!(sound(a), sound(b));
        }
        assert_ne!(sound("niger"), sound("nigeria"));
        assert_ne!(sound("chad"), sound("cad"));
    }
}
