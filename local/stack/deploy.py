"""Deploys the CDK app to the local AWS endpoint with the `cdk` command line, unless nothing has changed."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.settings import HOST, ROOT, LocalSettings
from local.stack.assets import make_bucket
from local.stack.database import app_url
from local.stack.fingerprint import fingerprint
from local.stack.part import PartError

SOURCES: Final = ("functions", "layers", "stacks", "api", "cdk.json", "uv.lock", "docs/reference/catalog.json")


@dataclass(frozen=True)
class Deployment:
    """What the deployed app is reached by."""

    http_api: str
    websocket_api: str
    outputs: Mapping[str, str]
    changed: bool


async def deploy(settings: LocalSettings) -> Deployment:
    """Bring the local AWS endpoint to what the checkout says. Raises PartError with the end of the `cdk` log."""
    environment = deploy_environment(settings)
    current = fingerprint([ROOT / name for name in SOURCES], environment)
    stamp, outputs = settings.state / "deployed", settings.state / "outputs.json"
    changed = not (stamp.exists() and outputs.exists() and stamp.read_text() == current)
    if changed:
        stamp.unlink(missing_ok=True)
        await make_bucket(settings)
        await _cdk(settings, environment, outputs)
        stamp.write_text(current)
    values: dict[str, str] = {}
    for stack in json.loads(outputs.read_text()).values():
        values |= stack
    return Deployment(values["HttpApiId"], values["WebSocketApiId"], values, changed)


def deploy_environment(settings: LocalSettings) -> dict[str, str]:
    """Return what the CDK app reads of this machine."""
    return {
        **settings.aws_environment(),
        "STEPWEAVE_DATABASE_URL": app_url(settings),
        "STEPWEAVE_REDIS_URL": settings.redis_url,
        "STEPWEAVE_JWT_SECRET": settings.secrets.jwt,
        "STEPWEAVE_PUBLIC_URL": settings.url,
        "STEPWEAVE_CONTENT_URL": settings.content_url,
        "STEPWEAVE_AWS_ENDPOINT": settings.aws_url,
        "STEPWEAVE_PLATFORM_ADDRESSES": json.dumps(settings.platform_addresses),
        "STEPWEAVE_MAIL_URL": f"smtp://{HOST}:{settings.smtp_port}",
    }


async def _cdk(settings: LocalSettings, environment: Mapping[str, str], outputs: Path) -> None:
    log = settings.logs / "deploy.log"
    command = [
        str(ROOT / "stacks" / "cli" / "node_modules" / ".bin" / "cdk"),
        "deploy", "--all", "--require-approval", "never", "--method", "direct", "--no-notices",
        "--context", "env=local",
        "--output", str(settings.state / "cdk.out"),
        "--outputs-file", str(outputs),
    ]  # fmt: skip
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env={**os.environ, **environment, "CDK_DISABLE_VERSION_CHECK": "1", "NO_COLOR": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
    if status != 0:
        tail = "\n".join("    " + line for line in log.read_text(errors="replace").splitlines()[-15:])
        raise PartError(
            f"deployment: `cdk deploy` ended with status {status}.\n{tail}\n  Log: {log}\n"
            "  If the emulator's state is at fault, `make reset` clears it."
        )
