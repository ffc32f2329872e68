//! The list of finding codes. A code is stable: it is what people filter, waive and look up.

use super::Severity::{self, Error, Info, Warning};

/// What a kind of finding means and what to do about it.
#[derive(Debug)]
pub struct Code {
    pub name: &'static str,
    /// The severity where `schemas/dataset.toml` sets no other.
    pub severity: Severity,
    /// Whether `schemas/dataset.toml` may set another: not where nothing sound could be made of the input, and not for personal data.
    pub settable: bool,
    /// One paragraph for `rollcall explain CODE`.
    pub meaning: &'static str,
    /// A finding as it is printed, and what puts it right.
    pub example: &'static str,
}

macro_rules! codes {
    (@settable) => { true };
    (@settable always) => { false };
    ($($constant:ident = $name:literal, $severity:ident $($always:ident)?, $meaning:literal, $example:literal;)*) => {
        /// Every code as a constant, so that a misspelt one does not compile.
        pub mod code {
            use super::{Code, Error, Info, Warning};
            $(pub const $constant: &Code = &Code {
                name: $name,
                severity: $severity,
                settable: codes!(@settable $($always)?),
                meaning: $meaning,
                example: $example,
            };)*
        }
        /// All codes, in the order of the flow.
        pub const CODES: &[&Code] = &[$(code::$constant),*];
    };
}

codes! {
    RAW_MISSING = "raw-missing", Error always,
        "The folder of sources does not exist or holds no text, so that there is nothing to read and nothing to publish. Rollcall reads texts, web pages and files of records, at any depth. Put texts into the folder, or name another one with --raw.",
        "raw: error[raw-missing]: the folder holds no text (.txt, .html, .htm, .jsonl, .parquet, .arrow)\n  → mkdir -p raw && cp ~/texts/*.txt raw/";
    SOURCE_EMPTY = "source-empty", Error,
        "A source has no text, or more bytes than can be read. An empty file is mostly a conversion that failed: publishing without it would make its rows vanish. Remove the file, or put the text back.",
        "raw/leaflet.txt: error[source-empty]: the file has no text\n  → git checkout raw/leaflet.txt";
    SOURCE_NOT_UTF8 = "source-not-utf8", Error always,
        "A source is not UTF-8. Encodings are never guessed, since a wrong guess spoils names in silence; the finding gives the first byte that does not fit and its line. Convert the file, for instance with iconv, and look at the names in it.",
        "raw/latin.txt:3:2: error[source-not-utf8]: byte 10 is 0xf4, which is not UTF-8\n  → iconv -f WINDOWS-1252 -t UTF-8 latin.txt > utf8.txt";
    FILE_NOT_READ = "file-not-read", Warning,
        "A file in the folder of sources is of a kind that is not read, so that nothing in it is published: a PDF file, a document of a word processor, a picture. There is one finding for each kind, which names the first file and says how many there are. Save it as text or as a web page beside the others, or move it out of the folder.",
        "raw/leaflet.pdf: warning[file-not-read]: files that end in .pdf are not read (3 here), only .txt, .html, .htm, .jsonl, .parquet, .arrow\n  → pdftotext -layout raw/leaflet.pdf raw/leaflet.txt";
    SOURCE_UNREGISTERED = "source-unregistered", Warning,
        "A source has no entry in the registry. It is read all the same, but its title, publisher, language and day are made up from the file, and a number in it cannot be checked as of a day. Add an entry to sources.toml.",
        "raw/leaflet.txt: warning[source-unregistered]: source \"leaflet\" is not registered\n  → [[source]]  id = \"leaflet\"  title = …  in raw/sources.toml";
    SOURCE_FORMAT = "source-format", Error,
        "A file that was to be added is of a format that is not read, or its name makes no id. Ids stand in published tables and never change, so that they are made of plain letters and digits. Save the file as text or HTML under another name.",
        "minutes.docx: error[source-format]: a source is one of .txt, .html\n  → save it as minutes.txt";
    SOURCE_DUPLICATE = "source-duplicate", Error,
        "A file that was to be added is among the sources already, by its bytes or by its id. One text that is read twice would confirm itself. Leave it out, or rename it if it is another text.",
        "copy.txt: error[source-duplicate]: the same bytes as raw/forum.txt\n  → leave it out";
    RECORD_INVALID = "record-invalid", Warning,
        "A record of a file with many texts (JSONL, Parquet, Arrow) is not what it should be: no JSON, no id, no text, a day or language in another form, or an id that stands twice. It is left out, and the others are read. With --strict the run stops at the first; without it a share of such records above the limit of schemas/dataset.toml stops the release.",
        "raw/crawl.jsonl:17:1: warning[record-invalid]: the record is left out: it has no id\n  → {\"id\": \"page-17\", \"text\": …}";
    RECORDS_UNREADABLE = "records-unreadable", Error,
        "A file with many texts cannot be read, or not to its end: it is cut, damaged, compressed in another way than its name says, or has no columns id and text. What came before the damage was read, what comes behind it is missing. Put the whole file back.",
        "raw/crawl.jsonl.gz:90412:1: error[records-unreadable]: the rest of the file cannot be read: unexpected end of file\n  → copy the file again";
    RECORDS_LEFT_OUT = "records-left-out", Error,
        "A larger share of the records of all files was left out than schemas/dataset.toml allows. A few bad records in a crawl are normal; many of them mean that something else is wrong, and a release without them would lose their rows. Mend what record-invalid names, or allow a larger share.",
        "raw: error[records-left-out]: 120 of 1000 records are left out, 12.0 per cent, expected at most 1.0 per cent\n  → records_left_out = 0.15 in schemas/dataset.toml";
    RECORDS_UNFIT = "records-unfit", Error always,
        "A file of records that an earlier run wrote (publish --records) cannot be what is published: its end record is missing, so that rows may be too; it says another number of documents or records than there are; another program or other schemas made it; or it read a document in another language than the registry says. Run rollcall extract --stdin arrow --stdout arrow over those documents again, with this program and these schemas, and keep its output only where it exits with 0.",
        "records/part-7.arrows: error[records-unfit]: there is no end record: the stream was cut, or the run that wrote it failed\n  → make the records of those documents again";
    REGISTRY_ENTRY_WITHOUT_FILE = "registry-entry-without-file", Error,
        "The registry has an entry for a text that is not in the folder. Without the text every row that it states would be removed from the next release. Put the file back, or remove the entry where that is what you want.",
        "raw/sources.toml:9:1: error[registry-entry-without-file]: source \"slides\" is registered, but there is no such text in raw\n  → put raw/slides.txt back, or remove the entry";
    REGISTRY_INVALID = "registry-invalid", Error always,
        "The registry of sources cannot be read as what it should be: an entry lacks a field, has one that is not known, says something in another form, or stands twice. The finding names the field, what it says and what it should say.",
        "raw/sources.toml:5:9: error[registry-invalid]: source \"slides\": as_of is \"last May\", expected a day, month or year as 2014-10-15, 2014-10 or 2014\n  → as_of = \"2014-05\"";
    SCHEMA_INVALID = "schema-invalid", Error always,
        "A file below schemas/ cannot be read as what it should be: a wrong type, an unknown key, a missing column, a value outside its list, an id that stands twice or that is not declared. Nothing is read or published while one of them is open, because a rule that is not understood would be a check that never ran.",
        "schemas/reference/group_members.csv:7:9: error[schema-invalid]: invalid value: string \"2014-13-01\", expected a day as 2014-10-15\n  → correct the day in column valid_from";
    SCHEMA_PATTERN = "schema-pattern", Error always,
        "A pattern in a table schema is no regular expression, so that the column cannot be checked. Patterns speak of the whole value: anchors are not needed.",
        "schemas/tables/sources.json:88:22: error[schema-pattern]: the pattern of column \"sha256\" is no regular expression: unclosed character class\n  → \"pattern\": \"[0-9a-f]{64}\"";
    COUNTRY_UNKNOWN = "country-unknown", Error,
        "A list of states has a name that is neither a country nor an organisation we know. In a list that may have organisations too, it is a short name between states that says nothing of an organisation. Unknown names are not kept with a shrug: a row without its country is a row that nobody finds. Correct the source where it is a misprint, or add the name to schemas/reference/aliases.csv; the hint has the line to paste and the nearest known names.",
        "raw/list.txt:31:3: error[country-unknown]: \"Narnia\" is no country or organisation we know\n  → add to schemas/reference/aliases.csv: Narnia,<alpha-3 code>,";
    MEMBER_UNKNOWN = "member-unknown", Warning,
        "A list that is mostly states has a short name that is neither a country nor an organisation we know, and nothing in it tells which it is. It is published as an organisation. Correct the source where it is a misprint or the rest of a line that broke, or add the name to schemas/reference/organizations.csv, or to schemas/reference/aliases.csv where it is a state.",
        "raw/list.txt:14:3: warning[member-unknown]: \"Tarandir\" is no country or organisation we know, and is published as an organisation\n  → add it to schemas/reference/organizations.csv";
    COUNTRY_AMBIGUOUS = "country-ambiguous", Error,
        "A name can mean more than one country, and nothing in the text says which. Say which one is meant in schemas/reference/aliases.csv.",
        "raw/list.txt:12:3: error[country-ambiguous]: \"Ruritania\" can be Lower Ruritania or Upper Ruritania\n  → Ruritania,<alpha-3 code>,the lower one throughout our texts";
    ALIAS_UNUSED = "alias-unused", Info,
        "No source uses a name in schemas/reference/aliases.csv. Either the text that had it is gone, or it writes the name otherwise and is not helped by the alias. Remove the line, or write the name as the source does.",
        "schemas/reference/aliases.csv:4:1: info[alias-unused]: no source uses \"Korea Rep\" for KOR\n  → remove line 4";
    DATE_AMBIGUOUS = "date-ambiguous", Warning,
        "A numeric date can be read day first or month first, as 3/4/2014. Day first is taken. Where the source means the other day, correct the cell in schemas/corrections.toml, with the reason.",
        "raw/minutes.txt:8:14: warning[date-ambiguous]: \"03/04/2014\" is read as 2014-04-03, month first it is another day\n  → [[correction]]  table = \"meetings\"  column = \"start_date\"  from = \"2014-04-03\"  to = \"2014-03-04\" …";
    LINE_UNREAD = "line-unread", Info,
        "No extractor reads this list item or table row, and no rule says why not. Its facts are missing from the data. Add the heading above it to schemas/vocabulary, or list the line in schemas/ignored.toml with a reason.",
        "raw/leaflet.txt:6:1: info[line-unread]: no extractor reads this line under \"Participants\"\n  → add \"participants\" to a role in schemas/vocabulary/en/roles.toml";
    PERSONAL_WITHHELD = "personal-withheld", Info,
        "Values that belong to private persons (mail addresses, phone numbers, handles, addresses of persons) were found in a source and withheld from every output. The finding says how many, never what. Nothing needs to be done; where an office was taken for a person, add its mailbox to schemas/vocabulary.",
        "raw/contacts.txt: info[personal-withheld]: 3 personal values were found and withheld\n  → sources.withheld says the same in the release";
    ROLE_UNPUBLISHED = "role-unpublished", Info,
        "A record has a role that the published tables do not know, so that it gives no row. Add the role to the enumeration of its table, or map the heading to another role in schemas/vocabulary.",
        "raw/list.txt:9:1: info[role-unpublished]: \"rapporteur\" is no role of memberships\n  → add it to \"enum\" in schemas/tables/memberships.json";
    COUNT_CONTRADICTED = "count-contradicted", Warning,
        "A source states a number of members that the lists do not give on that day. Nothing is corrected: the statement is published as contradicted, and where another source gives the list, the table conflicts has both sides. Look whether a list is incomplete, a name was not read, or the source is wrong.",
        "raw/slides.txt:206:1: warning[count-contradicted]: 9 members as of 2013-11-26, the lists give 10\n  → compare the lists named in conflicts.csv with the text";
    BLOCK_CUT = "block-cut", Warning,
        "So many records look alike that not each was held against every other, but only against those that stand nearest to it in the order of their days. One thing that many sources tell of may then stand in several rows. Look for a name that says too little, such as \"Annual Meeting\" without a dialogue or a day.",
        "schemas/tables/meetings.json: warning[block-cut]: 250 records of meetings were compared with the 1000 nearest of like ones only\n  → give the dialogue its heading, or the meetings their days";
    SOURCES_DISAGREE = "sources-disagree", Info,
        "Two sources say different things about one cell. The row has the value of the later one; both are in the table conflicts, with the evidence of each.",
        "raw/slides.txt:225:1: info[sources-disagree]: city of meeting example--2: \"Brussels\", another source says \"Antwerp\"\n  → look at both lines; correct a misprint in schemas/corrections.toml";
    CORRECTION_UNMATCHED = "correction-unmatched", Error,
        "A correction does not find what it expects: a source or a rule changed under it. A correction that silently stopped to apply would bring the old mistake back. Look at what changed, then mend or remove it.",
        "schemas/corrections.toml:3:1: error[correction-unmatched]: city of meetings: expected \"Brusels\" in 1 rows, the row has \"Bruxelles\"\n  → from = \"Bruxelles\"";
    CORRECTION_UNNEEDED = "correction-unneeded", Error,
        "The rows have the value of a correction without it: the source was mended, or a rule reads it right by now. Remove the correction from schemas/corrections.toml, so that it does not hide the next mistake.",
        "schemas/corrections.toml:3:1: error[correction-unneeded]: city of meetings is \"Brussels\" without the correction\n  → remove the entry";
    ROW_INVALID = "row-invalid", Error,
        "A row breaks the schema of its table: a required value is missing, a value is outside its type, enumeration, pattern or range, or columns that belong together do not. The place is the line of the source that says the value; the message says what it is and what it should be.",
        "raw/list.txt:73:3: error[row-invalid]: memberships example--npl--member: role is \"boss\", expected one of member, observer\n  → mend the heading's role in schemas/vocabulary, or the schema";
    KEY_DUPLICATE = "key-duplicate", Error always,
        "Two rows of a table have the same key, or a unique column has one value twice, or rows are out of the order of their key. Ids are made from what the rows say, so that two rows of one key say that one thing was taken for two.",
        "schemas/reference/groups.csv:7:1: error[key-duplicate]: groups gulf-states: another row has the same key\n  → remove one of the rows from schemas/reference/groups.csv";
    REFERENCE_DANGLING = "reference-dangling", Error,
        "A row refers to a key that the other table does not have, so that a join would lose the row. Add what it refers to, or mend the value.",
        "raw/list.txt:12:3: error[reference-dangling]: memberships example--xxx--member: iso3 is \"XXX\", which countries does not have\n  → add the code to schemas/reference/countries.csv";
    TABLE_EMPTY = "table-empty", Error,
        "A table has no row at all, so that none of its rules proves anything: in the table checks they have not run. A table that may be empty says \"allowEmpty\": true in its schema; of the others an empty one means that something was not read. Put the rows back, or say that it may be empty.",
        "schemas/tables/group_members.json:2:11: error[table-empty]: group_members has no row\n  → git checkout schemas/reference/group_members.csv";
    EVIDENCE_MISSING = "evidence-missing", Error,
        "A cell that a source is said to state has no line that says it, or evidence speaks of a cell that there is not. Every stated cell must lead back to bytes of a source. Mend the rule that made the cell, or the origin of its column in schemas/tables/.",
        "raw/list.txt:12:3: error[evidence-missing]: memberships example--npl--member: no line says its role_text\n  → \"origin\": \"derived\" where the column is made from others";
    FORMULA_CELL = "formula-cell", Warning,
        "A cell starts like a formula of a spreadsheet (=, +, -, @), which runs it when somebody opens the CSV. It is published as it is in the source: import the CSV as text, or take the Parquet. Phone numbers are not told of.",
        "raw/list.txt:40:1: warning[formula-cell]: text of themes example--topic--0a1b2c3d starts with \"=\", which a spreadsheet runs\n  → import themes.csv with all columns as text";
    PERSONAL_DATA = "personal-data", Error always,
        "A text that would be published holds an address, a number or a handle that is not one of an office. Nothing is published while it is there. The finding says the kind and the place, never the text. Withhold it: mend the rule that read it, the owner of the contact, or the field of the registry that has it.",
        "raw/list.txt:51:1: error[personal-data]: title of sources list holds personal data: 1 of kind email\n  → title = \"Contacts of the forum\" in raw/sources.toml";
    COUNT_DIFFERS = "count-differs", Error,
        "A number of rows differs from what schemas/expectations.toml says for that day. Where the expectation cites a sentence, three numbers are compared: the rows, the number in the sentence and the number expected; the hint says which of them moved and names what is missing or too many.",
        "schemas/expectations.toml:5:1: error[count-differs]: memberships of example: 38, expected 39 as of 2014-10-15\n  → put the line of the state back that the hint names";
    SET_DIFFERS = "set-differs", Error,
        "A set of values differs from what schemas/expectations.toml says for that day. The hint names what is lacking and what is not expected.",
        "schemas/expectations.toml:65:1: error[set-differs]: iso3 of memberships of example with role observer: 7 values, expected 7 values\n  → the list lacks QAT; the list has OMN, which is not expected";
    SUM_DIFFERS = "sum-differs", Error,
        "Numbers of other expectations that should add up do not: a member is in none of the parts, or in more than one. Compare the lists of the parts with the whole.",
        "schemas/expectations.toml:33:1: error[sum-differs]: one + two: 27 + 11 = 38, expected 39, the number of all\n  → look which member has no group";
    ROWS_NOT_UNIQUE = "rows-not-unique", Error,
        "Rows that should differ in some columns are alike in them. The hint names the first. Mostly one thing was read twice under two ids.",
        "schemas/expectations.toml:9:1: error[rows-not-unique]: memberships of example: 1 rows have the iso3 and role of another\n  → give both names one id in schemas/reference";
    FILL_RATE_LOW = "fill-rate-low", Error,
        "Fewer rows have a value in a column than schemas/expectations.toml asks for. Either a rule stopped reading it, or new texts do not say it; in the latter case the expectation needs another share, with its day and reason.",
        "schemas/expectations.toml:12:1: error[fill-rate-low]: city of meetings: 40.0 per cent filled, expected at least 60.0 per cent\n  → fill_rate = { column = \"city\", at_least = 0.4 }";
    CLAIM_NOT_FOUND = "claim-not-found", Error,
        "The sentence that an expectation cites is no longer in its source, so that nothing supports the number. The text was changed or removed: correct the claim, or the text. The line of a claim is found, never declared.",
        "schemas/expectations.toml:5:1: error[claim-not-found]: the claim \"39 Member States\" is not in raw/list.txt\n  → claim = { source = \"list\", text = \"40 Member States\" }";
    CLAIM_DIFFERS = "claim-differs", Error,
        "The number in the cited sentence differs from the number expected, while the rows agree with the expectation: the sentence moved. Correct the text where it was spoilt, or the expectation and the list where the source was brought up to date.",
        "schemas/expectations.toml:24:1: error[claim-differs]: memberships via a-process: the source says 12, the rows and the expectation say 11\n  → add the twelfth state to the list, and equals = 12";
    EXPECTATION_EMPTY = "expectation-empty", Error,
        "An expectation looked at no row at all, so that it proves nothing. Mend its filter, or say allow_empty = true where no row is fine.",
        "schemas/expectations.toml:1:1: error[expectation-empty]: memberships of nowhere: no row at all, expected 0 alike\n  → where = { dialogue_id = \"somewhere\" }";
    EXPECTATION_UNFIT = "expectation-unfit", Error,
        "An expectation cannot be looked at: it names a column that the table does not have, or a day where the rows of the table have no terms. Name a column that `rollcall schema TABLE` lists, or leave the day out.",
        "schemas/expectations.toml:1:1: error[expectation-unfit]: expectation \"a\": memberships has no column \"state\"\n  → where = { iso3 = \"XXX\" }";
    UNREAD_SHARE_HIGH = "unread-share-high", Error,
        "A larger share of the sources is unread than schemas/expectations.toml allows. Add headings to schemas/vocabulary, or list the lines in schemas/ignored.toml with a reason; line-unread says which they are.",
        "schemas/expectations.toml:97:1: error[unread-share-high]: coverage: 31.0 per cent unread, expected at most 25.0 per cent\n  → add the headings named by line-unread";
    ROWS_REMOVED = "rows-removed", Error,
        "More rows of the last release are gone than the budget in schemas/expectations.toml. People have linked to those rows. If they are gone for a reason, list them in schemas/renames.toml with it, which makes a tombstone of each; else find out why they are no longer read.",
        "schemas/expectations.toml:90:1: error[rows-removed]: memberships: 7 rows of the last release are gone, expected at most 5\n  → [[withdrawn]]  table = \"memberships\"  row_id = …  last_version = …  reason = …";
    CHECK_NOT_RUN = "check-not-run", Error,
        "A declared check did not run, so that it proves nothing although it found nothing. The message says why; in the table checks its outcome is not_run.",
        "schemas/expectations.toml:13:1: error[check-not-run]: expectation \"sum\" adds up others that measured no number\n  → let its parts be expectations with equals";
    WAIVER_EXPIRED = "waiver-expired", Error,
        "A waiver is past its last day, and the check that it excused still fails. Mend what it excused, or give it another day and reason.",
        "schemas/expectations.toml:8:1: error[waiver-expired]: the waiver of \"a\" held until 2025-12-31\n  → mend the list, then remove the waiver";
    WAIVER_UNUSED = "waiver-unused", Warning,
        "A waiver excuses a check that passes or does not exist. Remove it, or it will hide the next failure of that check.",
        "schemas/expectations.toml:8:1: warning[waiver-unused]: the waiver of \"a\" excuses nothing: no such check fails\n  → remove the [[waiver]]";
}

/// The code of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Code> {
    CODES.iter().copied().find(|code| code.name == name)
}
