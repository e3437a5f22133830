"""Random graphs while they are drawn: says how far it is, and keeps what it finds, so that cutting it loses nothing.

Finds lie in `.stepweave/conformance/`, one file for each test and seed, which holds the smallest graph found so far.
`python -m tests.conformance.again FILE` runs it again.
"""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from local.settings import ROOT
from stepweave.compiler import CompileOptions

FOLDER: Final = ROOT / ".stepweave" / "conformance"
_SAYS_EVERY: Final = 10.0
"""Seconds between two lines."""


class Drawing:
    """One test that draws graphs.

    Args:
        name: of the test.
        wanted: how many graphs it draws.
        seed: of the drawing, for the file's name and the lines.
        folder: where finds are kept.
    """

    def __init__(self, name: str, wanted: int, seed: str, folder: Path = FOLDER) -> None:
        self.file = folder / f"{name}-{seed}.json"
        self._name, self._wanted, self._seed = name, wanted, seed
        self._drawn = 0
        self._began = self._said = 0.0

    @contextmanager
    def one(self, **found: Any) -> Iterator[None]:
        """Check one graph in the block; `found` is kept where that fails."""
        if not self._began:
            self._began = self._said = time.monotonic()
        try:
            yield
        except Exception as error:
            self._keep({**found, "error": f"{type(error).__name__}: {error}"[:2000]})
            raise
        self._drawn += 1
        self._tell()

    def _keep(self, found: dict[str, Any]) -> None:
        text = json.dumps(found, indent=1)
        if self.file.exists() and len(self.file.read_text(encoding="utf-8")) <= len(text):
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(text, encoding="utf-8")
        if self._drawn >= 0:
            print(f"\n  {self._name}: a difference, seed {self._seed}; kept in {self.file}", flush=True)  # noqa: T201
            self._drawn = -self._wanted  # what follows are smaller ones of the same

    def _tell(self) -> None:
        at = time.monotonic()
        if self._drawn > 0 and at - self._said >= _SAYS_EVERY:
            self._said = at
            spent = at - self._began
            print(f"\n  {self._name}: {self._drawn} of {self._wanted} graphs, {spent:.0f} s", end="", flush=True)  # noqa: T201


def told(options: CompileOptions) -> dict[str, Any]:
    """Return options as JSON data."""
    return {
        "optimise": options.optimise,
        "fired": sorted(options.fired),
        "pinned": sorted(options.pinned),
        "until": options.until,
    }


def options_of(data: dict[str, Any]) -> CompileOptions:
    """Return the options that `told` told."""
    return CompileOptions("p", data["optimise"], frozenset(data["fired"]), frozenset(data["pinned"]), data["until"])


class Silent(Drawing):
    """A drawing that keeps and says nothing: in `make test` the graphs are always the same."""

    def __init__(self) -> None:
        super().__init__("", 0, "")

    @contextmanager
    def one(self, **found: Any) -> Iterator[None]:
        """Check one graph."""
        yield


def drawing(name: str, wanted: int) -> Drawing:
    """Return what a test draws with: `make conformance` sets `STEPWEAVE_GRAPH_SEED`."""
    seed = os.environ.get("STEPWEAVE_GRAPH_SEED")
    return Drawing(name, wanted, seed) if seed else Silent()
