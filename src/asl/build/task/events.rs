//! `events:putEvents`.

use std::marker::PhantomData;

use serde_json::json;

use super::{Task, WAIT_FOR_TASK_TOKEN};
use crate::{
    asl::build::{Argument, QueryLanguage, body::Body},
    aws::events::EventBus,
    diagnostic::Path,
    iam::allow,
    intrinsic::sub,
    stack::Handle,
};

/// `arn:aws:states:::events:putEvents`.
#[derive(Clone, Copy, Debug)]
pub enum PutEvents {}

/// One event of [`Task::events_put_events`].
///
/// ```
/// use formwork::asl::jsonata::*;
/// let event = PutEventsEntry::to_default_bus("coffee.reports", "Report published", "{% $states.input %}");
/// let workflow = Workflow::new().state("Announce", Task::events_put_events([event]).end());
/// ```
#[derive(Clone, Debug)]
pub struct PutEventsEntry<L> {
    /// The members of the event, below `Entry`.
    body: Body,
    of: PhantomData<fn() -> L>,
}

const ENTRY: &str = "Entry";

impl<L: QueryLanguage> PutEventsEntry<L> {
    fn new(source: impl Argument<L>, detail_type: impl Argument<L>, detail: impl Argument<L>) -> Self {
        Self { body: Body::default(), of: PhantomData }
            .member("Source", source)
            .member("DetailType", detail_type)
            .member("Detail", detail)
    }

    /// An event for a bus of the stack: `Source`, `DetailType` and `Detail`, a JSON object.
    pub fn to_bus(
        bus: &Handle<EventBus>,
        source: impl Argument<L>,
        detail_type: impl Argument<L>,
        detail: impl Argument<L>,
    ) -> Self {
        let mut entry = Self::new(source, detail_type, detail);
        let name = entry.body.token(bus, "Name", bus.name());
        entry.body.needs.grants.push(bus.allow_put_events());
        entry.member("EventBusName", name)
    }

    /// An event for the account's default bus: `Source`, `DetailType` and `Detail`, a JSON object.
    pub fn to_default_bus(source: impl Argument<L>, detail_type: impl Argument<L>, detail: impl Argument<L>) -> Self {
        let mut entry = Self::new(source, detail_type, detail);
        let bus = sub("arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default");
        entry.body.needs.grants.push(allow("events:PutEvents").on(bus));
        entry
    }

    /// `Resources`: ARNs of what the event is about.
    pub fn resources(self, arns: impl Argument<L>) -> Self {
        self.member("Resources", arns)
    }

    /// `Time` of the event, ISO 8601.
    pub fn time(self, time: impl Argument<L>) -> Self {
        self.member("Time", time)
    }

    fn member(mut self, name: &str, value: impl Argument<L>) -> Self {
        self.body.member::<L>(ENTRY, name, value);
        self
    }
}

impl<L: QueryLanguage> Task<L, PutEvents> {
    /// Puts 1 to 10 events onto buses. The role gets `events:PutEvents` on each bus.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html>
    pub fn events_put_events(entries: impl IntoIterator<Item = PutEventsEntry<L>>) -> Self {
        let mut task = Self::optimized("events:putEvents");
        let mut list = Vec::new();
        for (position, entry) in entries.into_iter().enumerate() {
            let mut json =
                task.body.take(Path::from("/").join(L::ARGUMENTS).join("Entries").join(position), entry.body);
            list.push(json[ENTRY].take());
        }
        task.body.set(L::ARGUMENTS, json!({ "Entries": list }));
        task
    }

    /// Waits until the token is sent back (`.waitForTaskToken`). An event must hand the token on:
    /// `$states.context.Task.Token`, in JSONPath `$$.Task.Token`.
    pub fn wait_for_task_token(self) -> Self {
        self.pattern(WAIT_FOR_TASK_TOKEN)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Stack, asl::jsonpath::*, aws::events::EventBus, stack::Handle};

    #[test]
    fn each_event_is_granted_on_its_bus() {
        let bus: Handle<EventBus> = Stack::new("test").handle("Bus");
        let task = Task::events_put_events([
            PutEventsEntry::to_bus(&bus, "coffee", "Published", path("$")).resources(["arn:x"]),
            PutEventsEntry::to_default_bus("coffee", "Published", json!({"id.$": "$.id"})),
        ]);
        let workflow = Workflow::new().state("Announce", task.end());
        assert_eq!(
            workflow.definition()["States"]["Announce"]["Parameters"],
            json!({"Entries": [
                {
                    "Source": "coffee", "DetailType": "Published", "Detail.$": "$",
                    "EventBusName": "${BusName}", "Resources": ["arn:x"],
                },
                {"Source": "coffee", "DetailType": "Published", "Detail": {"id.$": "$.id"}},
            ]})
        );
        let default = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default";
        assert_eq!(
            serde_json::to_value(workflow.grants()).unwrap()["Statement"],
            json!([{"Effect": "Allow", "Action": "events:PutEvents", "Resource": [bus.arn(), {"Fn::Sub": default}]}])
        );
    }
}
