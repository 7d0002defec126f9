use formwork::{Stack, aws::sns::Topic, stack::Parameter};

fn main() {
    let mut stack = Stack::new("orders");
    let days = stack.parameter("Days", Parameter::integer());
    stack.add("Mails", Topic::new().display_name(days.reference()));
}
