use serde_json::json;

use super::*;

/// Path and definition, or why there is none; then the tokens that are opaque.
fn read(properties: Json) -> (String, Result<Json, Unread>, Vec<String>) {
    let resource = json!({"Type": "AWS::StepFunctions::StateMachine", "Properties": properties});
    let template = Template::new(json!({"Resources": {"M": resource}}));
    let machine = state_machines(&template).next().unwrap();
    match machine.definition {
        Ok(Definition { json, opaque, .. }) => {
            let references = opaque.references.into_iter().map(|(name, reads)| format!("{name} = {reads}"));
            (machine.path.to_string(), Ok(json.into_owned()), references.chain(opaque.values).collect())
        }
        Err(why) => (machine.path.to_string(), Err(why), Vec::new()),
    }
}

fn text_of(text: Json) -> (Result<Json, Unread>, Vec<String>) {
    let (path, read, tokens) = read(json!({"DefinitionString": text}));
    assert_eq!(path, "Resources/M/Properties/DefinitionString");
    (read, tokens)
}

#[test]
fn a_definition_is_an_object_or_a_text() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": "${Own}"}}});
    let (path, read, tokens) = read(json!({"Definition": definition, "DefinitionString": "unused"}));
    assert_eq!((path.as_str(), read), ("Resources/M/Properties/Definition", Ok(definition.clone())));
    assert_eq!(tokens, [""; 0]);
    assert_eq!(text_of(definition.to_string().into()), (Ok(definition), vec![]));
}

#[test]
fn functions_inside_an_object_become_tokens() {
    let (_, read, tokens) = read(json!({
        "DefinitionSubstitutions": {"Topic": "taken"},
        "Definition": {
            "Resource": {"Fn::Sub": "arn:${AWS::Partition}:states:::sns:publish"},
            "Parameters": {"TopicArn": {"Ref": "Topic"}, "Again": [{"Fn::Sub": "${Topic}"}], "Own": "${Topic}"},
            "Seconds": {"Fn::If": ["Live", 5, 1]},
            "Joined": {"Fn::Join": ["-", ["a", {"Fn::GetAtt": ["Queue", "QueueName"]}, 5]]},
            "Function": {"Fn::GetAtt": "Queue.QueueName"},
        },
    }));
    assert_eq!(
        read.unwrap(),
        json!({
            "Resource": "arn:${AWSPartition}:states:::sns:publish",
            "Parameters": {"TopicArn": "${Topic2}", "Again": ["${Topic2}"], "Own": "${Topic}"},
            "Seconds": "${If}",
            "Joined": "a-${QueueQueueName}-5",
            "Function": "${QueueQueueName}",
        })
    );
    assert_eq!(
        tokens,
        [
            "AWSPartition = AWS::Partition",
            "Topic2 = Topic",
            r#"If = If ["Live",5,1]"#,
            "QueueQueueName = Queue.QueueName"
        ]
    );
}

#[test]
fn references_in_a_text_become_tokens_and_kept_variables_stay() {
    let (read, tokens) = text_of(json!({"Fn::Sub": [
        r#"{"Resource": "${Function.Arn}", "Text": "say \"${Who}\" to ${!Token}", "Seconds": ${Wait}, "Max": ${Max}}"#,
        {"Who": "Ada", "Wait": {"Ref": "Seconds"}, "Max": 5},
    ]}));
    assert_eq!(
        read.unwrap(),
        json!({
            "Resource": "${FunctionArn}",
            "Text": "say \"Ada\" to ${Token}",
            "Seconds": "${Seconds}",
            "Max": 5,
        })
    );
    assert_eq!(tokens, ["FunctionArn = Function.Arn", "Seconds = Seconds"]);
}

#[test]
fn a_joined_text_is_read_like_any_other() {
    let (read, tokens) = text_of(json!({"Fn::Join": ["", [
        r#"{"StartAt":"E","States":{"E":{"Type":"Task","Resource":"arn:"#,
        {"Ref": "AWS::Partition"},
        {"Fn::Join": [":", [":states", "", "", "lambda", r#"invoke","Seconds":"#]]},
        {"Fn::Sub": "${Wait}"},
        r#","End":true}}}"#,
    ]]}));
    let state = json!({
        "Type": "Task",
        "Resource": "arn:${AWSPartition}:states:::lambda:invoke",
        "Seconds": "${Wait}",
        "End": true,
    });
    assert_eq!(read.unwrap(), json!({"StartAt": "E", "States": {"E": state}}));
    assert_eq!(tokens, ["AWSPartition = AWS::Partition", "Wait = Wait"]);
}

#[test]
fn a_substitution_stands_for_a_number_too() {
    let (read, tokens) = text_of(r#"{"Seconds": ${Wait_1}, "Text": "${Text} \\"}"#.into());
    assert_eq!(read.unwrap(), json!({"Seconds": "${Wait_1}", "Text": "${Text} \\"}));
    assert_eq!(tokens, ["Wait_1"]);
}

#[test]
fn what_the_template_does_not_say_is_elsewhere() {
    let elsewhere = [
        json!({}),
        json!(null),
        json!({"Definition": null, "DefinitionString": null}),
        json!({"DefinitionS3Location": {"Bucket": "b", "Key": "k"}}),
        json!({"Definition": {"Fn::Transform": {"Name": "AWS::Include"}}}),
        json!({"Definition": {"StartAt": "A", "States": {"Fn::Transform": {"Name": "M"}, "A": {}}}}),
        json!({"Definition": {"States": {"Fn::ForEach::S": ["N", ["a"], {"${N}": {}}]}}}),
        json!({"Definition": {"Fn::If": ["Live", {}, {}]}}),
        json!({"DefinitionString": {"Ref": "Definition"}}),
        json!({"DefinitionString": {"Fn::Sub": {"Fn::Transform": {}}}}),
        json!({"DefinitionString": {"Fn::Join": ["", {"Ref": "Parts"}]}}),
        json!({"DefinitionString": {"Fn::Join": ["", ["{", {"Fn::Transform": {"Name": "M"}}]]}}),
        json!({"DefinitionString": {"Fn::Sub": "{\"States\": {${States} \"B\": 1}}"}}),
        json!({"DefinitionString": {"Fn::Sub": "${Whole}"}}),
    ];
    for properties in elsewhere {
        assert_eq!(read(properties.clone()).1, Err(Unread::Elsewhere), "{properties}");
    }
}

#[test]
fn a_text_that_is_no_json_says_why() {
    let why = "EOF while parsing an object at line 1 column 1";
    assert_eq!(text_of("{".into()).0, Err(Unread::NotJson(why.to_owned())));
    assert_eq!(text_of(json!({"Fn::Sub": "{"})).0, Err(Unread::NotJson(why.to_owned())));
    let why = "EOF while parsing a string at line 1 column 15";
    assert_eq!(text_of(json!({"Fn::Sub": "{\"A\": \"${Topic}"})).0, Err(Unread::NotJson(why.to_owned())));
}

#[test]
fn a_value_stands_for_a_token_where_the_json_has_no_quotes() {
    let values = [("Wait".to_owned(), "5".to_owned()), ("Own".to_owned(), "[1]".to_owned())];
    let read = |properties: Json| {
        let resource = json!({"Type": "AWS::StepFunctions::StateMachine", "Properties": properties});
        let template = Template::new(json!({"Resources": {"M": resource}}));
        let machine = state_machines_with(&template, &values).next().unwrap();
        machine.definition.unwrap_or_else(|_| panic!("it can be read")).json.into_owned()
    };
    let text = r#"{"Seconds": ${Wait}, "Text": "${Wait}", "Own": ${!Own}}"#;
    let expected = json!({"Seconds": 5, "Text": "${Wait}", "Own": [1]});
    assert_eq!(read(json!({"DefinitionString": {"Fn::Sub": text}})), expected);
    let object = json!({"Seconds": {"Ref": "Wait"}, "Text": {"Fn::Sub": "a${Wait}"}, "Own": [1]});
    let expected = json!({"Seconds": 5, "Text": "a${Wait}", "Own": [1]});
    assert_eq!(read(json!({"Definition": object})), expected);
}

#[test]
fn a_serverless_state_machine_may_have_its_definition_in_a_file() {
    let read = |kind: &str, properties: Json| {
        let template = Template::new(json!({"Resources": {"M": {"Type": kind, "Properties": properties}}}));
        let machine = state_machines(&template).next().unwrap();
        (machine.path.to_string(), machine.definition.map(|it| it.json.into_owned()), machine.express)
    };
    let (serverless, plain) = ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine");
    let path = |property: &str| format!("Resources/M/Properties/{property}");
    let file = || Err(Unread::InFile("flow.asl.yaml".to_owned()));
    assert_eq!(
        read(serverless, json!({"DefinitionUri": "flow.asl.yaml", "Type": "EXPRESS"})),
        (path("DefinitionUri"), file(), true)
    );
    assert_eq!(
        read(plain, json!({"DefinitionS3Location": "flow.asl.yaml"})),
        (path("DefinitionS3Location"), file(), false)
    );
    for elsewhere in [json!("s3://bucket/key"), json!({"Bucket": "b", "Key": "k"})] {
        assert_eq!(read(serverless, json!({"DefinitionUri": elsewhere})).1, Err(Unread::Elsewhere));
    }
    assert_eq!(read(serverless, json!({"Definition": {"StartAt": "A"}})).1, Ok(json!({"StartAt": "A"})));
}

#[test]
fn an_integration_that_a_token_stands_for_is_read_in_any_partition() {
    let partition = json!({"Ref": "AWS::Partition"});
    let (_, read, _) = read(json!({
        "DefinitionSubstitutions": {
            "Publish": {"Fn::Sub": "arn:${AWS::Partition}:states:::sns:publish"},
            "Send": {"Fn::Join": ["", ["arn:", partition, ":states:::sqs:sendMessage"]]},
            "Cut": "arn:aws-cn:states:::s3:putObject",
            "Function": {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:1:function:f"},
            "Other": {"Fn::Sub": "arn:${AWS::Partition}:states:::${Action}"},
        },
        "Definition": ["${Publish}", "${Send}", "${Cut}", "${Function}", "${Other}", "a ${Publish}"],
    }));
    let expected = json!([
        "arn:aws:states:::sns:publish",
        "arn:aws:states:::sqs:sendMessage",
        "arn:aws-cn:states:::s3:putObject",
        "${Function}",
        "${Other}",
        "a ${Publish}",
    ]);
    assert_eq!(read, Ok(expected));
}

#[test]
fn an_object_as_json_text_is_an_object() {
    let (read, _) = text_of(json!({"Fn::ToJsonString": {"StartAt": {"Ref": "First"}}}));
    assert_eq!(read.unwrap(), json!({"StartAt": "${First}"}));
}
