//! Rust source as the layer tests see it: code without comments, string literals, and what it uses of its own crate.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// One file below src/.
#[derive(Debug)]
pub struct Source {
    /// Below src/, with `/`.
    pub path: String,
    /// The top-level module that it belongs to.
    pub module: String,
    pub text: String,
    /// The text with comments and the insides of literals blanked; line ends stay.
    code: String,
    /// Line and text of each string literal.
    literals: Vec<(usize, String)>,
    /// The first line that is test code; one past the last where there is none.
    tests_from: usize,
}

/// Reads a file; a file that its parent declares as test code is test code throughout.
pub fn read(src: &Path, path: &Path) -> Source {
    let text = fs::read_to_string(path).unwrap();
    let below = path.strip_prefix(src).unwrap().to_string_lossy().replace('\\', "/");
    let mut source = Source::parse(&below, &text);
    let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
    let parent = path.parent().unwrap();
    let declared = [parent.join("mod.rs"), parent.with_extension("rs")].into_iter().filter_map(|file| fs::read_to_string(file).ok());
    if declared.into_iter().any(|parent| parent.contains(&format!("#[cfg(test)]\nmod {stem};"))) {
        source.tests_from = 0;
    }
    source
}

impl Source {
    pub fn parse(path: &str, text: &str) -> Self {
        let (code, literals) = split(text);
        let module = path.split('/').next().unwrap_or("").trim_end_matches(".rs").to_owned();
        let tests_from = code.lines().position(|line| line.trim_start().starts_with("mod tests {")).unwrap_or(usize::MAX);
        Self { path: path.to_owned(), module, text: text.to_owned(), code, literals, tests_from }
    }

    pub fn code_outside_tests(&self) -> Vec<(usize, &str)> {
        self.code.lines().enumerate().filter(|(at, _)| *at < self.tests_from).map(|(at, line)| (at + 1, line)).collect()
    }

    pub fn literals_outside_tests(&self) -> Vec<(usize, String)> {
        self.literals.iter().filter(|(line, _)| *line <= self.tests_from).cloned().collect()
    }

    /// Line and top-level module of each path that starts at the crate, or climbs up to it.
    pub fn uses_of_the_crate(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (at, _) in
            self.code.match_indices("crate::").filter(|(at, _)| !self.code[..*at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_'))
        {
            let line = self.code[..at].matches('\n').count() + 1;
            found.extend(heads(&self.code[at + "crate::".len()..]).into_iter().map(|module| (line, module)));
        }
        for (at, _) in self.code.match_indices("super::").filter(|(at, _)| !self.code[..*at].ends_with("::")) {
            let rest = &self.code[at..];
            let line = self.code[..at].matches('\n').count() + 1;
            let mut tail = rest;
            let mut climbed = 0;
            while let Some(next) = tail.strip_prefix("super::") {
                tail = next;
                climbed += 1;
            }
            if climbed >= self.depth() + usize::from(line > self.tests_from) {
                found.extend(heads(tail).into_iter().map(|module| (line, module)));
            }
        }
        found
    }

    /// How many modules deep the file is.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("/mod.rs") { parts - 1 } else { parts }
    }
}

/// The first names of a path, or of each path of a group in braces.
fn heads(path: &str) -> Vec<String> {
    let name = |text: &str| -> String { text.trim_start().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect() };
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let mut depth = 0;
    let mut heads = BTreeSet::new();
    let mut order = Vec::new();
    let mut start = 0;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                let head = name(&group[start..at]);
                if !head.is_empty() && heads.insert(head.clone()) {
                    order.push(head);
                }
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    order
}

/// The code with comments and literals blanked, and the string literals.
fn split(text: &str) -> (String, Vec<(usize, String)>) {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut literals = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let rest = &letters[at..];
        let length = if rest.starts_with(&['/', '/']) {
            rest.iter().position(|letter| *letter == '\n').unwrap_or(rest.len())
        } else if rest.starts_with(&['/', '*']) {
            block_comment(rest)
        } else if let Some((open, hashes)) = raw_string(rest).filter(|_| at == 0 || !is_word(letters[at - 1])) {
            let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            let body = rest[open..].windows(close.len()).position(|window| window == close).unwrap_or(rest.len() - open);
            literals.push((code.matches('\n').count() + 1, rest[open..open + body].iter().collect()));
            (open + body + close.len()).min(rest.len())
        } else if rest[0] == '"' {
            let body = string(&rest[1..]);
            literals.push((code.matches('\n').count() + 1, rest[1..=body].iter().collect()));
            (body + 2).min(rest.len())
        } else if rest[0] == '\'' {
            character(rest)
        } else {
            0
        };
        if length == 0 {
            code.push(letters[at]);
            at += 1;
        } else {
            code.extend(rest[..length].iter().map(|letter| if *letter == '\n' { '\n' } else { ' ' }));
            at += length;
        }
    }
    (code, literals)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// Length of the opening of a raw string, and its number of hash signs.
fn raw_string(rest: &[char]) -> Option<(usize, usize)> {
    let prefix = if rest.starts_with(&['b', 'r']) { 2 } else { usize::from(rest[0] == 'r') };
    let hashes = rest[prefix.min(rest.len())..].iter().take_while(|letter| **letter == '#').count();
    (prefix > 0 && rest.get(prefix + hashes) == Some(&'"')).then_some((prefix + hashes + 1, hashes))
}

/// Length of the inside of a string.
fn string(rest: &[char]) -> usize {
    let mut at = 0;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    at.min(rest.len().saturating_sub(1))
}

/// Length of a character literal; none where the sign starts a lifetime.
fn character(rest: &[char]) -> usize {
    if rest.get(1) == Some(&'\\') {
        return rest.iter().skip(3).position(|letter| *letter == '\'').map_or(0, |end| end + 4);
    }
    if rest.get(2) == Some(&'\'') { 3 } else { 0 }
}
