//! HTTP/1.1 for the endpoints on loopback: requests are read, responses written.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
};

/// Bytes that the head of a request may have, and how many headers.
const MOST_HEAD: usize = 64 << 10;
const MOST_HEADERS: usize = 64;

/// A request.
#[derive(Debug)]
pub(super) struct Request {
    pub method: String,
    pub path: String,
    headers: Vec<(String, String)>,
    pub body: Body,
}

/// The body of a request.
#[derive(Debug, PartialEq)]
pub(super) enum Body {
    Whole(Vec<u8>),
    /// It has more bytes than are taken, and is not kept.
    TooLarge,
}

impl Request {
    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads the next request of a connection, whose body may have that many bytes; none where the connection ends.
pub(super) fn read(stream: &mut BufReader<TcpStream>, most_body: usize) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let room = (MOST_HEAD - head.len()) as u64;
        if stream.by_ref().take(room).read_until(b'\n', &mut head)? == 0 {
            return if head.is_empty() { Ok(None) } else { Err(malformed("the head of the request does not end")) };
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(&head).map_err(|error| malformed(&error.to_string()))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = parsed.headers.iter().map(|it| (it.name.to_ascii_lowercase(), text(it.value))).collect();
    let (method, path) = (parsed.method.unwrap_or_default().to_owned(), parsed.path.unwrap_or_default().to_owned());
    let mut request = Request { method, path, headers, body: Body::Whole(Vec::new()) };
    if request.header("expect").is_some_and(|what| what.eq_ignore_ascii_case("100-continue")) {
        stream.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let chunked = request.header("transfer-encoding").is_some_and(|how| how.to_ascii_lowercase().contains("chunked"));
    request.body = match (chunked, request.header("content-length")) {
        (true, _) => chunks(stream, most_body)?,
        (false, Some(length)) => {
            let length = length.trim().parse().map_err(|_| malformed("`Content-Length` is no number"))?;
            sized(stream, length, most_body)?
        }
        (false, None) => Body::Whole(Vec::new()),
    };
    Ok(Some(request))
}

fn malformed(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem.to_owned())
}

/// A body of known length.
fn sized(stream: &mut impl BufRead, length: u64, most: usize) -> io::Result<Body> {
    let mut part = stream.take(length);
    if length > most as u64 {
        io::copy(&mut part, &mut io::sink())?;
        return Ok(Body::TooLarge);
    }
    let mut body = Vec::new();
    part.read_to_end(&mut body)?;
    if (body.len() as u64) < length { Err(malformed("the body is cut off")) } else { Ok(Body::Whole(body)) }
}

/// A body in chunks, the trailer included.
fn chunks(stream: &mut impl BufRead, most: usize) -> io::Result<Body> {
    let mut body = Some(Vec::new());
    loop {
        let size = line(stream)?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| malformed("the size of a chunk is no number"))?;
        if size == 0 {
            while !line(stream)?.is_empty() {}
            return Ok(body.map_or(Body::TooLarge, Body::Whole));
        }
        let room = body.as_ref().map_or(0, |body: &Vec<u8>| most - body.len());
        match sized(stream, size, room)? {
            Body::Whole(chunk) => body.iter_mut().for_each(|body| body.extend_from_slice(&chunk)),
            Body::TooLarge => body = None,
        }
        line(stream)?;
    }
}

fn line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if stream.take(MOST_HEAD as u64).read_line(&mut line)? == 0 {
        return Err(malformed("the body is cut off"));
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Writes a response, as one piece.
pub(super) fn write(stream: &mut TcpStream, status: u16, headers: &[(&str, &str)], body: &[u8]) -> io::Result<()> {
    let reason = match status {
        200 => "OK",
        202 => "Accepted",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        413 => "Payload Too Large",
        _ => "Status",
    };
    let mut response = format!("HTTP/1.1 {status} {reason}\r\nContent-Length: {}\r\n", body.len()).into_bytes();
    for (name, value) in headers {
        response.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    response.extend_from_slice(b"\r\n");
    response.extend_from_slice(body);
    stream.write_all(&response)
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, thread};

    use super::*;

    /// What is read of these bytes, where a body may have eight.
    fn request(bytes: &'static [u8]) -> io::Result<Option<Request>> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let writer = thread::spawn(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(bytes).unwrap();
        });
        let (stream, _) = listener.accept().unwrap();
        let read = read(&mut BufReader::new(stream), 8);
        writer.join().unwrap();
        read
    }

    fn body(bytes: &'static [u8]) -> Body {
        request(bytes).unwrap().unwrap().body
    }

    #[test]
    fn a_body_has_a_length_or_comes_in_chunks() {
        let whole = |text: &str| Body::Whole(text.into());
        assert_eq!(body(b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbean"), whole("bean"));
        assert_eq!(body(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), whole(""));
        let chunks =
            b"POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n4;a=b\r\nbean\r\n1\r\ns\r\n0\r\nTrailer: x\r\n\r\n";
        assert_eq!(body(chunks), whole("beans"));
    }

    #[test]
    fn a_body_that_is_too_large_is_not_kept() {
        assert_eq!(body(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123456789"), Body::TooLarge);
        let chunks =
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n5\r\n67890\r\n1\r\n1\r\n0\r\n\r\n";
        assert_eq!(body(chunks), Body::TooLarge);
    }

    #[test]
    fn what_is_no_request_is_an_error_and_nothing_is_none() {
        assert!(request(b"").unwrap().is_none());
        for bytes in [
            b"GET / HTTP/1.1\r\nHost".as_slice(),
            b"nonsense\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ] {
            assert!(request(bytes).is_err(), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn headers_are_found_by_their_names_in_lower_case() {
        let request = request(b"GET /a HTTP/1.1\r\nLambda-Runtime-Aws-Request-Id: 1\r\n\r\n").unwrap().unwrap();
        assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/a"));
        assert_eq!(request.header("lambda-runtime-aws-request-id"), Some("1"));
        assert_eq!(request.header("host"), None);
    }
}
