//! The stacks of this project.

mod coffee_report;

fn main() -> std::process::ExitCode {
    formwork::cli::main(&[coffee_report::stack])
}
