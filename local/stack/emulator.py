"""The embedded AWS emulator as a part: `local.emulator` in its own environment."""

from collections.abc import Mapping

from local.settings import ROOT, LocalSettings
from local.stack.part import Part
from local.stack.probes import http_ok


def part(settings: LocalSettings, environment: Mapping[str, str]) -> Part:
    """Return the part that runs the emulator. Its Lambda workers use the environment `bootstrap.py` made for them."""
    return Part(
        name="aws emulator",
        command=[
            str(ROOT / ".stepweave" / "emulator-venv" / "bin" / "python"),
            "-m", "local.emulator",
            "--port", str(settings.emulator_port),
            "--state-dir", str(settings.state / "emulator"),
            "--lambda-python", str(ROOT / ".stepweave" / "lambda-runtime" / "bin" / "python"),
        ],
        ready=http_ok(settings.emulator_port, "/_localstack/health"),
        log=settings.logs / "emulator.log",
        ports={settings.emulator_port: "STEPWEAVE_EMULATOR_PORT"},
        # Its threads share two heaps: each of their own would keep what one burst of work took.
        environment={**environment, "MALLOC_ARENA_MAX": "2"},
        cwd=ROOT,
    )  # fmt: skip
