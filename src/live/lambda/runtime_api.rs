//! The Lambda runtime API, by which a runtime takes events and gives results.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    io::{self, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    process::ExitStatus,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use super::super::http::{self, Body, Request};

/// Bytes that a result may have.
pub(super) const MOST_RESULT: usize = 6_291_556;

/// An event that the runtime is to take.
#[derive(Clone, Debug, Default)]
pub(super) struct Invocation {
    pub request_id: String,
    pub event: Vec<u8>,
    /// Milliseconds since 1970 at which the function times out.
    pub deadline: u128,
    pub function_arn: String,
    pub trace_id: String,
}

/// What the runtime has given.
#[derive(Debug)]
pub(super) enum Given {
    Result(Vec<u8>),
    ResultTooLarge,
    Error(Vec<u8>),
}

/// The state of the runtime, as its requests show it.
#[derive(Default)]
pub(super) struct State {
    /// Whether it has asked for an event: it is initialized.
    pub is_ready: bool,
    /// The event that it takes next.
    pub next: Option<Invocation>,
    /// The id of the event that it has taken.
    current: Option<String>,
    pub given: Option<Given>,
    /// The error that its initialization has ended with.
    pub init_error: Option<Vec<u8>>,
    pub exit: Option<ExitStatus>,
    is_closed: bool,
}

/// The endpoint of one runtime.
pub(super) struct RuntimeApi {
    address: SocketAddr,
    state: Mutex<State>,
    changed: Condvar,
}

impl RuntimeApi {
    /// An endpoint on loopback, on a port of its own.
    pub fn new() -> io::Result<Arc<Self>> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let api = Arc::new(Self { address, state: Mutex::default(), changed: Condvar::new() });
        let server = Arc::clone(&api);
        thread::Builder::new().name("runtime api".to_owned()).spawn(move || server.listen(&listener))?;
        Ok(api)
    }

    /// `AWS_LAMBDA_RUNTIME_API`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something has changed, or for that time.
    pub fn wait<'a>(&'a self, state: MutexGuard<'a, State>, most: Duration) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, most).unwrap_or_else(PoisonError::into_inner).0
    }

    /// Gives the runtime its next event.
    pub fn offer(&self, invocation: Invocation) {
        let mut state = self.state();
        (state.given, state.next) = (None, Some(invocation));
        self.changed.notify_all();
    }

    /// Notes that the process has ended.
    pub fn exited(&self, status: ExitStatus) {
        self.state().exit = Some(status);
        self.close();
    }

    /// Ends the endpoint.
    pub fn close(&self) {
        let was_closed = std::mem::replace(&mut self.state().is_closed, true);
        self.changed.notify_all();
        if !was_closed {
            // The listener wakes up to see it.
            let _ = TcpStream::connect(self.address);
        }
    }

    fn listen(self: &Arc<Self>, listener: &TcpListener) {
        while let Ok((stream, peer)) = listener.accept() {
            if self.state().is_closed {
                return;
            }
            let api = Arc::clone(self);
            let serve = move || {
                // A connection that breaks is the client's own affair: the end of its process is seen elsewhere.
                let _ = api.serve(stream, peer);
            };
            if thread::Builder::new().name("runtime api".to_owned()).spawn(serve).is_err() {
                return;
            }
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut answers = stream.try_clone()?;
        let mut requests = BufReader::new(stream);
        if !is_own(peer) {
            return http::write(&mut answers, 403, &[], b"");
        }
        while let Some(request) = http::read(&mut requests, MOST_RESULT)? {
            if !self.answer(request, &mut answers)? {
                break;
            }
        }
        Ok(())
    }

    /// Answers a request; false where there is nothing more to come.
    fn answer(&self, request: Request, stream: &mut TcpStream) -> io::Result<bool> {
        let path = request.path.split('?').next().unwrap_or_default();
        let Some(path) = path.strip_prefix("/2018-06-01/runtime/") else { return refuse(stream, 404, "NotFound") };
        match (request.method.as_str(), path.split('/').collect::<Vec<_>>().as_slice()) {
            ("GET", ["invocation", "next"]) => {
                let Some(invocation) = self.next() else { return Ok(false) };
                let deadline = invocation.deadline.to_string();
                let headers = [
                    ("Content-Type", "application/json"),
                    ("Lambda-Runtime-Aws-Request-Id", invocation.request_id.as_str()),
                    ("Lambda-Runtime-Deadline-Ms", &deadline),
                    ("Lambda-Runtime-Invoked-Function-Arn", &invocation.function_arn),
                    ("Lambda-Runtime-Trace-Id", &invocation.trace_id),
                ];
                http::write(stream, 200, &headers, &invocation.event)?;
                return Ok(true);
            }
            ("POST", ["invocation", id, what @ ("response" | "error")]) => {
                let mut state = self.state();
                if state.current.as_deref() != Some(*id) {
                    drop(state);
                    return refuse(stream, 400, "InvalidRequestID");
                }
                state.current = None;
                let given = match (request.body, *what) {
                    (Body::Whole(body), "response") => Given::Result(body),
                    (Body::Whole(body), _) => Given::Error(body),
                    (Body::TooLarge, _) => Given::ResultTooLarge,
                };
                let too_large = matches!(given, Given::ResultTooLarge);
                state.given = Some(given);
                drop(state);
                self.changed.notify_all();
                if too_large {
                    return refuse(stream, 413, "RequestEntityTooLarge");
                }
            }
            ("POST", ["init", "error"]) => {
                if let Body::Whole(body) = request.body {
                    self.state().init_error = Some(body);
                }
            }
            _ => return refuse(stream, 404, "NotFound"),
        }
        http::write(stream, 202, &[("Content-Type", "application/json")], br#"{"status":"OK"}"#)?;
        Ok(true)
    }

    /// Waits for the next event; none when all is over.
    fn next(&self) -> Option<Invocation> {
        let mut state = self.state();
        state.is_ready = true;
        self.changed.notify_all();
        loop {
            if state.is_closed {
                return None;
            }
            if let Some(invocation) = state.next.take() {
                state.current = Some(invocation.request_id.clone());
                return Some(invocation);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn refuse(stream: &mut TcpStream, status: u16, error: &str) -> io::Result<bool> {
    let body = format!(r#"{{"errorMessage":"{error}","errorType":"{error}"}}"#);
    http::write(stream, status, &[("Content-Type", "application/json")], body.as_bytes())?;
    Ok(true)
}

/// Whether the other end of a connection is a process of the same user: events are nobody else's concern.
#[cfg(target_os = "linux")]
fn is_own(peer: SocketAddr) -> bool {
    use rustix::process::geteuid;
    let SocketAddr::V4(peer) = peer else { return false };
    let port = format!("0100007F:{:04X}", peer.port());
    let Ok(table) = std::fs::read_to_string("/proc/net/tcp") else { return true };
    let mut rows = table.lines().skip(1).map(|row| row.split_whitespace().collect::<Vec<_>>());
    rows.find(|row| row.get(1) == Some(&port.as_str()))
        .and_then(|row| row.get(7)?.parse().ok())
        .is_none_or(|owner: u32| owner == geteuid().as_raw())
}

#[cfg(not(target_os = "linux"))]
fn is_own(_peer: SocketAddr) -> bool {
    true
}
