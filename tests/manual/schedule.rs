//! Makes a report at seven every weekday.

use formwork::{
    Handle, Stack,
    aws::{
        events::{Rule, rule::Target},
        iam::Role,
        stepfunctions::StateMachine,
    },
    iam::trust,
};

pub fn add(stack: &mut Stack, machine: &Handle<StateMachine>) {
    let role = stack.add(
        "ReportScheduleRole",
        Role::new(trust("events.amazonaws.com")).policy("StartReport", [machine.allow_start_execution()]),
    );
    stack.add(
        "ReportSchedule",
        Rule::new()
            .description("A coffee report at seven (UTC) every weekday")
            .schedule_expression("cron(0 7 ? * MON-FRI *)")
            .targets([Target::new(machine.arn(), "Report").role_arn(role.arn()).input(r#"{"title": "This morning"}"#)]),
    );
}
