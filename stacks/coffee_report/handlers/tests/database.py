"""A MariaDB server of the tests' own, in a temporary directory, reachable on a loopback port only."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path
from typing import Any

import pymysql

ADMIN = ("admin", "Admin-password1")
# What the master user of an RDS MySQL database holds: neither SUPER nor FILE.
RDS_PRIVILEGES = """SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER,
SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE,
CREATE USER, EVENT, TRIGGER"""


@dataclass
class Server:
    port: int

    def connect(self, user: str, password: str, database: str | None = None) -> Any:
        return pymysql.connect(
            host="127.0.0.1",
            port=self.port,
            user=user,
            password=password,
            database=database,
            charset="utf8mb4",
            autocommit=True,
        )

    def query(self, sql: str, database: str | None = None) -> list[Any]:
        """Run a statement as administrator, past the Data API."""
        with self.connect(*ADMIN, database=database) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def need(program: str) -> str:
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise RuntimeError(f"{program} is missing: install MariaDB (Debian: apt-get install mariadb-server)")
    return path


@contextmanager
def running(directory: Path) -> Iterator[Server]:
    """Start a server on an empty data directory; stop it at the end."""
    data, address = directory / "data", directory / "socket"
    subprocess.run(
        [
            need("mariadb-install-db"),
            "--no-defaults",
            f"--datadir={data}",
            f"--user={getuser()}",
            "--skip-test-db",
            "--auth-root-authentication-method=normal",
        ],
        check=True,
        capture_output=True,
    )
    port = free_port()
    command = [
        need("mariadbd"),
        "--no-defaults",
        f"--datadir={data}",
        f"--user={getuser()}",
        f"--socket={address}",
        f"--port={port}",
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--innodb-flush-log-at-trx-commit=0",
        "--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO",
    ]
    with (directory / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            for _ in range(300):
                try:
                    root = pymysql.connect(unix_socket=str(address), user="root", autocommit=True)
                    break
                except pymysql.OperationalError:
                    if process.poll() is not None:
                        break
                    time.sleep(0.1)
            else:
                process.kill()
            if process.poll() is not None:
                raise RuntimeError(f"MariaDB did not start:\n{(directory / 'log').read_text()}")
            with root, root.cursor() as cursor:
                cursor.execute("CREATE USER %s@'%%' IDENTIFIED BY %s", ADMIN)
                cursor.execute(f"GRANT {RDS_PRIVILEGES} ON *.* TO 'admin'@'%' WITH GRANT OPTION")
            yield Server(port)
        finally:
            process.terminate()
