//! Callbacks: an endpoint on loopback that takes the tokens of tasks back, and hands out the tasks of activities, as Step
//! Functions does.
//!
//! <https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token>

use std::{
    collections::{HashMap, VecDeque},
    io::{self, BufReader},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::http::{self, Body};
use crate::{
    asl::run::{Answer, Unavailable},
    json::Json,
};

/// Bytes that an output may have, with the request around it.
const MOST: usize = 1 << 20;
/// The time for which a worker of an activity is kept waiting.
const POLL: Duration = Duration::from_secs(60);

/// What somebody says of a task by its token.
enum Word {
    Success(Json),
    Failure { error: String, cause: String },
    Heartbeat,
}

/// The endpoint, and what it knows.
pub(super) struct Callbacks {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    open: Mutex<Open>,
    /// A task of an activity has come.
    more: Condvar,
}

#[derive(Default)]
struct Open {
    closed: bool,
    /// Who waits, by token.
    waiting: HashMap<String, Sender<Word>>,
    /// The tasks that no worker has yet, by the ARN of the activity: token and input.
    tasks: HashMap<String, VecDeque<(String, Json)>>,
}

/// An operation that is none of these, for whoever can do it: its name and its input.
type Others = Arc<dyn Fn(&str, Json) -> Result<Json, Unavailable> + Send + Sync>;

/// A task that waits for its token.
pub(super) struct Waiting {
    token: String,
    words: Receiver<Word>,
    state: Arc<State>,
}

impl State {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Callbacks {
    /// Opens the endpoint at a port, or at any that is free.
    pub fn new(port: u16, others: Others) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port))?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::default());
        let of_thread = Arc::clone(&state);
        thread::Builder::new().name("callbacks".to_owned()).spawn(move || {
            for stream in listener.incoming() {
                let (state, others) = (Arc::clone(&of_thread), Arc::clone(&others));
                if state.open().closed {
                    return;
                }
                let Ok(stream) = stream else { continue };
                // A caller that breaks off has said nothing.
                let _ = thread::Builder::new()
                    .name("callback".to_owned())
                    .spawn(move || serve(stream, &state, &others).unwrap_or_default());
            }
        })?;
        Ok(Self { address, state })
    }

    /// The address of the endpoint.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Begins to wait for a token, before anybody has it.
    pub fn expect(&self, token: &str) -> Waiting {
        let (sender, words) = channel();
        self.state.open().waiting.insert(token.to_owned(), sender);
        Waiting { token: token.to_owned(), words, state: Arc::clone(&self.state) }
    }

    /// Gives a task to the workers of an activity.
    pub fn offer(&self, activity: &str, token: &str, input: Json) {
        self.state.open().tasks.entry(activity.to_owned()).or_default().push_back((token.to_owned(), input));
        self.state.more.notify_all();
    }

    /// Ends the endpoint; nobody waits any more.
    pub fn close(&self) {
        let mut open = self.state.open();
        if std::mem::replace(&mut open.closed, true) {
            return;
        }
        open.waiting.clear();
        drop(open);
        self.state.more.notify_all();
        // The listener looks up when somebody calls.
        let _ = TcpStream::connect(self.address);
    }
}

impl Drop for Callbacks {
    fn drop(&mut self) {
        self.close();
    }
}

impl Waiting {
    /// What is said of the task in the end.
    pub fn answer(self, beat: impl Fn()) -> Result<Answer, Unavailable> {
        loop {
            match self.words.recv() {
                Ok(Word::Success(output)) => return Ok(Answer::ok(output)),
                Ok(Word::Failure { error, cause }) => return Ok(Answer::error(error, cause)),
                Ok(Word::Heartbeat) => beat(),
                Err(_) => {
                    return Err(Unavailable::new("the run has ended before the token of the task was given back"));
                }
            }
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut open = self.state.open();
        open.waiting.remove(&self.token);
        for tasks in open.tasks.values_mut() {
            tasks.retain(|(token, _)| *token != self.token);
        }
    }
}

/// Answers the requests of a connection.
fn serve(stream: TcpStream, state: &Arc<State>, others: &Others) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut writer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = http::read(&mut reader, MOST)? {
        let operation = request.header("x-amz-target").and_then(|target| target.rsplit('.').next());
        let body = match &request.body {
            Body::Whole(bytes) => serde_json::from_slice(bytes).unwrap_or_default(),
            Body::TooLarge => Json::Null,
        };
        let answer = match operation {
            Some(operation) => answer(operation, body, state, others),
            None => Err(("UnknownOperationException", "expected a call of the API of Step Functions".to_owned())),
        };
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err((code, message)) => (400, json!({"__type": code, "message": message})),
        };
        let headers = [("Content-Type", "application/x-amz-json-1.0"), ("x-amzn-RequestId", "0")];
        http::write(&mut writer, status, &headers, body.to_string().as_bytes())?;
    }
    Ok(())
}

type Fault = (&'static str, String);

fn answer(operation: &str, body: Json, state: &Arc<State>, others: &Others) -> Result<Json, Fault> {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let word = match operation {
        "SendTaskSuccess" => {
            let output = text("output").unwrap_or_default();
            let output = serde_json::from_str(&output)
                .map_err(|error| ("InvalidOutput", format!("Invalid Output: '{error}'")))?;
            Word::Success(output)
        }
        "SendTaskFailure" => {
            Word::Failure { error: text("error").unwrap_or_default(), cause: text("cause").unwrap_or_default() }
        }
        "SendTaskHeartbeat" => Word::Heartbeat,
        "GetActivityTask" => return Ok(task(&text("activityArn").unwrap_or_default(), state)),
        other => {
            return others(other, body).map_err(|problem| ("ServiceException", problem.to_string()));
        }
    };
    let token = text("taskToken").unwrap_or_default();
    let goes_on = matches!(word, Word::Heartbeat);
    let mut open = state.open();
    let sender = match goes_on {
        true => open.waiting.get(&token).cloned(),
        // Of what is said of it, the first counts.
        false => open.waiting.remove(&token),
    };
    drop(open);
    let sender = sender.ok_or_else(|| match token.is_empty() {
        true => ("InvalidToken", "Invalid Token: ''".to_owned()),
        false => ("TaskTimedOut", format!("Task Timed Out: 'Provided task does not exist anymore': '{token}'")),
    })?;
    // Whoever has given up waiting does not hear it.
    let _ = sender.send(word);
    Ok(json!({}))
}

/// The next task of an activity; an empty answer when none has come for a minute.
fn task(activity: &str, state: &Arc<State>) -> Json {
    let until = Instant::now() + POLL;
    let mut open = state.open();
    loop {
        if let Some((token, input)) = open.tasks.get_mut(activity).and_then(VecDeque::pop_front) {
            return json!({"taskToken": token, "input": input.to_string()});
        }
        let left = until.saturating_duration_since(Instant::now());
        if open.closed || left.is_zero() {
            return json!({});
        }
        open = state.more.wait_timeout(open, left).unwrap_or_else(PoisonError::into_inner).0;
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    fn callbacks() -> Callbacks {
        Callbacks::new(0, Arc::new(|operation, _| Err(Unavailable::new(format!("no {operation}"))))).unwrap()
    }

    /// Status and body of a call.
    fn call(callbacks: &Callbacks, operation: &str, body: Json) -> (u16, Json) {
        let mut stream = TcpStream::connect(callbacks.address).unwrap();
        let body = body.to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nX-Amz-Target: AWSStepFunctions.{operation}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, body) = response.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap())
    }

    fn told(answer: Result<Answer, Unavailable>) -> String {
        format!("{:?}", answer.unwrap())
    }

    #[test]
    fn a_token_is_answered_once() {
        let callbacks = callbacks();
        let waiting = callbacks.expect("t-1");
        assert_eq!(call(&callbacks, "SendTaskHeartbeat", json!({"taskToken": "t-1"})), (200, json!({})));
        let success = json!({"taskToken": "t-1", "output": "{\"a\": 1}"});
        assert_eq!(call(&callbacks, "SendTaskSuccess", success.clone()), (200, json!({})));
        assert_eq!(told(waiting.answer(|| ())), told(Ok(Answer::ok(json!({"a": 1})))));
        let (status, body) = call(&callbacks, "SendTaskSuccess", success);
        assert_eq!((status, &body["__type"]), (400, &json!("TaskTimedOut")));
        let (_, body) = call(&callbacks, "SendTaskSuccess", json!({"taskToken": "", "output": "1"}));
        assert_eq!(body["__type"], "InvalidToken");
        let (_, body) = call(&callbacks, "SendTaskSuccess", json!({"taskToken": "t-1", "output": "{"}));
        assert_eq!(body["__type"], "InvalidOutput");
    }

    #[test]
    fn a_failure_has_its_error_and_cause() {
        let callbacks = callbacks();
        let waiting = callbacks.expect("t");
        call(&callbacks, "SendTaskFailure", json!({"taskToken": "t", "error": "Cold", "cause": "no beans"}));
        assert_eq!(told(waiting.answer(|| ())), told(Ok(Answer::error("Cold", "no beans"))));
    }

    #[test]
    fn the_tasks_of_an_activity_go_to_its_workers() {
        let callbacks = callbacks();
        let waiting = callbacks.expect("t");
        callbacks.offer("arn:a", "t", json!({"cup": 1}));
        let (_, task) = call(&callbacks, "GetActivityTask", json!({"activityArn": "arn:a"}));
        assert_eq!(task, json!({"taskToken": "t", "input": "{\"cup\":1}"}));
        call(&callbacks, "SendTaskSuccess", json!({"taskToken": "t", "output": "2"}));
        assert_eq!(told(waiting.answer(|| ())), told(Ok(Answer::ok(json!(2)))));
    }

    #[test]
    fn what_nobody_answers_ends_with_the_run() {
        let callbacks = callbacks();
        let waiting = callbacks.expect("t");
        let (status, body) = call(&callbacks, "StartExecution", json!({}));
        assert_eq!((status, &body["message"]), (400, &json!("no StartExecution")));
        callbacks.close();
        assert!(waiting.answer(|| ()).unwrap_err().to_string().contains("the run has ended"));
    }
}
