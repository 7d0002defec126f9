//! A Lambda function in Rust, without a framework: a program that speaks the runtime API, as `provided.al2023` starts it.
//! Its result is its event with a `total` of the `amounts`; without these it reports an error.
//!
//! ```console
//! cargo build --example lambda_function
//! formwork run --definition any.asl.json --live --code Total=target/debug/examples/lambda_function
//! ```
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>

use std::{
    env,
    error::Error,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use serde_json::{Value as Json, json};

/// A connection to the runtime API, which is kept.
struct Runtime {
    address: String,
    stream: BufReader<TcpStream>,
}

impl Runtime {
    fn connect() -> Result<Self, Box<dyn Error>> {
        let address = env::var("AWS_LAMBDA_RUNTIME_API")?;
        let stream = TcpStream::connect(&address)?;
        stream.set_nodelay(true)?;
        Ok(Self { address, stream: BufReader::new(stream) })
    }

    /// Sends a request; gives the id of the event that the response has, if it has one, and its body.
    fn request(&mut self, method: &str, path: &str, body: &[u8]) -> Result<(String, Vec<u8>), Box<dyn Error>> {
        let mut request = format!(
            "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        let (mut id, mut length) = (String::new(), 0);
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse()?,
                Some((name, value)) if name.eq_ignore_ascii_case("lambda-runtime-aws-request-id") => {
                    id = value.to_owned()
                }
                _ if line.trim_end().is_empty() => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((id, body))
    }
}

/// The function itself.
fn handle(mut event: Json) -> Result<Json, String> {
    let amounts = event["amounts"].as_array().ok_or("the event has no `amounts`; expected numbers")?;
    let total: f64 = amounts.iter().filter_map(Json::as_f64).sum();
    event["total"] = total.into();
    Ok(event)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut runtime = Runtime::connect()?;
    loop {
        let (id, event) = runtime.request("GET", "invocation/next", b"")?;
        writeln!(io::stdout(), "{} bytes", event.len())?;
        let (what, body) = match handle(serde_json::from_slice(&event)?) {
            Ok(result) => ("response", result),
            Err(message) => ("error", json!({"errorMessage": message, "errorType": "NoAmounts", "stackTrace": []})),
        };
        runtime.request("POST", &format!("invocation/{id}/{what}"), body.to_string().as_bytes())?;
    }
}
