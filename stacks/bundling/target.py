"""What a bundle is built for: a Python version and a platform."""

import platform
import sys
from dataclasses import dataclass
from typing import Final, Literal

Architecture = Literal["x86_64", "arm64"]

LAMBDA_PYTHON: Final = "3.13"
"""The Lambda runtime on AWS."""

_WHEELS: Final[dict[Architecture, str]] = {
    "x86_64": "x86_64-manylinux_2_28",
    "arm64": "aarch64-manylinux_2_28",
}
"""uv's names of the platforms: Lambda's Python 3.13 runs on Amazon Linux 2023, which has glibc 2.34."""


@dataclass(frozen=True, slots=True)
class Target:
    """An interpreter and a platform. `wheels` is uv's platform name; None takes this machine's own wheels."""

    python: str
    architecture: Architecture
    wheels: str | None

    @property
    def key(self) -> str:
        """What tells bundles for different targets apart."""
        return f"{self.python}-{self.wheels or f'{sys.platform}-{platform.machine()}'}"


def aws(architecture: Architecture, python: str = LAMBDA_PYTHON) -> Target:
    """Return the target of functions that run in Lambda, or in a container that does as Lambda does."""
    return Target(python, architecture, _WHEELS[architecture])


def this_machine() -> Target:
    """Return the target of functions that the embedded emulator runs with this very interpreter."""
    architecture: Architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    return Target(f"{sys.version_info.major}.{sys.version_info.minor}", architecture, None)
