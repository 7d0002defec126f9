mod newsletter;

fn main() -> std::process::ExitCode {
    formwork::cli::main(formwork::Project::new().stack(newsletter::stack))
}

#[cfg(test)]
mod tests {
    use formwork::{diff::diff, template::Template};

    use super::*;

    #[test]
    fn the_template_says_what_the_reviewed_one_does() {
        let reviewed = Template::parse(include_str!("../snapshots/newsletter.yaml")).expect("it is a template");
        assert!(
            diff(&reviewed, &newsletter::stack().template()).is_empty(),
            "the template has changed: `cargo run -- diff --against snapshots/newsletter.yaml` tells how, and \
             `cargo run -- synth --output snapshots/newsletter.yaml` takes it"
        );
    }
}
