"""Memory on the embedded stack: a long talk passes, states stay small, and turns are told in the next execution."""

import json
import uuid
from typing import Any

import pytest

from local.client.rest import Client
from tests.fakes.models import ModelServer, model_server
from tests.integration.conftest import Session
from tests.integration.test_language_model import account, asking
from tests.integration.test_main_job import run_draft

pytestmark = pytest.mark.integration


def test_a_talk_of_two_hundred_large_messages_goes_on_in_the_next_execution(tenant: Session) -> None:
    async def run(client: Client, server: ModelServer) -> tuple[dict[str, Any], dict[str, Any]]:
        key = await account(client, "openai", server.openai_url)
        talk = uuid.uuid4().hex
        prompt = "{{ $json.n }} {{ 'parcel '.repeat(4000) }}"
        document = asking(key, memory=True, sessionKey=talk, memoryTurns=200, prompt=prompt)
        server.says("station " * 1000)
        for _ in range(5):
            execution = await run_draft(client, document, [{"json": {"n": n}} for n in range(20)])
            assert execution["status"] == "succeeded", execution["error"]
        found = await client.get(f"/memory/talks?search={talk}")
        return execution, found["items"][0]

    with model_server() as server:
        execution, talk = tenant(lambda client: run(client, server))
        told = server.bodies[-1]["messages"]
    passed = {run["nodeId"]: run["output"]["main"] for run in execution["nodeRuns"] if run["output"]}
    assert (talk["messages"], len(told) > 150, passed["after"]["count"]) == (200, True, 20)
    assert max(len(json.dumps(output)) for output in passed.values()) < 32 * 1024
    assert 2 * 1024 * 1024 < len(json.dumps(told)) < 4 * 1024 * 1024
