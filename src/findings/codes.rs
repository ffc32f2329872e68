//! The list of finding codes. A code is stable: it is what people filter, waive and look up.

use super::Severity::{self, Error, Info, Warning};

/// What a kind of finding means and what to do about it.
#[derive(Debug)]
pub struct Code {
    pub name: &'static str,
    pub severity: Severity,
    /// One paragraph for `rollcall explain CODE`.
    pub meaning: &'static str,
}

macro_rules! codes {
    ($($constant:ident = $name:literal, $severity:ident, $meaning:literal;)*) => {
        /// Every code as a constant, so that a misspelt one does not compile.
        pub mod code {
            use super::{Code, Error, Info, Warning};
            const _: [super::Severity; 3] = [Error, Warning, Info];
            $(pub const $constant: &Code = &Code { name: $name, severity: $severity, meaning: $meaning };)*
        }
        /// All codes, in the order of the flow.
        pub const CODES: &[&Code] = &[$(code::$constant),*];
    };
}

codes! {
    RAW_MISSING = "raw-missing", Error, "The folder of sources does not exist or holds no text. Put texts into it, or name another folder with --raw.";
    SOURCE_EMPTY = "source-empty", Error, "A source has no text. Remove the file, or put the text back.";
    SOURCE_NOT_UTF8 = "source-not-utf8", Error, "A source is not UTF-8. Encodings are never guessed: convert the file, for instance with iconv, and check the names in it.";
    SOURCE_UNREGISTERED = "source-unregistered", Warning, "A source has no entry in the registry, so that its title, publisher, language and day are made up from the file. Add an entry to sources.toml.";
    SOURCE_FORMAT = "source-format", Error, "A file that was to be added is of a format that is not read, or its name makes no id. Save it as text or HTML under another name.";
    SOURCE_DUPLICATE = "source-duplicate", Error, "A file that was to be added is among the sources already, by its bytes or by its id. Leave it out, or rename it if it is another text.";
    REGISTRY_ENTRY_WITHOUT_FILE = "registry-entry-without-file", Error, "The registry has an entry for a text that is not in the folder. Put the file back, or remove the entry: its rows would vanish.";
    REGISTRY_INVALID = "registry-invalid", Error, "An entry of the registry does not say what it must, or says it in another form.";
    SCHEMA_INVALID = "schema-invalid", Error, "A file below schemas/ cannot be read as what it should be: wrong type, unknown key, missing column, value outside its list.";
    COUNTRY_UNKNOWN = "country-unknown", Error, "A list of states has a name that is neither a country nor an organisation we know. Correct the source, or add the name to schemas/reference/aliases.csv.";
    COUNTRY_AMBIGUOUS = "country-ambiguous", Error, "A name can mean more than one country. Say which one in schemas/reference/aliases.csv.";
    ALIAS_UNUSED = "alias-unused", Info, "No source uses a name in schemas/reference/aliases.csv. Remove it, or see whether the source writes it otherwise.";
    DATE_AMBIGUOUS = "date-ambiguous", Warning, "A numeric date can be read day first or month first. Day first is taken.";
    LINE_UNREAD = "line-unread", Info, "No extractor reads this line. Add the heading above it to schemas/vocabulary, or list the line in schemas/ignored.toml with a reason.";
    PERSONAL_WITHHELD = "personal-withheld", Info, "Values that belong to private persons were found and withheld from every output.";
    ROW_INVALID = "row-invalid", Error, "A row breaks the schema of its table: a required value is missing, a value is outside its enumeration, pattern or range.";
    KEY_DUPLICATE = "key-duplicate", Error, "Two rows of a table have the same key.";
    REFERENCE_DANGLING = "reference-dangling", Error, "A row refers to a key that the other table does not have.";
    COUNT_DIFFERS = "count-differs", Error, "A number of rows differs from what schemas/expectations.toml says for that day.";
    SET_DIFFERS = "set-differs", Error, "A set of values differs from what schemas/expectations.toml says for that day.";
    CLAIM_NOT_FOUND = "claim-not-found", Error, "The sentence that an expectation cites is no longer in its source.";
    CLAIM_DIFFERS = "claim-differs", Error, "The number in the cited sentence differs from the number expected.";
    EXPECTATION_EMPTY = "expectation-empty", Error, "An expectation looked at no row at all, so that it proves nothing.";
    COUNT_CONTRADICTED = "count-contradicted", Warning, "A source states a number of members that the lists do not give. Both are published; see the table conflicts.";
    ROLE_UNPUBLISHED = "role-unpublished", Info, "A record has a role that the published tables do not know, so that it gives no row. Add the role to the enumeration of its table, or map the heading to another role in schemas/vocabulary.";
    SOURCES_DISAGREE = "sources-disagree", Info, "Two sources say different things about one cell. The row has the value of the later one; both are in the table conflicts.";
    EVIDENCE_MISSING = "evidence-missing", Error, "A cell that a source is said to state has no line that says it.";
    SCHEMA_PATTERN = "schema-pattern", Error, "A pattern in a table schema is no regular expression.";
    EXPECTATION_UNFIT = "expectation-unfit", Error, "An expectation cannot be looked at: it names a column that the table does not have, a day where the table has no terms, or another expectation that did not run.";
    SUM_DIFFERS = "sum-differs", Error, "Numbers that should add up do not.";
    ROWS_NOT_UNIQUE = "rows-not-unique", Error, "Rows that should differ in some columns are alike in them.";
    FILL_RATE_LOW = "fill-rate-low", Error, "Fewer rows have a value in a column than schemas/expectations.toml asks for.";
    UNREAD_SHARE_HIGH = "unread-share-high", Error, "A larger share of the sources is unread than schemas/expectations.toml allows. Add headings to schemas/vocabulary, or list the lines in schemas/ignored.toml with a reason.";
    ROWS_REMOVED = "rows-removed", Error, "More rows of the last release are gone than schemas/expectations.toml allows. If that is right, list them in schemas/renames.toml with the reason.";
    CORRECTION_UNMATCHED = "correction-unmatched", Error, "A correction does not find what it expects: a source or a rule changed under it. Look at what changed, then mend or remove it.";
    CORRECTION_UNNEEDED = "correction-unneeded", Error, "The rows have the value of a correction without it. Remove it from schemas/corrections.toml.";
    PERSONAL_DATA = "personal-data", Error, "A text that would be published holds an address, a number or a handle that is not one of an office. The finding says the kind and the place, never the text.";
    CHECK_NOT_RUN = "check-not-run", Error, "A declared check did not run, so that it proves nothing.";
    WAIVER_EXPIRED = "waiver-expired", Error, "A waiver is past its last day. Mend what it excused, or give it another day and reason.";
    WAIVER_UNUSED = "waiver-unused", Warning, "A waiver excuses a check that passes or does not exist. Remove it.";
    FORMULA_CELL = "formula-cell", Warning, "A cell starts like a spreadsheet formula. It is published as it is: import the CSV as text.";
}
