//! The canonical form of a value: two that mean the same to CloudFormation have the same.
//!
//! Short and long functions are one form already. Here a text that is put together (`Fn::Sub`, `Fn::Join`) becomes its
//! pieces, what can be decided is decided, scalars are what their schema makes of them, and where order means nothing
//! elements are sorted.

mod policy;
mod text;

use serde_json::Map as Object;

use super::unordered;
use crate::{
    json::Json,
    schema::{self, ResourceSchema, Schema, Type},
    template::{
        Template,
        intrinsic::{Place, attribute, call},
    },
};

/// The properties whose text is JSON, whatever it looks like.
const JSON_TEXTS: [&str; 2] = ["DashboardBody", "DefinitionString"];

/// What takes away the property that it is the value of.
const NO_VALUE: &str = "AWS::NoValue";

/// A reader of the values of one resource, or of a section.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    template: &'a Template,
    kind: &'a str,
    types: Option<&'static ResourceSchema>,
}

/// A place in a resource: the schema that holds there, and the path of names without indices.
#[derive(Clone)]
pub(super) struct Spot<'s> {
    pub schema: Option<&'s Schema>,
    pub path: String,
}

impl Spot<'_> {
    /// A place that no schema says anything of.
    pub const FREE: Self = Self { schema: None, path: String::new() };
}

impl<'a> Reader<'a> {
    /// A reader of the properties of a type.
    pub fn of(template: &'a Template, kind: &'a str) -> Self {
        Self { template, kind, types: schema_of(kind) }
    }

    /// A reader of what is no resource.
    pub fn free(template: &'a Template) -> Self {
        Self { template, kind: "", types: None }
    }

    /// The place of all properties.
    pub fn root(&self) -> Spot<'static> {
        Spot { schema: self.types.map(ResourceSchema::root), path: String::new() }
    }

    /// The place of a member of an object.
    pub fn member<'s>(&self, spot: &Spot<'s>, key: &str) -> Spot<'s>
    where
        'a: 's,
    {
        let known = spot.schema.and_then(|schema| {
            let patterned = || schema.pattern_properties.values().next().map(std::ops::Deref::deref);
            let other = || schema.additional_properties.as_deref().filter(|other| !other.never);
            schema.property(key).or_else(patterned).or_else(other)
        });
        let path = if spot.path.is_empty() { key.to_owned() } else { format!("{}.{key}", spot.path) };
        Spot { schema: self.resolved(known), path }
    }

    /// The place of an element of a list.
    pub fn element<'s>(&self, spot: &Spot<'s>) -> Spot<'s> {
        let items = spot.schema.and_then(|schema| schema.items.as_deref());
        Spot { schema: self.resolved(items), path: spot.path.clone() }
    }

    fn resolved<'s>(&self, schema: Option<&'s Schema>) -> Option<&'s Schema> {
        match (schema, self.types) {
            (Some(schema), Some(types)) => Some(types.resolve(schema)),
            (schema, _) => schema,
        }
    }

    /// Whether the order of the elements of a list means nothing.
    pub fn is_unordered(&self, spot: &Spot<'_>) -> bool {
        unordered::is_unordered(self.types, &spot.path)
    }

    /// The canonical form; none of what is not there.
    pub fn value(&self, json: &Json, spot: &Spot<'_>) -> Option<Json> {
        if let Some((function, argument)) = call(json, Place::Other) {
            return self.call(function, argument, spot);
        }
        Some(match json {
            Json::Object(members) => self.object(members, spot),
            Json::Array(items) => self.list(items, spot),
            scalar => self.scalar(scalar, spot),
        })
    }

    fn object(&self, members: &Object<String, Json>, spot: &Spot<'_>) -> Json {
        let mut canonical: Vec<(String, Json)> = members
            .iter()
            .filter_map(|(key, member)| Some((key.clone(), self.value(member, &self.member(spot, key))?)))
            .collect();
        canonical.sort_by(|one, other| one.0.cmp(&other.0));
        let mut canonical: Object<String, Json> = canonical.into_iter().collect();
        if spot.schema.is_none_or(|schema| schema.properties.is_empty()) {
            policy::normalize(&mut canonical);
        }
        Json::Object(canonical)
    }

    fn list(&self, items: &[Json], spot: &Spot<'_>) -> Json {
        let element = self.element(spot);
        let mut canonical: Vec<Json> = items.iter().filter_map(|item| self.value(item, &element)).collect();
        if self.is_unordered(spot) {
            canonical.sort_by_cached_key(Json::to_string);
        }
        Json::Array(canonical)
    }

    /// What a schema makes of a scalar: CloudFormation takes `30` for `"30"`, and `true` for `"true"`.
    fn scalar(&self, json: &Json, spot: &Spot<'_>) -> Json {
        let types = spot.schema.map(|schema| schema.types.as_slice()).unwrap_or_default();
        if let Json::String(text) = json
            && self.is_json(spot)
            && let Ok(parsed @ Json::Object(_)) = serde_json::from_str(text)
        {
            return self.value(&parsed, &Spot::FREE).unwrap_or_default();
        }
        match types {
            [Type::Array] if !json.is_null() => {
                let items = std::slice::from_ref(json);
                return self.list(items, spot);
            }
            [] if !self.is_custom() => return plain(json),
            types if types.contains(&Type::Object) && !self.is_custom() => return plain(json),
            _ => {}
        }
        match json {
            Json::Null => Json::Null,
            Json::String(text) if types == [Type::Boolean] => text.to_ascii_lowercase().into(),
            Json::String(text) if types == [Type::Integer] || types == [Type::Number] => number(text).into(),
            Json::String(text) => text.as_str().into(),
            scalar => number(&scalar.to_string()).into(),
        }
    }

    /// Whether a text is read as JSON.
    fn is_json(&self, spot: &Spot<'_>) -> bool {
        let key = spot.path.rsplit('.').next().unwrap_or_default();
        JSON_TEXTS.contains(&key) || spot.schema.is_some_and(|schema| schema.types.contains(&Type::Object))
    }

    /// Whether all scalars reach a provider of somebody's own, as texts.
    fn is_custom(&self) -> bool {
        is_custom(self.kind)
    }

    fn call(&self, function: &str, argument: &Json, spot: &Spot<'_>) -> Option<Json> {
        let free = |json: &Json| self.value(json, &Spot::FREE).unwrap_or_else(no_value);
        let same = |argument: Json| Json::Object(Object::from_iter([(function.to_owned(), argument)]));
        Some(match (function, argument) {
            ("Ref", Json::String(name)) if name == NO_VALUE => return None,
            ("Ref", _) => same(argument.clone()),
            ("Fn::GetAtt", _) => match attribute(argument) {
                Some((id, Some(attribute))) => text::get_att(id, attribute),
                _ => same(free(argument)),
            },
            ("Fn::If", Json::Array(parts)) if parts.len() == 3 => {
                let [when, otherwise] = [1, 2].map(|at| self.value(&parts[at], spot));
                if when == otherwise {
                    return when;
                }
                let branches = [when, otherwise].map(|branch| branch.unwrap_or_else(no_value));
                same([parts[0].clone()].into_iter().chain(branches).collect())
            }
            ("Fn::Sub" | "Fn::Join", _) => match text::pieces(function, argument, &free) {
                Some(pieces) => {
                    let whole = text::whole(pieces);
                    match self.is_json(spot).then(|| text::object(&whole)).flatten() {
                        Some(object) => self.value(&object, &Spot::FREE).unwrap_or_default(),
                        // A text that is known after all is read as any other.
                        None if whole.is_string() => self.scalar(&whole, spot),
                        None => whole,
                    }
                }
                None => same(free(argument)),
            },
            ("Fn::Base64", _) => match free(argument) {
                Json::String(text) => text::base64(&text).into(),
                other => same(other),
            },
            ("Fn::Split", _) => text::split(&free(argument)).unwrap_or_else(|| same(free(argument))),
            ("Fn::Select", _) => match text::select(&free(argument)) {
                Some(Json::String(text)) => self.scalar(&text.into(), spot),
                Some(other) => other,
                None => same(text::with_number(free(argument), 0)),
            },
            ("Fn::Cidr", _) => same(text::with_number(text::with_number(free(argument), 1), 2)),
            ("Fn::FindInMap", _) => match self.find_in_map(argument) {
                Some(found) => self.value(found, spot).unwrap_or_default(),
                None => same(free(argument)),
            },
            _ => same(free(argument)),
        })
    }

    /// The value of a mapping, where all keys are known: a text or number, or a list of these. A function in a mapping
    /// is none, and could name the mapping that it stands in.
    fn find_in_map(&self, argument: &Json) -> Option<&'a Json> {
        let [map, first, second] = argument.as_array()?.as_slice() else { return None };
        let found =
            self.template.as_json().get("Mappings")?.get(map.as_str()?)?.get(first.as_str()?)?.get(second.as_str()?)?;
        let is_plain = |json: &Json| !json.is_object() && !json.is_array();
        (is_plain(found) || found.as_array().is_some_and(|items| items.iter().all(is_plain))).then_some(found)
    }
}

/// The schema of a type; all custom resources have one in common, and those of the Serverless Application Model that of
/// the resource that is made of them.
pub(super) fn schema_of(kind: &str) -> Option<&'static ResourceSchema> {
    schema::of(match kind {
        "AWS::Serverless::Function" => "AWS::Lambda::Function",
        "AWS::Serverless::LayerVersion" => "AWS::Lambda::LayerVersion",
        "AWS::Serverless::StateMachine" => "AWS::StepFunctions::StateMachine",
        "AWS::Serverless::SimpleTable" => "AWS::DynamoDB::Table",
        kind if is_custom(kind) => "AWS::CloudFormation::CustomResource",
        kind => kind,
    })
}

/// Whether a type is that of a custom resource.
pub(super) fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}

fn no_value() -> Json {
    serde_json::json!({"Ref": NO_VALUE})
}

/// A scalar that no schema says anything of: `2.0` is the number `2`.
fn plain(json: &Json) -> Json {
    match json.as_f64().filter(|number| json.is_f64() && number.fract() == 0.0 && number.abs() < 1e15) {
        Some(number) => serde_json::from_str(&format!("{number:.0}")).unwrap_or_else(|_| json.clone()),
        None => json.clone(),
    }
}

/// A number as it is written most briefly; any other text as it is.
fn number(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Ok(number) if number.is_finite() && text.contains('.') => number.to_string(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn canonical(kind: &str, properties: &Json) -> Json {
        let template = Template::new(json!({"Mappings": {"Sizes": {"live": {"Class": "large"}}}}));
        let reader = Reader::of(&template, kind);
        reader.value(properties, &reader.root()).unwrap_or_default()
    }

    #[track_caller]
    fn assert_same(kind: &str, one: &Json, other: &Json) {
        assert_eq!(canonical(kind, one), canonical(kind, other));
    }

    #[track_caller]
    fn assert_different(kind: &str, one: &Json, other: &Json) {
        assert_ne!(canonical(kind, one), canonical(kind, other));
    }

    #[test]
    fn json_is_the_same_however_it_is_written_and_put_together() {
        let kind = "AWS::StepFunctions::StateMachine";
        let text = |text: Json| json!({"DefinitionString": text});
        let one = text(
            json!({"Fn::Sub": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Resource\": \"${Send.Arn}/${!Token}\"}}}"}),
        );
        let arn = json!({"Fn::GetAtt": ["Send", "Arn"]});
        let parts = json!(["{\"States\":{\"A\":{\"Resource\":\"", arn, "/${Token}\"}},\"StartAt\":\"A\"}"]);
        assert_same(kind, &one, &text(json!({"Fn::Join": ["", parts]})));
        let known = text(json!({"Fn::Sub": ["{\"StartAt\": \"${A}\"}", {"A": "A"}]}));
        assert_same(kind, &known, &text("{ \"StartAt\" : \"A\" }".into()));
        // What is no string, or a name, is known at deployment alone, and how it is written stays.
        for (states, is_read) in [
            ("{\"A\": {\"Resource\": \"/${Send.Arn}${!Token}\"}}", true),
            ("{\"A\": {\"Resource\": \"${Send.Name}/${!Token}\"}}", true),
            ("{\"A\": {\"Resource\": ${Send.Arn}}}", false),
            ("{\"${Send.Arn}\": {\"Resource\": \"/${!Token}\"}}", false),
        ] {
            let [other, wider] = ["", " "]
                .map(|space| text(json!({"Fn::Sub": format!("{{{space}\"StartAt\": \"A\", \"States\": {states}}}")})));
            assert_different(kind, &one, &other);
            let is_same = canonical(kind, &other) == canonical(kind, &wider);
            assert_eq!(is_same, is_read, "{other}");
        }
    }

    #[test]
    fn a_text_is_the_same_however_it_is_put_together() {
        let texts = [
            json!({"QueueName": {"Fn::Sub": "${AWS::StackName}-${Topic.TopicName}-orders"}}),
            json!({"QueueName": {"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, {"Fn::GetAtt": "Topic.TopicName"}, "orders"]]}}),
            json!({"QueueName": {"Fn::Sub": ["${Own}-${Topic.TopicName}-${What}", {"What": "orders", "Own": {"Ref": "AWS::StackName"}}]}}),
            json!({"QueueName": {"Fn::Join": ["", [{"Fn::Sub": "${AWS::StackName}-"}, {"Fn::Join": ["-", [{"Fn::GetAtt": ["Topic", "TopicName"]}, "orders"]]}]]}}),
        ];
        for text in &texts[1..] {
            assert_same("AWS::SQS::Queue", &texts[0], text);
        }
        let plain = json!({"QueueName": "a-b"});
        assert_same("AWS::SQS::Queue", &plain, &json!({"QueueName": {"Fn::Sub": "a-b"}}));
        assert_same("AWS::SQS::Queue", &plain, &json!({"QueueName": {"Fn::Join": ["-", ["a", "b"]]}}));
        assert_same("AWS::SQS::Queue", &plain, &json!({"QueueName": {"Fn::Select": ["1", ["x", "a-b"]]}}));
        assert_same(
            "AWS::SQS::Queue",
            &plain,
            &json!({"QueueName": {"Fn::Select": [0, {"Fn::Split": ["/", "a-b/c"]}]}}),
        );
        assert_different("AWS::SQS::Queue", &plain, &json!({"QueueName": {"Fn::Join": ["", ["a", "b"]]}}));
        let of_list = |index: Json| json!({"QueueName": {"Fn::Select": [index, {"Ref": "Names"}]}});
        assert_same("AWS::SQS::Queue", &of_list(json!(1)), &of_list(json!("1")));
        assert_different("AWS::SQS::Queue", &of_list(json!(1)), &of_list(json!("0")));
        // What may be taken away takes its delimiter along.
        let maybe = json!({"Fn::If": ["Live", "b", {"Ref": "AWS::NoValue"}]});
        assert_different(
            "AWS::SQS::Queue",
            &json!({"QueueName": {"Fn::Join": ["-", ["a", maybe]]}}),
            &json!({"QueueName": {"Fn::Join": ["", ["a-", maybe]]}}),
        );
    }

    #[test]
    fn a_scalar_is_what_its_schema_makes_of_it() {
        assert_same("AWS::SQS::Queue", &json!({"DelaySeconds": 30}), &json!({"DelaySeconds": "30"}));
        assert_same("AWS::SQS::Queue", &json!({"DelaySeconds": {"Fn::Sub": "30"}}), &json!({"DelaySeconds": 30.0}));
        assert_same("AWS::SQS::Queue", &json!({"FifoQueue": true}), &json!({"FifoQueue": "True"}));
        assert_different("AWS::SQS::Queue", &json!({"QueueName": "True"}), &json!({"QueueName": "true"}));
        // The States Language tells a number from a text.
        let machine = |seconds: Json| json!({"Definition": {"States": {"Rest": {"Type": "Wait", "Seconds": seconds}}}});
        assert_different("AWS::StepFunctions::StateMachine", &machine(json!(30)), &machine(json!("30")));
        assert_same("Custom::Tables", &json!({"Rows": 30, "Sample": true}), &json!({"Rows": "30", "Sample": "true"}));
    }

    #[test]
    fn what_is_taken_away_or_decided_is_not_there() {
        assert_same("AWS::SQS::Queue", &json!({"QueueName": {"Ref": "AWS::NoValue"}}), &json!({}));
        assert_same(
            "AWS::SQS::Queue",
            &json!({"QueueName": {"Fn::If": ["Live", "a", "a"]}}),
            &json!({"QueueName": "a"}),
        );
        let found = json!({"InstanceType": {"Fn::FindInMap": ["Sizes", "live", "Class"]}});
        assert_same("AWS::EC2::Instance", &found, &json!({"InstanceType": "large"}));
    }

    #[test]
    fn a_mapping_that_names_itself_has_an_end() {
        let found = json!({"Fn::FindInMap": ["M", "a", "b"]});
        let resources = json!({"R": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": found}}});
        let template = |value: Json| {
            let mappings = json!({"M": {"a": {"b": value}}});
            Template::parse(&json!({"Mappings": mappings, "Resources": resources}).to_string()).unwrap()
        };
        let circle = template(json!({"QueueName": found}));
        let list = template(json!([found]));
        assert!(!crate::diff::diff(&circle, &list).is_empty());
    }

    #[test]
    fn the_order_of_keys_tags_and_statements_means_nothing() {
        assert_same(
            "AWS::SQS::Queue",
            &json!({"Tags": [{"Key": "a", "Value": "1"}, {"Value": "2", "Key": "b"}], "DelaySeconds": 1}),
            &json!({"DelaySeconds": 1, "Tags": [{"Key": "b", "Value": 2}, {"Key": "a", "Value": "1"}]}),
        );
        let one = json!({"PolicyDocument": {"Statement": [
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"},
            {"Effect": "Deny", "Action": "s3:*", "Resource": ["a"], "Condition": {"Bool": {"aws:SecureTransport": false}}},
        ]}});
        let other = json!({"PolicyDocument": {"Statement": [
            {"Effect": "Deny", "Action": ["s3:*"], "Resource": "a", "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}},
            {"Effect": "Allow", "Resource": ["*"], "Action": ["s3:PutObject", "s3:GetObject"]},
        ]}});
        assert_same("AWS::IAM::ManagedPolicy", &one, &other);
        assert_same("AWS::SQS::QueuePolicy", &one, &json!({"PolicyDocument": other["PolicyDocument"].to_string()}));
        // The first command of a list is run first.
        assert_different(
            "AWS::Lambda::Function",
            &json!({"ImageConfig": {"Command": ["a", "b"]}}),
            &json!({"ImageConfig": {"Command": ["b", "a"]}}),
        );
    }
}
