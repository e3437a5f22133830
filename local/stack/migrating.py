"""Migrates in a process of its own: what it imports, 40 MB of it, the supervisor would hold as long as it serves."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path

from local.settings import LocalSettings
from local.stack.part import PartError


async def migrate(settings: LocalSettings) -> None:
    """Make both databases where they are missing and bring the product's to the latest migration. Raises PartError."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local.stack.migrating"),
        stdin=asyncio.subprocess.PIPE,  # the settings may hold a password
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, errors = await process.communicate(json.dumps(asdict(settings), default=str).encode())
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode:
        raise PartError(errors.decode(errors="replace").strip())


def main() -> int:
    """Migrate what the settings on standard input name. Returns the exit status, with the reason on stderr."""
    from local.stack import database

    given = json.load(sys.stdin)
    settings = LocalSettings(**{**given, "state": Path(given["state"])})
    try:
        database.migrate(settings)
    except PartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
