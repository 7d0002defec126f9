//! The Lambda functions. Their code stands in `handlers/` and goes into the template as it is.

use formwork::{
    Handle, Stack,
    aws::{
        iam::Role,
        lambda::{
            Function,
            function::{Architecture, Code, Environment, LoggingConfig, Runtime},
        },
        logs::LogGroup,
        s3::Bucket,
    },
    iam::{Statement, allow, trust},
    stack::ParameterRef,
    value::Entries,
};

use super::database::{self, Database};

/// The functions, by what they do.
pub struct Functions {
    pub initialize_database: Handle<Function>,
    pub generate_report_data: Handle<Function>,
    pub generate_html: Handle<Function>,
    pub generate_presigned_url: Handle<Function>,
}

pub fn add(
    stack: &mut Stack,
    database: &Database,
    bucket: &Handle<Bucket>,
    link_lifetime: &ParameterRef<String>,
) -> Functions {
    let log = &stack.add("FunctionsLog", LogGroup::new().retention_in_days(30));
    stack.resource(log).waive("CKV_AWS_158", "AWS encrypts it already");
    let initialize_database = Handler {
        id: "InitializeDatabase",
        code: include_str!("handlers/initialize_database.py"),
        timeout: 300,
        memory: 256,
        environment: Entries::new(),
    }
    .add_with_role(
        stack,
        log,
        [
            database.cluster.allow_execute_statement(),
            allow("secretsmanager:GetSecretValue")
                .on_all([database.admin_secret_arn(), database.reader_secret.reference()]),
        ],
    );
    let generate_report_data = Handler {
        id: "GenerateReportData",
        code: include_str!("handlers/generate_report_data.py"),
        timeout: 300,
        memory: 512,
        environment: Entries::new()
            .entry("CLUSTER_ARN", database.cluster.db_cluster_arn())
            .entry("SECRET_ARN", database.reader_secret.reference())
            .entry("DATABASE", database::NAME)
            .entry("BUCKET", bucket.bucket_name()),
    }
    .add_with_role(
        stack,
        log,
        [
            database.cluster.allow_execute_statement(),
            database.reader_secret.allow_read(),
            bucket.allow_put("inventory/*"),
        ],
    );
    let generate_html = Handler {
        id: "GenerateHtml",
        code: include_str!("handlers/generate_html.py"),
        timeout: 120,
        memory: 512,
        environment: Entries::new().entry("BUCKET", bucket.bucket_name()),
    }
    .add_with_role(stack, log, [bucket.allow_get("inventory/*"), bucket.allow_put("reports/*")]);
    let generate_presigned_url = Handler {
        id: "GeneratePresignedUrl",
        code: include_str!("handlers/generate_presigned_url.py"),
        timeout: 15,
        memory: 256,
        environment: Entries::new()
            .entry("BUCKET", bucket.bucket_name())
            .entry("LINK_LIFETIME_MINUTES", link_lifetime.reference()),
    }
    // A link can do what its signer may do, and no more.
    .add_with_role(stack, log, [bucket.allow_get("reports/*")]);
    Functions { initialize_database, generate_report_data, generate_html, generate_presigned_url }
}

/// What differs from one function to the next.
struct Handler {
    id: &'static str,
    code: &'static str,
    /// Seconds.
    timeout: i64,
    /// MiB.
    memory: i64,
    environment: Entries<String>,
}

impl Handler {
    /// Adds two resources: the function, and its role `…Role`, which may write the log and do what the statements say.
    #[track_caller]
    fn add_with_role<const N: usize>(
        self,
        stack: &mut Stack,
        log: &Handle<LogGroup>,
        statements: [Statement; N],
    ) -> Handle<Function> {
        let role = stack.add(
            &format!("{}Role", self.id),
            Role::new(trust("lambda.amazonaws.com")).policy(self.id, [log.allow_write()].into_iter().chain(statements)),
        );
        let has_environment = !self.environment.is_empty();
        let mut function = Function::new(Code::new().zip_file(self.code), role.arn())
            .runtime(Runtime::PYTHON_3_13)
            .architectures([Architecture::ARM64])
            .handler("index.handler")
            .timeout(self.timeout)
            .memory_size(self.memory)
            .logging_config(LoggingConfig::new().log_group(log.log_group_name()));
        if has_environment {
            function = function.environment(Environment::new().variables(self.environment));
            stack.resource(&role).waive("AwsSolutions-IAM5", "Each execution has a key of its own");
        }
        let function = stack.add(self.id, function);
        let waivers = stack
            .resource(&function)
            .waive("AwsSolutions-L1", "Python 3.13 is supported until 2029")
            .waive("CKV_AWS_115", "Small accounts have no concurrency to reserve")
            .waive("CKV_AWS_116", "Its caller sees failures")
            .waive("CKV_AWS_117", "It uses no network of ours");
        if has_environment {
            waivers.waive("CKV_AWS_173", "Its environment holds no secret");
        }
        function
    }
}
