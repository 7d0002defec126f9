//! `eks:runJob`: a job in a cluster.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::eks::Cluster,
    stack::Handle,
};

/// `arn:aws:states:::eks:runJob`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum EksRunJob {}

impl<L: QueryLanguage> Task<L, EksRunJob> {
    /// Runs a job of Kubernetes. The role needs nothing of IAM for it: what it may do in the cluster is said by an access
    /// entry or RBAC.
    pub fn eks_run_job(cluster: &Handle<Cluster>, job: impl Argument<L>) -> Self {
        let mut task = Self::optimized("eks:runJob");
        let name = task.body.token(cluster, "Name", cluster.name());
        task.body.argument::<L>("ClusterName", name);
        let authority = cluster.certificate_authority_data_();
        let authority = task.body.token(cluster, "CertificateAuthorityData", authority);
        task.body.argument::<L>("CertificateAuthority", authority);
        let endpoint = task.body.token(cluster, "Endpoint", cluster.endpoint());
        task.body.argument::<L>("Endpoint", endpoint);
        task.body.argument::<L>("Job", job);
        task
    }

    /// Runs a job of Kubernetes and waits for its end (`.sync`).
    pub fn eks_run_job_sync(cluster: &Handle<Cluster>, job: impl Argument<L>) -> Self {
        Self::eks_run_job(cluster, job).sync(".sync", [])
    }

    setters::integration_arguments! {
        log_options => "LogOptions", "`{RetrieveLogs, RawLogs, LogParameters}`: the logs become part of the result.";
        namespace => "Namespace", "of Kubernetes; AWS's default is `default`.";
    }
}
