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
        // A `Number` would take 7.5 too. From 5, since it is signed while the report is still being made.
        Parameter::string()
            .description("How long the link to a report works, in minutes")
            .default("15")
            .pattern("^([5-9]|[1-5][0-9]|60)$")
            .constraint_description("must be a whole number from 5 to 60"),
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
    use formwork::json;

    #[test]
    fn nothing_is_wrong_with_the_stack() {
        super::stack().assert_clean();
    }

    /// `aws cloudformation package` writes what it has read, in the encoding of the locale and without escapes: so texts
    /// have escapes of their own language, `\u2019` in Python and JSONata, `&rsquo;` in HTML.
    #[test]
    fn no_text_of_the_stack_holds_more_than_ascii() {
        let json = super::stack().template().as_json().to_string();
        assert!(json.is_ascii(), "{:?}", json.split('"').find(|text| !text.is_ascii()));
    }

    /// Code with a character that must be escaped would be one long line.
    #[test]
    fn the_code_of_each_function_stands_in_the_template_as_it_is_written() {
        let template = super::stack().template();
        let yaml = template.to_yaml();
        let functions = template.section("Resources").filter(|(_, it)| it["Type"] == "AWS::Lambda::Function").count();
        assert_eq!((functions, yaml.matches("ZipFile: |\n").count()), (4, 4));
    }

    /// A new password under the same ARN would not be seen by anyone else.
    #[test]
    fn the_tables_are_made_again_when_the_reader_s_secret_changes() {
        let stack = super::stack();
        let template = stack.template();
        let version = &template.as_json()["Resources"]["DatabaseTables"]["Properties"]["Version"];
        assert_eq!(*version, stack.fingerprint(["InitializeDatabase", "DatabaseReaderSecret"]));
    }

    #[test]
    fn what_stays_after_the_stack_is_gone_does_not_stay_when_its_creation_failed() {
        let template = super::stack().template();
        let kept = |policy: &str| -> Vec<String> {
            let resources = template.section("Resources").filter(|(_, it)| it["DeletionPolicy"] == policy);
            resources.map(|(id, _)| id.to_owned()).collect()
        };
        assert_eq!(kept("RetainExceptOnCreate"), ["ReportBucket", "ReportBucketPolicy"]);
        // A setting of the account, which would name a role that is gone.
        assert_eq!(kept("Retain"), ["ApiGatewayLogsRole", "ApiGatewayAccount"]);
        assert_eq!(template.as_json()["Resources"]["DatabaseInstance"]["Properties"]["AutoMinorVersionUpgrade"], false);
    }

    #[test]
    fn no_link_lasts_longer_than_the_longest_that_can_be_chosen() {
        let template = super::stack().template();
        let policy = &template.as_json()["Resources"]["ReportBucketPolicy"]["Properties"]["PolicyDocument"];
        let conditions: Vec<_> = policy["Statement"].as_array().unwrap().iter().map(|it| &it["Condition"]).collect();
        // An hour, in milliseconds.
        assert!(conditions.contains(&&json!({"NumericGreaterThan": {"s3:signatureAge": "3600000"}})));
        let parameter = &template.as_json()["Parameters"]["LinkLifetimeMinutes"];
        assert_eq!(parameter["AllowedPattern"], "^([5-9]|[1-5][0-9]|60)$");
    }
}
