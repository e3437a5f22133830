"""Serves n8n on a Postgres of its own while a benchmark runs, with the workflows that are measured published."""

import asyncio
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import psutil

from benchmarks.database import fresh_postgres
from benchmarks.n8n.install import Installed, Unavailable
from local.settings import HOST, LocalSettings
from local.stack.part import Part, PartError, RunningPart
from local.stack.ports import free_port
from local.stack.probes import http_ok
from local.stack.stack import clean_environment

START_SECONDS: Final = 240.0
"""Its first start makes some two hundred migrations."""


@dataclass(frozen=True)
class Served:
    """Where it answers, and the processes that are its own: n8n and its Postgres."""

    url: str
    processes: list[int]


@contextmanager
def served(programs: Installed, documents: list[dict[str, Any]]) -> Iterator[Served]:
    """Serve n8n with these workflows while the block runs. Raises Unavailable."""
    with (
        fresh_postgres() as settings,
        tempfile.TemporaryDirectory(prefix="stepweave-n8n-") as home,
        asyncio.Runner() as runner,
    ):
        port = free_port()
        try:
            running = runner.run(RunningPart.start(_part(programs, settings, Path(home), port)))
        except PartError as error:
            raise Unavailable(str(error)) from error
        try:
            url = f"http://{HOST}:{port}"
            _publish(url, documents)
            yield Served(url, [running.process.pid, _server(settings)])
        finally:
            runner.run(running.stop())


def _part(programs: Installed, settings: LocalSettings, home: Path, port: int) -> Part:
    database = urlsplit(settings.postgres_url)
    environment = {
        **clean_environment(),
        "DB_TYPE": "postgresdb",
        "DB_POSTGRESDB_HOST": database.hostname or HOST,
        "DB_POSTGRESDB_PORT": str(database.port),
        "DB_POSTGRESDB_USER": database.username or "",
        "DB_POSTGRESDB_PASSWORD": database.password or "",
        "DB_POSTGRESDB_DATABASE": database.path[1:],
        "N8N_USER_FOLDER": str(home),
        "N8N_LISTEN_ADDRESS": HOST,
        "N8N_PORT": str(port),
        "N8N_SECURE_COOKIE": "false",
        "N8N_RUNNERS_ENABLED": "false",  # code runs in its own process: the faster way
        "N8N_DIAGNOSTICS_ENABLED": "false",
        "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
        "N8N_TEMPLATES_ENABLED": "false",
        "NODE_ENV": "production",
    }
    return Part(
        name="n8n",
        command=[str(programs.node), str(programs.n8n), "start"],
        ready=http_ok(port, "/rest/settings"),
        log=home / "n8n.log",
        environment=environment,
        ready_seconds=START_SECONDS,
        remedy="Remove the folder of n8n to install it anew.",
        cwd=home,
    )


def _publish(url: str, documents: list[dict[str, Any]]) -> None:
    """Make the owner, and make and publish the workflows. Raises Unavailable."""
    owner = {"email": "owner@example.com", "password": f"Aa1{secrets.token_hex(12)}"}
    try:
        with httpx.Client(base_url=f"{url}/rest", timeout=60, trust_env=False) as client:
            _until_started(client)
            _ask(client, "/owner/setup", {**owner, "firstName": "Bench", "lastName": "Mark"})
            _ask(client, "/login", {"emailOrLdapLoginId": owner["email"], "password": owner["password"]})
            for document in documents:
                made = _ask(client, "/workflows", document)
                _ask(client, f"/workflows/{made['id']}/activate", {"versionId": made["versionId"]})
    except httpx.HTTPError as error:
        raise Unavailable(f"its API cannot be used: {error}") from error


def _until_started(client: httpx.Client) -> None:
    """Wait until its API answers in JSON: before, a page says that it starts, with status 200."""
    limit = time.monotonic() + START_SECONDS
    while "json" not in client.get("/settings").headers.get("content-type", ""):
        if time.monotonic() > limit:
            raise Unavailable(f"it had not started after {START_SECONDS:.0f} s")
        time.sleep(0.3)


def _ask(client: httpx.Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(path, json=body)
    if not answer.is_success:
        raise Unavailable(f"{path} answered {answer.status_code}: {answer.text[:300]}")
    data: dict[str, Any] = answer.json()["data"]
    return data


def _server(settings: LocalSettings) -> int:
    """Return the process of the Postgres that serves there."""
    first_line = (settings.state / "postgres" / "postmaster.pid").read_text().splitlines()[0]
    return psutil.Process(int(first_line)).pid
