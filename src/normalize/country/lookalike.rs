//! Look-alikes: letters of one script that stand in a word of another.
//!
//! In: a name that did not resolve and is not plain ASCII. Out: the name as Latin letters where each foreign letter has a Latin
//! twin, or as Cyrillic where most of it is Cyrillic. Whoever types `Сhаd` with a Cyrillic С and а means `Chad`.

/// Twins: the foreign letters, and the Latin letters that look the same.
const CYRILLIC: (&str, &str) = ("АВЕЅІЈКМНОРСТУХѴԌԚԜҮҺавсԁеѕіјкорԛгѵԝхуһӏмнтьпґӀЬЗзѡү", "ABESIJKMHOPCTYXVGQWYhabcdesijkopqrvwxyhlmhtbnrlb33wy");
const GREEK: (&str, &str) = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳαβεηικνορτυχϲϒωγμ", "ABEZHIKMNOPTYXCjabenikvoptuxcYwyu");
const OTHER: (&str, &str) = ("օՕսոհցզՏᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢɑɡɩⲟⲣꓐꓑꓓꓖꓗꓟꓠꓢꓣꓮꓰꓲꓳꓴ", "oOunhgqSabcdeghijklmnoprtuvwyzagiopBPDGKMNSRAEIOU");

/// The Latin twins of all characters before the Hebrew ones; zero where there is none.
static LATIN: [u8; 0x590] = {
    let mut latin = [0; 0x590];
    let mut list = 0;
    while list < 3 {
        let (from, to) = [CYRILLIC, GREEK, OTHER][list];
        let (from, to) = (from.as_bytes(), to.as_bytes());
        let (mut at, mut n) = (0, 0);
        while at < from.len() {
            if from[at] < 0xE0 {
                let c = (from[at] as usize & 0x1F) << 6 | from[at + 1] as usize & 0x3F;
                if latin[c] == 0 {
                    latin[c] = to[n];
                }
                at += 2;
            } else {
                at += 3;
            }
            n += 1;
        }
        list += 1;
    }
    latin
};

/// The Latin letter that looks like `c`.
fn latin(c: char) -> Option<char> {
    match LATIN.get(c as usize) {
        Some(&byte) => (byte != 0).then_some(char::from(byte)),
        None if matches!(c as u32, 0x1D00..=0x1D7F | 0x2C80..=0x2CFF | 0xA4D0..=0xA4FF) => twin(c, OTHER.0, OTHER.1),
        None => None,
    }
}

/// The name with every look-alike as a Latin letter; `None` where a letter has no twin or none was found.
pub fn to_latin(name: &str) -> Option<String> {
    let stays = |c: char| matches!(c as u32, 0..=0x7F | 0xC0..=0x24F | 0x1E00..=0x1EFF);
    let mut changed = false;
    for c in name.chars().filter(|c| !c.is_ascii()) {
        let is_alike = latin(c).is_some();
        changed |= is_alike;
        if !is_alike && !stays(c) && c.is_alphabetic() {
            return None;
        }
    }
    changed.then(|| name.chars().map(|c| if c.is_ascii() { c } else { latin(c).unwrap_or(c) }).collect())
}

/// The name with every Latin look-alike as a Cyrillic letter; `None` where nothing changes.
pub fn to_cyrillic(name: &str) -> Option<String> {
    if !name.chars().any(|c| matches!(c, '\u{400}'..='\u{52f}')) || !name.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let (cyrillic, latin) = CYRILLIC;
    Some(name.chars().map(|c| if c.is_ascii_alphabetic() { twin(c, latin, cyrillic).unwrap_or(c) } else { c }).collect())
}

fn twin(c: char, from: &str, to: &str) -> Option<char> {
    from.chars().zip(to.chars()).find_map(|(f, t)| (f == c).then_some(t))
}

#[cfg(test)]
mod tests {
    use super::{CYRILLIC, GREEK, OTHER, to_cyrillic, to_latin};

    #[test]
    fn every_letter_has_one_twin() {
        for (from, to) in [CYRILLIC, GREEK, OTHER] {
            assert_eq!(from.chars().count(), to.chars().count(), "{from} {to}");
        }
    }

    #[test]
    fn the_table_has_every_twin_of_the_lists() {
        for (from, to) in [CYRILLIC, GREEK, OTHER] {
            for (c, alike) in from.chars().zip(to.chars()) {
                let first = [CYRILLIC, GREEK, OTHER].iter().find_map(|(from, to)| super::twin(c, from, to));
                assert_eq!(super::latin(c), first, "{c} {alike}");
            }
        }
    }

    #[test]
    fn mixed_words_become_one_script() {
        assert_eq!(to_latin("Сhаd").as_deref(), Some("Chad"));
        assert_eq!(to_latin("Νorwаy").as_deref(), Some("Norway"));
        assert_eq!(to_latin("Chad"), None);
        assert_eq!(to_cyrillic("Pоссия").as_deref(), Some("Россия"));
    }
}
