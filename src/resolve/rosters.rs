//! Rosters: who takes part on a day by which source, groups expanded. These are questions over all records, asked of polars.
//!
//! A group that is named as one member stands for the states that are in it on that day, by `group_members`. Days are numbers here,
//! counted from 1970-01-01, and "no end" is the largest of them: comparisons then need no special cases.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use polars::prelude::{
    DataFrame, IntoLazy, JoinArgs, JoinType, LazyFrame, PolarsResult, SortMultipleOptions, UnionArgs, UniqueKeepStrategy, col, concat, df, lit,
};

use super::memberships::{Member, Stated};
use crate::error::Error;
use crate::model::date::Period;
use crate::model::frame::day_number;
use crate::model::schemas::Schemas;

/// The day that never comes.
const NEVER: i32 = i32::MAX;
/// The day before all days.
const ALWAYS: i32 = i32::MIN;

/// A count of members to be compared with rosters.
#[derive(Clone, Debug)]
pub struct Question {
    pub id: String,
    pub dialogue_id: String,
    pub role: String,
    /// `state` or `organization`; none where either is meant.
    pub member_type: Option<String>,
    /// Only members that are in this group on the day.
    pub group: Option<String>,
    /// Only members that are not in this group on the day.
    pub less: Option<String>,
    pub period: Period,
}

/// The members that one source gives for one question on one day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Roster {
    pub day: i32,
    pub source_id: String,
    pub members: Vec<String>,
}

/// Memberships and group members as frames.
#[derive(Clone, Debug)]
pub struct Rosters {
    members: DataFrame,
    groups: DataFrame,
    /// Days on which some group changes.
    changes: Vec<NaiveDate>,
}

impl Rosters {
    /// The memberships of those dialogues and roles of which some source states a number: of others nothing is asked.
    ///
    /// # Errors
    /// `Fault` where polars cannot make the frames.
    pub fn new(stated: &[Stated<'_>], counted: &BTreeSet<(&str, &str)>, schemas: &Schemas) -> Result<Self, Error> {
        let asked: Vec<&Stated<'_>> = stated.iter().filter(|row| counted.contains(&(row.dialogue_id.as_str(), row.role.as_str()))).collect();
        Self::frames(&asked, schemas).map_err(fault)
    }

    fn frames(stated: &[&Stated<'_>], schemas: &Schemas) -> PolarsResult<Self> {
        let column = |value: &dyn Fn(&Stated<'_>) -> String| stated.iter().map(|row| value(row)).collect::<Vec<_>>();
        let members = df!(
            "source" => column(&|row| row.reading.source().to_owned()),
            "dialogue" => column(&|row| row.dialogue_id.clone()),
            "role" => column(&|row| row.role.clone()),
            "type" => column(&|row| row.member.type_name().to_owned()),
            "member" => column(&|row| row.member.id().to_owned()),
            "from" => stated.iter().map(|row| row.term.0.map_or(ALWAYS, day_number)).collect::<Vec<_>>(),
            "to" => stated.iter().map(|row| row.term.1.map_or(NEVER, day_number)).collect::<Vec<_>>(),
        )?;
        let in_groups = &schemas.reference.group_members;
        let from: Vec<i32> = in_groups.iter().map(|row| day_number(row.valid_from)).collect();
        let to: Vec<i32> = in_groups.iter().map(|row| row.valid_to.map_or(NEVER, day_number)).collect();
        let mut changes: Vec<NaiveDate> = in_groups.iter().flat_map(|row| [Some(row.valid_from), row.valid_to]).flatten().collect();
        changes.sort_unstable();
        changes.dedup();
        let groups = df!(
            "of" => in_groups.iter().map(|row| row.group_id.as_str()).collect::<Vec<_>>(),
            "state" => in_groups.iter().map(|row| row.iso3.as_str()).collect::<Vec<_>>(),
            "in_from" => from,
            "in_to" => to,
        )?;
        Ok(Self { members, groups, changes })
    }

    /// The rosters for each question: one a source and day on which it could differ, in order of day and source.
    ///
    /// # Errors
    /// `Fault` where polars cannot carry out the query.
    pub fn answer(&self, questions: &[Question]) -> Result<BTreeMap<String, Vec<Roster>>, Error> {
        if questions.is_empty() {
            return Ok(BTreeMap::new());
        }
        let frame = self.asked(questions).and_then(|asked| self.query(asked.lazy())?.collect()).map_err(fault)?;
        rosters(&frame).map_err(fault)
    }

    /// The days of a period on which the answer can differ: its first, and each on which some group changes.
    #[must_use]
    pub fn days(&self, period: Period) -> Vec<NaiveDate> {
        let later = self.changes.iter().copied().filter(|day| period.start < *day && *day <= period.end);
        std::iter::once(period.start).chain(later).collect()
    }

    /// One row a question and day: the first day of its period, and each day in it on which a group changes.
    fn asked(&self, questions: &[Question]) -> PolarsResult<DataFrame> {
        let rows: Vec<(&Question, i32)> =
            questions.iter().flat_map(|question| self.days(question.period).into_iter().map(move |day| (question, day_number(day)))).collect();
        df!(
            "question" => rows.iter().map(|(question, _)| question.id.as_str()).collect::<Vec<_>>(),
            "asked_dialogue" => rows.iter().map(|(question, _)| question.dialogue_id.as_str()).collect::<Vec<_>>(),
            "asked_role" => rows.iter().map(|(question, _)| question.role.as_str()).collect::<Vec<_>>(),
            "asked_type" => rows.iter().map(|(question, _)| question.member_type.as_deref()).collect::<Vec<_>>(),
            "group" => rows.iter().map(|(question, _)| question.group.as_deref()).collect::<Vec<_>>(),
            "less" => rows.iter().map(|(question, _)| question.less.as_deref()).collect::<Vec<_>>(),
            "day" => rows.iter().map(|(_, day)| *day).collect::<Vec<_>>(),
        )
    }

    fn query(&self, asked: LazyFrame) -> PolarsResult<LazyFrame> {
        let on_day = |from: &str, to: &str| col(from).lt_eq(col("day")).and(col("day").lt(col(to)));
        let named = self
            .members
            .clone()
            .lazy()
            .join(asked, [col("dialogue"), col("role")], [col("asked_dialogue"), col("asked_role")], JoinArgs::new(JoinType::Inner))
            .filter(on_day("from", "to"));
        // Groups that are named as one member, as the states that they stand for on the day.
        let in_groups = self.groups.clone().lazy();
        let of_groups = named
            .clone()
            .filter(col("type").eq(lit("group")))
            .join(in_groups.clone(), [col("member")], [col("of")], JoinArgs::new(JoinType::Inner))
            .filter(on_day("in_from", "in_to"))
            .with_columns([lit("state").alias("type"), col("state").alias("member")])
            .select(COLUMNS.map(col));
        let single = named.filter(col("type").neq(lit("group"))).select(COLUMNS.map(col));
        let all = concat([single, of_groups], UnionArgs::default())?;
        let typed = all.filter(col("asked_type").is_null().or(col("asked_type").eq(col("type"))));
        let inside = |group: &str| {
            typed
                .clone()
                .filter(col(group).is_not_null())
                .join(in_groups.clone(), [col(group), col("member")], [col("of"), col("state")], JoinArgs::new(JoinType::Inner))
                .filter(on_day("in_from", "in_to"))
                .select(KEY.map(col))
        };
        let kept_in = typed.clone().filter(col("group").is_null()).select(KEY.map(col));
        let within = concat([kept_in, inside("group")], UnionArgs::default())?;
        Ok(within
            .join(inside("less"), KEY.map(col), KEY.map(col), JoinArgs::new(JoinType::Anti))
            .unique(None, UniqueKeepStrategy::Any)
            .sort(KEY, SortMultipleOptions::default()))
    }
}

const COLUMNS: [&str; 8] = ["question", "day", "source", "member", "type", "asked_type", "group", "less"];
const KEY: [&str; 4] = ["question", "day", "source", "member"];

/// Reads the sorted frame back into rosters.
fn rosters(frame: &DataFrame) -> PolarsResult<BTreeMap<String, Vec<Roster>>> {
    let questions = frame.column("question")?.str()?;
    let days = frame.column("day")?.i32()?;
    let sources = frame.column("source")?.str()?;
    let members = frame.column("member")?.str()?;
    let mut rosters: BTreeMap<String, Vec<Roster>> = BTreeMap::new();
    for at in 0..frame.height() {
        let (Some(question), Some(day), Some(source), Some(member)) = (questions.get(at), days.get(at), sources.get(at), members.get(at)) else {
            continue;
        };
        let own = rosters.entry(question.to_owned()).or_default();
        match own.last_mut() {
            Some(last) if last.day == day && last.source_id == source => last.members.push(member.to_owned()),
            _ => own.push(Roster { day, source_id: source.to_owned(), members: vec![member.to_owned()] }),
        }
    }
    Ok(rosters)
}

/// A count that names a group, and the source, dialogue and role that it is of.
#[derive(Clone, Debug)]
pub struct GroupCount {
    pub source_id: String,
    pub dialogue_id: String,
    pub role: String,
    pub group: String,
    pub period: Period,
}

/// The group through which each state takes part: the only one of those that the counts of its source name which has it on that day.
///
/// # Errors
/// `Fault` where polars cannot carry out the query.
pub fn via_groups(rosters: &Rosters, stated: &[Stated<'_>], counts: &[GroupCount]) -> Result<BTreeMap<String, String>, Error> {
    via_frame(rosters, stated, counts)
        .and_then(|frame| {
            let ids = frame.column("membership")?.str()?;
            let groups = frame.column("via")?.str()?;
            // In order of the day, so that the latest statement decides where sources differ.
            Ok((0..frame.height()).filter_map(|at| Some((ids.get(at)?.to_owned(), groups.get(at)?.to_owned()))).collect())
        })
        .map_err(fault)
}

fn via_frame(rosters: &Rosters, stated: &[Stated<'_>], counts: &[GroupCount]) -> PolarsResult<DataFrame> {
    // Most sources count nothing.
    let of_sources: BTreeSet<&str> = counts.iter().map(|count| count.source_id.as_str()).collect();
    let is_meant = |row: &&Stated<'_>| matches!(row.member, Member::State(_)) && of_sources.contains(row.reading.source());
    let states: Vec<&Stated<'_>> = stated.iter().filter(is_meant).collect();
    let column = |value: &dyn Fn(&Stated<'_>) -> String| states.iter().map(|row| value(row)).collect::<Vec<_>>();
    let memberships = df!(
        "membership" => column(&|row| row.membership_id.clone()),
        "source" => column(&|row| row.reading.source().to_owned()),
        "dialogue" => column(&|row| row.dialogue_id.clone()),
        "role" => column(&|row| row.role.clone()),
        "member" => column(&|row| row.member.id().to_owned()),
    )?;
    let counted = df!(
        "source" => counts.iter().map(|count| count.source_id.as_str()).collect::<Vec<_>>(),
        "dialogue" => counts.iter().map(|count| count.dialogue_id.as_str()).collect::<Vec<_>>(),
        "role" => counts.iter().map(|count| count.role.as_str()).collect::<Vec<_>>(),
        "of" => counts.iter().map(|count| count.group.as_str()).collect::<Vec<_>>(),
        "start" => counts.iter().map(|count| day_number(count.period.start)).collect::<Vec<_>>(),
        "end" => counts.iter().map(|count| day_number(count.period.end)).collect::<Vec<_>>(),
    )?;
    let on = ["source", "dialogue", "role"].map(col);
    memberships
        .lazy()
        .join(counted.lazy(), on.clone(), on, JoinArgs::new(JoinType::Inner))
        .join(rosters.groups.clone().lazy(), ["of", "member"].map(col), ["of", "state"].map(col), JoinArgs::new(JoinType::Inner))
        .filter(col("in_from").lt_eq(col("end")).and(col("start").lt(col("in_to"))))
        .group_by([col("membership"), col("source")])
        .agg([col("of").n_unique().alias("groups"), col("of").min().alias("via"), col("start").max().alias("day")])
        .filter(col("groups").eq(lit(1)))
        .sort(["day", "membership", "source"], SortMultipleOptions::default())
        .collect()
}

fn fault(error: polars::prelude::PolarsError) -> Error {
    Error::Fault(format!("query over memberships: {error}"))
}
