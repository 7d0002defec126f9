//! Sizes at which a step for each pair of things would take minutes: what is checked takes steps for each thing.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use super::check_bytes;

/// The codes of a file's faults, each with how often it is found.
type Found = BTreeMap<String, usize>;

fn faults(name: &str, content: &Json) -> Found {
    let (_, faults) = check_bytes(name, content.to_string().as_bytes());
    let mut found = Found::new();
    for fault in &faults {
        *found.entry(fault["code"].as_str().expect("each has a code").to_owned()).or_default() += 1;
    }
    found
}

/// Whether just these codes are found.
fn are(found: &Found, codes: &[&str]) -> bool {
    found.keys().eq(codes)
}

/// A section with so many entries.
fn many(count: usize, name: &str, entry: impl Fn(usize) -> Json) -> Map<String, Json> {
    (0..count).map(|number| (format!("{name}{number}"), entry(number))).collect()
}

fn resources(resources: Map<String, Json>) -> Found {
    faults("a.json", &json!({"Resources": resources}))
}

fn topic(name: Json) -> Json {
    json!({"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name}})
}

fn typed(kind: &str, properties: Json) -> Json {
    json!({"Type": kind, "Properties": properties})
}

#[test]
fn references_that_are_all_wrong() {
    let wrong = |number: usize| {
        let names: Vec<Json> = (0..3).map(|part| json!({"Ref": format!("Topik{part}x{number}")})).collect();
        topic(json!({"Fn::Join": ["", names]}))
    };
    assert_eq!(resources(many(10_000, "Topic", wrong))["E1020"], 30_000);
    let names: Vec<Json> = (0..20_000).map(|number| json!({"Ref": format!("Q{number}")})).collect();
    let parameters = many(20_000, "P", |_| json!({"Type": "String"}));
    let template = json!({"Parameters": parameters, "Resources": {"T": topic(json!({"Fn::Join": ["", names]}))}});
    assert_eq!(faults("a.json", &template)["E1020"], 20_000);
    let text: String = (0..100_000).map(|number| format!("${{N{number}}}")).collect();
    assert_eq!(faults("a.json", &json!({"Resources": {"T": topic(json!({"Fn::Sub": text}))}}))["E1019"], 100_000);
}

#[test]
fn long_names_that_are_all_near() {
    let name = |number: usize| format!("{number:0>10b}{}", "ab".repeat(110));
    let mut all: Map<String, Json> = (0..900).map(|number| (name(number), topic(json!("")))).collect();
    let wrong: Vec<String> = (0..900).map(|number| name(number).replace("ba", "b")).collect();
    all.insert("Last".to_owned(), json!({"Type": "AWS::SNS::Topic", "DependsOn": wrong}));
    assert_eq!(resources(all)["E3005"], 900);
}

#[test]
fn names_that_loops_and_modules_may_make_up() {
    let mut all = many(
        5_000,
        "Fn::ForEach::L",
        |number| json!(["N", ["a", "b"], {format!("T{number}${{N}}"): topic(json!("")), format!("S{number}${{N}}"): topic(json!(""))}]),
    );
    all.extend(many(5_000, "M", |_| json!({"Type": "My::Net::Vpc::MODULE"})));
    let names: Vec<Json> = (0..5_000).map(|number| json!({"Ref": format!("Q{number}")})).collect();
    all.insert("Last".to_owned(), topic(json!({"Fn::Join": ["", names]})));
    let template = json!({"Transform": "AWS::LanguageExtensions", "Resources": all});
    assert!((10..1_000).contains(&faults("a.json", &template)["E1020"]));
}

#[test]
fn circles_at_the_end_of_a_long_way() {
    let mut all: Map<String, Json> = (0..10_000)
        .map(|number: usize| {
            let name = |number: usize| format!("Z{number:04}");
            let needs: Vec<String> = number.checked_sub(1).into_iter().chain([number]).map(name).collect();
            (name(number), json!({"Type": "AWS::SNS::Topic", "DependsOn": needs}))
        })
        .collect();
    all.insert("A".to_owned(), json!({"Type": "AWS::SNS::Topic", "DependsOn": "Z9999"}));
    assert_eq!(resources(all)["E3004"], 10_000);
}

#[test]
fn acknowledgements_of_as_many_faults() {
    let own = json!({"Formwork": {"Acknowledge": [{"Code": "E3005", "Reason": "It comes with the next release"}]}});
    let all = many(20_000, "R", |_| json!({"Type": "AWS::SNS::Topic", "DependsOn": "Nope", "Metadata": own}));
    assert!(are(&resources(all), &["E1002", "E3010"]));
}

#[test]
fn deployments_that_wait_for_each_other() {
    let api = json!({"Ref": "Api"});
    let mut all = many(3_000, "D", |number| {
        let mut deployment = typed("AWS::ApiGateway::Deployment", json!({"RestApiId": api}));
        deployment["DependsOn"] = json!(if number == 2_999 { "Api".to_owned() } else { format!("D{}", number + 1) });
        deployment
    });
    all.extend(many(3_000, "M", |number| {
        let method = json!({
            "RestApiId": api, "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]}, "HttpMethod": "GET",
            "AuthorizationType": "AWS_IAM", "Integration": {"Type": "MOCK", "Uri": format!("{number}")},
        });
        typed("AWS::ApiGateway::Method", method)
    }));
    let kinds: Vec<String> = (0..5_000).map(|number| format!("K{number}")).collect();
    all.insert("Api".to_owned(), typed("AWS::ApiGateway::RestApi", json!({"EndpointConfiguration": {"Types": kinds}})));
    assert!(resources(all).contains_key("E3010"));
}

#[test]
fn networks_of_which_each_part_may_belong_to_each() {
    for count in [333, 3_000] {
        let unknown = json!({"VpcId": {"Fn::ImportValue": "V"}, "InternetGatewayId": {"Fn::ImportValue": "G"}});
        let mut all = many(count, "V", |_| typed("AWS::EC2::VPC", json!({"CidrBlock": "10.0.0.0/16"})));
        all.extend(many(count, "G", |_| json!({"Type": "AWS::EC2::InternetGateway"})));
        all.extend(many(count, "A", |_| typed("AWS::EC2::VPCGatewayAttachment", unknown.clone())));
        assert!(are(&resources(all), &["E3010", "F1011"]));
    }
}

#[test]
fn functions_proxies_groups_and_subnets_that_have_all_of_each_other() {
    let all_of = |name: &str, count: usize| -> Vec<Json> {
        (0..count).map(|number| json!({"Ref": format!("{name}{number}")})).collect()
    };
    let (subnets, groups) = (all_of("S", 30), all_of("G", 60));
    let mut all = many(30, "S", |number| {
        typed("AWS::EC2::Subnet", json!({"VpcId": {"Ref": "V"}, "CidrBlock": format!("10.0.{number}.0/24")}))
    });
    all.insert("V".to_owned(), typed("AWS::EC2::VPC", json!({"CidrBlock": "10.0.0.0/16"})));
    all.extend(many(60, "G", |_| {
        let rule = |port: usize| json!({"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "SourceSecurityGroupId": groups[port % 60]});
        let rules: Vec<Json> = (0..100).map(rule).collect();
        typed("AWS::EC2::SecurityGroup", json!({"GroupDescription": "All", "VpcId": {"Ref": "V"}, "SecurityGroupIngress": rules}))
    }));
    all.extend(many(20, "D", |_| {
        let proxy = json!({"DBProxyName": "all", "EngineFamily": "MYSQL", "RoleArn": "arn:aws:iam::123456789012:role/R", "Auth": [{}]});
        let mut proxy = typed("AWS::RDS::DBProxy", proxy);
        proxy["Properties"]["VpcSubnetIds"] = json!(subnets);
        proxy["Properties"]["VpcSecurityGroupIds"] = json!(groups);
        proxy
    }));
    all.extend(many(300, "F", |_| {
        let addresses = many(20, "D", |number| json!({"Fn::GetAtt": [format!("D{number}"), "Endpoint"]}));
        let function = json!({
            "Code": {"ZipFile": "pass"}, "Handler": "index.handler", "Runtime": "python3.13",
            "Role": "arn:aws:iam::123456789012:role/R", "Environment": {"Variables": addresses},
            "VpcConfig": {"SubnetIds": subnets, "SecurityGroupIds": groups},
        });
        typed("AWS::Lambda::Function", function)
    }));
    assert!(resources(all).contains_key("E1002"));
}

#[test]
fn functions_that_each_use_a_database() {
    let address = json!({"Variables": {"HOST": {"Fn::GetAtt": ["Db", "Endpoint.Address"]}}});
    let mut all = many(4_000, "F", |_| {
        let network = json!({"SubnetIds": [{"Ref": "S"}], "SecurityGroupIds": [{"Ref": "G"}]});
        typed("AWS::Lambda::Function", json!({"Role": "r", "VpcConfig": network, "Environment": address}))
    });
    all.extend(many(3_000, "I", |_| typed("AWS::RDS::DBInstance", json!({"Engine": "mysql"}))));
    assert_eq!(resources(all)["E1010"], 4_000);
}

#[test]
fn actions_and_policies_that_there_are_not() {
    let actions: Vec<String> = (0..3_000).map(|number| format!("ec2:Descrieb{number}Instances")).collect();
    let policies: Vec<String> =
        (0..3_000).map(|number| format!("arn:aws:iam::aws:policy/Amazon{number}Access")).collect();
    let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
    let role = json!({
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}, "ManagedPolicyArns": policies,
        "Policies": [{"PolicyName": "All", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}],
    });
    let found = faults("a.json", &json!({"Resources": {"R": typed("AWS::IAM::Role", role)}}));
    assert_eq!((&found["W3037"], &found["F1015"]), (&3_000, &3_000));
}

#[test]
fn conditions_that_nest_or_name_each_other() {
    let nest =
        |deep: usize| (0..deep).fold(json!("x"), |inner, _| json!({"Fn::If": ["C0", inner, {"Ref": "AWS::NoValue"}]}));
    let mut conditions = many(10_000, "C", |number| match number {
        0 => json!({"Fn::Equals": ["a", "b"]}),
        _ => json!({"Fn::And": [{"Condition": format!("C{}", number - 1)}, {"Condition": format!("C{}", number / 2)}]}),
    });
    conditions
        .insert("Deep".to_owned(), (0..40).fold(json!({"Condition": "C0"}), |inner, _| json!({"Fn::Not": [inner]})));
    let all = many(100, "T", |_| topic(nest(40)));
    let found = faults("a.json", &json!({"Conditions": conditions, "Resources": all}));
    assert!(are(&found, &["F1011", "W8001"]), "{found:?}");
}

#[test]
fn definitions_of_thousands_of_states_rules_and_branches() {
    let check = |states: Map<String, Json>| {
        let start = states.keys().next().cloned();
        faults("a.asl.json", &json!({"StartAt": start, "States": states}))
    };
    let next = |number: usize| match number {
        24_999 => json!({"Type": "Succeed"}),
        _ => json!({"Type": "Pass", "Next": format!("S{}", number + 1)}),
    };
    assert_eq!(check(many(25_000, "S", next)), Found::new());
    let wrong = check(many(25_000, "State", |number| json!({"Type": "Pass", "Next": format!("Sttae{number}")})));
    assert_eq!(wrong["MISSING_TRANSITION_TARGET"], 25_000);
    let rule = |number: usize| json!({"Variable": "$.a", "NumericEquals": number, "Next": format!("S{number}")});
    let mut choice = Map::new();
    choice.insert("C".to_owned(), json!({"Type": "Choice", "Choices": (0..10_000).map(rule).collect::<Vec<_>>()}));
    choice.extend(many(10_000, "S", |_| json!({"Type": "Succeed"})));
    assert_eq!(check(choice), Found::new());
    // No state goes out of a branch, and where one of that name is, is said.
    let branch = |number: usize| json!({"StartAt": format!("B{number}"), "States": {format!("B{number}"): {"Type": "Pass", "Next": "Last"}}});
    let mut both = Map::new();
    let branches: Vec<Json> = (0..10_000).map(branch).collect();
    both.insert("P".to_owned(), json!({"Type": "Parallel", "Branches": branches, "Next": "Last"}));
    both.insert("Last".to_owned(), json!({"Type": "Succeed"}));
    assert_eq!(check(both)["MISSING_TRANSITION_TARGET"], 10_000);
}

#[test]
fn tokens_and_substitutions_that_miss_each_other() {
    let tokens: Vec<String> = (0..20_000).map(|number| format!("${{T{number}}}")).collect();
    let machine = json!({
        "RoleArn": "arn:aws:iam::123456789012:role/R",
        "Definition": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": tokens, "End": true}}},
        "DefinitionSubstitutions": many(20_000, "U", |_| json!("x")),
    });
    let machine = typed("AWS::StepFunctions::StateMachine", machine);
    let found = faults("a.json", &json!({"Resources": {"M": machine}}));
    assert_eq!((&found["F2001"], &found["F2002"]), (&20_000, &20_000));
}

#[test]
fn texts_of_a_definition_that_thousands_of_functions_put_together() {
    let machine = |text: Json| {
        let properties = json!({"RoleArn": "arn:aws:iam::123456789012:role/R", "DefinitionString": text});
        resources(many(1, "M", |_| typed("AWS::StepFunctions::StateMachine", properties.clone())))
    };
    let state = |number: usize| {
        let mut state = json!({"Type": "Task", "Resource": format!("${{R.{number}.Arn}}"), "End": true});
        if number < 9_999 {
            state["Next"] = format!("S{}", number + 1).into();
            state.as_object_mut().expect("it is one").remove("End");
        }
        state
    };
    let definition = json!({"StartAt": "S0", "States": many(10_000, "S", state)});
    assert_eq!(machine(json!({"Fn::Sub": definition.to_string()}))["E1019"], 10_000);
    let parts =
        (0..10_000).flat_map(|number| [json!(format!("\", \"a{number}\": \"")), json!({"Ref": format!("R{number}")})]);
    let parts: Vec<Json> = [json!("{\"a\": \"")].into_iter().chain(parts).chain([json!("\"}")]).collect();
    assert_eq!(machine(json!({"Fn::Join": ["", parts]}))["E1020"], 10_000);
}

#[test]
fn faults_in_a_key_that_is_most_of_the_file() {
    let (key, id) = ("k".repeat(400_000), "I".repeat(300_000));
    let names: Vec<Json> = (0..20_000).map(|number| json!({"Ref": format!("Q{number}")})).collect();
    let inner = json!({"Names": names, "Nothing": vec![Json::Null; 20_000]});
    for (id, key) in [("R", &*key), (&*id, "Properties")] {
        let mut all = Map::new();
        all.insert(id.to_owned(), json!({"Type": "My::Own::Type", "Properties": {key: inner}}));
        let found = resources(all);
        assert_eq!((found["E1020"], found["F1013"]), (20_000, 20_000));
    }
}

#[test]
fn functions_and_globals_of_the_serverless_model() {
    let serverless = |globals: &Json, function: &dyn Fn(usize) -> Json| {
        let resources = many(5_000, "F", |number| typed("AWS::Serverless::Function", function(number)));
        faults(
            "a.json",
            &json!({"Transform": "AWS::Serverless-2016-10-31", "Globals": {"Function": globals}, "Resources": resources}),
        )
    };
    let events = |number: usize| json!({"Tags": {"A": {"Ref": format!("F{number}Rool")}, "B": {"Ref": format!("F{number}Role")}}});
    assert_eq!(serverless(&json!({"Timeout": 5}), &events)["E1020"], 5_000);
    // What is merged would be some gigabytes.
    let tags = many(50_000, "T", |_| json!("x".repeat(50)));
    assert_eq!(serverless(&json!({"Tags": tags, "Timeout": "soon"}), &events)["E1020"], 5_000);
}

#[test]
fn descriptions_of_apis_that_are_wrong_in_every_part() {
    let wrong = |number: usize| json!({"$ref": format!("#/definitions/N{number}"), "x": {"$ref": format!("#/paths/~1a/N{number}")}});
    let mut paths = many(10_000, "/{a", wrong);
    paths.insert("/".to_owned() + &"k".repeat(300_000), Json::Object(many(20_000, "m", |_| json!({}))));
    let body = json!({"openapi": "1.0", "paths": paths});
    let found = resources(many(1, "A", |_| typed("AWS::ApiGateway::RestApi", json!({"Body": body}))));
    assert_eq!((found["F6016"], found["F6017"]), (1, 10_000));
    assert!(found["F6019"] > 40_000, "{found:?}");
}
