use formwork::iam::{Policy, allow};

fn main() {
    Policy::new([allow("sqs:SendMessage")]);
}
