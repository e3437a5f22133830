"""The contract table and scopes for the tests of this folder."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from stepweave.expressions import Scope

TABLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "contract" / "expressions.json").read_text(encoding="utf-8")
)


def scope_of(items: list[Any], **more: Any) -> Scope:
    """Return a scope over `items` with the table's nodes, workflow and moment."""
    return Scope.of_outputs(
        items,
        TABLE["nodes"],
        workflow=TABLE["workflow"],
        execution=TABLE["execution"],
        now=datetime.fromisoformat(TABLE["now"]),
        ids=TABLE["ids"],
        origins=TABLE["origins"][: len(items)],
        **more,
    )
