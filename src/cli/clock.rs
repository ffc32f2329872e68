//! The day of a run: given, from SOURCE_DATE_EPOCH, or today in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDate};

use crate::error::Error;

/// The day of a run.
///
/// # Errors
/// `Usage` where SOURCE_DATE_EPOCH is set and is no number of seconds.
pub fn day(given: Option<NaiveDate>) -> Result<NaiveDate, Error> {
    if let Some(day) = given {
        return Ok(day);
    }
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text.parse::<i64>().map_err(|_| Error::Usage(format!("SOURCE_DATE_EPOCH is \"{text}\", expected a number of seconds")))?,
        Err(_) => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64),
    };
    let time = DateTime::from_timestamp(seconds, 0).ok_or_else(|| Error::Usage(format!("SOURCE_DATE_EPOCH is {seconds}, which no calendar has")))?;
    Ok(time.date_naive())
}
