"""Google's apps on the embedded stack: a service account whose tokens the vault gets, four nodes, and a trigger."""

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.client.rest import Client
from local.settings import LocalSettings
from tests.fakes.google.drive import Drive
from tests.fakes.google.gmail import Gmail
from tests.fakes.google.server import HOSTS, Google
from tests.fakes.google.sheets import Sheets
from tests.fakes.google.tokens import TOKEN_URL, service_account
from tests.fakes.web import web_server
from tests.fixtures.app_servers import all_in_place_of
from tests.integration.conftest import Session
from tests.integration.test_calling import executions_of
from tests.integration.test_email_trigger import fire
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft

pytestmark = pytest.mark.integration

NODES = ("node-google_sheets-v1", "node-google_drive-v1", "node-gmail-v1", "node-google_sheets_trigger-v1")
SHEET = {"spreadsheet": "book", "sheet": "Customers"}


@dataclass
class Stage:
    """Google as the functions see it, and a service account's key."""

    google: Google
    sheets: Sheets
    drive: Drive
    gmail: Gmail
    key: str


@pytest.fixture(scope="module")
def stage(settings: LocalSettings) -> Iterator[Stage]:
    with web_server() as web:
        google = Google(web)
        servers = {host: google.url(host) for host in HOSTS} | {TOKEN_URL: web.url("/token")}
        with all_in_place_of(settings, servers, *NODES, "-vault"):
            yield Stage(google, Sheets(google), Drive(google), Gmail(google), service_account(google))


async def credential(client: Client, key: str) -> str:
    body = {"name": f"Robot {uuid.uuid4().hex[:6]}", "type": "google_service_account", "data": {"key": key}}
    made: str = (await client.post("/credentials", body))["id"]
    return made


def test_rows_are_kept_and_told_of_with_a_service_accounts_token(tenant: Session, stage: Stage) -> None:
    [sheet] = stage.sheets.book("book", Customers=[["Email", "Name"], ["ada@example.com", "Ada"]])

    async def run(client: Client) -> Any:
        key = await credential(client, stage.key)
        columns = [{"name": "Name", "value": "{{ $json.name }}"}, {"name": "Email", "value": "{{ $json.mail }}"}]
        rows = {"credential": key, "resource": "row", "operation": "upsert", "keyColumn": "Email", **SHEET}
        text = {"fileCreateTextName": "{{ $json.Name }}.txt", "fileCreateTextContent": "Row {{ $json.row_number }}"}
        file = {"credential": key, "resource": "file", "operation": "create_text", **text}
        mail = {"credential": key, "resource": "message", "operation": "send", "to": "ada@example.com"}
        nodes = [
            node("keep", "google_sheets", {**rows, "columns": columns}),
            node("file", "google_drive", file),
            node("mail", "gmail", {**mail, "subject": "{{ $json.name }}", "text": "Hello"}),
        ]
        document = workflow(f"Customers {uuid.uuid4().hex[:6]}", nodes, "start>keep", "keep>file", "file>mail")
        people = [("Ada L.", "ada@example.com"), ("Bob", "bob@example.com"), ("Cy", "cy@example.com")]
        document["nodes"][0]["params"] = {"items": [{"name": name, "mail": mail} for name, mail in people]}
        return await run_draft(client, document)

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution["error"]
    assert [item["row_number"] for item in outputs(execution, "keep")] == [2, 3, 4]
    assert sheet.plain()[1:] == [["ada@example.com", "Ada L."], ["bob@example.com", "Bob"], ["cy@example.com", "Cy"]]
    assert [file.content.decode() for file in stage.drive.files.values()] == ["Row 2", "Row 3", "Row 4"]
    assert [message["subject"] for message in stage.gmail.sent()] == ["Ada L..txt", "Bob.txt", "Cy.txt"]
    assert stage.google.count("token") == 1, "the vault keeps it for all of them"
    assert stage.google.count("sheets.spreadsheets.values.append") == 1


def test_a_row_that_is_added_starts_the_workflow_once(tenant: Session, stage: Stage, settings: LocalSettings) -> None:
    [sheet] = stage.sheets.book("book", Customers=[["Email", "Name"], ["ada@example.com", "Ada"]])

    async def run(client: Client) -> None:
        params = {"credential": await credential(client, stage.key), "key": "Email", **SHEET}
        made = workflow(
            f"Rows {uuid.uuid4().hex[:6]}", [node("row", "google_sheets_trigger", params), node("end", "no_op")]
        )
        made["edges"] = [{"id": "e", "source": "row", "target": "end"}]
        id = (await client.post("/workflows", made))["id"]
        await client.post(f"/workflows/{id}/publish", {})
        [registration] = (await client.get(f"/workflows/{id}"))["registrations"]
        assert not (await asyncio.to_thread(fire, settings, registration["id"])).get("executionIds")
        sheet.rows.append(["bob@example.com", "Bob"])
        [begun] = (await asyncio.to_thread(fire, settings, registration["id"]))["executionIds"]
        await executions_of(client, id, "succeeded")
        [item] = outputs(await client.get(f"/executions/{begun}"), "end")
        assert item == {"Email": "bob@example.com", "Name": "Bob", "row_number": 3}
        assert not (await asyncio.to_thread(fire, settings, registration["id"])).get("executionIds")

    tenant(run)
