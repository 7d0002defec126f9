//! What somebody should hear of when it happens at all.

use formwork::{
    Handle, Stack,
    aws::{
        apigateway::Stage,
        cloudwatch::{
            Alarm,
            alarm::{ComparisonOperator, Dimension, Statistic, TreatMissingData},
        },
        sns::Topic,
        stepfunctions::StateMachine,
    },
    intrinsic::stack_name,
};

pub fn add(stack: &mut Stack, machine: &Handle<StateMachine>, stage: &Handle<Stage>, topic: &Handle<Topic>) {
    stack.add(
        "ReportsFailAlarm",
        once_in_five_minutes("AWS/States", "ExecutionsFailed", topic)
            .alarm_description("A coffee report was not made; the history of the failed execution says why")
            .dimensions([Dimension::new("StateMachineArn", machine.arn())]),
    );
    stack.add(
        "ApiFailsAlarm",
        once_in_five_minutes("AWS/ApiGateway", "5XXError", topic)
            .alarm_description("The coffee report's API answered with 500 or more; its access log says to whom")
            .dimensions([Dimension::new("ApiName", stack_name()), Dimension::new("Stage", stage.stage_name())]),
    );
}

/// An alarm when a count is above zero.
fn once_in_five_minutes(namespace: &str, metric: &str, topic: &Handle<Topic>) -> Alarm {
    Alarm::new()
        .namespace(namespace)
        .metric_name(metric)
        .statistic(Statistic::SUM)
        .period(300)
        .evaluation_periods(1)
        .threshold(0)
        .comparison_operator(ComparisonOperator::GREATER_THAN_THRESHOLD)
        .treat_missing_data(TreatMissingData::NOT_BREACHING)
        .alarm_actions([topic.topic_arn()])
}
