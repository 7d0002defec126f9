"""Sign a link to a report that anyone who holds it may open until it expires."""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

# The regional, virtual-hosted address is the one that needs no redirect, in us-east-1 too.
s3 = boto3.client(
    "s3",
    config=Config(
        signature_version="s3v4",
        s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    ),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Return the link and the moment (UTC) from which it is refused."""
    lifetime = timedelta(minutes=int(os.environ["LINK_LIFETIME_MINUTES"]))
    expires = datetime.now(UTC) + lifetime
    url: str = s3.generate_presigned_url(
        "get_object",
        Params={"Bucket": os.environ["BUCKET"], "Key": event["key"]},
        ExpiresIn=int(lifetime.total_seconds()),
    )
    print(json.dumps({"key": event["key"], "expiresAt": f"{expires:%Y-%m-%dT%H:%M:%SZ}"}))
    return {"url": url, "expiresAt": f"{expires:%Y-%m-%dT%H:%M:%SZ}"}
