//! Generates formwork's `src/aws/` and its instance tests from the CloudFormation registry schemas.
//!
//! `bindgen` writes the files; `bindgen --check` compares them with what it would write, and proves that nothing of
//! the schemas is missing. Data flow: `source` (with `rules`, `api`) → `fixups` → `values` → `convert` (with `shape`, `names`, `attributes`) → `render`,
//! `table`, `instances` (with `sample`), with `docs` for the comments.

mod actions;
mod api;
mod archive;
mod attributes;
/// The names that `formwork import` writes are made as those of the structs.
#[path = "../../src/import/case.rs"]
mod case;
mod complete;
mod convert;
mod docs;
mod file;
mod fixups;
mod handlers;
mod instances;
mod java;
mod keywords;
mod lists;
mod model;
mod names;
mod normal;
mod operations;
mod registry;
mod render;
mod rules;
mod sample;
mod serverless;
mod services;
mod shape;
mod source;
mod structs;
mod table;
mod values;

use model::{Place, Service, Sources};
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        [] => write(),
        ["--check"] => check(),
        _ => Err("usage: bindgen [--check]".to_owned()),
    };
    match outcome {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            faults.iter().for_each(|fault| eprintln!("{fault}"));
            ExitCode::from(1)
        }
        Err(error) => {
            eprintln!("bindgen: {error}");
            ExitCode::from(2)
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("bindgen is a folder of the package").to_owned()
}

fn sources() -> Result<Sources, String> {
    source::read(&root().join("target/schemas"))
}

/// A generated file: path from the root of the package, and content.
type File = (String, Vec<u8>);

/// All that is generated.
struct Generated {
    files: Vec<File>,
    /// The texts of the archive of the registry.
    registry: BTreeMap<String, String>,
}

fn generate(mut sources: Sources) -> Result<Generated, String> {
    fixups::apply(&mut sources)?;
    normal::apply(&mut sources);
    values::note(&mut sources);
    let services = convert::services(&sources)?;
    let provenance = &sources.provenance;
    let mut texts = vec![
        ("src/aws/mod.rs".to_owned(), rustfmt(&render::root(&services, provenance))?),
        ("src/aws/types.md".to_owned(), render::types(&services)),
        ("tests/aws_instances/main.rs".to_owned(), rustfmt(&instances::root(&services, provenance))?),
    ];
    for service in &services {
        let module = &service.module;
        let is_rest = |other: &&Service| other.place == Place::Rest && other.module == *module;
        let has_rest = service.place == Place::Always && services.iter().any(|other| is_rest(&other));
        let file = if service.place == Place::Rest { format!("{module}/rest") } else { module.clone() };
        texts.push((format!("src/aws/{file}.rs"), rustfmt(&render::service(service, has_rest, provenance))?));
        if service.place == Place::Always {
            texts.push((format!("src/aws/{module}.txt"), table::service(service, provenance)?));
        }
        let stem = instances::stem(service);
        let tests = rustfmt(&instances::service(service, provenance))?;
        texts.push((format!("tests/aws_instances/{stem}.rs"), tests));
        texts.push((format!("tests/aws_instances/{stem}.json"), instances::expected(service, provenance)));
    }
    let mut files: Vec<File> = texts.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    files.push(("Cargo.toml".to_owned(), features(&services)?.into_bytes()));
    let registry = registry::texts(&sources)?;
    let (structs, types) = (structs::texts(&services), structs::types(&services));
    let handlers = handlers::texts(&sources)?;
    let folder = root().join("target/schemas");
    let (operations, actions) = (operations::read(&folder.join("botocore"))?, actions::read(&folder)?);
    let runtimes = lists::runtimes(&folder.join("cfn-lint/cfnlint"))?;
    let policies = lists::policies(&folder.join("moto"))?;
    let serverless = serverless::texts(&folder.join("sam"))?;
    for (name, provenance, texts) in [
        ("registry", &sources.tables, &registry),
        ("handlers", &sources.tables, &handlers),
        ("api", &operations.0, &operations.1),
        ("iam", &actions.0, &actions.1),
        ("runtimes", &runtimes.0, &runtimes.1),
        ("policies", &policies.0, &policies.1),
        ("serverless", &serverless.0, &serverless.1),
        ("structs", &sources.tables, &structs),
        ("types", &sources.tables, &types),
    ] {
        files.push((format!("src/data/{name}.bin"), archive::pack(provenance, texts)?));
    }
    Ok(Generated { files, registry })
}

/// Features that crates.io takes.
const MOST_FEATURES: usize = 300;

/// The manifest with a feature for each service that is not always there.
fn features(services: &[Service]) -> Result<String, String> {
    let manifest = file::text(&root().join("Cargo.toml"))?;
    let (before, rest) = manifest.split_once("[features]\n").ok_or("Cargo.toml has no [features]")?;
    let (_, after) = rest.split_once("\n[").ok_or("Cargo.toml has nothing behind [features]")?;
    let names: BTreeSet<&str> =
        services.iter().filter(|one| one.place != Place::Always).map(|one| one.feature.as_str()).collect();
    if names.len() >= MOST_FEATURES {
        return Err(format!("{} features and `all`; expected {MOST_FEATURES} at most", names.len()));
    }
    let all: String = names.iter().map(|name| format!("    \"{name}\",\n")).collect();
    let each: String = names.iter().map(|name| format!("{name} = []\n")).collect();
    let said =
        "# A service each, those that AWS has retired together; by bindgen. Those that are always there need none.";
    Ok(format!("{before}[features]\n{said}\nall = [\n{all}]\n{each}\n[{after}"))
}

/// Formats as `cargo fmt` would.
fn rustfmt(source: &str) -> Result<String, String> {
    let config = root().join("rustfmt.toml");
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(config)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("rustfmt: {error}"))?;
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input = source.to_owned();
    // On a thread of its own: a full pipe each way would stop both programs.
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().map_err(|error| format!("rustfmt: {error}"))?;
    writer.join().map_err(|_| "rustfmt: the writing thread panicked")?.map_err(|error| format!("rustfmt: {error}"))?;
    if !output.status.success() {
        return Err("rustfmt refused the generated code".to_owned());
    }
    String::from_utf8(output.stdout).map_err(|error| format!("rustfmt: {error}"))
}

fn write() -> Result<Vec<String>, String> {
    for (path, content) in generate(sources()?)?.files {
        let file = root().join(&path);
        let folder = file.parent().expect("every generated file is in a folder");
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        fs::write(&file, content).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(Vec::new())
}

/// The files that differ from what would be written, and what they lack of the schemas.
fn check() -> Result<Vec<String>, String> {
    let sources = sources()?;
    let mut schemas = sources.schemas.clone();
    schemas.extend(sources.others.clone());
    let Generated { files, registry } = generate(sources)?;
    let generated = |ending: &str| {
        let of_aws = files.iter().filter(move |(path, _)| path.starts_with("src/aws/") && path.ends_with(ending));
        of_aws.filter_map(|(_, content)| str::from_utf8(content).ok()).collect::<Vec<_>>()
    };
    let with_structs = schemas.clone();
    let (count, mut faults) = complete::compare(&with_structs, generated(".rs").into_iter());
    println!(
        "structs: {} resource types, {} objects, {} properties to set, {} read-only",
        count.resources, count.objects, count.properties, count.read_only
    );
    let texts = generated(".txt");
    let texts =
        texts.into_iter().chain(registry.iter().filter(|(name, _)| !name.is_empty()).map(|(_, text)| text.as_str()));
    let (properties, missing) = complete::tables::compare(schemas.iter(), texts);
    println!("tables: {} resource types, {properties} properties", schemas.len());
    faults.extend(missing);
    for (path, content) in &files {
        if fs::read(root().join(path)).ok().as_ref() != Some(content) {
            faults.push(format!("{path} differs from what bindgen generates; run `cargo run -p bindgen`"));
        }
    }
    Ok(faults)
}
