//! Resolve: stub.
