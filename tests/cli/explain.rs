//! `explain`.

use formwork::Project;

use crate::project::run;

#[test]
fn explain_prints_the_page_of_a_code_in_capitals_or_not() {
    let page = "error[E3005]: `DependsOn` names a resource that does not exist\n\n\
        `DependsOn` takes logical ids of resources of the same template, no parameters and nothing of\n\
        another stack. CloudFormation refuses the template where there is no such resource.\n\n\
        This fails:\n\n    Resources:\n      Orders:\n        Type: AWS::SQS::Queue\n      Letters:\n        \
        Type: AWS::SQS::Queue\n        DependsOn: Order\n\n\
        This passes:\n\n    Resources:\n      Orders:\n        Type: AWS::SQS::Queue\n      Letters:\n        \
        Type: AWS::SQS::Queue\n        DependsOn: Orders\n\n\
        docs https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html\n";
    for words in ["explain E3005", "explain e3005"] {
        assert_eq!(run(&Project::new(), words), (0, page.into(), String::new()));
    }
    let (code, pages, err) = run(&Project::new(), "explain missing_Transition_target");
    assert_eq!((code, err.as_str()), (0, ""));
    let titles: Vec<_> = pages.lines().filter(|line| line.starts_with("error[")).collect();
    assert_eq!(
        titles,
        [
            "error[MISSING_TRANSITION_TARGET]: a state goes to one that does not exist",
            "error[MISSING_TRANSITION_TARGET]: no way leads to a state",
        ]
    );
}

#[test]
fn explain_without_a_code_lists_them() {
    let (code, list, err) = run(&Project::new(), "explain");
    assert_eq!((code, err.as_str()), (0, ""));
    let lines: Vec<_> = list.lines().collect();
    assert!(lines[0].starts_with("E0000                           error    a file that is no YAML"), "{list}");
    assert!(lines.contains(&"E1001                           error    no resource"), "{list}");
    assert!(lines.contains(&"F2002                           warning  a substitution that nothing uses"), "{list}");
    assert!(lines.last().unwrap().starts_with("UNSUPPORTED_JSONATA_EXPRESSION  error    "), "{list}");
}

#[test]
fn a_code_that_does_not_exist_gives_code_2_and_the_nearest() {
    let said = |message: &str| (2, String::new(), message.to_owned());
    assert_eq!(run(&Project::new(), "explain E3006"), said("error: there is no code `E3006`; did you mean `E3001`?\n"));
    assert_eq!(
        run(&Project::new(), "explain missing_end"),
        said("error: there is no code `missing_end`; expected one of those that `explain` lists\n")
    );
}
