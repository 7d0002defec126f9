"""What stands before moto: it keeps an object store's promises that moto leaves out, and fails when it is told to.

A presigned link is refused once its time is over. Faults are rules: which requests, and what becomes of them.
"""

import http.client
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

EXPIRED = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"""
BUSY = b"""<?xml version="1.0" encoding="UTF-8"?>
<ErrorResponse><Error><Code>Throttled</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"""
SLOW_DOWN = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"""
DOWN = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message></Error>"""
DENIED = b"""<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"""


@dataclass
class Request:
    method: str
    path: str
    body: bytes
    peer: int
    """Port that the caller has, by which its process can be found."""

    @property
    def is_publish(self) -> bool:
        return b"Action=Publish" in self.body

    def is_put(self, prefix: str) -> bool:
        return self.method == "PUT" and f"/{prefix}/" in urlsplit(self.path).path

    def is_get(self, prefix: str) -> bool:
        return self.method == "GET" and f"/{prefix}/" in urlsplit(self.path).path


@dataclass
class Answer:
    status: int
    body: bytes = b""
    cut: int | None = None
    """The bytes of the request that get through before the connection breaks."""


Rule = Callable[[Request], Answer | None]


@dataclass
class Front:
    port: int = 0
    moto: int = 0
    rules: list[Rule] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    seen: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path and status of each request."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def has_expired(self, path: str) -> bool:
        query = parse_qs(urlsplit(path).query)
        if "X-Amz-Expires" not in query:
            return False
        signed = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return self.now() >= signed + timedelta(seconds=int(query["X-Amz-Expires"][0]))

    def answer(self, request: Request) -> Answer | None:
        if self.has_expired(request.path):
            return Answer(403, EXPIRED)
        return next((found for rule in list(self.rules) if (found := rule(request))), None)


def only(times: int, rule: Rule) -> Rule:
    """The rule, for its first times alone."""
    left = [times]
    lock = threading.Lock()

    def counted(request: Request) -> Answer | None:
        found = rule(request)
        with lock:
            if not found or left[0] == 0:
                return None
            left[0] -= 1
            return found

    return counted


def sometimes(share: float, seed: int, about: Callable[[Request], bool], what: Rule) -> Rule:
    """The rule for a share of the requests that it is about, in an order that the seed settles."""
    dice = random.Random(seed)
    lock = threading.Lock()

    def chosen(request: Request) -> Answer | None:
        if not about(request):
            return None
        with lock:
            is_hit = dice.random() < share
        return what(request) if is_hit else None

    return chosen


@contextmanager
def running(moto: int) -> Iterator[Front]:
    front = Front(moto=moto)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if "100-continue" in (self.headers.get("Expect") or ""):
                self.send_response_only(100)
                self.end_headers()
            body = self.rfile.read(length)
            request = Request(self.command, self.path, body, self.client_address[1])
            answer = front.answer(request)
            if answer and answer.cut is not None:
                # Half of the object arrives, and nothing of it stays: an object store takes all or nothing.
                front.seen.append((self.command, self.path, 0))
                self.close_connection = True
                with suppress(OSError):
                    self.connection.shutdown(socket.SHUT_RDWR)
                return
            if answer:
                status, headers, content = answer.status, [("Content-Type", "text/xml")], answer.body
            else:
                status, headers, content = self.forwarded(body)
            front.seen.append((self.command, self.path, status))
            self.send_response_only(status)
            for name, value in headers:
                if name.lower() not in {"connection", "content-length", "transfer-encoding", "date"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def forwarded(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = http.client.HTTPConnection("127.0.0.1", front.moto, timeout=60)
            try:
                headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
                connection.request(self.command, self.path, body, headers)
                response = connection.getresponse()
                return response.status, response.getheaders(), response.read()
            finally:
                connection.close()

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_one

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """A caller that has gone away is none of ours."""

    with Server(("127.0.0.1", 0), Handler) as server:
        front.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield front
        finally:
            server.shutdown()


def owner(port: int) -> int | None:
    """The process that has the other end of a connection on loopback."""
    inode = None
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines():
        part = line.split()
        if len(part) > 9 and part[1].endswith(f":{port:04X}") and part[9].isdigit():
            inode = part[9]
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and any(
                str(file.readlink()) == f"socket:[{inode}]" for file in (process / "fd").iterdir()
            ):
                return int(process.name)
    return None


def wait_until(what: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError("it does not come to be")
        time.sleep(0.05)
