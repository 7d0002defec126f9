use formwork::aws::lambda::{EventSourceMapping, Function, function::Code};

fn main() {
    EventSourceMapping::new("orders").starting_position("TRIM_HORIZON");
    Function::new(Code::new(), "arn").architectures(["arm64"]);
}
