"""Writes the receipt of an order into the archive."""

import os

import boto3
from lib.text import receipt

s3 = boto3.client("s3")


def handler(event, _context):
    key = f"receipts/{event['order']}.txt"
    s3.put_object(Bucket=os.environ["ARCHIVE"], Key=key, Body=receipt(event["order"], event["items"]).encode())
    return {"archive": os.environ["ARCHIVE"], "topic": os.environ["TOPIC"], "key": key}
