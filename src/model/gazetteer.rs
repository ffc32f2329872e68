//! Gazetteer: stub.
