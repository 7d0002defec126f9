//! The worker: a process of the CLI's own interpreter, which answers any number of calls at once.

use std::{
    collections::HashMap,
    ffi::OsString,
    io::{BufRead, BufReader, Write},
    process::{ChildStdin, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{self, Sender},
    },
    thread,
};

use serde_json::json;

use super::{
    super::super::guard::Guard,
    call::{Call, Credentials, Failure, Reply, without_credentials},
};
use crate::{asl::run::Unavailable, json::Json};

const PROGRAM: &str = include_str!("worker.py");

/// A worker that runs.
pub(super) struct Worker {
    stdin: Mutex<ChildStdin>,
    waiting: Arc<Mutex<Waiting>>,
    number: AtomicU64,
}

/// Those that wait for an answer, by the number of their call; none once the worker has ended.
type Waiting = Option<HashMap<u64, Sender<Json>>>;

impl Worker {
    /// Starts one; none where the interpreter does not have the library.
    pub fn start(interpreter: &[OsString], guard: &Arc<Guard>) -> Option<Self> {
        let (first, words) = interpreter.split_first()?;
        let mut command = Command::new(first);
        // No module of the folder that the user is in is taken for one of the library.
        command.args(words).args(["-c", PROGRAM]).current_dir(guard.new_folder("aws").ok()?);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = guard.spawn(&mut command).ok()?;
        let (stdin, stdout) = (child.stdin.take()?, child.stdout.take()?);
        let mut stdout = BufReader::new(stdout);
        // It says that it is there before anything is asked of it.
        let mut line = String::new();
        stdout.read_line(&mut line).ok()?;
        if line.trim() != r#"{"ready": true}"# {
            let _ = child.wait();
            guard.release(child.id());
            return None;
        }
        let waiting: Arc<Mutex<Waiting>> = Arc::new(Mutex::new(Some(HashMap::new())));
        let (answered, guard) = (Arc::clone(&waiting), Arc::clone(guard));
        let read = move || {
            for line in stdout.lines().map_while(Result::ok) {
                let Ok(answer) = serde_json::from_str::<Json>(&line) else { break };
                let number = answer["id"].as_u64().unwrap_or_default();
                let mut waiting = answered.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(sender) = waiting.as_mut().and_then(|waiting| waiting.remove(&number)) {
                    // Whoever does not wait any more does not miss it.
                    let _ = sender.send(answer);
                }
            }
            // Nobody waits for what never comes.
            answered.lock().unwrap_or_else(PoisonError::into_inner).take();
            let _ = child.wait();
            guard.release(child.id());
        };
        thread::Builder::new().name("aws".to_owned()).spawn(read).ok()?;
        Some(Self { stdin: Mutex::new(stdin), waiting, number: AtomicU64::new(1) })
    }

    pub fn call(&self, call: &Call<'_>) -> Result<Reply, Unavailable> {
        let credentials = call.credentials.map(|it| json!({"key": it.key, "secret": it.secret, "token": it.token}));
        let mut answer = self.ask(json!({
            "service": call.service,
            "operation": call.operation,
            "input": call.input,
            "region": call.region,
            "endpoint": call.endpoint,
            "credentials": credentials,
        }))?;
        if let Some(error) = answer.get("error") {
            let text = |name: &str| error[name].as_str().map(str::to_owned);
            return Ok(Reply::Failure(Failure {
                code: text("code").unwrap_or_default(),
                message: text("message").unwrap_or_default(),
                exception: text("exception").filter(|name| name != "ClientError"),
                status: error["status"].as_u64(),
                request: text("request"),
                extended: text("extended"),
            }));
        }
        Ok(Reply::Output { output: answer["output"].take(), metadata: answer["metadata"].take() })
    }

    pub fn credentials(&self) -> Result<Credentials, Unavailable> {
        let answer = self.ask(json!({"service": ""}))?;
        let text = |name: &str| answer["output"][name].as_str().map(str::to_owned);
        let (Some(key), Some(secret)) = (text("key"), text("secret")) else { return Err(without_credentials()) };
        Ok(Credentials { key, secret, token: text("token") })
    }

    /// The answer to a question, once it is none that only says what was in the way.
    fn ask(&self, mut question: Json) -> Result<Json, Unavailable> {
        let ended = || Unavailable::new("the AWS CLI has ended in the middle of a call; expected an answer");
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        question["id"] = number.into();
        let (sender, receiver) = mpsc::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).as_mut().ok_or_else(ended)?.insert(number, sender);
        let line = question.to_string() + "\n";
        self.stdin.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes()).map_err(|_| ended())?;
        let answer = receiver.recv().map_err(|_| ended())?;
        match answer["failed"].as_str() {
            None => Ok(answer),
            Some("credentials") => Err(without_credentials()),
            Some(why) => Err(Unavailable::new(format!("the AWS CLI could not make the call: {why}"))),
        }
    }
}
