//! Events: what a watch waits for, and the programs that it runs meanwhile.

use std::{
    collections::BTreeSet,
    io::{self, Read},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use crate::cli::invocation::Error;

/// How long nothing more is written before a change counts as complete: an editor writes a file in several steps.
const QUIET: Duration = Duration::from_millis(40);

/// How long a change is waited for at most, where something writes without end.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long a program that is asked to end may take.
const GRACE: Duration = Duration::from_secs(2);

/// Something that happens while a watch goes on.
pub(super) enum Event {
    /// Files were written, made, renamed or removed.
    Changed(Vec<PathBuf>),
    /// The program that was run has closed its output, which was that.
    Printed(io::Result<Vec<u8>>),
    /// The user, or the system, ends the watch.
    Ended,
}

/// What a program has printed, and how it has ended.
pub(super) struct Output {
    pub status: ExitStatus,
    pub printed: Vec<u8>,
}

/// The events of one watch, in their order.
pub(super) struct Events {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
    /// What has changed since it was last asked for.
    changed: BTreeSet<PathBuf>,
}

impl Events {
    /// The events of a watch that Ctrl-C ends.
    pub fn new() -> Result<Self, Error> {
        let (sender, receiver) = channel();
        let to = sender.clone();
        // Who receives it is gone once the watch has ended.
        let handler = move || drop(to.send(Event::Ended));
        ctrlc::set_handler(handler).map_err(|error| Error::new(format!("Ctrl-C cannot be listened to: {error}")))?;
        Ok(Self { sender, receiver, changed: BTreeSet::new() })
    }

    /// What tells this watch of a change.
    pub fn sender(&self) -> Sender<Event> {
        self.sender.clone()
    }

    /// Waits until something has changed that counts, and for the rest of the change; none when the watch ends.
    pub fn changed(&mut self, counts: impl Fn(&PathBuf) -> bool) -> Option<Vec<PathBuf>> {
        loop {
            self.changed.retain(|path| counts(path));
            if !self.changed.is_empty() {
                self.settle()?;
                self.changed.retain(|path| counts(path));
                return Some(std::mem::take(&mut self.changed).into_iter().collect());
            }
            let event = self.receiver.recv().ok()?;
            self.take(event)?;
        }
    }

    /// Waits until nothing more changes.
    fn settle(&mut self) -> Option<()> {
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            match self.receiver.recv_timeout(QUIET) {
                Ok(event) => self.take(event)?,
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        Some(())
    }

    /// Keeps what has changed; none when the watch ends.
    fn take(&mut self, event: Event) -> Option<()> {
        match event {
            Event::Changed(paths) => self.changed.extend(paths),
            Event::Printed(_) => {}
            Event::Ended => return None,
        }
        Some(())
    }

    /// Runs a program to its end, with its messages where ours are; none when the watch ends before, and the program
    /// with it.
    pub fn run(&mut self, mut command: Command) -> io::Result<Option<Output>> {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = Running(spawn(&mut command)?);
        let mut output = child.0.stdout.take();
        let sender = self.sender();
        thread::spawn(move || {
            let mut printed = Vec::new();
            let read = output.as_mut().map_or(Ok(0), |output| output.read_to_end(&mut printed));
            drop(sender.send(Event::Printed(read.map(|_| printed))));
        });
        loop {
            match self.receiver.recv() {
                Ok(Event::Printed(printed)) => {
                    return Ok(Some(Output { status: child.0.wait()?, printed: printed? }));
                }
                Ok(event) => {
                    if self.take(event).is_none() {
                        return Ok(None);
                    }
                }
                Err(_) => return Ok(None),
            }
        }
    }
}

/// A program that does not outlive this.
struct Running(Child);

impl Running {
    fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for ending in [Ending::Asked, Ending::Forced] {
            if self.has_ended() {
                return;
            }
            ending.send(&mut self.0);
            let begin = Instant::now();
            while !self.has_ended() && begin.elapsed() < GRACE {
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
}

/// Starts a program as the head of a group, so that those that it starts end with it.
#[cfg(unix)]
fn spawn(command: &mut Command) -> io::Result<Child> {
    use std::os::unix::process::CommandExt;
    command.process_group(0).spawn()
}

#[cfg(not(unix))]
fn spawn(command: &mut Command) -> io::Result<Child> {
    command.spawn()
}

/// How a program is brought to its end.
#[derive(Clone, Copy)]
enum Ending {
    Asked,
    Forced,
}

impl Ending {
    /// Ends a program and whatever it has started.
    #[cfg(unix)]
    fn send(self, child: &mut Child) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let signal = match self {
            Self::Asked => Signal::TERM,
            Self::Forced => Signal::KILL,
        };
        // A group that is gone has ended.
        let _ = kill_process_group(Pid::from_child(child), signal);
    }

    #[cfg(not(unix))]
    fn send(self, child: &mut Child) {
        let _ = child.kill();
    }
}
