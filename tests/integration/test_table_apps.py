"""Airtable and Notion on the embedded stack, with providers that stand in: batches, rates, pages with content."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from local.client.rest import Client
from local.settings import LocalSettings
from tests.fakes import airtable, notion
from tests.fakes.airtable import Airtable
from tests.fakes.notion import Notion
from tests.fakes.web import web_server
from tests.fixtures.app_servers import in_place_of
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def base(settings: LocalSettings) -> Iterator[Airtable]:
    with web_server() as web, in_place_of(settings, airtable.BASE_URL, web.url(""), "node-airtable-v1"):
        yield Airtable(web)


@pytest.fixture(scope="module")
def workspace(settings: LocalSettings) -> Iterator[Notion]:
    with web_server() as web, in_place_of(settings, notion.BASE_URL, web.url(""), "node-notion-v1"):
        yield Notion(web)


async def keep(client: Client, type: str, token: str) -> str:
    made = await client.post(
        "/credentials", {"name": f"A {uuid.uuid4().hex[:6]}", "type": type, "data": {"token": token}}
    )
    return str(made["id"])


def made(type: str, params: dict[str, Any], given: list[dict[str, Any]], **settings: Any) -> dict[str, Any]:
    document = workflow(
        f"Tables {uuid.uuid4().hex[:6]}",
        [
            node("make", "set_fields", {"assignments": []}),
            {**node("app", type, params), "settings": settings},
            node("after", "no_op"),
        ],
        "start>make",
        "make>app",
        "app>after",
    )
    document["nodes"][0]["params"] = {"items": given}
    return document


def test_items_go_to_airtable_in_batches_and_only_the_wrong_one_fails(tenant: Session, base: Airtable) -> None:
    async def run(client: Client) -> dict[str, Any]:
        key = await keep(client, "airtable_token", airtable.TOKEN)
        params = {
            "credential": key,
            "resource": "record",
            "operation": "upsert",
            "base": airtable.BASE,
            "table": "Orders",
            "recordUpsertMatch": "Name",
            "cells": [{"name": "Name", "value": "{{ $json.name }}"}, {"name": "Total", "value": "{{ $json.total }}"}],
        }
        given = [{"name": f"n{number}", "total": "x" if number == 3 else number} for number in range(12)]
        return await run_draft(client, made("airtable", params, given, onError="continue"))

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    found = outputs(execution, "after")
    assert [one.get("created") for one in found] == [True] * 3 + [None] + [True] * 8
    assert found[3]["error"]["details"]["code"] == "INVALID_VALUE_FOR_COLUMN"
    assert [record["fields"]["Name"] for record in base.records.values()] == [f"n{n}" for n in range(12) if n != 3]


def test_a_page_is_written_to_notion_and_read_again(tenant: Session, workspace: Notion) -> None:
    async def run(client: Client) -> dict[str, Any]:
        key = await keep(client, "notion_token", notion.TOKEN)
        params = {
            "credential": key,
            "resource": "page",
            "operation": "create",
            "database": notion.DATABASE,
            "values": [{"name": "Name", "value": "{{ $json.name }}"}, {"name": "Tags", "value": "a, b"}],
            "content": "# Notes\n\n- [ ] call **{{ $json.name }}**",
        }
        document = made("notion", params, [{"name": "Ada"}])
        read = {
            "credential": key,
            "resource": "page",
            "operation": "get",
            "page": "{{ $json.id }}",
            "pageGetWithContent": True,
        }
        document["nodes"][-1] = node("after", "notion", read)
        return await run_draft(client, document)

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    [page] = outputs(execution, "after")
    assert (page["title"], page["properties"]["Tags"]) == ("Ada", ["a", "b"])
    assert page["content"] == "# Notes\n\n- [ ] call **Ada**"
