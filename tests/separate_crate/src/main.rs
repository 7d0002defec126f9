mod newsletter;

fn main() -> std::process::ExitCode {
    formwork::cli::main(formwork::Project::new().stack(newsletter::stack))
}
