//! Clean.
