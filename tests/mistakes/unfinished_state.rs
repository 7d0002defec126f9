use formwork::asl::jsonata::{Pass, Workflow};

fn main() {
    Workflow::new().state("Begin", Pass::new());
}
