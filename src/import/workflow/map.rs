//! A `Map`, with what only a distributed one has.

use serde_json::Map as Object;

use super::{Maker, count, text};
use crate::{
    import::{
        case::snake,
        code::{Code, Path},
    },
    json::Json,
};

impl Maker<'_> {
    pub(super) fn map(&mut self, members: &Object<String, Json>) -> Option<(Code, &'static [&'static str])> {
        if let Some(iterator) = members.get("Iterator").filter(|_| !self.is_jsonata()) {
            let branch = self.branch(iterator.as_object()?, &[])?;
            return Some((Code::associated(self.item("Map"), "iterator", [branch]), &["Iterator"]));
        }
        let processor = members.get("ItemProcessor")?.as_object()?;
        let config = processor.get("ProcessorConfig")?.as_object()?;
        let (constructor, execution_type) = match (config.get("Mode")?.as_str()?, config.get("ExecutionType")) {
            ("INLINE", None) if config.len() == 1 => ("inline", None),
            ("DISTRIBUTED", Some(kind)) if config.len() == 2 => {
                let value = match kind.as_str()? {
                    "STANDARD" => "::Standard",
                    "EXPRESS" => "::Express",
                    _ => return None,
                };
                ("distributed", Some(Code::Path(Path::new(self.item("ExecutionType"), value))))
            }
            _ => return None,
        };
        let branch = self.branch(processor, &["ProcessorConfig"])?;
        let arguments = std::iter::once(branch).chain(execution_type);
        Some((Code::associated(self.item("Map"), constructor, arguments), &["ItemProcessor"]))
    }

    /// The code with a field set that only a distributed map has; none for any other field, and where there is no method.
    pub(super) fn distributed(
        &mut self,
        code: &Code,
        members: &Object<String, Json>,
        name: &str,
        value: &Json,
    ) -> Option<Code> {
        if members.get("ItemProcessor")?["ProcessorConfig"]["Mode"] != "DISTRIBUTED" {
            return None;
        }
        let expression = || text(value).filter(|_| self.is_jsonata());
        let argument = match name {
            "Label" => text(value)?,
            "ToleratedFailureCount" => count(value).or_else(expression)?,
            "ToleratedFailurePercentage" => self.percentage(value).or_else(expression)?,
            "ToleratedFailureCountPath" | "ToleratedFailurePercentagePath" if !self.is_jsonata() => text(value)?,
            "ItemReader" | "ResultWriter" => self.of_s3(name, value.as_object()?)?,
            "ItemBatcher" => self.batcher(value.as_object()?)?,
            _ => return None,
        };
        Some(code.clone().method(snake(name), [argument]))
    }

    /// A share of a hundred.
    fn percentage(&self, json: &Json) -> Option<Code> {
        let number = json.as_f64().filter(|number| number.is_finite())?;
        Some(match json.as_i64() {
            Some(whole) => Code::text(whole.to_string()),
            None => Code::text(format!("{number:?}")),
        })
    }

    /// A reader of items, or a writer of results.
    fn of_s3(&mut self, item: &str, members: &Object<String, Json>) -> Option<Code> {
        let mut code = Code::associated(self.item(item), "new", [text(members.get("Resource")?)?]);
        for (name, value) in members {
            code = match name.as_str() {
                "Resource" => code,
                "Arguments" if self.is_jsonata() => self.each(code, "argument", value)?,
                "Parameters" if !self.is_jsonata() => self.each(code, "parameter", value)?,
                "ReaderConfig" if item == "ItemReader" => {
                    let config = self.reader_config(value.as_object()?)?;
                    code.method("reader_config", [config])
                }
                "WriterConfig" if item == "ResultWriter" => {
                    let config = self.writer_config(value.as_object()?)?;
                    code.method("writer_config", [config])
                }
                _ => return None,
            };
        }
        Some(code)
    }

    /// The code with each member of an object set by a method of its own.
    fn each(&mut self, mut code: Code, method: &'static str, value: &Json) -> Option<Code> {
        for (name, value) in value.as_object().filter(|members| !members.is_empty())? {
            let (name, value) = self.member(name, value)?;
            code = code.method(method, [name, value]);
        }
        Some(code)
    }

    fn reader_config(&mut self, members: &Object<String, Json>) -> Option<Code> {
        let mut code = Code::associated(self.item("ReaderConfig"), "new", []);
        for (name, value) in members {
            let expression = || text(value).filter(|_| self.is_jsonata());
            code = match name.as_str() {
                "InputType" => {
                    let kind = match value.as_str()? {
                        "JSON" => "::JSON",
                        "JSONL" => "::JSONL",
                        "CSV" => "::CSV",
                        "MANIFEST" => "::MANIFEST",
                        "PARQUET" => "::PARQUET",
                        _ => return None,
                    };
                    code.method("input_type", [Code::Path(Path::new(self.item("InputType"), kind))])
                }
                "CSVHeaderLocation" => match (value.as_str()?, members.get("CSVHeaders")) {
                    ("FIRST_ROW", None) => code.method("csv_headers_in_first_row", []),
                    ("GIVEN", Some(names)) => {
                        let names: Option<Vec<Code>> = names.as_array()?.iter().map(text).collect();
                        code.method("csv_headers", [Code::Array(names.filter(|names| !names.is_empty())?)])
                    }
                    _ => return None,
                },
                "CSVHeaders" if members.contains_key("CSVHeaderLocation") => code,
                "CSVDelimiter" => code.method("csv_delimiter", [text(value)?]),
                "ItemsPointer" | "ManifestType" | "Transformation" => code.method(snake(name), [text(value)?]),
                "MaxItems" => code.method("max_items", [count(value).or_else(expression)?]),
                "MaxItemsPath" if !self.is_jsonata() => code.method("max_items_path", [text(value)?]),
                _ => return None,
            };
        }
        Some(code)
    }

    fn writer_config(&self, members: &Object<String, Json>) -> Option<Code> {
        let constructor = match members.get("Transformation")?.as_str()? {
            "NONE" => "unchanged",
            "COMPACT" => "compact",
            "FLATTEN" => "flatten",
            _ => return None,
        };
        let kind = match members.get("OutputType")?.as_str()? {
            "JSON" => "::Json",
            "JSONL" => "::Jsonl",
            _ => return None,
        };
        let kind = Code::Path(Path::new(self.item("OutputType"), kind));
        (members.len() == 2).then(|| Code::associated(self.item("WriterConfig"), constructor, [kind]))
    }

    fn batcher(&mut self, members: &Object<String, Json>) -> Option<Code> {
        let mut code = Code::associated(self.item("ItemBatcher"), "new", []);
        for (name, value) in members {
            let expression = || text(value).filter(|_| self.is_jsonata());
            let argument = match name.as_str() {
                "BatchInput" => (self.free)(value),
                "MaxItemsPerBatch" | "MaxInputBytesPerBatch" => count(value).or_else(expression)?,
                "MaxItemsPerBatchPath" | "MaxInputBytesPerBatchPath" if !self.is_jsonata() => text(value)?,
                _ => return None,
            };
            code = code.method(snake(name), [argument]);
        }
        Some(code)
    }
}
