//! F8004: properties of the Serverless Application Model that do not go together.

use crate::{
    check::{
        property::pattern::is_found,
        subject::{Check, Subject},
        value::{Kind, Seen},
        view::{View, each_view},
    },
    diagnostic::{Diagnostic, Severity},
    json::{Json, escape},
    rule::Rule,
    template::intrinsic::is_function,
};

static TOGETHER: Rule = Rule {
    code: "F8004",
    severity: Severity::Error,
    title: "properties of the Serverless Application Model that do not go together",
    why: "\
`DeploymentPreference`, `ProvisionedConcurrencyConfig` and `VersionDeletionPolicy` of a function are
of the alias that `AutoPublishAlias` names; an image needs `ImageUri`, and `CodeUri` or `InlineCode`
a runtime and a handler; a schedule has `Enabled` or `State`, an API `DefinitionBody` or
`DefinitionUri`; a bucket that calls a function, and an authorizer that is the default, stand in the
template. The transform refuses anything else, and so the whole template.",
    fails: "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: worker
      Runtime: python3.13
      Handler: worker.handle
      DeploymentPreference: {Type: AllAtOnce}",
    passes: "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: worker
      Runtime: python3.13
      Handler: worker.handle
      AutoPublishAlias: live
      DeploymentPreference: {Type: AllAtOnce}",
    docs: Some(
        "https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html",
    ),
};

pub(in crate::check) static CHECK: Check = Check { rules: &[&TOGETHER], run: check };

/// Properties of a function, and what each needs beside it.
const NEEDS: [(&str, &str); 4] = [
    ("DeploymentPreference", "AutoPublishAlias"),
    ("FunctionScalingConfig", "CapacityProviderConfig"),
    ("ProvisionedConcurrencyConfig", "AutoPublishAlias"),
    ("VersionDeletionPolicy", "AutoPublishAlias"),
];

/// The name of an alias.
const ALIAS: &str = "^(?![0-9]+$)[a-zA-Z0-9_-]+$";

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    each_view(subject, &["AWS::Serverless::Function"], found, &mut |view, found| {
        needs(view, found);
        code(view, found);
        events(subject, view, found);
    });
    each_view(subject, &["AWS::Serverless::StateMachine"], found, &mut |view, found| {
        events(subject, view, found);
        if view.is_there("Definition") && view.is_there("DefinitionUri") {
            found.push(both(view, "DefinitionUri", "Definition"));
        }
    });
    each_view(subject, &["AWS::Serverless::Api", "AWS::Serverless::HttpApi"], found, &mut |view, found| {
        if view.is_there("DefinitionBody") && view.is_there("DefinitionUri") {
            found.push(both(view, "DefinitionUri", "DefinitionBody"));
        }
        default_authorizer(view, found);
    });
}

fn both(view: &View<'_, '_>, one: &str, other: &str) -> Diagnostic {
    TOGETHER.at(view.at(one), format!("`{one}` stands beside `{other}`; expected one of them"))
}

fn needs(view: &View<'_, '_>, found: &mut Vec<Diagnostic>) {
    for (name, needed) in NEEDS {
        if view.is_there(name) && view.is_missing(needed) && is_on(view, name) {
            found.push(TOGETHER.at(view.at(name), format!("`{name}` needs `{needed}`; expected that too")));
        }
    }
    if let Some(alias) = view.text("AutoPublishAlias").filter(|alias| is_found(ALIAS, alias) == Some(false)) {
        let message =
            format!("`AutoPublishAlias` is \"{alias}\"; expected letters, digits, `-` and `_`, not digits alone");
        found.push(TOGETHER.at(view.at("AutoPublishAlias"), message));
    }
}

/// Whether a preference is in force: one that is switched off needs nothing.
fn is_on(view: &View<'_, '_>, name: &str) -> bool {
    match view.seen(name) {
        Seen::Known(known) => match known.get("Enabled") {
            None => true,
            Some(Json::Bool(is_on)) => *is_on,
            Some(_) => false,
        },
        _ => false,
    }
}

/// The code of a function, where the type of its package is certain.
fn code(view: &View<'_, '_>, found: &mut Vec<Diagnostic>) {
    let kind = match view.seen("PackageType") {
        Seen::Nothing => "Zip".to_owned(),
        _ => match view.text("PackageType") {
            Some(kind) => kind,
            None => return,
        },
    };
    if kind == "Image" {
        // What a build makes of `Metadata` becomes `ImageUri`.
        if view.is_missing("ImageUri") && view.entry.json.get("Metadata").is_none() {
            let message = "a function from an image has no `ImageUri`; expected it, or `Metadata` to build it from";
            found.push(TOGETHER.at(view.at("PackageType"), message));
        }
        return;
    }
    if view.is_missing("CodeUri") && view.is_missing("InlineCode") {
        return;
    }
    for name in ["Runtime", "Handler"].into_iter().filter(|name| view.is_missing(name)) {
        let at = format!("{}/Properties", view.entry.path);
        found.push(TOGETHER.at(at, format!("a function from an archive has no `{name}`; expected one")));
    }
}

fn events(subject: &Subject<'_>, view: &View<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Some(events) = view.raw("Events").and_then(Json::as_object) else { return };
    for name in events.keys().filter(|name| !is_function(name) && !name.contains('.')) {
        let path = format!("Events.{name}");
        let Some(kind) = view.text(&format!("{path}.Type")) else { continue };
        let of = |property: &str| format!("{path}.Properties.{property}");
        let is_schedule = ["Schedule", "ScheduleV2"].contains(&kind.as_str());
        if is_schedule && view.is_there(&of("Enabled")) && view.is_there(&of("State")) {
            found.push(both(view, &of("Enabled"), "State"));
        }
        let schedule = if kind == "Schedule" { "Schedule" } else { "ScheduleExpression" };
        if is_schedule
            && view.is_missing(&of(schedule))
            && view.seen(&format!("{path}.Properties")) != Seen::Some(Kind::Any)
        {
            let at = format!("{}/Properties/Events/{}", view.entry.path, escape(name));
            found.push(TOGETHER.at(at, format!("the event has no `{schedule}`; expected it")));
        }
        if kind == "S3" && view.is_there(&of("Bucket")) && !is_bucket(subject, view, &of("Bucket")) {
            let message = "`Bucket` is no bucket of the template; expected `!Ref` of one";
            found.push(TOGETHER.at(view.at(&of("Bucket")), message));
        }
    }
}

/// Whether an event may come from a bucket of the template, whose notifications the transform sets.
fn is_bucket(subject: &Subject<'_>, view: &View<'_, '_>, path: &str) -> bool {
    let resources = &subject.template.as_json()["Resources"];
    match view.raw(path) {
        Some(Json::String(name)) => resources[name]["Type"] == "AWS::S3::Bucket",
        _ => match view.target(path) {
            // A parameter may give the id of a bucket.
            Some(id) => resources[id].is_null() || resources[id]["Type"] == "AWS::S3::Bucket",
            None => true,
        },
    }
}

/// A default authorizer that the API does not have.
fn default_authorizer(view: &View<'_, '_>, found: &mut Vec<Diagnostic>) {
    let Some(name) = view.text("Auth.DefaultAuthorizer") else { return };
    let Seen::Known(known) = view.seen("Auth.Authorizers") else { return };
    let Some(known) = known.as_object().filter(|known| !known.is_empty() && !known.keys().any(|key| is_function(key)))
    else {
        return;
    };
    if name != "AWS_IAM" && name != "NONE" && !known.contains_key(&name) {
        let message = format!("`DefaultAuthorizer` is `{name}`; expected one of `Authorizers`");
        let fault = TOGETHER.at(view.at("Auth.DefaultAuthorizer"), message);
        found.push(fault.did_you_mean(&name, known.keys().map(String::as_str)));
    }
}
