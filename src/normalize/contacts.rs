//! Contacts: telephone numbers in E.164 where the source gives the country code; web and mail addresses as written.

use crate::model::record::Draft;

/// Longest number of E.164, in digits.
const DIGITS: usize = 15;

/// Normalizes the value of a contact by its kind.
pub fn normalize(draft: &mut Draft) {
    if !matches!(draft.text("kind"), Some("phone" | "fax")) {
        return;
    }
    let number = draft.text("value").and_then(e164);
    if let Some(number) = number {
        let spans = draft.spans("value");
        draft.set("value", number, &spans);
    }
}

/// `+66 2 343 94 00` as `+6623439400`; none without a country code. A trunk zero in brackets goes: `+44 (0)20`.
fn e164(text: &str) -> Option<String> {
    let rest = text.trim().strip_prefix('+').or_else(|| text.trim().strip_prefix("00"))?;
    let rest = rest.replace("(0)", "");
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let only_number = rest.chars().all(|letter| letter.is_ascii_digit() || " -./()".contains(letter));
    ((7..=DIGITS).contains(&digits.len()) && only_number).then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::e164;

    #[test]
    fn numbers_with_a_country_code_are_e164() {
        assert_eq!(e164("+66 2 343 94 00").as_deref(), Some("+6623439400"));
        assert_eq!(e164("+44 (0)20 7946 0000").as_deref(), Some("+442079460000"));
        assert_eq!(e164("02 343 94 00"), None);
        assert_eq!(e164("+66 2 343 94 00 ext. 12"), None);
    }
}
