//! The fields of the States Language: the one table that says what stands where, in which query language, and with
//! which values.
//!
//! Whatever reads a definition reads it by this table: [`read`](super::read) makes the typed model and every fault of
//! it, and a test holds the setters of [`build`](crate::asl) to it.
//!
//! <https://states-language.net/> and
//! <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html>

use super::{
    language::Language::{self, JsonPath, Jsonata},
    operator::OPERATORS,
};

/// An object of a definition that has fields of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Workflow,
    Branch,
    ItemProcessor,
    Iterator,
    ProcessorConfig,
    Choice,
    Fail,
    Map,
    Parallel,
    Pass,
    Succeed,
    Task,
    Wait,
    /// An element of `Choices`.
    ChoiceRule,
    /// What stands in `And`, `Or` and `Not`.
    NestedRule,
    Retrier,
    Catcher,
    ItemReader,
    ReaderConfig,
    ItemBatcher,
    ResultWriter,
    WriterConfig,
}

/// A field of a part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub name: &'static str,
    /// The query language that has it; none where both do.
    pub language: Option<Language>,
    pub value: ValueKind,
    /// What is expected where the field is missing; none for a field that may be.
    pub required: Option<&'static str>,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ValueKind {
    /// Any JSON, as it is.
    Json,
    /// A string, as it is.
    Text,
    /// A label of a distributed `Map`.
    Label,
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
    /// The name of a state of the same scope.
    Target,
    /// The ARN of what a task calls, a reader reads or a writer writes with.
    Resource,
    /// Names of errors, at least one.
    Errors,
    /// Strings.
    Texts,
    /// A path; `null` too, where that is allowed.
    Path { null: bool },
    /// A path with fields and indices only, or `null`.
    ReferencePath,
    /// A path, or a call of an intrinsic function, for a string.
    TextPath,
    /// A string; in JSONata it may be an expression.
    Computed,
    /// A moment; in JSONata it may be an expression.
    Timestamp,
    /// An integer from a least to a most; in JSONata it may be an expression.
    Integer(f64, f64),
    /// A number from a least to a most; in JSONata it may be an expression.
    Number(f64, f64),
    /// `true`, `false`, or a JSONata expression for one of them.
    Condition,
    /// JSON with expressions of the query language in it.
    Template,
    /// A template for an object whose members are variables.
    Variables,
    /// A template for the role that a task is run with.
    Credentials,
    /// A JSON array or object, or a JSONata expression for one.
    Items,
    /// A part.
    Part(Part),
    /// Parts, at least so many.
    Parts(Part, usize),
    /// States by name, at least one.
    States,
}

/// Fields of which a part has one.
#[derive(Debug)]
pub(crate) struct Choose {
    pub fields: &'static [&'static str],
    /// Whether one of them must be there.
    pub required: bool,
}

const SECONDS: f64 = 99_999_999.0;
const ANY: f64 = f64::MAX;

const fn both(name: &'static str, value: ValueKind) -> Field {
    Field { name, language: None, value, required: None }
}

const fn path(name: &'static str, value: ValueKind) -> Field {
    Field { name, language: Some(JsonPath), value, required: None }
}

const fn ata(name: &'static str, value: ValueKind) -> Field {
    Field { name, language: Some(Jsonata), value, required: None }
}

const fn required(field: Field, expected: &'static str) -> Field {
    Field { required: Some(expected), ..field }
}

use ValueKind::{
    Computed, Condition, Credentials, Errors, Flag, Integer, Items, Json, Label, Number, Part as One, Parts, Path,
    ReferencePath, Resource, States, Target, Template, Text, TextPath, Texts, Timestamp, Variables, Word,
};

const COMMENT: Field = both("Comment", Text);
const TYPE: Field = both("Type", Text);
const QUERY_LANGUAGE: Field = both("QueryLanguage", Word(&["JSONata", "JSONPath"]));
const ASSIGN: Field = both("Assign", Variables);
const NEXT: Field = both("Next", Target);
const END: Field = both("End", Flag);
const RETRY: Field = both("Retry", Parts(Part::Retrier, 0));
const CATCH: Field = both("Catch", Parts(Part::Catcher, 0));
const OUTPUT: Field = ata("Output", Template);
const ARGUMENTS: Field = ata("Arguments", Template);
const INPUT_PATH: Field = path("InputPath", Path { null: true });
const OUTPUT_PATH: Field = path("OutputPath", Path { null: true });
const PARAMETERS: Field = path("Parameters", Template);
const RESULT_SELECTOR: Field = path("ResultSelector", Template);
const RESULT_PATH: Field = path("ResultPath", ReferencePath);
const START_AT: Field = required(both("StartAt", Target), "the name of its first state");
const STATES: Field = required(both("States", States), "at least one state");
const PROCESSOR_CONFIG: Field = both("ProcessorConfig", One(Part::ProcessorConfig));
const ERROR_EQUALS: Field = required(both("ErrorEquals", Errors), "one");
const VARIABLE: Field = path("Variable", Path { null: false });
const AND: Field = path("And", Parts(Part::NestedRule, 1));
const OR: Field = path("Or", Parts(Part::NestedRule, 1));
const NOT: Field = path("Not", One(Part::NestedRule));

const WORKFLOW: &[Field] =
    &[COMMENT, QUERY_LANGUAGE, START_AT, STATES, both("TimeoutSeconds", Integer(1.0, SECONDS)), both("Version", Text)];
const BRANCH: &[Field] = &[COMMENT, START_AT, STATES];
const ITEM_PROCESSOR: &[Field] = &[COMMENT, PROCESSOR_CONFIG, START_AT, STATES];
const PROCESSOR: &[Field] =
    &[both("Mode", Word(&["INLINE", "DISTRIBUTED"])), both("ExecutionType", Word(&["STANDARD", "EXPRESS"]))];
const CHOICE: &[Field] = &[
    TYPE,
    COMMENT,
    QUERY_LANGUAGE,
    INPUT_PATH,
    OUTPUT_PATH,
    OUTPUT,
    ASSIGN,
    required(both("Choices", Parts(Part::ChoiceRule, 1)), "at least one"),
    both("Default", Target),
];
const FAIL: &[Field] = &[
    TYPE,
    COMMENT,
    QUERY_LANGUAGE,
    both("Error", Computed),
    path("ErrorPath", TextPath),
    both("Cause", Computed),
    path("CausePath", TextPath),
];
const MAP: &[Field] = &[
    TYPE,
    COMMENT,
    QUERY_LANGUAGE,
    INPUT_PATH,
    OUTPUT_PATH,
    OUTPUT,
    ASSIGN,
    RETRY,
    CATCH,
    NEXT,
    END,
    PARAMETERS,
    RESULT_SELECTOR,
    RESULT_PATH,
    path("ItemsPath", Path { null: false }),
    ata("Items", Items),
    both("ItemSelector", Template),
    both("ItemReader", One(Part::ItemReader)),
    both("ItemBatcher", One(Part::ItemBatcher)),
    both("ResultWriter", One(Part::ResultWriter)),
    both("ItemProcessor", One(Part::ItemProcessor)),
    both("Iterator", One(Part::Iterator)),
    both("Label", Label),
    both("MaxConcurrency", Integer(0.0, ANY)),
    path("MaxConcurrencyPath", Path { null: false }),
    both("ToleratedFailureCount", Integer(0.0, ANY)),
    path("ToleratedFailureCountPath", Path { null: false }),
    both("ToleratedFailurePercentage", Number(0.0, 100.0)),
    path("ToleratedFailurePercentagePath", Path { null: false }),
];
const PARALLEL: &[Field] = &[
    TYPE,
    COMMENT,
    QUERY_LANGUAGE,
    INPUT_PATH,
    OUTPUT_PATH,
    OUTPUT,
    ASSIGN,
    RETRY,
    CATCH,
    NEXT,
    END,
    ARGUMENTS,
    PARAMETERS,
    RESULT_SELECTOR,
    RESULT_PATH,
    required(both("Branches", Parts(Part::Branch, 1)), "at least one"),
];
const PASS: &[Field] = &[
    TYPE,
    COMMENT,
    QUERY_LANGUAGE,
    INPUT_PATH,
    OUTPUT_PATH,
    OUTPUT,
    ASSIGN,
    NEXT,
    END,
    PARAMETERS,
    path("Result", Json),
    RESULT_PATH,
];
const SUCCEED: &[Field] = &[TYPE, COMMENT, QUERY_LANGUAGE, INPUT_PATH, OUTPUT_PATH, OUTPUT];
const TASK: &[Field] = &[
    TYPE,
    COMMENT,
    QUERY_LANGUAGE,
    INPUT_PATH,
    OUTPUT_PATH,
    OUTPUT,
    ASSIGN,
    RETRY,
    CATCH,
    NEXT,
    END,
    ARGUMENTS,
    PARAMETERS,
    RESULT_SELECTOR,
    RESULT_PATH,
    required(both("Resource", Resource), "the ARN of what it calls"),
    both("Credentials", Credentials),
    both("TimeoutSeconds", Integer(1.0, SECONDS)),
    path("TimeoutSecondsPath", Path { null: false }),
    both("HeartbeatSeconds", Integer(1.0, SECONDS)),
    path("HeartbeatSecondsPath", Path { null: false }),
];
const WAIT: &[Field] = &[
    TYPE,
    COMMENT,
    QUERY_LANGUAGE,
    INPUT_PATH,
    OUTPUT_PATH,
    OUTPUT,
    ASSIGN,
    NEXT,
    END,
    both("Seconds", Integer(0.0, SECONDS)),
    path("SecondsPath", Path { null: false }),
    both("Timestamp", Timestamp),
    path("TimestampPath", Path { null: false }),
];
const CHOICE_RULE: &[Field] = &[
    COMMENT,
    required(NEXT, "one"),
    ASSIGN,
    OUTPUT,
    required(ata("Condition", Condition), "a JSONata expression between `{%` and `%}`, or true or false"),
    VARIABLE,
    AND,
    OR,
    NOT,
];
const NESTED_RULE: &[Field] = &[COMMENT, VARIABLE, AND, OR, NOT];
const RETRIER: &[Field] = &[
    COMMENT,
    ERROR_EQUALS,
    both("IntervalSeconds", Integer(1.0, SECONDS)),
    both("MaxAttempts", Integer(0.0, SECONDS)),
    both("BackoffRate", Number(1.0, ANY)),
    both("MaxDelaySeconds", Integer(1.0, 31_622_400.0)),
    both("JitterStrategy", Word(&["FULL", "NONE"])),
];
const CATCHER: &[Field] = &[COMMENT, ERROR_EQUALS, required(NEXT, "one"), RESULT_PATH, OUTPUT, ASSIGN];
const ITEM_READER: &[Field] = &[
    COMMENT,
    required(both("Resource", Resource), "the ARN of what reads the items"),
    PARAMETERS,
    ARGUMENTS,
    both("ReaderConfig", One(Part::ReaderConfig)),
];
const READER_CONFIG: &[Field] = &[
    both("InputType", Word(&["CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"])),
    both("CSVDelimiter", Word(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"])),
    both("CSVHeaderLocation", Word(&["FIRST_ROW", "GIVEN"])),
    both("CSVHeaders", Texts),
    both("ItemsPointer", Text),
    both("ManifestType", Word(&["ATHENA_DATA", "S3_INVENTORY"])),
    both("MaxItems", Integer(0.0, 100_000_000.0)),
    path("MaxItemsPath", Path { null: false }),
    both("Transformation", Word(&["NONE", "LOAD_AND_FLATTEN"])),
];
const ITEM_BATCHER: &[Field] = &[
    COMMENT,
    both("BatchInput", Template),
    both("MaxItemsPerBatch", Integer(0.0, ANY)),
    path("MaxItemsPerBatchPath", Path { null: false }),
    both("MaxInputBytesPerBatch", Integer(0.0, 262_144.0)),
    path("MaxInputBytesPerBatchPath", Path { null: false }),
];
const RESULT_WRITER: &[Field] =
    &[COMMENT, both("Resource", Resource), PARAMETERS, ARGUMENTS, both("WriterConfig", One(Part::WriterConfig))];
const WRITER_CONFIG: &[Field] =
    &[both("OutputType", Word(&["JSON", "JSONL"])), both("Transformation", Word(&["NONE", "COMPACT", "FLATTEN"]))];

const NEXT_OR_END: Choose = Choose { fields: &["Next", "End"], required: true };

const fn at_most_one(fields: &'static [&'static str]) -> Choose {
    Choose { fields, required: false }
}

impl Part {
    /// The parts that are states.
    pub const STATES: [Self; 8] =
        [Self::Choice, Self::Fail, Self::Map, Self::Parallel, Self::Pass, Self::Succeed, Self::Task, Self::Wait];

    /// The state of a `Type`.
    pub fn of_type(name: &str) -> Option<Self> {
        Self::STATES.into_iter().find(|state| state.type_name() == name)
    }

    /// What `Type` says of a state; empty for other parts.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Choice => "Choice",
            Self::Fail => "Fail",
            Self::Map => "Map",
            Self::Parallel => "Parallel",
            Self::Pass => "Pass",
            Self::Succeed => "Succeed",
            Self::Task => "Task",
            Self::Wait => "Wait",
            _ => "",
        }
    }

    /// The part with its article, as a sentence begins with it.
    pub const fn described(self) -> &'static str {
        match self {
            Self::Workflow => "the workflow",
            Self::Branch => "the branch",
            Self::ItemProcessor => "the item processor",
            Self::Iterator => "the iterator",
            Self::ProcessorConfig => "the `ProcessorConfig`",
            Self::Choice => "the `Choice`",
            Self::Fail => "the `Fail`",
            Self::Map => "the `Map`",
            Self::Parallel => "the `Parallel`",
            Self::Pass => "the `Pass`",
            Self::Succeed => "the `Succeed`",
            Self::Task => "the `Task`",
            Self::Wait => "the `Wait`",
            Self::ChoiceRule => "this element of `Choices`",
            Self::NestedRule => "the rule",
            Self::Retrier => "this element of `Retry`",
            Self::Catcher => "this element of `Catch`",
            Self::ItemReader => "the `ItemReader`",
            Self::ReaderConfig => "the `ReaderConfig`",
            Self::ItemBatcher => "the `ItemBatcher`",
            Self::ResultWriter => "the `ResultWriter`",
            Self::WriterConfig => "the `WriterConfig`",
        }
    }

    /// Its fields, but for the operators of a rule.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Workflow => WORKFLOW,
            Self::Branch => BRANCH,
            Self::ItemProcessor | Self::Iterator => ITEM_PROCESSOR,
            Self::ProcessorConfig => PROCESSOR,
            Self::Choice => CHOICE,
            Self::Fail => FAIL,
            Self::Map => MAP,
            Self::Parallel => PARALLEL,
            Self::Pass => PASS,
            Self::Succeed => SUCCEED,
            Self::Task => TASK,
            Self::Wait => WAIT,
            Self::ChoiceRule => CHOICE_RULE,
            Self::NestedRule => NESTED_RULE,
            Self::Retrier => RETRIER,
            Self::Catcher => CATCHER,
            Self::ItemReader => ITEM_READER,
            Self::ReaderConfig => READER_CONFIG,
            Self::ItemBatcher => ITEM_BATCHER,
            Self::ResultWriter => RESULT_WRITER,
            Self::WriterConfig => WRITER_CONFIG,
        }
    }

    /// Whether it has a comparison operator among its fields, in JSONPath.
    pub const fn compares(self) -> bool {
        matches!(self, Self::ChoiceRule | Self::NestedRule)
    }

    /// The field of that name, in whichever language.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }

    /// The names of the fields that it has in a language.
    pub fn names(self, language: Language) -> impl Iterator<Item = &'static str> {
        let operators = if self.compares() && language == JsonPath { &OPERATORS[..] } else { &[] };
        let fields = self.fields().iter().filter(move |field| field.language.is_none_or(|only| only == language));
        fields.map(|field| field.name).chain(operators.iter().map(|operator| operator.name))
    }

    /// The fields of which it has one.
    pub const fn choose(self) -> &'static [Choose] {
        const GOES: &[Choose] = &[NEXT_OR_END];
        const FAIL: &[Choose] = &[at_most_one(&["Cause", "CausePath"]), at_most_one(&["Error", "ErrorPath"])];
        const READER_CONFIG: &[Choose] = &[at_most_one(&["MaxItems", "MaxItemsPath"])];
        const WAIT: &[Choose] = &[
            NEXT_OR_END,
            Choose { fields: &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"], required: true },
        ];
        const MAP: &[Choose] = &[
            NEXT_OR_END,
            at_most_one(&["ItemProcessor", "Iterator"]),
            at_most_one(&["MaxConcurrency", "MaxConcurrencyPath"]),
            at_most_one(&["ToleratedFailureCount", "ToleratedFailureCountPath"]),
            at_most_one(&["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"]),
        ];
        const TASK: &[Choose] = &[
            NEXT_OR_END,
            at_most_one(&["HeartbeatSeconds", "HeartbeatSecondsPath"]),
            at_most_one(&["TimeoutSeconds", "TimeoutSecondsPath"]),
        ];
        const ITEM_BATCHER: &[Choose] = &[
            at_most_one(&["MaxItemsPerBatch", "MaxItemsPerBatchPath"]),
            at_most_one(&["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"]),
        ];
        match self {
            Self::Parallel | Self::Pass => GOES,
            Self::Wait => WAIT,
            Self::Map => MAP,
            Self::Task => TASK,
            Self::Fail => FAIL,
            Self::ReaderConfig => READER_CONFIG,
            Self::ItemBatcher => ITEM_BATCHER,
            _ => &[],
        }
    }

    /// The page that describes it.
    pub const fn docs(self) -> &'static str {
        match self {
            Self::ChoiceRule | Self::NestedRule => {
                "https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html"
            }
            Self::Retrier | Self::Catcher => {
                "https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html"
            }
            Self::ProcessorConfig
            | Self::ItemReader
            | Self::ReaderConfig
            | Self::ItemBatcher
            | Self::ResultWriter
            | Self::WriterConfig => "https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html",
            _ => "https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html",
        }
    }
}
