//! `list`.

use formwork::{Composition, Project};

use crate::project::{circle, connected, files, letters, mail, of, run, run_in, workflow};

#[test]
fn list_prints_a_line_a_stack() {
    assert_eq!(
        run(&of([mail, letters]), "list"),
        (0, "mail              Sends mails\nletters-on-paper\n".into(), String::new())
    );
}

#[test]
fn list_keeps_a_description_of_several_lines_on_one() {
    let stack = || {
        let mut stack = mail();
        stack.description("Sends mails.\n\n  Also letters.\n");
        stack
    };
    assert_eq!(run(&Project::new().stack(stack), "list").1, "mail  Sends mails. Also letters.\n");
}

#[test]
fn list_says_what_data_there_is_and_of_which_date() {
    let (code, out, err) = run(&Project::new(), "list --data");
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().collect();
    let sets = [
        "behind features",
        "with structs",
        "operations",
        "actions of IAM",
        "deploy actions",
        "managed policies",
        "SAM",
        "runtimes",
    ];
    for (line, what) in lines.iter().zip(sets) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert!(line.contains(what) && words[0].parse::<usize>().unwrap() > 40, "{line}");
        let date = words.last().unwrap();
        assert!(date.len() == 10 && date.starts_with("20") && line.contains(" bytes  "), "{line}");
    }
    assert_eq!(lines.len(), sets.len(), "{out}");
}

#[test]
fn list_says_which_struct_a_resource_type_is() {
    let (code, out, err) = run(&Project::new(), "list --types lambda::Func");
    assert_eq!((code, out.as_str(), err.as_str()), (0, "AWS::Lambda::Function  aws::lambda::Function\n", ""));
    let (_, out, _) = run(&Project::new(), "list --types aws::*::service");
    assert!(out.contains("AWS::ECS::Service               aws::ecs::Service               feature ecs\n"), "{out}");
    // A part of a service that is always there, a type with another name than its struct, one of the transform of SAM.
    assert!(run(&Project::new(), "list --types EC2::Instance").1.contains("aws::ec2::Instance  "));
    assert!(
        run(&Project::new(), "list --types FraudDetector::List").1.contains("aws::frauddetector::FraudDetectorList")
    );
    let sam = "AWS::Serverless::Api  aws::serverless::Api  feature serverless\n";
    assert_eq!(run(&Project::new(), "list --types Serverless::Api").1, sam);
    let (_, out, _) = run(&Project::new(), "list --types ECS::Cluster --format json");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let cluster = serde_json::json!({"type": "AWS::ECS::Cluster", "struct": "aws::ecs::Cluster", "feature": "ecs"});
    assert_eq!(found[0], cluster);
    assert_eq!(
        run(&Project::new(), "list --types Kueue"),
        (2, String::new(), "error: no resource type is like `Kueue`\n".to_owned())
    );
}

#[test]
fn list_takes_names_and_gives_json_too() {
    assert_eq!(run(&of([mail, letters]), "list mail").1, "mail  Sends mails\n");
    let (code, out, _) = run(&of([mail, letters]), "list --format json");
    assert_eq!(code, 0);
    let expected = serde_json::json!([
        {"name": "mail", "description": "Sends mails"},
        {"name": "letters-on-paper", "description": ""}
    ]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap(), expected);
    let (code, _, err) = run(&of([mail]), "list post");
    assert_eq!(code, 2);
    assert!(err.contains("`post`"), "{err}");
}

#[test]
fn list_has_the_stacks_in_the_order_of_deployment() {
    let (code, out, err) = run(&connected(), "list");
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "topics\nshop    after topics\npost    nested in shop  Sends letters\n");
    let json: serde_json::Value = serde_json::from_str(&run(&connected(), "list --format json").1).unwrap();
    let expected = serde_json::json!([
        {"name": "topics", "description": ""},
        {"name": "shop", "description": "", "after": ["topics"]},
        {"name": "post", "description": "Sends letters", "nestedIn": ["shop"]}
    ]);
    assert_eq!(json, expected);
    assert_eq!(run(&connected(), "list shop").1, "shop  after topics\n");
}

#[test]
fn list_says_which_stacks_are_in_a_circle() {
    let (code, out, err) = run(&circle(), "list");
    assert_eq!((code, out.as_str()), (1, "left   after right\nright  after left\n"));
    assert_eq!(err.matches("error[F1032]").count(), 2, "{err}");
    assert!(err.contains("`left` imports `right:Of` of `right` (tests/cli/project.rs:"), "{err}");
}

const LETTERS: &str = "Parameters:
  Stage: {Type: String}
Resources:
  Letters:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub '${Stage}-letters'
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Returned.Arn, maxReceiveCount: 3}
  Returned:
    Type: AWS::SQS::Queue
    Condition: IsLive
  Sorter:
    Type: Custom::Sorter
    DependsOn: [Letters]
    Properties: {ServiceToken: !Ref Returned, Queue: !Ref Letters, Stage: !Ref Stage}
Conditions:
  IsLive: !Equals [!Ref Stage, live]
";

#[test]
fn resources_are_a_tree_by_file_with_their_lines_and_what_they_refer_to() {
    let folder = files(&[("letters.yaml", LETTERS)]);
    let (code, out, err) = run_in(&folder, &Project::new(), "list --resources --template DIR/letters.yaml");
    assert_eq!((code, err.as_str()), (0, ""));
    let name = folder.path().join("letters.yaml").display().to_string();
    let expected = format!(
        "{name}: 3 resources\n\
         └ {name}\n  \
           ├ Letters   AWS::SQS::Queue  line 4\n  \
           │   → Stage, Returned\n  \
           ├ Returned  AWS::SQS::Queue  line 9\n  \
           └ Sorter    Custom::Sorter   line 12\n      \
               → Letters, Returned, Stage\n"
    );
    assert_eq!(out, expected);
}

#[test]
fn resources_are_a_tree_by_service_too() {
    let (code, out, err) = run(&of([workflow]), "list --resources --by service");
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[0], "greetings: 2 resources");
    assert_eq!(lines[1], "├ SNS");
    assert!(lines[2].starts_with("│ └ Greetings  AWS::SNS::Topic                   tests/cli/project.rs:"), "{out}");
    assert_eq!(lines[3], "└ StepFunctions");
    assert!(lines[4].starts_with("  └ Greeter    AWS::StepFunctions::StateMachine  tests/cli/project.rs:"), "{out}");
    assert_eq!(lines[5], "      → Greetings");
}

#[test]
fn resources_as_json_say_how_each_is_referred_to() {
    let folder = files(&[("letters.yaml", LETTERS)]);
    let (_, out, _) = run_in(&folder, &Project::new(), "list --resources --template DIR/letters.yaml --format json");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let resources = &json[0]["resources"];
    assert_eq!(resources[2]["type"], "Custom::Sorter");
    assert_eq!((&resources[2]["service"], &resources[2]["line"]), (&"Custom".into(), &12.into()));
    assert_eq!(
        resources[0]["refers"],
        serde_json::json!([
            {"to": "Stage", "attribute": null, "by": "Fn::Sub", "path": "Resources/Letters/Properties/QueueName"},
            {
                "to": "Returned", "attribute": "Arn", "by": "Fn::GetAtt",
                "path": "Resources/Letters/Properties/RedrivePolicy/deadLetterTargetArn"
            }
        ])
    );
    assert_eq!(resources[1]["refers"], serde_json::json!([]));
}

#[test]
fn a_program_without_stacks_lists_the_resources_of_files_alone() {
    let (code, _, err) = run(&Project::new(), "list --resources");
    assert_eq!(code, 2);
    assert_eq!(err, "error: there is no stack, since this program has none; expected `--template FILE`\n");
    let folder = files(&[("none.yaml", "Resources: [")]);
    let (code, _, err) = run_in(&folder, &Project::new(), "list --resources --template DIR/none.yaml");
    assert!(code == 2 && err.contains("none.yaml`: "), "{err}");
    let folder = files(&[("wrong.yaml", "Resources: {A: [], B: {Type: [], Properties: {C: !Ref A}}}")]);
    let (code, out, _) = run_in(&folder, &Project::new(), "list --resources --by service --template DIR/wrong.yaml");
    assert!(code == 0 && out.contains("→ A\n"), "{out}");
}

#[test]
fn list_says_where_a_stack_is_deployed() {
    let project = Project::new()
        .stack(Composition::new(mail).region("eu-west-1").account("111122223333"))
        .stack(Composition::new(letters).region("us-east-1"));
    let expected =
        "mail              in eu-west-1 of account 111122223333  Sends mails\nletters-on-paper  in us-east-1\n";
    assert_eq!(run(&project, "list"), (0, expected.into(), String::new()));
    let (_, json, _) = run(&project, "list --format json");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json[0]["region"], &json[0]["account"]), (&"eu-west-1".into(), &"111122223333".into()));
    assert_eq!((&json[1]["region"], json[1].get("account")), (&"us-east-1".into(), None));
}
