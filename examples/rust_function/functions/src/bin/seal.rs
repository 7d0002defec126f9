//! A Lambda function with Rust's standard library alone: it gives back its event with a seal of its bytes, by which a
//! change of it shows.

use std::{
    env,
    error::Error,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

/// FNV-1a of the event, in hexadecimal digits.
fn seal(event: &[u8]) -> String {
    let hash = event
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// One request to the Lambda runtime API: the id of the event in its response, and the body.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
fn request(method: &str, path: &str, body: &[u8]) -> Result<(String, Vec<u8>), Box<dyn Error>> {
    let address = env::var("AWS_LAMBDA_RUNTIME_API")?;
    let mut stream = TcpStream::connect(&address)?;
    let head = format!(
        "{method} /2018-06-01/runtime/invocation/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut response = BufReader::new(stream);
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        response.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("lambda-runtime-aws-request-id") => {
                value.clone_into(&mut id)
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse()?,
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    response.read_exact(&mut body)?;
    Ok((id, body))
}

fn main() -> Result<(), Box<dyn Error>> {
    loop {
        let (id, event) = request("GET", "next", b"")?;
        println!("sealing {} bytes", event.len());
        let result = format!(r#"{{"event": {}, "seal": "{}"}}"#, String::from_utf8(event.clone())?, seal(&event));
        request("POST", &format!("{id}/response"), result.as_bytes())?;
    }
}
