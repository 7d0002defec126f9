//! The bucket: `inventory/` between the functions, `reports/` for those who hold a link.

use formwork::{
    Handle, Stack,
    aws::s3::{
        Bucket, BucketPolicy,
        bucket::{
            AbortIncompleteMultipartUpload, BucketEncryption, LifecycleConfiguration, ObjectOwnership,
            OwnershipControls, OwnershipControlsRule, PublicAccessBlockConfiguration, Rule, RuleStatus, SSEAlgorithm,
            ServerSideEncryptionByDefault, ServerSideEncryptionRule,
        },
    },
    iam::{Operator, Principal, deny},
    intrinsic::sub,
    stack::DeletionPolicy,
};

pub fn add(stack: &mut Stack) -> Handle<Bucket> {
    let bucket = stack.add(
        "ReportBucket",
        Bucket::new()
            .bucket_encryption(BucketEncryption::new([ServerSideEncryptionRule::new()
                .server_side_encryption_by_default(ServerSideEncryptionByDefault::new(SSEAlgorithm::AES256))]))
            .public_access_block_configuration(
                PublicAccessBlockConfiguration::new()
                    .block_public_acls(true)
                    .block_public_policy(true)
                    .ignore_public_acls(true)
                    .restrict_public_buckets(true),
            )
            .ownership_controls(OwnershipControls::new([
                OwnershipControlsRule::new().object_ownership(ObjectOwnership::BUCKET_OWNER_ENFORCED)
            ]))
            .lifecycle_configuration(LifecycleConfiguration::new([
                Rule::new(RuleStatus::ENABLED).id("ExpireReports").prefix("reports/").expiration_in_days(30),
                Rule::new(RuleStatus::ENABLED).id("ExpireInventories").prefix("inventory/").expiration_in_days(1),
                Rule::new(RuleStatus::ENABLED)
                    .id("AbortUploads")
                    .abort_incomplete_multipart_upload(AbortIncompleteMultipartUpload::new(1)),
            ])),
    );
    stack
        .resource(&bucket)
        // A first deployment that fails leaves no empty bucket behind.
        .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
        .update_replace_policy(DeletionPolicy::Retain)
        .waive("AwsSolutions-S1", "Links last minutes, reports 30 days")
        .waive("CKV_AWS_18", "Links last minutes, reports 30 days")
        .waive("CKV_AWS_21", "No key is written twice");
    let policy = stack.add(
        "ReportBucketPolicy",
        BucketPolicy::new(
            bucket.bucket_name(),
            [
                deny("s3:*")
                    .on_all([bucket.arn(), sub("${ReportBucket.Arn}/*")])
                    .sid("OnlyEncryptedTransport")
                    .to(Principal::anyone())
                    .when(Operator::BOOL, "aws:SecureTransport", "false"),
                deny("s3:GetObject")
                    .on(sub("${ReportBucket.Arn}/reports/*"))
                    .sid("ReportsOnlyByLink")
                    .to(Principal::anyone())
                    .when(Operator::STRING_NOT_EQUALS, "s3:authType", "REST-QUERY-STRING"),
                // In milliseconds: the longest that `LinkLifetimeMinutes` allows, whoever signs the link.
                deny("s3:GetObject").on(sub("${ReportBucket.Arn}/reports/*")).to(Principal::anyone()).when(
                    Operator::NUMERIC_GREATER_THAN,
                    "s3:signatureAge",
                    "3600000",
                ),
            ],
        ),
    );
    // A bucket that stays keeps its rules.
    stack
        .resource(&policy)
        .deletion_policy(DeletionPolicy::RetainExceptOnCreate)
        .update_replace_policy(DeletionPolicy::Retain);
    bucket
}
