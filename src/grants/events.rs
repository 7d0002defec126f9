//! EventBridge.

use crate::{
    aws::events::EventBus,
    iam::{Statement, allow},
    stack::Handle,
};

impl Handle<EventBus> {
    /// `events:PutEvents`.
    pub fn allow_put_events(&self) -> Statement {
        allow("events:PutEvents").on(self.arn())
    }
}
