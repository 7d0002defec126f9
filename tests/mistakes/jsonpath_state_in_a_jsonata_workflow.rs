use formwork::asl::{jsonata::Workflow, jsonpath::Pass};

fn main() {
    Workflow::new().state("Begin", Pass::new().end());
}
