use formwork::{Project, Stack};

fn mail() -> Stack {
    Stack::new("mail")
}

fn main() {
    Project::new().stack(mail());
}
