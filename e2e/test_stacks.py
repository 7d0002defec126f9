"""Several stacks, a nested stack and code beside a template: `examples/shop`, deployed by the AWS CLI alone."""

import base64
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import world
from world import KEY, REGION, ROOT

HERE = Path(__file__).resolve().parent
SHOP = os.environ.get("SHOP", str(ROOT / "target/debug/examples/shop"))
ORDER = {"order": "7", "items": [{"name": "Beans", "price": 9.5}, {"name": "Filter", "price": 2}]}
RECEIPT = """\
Order 7
Beans                   9.50
Filter                  2.00
Total                  11.50
"""

Json = Any


@dataclass
class Account:
    """An account at moto, and what an engineer calls."""

    endpoint: str
    folder: Path

    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "TMPDIR": str(self.folder),
            "AWS_ACCESS_KEY_ID": KEY[0],
            "AWS_SECRET_ACCESS_KEY": KEY[1],
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
        }

    def run(self, *words: str, code: int = 0, stdin: str = "") -> str:
        ran = subprocess.run(
            words, input=stdin, capture_output=True, text=True, cwd=ROOT, env=self.environment(), check=False
        )
        assert ran.returncode == code, f"{' '.join(words)}: {ran.stdout}{ran.stderr}"
        return ran.stdout

    def aws(self, *words: str) -> Json:
        out = self.run("aws", "--output", "json", *words)
        return json.loads(out) if out.startswith(("{", "[")) else out

    def shop(self, *words: str, code: int = 0, stdin: str = "") -> str:
        return self.run(SHOP, *words, code=code, stdin=stdin)

    def synthesize(self) -> Path:
        templates = self.folder / "templates"
        self.shop("synth", "--all", "--output-dir", str(templates))
        return templates

    def deploy(self, templates: Path) -> Path:
        """Deploy the stacks as the README says; gives the packaged template."""
        archive, shop, packaged = templates / "archive.yaml", templates / "shop.yaml", templates / "shop.packaged.yaml"
        deploy = ("cloudformation", "deploy", "--no-fail-on-empty-changeset")
        self.aws(*deploy, "--template-file", str(archive), "--stack-name", "archive")
        self.aws(
            "cloudformation", "package", "--template-file", str(shop),
            "--s3-bucket", "code", "--output-template-file", str(packaged),
        )  # fmt: skip
        self.aws(*deploy, "--template-file", str(packaged), "--stack-name", "shop", "--capabilities", "CAPABILITY_IAM")
        return packaged

    def keys(self, bucket: str) -> list[str]:
        listed = self.aws("s3api", "list-objects-v2", "--bucket", bucket)
        return [one["Key"] for one in listed["Contents"]] if listed else []


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with world.moto("-B", str(HERE / "moto_with_stacks.py")) as port:
        # By this name moto knows the addresses of its own objects, as that of a template.
        made = Account(f"http://localhost:{port}", tmp_path)
        made.aws("s3", "mb", "s3://code")
        yield made


def test_stacks_that_need_each_other_are_deployed_in_their_order(account: Account) -> None:
    assert account.shop("list").split("\n")[:2] == ["archive", "shop     after archive"]
    templates = account.synthesize()
    assert sorted(path.name for path in templates.iterdir()) == ["archive.yaml", "assets", "mails.yaml", "shop.yaml"]
    account.deploy(templates)

    exported = account.aws("cloudformation", "list-exports")["Exports"]
    exports = {one["Name"]: one["Value"] for one in exported}
    topics = account.aws("sns", "list-topics")["Topics"]
    described = account.aws("cloudformation", "describe-stack-resources", "--stack-name", "shop")["StackResources"]
    resources = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in described}
    assert set(resources) == {"Mails", "Receipt", "ReceiptRole", "Sell", "SellRole"}

    # What another stack has exported, and what the nested stack has put out, is in the function.
    function = account.aws("lambda", "get-function", "--function-name", resources["Receipt"])
    variables = function["Configuration"]["Environment"]["Variables"]
    assert variables == {"ARCHIVE": exports["archive:Receipts"], "TOPIC": topics[0]["TopicArn"]}
    # Its code is the file that was beside the template.
    (asset,) = (templates / "assets").iterdir()
    digest = base64.b64encode(hashlib.sha256(asset.read_bytes()).digest()).decode()
    assert function["Configuration"]["CodeSha256"] == digest
    # The workflow calls it, and it writes into the bucket of the other stack.
    out = account.shop(
        "run", "shop", "--live", "--stack", "shop", "--endpoint-url", account.endpoint, "--input", "-",
        "--format", "json", stdin=json.dumps(ORDER),
    )  # fmt: skip
    outcome = json.loads(out)
    key = "receipts/7.txt"
    assert outcome["output"] == {"archive": variables["ARCHIVE"], "topic": variables["TOPIC"], "key": key}
    receipt = account.folder / "receipt.txt"
    account.aws("s3api", "get-object", "--bucket", variables["ARCHIVE"], "--key", key, str(receipt))
    assert receipt.read_text(encoding="utf-8") == RECEIPT


def test_what_has_not_changed_is_uploaded_once(account: Account) -> None:
    templates = account.synthesize()
    packaged = account.deploy(templates)
    (asset,) = (templates / "assets").iterdir()
    first = account.keys("code")
    assert hashlib.md5(asset.read_bytes(), usedforsecurity=False).hexdigest() in first
    assert account.deploy(account.synthesize()) == packaged
    assert account.keys("code") == first
    # The code that is deployed is known by its hash; where the nested template lies is no change that matters.
    text = account.shop("diff", "shop", "--against", str(packaged), code=1)
    assert text.startswith("shop: nothing that matters differs\n\nAlso 1 place of code;")


def test_the_archive_that_is_uploaded_runs(account: Account) -> None:
    templates = account.synthesize()
    account.deploy(templates)
    (asset,) = (templates / "assets").iterdir()
    out = account.shop(
        "run", "shop", "--live", "--stack", "shop", "--endpoint-url", account.endpoint, "--code", f"Receipt={asset}",
        "--input", "-", "--format", "json", stdin=json.dumps(ORDER),
    )  # fmt: skip
    assert json.loads(out)["status"] == "SUCCEEDED"
