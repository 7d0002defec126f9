//! `Map`: the same states for each of many items.

mod item_batcher;
mod item_reader;
mod result_writer;

use std::marker::PhantomData;

pub use item_batcher::ItemBatcher;
pub use item_reader::{InputType, ItemReader, ReaderConfig};
pub use result_writer::{OutputType, ResultWriter, WriterConfig};
use serde::Serialize;
use serde_json::json;

use super::{Branch, JsonPath, Jsonata, Number, QueryLanguage, body::Body, error_handling::error_handling, setters};

/// A state that runs the same states for each item of a list. Its result is the list of what they gave, in the order
/// of the items.
///
/// [`inline`](Self::inline) runs them within the execution, [`distributed`](Self::distributed) as executions of their
/// own.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html>
#[derive(Clone, Debug)]
pub struct Map<L, M = Inline> {
    body: Body,
    of: PhantomData<fn() -> (L, M)>,
}

/// A [`Map`] whose iterations are part of the execution: up to 40 at once, within its limit of 25,000 events.
#[derive(Clone, Copy, Debug)]
pub enum Inline {}

/// A [`Map`] whose iterations are executions of their own: up to 10,000 at once, from a list or from Amazon S3.
#[derive(Clone, Copy, Debug)]
pub enum Distributed {}

/// `ExecutionType` of the executions of a distributed [`Map`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionType {
    /// `STANDARD`: up to a year, each step exactly once.
    Standard,
    /// `EXPRESS`: up to five minutes, cheaper, each step at least once.
    Express,
}

impl<L: QueryLanguage> Map<L, Inline> {
    /// `ItemProcessor` with `Mode: INLINE`: the states that each item goes through.
    pub fn inline(processor: Branch<L>) -> Self {
        Self::of("ItemProcessor", Some(json!({"Mode": "INLINE"})), processor)
    }
}

impl Map<JsonPath, Inline> {
    /// `Iterator`: the older name of `ItemProcessor`, for definitions that must stay as they are.
    pub fn iterator(iterator: Branch<JsonPath>) -> Self {
        Self::of("Iterator", None, iterator)
    }
}

impl<L: QueryLanguage> Map<L, Distributed> {
    /// `ItemProcessor` with `Mode: DISTRIBUTED`: the states that each item, or batch of items, goes through in an
    /// execution of its own.
    ///
    /// The machine's role must be allowed to start these executions of the machine itself: see
    /// `allow_distributed_map` of its handle.
    ///
    /// <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>
    pub fn distributed(processor: Branch<L>, execution_type: ExecutionType) -> Self {
        let execution_type = if execution_type == ExecutionType::Standard { "STANDARD" } else { "EXPRESS" };
        let config = json!({"Mode": "DISTRIBUTED", "ExecutionType": execution_type});
        Self::of("ItemProcessor", Some(config), processor)
    }

    /// `ItemReader`: reads the items from Amazon S3 in place of the input.
    pub fn item_reader(mut self, reader: ItemReader<L>) -> Self {
        self.body.nest("ItemReader", reader.body);
        self
    }

    /// `ItemBatcher`: hands several items to each execution.
    pub fn item_batcher(mut self, batcher: ItemBatcher<L>) -> Self {
        self.body.nest("ItemBatcher", batcher.body);
        self
    }

    /// `ResultWriter`: writes the results to Amazon S3, or forms them.
    pub fn result_writer(mut self, writer: ResultWriter<L>) -> Self {
        self.body.nest("ResultWriter", writer.body);
        self
    }

    setters::texts! {
        label => "Label",
            "a prefix for the names of the executions: at most 40 characters, unique within the workflow.";
    }

    setters::integers! {
        tolerated_failure_count => "ToleratedFailureCount", "how many items may fail; AWS's default is 0.";
    }

    /// `ToleratedFailurePercentage`: what share of the items may fail, from 0 to 100; AWS's default is 0.
    pub fn tolerated_failure_percentage(mut self, percent: impl Number<L>) -> Self {
        self.body.set("ToleratedFailurePercentage", percent.json());
        self
    }
}

impl<L: QueryLanguage, M> Map<L, M> {
    fn of(field: &str, config: Option<crate::json::Json>, processor: Branch<L>) -> Self {
        let mut body = Body::of_type("Map");
        let mut processor = processor.into_body();
        if let Some(config) = config {
            processor.fields.shift_insert(0, "ProcessorConfig".to_owned(), config);
        }
        body.nest(field, processor);
        Self { body, of: PhantomData }
    }

    /// `ItemSelector`: what each iteration gets in place of its item; the item is `$states.context.Map.Item.Value`,
    /// in JSONPath `$$.Map.Item.Value`.
    pub fn item_selector(mut self, value: impl Serialize) -> Self {
        self.body.set("ItemSelector", value);
        self
    }

    setters::comment!();
    setters::acknowledge!();
    error_handling!(L);
    setters::assign!(L);
    setters::transition!(L);

    setters::integers! {
        max_concurrency => "MaxConcurrency", "iterations at once; 0, AWS's default, for as many as possible.";
    }
}

impl<M> Map<Jsonata, M> {
    /// `Items`: the list to go through (or an object, whose members are gone through): JSON, or an expression. Without
    /// it, the input.
    pub fn items(mut self, value: impl Serialize) -> Self {
        self.body.set("Items", value);
        self
    }

    setters::output!();
}

impl<M> Map<JsonPath, M> {
    setters::input_and_output_path!();
    setters::result_path!();
    setters::result_selector!();
    setters::texts! {
        items_path => "ItemsPath", "where in the input the list is; AWS's default is `$`.";
        max_concurrency_path => "MaxConcurrencyPath", "reads `MaxConcurrency` from the input.";
    }

    /// `Parameters`: the older name of [`item_selector`](Self::item_selector).
    pub fn parameters(mut self, value: impl Serialize) -> Self {
        self.body.set("Parameters", value);
        self
    }
}

impl Map<JsonPath, Distributed> {
    setters::texts! {
        tolerated_failure_count_path => "ToleratedFailureCountPath", "reads `ToleratedFailureCount` from the input.";
        tolerated_failure_percentage_path => "ToleratedFailurePercentagePath",
            "reads `ToleratedFailurePercentage` from the input.";
    }
}
