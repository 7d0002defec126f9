//! `ItemBatcher`: several items for each execution of a distributed `Map`.

use std::marker::PhantomData;

use serde::Serialize;

use crate::asl::build::{JsonPath, QueryLanguage, body::Body, setters};

/// The batches in which the items of a distributed [`Map`](super::Map) are put together. Each execution gets
/// `{"Items": […]}`, and `BatchInput` where that is set. It needs one of the two limits.
///
/// <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html>
#[derive(Clone, Debug)]
pub struct ItemBatcher<L> {
    pub(super) body: Body,
    of: PhantomData<fn() -> L>,
}

impl<L: QueryLanguage> Default for ItemBatcher<L> {
    fn default() -> Self {
        Self::new()
    }
}

impl<L: QueryLanguage> ItemBatcher<L> {
    /// Batches without a limit yet.
    pub fn new() -> Self {
        Self { body: Body::default(), of: PhantomData }
    }

    /// `BatchInput`: what each execution gets beside its items.
    pub fn batch_input(mut self, value: impl Serialize) -> Self {
        self.body.set("BatchInput", value);
        self
    }

    setters::integers! {
        max_items_per_batch => "MaxItemsPerBatch", "items of a batch at most, from 1.";
        max_input_bytes_per_batch => "MaxInputBytesPerBatch", "size of a batch at most: up to 262,144 bytes.";
    }
}

impl ItemBatcher<JsonPath> {
    setters::texts! {
        max_items_per_batch_path => "MaxItemsPerBatchPath", "reads `MaxItemsPerBatch` from the input.";
        max_input_bytes_per_batch_path => "MaxInputBytesPerBatchPath", "reads `MaxInputBytesPerBatch` from the input.";
    }
}
