"""Reads the golden cases.

A case is a folder: `workflow.json`; `case.md`, one sentence on what it shows; `run.json` where it is not run whole from
its first trigger with that trigger's own items (`trigger`, `items`, `fired`, `pinned`, `until`, `around`, `seed`;
`agents`, a
number that says what its agents do, which have no model here; or a `not` that says why it is not run at all); and what
`tests.golden.update` writes: `expected.json`, or `diagnostics.json` for what the compiler refuses.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from local.offline.running import Partly
from stepweave.compiler import CompileOptions
from stepweave.model.workflow import Workflow

FOLDER: Final = Path(__file__).parent
PREFIX: Final = "golden"


@dataclass(frozen=True)
class Case:
    """One case."""

    folder: Path

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.folder.name

    @cached_property
    def text(self) -> str:
        """The workflow as JSON text, which may be none."""
        return (self.folder / "workflow.json").read_text(encoding="utf-8")

    @cached_property
    def workflow(self) -> Workflow:
        """The workflow as a model, for cases that compile."""
        return Workflow.model_validate(json.loads(self.text))

    @cached_property
    def sentence(self) -> str:
        """What it shows."""
        return (self.folder / "case.md").read_text(encoding="utf-8").strip()

    @cached_property
    def run(self) -> dict[str, Any]:
        """How it is run."""
        file = self.folder / "run.json"
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        return found

    @property
    def agents(self) -> int | None:
        """What its agents' turns are drawn from (`tests.core.compiler.agents`); None where they do not run."""
        seed: int | None = self.run.get("agents")
        return seed

    @property
    def partly(self) -> Partly:
        """Which part of it runs."""
        run = self.run
        fired, pinned = frozenset(run.get("fired", ())), frozenset(run.get("pinned", ()))
        return Partly(fired, pinned, run.get("until"), run.get("seed", {}))

    def options(self, optimise: int) -> CompileOptions:
        """Return what it is compiled with."""
        partly = self.partly
        around = self.run.get("around", {})
        return CompileOptions(PREFIX, optimise, partly.fired, partly.pinned, partly.until, around)


def cases() -> list[Case]:
    """Return all cases, by name."""
    return [Case(file.parent) for file in sorted(FOLDER.glob("*/workflow.json"))]
