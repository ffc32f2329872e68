//! Markdown: values of sources inside pages that we write.

/// Text as Markdown shows it: nothing in it is markup, and it stays on its line.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match character {
            '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '|' | '#' | '~' => escaped.extend(['\\', character]),
            '&' => escaped.push_str("&amp;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The text, cut after `limit` characters with an ellipsis.
#[must_use]
pub fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let cut: String = text.chars().take(limit).collect();
    format!("{}…", cut.trim_end())
}

/// A number with commas between the thousands.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2 rows`.
#[must_use]
pub fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_value_is_shown() {
        assert_eq!(escaped("a|b *c*\n<d> & `e`"), "a\\|b \\*c\\* \\<d\\> &amp; \\`e\\`");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!((grouped(7).as_str(), grouped(1234567).as_str(), counted(1, "row").as_str()), ("7", "1,234,567", "1 row"));
        assert_eq!(counted(1000, "row"), "1,000 rows");
    }
}
