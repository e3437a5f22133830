"""How far a message's execution is, as its visitor may see it: the answer as it comes, steps by name, the end.

Nothing else of an execution is read here: no items but the answering nodes', no errors, no logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from functions.system.chat import turns
from functions.system.chat.turns import Turn
from stepweave.model.json_text import write
from stepweave.runtime.claims import Claims
from stepweave_data.link import Connection

FIELDS: Final = ("answer", "output", "text", "message")
"""Where an answer lies when nobody says, the first that is there."""
LOST_SECONDS: Final = 120
"""After that a message whose execution nobody has heard of failed: its start was cut off."""
MOST_STEPS: Final = 50
_STATUS: Final = "SELECT status FROM executions WHERE id = %s"
_RUNS: Final = """
SELECT r.node_id, r.iteration, r.status FROM node_runs r
LEFT JOIN (
  SELECT node_id, min(seq) AS seq FROM execution_events WHERE execution_id = %(id)s AND type = 'node.started' GROUP BY 1
) begun ON begun.node_id = r.node_id
WHERE r.execution_id = %(id)s ORDER BY r.started_at, begun.seq, r.iteration LIMIT 1000
"""
_OUTPUTS: Final = """
SELECT output FROM node_runs
WHERE execution_id = %s AND node_id = ANY (%s) AND status = 'succeeded' AND output IS NOT NULL
ORDER BY ended_at DESC NULLS LAST
"""
_PARTS: Final = """
SELECT node_id, data FROM execution_events
WHERE execution_id = %s AND type = 'node.partial' AND node_id = ANY (%s) ORDER BY seq
"""
_STEP: Final = {"running": "works", "retrying": "works", "waiting": "waits", "succeeded": "done", "failed": "failed"}
_ENDS: Final = {"succeeded": "answered", "failed": "failed", "timed_out": "failed", "cancelled": "stopped"}


@dataclass(frozen=True)
class Progress:
    """What a visitor sees of a message.

    Attributes:
        state: `running`, `waiting` (for somebody), `answered`, `failed`, `stopped`.
        answer: the whole, once it is there.
        coming: what has come of it so far.
        source: of which attempt; what came of another one is no part of it.
        steps: `{"name", "state"}` of each, in the order in which they began.
    """

    state: str
    answer: str | None = None
    coming: str = ""
    source: str = ""
    steps: list[dict[str, str]] = field(default_factory=list)


def progress_of(connection: Connection, turn: Turn, claims: Claims, tenant_id: str) -> Progress:
    """Return how far a message is, and write its end down where it has come.

    Raises:
        DataMissing: the answer's items are gone.
        StorageUnavailable: they could not be fetched.
    """
    if turn.state != "running":
        return Progress(turn.state, turn.answer)
    row = connection.execute(_STATUS.encode(), (turn.execution_id,)).fetchone()
    if row is None:
        state = "failed" if turn.seconds > LOST_SECONDS else "running"
        return _ended(connection, turn, Progress(state))
    runs = connection.execute(_RUNS.encode(), {"id": turn.execution_id}).fetchall()
    state = _ENDS.get(row[0], "running")
    if state == "running" and _has_answered(turn, runs):
        state = "answered"
    if state == "answered":
        return _ended(connection, turn, Progress(state, _answer(connection, turn, claims, tenant_id)))
    if state != "running":
        return _ended(connection, turn, Progress(state))
    statuses = {status for _, _, status in runs}
    waiting = "waiting" in statuses and not statuses & {"running", "retrying"}
    coming, source = _coming(connection, turn)
    return Progress("waiting" if waiting else "running", None, coming, source, _steps(turn, runs))


def _ended(connection: Connection, turn: Turn, found: Progress) -> Progress:
    if found.state != "running":
        turns.end(connection, turn.execution_id, found.state, found.answer)
    return found


def _has_answered(turn: Turn, runs: list[tuple[Any, ...]]) -> bool:
    """Whether the one node that answers has: what comes after it, or beside it, keeps nobody waiting."""
    answers = turn.view["answers"]
    own = [(iteration, status) for id, iteration, status in runs if id in answers]
    return len(answers) == 1 and own == [("", "succeeded")]


def _steps(turn: Turn, runs: list[tuple[Any, ...]]) -> list[dict[str, str]]:
    names = turn.view["steps"]
    found = [{"name": names[id], "state": _STEP.get(status, "works")} for id, _, status in runs if id in names]
    return found[-MOST_STEPS:]


def _coming(connection: Connection, turn: Turn) -> tuple[str, str]:
    """Return what has come of the answer in the latest attempt, and which attempt that is."""
    items: dict[int, str] = {}
    source = ""
    for id, data in connection.execute(_PARTS.encode(), (turn.execution_id, turn.view["answers"])).fetchall():
        of = f"{id}/{data.get('iteration', '')}/{data.get('attempt', 1)}"
        if of != source:
            items, source = {}, of
        for part in data.get("parts", []):
            before = items.get(part["item"], "") if part["offset"] else ""
            items[part["item"]] = before + part["text"]
    return "\n\n".join(items[index] for index in sorted(items)), source


def _answer(connection: Connection, turn: Turn, claims: Claims, tenant_id: str) -> str:
    """Return the answer; "" where no node gave one."""
    best: tuple[int, str] | None = None
    for (output,) in connection.execute(_OUTPUTS.encode(), (turn.execution_id, turn.view["answers"])).fetchall():
        found = _first(output, turn.view["field"], claims, tenant_id)
        if found is not None and (best is None or found[0] < best[0]):
            best = found
    return best[1] if best else ""


def _first(output: Mapping[str, Any], wanted: str, claims: Claims, tenant_id: str) -> tuple[int, str] | None:
    """Return what an output says and how well its field is known for it (0 is best), or None."""
    batches = [batch for batch in output.values() if isinstance(batch, dict) and batch.get("count")]
    items = [item["json"] for batch in batches[:1] for item in claims.fetch(batch, tenant_id)]  # type: ignore[arg-type]
    names = (wanted,) if wanted else FIELDS
    for rank, name in enumerate(names):
        texts = [text_of(item[name]) for item in items if item.get(name) not in (None, "")]
        if texts:
            return rank, "\n\n".join(texts)
    return None


def text_of(value: Any) -> str:
    """Return a value as Markdown: text as it is, anything else as JSON."""
    return value if isinstance(value, str) else f"```json\n{write(value)}\n```"


def cut(found: Progress, source: str, at: int) -> dict[str, Any]:
    """Return progress as the page gets it: of what comes, only what is new to it.

    Args:
        found: how far it is.
        source: of which attempt the page has something.
        at: how many characters of it.
    """
    begin = at if source == found.source and 0 <= at <= len(found.coming) else 0
    shown = replace(found, coming=found.coming[begin:])
    return {
        "state": shown.state,
        "answer": shown.answer,
        "coming": shown.coming,
        "from": begin,
        "source": shown.source,
        "steps": shown.steps,
    }
