"""The custom resource: what it makes of the database, and that CloudFormation always hears of it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import contract
import data_api
import pymysql
import pytest
from conftest import READER, World
from database import ADMIN


class CloudFormation:
    """The presigned address that takes a custom resource's answer."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = []
        self.sizes: list[int] = []
        self.content_types: list[str] = []
        self.refusals: list[int] = []
        self.faults: list[str] = []
        self.url = ""

    def request(self, kind: str, properties: dict[str, str], physical_id: str | None = None) -> dict[str, Any]:
        event = {
            "RequestType": kind,
            "ResponseURL": f"{self.url}/answer?X-Amz-Signature=presigned-secret",
            "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/coffee-report/guid",
            "RequestId": f"request-{len(self.answers)}",
            "LogicalResourceId": "CoffeeTables",
            "ResourceType": "Custom::CoffeeTables",
            "ResourceProperties": properties,
        }
        return event | ({"PhysicalResourceId": physical_id} if physical_id else {})


@pytest.fixture
def stack() -> Iterator[CloudFormation]:
    stack = CloudFormation()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = stack.refusals.pop(0) if stack.refusals else 200
            if status == 200:
                stack.answers.append(json.loads(body))
                stack.faults += contract.faults("initialize_database_answer", stack.answers[-1])
                stack.sizes.append(len(body))
                stack.content_types.append(self.headers.get("Content-Type", ""))
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        stack.url = f"http://127.0.0.1:{http.server_port}"
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield stack
        http.shutdown()
    assert stack.faults == [], "every answer, of failures too, is as contract.rs has it"


@pytest.fixture
def send(world: World, stack: CloudFormation, context: Callable[[float], Any]) -> Callable[..., dict[str, Any]]:
    """Serve one request and return the one answer."""

    def send(
        kind: str = "Create", seconds: float = 300, physical_id: str | None = None, **changes: str
    ) -> dict[str, Any]:
        before = len(stack.answers)
        event = stack.request(kind, world.properties(**changes), physical_id)
        world.load("initialize_database").handler(event, context(seconds))
        assert len(stack.answers) == before + 1, "exactly one answer a request"
        return stack.answers[-1]

    return send


Send = Callable[..., dict[str, Any]]


def counts(world: World) -> tuple[int, int]:
    rows = world.server.query("SELECT (SELECT COUNT(*) FROM suppliers), (SELECT COUNT(*) FROM beans)", "coffee")
    return rows[0][0], rows[0][1]


def test_create_makes_the_tables_and_answers_success(world: World, stack: CloudFormation, send: Send) -> None:
    assert send() == {
        "Status": "SUCCESS",
        "Reason": "",
        "PhysicalResourceId": "CoffeeTables",
        "StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/coffee-report/guid",
        "RequestId": "request-0",
        "LogicalResourceId": "CoffeeTables",
    }
    assert stack.content_types == [""], "the presigned address is signed for no content type"
    assert counts(world) == (0, 0)
    columns = world.server.query(
        "SELECT table_name, column_name, column_type FROM information_schema.columns"
        " WHERE table_schema = 'coffee' ORDER BY table_name DESC, ordinal_position"
    )
    assert [(table, name) for table, name, _ in columns] == [
        *(("suppliers", name) for name in ("id", "name", "address", "city", "state", "email", "phone")),
        *(
            ("beans", name)
            for name in ("id", "supplier_id", "type", "product_name", "price", "description", "quantity")
        ),
    ]
    assert ("beans", "price", "decimal(8,2)") in columns


def test_the_tables_take_any_text_and_refuse_orphans(world: World, send: Send) -> None:
    send()
    world.insert("suppliers", (1, "☕ قهوة", None, None, None, None, None))
    assert world.server.query("SELECT name FROM suppliers", "coffee") == [("☕ قهوة",)]
    with pytest.raises(pymysql.IntegrityError):
        world.insert("beans", (1, 99, "Arabica", "Orphan", "1.00", None, 1))


@pytest.mark.parametrize("last", ["WHERE supplier_id = 5 AND id > 5 OR supplier_id > 5"])
def test_a_page_of_beans_is_read_by_an_index_without_sorting(world: World, send: Send, last: str) -> None:
    send()
    world.insert("suppliers", *((n, "s", None, None, None, None, None) for n in range(1, 51)))
    world.insert("beans", *((n, n % 50 + 1, "a", "b", "1.00", None, 1) for n in range(1, 5001)))
    world.server.query("ANALYZE TABLE beans", "coffee")
    plan = world.server.query(f"EXPLAIN SELECT * FROM beans {last} ORDER BY supplier_id, id LIMIT 100", "coffee")[0]
    assert plan[5] == "supplier_id", plan
    assert "filesort" not in plan[-1], plan


def test_the_sample_is_two_suppliers_and_six_beans(world: World, send: Send) -> None:
    send(SampleData="true")
    assert counts(world) == (2, 6)


def test_repeating_any_request_changes_nothing(world: World, send: Send) -> None:
    for kind in ("Create", "Create", "Update", "Update"):
        assert send(kind, SampleData="true")["Status"] == "SUCCESS"
    assert counts(world) == (2, 6)


def test_a_sample_cut_short_is_completed(world: World, send: Send) -> None:
    send(SampleData="true")
    world.server.query("DELETE FROM beans", "coffee")
    send("Update", SampleData="true")
    assert counts(world) == (2, 6)


def test_the_sample_never_mixes_with_real_rows(world: World, send: Send) -> None:
    send()
    world.insert("suppliers", (1, "Real", None, None, None, None, None))
    send("Update", SampleData="true")
    assert counts(world) == (1, 0)


def test_the_reader_can_read_and_nothing_else(world: World, send: Send) -> None:
    send(SampleData="true")
    with world.server.connect(*READER, database="coffee") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM beans")
        assert cursor.fetchone() == (6,)
        for sql in ("INSERT INTO suppliers (name) VALUES ('x')", "DELETE FROM beans", "DROP TABLE beans"):
            with pytest.raises(pymysql.OperationalError, match="denied"):
                cursor.execute(sql)


def test_a_reader_who_was_given_more_loses_it(world: World, send: Send) -> None:
    send()
    world.server.query(f"GRANT INSERT, DELETE ON coffee.* TO '{READER[0]}'@'%'")
    send("Update")
    grants = [row[0] for row in world.server.query(f"SHOW GRANTS FOR '{READER[0]}'@'%'")]
    assert len(grants) == 2
    assert grants[0].startswith("GRANT USAGE ON *.*")
    assert grants[1] == f"GRANT SELECT ON `coffee`.* TO `{READER[0]}`@`%`"


def test_an_update_gives_the_reader_the_password_now_in_the_secret(world: World, send: Send) -> None:
    created = send()
    world.secret("reader", READER[0], "Another-password2")
    updated = send("Update", physical_id=created["PhysicalResourceId"])
    assert updated["Status"] == "SUCCESS"
    assert updated["PhysicalResourceId"] == created["PhysicalResourceId"], "another id would replace the resource"
    world.server.connect(READER[0], "Another-password2").close()
    with pytest.raises(pymysql.OperationalError, match="denied"):
        world.server.connect(*READER)


def test_delete_leaves_the_data_and_needs_no_database(world: World, send: Send) -> None:
    send(SampleData="true")
    calls = len(world.api.calls)
    world.api.failures = [("BadRequestException", "the cluster is gone")]
    answer = send("Delete", physical_id="the-id-it-had", ClusterArn="gone")
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "the-id-it-had")
    assert len(world.api.calls) == calls
    assert counts(world) == (2, 6)


@pytest.mark.parametrize("failure", [*data_api.TRANSIENT, *data_api.TOO_NEW])
def test_all_but_errors_of_sql_is_tried_again(
    world: World, send: Send, failure: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(time, "sleep", lambda _: None)
    world.api.failures = [failure, failure]
    assert send(SampleData="true")["Status"] == "SUCCESS"
    assert counts(world) == (2, 6)


@pytest.mark.parametrize("code", ["BadRequestException", "DatabaseErrorException"])
def test_an_error_of_sql_is_the_reason_at_once(world: World, send: Send, code: str) -> None:
    world.api.failures = [(code, "Database error code: 1064. Message: You have an error in your SQL syntax")]
    answer = send()
    assert (answer["Status"], "1064" in answer["Reason"]) == ("FAILED", True)
    assert len(world.api.calls) == 1


def test_a_connection_that_breaks_is_made_again(world: World, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    execute, calls = world.api.execute, iter([True, True])

    def breaking(request: dict[str, Any]) -> dict[str, Any]:
        if next(calls, False):
            raise ConnectionError("the connection is closed without an answer")
        return execute(request)

    monkeypatch.setattr(world.api, "execute", breaking)
    assert send()["Status"] == "SUCCESS"


def test_rows_of_the_sample_that_were_made_without_an_answer_are_not_made_twice(world: World, send: Send) -> None:
    def silent(request: dict[str, Any]) -> dict[str, Any]:
        answer = execute(request)
        if "INTO beans" in request["sql"] and not silenced:
            silenced.append(request)
            raise data_api.Refusal("StatementTimeoutException", "Request timed out")
        return answer

    silenced: list[Any] = []
    execute, world.api.execute = world.api.execute, silent  # type: ignore[method-assign]
    assert send(SampleData="true")["Status"] == "SUCCESS"
    assert counts(world) == (2, 6)


def test_a_database_that_does_not_wake_in_time_is_reported(world: World, send: Send) -> None:
    world.api.failures = [data_api.RESUMING] * 100
    started = time.monotonic()
    answer = send(seconds=18)
    assert time.monotonic() - started < 18 - 10, "most of the reserve is left for the answer"
    assert answer["Status"] == "FAILED"
    assert "ran out of time" in answer["Reason"]
    assert "resuming" in answer["Reason"]


def test_a_call_that_hangs_does_not_keep_cloudformation_waiting(world: World, send: Send) -> None:
    world.api.pause.set()
    started = time.monotonic()
    answer = send(seconds=17)
    assert time.monotonic() - started < 17 - 10
    assert (answer["Status"], "ran out of time" in answer["Reason"]) == ("FAILED", True)


def test_a_function_started_too_late_still_answers(send: Send) -> None:
    answer = send(seconds=5)
    assert (answer["Status"], "ran out of time" in answer["Reason"]) == ("FAILED", True)


def test_a_secret_that_stays_wrong_is_the_reason(world: World, send: Send) -> None:
    world.secret("admin", ADMIN[0], "wrong-password")
    answer = send(seconds=18)
    assert answer["Status"] == "FAILED"
    assert "ran out of time" in answer["Reason"], "a secret that is new may become right"
    assert "1045" in answer["Reason"]
    assert "wrong-password" not in answer["Reason"]


def test_a_reason_of_any_length_fits_the_answer(world: World, stack: CloudFormation, send: Send) -> None:
    world.api.failures = [("BadRequestException", "☕" * 5000)]
    assert send(physical_id="i" * 1024)["Status"] == "FAILED"
    assert stack.sizes[-1] <= 4096


@pytest.mark.beyond_the_contract
@pytest.mark.parametrize(
    ("missing", "kind"), [("ResourceProperties", "Create"), ("RequestType", "Create"), ("ClusterArn", "Update")]
)
def test_a_malformed_request_is_answered_too(
    world: World, stack: CloudFormation, context: Callable[[float], Any], missing: str, kind: str
) -> None:
    event = stack.request(kind, world.properties())
    event.pop(missing, None)
    event.get("ResourceProperties", {}).pop(missing, None)
    world.load("initialize_database").handler(event, context(300))
    assert stack.answers[-1]["Status"] == "FAILED"
    assert missing in stack.answers[-1]["Reason"]


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("reader'@'%' IDENTIFIED BY 'x'; -- ", "Good-password1"),
        ("reader`", "Good-password1"),
        ("", "Good-password1"),
        ("report_reader", "quote'-password"),
        ("report_reader", "backslash\\-password"),
        ("report_reader", "colon:name-password"),
        ("report_reader", "question?-password"),
        ("report_reader", "short"),
        ("report_reader", "newline-password\n"),
    ],
)
def test_a_secret_that_cannot_stand_in_sql_is_refused_and_not_repeated(
    world: World, send: Send, capsys: pytest.CaptureFixture[str], username: str, password: str
) -> None:
    world.secret("reader", username, password)
    answer = send()
    assert answer["Status"] == "FAILED"
    assert "reader's secret" in answer["Reason"]
    assert password not in answer["Reason"] + capsys.readouterr().out
    assert not any("USER" in call.sql and "CURRENT" not in call.sql for call in world.api.calls)


def test_a_database_that_quotes_the_statement_does_not_leak_the_password(
    world: World, send: Send, capsys: pytest.CaptureFixture[str]
) -> None:
    def quoting(request: dict[str, Any]) -> dict[str, Any]:
        if "CREATE USER" in request["sql"]:
            raise data_api.Refusal("BadRequestException", f"error near {request['sql']!r}")
        return execute(request)

    execute, world.api.execute = world.api.execute, quoting  # type: ignore[method-assign]
    answer = send()
    assert answer["Status"] == "FAILED"
    assert "BadRequestException" in answer["Reason"]
    assert READER[1] not in answer["Reason"] + capsys.readouterr().out


def test_the_reader_may_not_be_the_administrator(world: World, send: Send) -> None:
    world.secret("reader", *ADMIN)
    answer = send()
    assert (answer["Status"], "administrator" in answer["Reason"]) == ("FAILED", True)
    assert counts(world) == (0, 0), "the administrator still gets in"


@pytest.mark.beyond_the_contract
@pytest.mark.parametrize("name", ["coffee`; DROP DATABASE mysql", "", "a" * 65, "1coffee"])
def test_a_database_name_that_cannot_stand_in_sql_is_refused(world: World, send: Send, name: str) -> None:
    assert send(Database=name)["Status"] == "FAILED"
    assert world.api.calls == []


def test_an_answer_is_repeated_until_it_is_taken(stack: CloudFormation, send: Send) -> None:
    stack.refusals = [503, 500, 503]
    assert send("Delete")["Status"] == "SUCCESS"


def test_an_answer_that_is_never_taken_fails_the_function_so_that_lambda_repeats_it(
    world: World, stack: CloudFormation, context: Callable[[float], Any]
) -> None:
    stack.refusals = [403]
    event = stack.request("Delete", world.properties())
    with pytest.raises(RuntimeError, match="403"):
        world.load("initialize_database").handler(event, context(300))


def test_the_log_is_one_line_without_secrets(send: Send, capsys: pytest.CaptureFixture[str]) -> None:
    send(SampleData="true")
    log = capsys.readouterr().out
    assert json.loads(log) == {"RequestType": "Create", "Status": "SUCCESS", "Reason": ""}
    assert "presigned-secret" not in log
