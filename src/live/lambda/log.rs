//! The log of a process: what it writes to stdout and stderr, in its order.

use std::{
    io::{self, PipeReader, PipeWriter, Read},
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

/// Bytes of the log of one invocation that are kept.
const MOST: usize = 256 << 10;

/// The log of a process.
pub(super) struct Log {
    pipe: PipeReader,
    text: Mutex<Text>,
}

#[derive(Default)]
struct Text {
    bytes: Vec<u8>,
    /// The number of bytes beyond those that are kept.
    left_out: usize,
}

impl Log {
    /// The log, and the end of the pipe that the process is to write to. A thread reads it, so that the process never
    /// waits.
    pub fn new() -> io::Result<(Arc<Self>, PipeWriter)> {
        let (pipe, writer) = io::pipe()?;
        let log = Arc::new(Self { pipe, text: Mutex::default() });
        let reader = Arc::clone(&log);
        thread::Builder::new().name("log".to_owned()).spawn(move || reader.follow())?;
        Ok((log, writer))
    }

    fn text(&self) -> MutexGuard<'_, Text> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was written up to now.
    pub fn take(&self) -> String {
        let mut text = self.text();
        // What the process has written before it gave its result may still be in the pipe.
        while self.waiting() > 0 && self.read(&mut text) {}
        let Text { bytes, left_out } = mem::take(&mut *text);
        let mut taken = String::from_utf8_lossy(&bytes).into_owned();
        if left_out > 0 {
            taken.push_str(&format!("\n... {left_out} bytes left out\n"));
        }
        taken
    }

    /// Reads a piece; false at the end of the pipe.
    fn read(&self, text: &mut Text) -> bool {
        let mut piece = [0; 16 << 10];
        match (&self.pipe).read(&mut piece) {
            Ok(0) => false,
            Ok(count) => {
                let kept = count.min(MOST - text.bytes.len());
                text.bytes.extend_from_slice(&piece[..kept]);
                text.left_out += count - kept;
                true
            }
            Err(error) => error.kind() == io::ErrorKind::Interrupted,
        }
    }

    /// Reads until nobody can write any more.
    #[cfg(unix)]
    fn follow(&self) {
        use rustix::event::{PollFd, PollFlags, poll};
        loop {
            let mut pipes = [PollFd::new(&self.pipe, PollFlags::IN)];
            match poll(&mut pipes, None) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
            let has_ended = !pipes[0].revents().contains(PollFlags::IN) && !pipes[0].revents().is_empty();
            let mut text = self.text();
            if has_ended || self.waiting() > 0 && !self.read(&mut text) {
                return;
            }
        }
    }

    #[cfg(unix)]
    fn waiting(&self) -> u64 {
        rustix::io::ioctl_fionread(&self.pipe).unwrap_or_default()
    }

    #[cfg(not(unix))]
    fn follow(&self) {
        while {
            let mut piece = Text::default();
            let goes_on = self.read(&mut piece);
            let mut text = self.text();
            let kept = piece.bytes.len().min(MOST - text.bytes.len());
            text.left_out += piece.bytes.len() - kept;
            text.bytes.extend_from_slice(&piece.bytes[..kept]);
            goes_on
        } {}
    }

    #[cfg(not(unix))]
    fn waiting(&self) -> u64 {
        0
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn all_that_was_written_is_there_at_once() {
        let (log, mut writer) = Log::new().unwrap();
        for number in 0..200 {
            writer.write_all(format!("line {number}\n").as_bytes()).unwrap();
            assert_eq!(log.take(), format!("line {number}\n"));
        }
        drop(writer);
        assert_eq!(log.take(), "");
    }

    #[test]
    fn much_is_read_and_not_kept() {
        let (log, mut writer) = Log::new().unwrap();
        writer.write_all(&vec![b'x'; 10 << 20]).unwrap();
        let text = log.take();
        assert!(text.ends_with(&format!("x\n... {} bytes left out\n", (10 << 20) - MOST)), "{}", text.len());
        writer.write_all(b"more").unwrap();
        assert_eq!(log.take(), "more");
    }
}
