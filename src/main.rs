fn main() {
    if let Err(error) = rollcall::cli::run() { eprintln!("{error}"); }
}
