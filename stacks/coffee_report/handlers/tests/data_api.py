"""The RDS Data API's ExecuteStatement over HTTP, in front of a real MariaDB.

Keeps the limits of the real one: a response of 1 MiB, 64 KiB a row, one statement a call, named parameters outside
of literals only. Credentials come from the secret that a request names.
"""

import json
import re
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pymysql
from database import Server

RESPONSE_LIMIT = 1024 * 1024
ROW_LIMIT = 64 * 1024
TOO_LARGE = "Database returned more than the allowed response size limit"
RESUMING = (
    "DatabaseResumingException",
    "The Aurora DB instance is resuming after being auto-paused. Please wait a few seconds and try again.",
)
LINK_FAILURE = (
    "BadRequestException",
    "Communications link failure\n\nThe last packet sent successfully to the server was 0 milliseconds ago.",
)
TRANSIENT = [
    RESUMING,
    LINK_FAILURE,
    ("DatabaseErrorException", "Communications link failure; SQLState: 08S01"),
    ("StatementTimeoutException", "Request timed out"),
    ("DatabaseUnavailableException", "The writer instance in the DB cluster isn't available."),
    ("InvalidResourceStateException", "The resource is in an invalid state."),
    ("HttpEndpointNotEnabledException", "The HTTP endpoint for using RDS Data API isn't enabled for the DB cluster."),
    ("BadRequestException", "HttpEndpoint is not enabled for resource coffee"),
    ("ServiceUnavailableError", "The service is not available."),
    ("InternalServerErrorException", "An internal error occurred."),
]
"""What a database answers that resumes or is in trouble: its code and a message."""
TOO_NEW = [
    ("BadRequestException", "Access denied for user 'administrator'@'10.0.0.7' (using password: YES)"),
    ("DatabaseErrorException", "Access denied for user 'administrator'@'10.0.0.7' (using password: YES)"),
    (
        "AccessDeniedException",
        "User: arn:aws:sts::1:assumed-role/x is not authorized to perform: rds-data:ExecuteStatement",
    ),
    ("ForbiddenException", "The role may not read the secret"),
    ("SecretsErrorException", "There was a problem with the Secrets Manager secret."),
    ("InvalidSecretException", "The secret is invalid."),
    ("NotFoundException", "The cluster can't be found."),
    ("ThrottlingException", "Rate exceeded"),
]
"""What is heard while cluster, role or secret are so new that not all of AWS knows them."""
TOKEN = re.compile(r"'(?:[^'\\]|\\.|'')*'|`[^`]*`|:(?P<name>[A-Za-z_]\w*)", re.DOTALL)


class Refusal(Exception):  # noqa: N818
    """An error of the API: its code and message."""


@dataclass
class Call:
    user: str
    sql: str
    rows: int = 0
    error: str = ""


@dataclass
class DataApi:
    server: Server
    credentials: Callable[[str], tuple[str, str]]
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    """Answers to give before the database is asked at all."""
    pause: threading.Event = field(default_factory=threading.Event)
    """While set, calls hang as long as the caller has patience."""

    def execute(self, request: dict[str, Any]) -> dict[str, Any]:
        user, password = self.credentials(request["secretArn"])
        call = Call(user, request["sql"])
        self.calls.append(call)
        try:
            result = self.answer(request, user, password)
        except pymysql.Error as error:
            call.error = f"Database error code: {error.args[0]}. Message: {error.args[1]}"
            raise Refusal("BadRequestException", call.error) from error
        except Refusal as error:
            call.error = error.args[1]
            raise
        call.rows = len(result.get("records", ()))
        return result

    def answer(self, request: dict[str, Any], user: str, password: str) -> dict[str, Any]:
        if self.failures:
            raise Refusal(*self.failures.pop(0))
        given = {one["name"]: plain(one["value"]) for one in request.get("parameters", ())}
        with self.server.connect(user, password, request.get("database")) as connection, connection.cursor() as cursor:
            cursor.execute(bind(request["sql"], given, connection.escape))
            if cursor.description is None:
                return {"numberOfRecordsUpdated": cursor.rowcount, "generatedFields": []}
            records = [[typed(value) for value in row] for row in cursor.fetchall()]
        if any(len(json.dumps(record)) > ROW_LIMIT for record in records):
            raise Refusal("BadRequestException", TOO_LARGE)
        result = {"records": records, "numberOfRecordsUpdated": 0}
        if len(json.dumps(result, ensure_ascii=False).encode()) > RESPONSE_LIMIT:
            raise Refusal("BadRequestException", TOO_LARGE)
        return result


def bind(sql: str, given: dict[str, Any], escape: Callable[[Any], str]) -> str:
    seen = set()

    def replace(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return match[0]
        if name not in given:
            raise Refusal("BadRequestException", f"Cannot find parameter: {name}")
        if name in seen:
            # No page of AWS says what a name means that stands twice in a statement.
            raise Refusal("BadRequestException", f"Parameter stands twice: {name}")
        seen.add(name)
        return escape(given[name])

    bound = TOKEN.sub(replace, sql)
    if given.keys() - seen:
        raise Refusal("BadRequestException", f"Parameters that no statement has: {given.keys() - seen}")
    return bound


def plain(value: dict[str, Any]) -> Any:
    return None if value.get("isNull") else next(iter(value.values()))


def typed(value: Any) -> dict[str, Any]:
    match value:
        case None:
            return {"isNull": True}
        case bool():
            return {"booleanValue": value}
        case int():
            return {"longValue": value}
        case float():
            return {"doubleValue": value}
        case bytes():
            return {"blobValue": b64encode(value).decode()}
        case Decimal():
            return {"stringValue": format(value, "f")}
        case _:
            return {"stringValue": str(value)}


@contextmanager
def running(server: Server, credentials: Callable[[str], tuple[str, str]]) -> Iterator[DataApi]:
    api = DataApi(server, credentials)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if api.pause.is_set():
                # Hangs like an endpoint that never answers; freed by the test.
                while api.pause.is_set():
                    threading.Event().wait(0.05)
                return
            try:
                status, kind, body = 200, "", api.execute(request) if self.path == "/Execute" else {}
            except Refusal as refusal:
                status, kind, body = 400, refusal.args[0], {"message": refusal.args[1]}
            answer = json.dumps(body, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            if kind:
                self.send_header("x-amzn-ErrorType", kind)
            self.end_headers()
            # A function that has been killed does not wait for its answer.
            with suppress(ConnectionError):
                self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        api.url = f"http://127.0.0.1:{http.server_port}"
        threading.Thread(target=http.serve_forever, daemon=True).start()
        try:
            yield api
        finally:
            http.shutdown()
