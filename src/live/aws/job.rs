//! Jobs: what `.sync` waits for, by asking the service until the job has ended.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync>

use std::{thread::sleep, time::Duration};

use serde_json::json;

use crate::json::Json;

/// How long after a question the next one is asked, at first and at most.
const SOON: Duration = Duration::from_millis(200);
const LATE: Duration = Duration::from_secs(5);

/// A kind of job, and how it is asked after.
pub(super) struct Job {
    integration: &'static str,
    action: &'static str,
    /// The operation that describes it, as the API spells it.
    pub describe: &'static str,
    /// The input of that, of the response to the start and of the arguments of the task; names as the API has them.
    pub input: fn(&Json, &Json) -> Json,
    /// Where in the answer the job is, and where in it its status.
    pub at: &'static str,
    status: &'static str,
    succeeded: &'static [&'static str],
    failed: &'static [&'static str],
    /// The member under which the task gets the job; without one it gets the job itself.
    pub wrapped: Option<&'static str>,
}

/// How a job stands.
#[derive(Debug, PartialEq)]
pub(super) enum Standing {
    Running,
    Succeeded,
    Failed,
}

static JOBS: [Job; 5] = [
    Job {
        integration: "athena",
        action: "startQueryExecution",
        describe: "getQueryExecution",
        input: |response, _| json!({"QueryExecutionId": response["QueryExecutionId"]}),
        at: "/QueryExecution",
        status: "/Status/State",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "CANCELLED"],
        wrapped: Some("QueryExecution"),
    },
    Job {
        integration: "batch",
        action: "submitJob",
        describe: "describeJobs",
        input: |response, _| json!({"jobs": [response["jobId"]]}),
        at: "/jobs/0",
        status: "/status",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED"],
        wrapped: None,
    },
    Job {
        integration: "codebuild",
        action: "startBuild",
        describe: "batchGetBuilds",
        input: |response, _| json!({"ids": [response["build"]["id"]]}),
        at: "/builds/0",
        status: "/buildStatus",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        wrapped: Some("Build"),
    },
    Job {
        integration: "ecs",
        action: "runTask",
        describe: "describeTasks",
        input: |response, arguments| {
            let mut input = json!({"tasks": [response["tasks"][0]["taskArn"]]});
            if let Some(cluster) = arguments.get("Cluster") {
                input["cluster"] = cluster.clone();
            }
            input
        },
        at: "/tasks/0",
        status: "/lastStatus",
        succeeded: &["STOPPED"],
        failed: &[],
        wrapped: None,
    },
    Job {
        integration: "glue",
        action: "startJobRun",
        describe: "getJobRun",
        input: |response, arguments| json!({"JobName": arguments["JobName"], "RunId": response["JobRunId"]}),
        at: "/JobRun",
        status: "/JobRunState",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "TIMEOUT", "STOPPED", "ERROR", "EXPIRED"],
        wrapped: None,
    },
];

impl Job {
    /// The job that an action starts.
    pub fn of(integration: &str, action: &str) -> Option<&'static Self> {
        JOBS.iter().find(|job| job.integration == integration && job.action == action)
    }

    /// How a job stands that is described so. A task of ECS has failed where one of its essential containers has.
    pub fn standing(&self, job: &Json) -> Standing {
        let status = job.pointer(self.status).and_then(Json::as_str).unwrap_or_default();
        if self.failed.contains(&status) {
            return Standing::Failed;
        }
        if !self.succeeded.contains(&status) {
            return Standing::Running;
        }
        let containers = job["containers"].as_array().filter(|_| self.integration == "ecs");
        let has_failed = |container: &Json| container["exitCode"].as_i64() != Some(0);
        match containers.is_some_and(|containers| containers.iter().any(has_failed)) {
            true => Standing::Failed,
            false => Standing::Succeeded,
        }
    }

    /// Asks again and again, until the job has ended or the question fails.
    pub fn wait<E>(&self, mut ask: impl FnMut() -> Result<Json, E>) -> Result<(Json, Standing), E> {
        let mut pause = SOON;
        loop {
            let answer = ask()?;
            let job = answer.pointer(self.at).cloned().unwrap_or_default();
            let standing = self.standing(&job);
            if standing != Standing::Running {
                return Ok((job, standing));
            }
            sleep(pause);
            pause = (pause * 2).min(LATE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_asked_after_until_it_ends() {
        let job = Job::of("glue", "startJobRun").unwrap();
        let mut states = ["STARTING", "RUNNING", "SUCCEEDED"].into_iter();
        let ended = job.wait(|| Ok::<_, ()>(json!({"JobRun": {"JobRunState": states.next(), "Id": "r-1"}}))).unwrap();
        assert_eq!(ended, (json!({"JobRunState": "SUCCEEDED", "Id": "r-1"}), Standing::Succeeded));
        assert_eq!(
            job.wait(|| Ok::<_, ()>(json!({"JobRun": {"JobRunState": "TIMEOUT"}}))).unwrap().1,
            Standing::Failed
        );
        assert_eq!(job.wait(|| Err::<Json, _>("gone")), Err("gone"));
        let input = (job.input)(&json!({"JobRunId": "r-1"}), &json!({"JobName": "roast"}));
        assert_eq!(input, json!({"JobName": "roast", "RunId": "r-1"}));
    }

    #[test]
    fn a_task_of_ecs_fails_with_its_containers() {
        let job = Job::of("ecs", "runTask").unwrap();
        let stopped = |code: i64| job.standing(&json!({"lastStatus": "STOPPED", "containers": [{"exitCode": code}]}));
        assert_eq!((stopped(0), stopped(1)), (Standing::Succeeded, Standing::Failed));
        assert_eq!(job.standing(&json!({"lastStatus": "STOPPED", "containers": [{}]})), Standing::Failed);
        assert_eq!(job.standing(&json!({"lastStatus": "PENDING"})), Standing::Running);
        assert!(Job::of("ecs", "stopTask").is_none());
    }
}
