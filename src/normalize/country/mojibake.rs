//! Mojibake: UTF-8 that somebody read in another encoding, and read back.
//!
//! In: a name that did not resolve. Out: the text that its bytes spell in UTF-8, if every foreign letter is a byte of the encoding and
//! the bytes are UTF-8. That test almost never passes by chance, so no language is guessed.

const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁ\
     ÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
const MACINTOSH: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ\
     ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
const WINDOWS_1251: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{98}™љ›њќћџ\u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕїАБВГДЕЖЗИЙКЛМНОПРСТУФХ\
     ЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя";
const WINDOWS_1250: &str = "€\u{81}‚\u{83}„…†‡\u{88}‰Š‹ŚŤŽŹ\u{90}‘’“”•–—\u{98}™š›śťžź\u{a0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{ad}®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľżŔÁ\
     ÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";
const DOS_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣ\
     σµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// The encodings that names were read in by mistake, the usual one first.
static ENCODINGS: [[u16; 128]; 5] = [page(WINDOWS_1252), page(MACINTOSH), page(WINDOWS_1251), page(WINDOWS_1250), page(DOS_437)];

/// Which of the characters before the Armenian ones are in one of the encodings.
static LETTERS: [bool; 0x530] = {
    let (mut letters, mut page) = ([false; 0x530], 0);
    while page < ENCODINGS.len() {
        let mut at = 0;
        while at < 128 {
            if (ENCODINGS[page][at] as usize) < letters.len() {
                letters[ENCODINGS[page][at] as usize] = true;
            }
            at += 1;
        }
        page += 1;
    }
    letters
};

/// The upper half of an encoding as numbers of characters.
const fn page(text: &str) -> [u16; 128] {
    let (b, mut out, mut at, mut n) = (text.as_bytes(), [0; 128], 0, 0);
    while n < 128 {
        let (c, len) = match b[at] {
            0..=0x7F => (b[at] as u16, 1),
            0x80..=0xDF => ((b[at] as u16 & 0x1F) << 6 | b[at + 1] as u16 & 0x3F, 2),
            _ => ((b[at] as u16 & 0xF) << 12 | (b[at + 1] as u16 & 0x3F) << 6 | b[at + 2] as u16 & 0x3F, 3),
        };
        out[n] = c;
        at += len;
        n += 1;
    }
    assert!(at == b.len(), "an encoding has 128 upper characters");
    out
}

/// Whether a name has what UTF-8 read as Windows-1252 has: a capital with an accent and a sign that no word has behind it.
pub fn is_likely(name: &str) -> bool {
    let behind = |at: usize| name.as_bytes().get(at + 1..at + 3);
    let is_likely = |at| behind(at).is_some_and(|two| matches!(two[0], 0x82..=0xB4) && matches!(two[1], 0xC2 | 0xC5 | 0xC6 | 0xCB | 0xE2 | 0xEF));
    memchr::memchr_iter(0xC3, name.as_bytes()).any(is_likely)
}

/// Whether some bytes of a name can be UTF-8 at all, read in any of the encodings: what begins a character of several bytes has
/// another foreign one behind it, or a blank that was one, or is of those that may stand alone because what followed them is dropped.
fn may_be(name: &str) -> bool {
    const ALONE: [char; 9] = ['Ã', 'Ä', 'Å', 'Ð', 'Ñ', '√', 'Г', 'Ă', '├'];
    let mut last = 'a';
    name.chars().any(|c| {
        let foreign = !last.is_ascii();
        last = c;
        foreign && (!c.is_ascii() || c == ' ') || !c.is_ascii() && ALONE.contains(&c)
    })
}

/// The texts that `name` may have been, likeliest first.
pub fn undo(name: &str) -> impl Iterator<Item = String> {
    let pages = if may_be(name) { &ENCODINGS[..] } else { &[] };
    let whole = pages.iter().filter_map(move |page| String::from_utf8(bytes(name, page)?).ok());
    let refilled = (!pages.is_empty()).then_some(name).into_iter().flat_map(refilled);
    whole.chain(refilled).filter(move |text| text != name)
}

/// The bytes that Windows-1252 has no character for: what reads UTF-8 in it drops them, or puts U+FFFD there.
const NO_CHARACTER: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];
/// How many of them are looked for in one name.
const MOST_DROPPED: usize = 3;

/// The texts that `name` may have been where up to three bytes were dropped behind the first of two, in Latin or Cyrillic.
fn refilled(name: &str) -> Vec<String> {
    // As Windows-1252 has them, the first bytes of two are capitals with an accent.
    if !name.contains(['Ã', 'Ä', 'Å', 'Ð', 'Ñ']) {
        return Vec::new();
    }
    let Some(kept) = bytes(&name.replace('\u{fffd}', ""), &ENCODINGS[0]) else { return Vec::new() };
    let is_first = |byte: u8| matches!(byte, 0xC3..=0xC5 | 0xD0 | 0xD1);
    let is_second = |byte: Option<&u8>| byte.is_some_and(|byte| matches!(byte, 0x80..=0xBF));
    let gaps = (0..kept.len()).filter(|&at| is_first(kept[at]) && !is_second(kept.get(at + 1))).count();
    if gaps == 0 || gaps > MOST_DROPPED {
        return Vec::new();
    }
    let mut texts = vec![Vec::with_capacity(kept.len() + gaps)];
    for (at, &byte) in kept.iter().enumerate() {
        texts.iter_mut().for_each(|text| text.push(byte));
        if is_first(byte) && !is_second(kept.get(at + 1)) {
            texts = texts.iter().flat_map(|text| NO_CHARACTER.map(|dropped| [&text[..], &[dropped]].concat())).collect();
        }
    }
    texts.into_iter().filter_map(|text| String::from_utf8(text).ok()).collect()
}

/// `name` written in the encoding `page`; `None` where it has nothing but ASCII, or a character that is not in it.
fn bytes(name: &str, page: &[u16; 128]) -> Option<Vec<u8>> {
    // Most names that are none of this encoding show it at their first foreign letter.
    if name.chars().find(|c| !c.is_ascii()).is_none_or(|c| byte(c, page).is_none()) {
        return None;
    }
    let mut bytes = Vec::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii() {
            // A no-break space is the second byte of "à" and is often lost to a plain one, a soft hyphen that of "í".
            match bytes.last() {
                Some(0xC2..=0xF4) if c == ' ' => {
                    bytes.push(0xA0);
                    continue;
                }
                Some(0xC3) => bytes.push(0xAD),
                _ => {}
            }
            bytes.push(c as u8);
        } else {
            bytes.push(byte(c, page)?);
        }
    }
    if bytes.last() == Some(&0xC3) {
        bytes.push(0xAD);
    }
    Some(bytes)
}

/// The byte of a foreign letter in the encoding `page`, or in Latin-1.
fn byte(c: char, page: &[u16; 128]) -> Option<u8> {
    let code = u16::try_from(c as u32).ok()?;
    // Letters of no encoding, such as the Greek ones, are asked for most.
    if LETTERS.get(usize::from(code)).is_some_and(|is_in_one| !is_in_one) {
        return u8::try_from(code).ok();
    }
    // Without an end before the last, which is a few instructions of the processor's.
    let is_there = page.iter().fold(false, |found, &p| found | (p == code));
    let place = || page.iter().position(|&p| p == code).map(|at| 128 + at as u8);
    if is_there { place() } else { u8::try_from(code).ok() }
}

#[cfg(test)]
mod tests {
    use super::undo;

    #[test]
    fn utf_8_read_as_something_else_comes_back() {
        for (bad, good) in [
            ("JapÃ³n", "Japón"),
            ("Ã–sterreich", "Österreich"),
            ("CÃ´te dâ€™Ivoire", "Côte d’Ivoire"),
            ("C√¥te d'Ivoire", "Côte d'Ivoire"),
            ("Р РѕСЃСЃРёСЏ", "Россия"),
            ("ItÃ lia", "Itàlia"),
            ("MaÄ\u{fffd}arsko", "Maďarsko"),
            ("NjemaÄka", "Njemačka"),
        ] {
            assert!(undo(bad).any(|s| s == good), "{bad}: {:?}", undo(bad).collect::<Vec<_>>());
        }
        assert_eq!(undo("Österreich").next(), None);
    }
}
