//! Strangers: members of a list that are neither a country nor a body that we know, and of which nothing says that they are bodies.
//!
//! In: the drafts of a document with their codes, and what its names say. Out: for each member that may be a misprint or a state that
//! there is not, what it is taken for. A real body that nobody knows must not stop a release nor become a state: a name has to be within
//! an edit or two of a country's, or short and with states on either side of it. At the end of such a list a short name may be a body.

use std::ops::Range;

use super::LIST;
use crate::model::record::Draft;

/// What a member that nobody knows is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stranger {
    /// A country that is misspelt, or one that there is not.
    State,
    /// A body, for want of a sign that it is none.
    Body,
}

/// What the name of a member says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A word, an acronym or an id tells of a body.
    Body,
    /// Written much like a country.
    Misspelt,
    /// One or two words that say nothing.
    Plain,
    /// A longer name without the word of a body.
    Long,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    State,
    Other(Look),
}

/// The strangers among the members of a document, by the position of their drafts. `look` is asked only where it matters.
pub fn find(drafts: &[Draft], mut look: impl FnMut(&Draft) -> Look) -> Vec<(usize, Stranger)> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < drafts.len() {
        let list = start..drafts[start..].iter().position(|draft| !is_of_list(&drafts[start], draft)).map_or(drafts.len(), |at| start + at);
        start = list.end;
        let listed = &drafts[list.clone()];
        if listed[0].table == "memberships" && listed.iter().any(|draft| !is_state(draft) && !is_known(draft)) {
            let members: Vec<Member> = listed.iter().map(|draft| member(draft, &mut look)).collect();
            found.extend(among(&members).into_iter().map(|(at, stranger)| (list.start + at, stranger)));
        }
    }
    found
}

fn is_of_list(first: &Draft, draft: &Draft) -> bool {
    draft.table == first.table && draft.rule == first.rule && LIST.iter().all(|column| draft.text(column) == first.text(column))
}

fn is_state(draft: &Draft) -> bool {
    draft.text("party") == Some("state")
}

fn is_known(draft: &Draft) -> bool {
    draft.text("party") == Some("group") || draft.text("organization_id").is_some()
}

fn member(draft: &Draft, look: &mut impl FnMut(&Draft) -> Look) -> Member {
    if is_state(draft) {
        Member::State
    } else if is_known(draft) {
        Member::Other(Look::Body)
    } else {
        Member::Other(look(draft))
    }
}

/// The strangers of one list.
fn among(members: &[Member]) -> Vec<(usize, Stranger)> {
    let is_misspelt = |member: &Member| *member == Member::Other(Look::Misspelt);
    let states = members.iter().filter(|member| **member == Member::State).count();
    // In a list of bodies alone a name like a country's is an accident.
    let has_states = states > 0 || members.iter().all(is_misspelt);
    let mut found: Vec<(usize, Stranger)> = Vec::new();
    if has_states {
        found.extend(members.iter().enumerate().filter(|(_, member)| is_misspelt(member)).map(|(at, _)| (at, Stranger::State)));
    }
    let may_be_state = |member: &Member| matches!(member, Member::State | Member::Other(Look::Plain | Look::Misspelt));
    let mut at = 0;
    while at < members.len() {
        let end = members[at..].iter().position(|member| !may_be_state(member)).map_or(members.len(), |length| at + length);
        found.extend(within(&members[at..end]).into_iter().map(|(place, stranger)| (at + place, stranger)));
        at = end + 1;
    }
    found.sort_unstable_by_key(|(place, _)| *place);
    found
}

/// States for each name that says nothing, of which it is one.
const STATES: usize = 3;

/// The plain names of a stretch of states: those with a state on either side, and those before the first or behind the last.
fn within(stretch: &[Member]) -> Vec<(usize, Stranger)> {
    let is_plain = |at: &usize| stretch[*at] == Member::Other(Look::Plain);
    let Some(inner) = first_to_last(stretch, |member| *member == Member::State) else { return Vec::new() };
    let plain: Vec<usize> = (0..stretch.len()).filter(is_plain).collect();
    let states = stretch.len() - plain.len();
    let between = plain.iter().filter(|at| inner.contains(at)).count();
    let taken_for = |at: usize| if inner.contains(&at) && states >= STATES * between { Stranger::State } else { Stranger::Body };
    if states > plain.len() { plain.iter().map(|&at| (at, taken_for(at))).collect() } else { Vec::new() }
}

fn first_to_last(stretch: &[Member], of: impl Fn(&Member) -> bool) -> Option<Range<usize>> {
    Some(stretch.iter().position(&of)?..stretch.iter().rposition(of)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `s` a state, `b` a body, `m` misspelt, `p` plain, `l` a longer name; capitals of what is found: `S` a state, `B` a body.
    fn read(list: &str) -> String {
        let members: Vec<Member> = list
            .chars()
            .map(|sign| match sign {
                's' => Member::State,
                'b' => Member::Other(Look::Body),
                'm' => Member::Other(Look::Misspelt),
                'p' => Member::Other(Look::Plain),
                _ => Member::Other(Look::Long),
            })
            .collect();
        let mut signs: Vec<char> = list.chars().collect();
        for (at, stranger) in among(&members) {
            signs[at] = if stranger == Stranger::State { 'S' } else { 'B' };
        }
        signs.into_iter().collect()
    }

    #[test]
    fn a_misspelt_name_is_a_state_wherever_states_are_listed() {
        assert_eq!(read("sms"), "sSs");
        assert_eq!(read("sbbbbm"), "sbbbbS");
        assert_eq!(read("m"), "S");
        assert_eq!(read("bmpb"), "bmpb");
    }

    #[test]
    fn a_name_that_says_nothing_is_a_state_between_enough_states() {
        assert_eq!(read("sps"), "sBs");
        assert_eq!(read("spss"), "sSss");
        assert_eq!(read("smpsp"), "sSSsB");
        assert_eq!(read("ssppssss"), "ssSSssss");
        assert_eq!(read("ssppss"), "ssBBss");
    }

    #[test]
    fn behind_the_states_or_among_bodies_it_may_be_a_body() {
        assert_eq!(read("sssspbb"), "ssssBbb");
        assert_eq!(read("pssss"), "Bssss");
        assert_eq!(read("ssssbpbs"), "ssssbpbs");
        assert_eq!(read("spbp"), "spbp");
        assert_eq!(read("bpplb"), "bpplb");
    }

    #[test]
    fn a_longer_name_is_a_body() {
        assert_eq!(read("sslsss"), "sslsss");
    }
}
