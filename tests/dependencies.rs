//! What the program is built from: no network client, no TLS, no object store.

#![allow(clippy::unwrap_used, reason = "a test stops where its project is not as it should be")]

use std::process::Command;

#[test]
fn nothing_that_talks_to_a_network_is_built_in() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--edges", "normal", "--prefix", "none", "--locked", "--offline", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let packages: Vec<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(packages.contains(&"polars") && packages.contains(&"parquet"), "the tree of packages is {} lines", packages.len());
    for unwanted in ["reqwest", "hyper", "rustls", "openssl", "native-tls", "object_store"] {
        assert!(!packages.contains(&unwanted), "{unwanted} is built in: cargo tree --edges normal --invert {unwanted}");
    }
}
