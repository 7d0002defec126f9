//! E3057: a cache behavior of CloudFront whose origin is none of the distribution's.

use crate::{
    check::{
        subject::{Check, Subject},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    rule::Rule,
};

static TARGET_ORIGIN: Rule = Rule {
    code: "E3057",
    severity: Severity::Error,
    title: "a cache behavior of no origin",
    why: "\
`TargetOriginId` is the `Id` of an origin or of an origin group of the same distribution. CloudFront
refuses the distribution (\"One or more of your origins or origin groups do not exist\").",
    fails: "\
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
        - {Id: pages, DomainName: example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}
        DefaultCacheBehavior:
          TargetOriginId: page
          ViewerProtocolPolicy: redirect-to-https
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6",
    passes: "\
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
        - {Id: pages, DomainName: example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}
        DefaultCacheBehavior:
          TargetOriginId: pages
          ViewerProtocolPolicy: redirect-to-https
          CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6",
    docs: Some(
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-cachebehavior.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&TARGET_ORIGIN], run: check };

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::CloudFront::Distribution"], found, &mut |view, found| {
        let Some(ids) = ids(view) else { return };
        for (id, at) in targets(view).into_iter().filter(|(id, _)| !ids.contains(id)) {
            let message = format!("`TargetOriginId` is `{id}`; expected the `Id` of an origin or origin group");
            found.push(TARGET_ORIGIN.at(at, message).did_you_mean(&id, ids.iter().map(String::as_str)));
        }
    });
}

/// The ids of all origins and origin groups; none where one of them is not known, or where origins are given the old way.
fn ids(view: &View<'_, '_>) -> Option<Vec<String>> {
    let is_old = ["S3Origin", "CustomOrigin"].iter().any(|old| !view.is_missing(&format!("DistributionConfig.{old}")));
    let groups = "DistributionConfig.OriginGroups";
    let mut elements = view.elements("DistributionConfig.Origins")?;
    if !view.is_missing(groups) {
        elements.extend(view.elements(&format!("{groups}.Items"))?);
    }
    let ids = elements.into_iter().map(|element| view.text_of(element, "Id"));
    if is_old { None } else { ids.collect() }
}

/// The origins that behaviors name, as far as they are known, each with its place.
fn targets(view: &View<'_, '_>) -> Vec<(String, String)> {
    let default = "DistributionConfig.DefaultCacheBehavior.TargetOriginId";
    let others = "DistributionConfig.CacheBehaviors";
    let elements = view.elements(others).unwrap_or_default();
    let others = elements.into_iter().enumerate().filter_map(|(position, element)| {
        Some((view.text_of(element, "TargetOriginId")?, format!("{}/{position}/TargetOriginId", view.at(others))))
    });
    view.text(default).map(|id| (id, view.at(default))).into_iter().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{check::assert_finds, json::Json};

    fn distribution(origins: &Json, others: &Json) -> Json {
        let config = json!({
            "Origins": origins,
            "OriginGroups": {"Quantity": 1, "Items": [{"Id": "both"}]},
            "DefaultCacheBehavior": {"TargetOriginId": "both"},
            "CacheBehaviors": others,
        });
        json!({"Resources": {"D": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {"DistributionConfig": config},
        }}})
    }

    #[test]
    fn a_behavior_names_an_origin_or_a_group() {
        let origins = json!([{"Id": "pages"}]);
        let docs = TARGET_ORIGIN.docs.unwrap_or_default();
        assert_finds(check, distribution(&origins, &json!([{"TargetOriginId": "pages"}])), &[]);
        assert_finds(
            check,
            distribution(&origins, &json!([{"TargetOriginId": "pages"}, {"TargetOriginId": "page"}])),
            &[&format!(
                "error[E3057]: `TargetOriginId` is `page`; expected the `Id` of an origin or origin group\n  \
                 at   Resources/D/Properties/DistributionConfig/CacheBehaviors/1/TargetOriginId\n  \
                 help did you mean `pages`?\n  docs {docs}"
            )],
        );
    }

    #[test]
    fn what_is_not_known_says_nothing() {
        let made = json!([{"Id": {"Fn::ImportValue": "origin"}}]);
        assert_finds(check, distribution(&made, &json!([{"TargetOriginId": "page"}])), &[]);
        let named = json!([{"TargetOriginId": {"Fn::ImportValue": "origin"}}]);
        assert_finds(check, distribution(&json!([{"Id": "pages"}]), &named), &[]);
    }
}
