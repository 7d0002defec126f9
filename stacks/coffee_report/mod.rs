//! The coffee report: an API starts a workflow that reads a café's inventory from Aurora, makes a report and a link
//! to it, and mails the link. One file a concern; this one composes them.

mod alarms;
mod api;
mod contract;
mod database;
mod functions;
mod network;
mod notifications;
mod storage;
mod workflow;

use formwork::{Stack, stack::Parameter};

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("coffee-report");
    stack.description("Mails a link to a report on the coffee inventory whenever its API is called");

    let email = stack.parameter(
        "ReportEmail",
        Parameter::string()
            .description("Who gets the reports. Amazon SNS asks that address to confirm the subscription once.")
            .pattern(r"[^@\s]+@[^@\s]+\.[^@\s]+")
            .constraint_description("must be an e-mail address"),
    );
    let link_lifetime = stack.parameter(
        "LinkLifetimeMinutes",
        Parameter::integer()
            .description("How long the link to a report works, in minutes")
            .default(15)
            // It is signed while the report is still being made.
            .min_value(5)
            .max_value(60),
    );
    let sample_data = stack.parameter(
        "SampleData",
        Parameter::string()
            .description("Whether empty tables get a few sample rows")
            .default("true")
            .allowed_values(["true", "false"]),
    );

    let network = network::add(&mut stack);
    let database = database::add(&mut stack, &network);
    let bucket = storage::add(&mut stack);
    let notifications = notifications::add(&mut stack, &email);
    let functions = functions::add(&mut stack, &database, &bucket, &link_lifetime);
    database::initialize(&mut stack, &database, &functions.initialize_database, &sample_data);
    let machine = workflow::add(&mut stack, &functions, &notifications);
    let stage = api::add(&mut stack, &machine);
    alarms::add(&mut stack, &machine, &stage, &notifications.topic);

    stack.output("ApiUrl", api::url()).description("Send a signed POST here to get a report");
    stack.output("ReportBucketName", bucket.bucket_name()).description("Holds inventories and reports");
    stack.output("ReportTopicArn", notifications.topic.topic_arn()).description("Subscribe further readers here");
    stack.output("StateMachineArn", machine.arn()).description("Makes the reports");
    stack
        .output("DatabaseClusterArn", database.cluster.db_cluster_arn())
        .description("For the query editor and the Data API");
    stack
        .output("DatabaseSecretArn", database.admin_secret_arn())
        .description("The administrator's secret, for the query editor and the Data API");
    stack
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_is_wrong_with_the_stack() {
        super::stack().assert_clean();
    }
}
