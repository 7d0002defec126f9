//! `import`.

use std::fs;

use crate::project::run;
use formwork::Project;

const TEMPLATE: &str = "
# The letters
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties: {VisibilityTimeout: 30}
  Read:
    Type: AWS::Lambda::Function
    Properties:
      Role: !Sub arn:aws:iam::${AWS::AccountId}:role/read
      Runtime: python3.13
      Handler: index.handler
      Code:
        ZipFile: |
          def handler(event, context):
              print(event)
              return event
";

fn file(name: &str, text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join(name);
    fs::write(&file, text).expect("a file can be written");
    let file = file.to_str().expect("its name is UTF-8").to_owned();
    (folder, file)
}

#[test]
fn a_template_becomes_a_file_on_stdout_that_is_named_after_it() {
    let (_folder, file) = file("letters.template.yaml", TEMPLATE);
    for words in [format!("import {file}"), format!("import --template {file}")] {
        let (code, out, err) = run(&Project::new(), &words);
        assert_eq!((code, err.as_str()), (0, ""));
        assert!(out.starts_with("//! The stack `letters`, imported from `letters.template.yaml`.\n"), "{out}");
        assert!(out.contains("stack.add(\"Letters\", Queue::new().visibility_timeout(30));"), "{out}");
        assert!(out.contains("const READ_ZIP_FILE: &str = r\"def handler(event, context):\n"), "{out}");
    }
    let (_, out, _) = run(&Project::new(), &format!("import {file} --name post"));
    assert!(out.contains("Stack::new(\"post\")"), "{out}");
}

#[test]
fn a_folder_gets_the_module_and_the_code_beside_it() {
    let (folder, file) = file("letters.yaml", TEMPLATE);
    let into = folder.path().join("letters");
    let (code, out, err) = run(&Project::new(), &format!("import {file} --output-dir {}", into.display()));
    assert_eq!((code, out.as_str()), (0, ""));
    assert_eq!(err, format!("2 files written to `{}`\n", into.display()));
    let text = |name: &str| fs::read_to_string(into.join(name)).unwrap();
    assert!(text("mod.rs").contains("const READ_ZIP_FILE: &str = include_str!(\"read.py\");"), "{}", text("mod.rs"));
    assert_eq!(text("read.py"), "def handler(event, context):\n    print(event)\n    return event\n");
}

#[test]
fn a_large_stack_is_a_file_for_each_service() {
    let resources: String = (0..20).map(|at| {
        format!("  Topic{at}: {{Type: 'AWS::SNS::Topic'}}\n  Queue{at}:\n    Type: AWS::SQS::Queue\n    Properties: {{QueueName: !GetAtt Topic{at}.TopicName}}\n")
    }).collect();
    let (folder, file) = file("many.yaml", &format!("Resources:\n{resources}"));
    let into = folder.path().join("many");
    let (code, _, err) = run(&Project::new(), &format!("import {file} --output-dir {}", into.display()));
    assert_eq!((code, err), (0, format!("3 files written to `{}`\n", into.display())));
    let text = |name: &str| fs::read_to_string(into.join(name)).unwrap();
    assert!(text("mod.rs").contains("mod sns;\nmod sqs;\n\nuse formwork::Stack;\n"), "{}", text("mod.rs"));
    assert!(text("mod.rs").contains("    sqs::queue0(&mut stack, &topic0);\n"), "{}", text("mod.rs"));
    assert!(
        text("sqs.rs").contains("pub fn queue0(stack: &mut Stack, topic0: &Handle<Topic>) {\n"),
        "{}",
        text("sqs.rs")
    );
}

#[test]
fn what_no_stack_can_have_is_refused_with_its_place_and_nothing_is_written() {
    let (folder, file) = file("odd.yaml", "Description: [a]\nResources:\n- Type: AWS::SNS::Topic\n");
    let into = folder.path().join("odd");
    let (code, out, err) = run(&Project::new(), &format!("import {file} --output-dir {}", into.display()));
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("error[F1040]: the description is no text; expected one"), "{err}");
    assert!(err.contains("error[F1040]: `Resources` is no map; expected entries by their names"), "{err}");
    assert!(err.contains("odd.yaml:2:1"), "{err}");
    assert!(!into.exists());

    for (odd, told) in [
        ("Transform: {}", "`Transform` is empty; expected a macro"),
        ("Transform: [{}]", "`Transform` is empty; expected a macro"),
        ("Transform: []", "`Transform` is empty; expected a macro"),
        ("Description: odd", "`A` is a call of Fn::GetAtt; expected a resource"),
    ] {
        let (_folder, file) = self::file("odd.yaml", &format!("{odd}\nResources: {{A: {{'Fn::GetAtt': x.Arn}}}}\n"));
        let (code, out, err) = run(&Project::new(), &format!("import {file}"));
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(err.contains(&format!("error[F1040]: {told}")), "{err}");
    }

    let twins = "Parameters: {Name: {Type: String}}\nResources: {Name: {Type: 'AWS::SNS::Topic'}}\n";
    let (_folder, file) = self::file("twins.yaml", twins);
    let (code, out, err) = run(&Project::new(), &format!("import {file}"));
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("error[F1040]: `Name` is a parameter and a resource; expected names"), "{err}");
}

#[test]
fn what_is_no_template_cannot_be_imported() {
    let (_folder, file) = file("no.yaml", "a: [");
    let (code, out, err) = run(&Project::new(), &format!("import {file}"));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("no.yaml` is no template: line"), "{err}");
    let (code, _, err) = run(&Project::new(), "import nowhere.yaml");
    assert_eq!((code, err.contains("error: `nowhere.yaml` cannot be read")), (2, true), "{err}");
    assert_eq!(run(&Project::new(), "import").0, 2);
}

/// Whatever a template holds, it is code, a refusal or an error, and never a panic.
#[test]
fn templates_of_any_content_do_no_harm() {
    let deep = format!("{}1{}", "[".repeat(90), "]".repeat(90));
    let many: String = (0..300).map(|at| format!("\"K{at}\": {at}, ")).collect();
    let long = "x".repeat(300);
    for template in [
        "{}".to_owned(),
        "Resources: {}".to_owned(),
        "Resources:\nOutputs:\nParameters:\n".to_owned(),
        "Resources: {'': {Type: 'AWS::SNS::Topic'}, 'é': {Type: 'AWS::SNS::Topic'}, 'a-b': {Type: ''}}".to_owned(),
        "Resources: {A: 1, B: [], C: {Type: 3}, D: {Type: A, Properties: []}, E: {Type: A, DependsOn: [E, 1]}}".to_owned(),
        "Resources: {A: {Type: 'AWS::SQS::Queue', Properties: {QueueName: {Ref: A}, '': {Ref: ''}, 'x y': {Ref: [1]}}}}".to_owned(),
        "Conditions: {A: {Condition: B}, B: {Condition: A}, C: 1, D: {'Fn::And': []}, E: {'Fn::Not': [{Condition: 1}]}}".to_owned(),
        "Parameters: {A: 1, B: {Type: 1}, C: {Type: Number, MinValue: x, Default: [a]}, D: {Type: 'List<'}}".to_owned(),
        "Outputs: {A: 1, B: {}, C: {Value: null}, D: {Value: {'Fn::Sub': [1, 2]}, Export: 3}, E: {Value: {'Fn::If': []}}}".to_owned(),
        "Mappings: {A: 1, B: {}, C: {D: 1}, E: {F: {}}, G: {H: {I: {Ref: J}}}}".to_owned(),
        format!("Resources: {{A: {{Type: 'X::Y::Z', Properties: {{P: {deep}}}}}}}"),
        format!("{{\"Resources\": {{\"A\": {{\"Type\": \"X::Y::Z\", \"Properties\": {{\"P\": {{{many}\"Z\": 1}}}}}}}}}}"),
        format!("Resources: {{{long}: {{Type: 'AWS::SNS::Topic', Properties: {{{long}: {long}}}}}}}"),
        "# only a comment".to_owned(),
        "Resources: {A: {Type: 'AWS::IAM::Role', Properties: {AssumeRolePolicyDocument: {Version: '2012-10-17', Statement: [1]}}}}".to_owned(),
    ] {
        let (_folder, file) = file("any.yaml", &template);
        let (code, out, err) = run(&Project::new(), &format!("import {file}"));
        assert!(code <= 2 && (code == 0) != out.is_empty(), "{template}: {code} {err}");
    }
}

#[test]
fn a_stack_with_nothing_in_it_is_not_changed() {
    let (_folder, file) = file("empty.yaml", "Resources: {}");
    let (code, out, err) = run(&Project::new(), &format!("import {file}"));
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("    let stack = Stack::new(\"empty\");\n"), "{out}");
}

#[test]
fn types_behind_features_are_structs_where_that_is_asked_for() {
    let (_folder, file) =
        file("cluster.yaml", "Resources: {Cluster: {Type: 'AWS::ECS::Cluster', Properties: {ClusterName: a}}}");
    let (_, out, err) = run(&Project::new(), &format!("import {file}"));
    assert!(out.contains("RawResource::new(\"AWS::ECS::Cluster\").property(\"ClusterName\", \"a\")"), "{out}");
    let note =
        "note: resources of `ecs` stay JSON, as their structs are behind features; --with-features writes those\n";
    assert_eq!(err, note);
    let (_, out, err) = run(&Project::new(), &format!("import {file} --with-features"));
    assert_eq!(err, "");
    assert!(out.contains("//! It needs `features = [\"ecs\"]` of formwork.\n"), "{out}");
    assert!(out.contains("stack.add(\"Cluster\", Cluster::new().cluster_name(\"a\"));"), "{out}");
}
