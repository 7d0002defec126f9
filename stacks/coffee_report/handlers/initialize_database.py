"""Custom resource: the coffee tables, their read-only user and, if asked, sample rows; Delete leaves them all."""

import json
import re
import signal
import time
from collections.abc import Callable
from typing import Any

import boto3
import urllib3
from botocore.exceptions import BotoCoreError, ClientError

Row = dict[str, Any]
# A username and a password: nothing that SQL, JDBC or the Data API could read as more than text.
READER = "[A-Za-z][A-Za-z0-9_]{0,31} [A-Za-z0-9_.!#%&*+=@^~-]{8,128}"
# Errors of SQL, but for what passes.
SQL = "BadRequest|DatabaseError"
PASSING = "Access denied for user|HttpEndpoint|link failure|is resuming"
TABLES = (
    """CREATE TABLE IF NOT EXISTS suppliers (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(200) NOT NULL,
address VARCHAR(200), city VARCHAR(100), state VARCHAR(100), email VARCHAR(254), phone VARCHAR(50)) CHARSET utf8mb4""",
    """CREATE TABLE IF NOT EXISTS beans (id INT AUTO_INCREMENT PRIMARY KEY, supplier_id INT NOT NULL,
type VARCHAR(100) NOT NULL, product_name VARCHAR(200) NOT NULL, price DECIMAL(8,2) NOT NULL, description VARCHAR(2000),
quantity INT NOT NULL DEFAULT 0, KEY (supplier_id, id), FOREIGN KEY (supplier_id) REFERENCES suppliers (id))
CHARSET utf8mb4""",
)
# An address in .example marks a supplier of the sample, which may be half-made.
REAL = "SELECT 1 FROM beans UNION SELECT 1 FROM suppliers WHERE IFNULL(email, '') NOT LIKE '%.example'"
SAMPLE = (
    """INSERT IGNORE INTO suppliers VALUES
(1, 'Harbor Roasters', '12 Pier Road', 'Portland', 'Oregon', 'orders@harbor.example', '+1 503 555 0142'),
(2, 'Alta Finca', '48 Canyon Street', 'Santa Fe', 'New Mexico', 'hi@altafinca.example', NULL)""",
    """INSERT IGNORE INTO beans VALUES (1, 1, 'Arabica', 'Harbor Blend', 14.50, 'Chocolate', 120),
(2, 1, 'Arabica', 'Yirgacheffe', 19, 'Jasmine', 36), (3, 1, 'Robusta', 'Night Watch', 12.25, 'Thick crema', 8),
(4, 2, 'Arabica', 'Geisha Reserve', 48, 'Floral', 4), (5, 2, 'Arabica', 'Mesa Decaf', 15.50, 'Red apple', 40),
(6, 2, 'Liberica', 'Barako', 21, NULL, 15)""",
)
data_api = boto3.client("rds-data")
secrets = boto3.client("secretsmanager")
RETRY = urllib3.Retry(3, backoff_factor=0.3, status_forcelist=range(500, 600), allowed_methods=None)
http = urllib3.PoolManager(headers={"Content-Type": ""}, timeout=3, retries=RETRY)


def persist(call: Callable[..., Row], **arguments: Any) -> Row:
    """Repeat a call until it succeeds or SQL is wrong: what is new is not known everywhere."""
    while True:
        try:
            return call(**arguments)
        except (BotoCoreError, ClientError) as error:
            if re.search(SQL, str(error)) and not re.search(PASSING, str(error)):
                raise
            time.sleep(2)


def run(admin: Row, sql: str) -> Any:
    """Execute a statement; its first value, if any."""
    records = persist(data_api.execute_statement, **admin, sql=sql).get("records")
    return next(iter(records[0][0].values())) if records else None


def make_reader(admin: Row, arn: str) -> None:
    """Create or reset the user of the reader's secret, who may only SELECT."""
    secret = json.loads(persist(secrets.get_secret_value, SecretId=arn)["SecretString"])
    user, password = secret["username"], secret["password"]
    if not re.fullmatch(READER, f"{user} {password}"):
        raise ValueError(f"username and password of the reader's secret do not match {READER}")
    if run(admin, "SELECT CURRENT_USER()").split("@")[0] == user:
        raise ValueError("the reader's secret names the administrator")
    reader = f"'{user}'@'%'"
    try:
        for verb in ("CREATE USER IF NOT EXISTS", "ALTER USER"):
            run(admin, f"{verb} {reader} IDENTIFIED BY '{password}'")
    except ClientError as error:
        # The database may quote the statement: keep its text out of logs and events.
        raise RuntimeError(f"cannot make the reader: {error.response['Error']['Code']}") from None
    run(admin, f"REVOKE ALL PRIVILEGES, GRANT OPTION FROM {reader}")
    run(admin, f"GRANT SELECT ON `{admin['database']}`.* TO {reader}")


def initialize(properties: Row) -> None:
    """Bring the database to the wanted state from any other."""
    database = properties["Database"]
    if not re.fullmatch("[A-Za-z][A-Za-z0-9]{0,63}", database):
        raise ValueError("expected Database to be 1 to 64 letters and digits")
    admin = {"resourceArn": properties["ClusterArn"], "secretArn": properties["AdminSecretArn"]}
    run(admin, f"CREATE DATABASE IF NOT EXISTS `{database}`")
    admin["database"] = database
    for table in TABLES:
        run(admin, table)
    make_reader(admin, properties["ReaderSecretArn"])
    if properties.get("SampleData") == "true" and not run(admin, REAL):
        for rows in SAMPLE:
            run(admin, rows)


def handler(event: Row, context: Any) -> None:
    """Serve one request of CloudFormation and answer it."""
    reason = ""
    try:
        if event["RequestType"] != "Delete":
            # KeyboardInterrupt passes any `except Exception`; 15 seconds are kept for the answer.
            signal.signal(signal.SIGALRM, signal.default_int_handler)
            signal.setitimer(signal.ITIMER_REAL, max(context.get_remaining_time_in_millis() / 1000 - 15, 0.001))
            try:
                initialize(event["ResourceProperties"])
            finally:
                signal.alarm(0)
    except KeyboardInterrupt as error:
        reason = f"ran out of time: {error.__context__ or 'the database did not answer'}"
    except Exception as error:  # noqa: BLE001 - the stack must hear of it
        reason = f"{type(error).__name__}: {error}"
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId") or event["LogicalResourceId"]
    outcome = {"Status": "FAILED" if reason else "SUCCESS", "Reason": reason[:400]}
    print(json.dumps({"RequestType": event.get("RequestType"), **outcome}))
    response = http.request("PUT", event["ResponseURL"], body=json.dumps(answer | outcome))
    if response.status >= 400:
        raise RuntimeError(f"CloudFormation refused the answer: HTTP {response.status}")
