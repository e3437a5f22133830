"""The nodes' examples on the embedded stack: what they give offline is what the state machines give."""

import asyncio
from typing import Any

import pytest

from functions.nodes.examples import Example, all_examples
from local.client.rest import Client
from tests.integration.conftest import Session
from tests.integration.test_main_job import run_draft

pytestmark = pytest.mark.integration

AT_ONCE = 6
"""How many run at a time: the machine has two cores."""


def given(execution: dict[str, Any], node_id: str, port: str) -> list[Any]:
    """Return the JSON of all items that a node's runs gave on a port, round after round."""
    runs = sorted(
        (run for run in execution["nodeRuns"] if run["nodeId"] == node_id),
        key=lambda run: [int(number) for number in (run.get("iteration") or "0").split(".")],
    )
    return [item["json"] for run in runs for item in (run["output"] or {}).get(port, {}).get("items", [])]


async def differences(client: Client, example: Example) -> list[str]:
    """Run an example, and return what is not as it says."""
    document = {**example.document, "name": f"{example.type} {example.document['name']}"}
    trigger = next(node for node in document["nodes"] if node["type"].endswith("_trigger"))
    items = trigger.get("pinned", {}).get("main")
    execution = await run_draft(client, document, items, triggerNodeId=trigger["id"])
    if execution["status"] != "succeeded":
        return [f"{example.file}: {execution['status']}, {execution['error']}"]
    return [
        f"{example.file}: {node['name']}.{port} gave {got}"
        for node in document["nodes"]
        if node["type"] != trigger["type"]
        for port, wanted in node.get("expected", {}).items()
        if (got := given(execution, node["id"], port)) != [item["json"] for item in wanted]
    ]


def test_examples_give_the_same_as_offline(tenant: Session) -> None:
    async def work(client: Client) -> list[str]:
        free = asyncio.Semaphore(AT_ONCE)

        async def one(example: Example) -> list[str]:
            async with free:
                return await differences(client, example)

        return [line for lines in await asyncio.gather(*map(one, all_examples())) for line in lines]

    assert tenant(work) == []
