//! A sandbox: one process that runs a function, event after event.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime},
};

use super::{
    super::guard::Guard,
    log::Log,
    memory,
    runtime_api::{Given, Invocation, RuntimeApi},
};

/// How often it is looked at how much memory a process has.
const EVERY: Duration = Duration::from_millis(15);
/// The time that Lambda gives the initialization for itself.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>
const INITIALIZATION: Duration = Duration::from_secs(10);

/// How often a program is started again that is busy.
const MOST_TRIES: usize = 100;

/// What is started for a function.
#[derive(Debug)]
pub(super) struct Plan {
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    /// All variables that the process has, but for those of its own sandbox.
    pub environment: Vec<(OsString, OsString)>,
    /// `LAMBDA_TASK_ROOT`, where the code is.
    pub root: PathBuf,
    pub timeout: Duration,
    /// Bytes.
    pub memory: u64,
}

/// How an invocation, or the initialization, came to its end.
#[derive(Debug)]
pub(super) enum Ending {
    Given(Given),
    /// The process ended without a result.
    Exited(ExitStatus),
    TimedOut,
    OutOfMemory,
    /// The process had ended before it took the event.
    Gone,
}

/// A process that runs a function.
pub(super) struct Sandbox {
    process: u32,
    api: Arc<RuntimeApi>,
    log: Arc<Log>,
    folder: PathBuf,
    guard: Arc<Guard>,
    /// What the initialization took and wrote, until an invocation tells.
    pub initialization: Option<(Duration, String)>,
}

impl Sandbox {
    /// Starts a process, and waits until it asks for its first event. An initialization that fails has its log.
    pub fn start(plan: &Plan, guard: &Arc<Guard>) -> io::Result<Result<Self, (Ending, String)>> {
        let begin = Instant::now();
        let api = RuntimeApi::new()?;
        let (log, output) = Log::new()?;
        let folder = guard.new_folder("sandbox")?;
        let mut command = Command::new(&plan.program);
        command.args(&plan.arguments).env_clear().envs(plan.environment.iter().map(|(name, value)| (name, value)));
        command.env("AWS_LAMBDA_RUNTIME_API", api.address()).envs(["HOME", "TMPDIR"].map(|name| (name, &folder)));
        command.current_dir(&plan.root);
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let mut spawned = guard.spawn(&mut command);
        for _ in 0..MOST_TRIES {
            // A program that was just written is busy for as long as a process has it open that starts meanwhile.
            if !matches!(&spawned, Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy) {
                break;
            }
            thread::sleep(EVERY);
            spawned = guard.spawn(&mut command);
        }
        // The pipe ends with the process only if it is not open here.
        drop(command);
        let mut child = match spawned {
            Ok(child) => child,
            Err(error) => {
                api.close();
                remove(&folder);
                return Err(error);
            }
        };
        let process = child.id();
        let mut sandbox =
            Self { process, api: Arc::clone(&api), log, folder, guard: Arc::clone(guard), initialization: None };
        let of_waiter = Arc::clone(guard);
        thread::Builder::new().name("sandbox".to_owned()).spawn(move || {
            if let Ok(status) = child.wait() {
                of_waiter.release(process);
                api.exited(status);
            }
        })?;
        let ended = sandbox.initialize(plan, begin + INITIALIZATION + plan.timeout);
        let log = sandbox.log.take();
        Ok(match ended {
            Some(ending) => Err((ending, log)),
            None => {
                sandbox.initialization = Some((begin.elapsed(), log));
                Ok(sandbox)
            }
        })
    }

    /// Waits until the process asks for an event; gives how it ended, if it did.
    fn initialize(&self, plan: &Plan, until: Instant) -> Option<Ending> {
        let mut state = self.api.state();
        loop {
            if let Some(status) = state.exit {
                return Some(match state.init_error.take() {
                    Some(error) => Ending::Given(Given::Error(error)),
                    None => Ending::Exited(status),
                });
            }
            if state.is_ready {
                return None;
            }
            if Instant::now() >= until {
                return Some(Ending::TimedOut);
            }
            drop(state);
            if self.is_out_of_memory(plan) {
                return Some(Ending::OutOfMemory);
            }
            state = self.api.wait(self.api.state(), EVERY);
        }
    }

    /// Whether the process is there to take an event.
    pub fn is_alive(&self) -> bool {
        self.api.state().exit.is_none()
    }

    /// Gives it an event, and waits for what it makes of it.
    pub fn invoke(&self, plan: &Plan, mut invocation: Invocation) -> Ending {
        let until = Instant::now() + plan.timeout;
        let deadline = SystemTime::now() + plan.timeout;
        let deadline = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        invocation.deadline = deadline.as_millis();
        self.api.offer(invocation);
        let mut state = self.api.state();
        loop {
            if let Some(given) = state.given.take() {
                return Ending::Given(given);
            }
            if let Some(status) = state.exit {
                return if state.next.is_some() { Ending::Gone } else { Ending::Exited(status) };
            }
            let now = Instant::now();
            if now >= until {
                return Ending::TimedOut;
            }
            state = self.api.wait(state, EVERY.min(until - now));
            if state.given.is_none() && state.exit.is_none() {
                drop(state);
                if self.is_out_of_memory(plan) {
                    return Ending::OutOfMemory;
                }
                state = self.api.state();
            }
        }
    }

    fn is_out_of_memory(&self, plan: &Plan) -> bool {
        self.memory().is_some_and(|used| used > plan.memory)
    }

    /// Bytes of memory that it had at most, as far as the system says it.
    pub fn memory(&self) -> Option<u64> {
        memory::used(self.process)
    }

    /// Takes what it has written.
    pub fn take_log(&self) -> String {
        self.log.take()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if self.is_alive() {
            self.guard.kill(self.process);
        }
        self.api.close();
        remove(&self.folder);
    }
}

/// Removes a folder, which a process that is being killed may still write into; the guard removes what is left.
fn remove(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
}
