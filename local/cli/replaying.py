"""`stepweave replay`: brings an execution to this machine, and runs it once more without anything outside."""

import asyncio
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from pydantic import ValidationError

from local.cli.catalogue import load_catalogue
from local.cli.common import ApiKey, Email, Password, Url, read_file, refuse, say, show, target_of
from local.cli.running import Target, connected
from local.client.rest import ApiError, Client, Unreachable
from local.offline.comparing import CannotReplay, as_test, difference, trigger_hint
from local.offline.replay import Place, Recorded, Recording
from local.offline.replay import replay as replayed
from local.settings import DEMO_EMAIL, DEMO_PASSWORD
from stepweave.compiler import CompileOptions, compile_workflow
from stepweave.expressions.variables import variables_read
from stepweave.model.items import Item
from stepweave.model.workflow import SCHEMA_VERSION, Workflow
from stepweave.spec.catalogue import Catalogue

_PAGE: Final = 1000
_OPEN: Final = ("queued", "running")


def replay(
    execution: Annotated[str, typer.Argument(help="The execution's id: the end of its page's address.")],
    workflow: Annotated[
        Path | None,
        typer.Option(
            help="The workflow as it is now; `-` reads stdin.", metavar="FILE", show_default="the draft in the stack"
        ),
    ] = None,
    test_file: Annotated[
        Path | None, typer.Option(help="Write it as a test for `stepweave test` into this file.", metavar="FILE")
    ] = None,
    output: Annotated[Literal["text", "json"], typer.Option(help="Lines for people, or the whole report.")] = "text",
    url: Url = "",
    email: Email = DEMO_EMAIL,
    password: Password = DEMO_PASSWORD,
    api_key: ApiKey = "",
) -> None:
    """Run an execution once more, offline, and compare: what would the workflow as it is now have done?

    Nodes that were not changed since, and get what they got, answer as they did. All others really run, in this
    process: no stack, no AWS, no network. What reaches out to a server cannot run here: it answers as recorded where it
    was not changed itself, else with the `pinned` items of its file. Prints of each node whether it gives the same, and
    the items that differ. Ends with status 1 when anything does.

    Example: `stepweave replay 0193c1f0-... --workflow orders.json --test-file orders.test.json`
    """
    catalogue = load_catalogue()
    now = read_file(workflow) if workflow is not None else None
    try:
        if now is not None:
            _check_format(now, str(workflow))
        asked = _asking(target_of(url, email, password, api_key), execution, now)
        recording, document = asyncio.run(asked)
        what = str(workflow) if workflow is not None else "the draft"
        after = _compiled(document, what, catalogue)
        found = difference(recording, after, replayed(recording, after, catalogue), catalogue)
        if test_file is not None:
            made = as_test(recording, after, replayed(recording, after, catalogue, probing=True), catalogue)
            _write(test_file, made)
            command = f"stepweave test {test_file} {trigger_hint(made, recording, catalogue)}".strip()
            say(f"Wrote {test_file}; `{command}` runs it.")
    except (ApiError, Unreachable) as error:
        refuse(_words(error))
    except CannotReplay as error:
        refuse(f"{execution} cannot be replayed: {error}" if test_file is None else f"No test was written: {error}")
    if output == "json":
        show(found.to_json())
    else:
        print("\n".join(found.lines()))
    if not found.same:
        raise typer.Exit(1)


async def _asking(target: Target, execution_id: str, now: Any) -> tuple[Recording, Any]:
    try:
        uuid.UUID(execution_id)
    except ValueError:
        raise CannotReplay("this is no execution's id; it is the end of its page's address.") from None
    async with connected(target) as client:
        try:
            detail = await client.get(f"/executions/{execution_id}")
        except ApiError as error:
            if error.status == 404:
                raise CannotReplay("there is no such execution, or not for who asks.") from error
            raise
        document = now
        if document is None:
            document = (await client.get(f"/workflows/{detail['workflowId']}"))["document"]
        return await recording_of(client, detail, document, say), document


async def recording_of(
    client: Client, detail: dict[str, Any], now: dict[str, Any], tell: Callable[[str], None]
) -> Recording:
    """Return all that was recorded of an execution that has ended.

    Raises:
        CannotReplay: it goes on, is of a newer format, or its data is not stored any more.
        ApiError, Unreachable: the API refuses, or does not answer.
    """
    if detail["status"] in _OPEN:
        raise CannotReplay("it has not ended yet; wait for its end, or cancel it.")
    document = _parsed(detail["document"], "what ran")
    sources = {run["nodeId"]: run["source"] for run in detail["nodeRuns"] if run["source"]}
    given = {node_id for node_id, source in sources.items() if source["kind"] != "skipped"}
    fired = {node_id for node_id, source in sources.items() if source["kind"] == "execution"}
    runs: dict[Place, Recorded] = {}
    for latest in detail["nodeRuns"]:
        for run in await _runs(client, detail["id"], latest):
            runs[run["nodeId"], run["iteration"]] = await _recorded(client, detail["id"], run, document)
    tell(f"{len(runs):,} node runs of {detail['workflowName']!r} brought here")
    started = [node.id for node in document.nodes if (node.id, "") in runs and _is_trigger(node.type, node.version)]
    if not started:
        raise CannotReplay("nothing is stored of what started it: only states are kept of it, or it never began.")
    return Recording(
        context={
            "tenantId": "00000000-0000-4000-8000-000000000000",
            "executionId": detail["id"],
            "workflowId": detail["workflowId"],
            "workflowName": document.name,
            "workflowVersion": detail["workflowVersion"],
            "trigger": detail["trigger"],
            "mode": detail["mode"],
            "startedAt": detail["startedAt"],
            "timeZone": document.settings.time_zone,
            "environment": detail["environment"],
            "variables": await _variables(client, detail["environment"], now),
        },
        status=detail["status"],
        error=detail["error"],
        document=document,
        trigger_id=started[0],
        runs=runs,
        given=frozenset(given),
        fired=frozenset(fired),
    )


async def _runs(client: Client, execution_id: str, latest: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all runs of a node: those of each round, where it is in a loop."""
    if latest["runs"] is None:
        return [latest]
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"nodeId": latest["nodeId"], "limit": _PAGE}
    while True:
        page = await client.get(f"/executions/{execution_id}/node-runs", **query)
        found += page["items"]
        if page["next"] is None:
            return found
        query["after"] = page["next"]


async def _recorded(client: Client, execution_id: str, run: dict[str, Any], document: Workflow) -> Recorded:
    if run["output"] is None:
        if run["status"] == "succeeded":
            name = next((node.name for node in document.nodes if node.id == run["nodeId"]), run["nodeId"])
            raise CannotReplay(f"what {name!r} gave is not stored: only its state is.")
        return Recorded(run["status"], None, run["error"])
    output = {port: await _items(client, execution_id, run, port, batch) for port, batch in run["output"].items()}
    return Recorded(run["status"], output, run["error"])


async def _items(
    client: Client, execution_id: str, run: dict[str, Any], port: str, batch: dict[str, Any]
) -> list[Item]:
    if "items" in batch:
        inline: list[Item] = batch["items"]
        return inline
    items: list[Item] = []
    query = {"nodeId": run["nodeId"], "iteration": run["iteration"], "port": port, "limit": _PAGE}
    while len(items) < batch["count"]:
        try:
            page = await client.get(f"/executions/{execution_id}/items", offset=len(items), **query)
        except ApiError as error:
            if error.code == "items_gone":
                raise CannotReplay(f"its data is not stored any more ({run['nodeId']}, port {port}).") from error
            raise
        if not page["items"]:
            raise CannotReplay(
                f"only {len(items):,} of the {batch['count']:,} items of {run['nodeId']} (port {port}) can be read."
            )
        items += page["items"]
    return items


async def _variables(client: Client, environment: str, document: dict[str, Any]) -> dict[str, Any]:
    """Return the variables, as they are now, where the workflow reads any."""
    nodes = document.get("nodes")
    if not variables_read(nodes if isinstance(nodes, list) else []).names:
        return {}
    found = {}
    for one in (await client.get("/variables"))["items"]:
        values = one["values"]
        if (place := environment if environment in values else "production") in values:
            found[one["name"]] = values[place]
    return found


def _is_trigger(type: str, version: int) -> bool:
    entry = load_catalogue().get(type, version)
    return entry is not None and entry.trigger is not None


def _check_format(document: Any, what: str) -> None:
    """Raise CannotReplay for a document that this version does not read."""
    if not isinstance(document, dict):
        raise CannotReplay(f"{what} is no workflow document: it must be a JSON object.")
    schema = document.get("schema", SCHEMA_VERSION)
    if isinstance(schema, int) and schema > SCHEMA_VERSION:
        raise CannotReplay(
            f"{what} is of format {schema}, and this command reads up to {SCHEMA_VERSION}; install a newer Stepweave."
        )


def _parsed(document: Any, what: str) -> Workflow:
    _check_format(document, what)
    try:
        return Workflow.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CannotReplay(f"{what} is no workflow that this command reads: {where}: {first['msg']}.") from error


def _compiled(document: Any, what: str, catalogue: Catalogue) -> Workflow:
    """Return what is to run now. Raises CannotReplay where it has errors."""
    parsed = _parsed(document, what)
    result = compile_workflow(document, catalogue, CompileOptions())
    if result.compiled is None:
        first = result.diagnostics[0]
        raise CannotReplay(f"{what} has errors: {first.message} {first.remedy}")
    return parsed


def _write(file: Path, document: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotReplay(f"{file} cannot be written: {error.strerror}.") from error


def _words(error: Exception) -> str:
    if isinstance(error, ApiError) and error.status == 403:
        return (
            f"{error} It needs executions.read; without --workflow also workflows.read, and for $vars variables.read."
        )
    return str(error)
