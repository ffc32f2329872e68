//! Look-alikes: letters of one script that stand in a word of another.
//!
//! In: a name that did not resolve and is not plain ASCII. Out: the name as Latin letters where each foreign letter has a Latin
//! twin, or as Cyrillic where most of it is Cyrillic. Whoever types `Сhаd` with a Cyrillic С and а means `Chad`.

/// Twins: the foreign letters, and the Latin letters that look the same.
const CYRILLIC: (&str, &str) = ("АВЕЅІЈКМНОРСТУХѴԌԚԜҮҺавсԁеѕіјкорԛгѵԝхуһӏмнтьпґӀЬЗзѡү", "ABESIJKMHOPCTYXVGQWYhabcdesijkopqrvwxyhlmhtbnrlb33wy");
const GREEK: (&str, &str) = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳαβεηικνορτυχϲϒωγμ", "ABEZHIKMNOPTYXCjabenikvoptuxcYwyu");
const OTHER: (&str, &str) = ("օՕսոհցզՏᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢɑɡɩⲟⲣꓐꓑꓓꓖꓗꓟꓠꓢꓣꓮꓰꓲꓳꓴ", "oOunhgqSabcdeghijklmnoprtuvwyzagiopBPDGKMNSRAEIOU");

/// The name with every look-alike as a Latin letter; `None` where a letter has no twin or none was found.
pub fn to_latin(name: &str) -> Option<String> {
    let mut changed = false;
    let out = name
        .chars()
        .map(|c| {
            if c.is_ascii() || !c.is_alphabetic() {
                return Some(c);
            }
            let found = [CYRILLIC, GREEK, OTHER].iter().find_map(|(from, to)| twin(c, from, to));
            changed |= found.is_some();
            found.or(matches!(c as u32, 0xC0..=0x24F | 0x1E00..=0x1EFF).then_some(c))
        })
        .collect::<Option<String>>()?;
    changed.then_some(out)
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
    fn mixed_words_become_one_script() {
        assert_eq!(to_latin("Сhаd").as_deref(), Some("Chad"));
        assert_eq!(to_latin("Νorwаy").as_deref(), Some("Norway"));
        assert_eq!(to_latin("Chad"), None);
        assert_eq!(to_cyrillic("Pоссия").as_deref(), Some("Россия"));
    }
}
