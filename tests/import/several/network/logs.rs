//! The resources of `AWS::Logs`.

use formwork::{Handle, Stack, aws::logs::LogGroup};

pub fn log(stack: &mut Stack) -> Handle<LogGroup> {
    stack.add("Log", LogGroup::new().retention_in_days(30))
}
