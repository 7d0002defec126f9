"""The world of the coffee report without AWS: what the template deploys, on loopback, and the runs of its machine.

moto plays CloudFormation, IAM, S3, SNS and Secrets Manager; MariaDB behind a Data API plays Aurora. What moto's
CloudFormation can make of the synthesized template it makes, by `aws cloudformation deploy`; the rest is made by the
AWS CLI from the template's own properties.
"""

import ast
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import boto3
import data_api
import database
from botocore.config import Config
from data_api import DataApi
from database import ADMIN, Server

import front
from front import Front

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("COFFEE_REPORT", str(ROOT / "target/debug/coffee-report"))
STACK = "coffee-report"
REGION = "us-east-1"
ACCOUNT = "123456789012"
READER = "ada@example.com"
KEY = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
# What moto's CloudFormation makes; the rest is given.
MADE = {"AWS::IAM::Role", "AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::SNS::Topic"}

Json = Any


def synthesized() -> Json:
    """The template as it ships."""
    text = os.environ.get("TEMPLATE")
    if text:
        return json.loads(Path(text).read_text(encoding="utf-8"))
    command = [PROGRAM, "synth", "--format", "json", "--compact"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@dataclass
class World:
    template: Json
    moto: int
    front: Front
    api: DataApi
    server: Server
    folder: Path
    resources: dict[str, Json] = field(default_factory=dict)
    """What moto's CloudFormation does not make: physical ids and attributes."""
    queue: str = ""
    credentials: tuple[str, str] = KEY

    # ── the stack ──────────────────────────────────────────────────────────

    def client(self, service: str) -> Any:
        """A client that goes past the front, so that nothing it does is seen or refused."""
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{self.moto}",
            region_name=REGION,
            aws_access_key_id=self.credentials[0],
            aws_secret_access_key=self.credentials[1],
            config=Config(retries={"total_max_attempts": 1}),
        )

    def aws(self, *words: str) -> Json:
        """Call the AWS CLI as an engineer does."""
        command = ["aws", "--endpoint-url", f"http://127.0.0.1:{self.moto}", "--output", "json", *words]
        ran = subprocess.run(command, capture_output=True, text=True, env=self.environment(), check=False)
        if ran.returncode:
            raise RuntimeError(f"{' '.join(words[:2])}: {ran.stderr.strip()}")
        return json.loads(ran.stdout) if ran.stdout.strip().startswith(("{", "[")) else None

    def environment(self) -> dict[str, str]:
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "AWS_ACCESS_KEY_ID": self.credentials[0],
            "AWS_SECRET_ACCESS_KEY": self.credentials[1],
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "TMPDIR": str(self.folder),
        }

    def of_type(self, kind: str) -> dict[str, Json]:
        return {name: one for name, one in self.template["Resources"].items() if one["Type"] == kind}

    def deploy(self) -> None:
        """Make what the template says, as far as anything here can."""
        self.make_secrets()
        (cluster,) = self.of_type("AWS::RDS::DBCluster")
        arn = f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:coffee"
        admin = self.secret("admin", {"username": ADMIN[0], "password": ADMIN[1]})
        self.resources[cluster] = {
            "PhysicalResourceId": "coffee",
            "Attributes": {"DBClusterArn": arn, "MasterUserSecret.SecretArn": admin},
        }
        for name in self.of_type("AWS::Lambda::Function"):
            self.resources[name] = name
        (machine,) = self.of_type("AWS::StepFunctions::StateMachine")
        self.resources[machine] = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{machine}"
        file = self.folder / "template.json"
        file.write_text(json.dumps(self.deployable()), encoding="utf-8")
        self.aws(
            "cloudformation", "deploy", "--template-file", str(file), "--stack-name", STACK,
            "--capabilities", "CAPABILITY_IAM", "--parameter-overrides", f"ReportEmail={READER}",
        )  # fmt: skip
        described = self.aws("cloudformation", "describe-stack-resources", "--stack-name", STACK)["StackResources"]
        for one in described:
            self.resources.setdefault(one["LogicalResourceId"], one["PhysicalResourceId"])
        self.mend_policies()
        self.subscribe()

    def mend_policies(self) -> None:
        """Write the roles' policies again, as moto needs them.

        Its CloudFormation keeps them as Python has them, and not as JSON; and of all services it knows only for S3
        which resource a call is about.
        """

        def resource(statement: Json) -> Json:
            is_of_s3 = "s3:" in json.dumps(statement["Action"])
            return statement if is_of_s3 else statement | {"Resource": "*"}

        iam = self.client("iam")
        for name in self.of_type("AWS::IAM::Role"):
            role = str(self.resources[name])
            for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
                document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
                document = ast.literal_eval(document) if isinstance(document, str) else document
                statements = (
                    document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
                )
                document["Statement"] = [resource(one) for one in statements]
                iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))

    def deployable(self) -> Json:
        """The part of the template that moto can make, with what is made otherwise in it as it is."""
        kept = {name: one for name, one in self.template["Resources"].items() if one["Type"] in MADE}

        def settled(value: Json) -> Json:
            match value:
                case {"Ref": name} if name in self.template["Resources"] and name not in kept:
                    return self.reference(name)
                case {"Fn::GetAtt": [name, *attribute]} if name not in kept:
                    return self.attribute(name, ".".join(attribute))
                case dict():
                    return {key: settled(one) for key, one in value.items() if key != "DependsOn"}
                case list():
                    return [settled(one) for one in value]
                case _:
                    return value

        template = {key: value for key, value in self.template.items() if key not in {"Outputs", "Rules"}}
        return settled(template | {"Resources": kept})

    def reference(self, name: str) -> str:
        given = self.resources.get(name)
        if isinstance(given, dict):
            return str(given["PhysicalResourceId"])
        return given or f"arn:aws:made-elsewhere:{REGION}:{ACCOUNT}:{name}"

    def attribute(self, name: str, attribute: str) -> str:
        given = self.resources.get(name)
        if isinstance(given, dict) and attribute in given.get("Attributes", {}):
            return str(given["Attributes"][attribute])
        if self.template["Resources"][name]["Type"] == "AWS::Lambda::Function":
            return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        return f"arn:aws:made-elsewhere:{REGION}:{ACCOUNT}:{name}"

    def make_secrets(self) -> None:
        """Make the secrets, with a password as the template wants it."""
        for name, one in self.of_type("AWS::SecretsManager::Secret").items():
            wanted = one["Properties"]["GenerateSecretString"]
            words = ["secretsmanager", "get-random-password"]
            if "PasswordLength" in wanted:
                words += ["--password-length", str(wanted["PasswordLength"])]
            if "ExcludeCharacters" in wanted:
                words += ["--exclude-characters", wanted["ExcludeCharacters"]]
            if wanted.get("ExcludePunctuation"):
                words += ["--exclude-punctuation"]
            secret = json.loads(wanted.get("SecretStringTemplate", "{}"))
            secret[wanted["GenerateStringKey"]] = self.aws(*words)["RandomPassword"]
            self.resources[name] = self.secret(name, secret)

    def secret(self, name: str, content: Json) -> str:
        made = self.aws("secretsmanager", "create-secret", "--name", name, "--secret-string", json.dumps(content))
        return str(made["ARN"])

    def subscribe(self) -> None:
        """Subscribe a mailbox that can be read: a queue in place of an address."""
        queue = self.aws("sqs", "create-queue", "--queue-name", "mailbox")["QueueUrl"]
        # moto knows the queue under its own address.
        self.queue = queue
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:mailbox"
        self.aws("sns", "subscribe", "--topic-arn", self.topic, "--protocol", "sqs", "--notification-endpoint", arn)

    @property
    def topic(self) -> str:
        (name,) = self.of_type("AWS::SNS::Topic")
        return str(self.resources[name])

    @property
    def bucket(self) -> str:
        (name,) = self.of_type("AWS::S3::Bucket")
        return str(self.resources[name])

    def role(self, of: str) -> str:
        """Name of the role of a function or of the state machine."""
        properties = self.template["Resources"][of]["Properties"]
        return str(self.resources[(properties.get("Role") or properties["RoleArn"])["Fn::GetAtt"][0]])

    @contextmanager
    def enforced(self) -> Iterator[None]:
        """Let moto enforce IAM; the engineer is an administrator."""
        everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        iam, user = self.client("iam"), f"engineer-{uuid.uuid4()}"
        arn = iam.create_user(UserName=user)["User"]["Arn"]
        iam.put_user_policy(UserName=user, PolicyName="All", PolicyDocument=json.dumps(everything))
        key = iam.create_access_key(UserName=user)["AccessKey"]
        # Who would try out a role must be let in by it, as Lambda and Step Functions are.
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": arn}}
        for name in self.of_type("AWS::IAM::Role"):
            document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
            iam.update_assume_role_policy(RoleName=str(self.resources[name]), PolicyDocument=document)
        self.credentials = (key["AccessKeyId"], key["SecretAccessKey"])
        self.let_pass(0)
        try:
            yield
        finally:
            self.let_pass(2**31)
            self.credentials = KEY

    def let_pass(self, calls: int) -> None:
        """How many calls moto lets pass before it asks what IAM allows."""
        url = f"http://127.0.0.1:{self.moto}/moto-api/reset-auth"
        headers = {"Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(url, str(calls).encode(), headers, method="POST")).close()

    @contextmanager
    def denied(self, of: str, action: str) -> Iterator[None]:
        """Take an action from the role of a function or of the state machine."""
        iam, role = self.client("iam"), self.role(of)
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]

        def without(statement: Json) -> Json:
            actions = statement["Action"]
            left = [one for one in ([actions] if isinstance(actions, str) else actions) if one != action]
            return statement | {"Action": left}

        whole = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
        less = [one for one in map(without, whole) if one["Action"]]
        if less == whole:
            raise RuntimeError(f"{role} has no {action}")
        try:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy | {"Statement": less}))
            yield
        finally:
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))

    # ── runs ───────────────────────────────────────────────────────────────

    def command(self, *words: str) -> list[str]:
        """The command that an engineer types."""
        file = self.folder / "resources.json"
        file.write_text(json.dumps(self.resources), encoding="utf-8")
        template = self.folder / "whole.json"
        template.write_text(json.dumps(self.template), encoding="utf-8")
        return [
            PROGRAM, "run", "--template", str(template), "--live", "--format", "json", "--resources", str(file),
            "--parameter", f"ReportEmail={READER}",
            "--endpoint-url", self.front.url, "--endpoint-url", f"rds-data={self.api.url}",
            *words,
        ]  # fmt: skip

    def run(self, request: Json = None, *words: str, timeout: float = 120) -> Json:
        """Run the state machine once, with an input."""
        name = str(uuid.uuid4())
        context = self.folder / f"context-{name}.json"
        context.write_text(json.dumps({"Execution": {"Name": name}}), encoding="utf-8")
        command = self.command("--input", "-", "--context", str(context), *words)
        ran = subprocess.run(
            command, input=json.dumps(request or {}), capture_output=True, text=True, env=self.environment(),
            timeout=timeout, check=False,
        )  # fmt: skip
        if not ran.stdout.strip():
            raise RuntimeError(f"nothing ran: {ran.stderr}")
        outcome = json.loads(ran.stdout)
        return outcome | {"name": name, "stderr": ran.stderr}

    def initialize(self) -> Json:
        """Run the function of the custom resource as CloudFormation would, and give its answer."""
        ((name, resource),) = [
            (name, one)
            for name, one in self.template["Resources"].items()
            if one["Type"] == "AWS::CloudFormation::CustomResource"
        ]
        function = resource["Properties"]["ServiceToken"]["Fn::GetAtt"][0]
        with answers() as (url, received):
            event = {
                "RequestType": "Create",
                "ResponseURL": url,
                "StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/1",
                "RequestId": str(uuid.uuid4()),
                "ResourceType": resource["Type"],
                "LogicalResourceId": name,
                "ResourceProperties": self.properties(resource["Properties"]),
            }
            outcome = self.invoke(function, event)
            if outcome["status"] != "SUCCEEDED":
                raise RuntimeError(f"{function} failed: {outcome}")
            (answer,) = received
        return answer

    def properties(self, value: Json) -> Json:
        """The properties of the custom resource as CloudFormation hands them over: all of them texts."""
        match value:
            case {"Ref": name} if name in self.template.get("Parameters", {}):
                return str(self.template["Parameters"][name]["Default"])
            case {"Ref": name}:
                return self.reference(name)
            case {"Fn::GetAtt": [name, *attribute]}:
                return self.attribute(name, ".".join(attribute))
            case dict():
                return {key: self.properties(one) for key, one in value.items()}
            case _:
                return str(value)

    def invoke(self, function: str, event: Json) -> Json:
        """Run one function of the template with an event, by a machine that does nothing else."""
        template = json.loads(json.dumps(self.template))
        (machine,) = self.of_type("AWS::StepFunctions::StateMachine")
        properties = template["Resources"][machine]["Properties"]
        for name in ("DefinitionString", "DefinitionSubstitutions", "DefinitionS3Location"):
            properties.pop(name, None)
        properties["Definition"] = {
            "StartAt": "Call",
            "States": {
                "Call": {
                    "Type": "Task",
                    "Resource": self.attribute(function, "Arn"),
                    "TimeoutSeconds": 600,
                    "End": True,
                }
            },
        }
        only = self.template
        self.template = template
        try:
            return self.run(event)
        finally:
            self.template = only

    def run_many(self, requests: list[Json], jobs: int, timeout: float = 900) -> tuple[list[Json], str]:
        """Run the state machine once for each input, several at once."""
        file = self.folder / "inputs.jsonl"
        file.write_text("\n".join(json.dumps(one) for one in requests), encoding="utf-8")
        command = self.command("--inputs", str(file), "--jobs", str(jobs))
        command = [word for at, word in enumerate(command) if word != "--format" and command[at - 1] != "--format"]
        ran = subprocess.run(
            command, capture_output=True, text=True, env=self.environment(), timeout=timeout, check=False
        )
        return [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr

    # ── what the reader has ────────────────────────────────────────────────

    def mails(self) -> list[dict[str, str]]:
        """The mails that were sent since the last look: subject and message."""
        sqs, found = self.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for one in messages:
                body = json.loads(one["Body"])
                found.append({"subject": body["Subject"], "message": body["Message"]})
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=one["ReceiptHandle"])
        return found

    def objects(self, prefix: str = "") -> dict[str, int]:
        """The objects in the bucket, with their sizes."""
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return {one["Key"]: one["Size"] for page in pages for one in page.get("Contents", [])}

    def forget(self) -> None:
        """Begin anew: no mail, no fault, no failure."""
        self.mails()
        self.front.rules.clear()
        self.front.seen.clear()
        self.front.now = Front.now
        self.api.failures.clear()
        self.api.calls.clear()
        self.api.pause.clear()


def link_in(mail: dict[str, str]) -> str:
    """The link that a mail has."""
    (link,) = re.findall(r"https?://\S+", mail["message"])
    return str(link)


@contextmanager
def answers() -> Iterator[tuple[str, list[Json]]]:
    """An address that takes the answer of a custom resource, as CloudFormation's does."""
    received: list[Json] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/answer", received
        finally:
            server.shutdown()


@contextmanager
def moto(*program: str) -> Iterator[int]:
    """Moto's server, in a process of its own."""
    port = database.free_port()
    command = [sys.executable, *(program or ("-m", "moto.server")), "-H", "127.0.0.1", "-p", str(port)]
    environment = os.environ | {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
    ) as process:
        try:
            front.wait_until(lambda: answers_on(port) or process.poll() is not None)
            yield port
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def answers_on(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running() -> Iterator[World]:
    """The whole world, deployed; nothing of it is left afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="coffee-report-e2e-")))
        (folder / "mariadb").mkdir()
        port = stack.enter_context(moto())
        proxy = stack.enter_context(front.running(port))
        server = stack.enter_context(database.running(folder / "mariadb"))
        world: World

        def credentials(arn: str) -> tuple[str, str]:
            secret = json.loads(world.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
            return secret["username"], secret["password"]

        api = stack.enter_context(data_api.running(server, credentials))
        world = World(synthesized(), port, proxy, api, server, folder)
        world.deploy()
        yield world
