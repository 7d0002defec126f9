//! `sagemaker:createTrainingJob` and `createTransformJob`.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html>

use super::Task;
use crate::{
    asl::build::{Argument, QueryLanguage, setters},
    aws::iam::Role,
    iam::allow,
    intrinsic::sub,
    stack::Handle,
};

/// `arn:aws:states:::sagemaker:createTrainingJob`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum SagemakerCreateTrainingJob {}

/// `arn:aws:states:::sagemaker:createTransformJob`, or that with `.sync`.
#[derive(Clone, Copy, Debug)]
pub enum SagemakerCreateTransformJob {}

fn jobs(kind: &str) -> String {
    format!("arn:${{AWS::Partition}}:sagemaker:${{AWS::Region}}:${{AWS::AccountId}}:{kind}/*")
}

impl<L: QueryLanguage> Task<L, SagemakerCreateTrainingJob> {
    /// Starts a training with this role. The role of the state machine gets `sagemaker:CreateTrainingJob` and
    /// `ListTags`, and may hand the other role on.
    pub fn sagemaker_create_training_job(role: &Handle<Role>, name: impl Argument<L>) -> Self {
        let mut task = Self::optimized("sagemaker:createTrainingJob");
        task.body.argument::<L>("TrainingJobName", name);
        let arn = task.body.token(role, "Arn", role.arn());
        task.body.argument::<L>("RoleArn", arn);
        task.granting(allow("sagemaker:CreateTrainingJob").on(sub(jobs("training-job"))))
            .granting(allow("sagemaker:ListTags").on("*"))
            .granting(role.allow_pass("sagemaker.amazonaws.com"))
    }

    /// Starts a training and waits for its end (`.sync`). The role may also follow and stop trainings, and gets the rule
    /// by which Step Functions learns of the end.
    pub fn sagemaker_create_training_job_sync(role: &Handle<Role>, name: impl Argument<L>) -> Self {
        let following = allow(["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"]);
        Self::sagemaker_create_training_job(role, name).sync(".sync", [following.on(sub(jobs("training-job")))])
    }

    setters::integration_arguments! {
        algorithm_specification => "AlgorithmSpecification", "`{TrainingImage, TrainingInputMode}`, required.";
        hyper_parameters => "HyperParameters", "a map of up to 100 texts.";
        input_data_config => "InputDataConfig", "1 to 20 channels.";
        output_data_config => "OutputDataConfig", "`{S3OutputPath}`, required.";
        resource_config => "ResourceConfig", "`{InstanceType, InstanceCount, VolumeSizeInGB}`, required.";
        stopping_condition => "StoppingCondition", "`{MaxRuntimeInSeconds}`, required.";
        vpc_config => "VpcConfig", "`{SecurityGroupIds, Subnets}`.";
    }
}

impl<L: QueryLanguage> Task<L, SagemakerCreateTransformJob> {
    /// Starts a transformation by a model. The role gets `sagemaker:CreateTransformJob` and `ListTags`.
    pub fn sagemaker_create_transform_job(name: impl Argument<L>, model: impl Argument<L>) -> Self {
        let mut task = Self::optimized("sagemaker:createTransformJob");
        task.body.argument::<L>("TransformJobName", name);
        task.body.argument::<L>("ModelName", model);
        task.granting(allow("sagemaker:CreateTransformJob").on(sub(jobs("transform-job"))))
            .granting(allow("sagemaker:ListTags").on("*"))
    }

    /// Starts a transformation and waits for its end (`.sync`). The role may also follow and stop transformations, and
    /// gets the rule by which Step Functions learns of the end.
    pub fn sagemaker_create_transform_job_sync(name: impl Argument<L>, model: impl Argument<L>) -> Self {
        let following = allow(["sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"]);
        Self::sagemaker_create_transform_job(name, model).sync(".sync", [following.on(sub(jobs("transform-job")))])
    }

    setters::integration_arguments! {
        batch_strategy => "BatchStrategy", "`MultiRecord` or `SingleRecord`.";
        transform_input => "TransformInput", "`{DataSource, ContentType, SplitType}`, required.";
        transform_output => "TransformOutput", "`{S3OutputPath, Accept}`, required.";
        transform_resources => "TransformResources", "`{InstanceType, InstanceCount}`, required.";
    }
}
