use formwork::{Stack, aws::{lambda::{Function, function::Code}, iam::Role}, iam::trust};

fn main() {
    let mut stack = Stack::new("orders");
    let role = stack.add("RenderRole", Role::new(trust("lambda.amazonaws.com")));
    stack.add("Render", Function::new(Code::new(), &role));
}
