"""The link to a report."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from conftest import BUCKET, World

KEY = "reports/2f0c6f0e-5b0a.html"


@pytest.fixture(autouse=True)
def _real_addresses(world: World) -> None:
    """Links are made without a request: here S3's own addresses are what counts."""
    world.environment.delenv("AWS_ENDPOINT_URL_S3")


def link(world: World, key: str = KEY) -> dict[str, str]:
    result: dict[str, str] = world.load("generate_presigned_url").handler({"key": key}, None)
    return result


@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("eu-west-1", "amazonaws.com"),
        ("us-east-1", "amazonaws.com"),
        ("us-gov-west-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
    ],
)
def test_the_address_is_the_bucket_s_own_in_its_region(world: World, region: str, suffix: str) -> None:
    world.environment.setenv("AWS_DEFAULT_REGION", region)
    parts = urlsplit(link(world)["url"])
    assert (parts.scheme, parts.netloc, parts.path) == ("https", f"{BUCKET}.s3.{region}.{suffix}", f"/{KEY}")
    assert parse_qs(parts.query)["X-Amz-Credential"][0].split("/")[2] == region


def test_the_signature_is_version_4_and_right(world: World) -> None:
    parts = urlsplit(link(world)["url"])
    query = {name: value for name, (value,) in parse_qs(parts.query).items()}
    signature = query.pop("X-Amz-Signature")
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert query["X-Amz-SignedHeaders"] == "host"
    canonical = "\n".join(
        [
            "GET",
            parts.path,
            "&".join(f"{quote(name, '')}={quote(value, '')}" for name, value in sorted(query.items())),
            f"host:{parts.netloc}\n",
            "host",
            "UNSIGNED-PAYLOAD",
        ]
    )
    _, scope = query["X-Amz-Credential"].split("/", 1)
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{query['X-Amz-Date']}\n{scope}\n{digest}"
    key = b"AWS4example"
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    assert signature == hmac.digest(key, text.encode(), "sha256").hex()


@pytest.mark.parametrize("minutes", [1, 15, 720])
def test_the_link_says_when_it_expires_and_does_not_expire_earlier(world: World, minutes: int) -> None:
    world.environment.setenv("LINK_LIFETIME_MINUTES", str(minutes))
    result = link(world)
    query = parse_qs(urlsplit(result["url"]).query)
    assert query["X-Amz-Expires"] == [str(minutes * 60)]
    signed = datetime.strptime(query["X-Amz-Date"][0] + "+0000", "%Y%m%dT%H%M%SZ%z")
    promised = datetime.strptime(result["expiresAt"] + " +0000", "%A, %d %B %Y, %H:%M UTC %z")
    slack = signed + timedelta(minutes=minutes) - promised
    assert timedelta() <= slack < timedelta(seconds=62)


def test_a_session_token_is_part_of_the_link(world: World) -> None:
    world.environment.setenv("AWS_SESSION_TOKEN", "token of the role")
    assert parse_qs(urlsplit(link(world)["url"]).query)["X-Amz-Security-Token"] == ["token of the role"]


def test_a_key_with_any_characters_is_escaped(world: World) -> None:
    parts = urlsplit(link(world, "reports/ü b&c=d?#é.html")["url"])
    assert parts.path == "/reports/%C3%BC%20b%26c%3Dd%3F%23%C3%A9.html"


def test_the_log_does_not_hold_the_link(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    result = link(world)
    assert json.loads(capsys.readouterr().out) == {"key": KEY, "expiresAt": result["expiresAt"]}
