//! The command line for who has no stack in Rust: it checks and runs anyone's templates and definitions.

use formwork::{Project, cli};

fn main() -> std::process::ExitCode {
    cli::main(Project::new())
}
