//! The guard over what a live run starts: processes in groups of their own, and a temporary folder. All of it ends with
//! the guard, and with this program, however that ends.

use std::{
    collections::BTreeSet,
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::identifier::hexadecimal;

/// The program that outlives this one if need be. Of each line that it reads the last one counts: the groups that are
/// there. When nobody writes any more, it kills them and, where there is a `/proc`, whatever has the folder in its
/// environment; then it removes the folder.
const WATCHDOG: &str = r#"trap '' INT TERM HUP
groups=
while IFS= read -r line; do groups=$line; done
for group in $groups; do kill -9 -"$group" 2>/dev/null; done
for process in /proc/[0-9]*; do
  if grep -aqsF "$1/" "$process/environ" 2>/dev/null; then kill -9 "${process#/proc/}" 2>/dev/null; fi
done
rm -rf -- "$1""#;

/// The guard; clones of an `Arc` of it are what starts processes.
pub(super) struct Guard {
    folder: PathBuf,
    number: AtomicU64,
    state: Mutex<State>,
}

struct State {
    /// The process groups that run.
    groups: BTreeSet<u32>,
    watchdog: Option<(Child, Option<ChildStdin>)>,
    closed: bool,
}

impl Guard {
    /// Makes the folder, which nobody else may look into. Without a shell there is no watchdog, and what runs ends only
    /// when this program comes to its end by itself.
    pub fn new() -> io::Result<Self> {
        let folder = new_folder()?;
        let mut command = Command::new("sh");
        command.args(["-c", WATCHDOG, "sh"]).arg(&folder);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        own_group(&mut command);
        let watchdog = command.spawn().ok().map(|mut child| {
            let stdin = child.stdin.take();
            (child, stdin)
        });
        let state = State { groups: BTreeSet::new(), watchdog, closed: false };
        Ok(Self { folder, number: AtomicU64::new(0), state: Mutex::new(state) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new folder, which goes with the guard.
    pub fn new_folder(&self, name: &str) -> io::Result<PathBuf> {
        if self.state().closed {
            return Err(over());
        }
        let folder = self.folder.join(format!("{name}-{}", self.number.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&folder)?;
        Ok(folder)
    }

    /// Starts a process in a group of its own, unless all is over.
    pub fn spawn(&self, command: &mut Command) -> io::Result<Child> {
        own_group(command);
        let mut state = self.state();
        if state.closed {
            return Err(over());
        }
        let child = command.spawn()?;
        state.groups.insert(child.id());
        state.tell();
        Ok(child)
    }

    /// Kills what runs in a process group.
    pub fn kill(&self, group: u32) {
        kill_group(group);
    }

    /// Lets go of a process group, whose first process has ended: whatever is left of it is killed.
    pub fn release(&self, group: u32) {
        let mut state = self.state();
        if state.groups.remove(&group) {
            kill_group(group);
            state.tell();
        }
    }

    /// Kills all that runs, removes the folder, and lets nothing start any more.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for group in std::mem::take(&mut state.groups) {
            kill_group(group);
        }
        state.tell();
        let watchdog = state.watchdog.take();
        drop(state);
        kill_those_in(&self.folder);
        // What is killed may be writing its last.
        let is_removed = (0..3).any(|_| fs::remove_dir_all(&self.folder).is_ok() || !self.folder.exists());
        if let Some((mut child, stdin)) = watchdog {
            if is_removed {
                // Nothing is left for it to do.
                let _ = child.kill();
            }
            drop(stdin);
            let _ = child.wait();
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.close();
    }
}

impl State {
    /// Tells the watchdog which groups there are.
    fn tell(&mut self) {
        let Some((_, Some(stdin))) = &mut self.watchdog else { return };
        let groups: Vec<String> = self.groups.iter().map(u32::to_string).collect();
        // A watchdog that somebody has killed is missed only when this program is killed too.
        let _ = stdin.write_all(format!("{}\n", groups.join(" ")).as_bytes());
    }
}

fn over() -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, "the run is over")
}

/// A new folder among the temporary ones: never one that somebody else has made, and of a name that is not given again,
/// since the watchdog may still remove it when another guard is made.
fn new_folder() -> io::Result<PathBuf> {
    let folder = env::temp_dir().join(format!("formwork-{}-{}", std::process::id(), &hexadecimal()[..16]));
    make_private(&folder)?;
    Ok(fs::canonicalize(&folder).unwrap_or(folder))
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)
}

/// Kills the processes that have left their group: those with a folder below this one in their environment.
#[cfg(target_os = "linux")]
fn kill_those_in(folder: &Path) {
    use rustix::process::{Pid, Signal, kill_process};
    use std::os::unix::ffi::OsStrExt;
    let name = [folder.as_os_str().as_bytes(), b"/"].concat();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let id = entry.file_name().to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw);
        let Some(id) = id else { continue };
        // The processes of others cannot be read.
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        if memchr::memmem::find(&environment, &name).is_some() {
            let _ = kill_process(id, Signal::KILL);
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn kill_those_in(_folder: &Path) {}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

#[cfg(unix)]
fn kill_group(group: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        // A group that is gone has ended.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_group: u32) {}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::{thread::sleep, time::Duration};

    use super::*;

    /// Whether a process is there, and no zombie.
    fn is_alive(process: u32) -> bool {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
    }

    fn ends(process: u32) -> bool {
        (0..200).any(|_| {
            sleep(Duration::from_millis(10));
            !is_alive(process)
        })
    }

    #[test]
    fn nothing_outlives_the_guard() {
        let guard = Guard::new().unwrap();
        let folder = guard.new_folder("a").unwrap();
        fs::write(folder.join("file"), "x").unwrap();
        let mut child = guard.spawn(Command::new("sh").args(["-c", "sleep 60 & sleep 60"])).unwrap();
        assert!(is_alive(child.id()));
        guard.close();
        assert!(ends(child.id()));
        child.wait().unwrap();
        assert!(!folder.exists() && !guard.folder.exists());
        let error = guard.spawn(&mut Command::new("true")).unwrap_err();
        assert_eq!(error.to_string(), "the run is over");
    }

    /// As if this program were killed: the watchdog's pipe closes, and nothing else is done.
    #[test]
    fn the_watchdog_ends_what_nobody_ends() {
        let guard = Guard::new().unwrap();
        let mut gone = guard.spawn(&mut Command::new("true")).unwrap();
        gone.wait().unwrap();
        guard.release(gone.id());
        let mut child = guard.spawn(Command::new("sleep").arg("60")).unwrap();
        let (mut watchdog, stdin) = guard.state().watchdog.take().unwrap();
        drop(stdin);
        assert!(watchdog.wait().unwrap().success());
        assert!(ends(child.id()));
        child.wait().unwrap();
        assert!(!guard.folder.exists());
    }
}
