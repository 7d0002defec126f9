//! The command line for who has no stack in Rust, or makes one: see [`formwork::cli::formwork`].

fn main() -> std::process::ExitCode {
    formwork::cli::formwork::main()
}
