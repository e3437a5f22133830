"""Whether what the API needs answers: asked side by side, each within a time limit, and remembered for a moment."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Final

from stepweave_data.telemetry import logger

SECONDS: Final = 4.0
"""How long all of them may take. Whoever asks gives up after 5 s or more."""
KEPT_SECONDS: Final = 5.0
"""How long an answer is remembered: anybody may ask, and asking costs a call of a limited control plane."""


class Readiness:
    """Asks dependencies. One value per process."""

    def __init__(self, seconds: float = SECONDS, kept: float = KEPT_SECONDS) -> None:
        self._seconds, self._kept = seconds, kept
        self._lock = threading.Lock()
        self._until = 0.0
        self._found: dict[str, str] = {}

    def ask(self, checks: Mapping[str, Callable[[], object]]) -> dict[str, str]:
        """Return `ok`, or what is wrong, per check."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._found = self._outcomes(checks)
                self._until = time.monotonic() + self._kept
            return self._found

    def _outcomes(self, checks: Mapping[str, Callable[[], object]]) -> dict[str, str]:
        pool = ThreadPoolExecutor(len(checks), thread_name_prefix="ready")
        asked = {name: pool.submit(_outcome, name, check) for name, check in checks.items()}
        done = wait(asked.values(), self._seconds).done
        pool.shutdown(wait=False)  # what does not answer is left to its own time-outs
        late = f"does not answer within {self._seconds:g} s"
        return {name: future.result() if future in done else late for name, future in asked.items()}


def _outcome(name: str, check: Callable[[], object]) -> str:
    try:
        check()
    except Exception as error:  # whatever it is, the dependency does not answer
        logger().warning("dependency fails", dependency=name, error=repr(error))
        return f"does not answer ({type(error).__name__})"
    return "ok"
