"""The world around the handlers: MariaDB behind a Data API, S3 and Secrets Manager by moto."""

import functools
import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import contract
import data_api
import database
import pytest
from data_api import DataApi
from database import ADMIN, Server
from moto.server import ThreadedMotoServer

HANDLERS = Path(__file__).parent.parent
BUCKET = "coffee-reports"
REGION = "eu-west-1"
CLUSTER = f"arn:aws:rds:{REGION}:123456789012:cluster:coffee"
READER = ("report_reader", "Reader-password1")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with database.running(tmp_path_factory.mktemp("mariadb")) as running:
        yield running


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


@functools.cache
def clients() -> tuple[Any, Any]:
    """The tests' own S3 and Secrets Manager clients, which take their time to make."""
    return boto3.client("s3"), boto3.client("secretsmanager")


class World:
    """What a test arranges and looks at."""

    def __init__(self, server: Server, environment: pytest.MonkeyPatch, *, by_contract: bool) -> None:
        self.server = server
        self.environment = environment
        self.by_contract = by_contract
        self.s3, self.secrets = clients()
        self.admin_arn = self.secret("admin", *ADMIN)
        self.reader_arn = self.secret("reader", *READER)
        self.api: DataApi

    def secret(self, name: str, username: str, password: str) -> str:
        text = json.dumps({"username": username, "password": password})
        try:
            arn: str = self.secrets.create_secret(Name=name, SecretString=text)["ARN"]
        except self.secrets.exceptions.ResourceExistsException:
            arn = self.secrets.put_secret_value(SecretId=name, SecretString=text)["ARN"]
        return arn

    def credentials(self, arn: str) -> tuple[str, str]:
        secret = json.loads(self.secrets.get_secret_value(SecretId=arn)["SecretString"])
        return secret["username"], secret["password"]

    def load(self, name: str) -> ModuleType:
        """Import a handler as Lambda does, afresh and as `index`; its calls are held against the contract."""
        spec = importlib.util.spec_from_file_location("index", HANDLERS / f"{name}.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        boto3.DEFAULT_SESSION = None
        spec.loader.exec_module(module)
        if self.by_contract:
            vars(module)["handler"] = self.checked(name, module.handler)
        return module

    def checked(self, name: str, handler: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """The handler, failing the test when an event, a result or an inventory is not as contract.rs has it."""

        def checked(event: Any, context: Any) -> Any:
            contract.check(f"{name}_event", event)
            if name == "generate_html":
                contract.check("inventory", json.loads(self.read(event["inventoryKey"])))
            result = handler(event, context)
            # What initialize_database has to say it does not return, but sends: the tests' CloudFormation checks it.
            if name != "initialize_database":
                contract.check(f"{name}_result", result)
            if name == "generate_report_data":
                contract.check("inventory", json.loads(self.read(result["key"])))
            return result

        return checked

    def read(self, key: str) -> str:
        body: bytes = self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return body.decode()

    def write(self, key: str, text: str) -> str:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=text.encode())
        return key

    def keys(self) -> list[str]:
        return [one["Key"] for one in self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]

    def create_tables(self) -> None:
        """The tables and the reader, made by the handler that makes them in production."""
        handler = self.load("initialize_database")
        handler.initialize(self.properties())
        self.api.calls.clear()

    def properties(self, **changes: str) -> dict[str, str]:
        return {
            "ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:initialize",
            "ClusterArn": CLUSTER,
            "AdminSecretArn": self.admin_arn,
            "ReaderSecretArn": self.reader_arn,
            "Database": "coffee",
            "SampleData": "false",
            "Version": "9bc00940b3a21d75",
        } | changes

    def insert(self, table: str, *rows: tuple[Any, ...]) -> None:
        with self.server.connect(*ADMIN, database="coffee") as connection, connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)


@pytest.fixture
def world(
    server: Server, moto_url: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[World]:
    for name, value in {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_ENDPOINT_URL_S3": moto_url,
        "AWS_ENDPOINT_URL_SECRETS_MANAGER": moto_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "BUCKET": BUCKET,
        "CLUSTER_ARN": CLUSTER,
        "DATABASE": "coffee",
        "LINK_LIFETIME_MINUTES": "15",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.DEFAULT_SESSION = None
    beyond = request.node.get_closest_marker("beyond_the_contract")
    world = World(server, monkeypatch, by_contract=not beyond)
    world.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    server.query("DROP DATABASE IF EXISTS coffee")
    server.query(f"DROP USER IF EXISTS '{READER[0]}'@'%'")
    with data_api.running(server, world.credentials) as world.api:
        monkeypatch.setenv("AWS_ENDPOINT_URL_RDS_DATA", world.api.url)
        monkeypatch.setenv("SECRET_ARN", world.reader_arn)
        yield world
        world.api.pause.clear()
    for key in world.keys():  # noqa: SIM118 - a method, not a dict
        world.s3.delete_object(Bucket=BUCKET, Key=key)
    world.s3.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def context() -> Callable[[float], Any]:
    """A Lambda context that says how many seconds are left."""

    def make(seconds: float) -> Any:
        return SimpleNamespace(get_remaining_time_in_millis=lambda: int(seconds * 1000))

    return make
