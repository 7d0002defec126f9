use formwork::aws::sqs::Queue;

fn main() {
    Queue::new().visibility_timeout("30");
}
