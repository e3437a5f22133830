"""`stepweave run`: save or find the workflow, start it, follow its events, and give its result."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from local.client.live import events
from local.client.rest import ApiError, Client
from local.seed.seed import find_workflow
from stepweave.model.events import Event


class CannotRun(Exception):
    """The request makes no sense. `str()` says what to change."""


@dataclass(frozen=True)
class Target:
    """A Stepweave and who to be there."""

    url: str
    email: str
    password: str
    api_key: str = ""
    """In place of address and password, where it is given."""


@dataclass(frozen=True)
class Request:
    """What to run: a workflow by id, or a document to save as a draft first."""

    workflow_id: str | None
    document: dict[str, Any] | None
    items: list[dict[str, Any]]
    trigger: str | None
    mode: Literal["draft", "live"]


def items_of(data: Any) -> list[dict[str, Any]]:
    """Return `data` as items: an object is one item's `json`, a list is one item each. Raises CannotRun."""
    values = data if isinstance(data, list) else [data]
    if not all(isinstance(value, dict) for value in values):
        raise CannotRun("--input must be a JSON object or a list of objects.")
    return [{"json": value} for value in values]


@asynccontextmanager
async def connected(target: Target) -> AsyncIterator[Client]:
    """Give a client that may ask: by the API key, or logged in. Raises ApiError, Unreachable."""
    async with Client(target.url, target.api_key) as client:
        if not target.api_key:
            await client.login(target.email, target.password)
        yield client


async def run(target: Target, request: Request, say: Callable[[str], None]) -> dict[str, Any]:
    """Run and return `{"executionId", "status", "response", "output", "error"}`; `say` gets a line per event."""
    async with connected(target) as client:
        workflow = await workflow_of(client, request)
        names = {node["id"]: node["name"] for node in workflow["document"]["nodes"]}
        body: dict[str, Any] = {"items": request.items, "mode": request.mode}
        if request.trigger is not None:
            body["triggerNodeId"] = node_id_of(names, request.trigger)
        started = await client.post(f"/workflows/{workflow['id']}/run", body)
        async for event in events(client, started["executionId"]):
            say(line(event, names))
        return await result_of(client, started["executionId"], workflow["document"])


async def workflow_of(client: Client, request: Request) -> dict[str, Any]:
    """Return the workflow to run, saved where it is a document. Raises ApiError, Unreachable, CannotRun."""
    if request.document is None:
        try:
            found: dict[str, Any] = await client.get(f"/workflows/{request.workflow_id}")
        except ApiError as error:
            if error.status in (404, 422):
                raise CannotRun(f"{request.workflow_id!r} is neither a file nor the id of a workflow.") from error
            raise
        return found
    name = request.document.get("name")
    known = await find_workflow(client, name) if isinstance(name, str) else None
    if known is None:
        made: dict[str, Any] = await client.post("/workflows", request.document)
        return made
    body = {"document": request.document, "revision": known["revision"]}
    saved: dict[str, Any] = await client.put(f"/workflows/{known['id']}", body)
    return saved


def node_id_of(names: dict[str, str], name: str) -> str:
    """Return the id of the node that is called so. Raises CannotRun."""
    for node_id, node_name in names.items():
        if name in (node_name, node_id):
            return node_id
    raise CannotRun(f"there is no node {name!r}; the workflow has {', '.join(sorted(names.values()))}.")


async def result_of(client: Client, execution_id: str, document: dict[str, Any]) -> dict[str, Any]:
    """Return what `run` does of an execution that has ended."""
    execution = await client.get(f"/executions/{execution_id}")
    return {
        "executionId": execution_id,
        "status": execution["status"],
        "durationMs": execution.get("durationMs"),
        "response": execution.get("response"),
        "output": await _last_output(client, execution, document),
        "error": execution.get("error"),
    }


async def _last_output(client: Client, execution: dict[str, Any], document: dict[str, Any]) -> Any:
    """Return the items of the node that ended last among those that nothing follows, by port."""
    sources = {edge["source"] for edge in document["edges"]}
    leaves = [
        run
        for run in execution["nodeRuns"]
        if run["nodeId"] not in sources and run["status"] == "succeeded" and run.get("output")
    ]
    if not leaves:
        return None
    last = max(leaves, key=lambda run: run["endedAt"])
    output = {}
    for port in last["output"]:
        page = await client.get(
            f"/executions/{execution['id']}/items", nodeId=last["nodeId"], direction="out", port=port
        )
        output[port] = page["items"]
    return output


def line(event: Event, names: dict[str, str]) -> str:
    """Return an event as one line for a terminal."""
    who = names.get(event.get("nodeId", ""), "")
    what = event["type"]
    rest = ""
    if "error" in event:
        rest = f"{event['error']['type']}: {event['error']['message']}"
    elif what == "node.log":
        rest = f"{event.get('level', 'info')}: {event.get('message', '')}"
    elif "output" in event:
        rest = ", ".join(f"{port}: {batch['count']} items" for port, batch in event["output"].items())
    took = f"{event['durationMs']:.0f} ms" if "durationMs" in event else ""
    return "  ".join(part for part in (event["at"][11:23], f"{what:<20}", who, took, rest) if part)
