//! Three stacks: an archive, which exports its bucket; a shop, which imports it and has a function whose code is a folder
//! beside; and the mails of the shop, a stack that is nested in it. `e2e/test_stacks.py` deploys them.
//!
//! ```sh
//! cargo run --example shop -- list
//! cargo run --example shop -- synth --all --output-dir templates
//! aws cloudformation deploy --template-file templates/archive.yaml --stack-name archive
//! aws cloudformation package --template-file templates/shop.yaml --s3-bucket BUCKET --output-template-file shop.yaml
//! aws cloudformation deploy --template-file shop.yaml --stack-name shop --capabilities CAPABILITY_IAM
//! ```

use std::process::ExitCode;

use formwork::{
    Project, Shared, Stack,
    asl::jsonata::*,
    asset::Asset,
    aws::{
        cloudformation::Stack as NestedStack,
        iam::Role,
        lambda::{
            Function,
            function::{Code, Environment, Runtime},
        },
        s3::Bucket,
        sns::Topic,
        stepfunctions::StateMachine,
    },
    cli,
    iam::{allow, trust},
    intrinsic::join,
    stack::DeletionPolicy,
    value::{Entries, Value},
};

/// What others take of the archive.
struct Archive {
    bucket: Value<String>,
    bucket_arn: Value<String>,
}

fn archive() -> (Stack, Archive) {
    let mut stack = Stack::new("archive");
    let bucket = stack.add("Receipts", Bucket::new());
    stack.resource(&bucket).deletion_policy(DeletionPolicy::Retain).update_replace_policy(DeletionPolicy::Retain);
    let handed = Archive { bucket: stack.export(&bucket.reference()), bucket_arn: stack.export(&bucket.arn()) };
    (stack, handed)
}

fn mails() -> (Stack, ()) {
    let mut stack = Stack::new("mails");
    let orders = stack.add("Orders", Topic::new());
    stack.output("TopicArn", orders.topic_arn());
    (stack, ())
}

fn shop(archive: &Archive, mails: &Stack) -> Stack {
    let mut stack = Stack::new("shop");
    let mails = stack.add("Mails", NestedStack::of(mails));
    let role = stack.add(
        "ReceiptRole",
        Role::new(trust("lambda.amazonaws.com"))
            .managed_policy_arns(["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"])
            .policy(
                "WriteReceipts",
                [allow("s3:PutObject").on(join("", [archive.bucket_arn.clone(), "/receipts/*".into()]))],
            ),
    );
    let variables = Entries::new().entry("ARCHIVE", &archive.bucket).entry("TOPIC", mails.output::<String>("TopicArn"));
    let receipt = stack.add(
        "Receipt",
        Function::new(Code::asset(Asset::zip("examples/shop/functions/receipt").exclude("tests")), role.arn())
            .runtime(Runtime::PYTHON_3_13)
            .handler("index.handler")
            .environment(Environment::new().variables(variables))
            .timeout(30),
    );
    let workflow = Workflow::new().state(
        "WriteReceipt",
        Task::lambda(&receipt)
            .payload("{% $states.input %}")
            .output("{% $states.result.Payload %}")
            .retry(Retry::on("Lambda.TooManyRequestsException"))
            .end(),
    );
    let role =
        stack.add("SellRole", Role::new(trust("states.amazonaws.com")).policy("WriteReceipts", workflow.grants()));
    stack.add("Sell", StateMachine::new(role.arn()).workflow(&workflow));
    stack
}

fn project() -> Project {
    let (archive, mails) = (Shared::new(archive), Shared::new(mails));
    let shop = {
        let (archive, mails) = (archive.clone(), mails.clone());
        move || shop(archive.handed(), mails.stack())
    };
    Project::new().stack(&archive).stack(shop).stack(&mails)
}

fn main() -> ExitCode {
    cli::main(project())
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_wrong_with_the_project() {
        super::project().assert_clean();
    }
}
