use super::*;

#[test]
fn every_service_can_be_read() {
    let mut operations = 0;
    let names: Vec<&str> = services().collect();
    assert!(names.is_sorted());
    for name in names {
        let service = service(name).unwrap_or_else(|| panic!("{name} is in the archive"));
        assert_eq!(service.name(), service.error_prefix().to_lowercase());
        for operation in service.operations() {
            operations += 1;
            assert!(operation.action().starts_with(|letter: char| letter.is_ascii_lowercase()), "{operation:?}");
            for structure in [operation.input(), operation.output()].into_iter().flatten() {
                assert!(structure.members().all(|member| structure.member(&member.name()).is_some()), "{structure:?}");
            }
        }
        // What a member refers to has a line, and what a line says can be read.
        for line in service.shapes.iter().filter(|line| !line.starts_with('|')) {
            let members = line.trim_start_matches('?').split_terminator(' ');
            for word in members.map(|member| member.rsplit([':', '!', '~']).next().expect("a member has a type")) {
                let word = word.trim_start_matches(['[', '{']);
                let word = word.split_once('<').map_or(word, |(letter, _)| letter);
                let number = word.parse::<usize>();
                assert!(
                    number.is_ok_and(|number| number < service.shapes.len()) || "silfdbtxj".contains(word),
                    "{line}"
                );
            }
        }
    }
    assert!(operations > 18_000, "{operations}");
}

#[test]
fn services_have_the_names_that_step_functions_takes() {
    for name in ["sfn", "cloudwatchlogs", "eventbridge", "cognitoidentityprovider", "config", "databasemigration"] {
        assert!(service(name).is_some_and(Service::is_known), "{name}");
    }
    for name in ["stepfunctions", "s33", "logs", "events", "S3", ""] {
        assert!(service(name).is_none(), "{name}");
    }
    assert!(service("opsworks").is_some_and(|service| !service.is_known()));
    assert_eq!(service("dynamodb").map(Service::error_prefix), Some("DynamoDb"));
}

#[test]
fn operations_have_arguments_results_and_errors() {
    let rds = service("rds").unwrap();
    let describe = rds.operation("describeDBInstances").unwrap();
    assert!(rds.operation("DescribeDBInstances").is_none() && rds.operation("describeDbInstances").is_none());
    assert!(describe.errors().eq(["Rds.DbInstanceNotFoundException"]));
    let Shape::Array(filters) = describe.input().unwrap().member("Filters").unwrap().shape() else { panic!("a list") };
    let Shape::Structure(filter) = filters.shape() else { panic!("of structures") };
    assert!(filter.member("Name").is_some_and(|name| name.is_required()));
    let Shape::Array(instances) = describe.output().unwrap().member("DbInstances").unwrap().shape() else {
        panic!("a list")
    };
    assert!(matches!(instances.shape(), Shape::Structure(_)));
    let item = service("dynamodb").unwrap().operation("putItem").unwrap().input().unwrap().member("Item").unwrap();
    let Shape::Map(value) = item.shape() else { panic!("a map") };
    let Shape::Structure(value) = value.shape() else { panic!("of structures") };
    assert!(value.member("Bool").is_some() && value.member("Nul").is_some());
    let start = service("athena").unwrap().operation("startQueryExecution").unwrap();
    let token = start.input().unwrap().member("ClientRequestToken").unwrap();
    assert!(token.is_token() && !token.is_required());
    let start = service("emrserverless").unwrap().operation("startJobRun").unwrap();
    let token = start.input().unwrap().member("ClientToken").unwrap();
    assert!(token.is_token() && token.is_required());
}

#[test]
fn what_is_not_offered_is_known() {
    let is_offered = |name: &str, action| service(name).unwrap().operation(action).unwrap().is_offered();
    assert!(!is_offered("sts", "assumeRole") && is_offered("sts", "getCallerIdentity"));
    assert!(!is_offered("bedrockruntime", "converseStream") && is_offered("bedrockruntime", "converse"));
}

#[test]
fn the_archive_says_where_it_is_from() {
    let words: Vec<&str> = archive().provenance().split(' ').collect();
    assert!(matches!(words.as_slice(), ["botocore", _, "of", date] if date.len() == 10), "{words:?}");
}

#[test]
fn bounds_are_those_of_the_model() {
    let function = service("lambda").unwrap().operation("getFunction").unwrap().output().unwrap();
    let Shape::Structure(configuration) = function.member("Configuration").unwrap().shape() else { unreachable!() };
    let memory = configuration.member("MemorySize").unwrap();
    assert_eq!(memory.bounds(), Bounds { min: Some(128.0), max: Some(32_768.0) });
    assert!(matches!(memory.shape(), Shape::Integer));
    let Shape::Array(layers) = configuration.member("Layers").unwrap().shape() else { unreachable!() };
    assert_eq!(layers.bounds(), Bounds::default());
    let encrypted = service("kms").unwrap().operation("encrypt").unwrap().output().unwrap();
    assert_eq!(encrypted.member("CiphertextBlob").unwrap().bounds().min, Some(1.0));
}
