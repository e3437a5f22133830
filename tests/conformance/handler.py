"""The Lambda function of every node type on an engine under test: the node's behaviour, and a note of what it gave.

What it shares with the test lies in a folder per execution: `pinned.json` (answers of nodes that do not run),
`agents.json` (what the turns of toy agents are drawn from), a file per run, and a file per task token that somebody has
to answer.
"""

import json
import os
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

from local.offline.steps import Steps
from local.offline.storage import MemoryStorage
from stepweave.aws.errors import AwsError
from stepweave.runtime.errors import NodeError, in_words
from tests.core.compiler.agents import step_of


class FolderStorage(MemoryStorage):
    """Objects as files, so that one function reads what another stored."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/json") -> str:
        """Store `body` and return its digest."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / quote(f"{bucket}/{key}", safe="")).write_bytes(body)
        return super().put(bucket, key, body, content_type=content_type)

    def get(self, bucket: str, key: str, part: tuple[int, int] | None = None) -> bytes:
        """Return an object's bytes, or a part of them. Raises AwsError."""
        try:
            content = (self.folder / quote(f"{bucket}/{key}", safe="")).read_bytes()
        except FileNotFoundError:
            raise AwsError("NoSuchKey", f"{key} is not there", status=404) from None
        return content if part is None else content[part[0] : part[0] + part[1]]


def handler(event: dict[str, Any], context: object) -> Any:
    """Run a step."""
    folder = Path(os.environ["GOLDEN_FOLDER"]) / event["context"]["executionId"]
    pinned = json.loads((folder / "pinned.json").read_text(encoding="utf-8"))
    steps = Steps(FolderStorage(folder / "objects"))
    node = event["node"]["id"]
    for native in event.get("native", ()):
        _note(folder, "run", steps, native["id"], event, native["output"])
    if node in pinned:
        _note(folder, "run", steps, node, event, pinned[node])
        if event.get("taskToken"):
            answer = {"token": event["taskToken"], "result": {"output": pinned[node]}}
            _write(folder, "token", answer)
        return {"output": pinned[node]}
    agents = json.loads((folder / "agents.json").read_text(encoding="utf-8"))
    if agents is not None and event["node"]["type"] == "agent":
        return _turn(folder, steps, agents, event)
    try:
        result: Any = steps.run(event)
    except NodeError as error:
        # As the adapter of node functions tells of it: the error's type, and all of it in words.
        raise type(type(error).__name__, (Exception,), {})(in_words(error, event["node"])) from None
    if not result.keys() & {"batches", "round", "wait"}:
        _note(folder, "run", steps, node, event, result["output"])
    return result


def _turn(folder: Path, steps: Steps, seed: int, event: dict[str, Any]) -> Any:
    tenant = event["context"]["tenantId"]
    result = step_of(seed, event, lambda batches: [item for one in batches for item in steps.claims.fetch(one, tenant)])
    if event.get("taskToken"):
        _write(folder, "token", {"token": event["taskToken"], "result": result})
    elif "talk" not in result:
        _note(folder, "run", steps, event["node"]["id"], event, result["output"])
    return result


def _note(folder: Path, kind: str, steps: Steps, node: str, event: dict[str, Any], output: Any) -> None:
    tenant = event["context"]["tenantId"]
    items = {port: steps.claims.fetch(batch, tenant) for port, batch in output.items()}
    _write(folder, kind, {"node": node, "iteration": event.get("iteration", ""), "items": items})


def _write(folder: Path, kind: str, data: Any) -> None:
    made = folder / f".{uuid.uuid4()}"
    made.write_text(json.dumps(data), encoding="utf-8")
    # In the order of what is told, as the last word of a node run counts; whoever looks sees each whole.
    made.rename(folder / f"{kind}-{time.time_ns():020}-{uuid.uuid4()}.json")
