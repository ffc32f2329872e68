//! Rollcall turns raw texts about international dialogues into versioned open data.
//!
//! The flow, stage by stage; [`pipeline`] is the only module that knows the order:
//!
//! ```text
//! raw/    ingest - clean - segment - extract - normalize | resolve - validate - publish    output/<version>/
//!         one document at a time, a pure function        | all documents
//! ```
//!
//! Nouns live in [`model`], verbs in the stages, and stages never import each other. What passes the boundary between the
//! two halves is Arrow record batches, one schema per table, derived from `schemas/tables/`.

pub mod cli;
pub mod error;
pub mod findings;
pub mod model;

pub mod clean;
pub mod extract;
pub mod ingest;
pub mod normalize;
pub mod publish;
pub mod resolve;
pub mod segment;
pub mod validate;

pub mod pipeline;

pub use error::Error;
