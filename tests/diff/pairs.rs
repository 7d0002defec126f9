//! The pairs: what each change does, one line a fact.

use std::{fs, path::Path, sync::LazyLock};

use formwork::{
    diff::{Action, Change, Diff, diff},
    json,
    template::Template,
};

/// The two templates of a pair, and what is expected of them.
pub struct Pair {
    pub name: String,
    pub old: Template,
    pub new: Template,
    expected: Vec<String>,
}

/// All pairs, by their names, read once.
pub fn all() -> &'static [Pair] {
    static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(read_all);
    &PAIRS
}

fn read_all() -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff/pairs");
    let files =
        fs::read_dir(folder).expect("the folder is checked in").map(|file| file.expect("it can be read").path());
    let mut files: Vec<_> = files.collect();
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn read(file: &Path) -> Pair {
    let name = file.file_stem().expect("a file has a name").to_string_lossy().into_owned();
    let text = fs::read_to_string(file).expect("the file is checked in");
    let whole = Template::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let template = |side: &str| {
        let side = &whole.as_json()[side];
        let json = if side.get("Resources").is_some() { side.clone() } else { json!({"Resources": side}) };
        Template::parse(&json.to_string()).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let expected = whole.as_json()["Expected"].as_array().unwrap_or_else(|| panic!("{name}: `Expected` is no list"));
    let expected = expected.iter().map(|line| line.as_str().expect("a line is a text").to_owned()).collect();
    Pair { old: template("Old"), new: template("New"), expected, name }
}

/// What a diff says, one line a fact: `Orders replace: KeySchema`, `Orders loses data`.
fn verdict(diff: &Diff) -> Vec<String> {
    let mut lines = Vec::new();
    for change in &diff.resources {
        let (id, action) = (&change.id, serde_json::to_value(change.action).expect("it is a word"));
        if change.quiet.is_some() {
            lines.push(format!("{id} quiet"));
            continue;
        }
        let all = change.properties.iter().chain(&change.attributes);
        let causes = all.filter(|one| one.action == change.action && one.action >= Action::Interrupt);
        let causes: Vec<&str> = causes.map(|one| one.path.as_str()).collect();
        let causes = if causes.is_empty() { String::new() } else { format!(": {}", causes.join(", ")) };
        lines.push(format!("{id} {}{causes}", action.as_str().expect("it is a word")));
        lines.extend((!change.obstacles.is_empty()).then(|| format!("{id} fails")));
        let losses: Vec<_> = diff.losses.iter().filter(|loss| loss.id == *id).collect();
        match losses.iter().any(|loss| loss.certain) {
            true => lines.push(format!("{id} loses data")),
            false if !losses.is_empty() => lines.push(format!("{id} may lose data")),
            false => {}
        }
        for machine in diff.machines.iter().filter(|machine| machine.id == *id) {
            lines.extend(machine.states.iter().map(|state| match state.change {
                Change::Added => format!("{id} {} added", state.path),
                Change::Removed => format!("{id} {} removed", state.path),
                _ => format!("{id} {} {}", state.path, state.subjects.join(", ")),
            }));
        }
    }
    let unchanged = diff.losses.iter().filter(|loss| diff.resources.iter().all(|change| change.id != loss.id));
    lines.extend(unchanged.map(|loss| format!("{} may lose data", loss.id)));
    lines.extend(diff.renames.iter().map(|rename| format!("{} renamed to {}", rename.from, rename.to)));
    let outputs = diff.outputs.iter().filter(|output| output.effect.is_some());
    lines.extend(outputs.map(|output| format!("output {} has an effect", output.name)));
    lines
}

#[test]
fn each_pair_does_what_aws_says() {
    let pairs = all();
    assert!(pairs.len() >= 60, "{} pairs", pairs.len());
    let mut wrong = Vec::new();
    for pair in pairs {
        let found = verdict(&diff(&pair.old, &pair.new));
        if found != pair.expected {
            wrong.push(format!("{}\n  expected {:?}\n  found    {found:?}", pair.name, pair.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
