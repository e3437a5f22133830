"""The embedded stack as a whole: which parts there are, in which order they start, and what is done between."""

import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from local.settings import ROOT, LocalSettings
from local.stack import emulator, postgres, redis
from local.stack.deploy import Deployment, deploy
from local.stack.migrating import migrate
from local.stack.part import Part, PartError
from local.stack.probes import http_ok, listening
from local.stack.single import supervisor
from local.stack.supervisor import Supervisor

LEAST_FREE_BYTES: Final = 1024**3
"""Below this the first start (database, layers, deployment) may fail half-way: say so before anything is written."""


class Stack:
    """Everything that `make up` serves. Use as an asynchronous context manager; leaving it stops all."""

    def __init__(self, settings: LocalSettings, say: Callable[[str], None]) -> None:
        self.settings = settings
        self.say = say
        self._supervisor = Supervisor(say)
        self.deployment: Deployment | None = None

    async def __aenter__(self) -> "Stack":
        self.settings.state.mkdir(parents=True, exist_ok=True)
        self._check_single()
        self._check_disk()
        self.settings.pid_file.write_text(str(os.getpid()))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._supervisor.stop()
        self.settings.pid_file.unlink(missing_ok=True)

    async def start(self) -> None:
        """Start, migrate and deploy everything. Raises PartError naming the part, its log and the remedy."""
        self.say("starting database, Redis, AWS emulator, mail and demo service")
        await self._supervisor.start(self._first_parts())
        self.say("migrating the database")
        await migrate(self.settings)
        self.say("deploying (skipped when nothing has changed)")
        self.deployment = await deploy(self.settings)
        self.say("deployed" if self.deployment.changed else "nothing to deploy")
        await self._supervisor.start([self._edge(self.deployment)])

    async def died(self) -> PartError:
        """Wait until a part ends by itself for good and return the error that says which."""
        return await self._supervisor.wait()

    def _first_parts(self) -> list[Part]:
        settings, environment = self.settings, clean_environment()
        parts = [_beside(settings)]
        if not settings.outside_database:
            parts.append(postgres.part(settings, postgres.prepare(settings), environment))
        if not settings.outside_redis:
            parts.append(redis.part(settings, environment))
        if not settings.outside_aws:
            parts.append(emulator.part(settings, environment))
        return parts

    def _edge(self, deployment: Deployment) -> Part:
        settings = self.settings
        arguments = (
            "--aws-url", settings.aws_url,
            "--http-api", deployment.http_api,
            "--websocket-api", deployment.websocket_api,
            "--content-port", str(settings.content_port),
            "--listen", settings.listen,
        )  # fmt: skip
        ports = {settings.edge_port: "STEPWEAVE_PORT", settings.content_port: "STEPWEAVE_CONTENT_PORT"}
        return _service("edge", settings, ports, listening(settings.edge_port), *arguments)

    def _check_single(self) -> None:
        other = supervisor(self.settings)
        if other is not None:
            raise PartError(f"Stepweave already runs here (process {other.pid}).\n  `make down` ends it.")

    def _check_disk(self) -> None:
        free = shutil.disk_usage(self.settings.state).free
        if free < LEAST_FREE_BYTES:
            raise PartError(
                f"the disk of {self.settings.state} has {free // 1024**2} MB left; 1 GB is needed.\n"
                "  Free some space, or set STEPWEAVE_STATE_DIR to another disk."
            )


def _beside(settings: LocalSettings) -> Part:
    ports = {
        settings.mail_port: "STEPWEAVE_MAIL_PORT",
        settings.smtp_port: "STEPWEAVE_SMTP_PORT",
        settings.demo_port: "STEPWEAVE_DEMO_PORT",
    }
    arguments = ("--smtp-port", str(settings.smtp_port), "--demo-port", str(settings.demo_port))
    return _service("beside", settings, ports, http_ok(settings.demo_port, "/health"), *arguments)


def _service(
    name: str, settings: LocalSettings, ports: Mapping[int, str], ready: Callable[[], Awaitable[bool]], *arguments: str
) -> Part:
    """The part that runs `local.services.<name>`, at the first of `ports`."""
    return Part(
        name=name,
        command=[sys.executable, "-m", f"local.services.{name}", "--port", str(next(iter(ports))), *arguments],
        ready=ready,
        log=settings.logs / f"{name}.log",
        ports=ports,
        environment=clean_environment(),
        cwd=ROOT,
    )


def clean_environment() -> dict[str, str]:
    """Return the little of our environment that a part needs: nothing a workflow could find a secret in."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ}
