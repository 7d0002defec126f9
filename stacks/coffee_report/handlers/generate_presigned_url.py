"""Sign a link to a report that anyone who holds it may open until it expires."""

import json
from datetime import UTC, datetime, timedelta
from os import environ

import boto3
from botocore.config import Config

# The regional, virtual-hosted address needs no redirect, in us-east-1 too.
ADDRESS = {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
s3 = boto3.client("s3", config=Config(signature_version="s3v4", s3=ADDRESS))


def handler(event: dict[str, str], _context: object) -> dict[str, str]:
    """Return the link, and until when it works as a reader of the mail says it."""
    seconds = 60 * int(environ["LINK_LIFETIME_MINUTES"])
    expires = f"{datetime.now(UTC) + timedelta(seconds=seconds):%A, %-d %B %Y, %H:%M UTC}"
    report = {"Bucket": environ["BUCKET"], "Key": event["key"]}
    url = s3.generate_presigned_url("get_object", Params=report, ExpiresIn=seconds)
    print(json.dumps({"key": event["key"], "expiresAt": expires}))
    return {"url": url, "expiresAt": expires}
