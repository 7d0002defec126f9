//! The stack `machine`, imported from `machine.yaml`.

use formwork::{
    Stack,
    aws::{
        iam::Role,
        stepfunctions::{
            StateMachine,
            state_machine::{LoggingConfiguration, LoggingConfigurationLevel, StateMachineType},
        },
    },
    iam::trust,
    intrinsic::sub,
    json,
};

const AS_TEXT_DEFINITION_STRING: &str = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "Say",
  "States": {
    "Say": {"Type": "Pass", "Output": "{% 'in ' & '${AWS::Region}' %}", "End": true}
  }
}
"#;

/// Composes the stack.
pub fn stack() -> Stack {
    let mut stack = Stack::new("machine");

    let role = stack.add("Role", Role::new(trust("states.amazonaws.com")));
    stack.add(
        "Inline",
        StateMachine::new(role.arn())
            .state_machine_type(StateMachineType::EXPRESS)
            .logging_configuration(
                LoggingConfiguration::new().level(LoggingConfigurationLevel::ALL).include_execution_data(true),
            )
            .definition_substitutions([("Wait", "5")])
            .definition(json!({
                "Comment": "Waits",
                "StartAt": "Wait",
                "States": {"Wait": {"Type": "Wait", "Seconds": 5, "Next": "Done"}, "Done": {"Type": "Succeed"}}
            })),
    );
    stack.add("AsText", StateMachine::new(role.arn()).definition_string(sub(AS_TEXT_DEFINITION_STRING)));
    stack
}
