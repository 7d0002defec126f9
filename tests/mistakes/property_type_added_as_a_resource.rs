use formwork::{Stack, aws::lambda::function::Environment};

fn main() {
    let mut stack = Stack::new("orders");
    stack.add("Settings", Environment::new());
}
