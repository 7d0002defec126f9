"""Many executions, some of which meet a fault: each ends in a report with a working link or in one mail without one."""

import json
import os
import random
import re
import signal
import threading
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path

from data_api import LINK_FAILURE, RESUMING

import front
from front import Answer, Request
from world import ROOT, World, link_in

# A thousand take two minutes.
EXECUTIONS = int(os.environ.get("SOAK", "1000"))
SHARE = 0.05
JOBS = 8
SEED = 11


def rules(killed: list[int]) -> list[front.Rule]:
    """Throttling, a store that is down, half-written objects, and functions that die or wait in the middle."""

    def kill(request: Request) -> Answer | None:
        process = front.owner(request.peer)
        if process is not None:
            killed.append(process)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return Answer(0, cut=0)

    def hang(_: Request) -> Answer | None:
        time.sleep(1)
        return Answer(503, front.SLOW_DOWN)

    share = SHARE / 5
    return [
        front.sometimes(share, SEED + 1, lambda it: it.is_publish, lambda _: Answer(429, front.BUSY)),
        front.sometimes(share, SEED + 2, lambda it: it.is_put("inventory"), lambda _: Answer(403, front.DENIED)),
        front.sometimes(share, SEED + 3, lambda it: it.is_put("reports"), lambda _: Answer(0, cut=100)),
        front.sometimes(share, SEED + 4, lambda it: it.is_put("reports"), kill),
        front.sometimes(share, SEED + 5, lambda it: it.is_get("inventory"), hang),
    ]


def peak_memory(stop: threading.Event, peaks: dict[str, int]) -> None:
    """Watch what the program and its functions take, in MiB."""
    while not stop.wait(0.3):
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                variables = dict(one.partition(b"=")[::2] for one in (entry / "environ").read_bytes().split(b"\0"))
                name = "program" if b"--inputs" in words else variables.get(b"AWS_LAMBDA_FUNCTION_NAME", b"").decode()
                found = re.search(r"VmHWM:\s+(\d+)", (entry / "status").read_text(encoding="ascii"))
                if name and found:
                    peaks[name] = max(peaks.get(name, 0), int(found[1]) // 1024)


def test_every_execution_ends_in_a_report_or_in_one_mail_that_says_so(stack: World) -> None:
    killed: list[int] = []
    dice = random.Random(SEED)
    stack.front.rules = rules(killed)
    # The database stumbles now and then, too.
    failing = stack.api.failures

    class Now(list[tuple[str, str]]):
        def __bool__(self) -> bool:
            return dice.random() < SHARE / 10

        def pop(self, _: object = 0) -> tuple[str, str]:
            return dice.choice([RESUMING, LINK_FAILURE])

    stack.api.failures = Now()
    stop, peaks = threading.Event(), dict[str, int]()
    watcher = threading.Thread(target=peak_memory, args=(stop, peaks))
    watcher.start()
    begin = time.monotonic()
    try:
        outcomes, stderr = stack.run_many([{"title": f"Report {number}"} for number in range(EXECUTIONS)], JOBS)
    finally:
        stop.set()
        watcher.join()
        stack.api.failures = failing
        stack.front.rules.clear()
    took = time.monotonic() - begin

    assert len(outcomes) == EXECUTIONS, stderr
    mails = stack.mails()
    reports = [mail for mail in mails if "http" in mail["message"]]
    links = [link_in(mail) for mail in reports]
    ended = Counter(outcome["status"] for outcome in outcomes)
    assert set(ended) <= {"SUCCEEDED", "FAILED"}, stderr

    # None is doubled: a title has one mail at most. None is lost: who has no report has a mail that says so, unless it
    # was the mail itself that could not be sent.
    assert len(set(links)) == len(links) == ended["SUCCEEDED"]
    titles = Counter(re.findall(r"Report \d+", " ".join(mail["message"] for mail in reports)))
    assert max(titles.values()) == 1
    unsent = sum(status == 429 for _, _, status in stack.front.seen)
    assert len(mails) - len(reports) >= ended["FAILED"] - unsent
    assert len(mails) - len(reports) <= ended["FAILED"]

    # Every link works, and leads to the whole report.
    for link in links:
        with urllib.request.urlopen(link) as response:
            page = response.read().decode()
        assert page.count("<tr>") >= 6
        assert page.rstrip().endswith("</main>")

    figures = {
        "executions": EXECUTIONS,
        "ended": ended,
        "per second": round(EXECUTIONS / took, 1),
        "killed": len(killed),
        "peak MiB": peaks,
    }
    file = ROOT / "target/e2e/soak.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(figures), encoding="utf-8")
    print(json.dumps(figures))
    for name, one in stack.of_type("AWS::Lambda::Function").items():
        assert peaks.get(name, 0) <= one["Properties"]["MemorySize"]
    # Each kind of fault was met, or the test says nothing.
    assert ended["FAILED"] > 0
    assert ended["SUCCEEDED"] > EXECUTIONS * 0.7
