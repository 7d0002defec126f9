"""CloudFormation custom resource: the coffee tables, their read-only user and, if asked, sample rows.

Every request is answered; repeating one changes nothing; Delete leaves the data alone.
"""

import json
import re
import signal
import time
from typing import Any

import boto3
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError

Row = dict[str, Any]
RESERVE = 15  # seconds kept back for the answer
WAKING = "DatabaseResuming|is resuming|Communications link failure"
NAME = r"[A-Za-z][A-Za-z0-9_]{0,31}"
# Nothing that SQL, JDBC or the Data API could read as more than text.
SAFE = r"[A-Za-z0-9_.!#%&*+=@^~-]{8,128}"
TABLES = (
    """CREATE TABLE IF NOT EXISTS suppliers (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(200) NOT NULL,
address VARCHAR(200), city VARCHAR(100), state VARCHAR(100), email VARCHAR(254), phone VARCHAR(50))
CHARSET utf8mb4""",
    """CREATE TABLE IF NOT EXISTS beans (id INT AUTO_INCREMENT PRIMARY KEY, supplier_id INT NOT NULL,
type VARCHAR(100) NOT NULL, product_name VARCHAR(200) NOT NULL, price DECIMAL(8,2) NOT NULL,
description VARCHAR(2000), quantity INT NOT NULL DEFAULT 0, KEY (supplier_id, id),
FOREIGN KEY (supplier_id) REFERENCES suppliers (id)) CHARSET utf8mb4""",
)
# Sample suppliers have addresses in .example, so that a half-made sample is known from real rows.
EMPTY = """SELECT (SELECT COUNT(*) FROM beans)
+ (SELECT COUNT(*) FROM suppliers WHERE email IS NULL OR email NOT LIKE '%.example')"""
SAMPLE = (
    """INSERT IGNORE INTO suppliers VALUES
(1, 'Harbor Roasters', '12 Pier Road', 'Portland', 'Oregon', 'orders@harbor.example', '+1 503 555 0142'),
(2, 'Alta Finca', '48 Canyon Street', 'Santa Fe', 'New Mexico', 'hi@altafinca.example', '+1 505 555 0117'),
(3, 'Blue Ridge Imports', '7 Mill Lane', 'Asheville', 'North Carolina', 'sales@blueridge.example', NULL)""",
    """INSERT INTO beans (supplier_id, type, product_name, price, description, quantity) VALUES
(1, 'Arabica', 'Harbor House Blend', 14.50, 'Chocolate and almond', 120),
(1, 'Arabica', 'Yirgacheffe', 19.00, 'Jasmine and bergamot', 36),
(1, 'Robusta', 'Night Watch Espresso', 12.25, 'Dark, thick crema', 8),
(2, 'Arabica', 'Huehuetenango', 17.75, 'Red apple and caramel', 54),
(2, 'Arabica', 'Geisha Reserve', 48.00, 'Floral, small lot', 4),
(2, 'Arabica', 'Mesa Decaf', 15.50, 'Mountain water process', 40),
(3, 'Arabica', 'Sumatra Mandheling', 16.00, 'Cedar and dark cocoa', 75),
(3, 'Liberica', 'Barako', 21.00, NULL, 15)""",
)
data_api = boto3.client("rds-data", config=Config(connect_timeout=5, read_timeout=60))
secrets = boto3.client("secretsmanager")
http = urllib3.PoolManager()


class OutOfTime(BaseException):
    """Time to answer; no `except Exception` may swallow this."""


def out_of_time(_signal: int, _frame: object) -> None:
    """Interrupt whatever is going on."""
    raise OutOfTime


def run(properties: Row, sql: str, **arguments: str) -> Any:
    """Execute a statement as administrator, waiting for a paused database; its first value, if any."""
    delay = 1.0
    while True:
        try:
            cluster = {"resourceArn": properties["ClusterArn"], "secretArn": properties["AdminSecretArn"]}
            records = data_api.execute_statement(**cluster, **arguments, sql=sql).get("records")
            return next(iter(records[0][0].values())) if records else None
        except ClientError as error:
            if not re.search(WAKING, str(error)):
                raise
            time.sleep(delay)
            delay = min(delay * 1.5, 15)


def make_reader(properties: Row, database: str) -> None:
    """Create or reset the user of the reader's secret, who may only SELECT."""
    secret = json.loads(secrets.get_secret_value(SecretId=properties["ReaderSecretArn"])["SecretString"])
    user, password = secret["username"], secret["password"]
    if not re.fullmatch(NAME, user) or not re.fullmatch(SAFE, password):
        raise ValueError(f"the reader's secret needs a username {NAME} and a password {SAFE}")
    if run(properties, "SELECT CURRENT_USER()").split("@")[0] == user:
        raise ValueError("the reader's secret names the administrator")
    try:
        run(properties, f"CREATE USER IF NOT EXISTS '{user}'@'%' IDENTIFIED BY '{password}'")
        run(properties, f"ALTER USER '{user}'@'%' IDENTIFIED BY '{password}'")
    except ClientError as error:
        # The database may quote the statement: keep its text out of logs and events.
        raise RuntimeError(f"cannot make the reader: {error.response['Error']['Code']}") from None
    run(properties, f"REVOKE ALL PRIVILEGES, GRANT OPTION FROM '{user}'@'%'")
    run(properties, f"GRANT SELECT ON `{database}`.* TO '{user}'@'%'")


def initialize(properties: Row) -> None:
    """Bring the database to the wanted state from any other."""
    database = properties["Database"]
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,63}", database):
        raise ValueError("expected Database to be 1 to 64 letters and digits")
    run(properties, f"CREATE DATABASE IF NOT EXISTS `{database}` CHARSET utf8mb4")
    for table in TABLES:
        run(properties, table, database=database)
    make_reader(properties, database)
    if properties.get("SampleData") == "true" and run(properties, EMPTY, database=database) == 0:
        for rows in SAMPLE:
            run(properties, rows, database=database)


def attempt(event: Row, seconds: float) -> str:
    """Do what is asked; why it failed, or an empty string."""
    try:
        if event["RequestType"] == "Delete":
            return ""
        signal.signal(signal.SIGALRM, out_of_time)
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))
        try:
            initialize(event["ResourceProperties"])
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except OutOfTime as error:
        return f"ran out of time: {error.__context__ or 'the database did not answer'}"
    except Exception as error:  # noqa: BLE001 - whatever it is, the stack must hear of it
        return f"{type(error).__name__}: {error}"
    return ""


def handler(event: Row, context: Any) -> None:
    """Serve one request of CloudFormation and answer it."""
    reason = attempt(event, context.get_remaining_time_in_millis() / 1000 - RESERVE)
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer["PhysicalResourceId"] = event.get("PhysicalResourceId") or event["LogicalResourceId"]
    outcome = {"Status": "FAILED" if reason else "SUCCESS", "Reason": reason[:400]}
    print(json.dumps({"RequestType": event.get("RequestType"), **outcome}))
    response = http.request(
        "PUT",
        event["ResponseURL"],
        body=json.dumps(answer | outcome).encode(),
        headers={"Content-Type": ""},
        timeout=3,
        retries=urllib3.Retry(3, backoff_factor=0.3, status_forcelist=range(500, 600), allowed_methods=None),
    )
    if response.status >= 400:
        raise RuntimeError(f"CloudFormation did not take the answer: HTTP status {response.status}")
