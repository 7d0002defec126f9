//! Reads a `Map`: its items, and what a distributed one has beside them.

use super::{DISTRIBUTED, ModelReader, arguments, sent, values::Values};
use crate::{
    asl::definition::{
        fields::Part,
        language::Language,
        model::{Batcher, Distributed, Items, Map, Reader as ItemReader, Sent, Writer},
    },
    json::Pointer,
};

impl ModelReader {
    pub(super) fn map(&mut self, values: &mut Values<'_>, at: &Pointer<'_>, depth: usize) -> Map {
        let processors = [("ItemProcessor", Part::ItemProcessor), ("Iterator", Part::Iterator)];
        let processor = processors.into_iter().find_map(|(field, part)| Some((field, part, values.json(field)?)));
        let scope = processor.map(|(field, part, json)| self.scope(json, part, &at.key(field), depth));
        if !processors.iter().any(|(field, _)| values.has(field)) {
            let message = "the `Map` has no `ItemProcessor`; expected the states that each item goes through";
            self.problems.fault(Part::Map, &at.key("ItemProcessor"), message.to_owned());
        }
        let config = scope.map(|scope| &self.scopes[scope].config);
        let is_distributed = config.is_some_and(|config| config.mode.as_deref() == Some(DISTRIBUTED));
        let express = scope.is_some_and(|scope| self.scopes[scope].is_express());
        // Read whether they are used or not: what is wrong with them is refused in any `Map`.
        let distributed = Distributed {
            label: values.text("Label").map(str::to_owned),
            express,
            reader: self.item_reader(values, at),
            batcher: self.batcher(values, at, is_distributed),
            writer: self.writer(values, at),
        };
        let items = match values.language {
            Language::Jsonata => values.template("Items").map_or(Items::Input, Items::Template),
            Language::JsonPath => values.path("ItemsPath").map_or(Items::Input, Items::Path),
        };
        let selector = values.template("ItemSelector").map(|template| (template, "ItemSelector"));
        // What a `Map` calls `Parameters` is for its items.
        let parameters = values.template("Parameters").map(|template| (template, "Parameters"));
        Map {
            scope,
            items,
            sent: Sent { arguments: None, ..sent(values) },
            item_selector: selector.or(parameters),
            max_concurrency: values.count("MaxConcurrency", "MaxConcurrencyPath"),
            tolerated_count: values.count("ToleratedFailureCount", "ToleratedFailureCountPath"),
            tolerated_percentage: values.count("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
            distributed: is_distributed.then_some(distributed),
        }
    }

    fn item_reader(&mut self, map: &Values<'_>, at: &Pointer<'_>) -> Option<ItemReader> {
        let at = at.key("ItemReader");
        let mut values = self.problems.part(map.json("ItemReader")?, Part::ItemReader, &at, map.language);
        let empty = serde_json::json!({});
        let config = values.json("ReaderConfig").unwrap_or(&empty);
        let mut config = self.problems.part(config, Part::ReaderConfig, &at.key("ReaderConfig"), map.language);
        Some(ItemReader {
            resource: values.text("Resource").map(str::to_owned),
            arguments: arguments(&mut values),
            input_type: config.text("InputType").map(str::to_owned),
            csv_delimiter: match config.text("CSVDelimiter") {
                Some("PIPE") => b'|',
                Some("SEMICOLON") => b';',
                Some("SPACE") => b' ',
                Some("TAB") => b'\t',
                _ => b',',
            },
            csv_headers: (config.text("CSVHeaderLocation") == Some("GIVEN")).then(|| config.strings("CSVHeaders")),
            items_pointer: config.text("ItemsPointer").map(str::to_owned),
            max_items: config.count("MaxItems", "MaxItemsPath"),
        })
    }

    fn batcher(&mut self, map: &Values<'_>, at: &Pointer<'_>, is_distributed: bool) -> Option<Batcher> {
        let at = at.key("ItemBatcher");
        let mut values = self.problems.part(map.json("ItemBatcher")?, Part::ItemBatcher, &at, map.language);
        let limits = ["MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"];
        if is_distributed && !limits.iter().any(|field| values.has(field)) {
            let message = "the `ItemBatcher` has no limit; expected `MaxItemsPerBatch` or `MaxInputBytesPerBatch`";
            self.problems.fault(Part::ItemBatcher, &at, message.to_owned());
        }
        Some(Batcher {
            input: values.template("BatchInput"),
            max_items: values.count("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
            max_bytes: values.count("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
        })
    }

    fn writer(&mut self, map: &Values<'_>, at: &Pointer<'_>) -> Option<Writer> {
        let at = at.key("ResultWriter");
        let writer = map.json("ResultWriter")?;
        let mut values = self.problems.part(writer, Part::ResultWriter, &at, map.language);
        let transformation = values.json("WriterConfig").and_then(|json| {
            let config = self.problems.part(json, Part::WriterConfig, &at.key("WriterConfig"), map.language);
            config.text("Transformation").map(str::to_owned)
        });
        Some(Writer {
            resource: values.text("Resource").map(str::to_owned),
            arguments: arguments(&mut values),
            transformation,
            is_empty: writer.as_object().is_some_and(serde_json::Map::is_empty),
        })
    }
}
