//! The stacks of this project.

mod coffee_report;

use formwork::{Composition, Project, cli};

fn main() -> std::process::ExitCode {
    cli::main(project())
}

fn project() -> Project {
    let coffee_report = Composition::new(coffee_report::stack).mocks(include_str!("coffee_report/mock_config.json"));
    Project::new().stack(coffee_report)
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_wrong_with_the_project() {
        super::project().assert_clean();
    }
}
