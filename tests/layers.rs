//! Imports run one way: the layers of ARCHITECTURE.md, and no circle between files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Modules by their path, `asl::run::mock`; the crate itself is `""`.
type Modules = BTreeMap<String, PathBuf>;

/// Who imports from whom.
type Imports = BTreeSet<(String, String)>;

/// The module that a path of a facade really names: `asl::run::Machine` is `asl::run::session`.
type Exports = BTreeMap<String, String>;

fn modules(folder: &Path, prefix: &str, found: &mut Modules) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("its entries can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_stem().and_then(|name| name.to_str()).expect("names here are ASCII");
        let module = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}::{name}") };
        // The programs of `bin` see the public API alone, as those of `stacks/` do.
        if name == "tests" || name == "bin" && prefix.is_empty() {
            continue;
        } else if path.is_dir() {
            modules(&path, &module, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let module = match name {
                "lib" => String::new(),
                "mod" => prefix.to_owned(),
                _ => module,
            };
            found.insert(module, path);
        }
    }
}

/// The code of a file without comments, texts and test modules.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    while let Some(letter) = rest.chars().next() {
        let skipped = match letter {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '"' => quoted(rest),
            'r' if rest.starts_with("r\"") || rest.starts_with("r#") => raw(rest),
            // A letter between quotes, not a lifetime.
            '\'' if rest.starts_with("'\\") => 3 + rest[3..].find('\'').unwrap_or(0),
            '\'' if rest.chars().nth(2) == Some('\'') => rest.char_indices().nth(2).map_or(1, |(at, _)| at),
            _ => 0,
        };
        if skipped == 0 {
            code.push(letter);
            rest = &rest[letter.len_utf8()..];
        } else {
            code.push(' ');
            rest = rest.get(skipped..).unwrap_or_default();
            rest = rest.strip_prefix('\'').unwrap_or(rest);
        }
    }
    assert!(!code.contains("#[path"), "a module stands where its name says");
    code
}

/// The length of a text that begins here, quotes included.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, letter)| {
        let ends = *letter == '"' && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// The length of a raw text that begins here; none where it is a raw name.
fn raw(text: &str) -> usize {
    let hashes = text[1..].chars().take_while(|letter| *letter == '#').count();
    if !text[1 + hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    text[2 + hashes..].find(&end).map_or(text.len(), |at| 2 + hashes + at + end.len())
}

/// The paths of a `use` tree: `a::{b, c::d}` gives `a::b` and `a::c::d`.
fn paths(tree: &str, prefix: &str, found: &mut Vec<String>) {
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().trim();
        if !path.is_empty() {
            found.push(format!("{prefix}{path}").trim_end_matches("::self").to_owned());
        }
        return;
    };
    let prefix = format!("{prefix}{}", head.trim());
    let inner = rest.trim().strip_suffix('}').unwrap_or(rest);
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in inner.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                paths(inner[start..at].trim(), &prefix, found);
                start = at + 1;
            }
            _ => {}
        }
    }
    paths(inner[start..].trim(), &prefix, found);
}

/// What a file names of the crate.
#[derive(Default)]
struct Named {
    /// In `use` items, and where it stands in the code.
    imported: Vec<String>,
    /// In `pub use` items, which only hand on.
    exported: Vec<String>,
}

fn named(code: &str) -> Named {
    let mut found = Named::default();
    let mut rest = code;
    let mut outside = String::new();
    while let Some(at) = rest.find("use ") {
        let starts_item = rest[..at].chars().last().is_none_or(|before| before.is_whitespace());
        let Some(end) = rest[at..].find(';').filter(|_| starts_item) else {
            outside.push_str(&rest[..at + 4]);
            rest = &rest[at + 4..];
            continue;
        };
        let line = rest[..at].rsplit('\n').next().unwrap_or_default();
        outside.push_str(&rest[..at - line.len()]);
        let list = if line.trim_start().starts_with("pub") { &mut found.exported } else { &mut found.imported };
        paths(&rest[at + 4..at + end].replace('\n', " "), "", list);
        rest = &rest[at + end..];
    }
    // The reach of an item is no import.
    outside.push_str(rest);
    let outside = outside.replace("pub(in crate::", "pub(in ");
    for word in outside.split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | ':'))) {
        // What begins with the name of no child module is of another crate, or of this file.
        if word.contains("::") && !word.starts_with("::") {
            found.imported.push(word.trim_end_matches(':').to_owned());
        }
    }
    found
}

/// A path, as seen from a module, from the crate's root on.
fn absolute(path: &str, from: &str, modules: &Modules) -> Option<String> {
    let mut parts: Vec<&str> = from.split("::").filter(|part| !part.is_empty()).collect();
    let mut words = path.split("::").peekable();
    match words.peek().copied()? {
        "crate" => {
            parts.clear();
            words.next();
        }
        "self" => drop(words.next()),
        "super" => {
            while words.next_if_eq(&"super").is_some() {
                parts.pop();
            }
        }
        // A child module, or something of another crate.
        first => {
            let child = if from.is_empty() { first.to_owned() } else { format!("{from}::{first}") };
            if !modules.contains_key(&child) {
                return None;
            }
        }
    }
    parts.extend(words);
    Some(parts.join("::"))
}

/// The module that an absolute path leads into, through the facades that hand it on.
fn target(path: &str, modules: &Modules, exports: &Exports) -> String {
    let mut parts: Vec<&str> = path.split("::").collect();
    loop {
        let path = parts.join("::");
        if let Some(original) = exports.get(&path) {
            return target(original, modules, exports);
        }
        if modules.contains_key(&path) || parts.pop().is_none() {
            return path;
        }
    }
}

fn imports(modules: &Modules) -> Imports {
    let named: BTreeMap<&str, Named> = modules
        .iter()
        .map(|(module, path)| (module.as_str(), named(&code(&fs::read_to_string(path).expect("the file can be read")))))
        .collect();
    let mut exports = Exports::new();
    for (module, named) in &named {
        for original in named.exported.iter().filter_map(|path| absolute(path, module, modules)) {
            let name = original.rsplit("::").next().unwrap_or_default();
            let path = if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") };
            // A module that a facade lets everybody see stays itself.
            if path != original {
                exports.insert(path, original);
            }
        }
    }
    let mut found = Imports::new();
    for (module, named) in &named {
        let paths =
            |list: &[String]| list.iter().filter_map(|path| absolute(path, module, modules)).collect::<Vec<_>>();
        // A facade hands on what stands below it; anything else that it hands on it imports.
        let below = |path: &String| path.starts_with(&format!("{module}::")) || module.is_empty();
        let exported = paths(&named.exported).into_iter().filter(|path| !below(path));
        for path in paths(&named.imported).into_iter().chain(exported) {
            let target = target(&path, modules, &exports);
            if target != **module {
                found.insert(((*module).to_owned(), target));
            }
        }
    }
    found
}

fn source() -> (Modules, Imports) {
    let mut found = Modules::new();
    modules(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut found);
    let imports = imports(&found);
    (found, imports)
}

/// The layers that ARCHITECTURE.md lists, from the ground up: each with those that it may import.
fn layers() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).expect("it is there");
    let block = text.split("```layers\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a list of layers");
    let rows = block.lines().filter(|line| !line.trim().is_empty()).map(|line| {
        let mut words = line.split_whitespace().map(str::to_owned);
        (words.next().expect("a layer"), words.collect())
    });
    rows.collect()
}

/// The layer of a module: the longest that its path begins with.
fn layer<'a>(module: &str, layers: &'a [(String, Vec<String>)]) -> Option<&'a str> {
    let inside = |layer: &str| module == layer || module.starts_with(&format!("{layer}::"));
    layers.iter().map(|(name, _)| name.as_str()).filter(|name| inside(name)).max_by_key(|name| name.len())
}

#[test]
fn every_import_runs_in_the_direction_of_the_layers() {
    let (modules, imports) = source();
    let layers = layers();
    let mut wrong = Vec::new();
    for module in modules.keys().filter(|module| !module.is_empty()) {
        if layer(module, &layers).is_none() {
            wrong.push(format!("{module} is in no layer"));
        }
    }
    for (from, to) in &imports {
        // The crate's own file only hands on.
        let (Some(importer), Some(imported)) = (layer(from, &layers), layer(to, &layers)) else {
            if to.is_empty() {
                wrong.push(format!("{from} imports from the crate's root; expected the module that has the name"));
            }
            continue;
        };
        let (_, allowed) = layers.iter().find(|(name, _)| name == importer).expect("a layer has a row");
        if importer != imported && !allowed.iter().any(|name| name == imported || name == "*") {
            wrong.push(format!("{from} imports {to}; `{importer}` may import {}", allowed.join(", ")));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_import_that_a_layer_may_have_is_there() {
    let (_, imports) = source();
    let layers = layers();
    let mut unused = Vec::new();
    for (importer, allowed) in &layers {
        for imported in allowed.iter().filter(|name| *name != "*") {
            let is_it = |(from, to): &(String, String)| {
                layer(from, &layers) == Some(importer) && layer(to, &layers) == Some(imported)
            };
            if !imports.iter().any(is_it) {
                unused.push(format!("`{importer}` imports nothing of `{imported}`"));
            }
        }
    }
    assert_eq!(unused, [""; 0]);
}

#[test]
fn a_layer_imports_only_layers_below_it() {
    let layers = layers();
    for (position, (name, allowed)) in layers.iter().enumerate() {
        for other in allowed.iter().filter(|other| *other != "*") {
            let below = layers[..position].iter().any(|(below, _)| below == other);
            assert!(below, "`{name}` may import `{other}`, which is not listed above it");
        }
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let (_, imports) = source();
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (from, to) in &imports {
        needs.entry(to).or_default();
        needs.entry(from).or_default().insert(to);
    }
    // What imports nothing that is left, and what nothing that is left imports, is in no circle.
    loop {
        let used: BTreeSet<&str> = needs.values().flatten().copied().collect();
        let free = needs.iter().find(|(name, on)| on.is_empty() || !used.contains(*name)).map(|(name, _)| *name);
        let Some(free) = free else { break };
        needs.remove(free);
        for on in needs.values_mut() {
            on.remove(free);
        }
    }
    assert_eq!(needs, BTreeMap::new(), "these files import each other in a circle");
}

#[test]
fn an_import_is_seen_wherever_it_stands() {
    let modules: Modules = ["", "json", "stack", "stack::entry"].map(|name| (name.to_owned(), PathBuf::new())).into();
    let exports = Exports::from([("stack::Entry".to_owned(), "stack::entry::Entry".to_owned())]);
    let seen = |text: &str, from: &str| -> Vec<String> {
        let named = named(&code(text));
        let paths = named.imported.iter().filter_map(|path| absolute(path, from, &modules));
        paths.map(|path| target(&path, &modules, &exports)).collect()
    };
    assert_eq!(seen("use crate::{json::{Json, walk}, stack::entry};", "json"), ["json", "json", "stack::entry"]);
    assert_eq!(seen("use super::{Entry, Stack};", "stack::entry"), ["stack::entry", "stack"]);
    assert_eq!(seen("use entry::Entry;\nuse std::fmt;\npub use entry::Other;", "stack"), ["stack::entry"]);
    let inline =
        "pub(in crate::json) fn f() -> crate::stack::Stack { super::json::walk(\"crate::json\") } // crate::json";
    assert_eq!(seen(inline, "stack"), ["stack", "json"]);
    let behind_texts =
        "const A: char = '\"'; const B: char = '\\''; f(\"a\nb\", r#\"\"#); type C<'a> = crate::json::Json;";
    assert_eq!(seen(behind_texts, "stack"), ["json"]);
    let behind_tests = "#[cfg(test)]\nmod tests;\n\nuse crate::json::Json;\n";
    assert_eq!(seen(behind_tests, "stack"), ["json"]);
}
