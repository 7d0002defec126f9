"""What the reader gets, when all is well and when it is not."""

import json
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from data_api import RESUMING

import front
from front import Answer, Request
from reader import opened, photographed
from world import ROOT, STACK, World, link_in

READY, NONE = "Your coffee report is ready", "No coffee report was made"
PICTURES = Path(os.environ.get("SCREENSHOTS", ROOT / "target/e2e/screenshots"))


def only_failure(stack: World, outcome: dict[str, str]) -> None:
    """One mail, which says that there is no report and has no link; and no report is there."""
    assert outcome["status"] == "FAILED"
    assert outcome["error"] == "ReportFailed"
    (mail,) = stack.mails()
    assert mail["subject"] == NONE
    assert "http" not in mail["message"]
    assert not stack.objects("reports/")


def report_of(stack: World, outcome: dict[str, str]) -> str:
    """The link of the one mail that was sent; it leads to a report that is there."""
    assert outcome["status"] == "SUCCEEDED", outcome
    (mail,) = stack.mails()
    assert mail["subject"] == READY
    link = link_in(mail)
    assert urlsplit(link).path.endswith(f"/reports/{outcome['name']}.html")
    return link


@pytest.fixture(autouse=True)
def _no_reports(stack: World) -> None:
    s3 = stack.client("s3")
    for key in stack.objects():
        s3.delete_object(Bucket=stack.bucket, Key=key)


def test_the_mail_has_a_link_to_the_report(stack: World) -> None:
    outcome = stack.run({"title": "Beans of November"})
    link = report_of(stack, outcome)
    page = opened(link)
    assert page.is_report
    for words in ("Beans of November", "Harbor Roasters", "Geisha Reserve", "Low"):
        assert words in page.text
    assert len(photographed(link, PICTURES)) == 4


def test_it_runs_against_the_stack_that_is_deployed(stack: World) -> None:
    """The physical ids are those that CloudFormation tells of; a file has only what it does not know."""
    told = {
        one["LogicalResourceId"]
        for one in stack.client("cloudformation").list_stack_resources(StackName=STACK)["StackResourceSummaries"]
    }
    whole = stack.resources
    stack.resources = {name: one for name, one in whole.items() if name not in told}
    try:
        command = stack.run({}, "--stack", STACK, "--endpoint-url", f"cloudformation=http://127.0.0.1:{stack.moto}")
    finally:
        stack.resources = whole
    assert opened(report_of(stack, command)).is_report


def test_the_roles_allow_all_that_is_done(stack: World) -> None:
    with stack.enforced():
        outcome = stack.run({}, "--assume-role")
    # moto does not know who has signed a link.
    assert opened(report_of(stack, outcome)).is_report


@pytest.mark.parametrize(
    ("of", "action"),
    [("GenerateReportData", "s3:PutObject"), ("GenerateHtml", "s3:PutObject"), ("GenerateHtml", "s3:GetObject")],
)
def test_a_role_without_a_permission_ends_in_a_mail_without_a_link(enforced: World, of: str, action: str) -> None:
    with enforced.denied(of, action):
        only_failure(enforced, enforced.run({}, "--assume-role"))


def test_a_machine_that_may_not_publish_sends_nothing(enforced: World) -> None:
    with enforced.denied("ReportStateMachine", "sns:Publish"):
        outcome = enforced.run({}, "--assume-role")
    assert (outcome["status"], outcome["error"]) == ("FAILED", "ReportFailed")
    assert "not authorized" in outcome["cause"]
    assert enforced.mails() == []


def test_a_database_that_resumes_is_waited_for(stack: World) -> None:
    stack.api.failures = [RESUMING] * 5
    outcome = stack.run({})
    assert opened(report_of(stack, outcome)).is_report
    retried = [one for one in outcome["events"] if one["type"] == "TaskFailed"]
    assert len(retried) == 5


def test_a_database_that_never_comes_ends_in_a_mail_without_a_link(stack: World) -> None:
    stack.api.failures = [RESUMING] * 100
    only_failure(stack, stack.run({}))


def test_an_object_store_that_refuses_the_page_ends_in_a_mail_without_a_link(stack: World) -> None:
    stack.front.rules = [lambda it: Answer(403, front.DENIED) if it.is_put("reports") else None]
    only_failure(stack, stack.run({}))


def test_an_object_store_that_refuses_the_inventory_ends_in_a_mail_without_a_link(stack: World) -> None:
    stack.front.rules = [lambda it: Answer(403, front.DENIED) if it.is_put("inventory") else None]
    only_failure(stack, stack.run({}))


def test_a_mail_that_cannot_be_sent_leaves_a_failed_execution_and_no_mail(stack: World) -> None:
    stack.front.rules = [lambda it: Answer(403, front.DENIED) if it.is_publish else None]
    outcome = stack.run({})
    assert (outcome["status"], outcome["error"]) == ("FAILED", "ReportFailed")
    assert stack.mails() == []


def test_a_topic_that_is_busy_is_asked_again(stack: World) -> None:
    stack.front.rules = [front.only(2, lambda it: Answer(429, front.BUSY) if it.is_publish else None)]
    assert opened(report_of(stack, stack.run({}))).is_report


def test_two_requests_at_once_are_two_reports(stack: World) -> None:
    outcomes: list[dict[str, str]] = []
    threads = [
        threading.Thread(target=lambda title=title: outcomes.append(stack.run({"title": title})))
        for title in ("One", "Two")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one["status"] for one in outcomes] == ["SUCCEEDED"] * 2
    mails = stack.mails()
    assert len(mails) == 2
    titles = set()
    for mail in mails:
        page = opened(link_in(mail))
        assert page.is_report
        titles |= {title for title in ("One", "Two") if f"<h1>{title}</h1>" in page.dom}
    assert titles == {"One", "Two"}


def test_a_hundred_thousand_beans_are_all_there(stack: World) -> None:
    stack.server.query(
        "INSERT INTO beans (supplier_id, type, product_name, price, quantity) "
        "SELECT 1 + seq % 2, 'Arabica', CONCAT('Bean ', seq), 12.50, seq % 500 FROM seq_1_to_100000",
        "coffee",
    )
    outcome = stack.run({}, timeout=280)
    link = report_of(stack, outcome)
    # A browser takes its time for thirty megabytes: what counts them is the page itself.
    body = stack.client("s3").get_object(Bucket=stack.bucket, Key=urlsplit(link).path.split("/", 2)[2])["Body"].read()
    text = body.decode()
    assert "<dt>Beans<dd>100,006<" in text
    assert text.count("Bean ") >= 100_000


HOSTILE = [
    "<script>document.title='taken over'</script>",
    "<img src=x onerror=\"document.title='taken over'\">",
    "'; DROP TABLE beans; --",
    "\u202eevil\u202c",
    "\U0001f980 Crab & Co \"quoted\" 'single'",
    "</main></section><h1>Free coffee</h1>",
    "{{7*7}} ${7*7} %s %n",
]


def test_names_are_no_markup(stack: World) -> None:
    with stack.server.connect("admin", "Admin-password1", "coffee") as connection, connection.cursor() as cursor:
        for name in HOSTILE:
            cursor.execute("UPDATE beans SET description = %s WHERE id = 1", (name,))
            cursor.execute("INSERT INTO suppliers (name, city) VALUES (%s, %s)", (name, name))
    page = opened(report_of(stack, stack.run({"title": "<b>bold</b>"})))
    assert page.is_report
    assert "<title>taken over" not in page.dom
    assert "<b>bold</b>" not in page.dom
    for name in HOSTILE:
        assert " ".join(name.split()) in page.text
    assert page.dom.count("<h1>") == 1
    assert stack.server.query("SELECT COUNT(*) FROM beans", "coffee") == [(6,)]


def test_a_link_is_dead_after_its_time(stack: World) -> None:
    link = report_of(stack, stack.run({}))
    assert opened(link).is_report
    stack.front.now = lambda: datetime.now(UTC) + timedelta(minutes=15, seconds=1)
    page = opened(link)
    assert not page.is_report
    assert "Request has expired" in page.dom
    stack.front.now = lambda: datetime.now(UTC) + timedelta(minutes=14)
    assert opened(link).is_report


def test_a_link_lasts_as_long_as_the_stack_says(stack: World) -> None:
    link = report_of(stack, stack.run({}, "--parameter", "LinkLifetimeMinutes=60"))
    stack.front.now = lambda: datetime.now(UTC) + timedelta(minutes=59)
    assert opened(link).is_report
    stack.front.now = lambda: datetime.now(UTC) + timedelta(minutes=61)
    assert not opened(link).is_report


def test_a_report_is_made_before_its_link_is_mailed(stack: World) -> None:
    report_of(stack, stack.run({}))
    done = [("report" if it.startswith("/") and "/reports/" in it else "other") for _, it, _ in stack.front.seen]
    written = next(
        at for at, (method, path, _) in enumerate(stack.front.seen) if method == "PUT" and "/reports/" in path
    )
    published = max(at for at, (method, _, status) in enumerate(stack.front.seen) if method == "POST" and status == 200)
    assert written < published
    assert done.count("report") == 1


def test_the_history_of_a_run_tells_of_every_task(stack: World) -> None:
    outcome = stack.run({})
    states = [one["stateEnteredEventDetails"]["name"] for one in outcome["events"] if "stateEnteredEventDetails" in one]
    assert sorted(states) == sorted(
        ["GetReportData", "ProcessReport", "GenerateHtml", "GeneratePresignedUrl", "PublishReport"]
    )
    assert json.dumps(outcome).count("Admin-password1") == 0


def is_denied(request: Request) -> Answer | None:
    return Answer(403, front.DENIED) if request.is_get("inventory") else None


def test_an_inventory_that_cannot_be_read_ends_in_a_mail_without_a_link(stack: World) -> None:
    stack.front.rules = [is_denied]
    only_failure(stack, stack.run({}))
