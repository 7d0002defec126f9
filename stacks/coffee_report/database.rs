//! Aurora MySQL Serverless v2, which sleeps while nobody asks, with its tables and a user that can only read.

use formwork::{
    Handle, Stack,
    aws::{
        cloudformation::CustomResource,
        lambda::Function,
        rds::{
            DBCluster, DBInstance, DBSubnetGroup,
            db_cluster::{DBClusterEngine, ServerlessV2ScalingConfiguration},
            db_instance::DBInstanceEngine,
        },
        secretsmanager::{Secret, secret::GenerateSecretString},
    },
    stack::{DeletionPolicy, ParameterRef},
    value::Value,
};

use super::network::Network;

/// Name of the database within the cluster.
pub const NAME: &str = "coffee";

/// What others need of the database.
pub struct Database {
    pub cluster: Handle<DBCluster>,
    /// Of the user that can only read.
    pub reader_secret: Handle<Secret>,
    instance: Handle<DBInstance>,
}

impl Database {
    /// The ARN of the administrator's secret, which Aurora makes and rotates.
    pub fn admin_secret_arn(&self) -> Value<String> {
        self.cluster.master_user_secret_secret_arn()
    }
}

pub fn add(stack: &mut Stack, network: &Network) -> Database {
    let subnets = stack.add(
        "DatabaseSubnets",
        DBSubnetGroup::new("The isolated subnets", network.subnets.each_ref().map(|subnet| subnet.subnet_id())),
    );
    let cluster = stack.add(
        "Database",
        DBCluster::new()
            .engine(DBClusterEngine::AURORA_MYSQL)
            // The Data API needs 3.07 on Serverless v2, a pause at 0 capacity needs 3.08; 3.10 has long-term support.
            .engine_version("8.0.mysql_aurora.3.10.3")
            .database_name(NAME)
            .master_username("administrator")
            .manage_master_user_password(true)
            .enable_http_endpoint(true)
            .enable_iam_database_authentication(true)
            .serverless_v2_scaling_configuration(
                ServerlessV2ScalingConfiguration::new().min_capacity(0).max_capacity(2).seconds_until_auto_pause(600),
            )
            .db_subnet_group_name(subnets.db_subnet_group_name())
            .vpc_security_group_ids([network.security_group.group_id()])
            .storage_encrypted(true)
            .backup_retention_period(7)
            .copy_tags_to_snapshot(true),
    );
    stack
        .resource(&cluster)
        .deletion_policy(DeletionPolicy::Snapshot)
        .update_replace_policy(DeletionPolicy::Snapshot)
        .waive("AwsSolutions-RDS10", "A final snapshot is taken")
        .waive("AwsSolutions-RDS11", "No port is reachable")
        .waive("AwsSolutions-RDS14", "Backups go back seven days");
    let instance = stack.add(
        "DatabaseInstance",
        DBInstance::new()
            .engine(DBInstanceEngine::AURORA_MYSQL)
            .db_instance_class("db.serverless")
            .db_cluster_identifier(cluster.db_cluster_identifier())
            // What is pinned above stays until it is changed there.
            .auto_minor_version_upgrade(false),
    );
    stack.resource(&instance).waive("CKV_AWS_118", "Reports need no metrics by the second");
    let reader_secret = stack.add(
        "DatabaseReaderSecret",
        Secret::new().description("The database user that can only read").generate_secret_string(
            GenerateSecretString::new()
                .secret_string_template(r#"{"username":"coffee_reader"}"#)
                .generate_string_key("password")
                .password_length(32)
                .exclude_punctuation(true),
        ),
    );
    stack
        .resource(&reader_secret)
        .waive("AwsSolutions-SMG4", "It can only read; README tells how to change it")
        .waive("CKV_AWS_149", "The AWS managed key suffices");
    Database { cluster, reader_secret, instance }
}

/// Makes the tables and the reader once the database answers.
pub fn initialize(
    stack: &mut Stack,
    database: &Database,
    initializer: &Handle<Function>,
    sample_data: &ParameterRef<String>,
) {
    // CloudFormation calls the function again only when a property changes: let its own changes be one, and those of the
    // reader's secret, which may give it a new password under the same ARN.
    let version = stack.fingerprint([initializer.logical_id(), database.reader_secret.logical_id()]);
    let tables = stack.add(
        "DatabaseTables",
        CustomResource::new(initializer.arn())
            // Seconds: a little more than the function has, in place of the hour that CloudFormation would wait.
            .service_timeout(330)
            .property("ClusterArn", database.cluster.db_cluster_arn())
            .property("AdminSecretArn", database.admin_secret_arn())
            .property("ReaderSecretArn", database.reader_secret.reference())
            .property("Database", NAME)
            .property("SampleData", sample_data.reference())
            .property("Version", version),
    );
    // Nothing in it refers to the instance, and without one the cluster cannot answer.
    stack.resource(&tables).depends_on(&database.instance);
}
