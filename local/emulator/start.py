"""Starting the emulator: prepare MiniStack's settings, correct it, serve until told to stop."""

import importlib.metadata
import logging
import os
import sys

from local.emulator.options import Options

MINISTACK = "1.5.33"


def main(options: Options) -> int:
    """Run the emulator; the exit status."""
    found = installed_version()
    if found != MINISTACK:
        print(
            f"The emulator corrects MiniStack {MINISTACK}, and {sys.executable} has {found or 'none'}. "
            "Install local/emulator/requirements.txt, or run local.emulator.environment.",
            file=sys.stderr,
        )
        return 2
    options.state_dir.mkdir(parents=True, exist_ok=True)
    os.environ.update(settings(options))
    return serve(options)


def installed_version() -> str | None:
    """MiniStack's version in this interpreter."""
    try:
        return importlib.metadata.version("ministack")
    except importlib.metadata.PackageNotFoundError:
        return None


def settings(options: Options) -> dict[str, str]:
    """What MiniStack reads from its environment when it is imported."""
    return {
        "GATEWAY_PORT": str(options.port),
        "BIND_HOST": "127.0.0.1",
        "LOG_LEVEL": options.log_level,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(options.state_dir / "services"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(options.state_dir / "s3"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        # MiniStack looks for a Docker daemon at this address; functions run as processes here.
        "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        "LAMBDA_EXECUTOR": "local",
        "TZ": "UTC",
    }


def serve(options: Options) -> int:
    """Correct MiniStack and serve it."""
    # MiniStack reads its settings when it is imported, so nothing of it may be imported earlier.
    from local.emulator import corrections, registry
    from local.emulator.running import running
    from local.emulator.server import http

    _ = corrections
    logging.getLogger().setLevel(options.log_level)
    running.options = options
    without = set(registry.CORRECTIONS) if options.stock else set(options.without)
    return http.run(options.port, lambda: begin(without), end)


def begin(without: set[str]) -> None:
    """On the loop, before the first request."""
    from local.emulator import registry
    from local.emulator.running import running

    running.open()
    registry.apply_all(without)


def end() -> None:
    """On the loop, when everything is saved."""
    from local.emulator.running import running

    if running.host is not None:
        running.host.close()
