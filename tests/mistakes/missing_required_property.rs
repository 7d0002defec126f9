use formwork::aws::lambda::{Function, function::Code};

fn main() {
    Function::new(Code::new().zip_file("def handler(event, context): pass"));
}
