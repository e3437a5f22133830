"""Where everything on one machine lives: folders, ports and outside endpoints, all from the environment with defaults.

| variable | default | what |
| --- | --- | --- |
| `STEPWEAVE_STATE_DIR` | `.stepweave/state` | all state: database, Redis, emulator, secrets; `make reset` clears it |
| `STEPWEAVE_PORT` | 8400 | the product (edge) |
| `STEPWEAVE_MAIL_PORT`, `STEPWEAVE_SMTP_PORT` | 8401, 8402 | inbox page, SMTP |
| `STEPWEAVE_DEMO_PORT` | 8403 | demo service, with the local language model |
| `STEPWEAVE_LOCAL_MODEL` | 1 | 0: no language model on this machine |
| `STEPWEAVE_POSTGRES_PORT`, `STEPWEAVE_REDIS_PORT` | 8404, 8405 | embedded servers |
| `STEPWEAVE_CONTENT_PORT` | 8406 | what tenants write: webhooks, forms, chats (edge) |
| `STEPWEAVE_EMULATOR_PORT` | 4566 | AWS emulator |
| `STEPWEAVE_AWS_ENDPOINT` | | an AWS emulator that already runs, instead of the embedded one |
| `STEPWEAVE_DATABASE_URL` | | a Postgres that already runs (a role that may create roles and databases) |
| `STEPWEAVE_REDIS_URL` | | a Redis that already runs |
| `STEPWEAVE_LISTEN` | 127.0.0.1 | the address that app and content are served at |
| `STEPWEAVE_ALLOW_REMOTE` | | 1: `STEPWEAVE_LISTEN` may be an address that other machines reach |
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

ROOT: Final = Path(__file__).resolve().parent.parent
REGION: Final = "us-east-1"
ACCOUNT: Final = "000000000000"
PREFIX: Final = "stepweave-local"
DEMO_EMAIL: Final = "demo@stepweave.dev"
DEMO_PASSWORD: Final = "stepweave-demo"  # noqa: S105  # printed at every start; it guards a laptop's demo tenant
HOST: Final = "127.0.0.1"
REDIS_USER: Final = "stepweave_app"
CONTENT_HOST: Final = "localhost"


def has_local_model(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether a language model is served on this machine."""
    return environment.get("STEPWEAVE_LOCAL_MODEL") != "0"


class SettingsError(Exception):
    """A setting in the environment cannot be used. `str()` names it and says what it takes."""


@dataclass(frozen=True)
class Secrets:
    """What is made at random on the first start and kept in the state folder."""

    jwt: str
    app_password: str
    demo_password: str
    postgres_password: str
    redis_password: str
    redis_app_password: str


@dataclass(frozen=True)
class LocalSettings:
    """Folders, ports and endpoints of one embedded stack."""

    state: Path
    edge_port: int = 8400
    mail_port: int = 8401
    smtp_port: int = 8402
    demo_port: int = 8403
    postgres_port: int = 8404
    redis_port: int = 8405
    content_port: int = 8406
    emulator_port: int = 4566
    outside_aws: str | None = None
    outside_database: str | None = None
    outside_redis: str | None = None
    listen: str = HOST

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "LocalSettings":
        """Read the settings. Raises SettingsError for a port that is none, or an address that lets others in."""
        state = Path(environment.get("STEPWEAVE_STATE_DIR") or ROOT / ".stepweave" / "state").resolve()
        return cls(
            state=state,
            edge_port=_port(environment, "STEPWEAVE_PORT", cls.edge_port),
            mail_port=_port(environment, "STEPWEAVE_MAIL_PORT", cls.mail_port),
            smtp_port=_port(environment, "STEPWEAVE_SMTP_PORT", cls.smtp_port),
            demo_port=_port(environment, "STEPWEAVE_DEMO_PORT", cls.demo_port),
            postgres_port=_port(environment, "STEPWEAVE_POSTGRES_PORT", cls.postgres_port),
            redis_port=_port(environment, "STEPWEAVE_REDIS_PORT", cls.redis_port),
            content_port=_port(environment, "STEPWEAVE_CONTENT_PORT", cls.content_port),
            emulator_port=_port(environment, "STEPWEAVE_EMULATOR_PORT", cls.emulator_port),
            outside_aws=environment.get("STEPWEAVE_AWS_ENDPOINT") or None,
            outside_database=environment.get("STEPWEAVE_DATABASE_URL") or None,
            outside_redis=environment.get("STEPWEAVE_REDIS_URL") or None,
            listen=_listen(environment),
        )

    @property
    def logs(self) -> Path:
        """The folder of the parts' logs."""
        return self.state / "logs"

    @property
    def pid_file(self) -> Path:
        """Where the running supervisor's process id stands."""
        return self.state / "up.pid"

    @property
    def url(self) -> str:
        """The app's origin."""
        return f"http://{HOST}:{self.edge_port}"

    @property
    def content_url(self) -> str:
        """The origin of what tenants write. Another host than the app's, for cookies do not tell ports apart."""
        return f"http://{CONTENT_HOST}:{self.content_port}"

    @property
    def mail_url(self) -> str:
        """The inbox page."""
        return f"http://{HOST}:{self.mail_port}"

    @property
    def demo_url(self) -> str:
        """The demo service."""
        return f"http://{HOST}:{self.demo_port}"

    @property
    def aws_url(self) -> str:
        """The AWS endpoint, embedded or outside."""
        return self.outside_aws or f"http://{HOST}:{self.emulator_port}"

    @property
    def redis_url(self) -> str:
        """Redis, embedded or outside, as the platform's functions use it. It holds the password: not for logs."""
        return self._redis(f"{REDIS_USER}:{self.secrets.redis_app_password}")

    @property
    def redis_owner_url(self) -> str:
        """The same as the user who may do everything, for whoever looks after the server."""
        return self._redis(f":{self.secrets.redis_password}")

    def _redis(self, login: str) -> str:
        return self.outside_redis or f"redis://{login}@{HOST}:{self.redis_port}/0"

    @property
    def platform_addresses(self) -> dict[str, str]:
        """Where the platform's own servers listen, by what they are called: workflows do not get there.

        The content origin and the demo service are not among them: those anybody may ask.
        """
        return {
            "API": f"{HOST}:{self.edge_port}",
            "inbox": f"{HOST}:{self.mail_port}",
            "mail server": f"{HOST}:{self.smtp_port}",
            "Postgres": _place(self.outside_database, 5432) or f"{HOST}:{self.postgres_port}",
            "Redis": _place(self.outside_redis, 6379) or f"{HOST}:{self.redis_port}",
            "AWS": _place(self.outside_aws, 80) or f"{HOST}:{self.emulator_port}",
        }

    @property
    def postgres_url(self) -> str:
        """Postgres as the owner, embedded or outside, any database on it. It holds the password: not for logs."""
        if self.outside_database:
            return self.outside_database
        return f"postgresql://postgres:{self.secrets.postgres_password}@{HOST}:{self.postgres_port}/postgres"

    @cached_property
    def secrets(self) -> Secrets:
        """The state folder's secrets (file mode 600). What is not there yet is made, in an older folder too."""
        path = self.state / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        missing = [field.name for field in fields(Secrets) if field.name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(32) for name in missing}
            self.state.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(json.dumps(known))
        return Secrets(**known)

    def aws_environment(self) -> dict[str, str]:
        """Return what AWS clients of the local stack need in their environment."""
        return {
            "AWS_ENDPOINT_URL": self.aws_url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def _place(url: str | None, port: int) -> str:
    """Return `host:port` of a URL; "" of none."""
    parts = urlsplit(url or "")
    usual = 443 if parts.scheme == "https" else port
    return f"{parts.hostname}:{parts.port or usual}" if parts.hostname else ""


def _listen(environment: Mapping[str, str]) -> str:
    """Return where to listen. Beyond loopback only where the environment says so on purpose."""
    text = (environment.get("STEPWEAVE_LISTEN") or HOST).strip()
    try:
        address = ip_address(text)
    except ValueError:
        raise SettingsError(f"STEPWEAVE_LISTEN={text!r} is no address; set it to one, such as {HOST}.") from None
    if address.version == 6:
        raise SettingsError(f"STEPWEAVE_LISTEN={text!r} is IPv6; set it to an IPv4 address, such as {HOST}.")
    if not address.is_loopback and environment.get("STEPWEAVE_ALLOW_REMOTE") != "1":
        raise SettingsError(
            f"STEPWEAVE_LISTEN={text} would let other machines in, and everybody knows the demo's password.\n"
            f"  Leave STEPWEAVE_LISTEN out to serve this machine alone, or set STEPWEAVE_ALLOW_REMOTE=1 as well."
        )
    return text


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name}={text!r} is not a port; set it to a number from 1 to 65535.")
    return int(text)
