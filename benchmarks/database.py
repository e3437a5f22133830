"""A Postgres for one benchmark alone, fresh, in a temporary folder."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.settings import LocalSettings
from local.stack import postgres
from local.stack.part import RunningPart
from local.stack.ports import free_port
from local.stack.stack import clean_environment


@contextmanager
def fresh_postgres() -> Iterator[LocalSettings]:
    """Serve one while the block runs, with the settings of the embedded stack's, and yield where it is."""
    with tempfile.TemporaryDirectory(prefix="stepweave-bench-", ignore_cleanup_errors=True) as state:
        Path(state).chmod(0o711)  # Postgres runs as another user when we are root
        settings = LocalSettings(Path(state), postgres_port=free_port())
        server = postgres.prepare(settings)
        with asyncio.Runner() as runner:
            running = runner.run(RunningPart.start(postgres.part(settings, server, clean_environment())))
            try:
                yield settings
            finally:
                runner.run(running.stop())
