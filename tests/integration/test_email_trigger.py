"""The email trigger on the embedded stack: an IMAP server, the trigger's function, stored files, one start."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import boto3
import pytest

from local.client.rest import ApiError, Client
from local.settings import LocalSettings
from tests.fakes.imap import PASSWORD, USER, Box, Imap, imap_server
from tests.integration.conftest import Session
from tests.integration.test_calling import executions_of
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node

pytestmark = pytest.mark.integration

READ = "return [{ ...$input.first().json, size: $input.first().binary.attachment_0.size }]"


@pytest.fixture
def imap() -> Iterator[Imap]:
    with imap_server() as server:
        server.boxes["Done"] = Box()
        yield server


def with_file(subject: str) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "Ada <ada@example.com>", subject, f"<{uuid.uuid4()}@x>"
    made.set_content("Grüße")
    made.add_attachment(b"%PDF" * 100, maintype="application", subtype="pdf", filename="Übersicht.pdf")
    return made.as_bytes()


def fire(settings: LocalSettings, registration_id: str) -> dict[str, Any]:
    """Invoke the starter with what the trigger's schedule has for it, as the scheduler does each minute."""
    keys: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    given = {"endpoint_url": settings.aws_url, "region_name": "us-east-1", **keys}
    scheduler, functions = boto3.client("scheduler", **given), boto3.client("lambda", **given)
    [it] = [
        one
        for page in scheduler.get_paginator("list_schedules").paginate()
        for one in page["Schedules"]
        if registration_id in one["Name"]
    ]
    target = scheduler.get_schedule(Name=it["Name"], GroupName=it["GroupName"])["Target"]
    answer = functions.invoke(FunctionName=target["Arn"], Payload=target["Input"].encode())
    told: dict[str, Any] = json.loads(answer["Payload"].read())
    return told


def test_a_mail_starts_the_workflow_once_with_its_files_and_is_moved_then(
    tenant: Session, imap: Imap, settings: LocalSettings
) -> None:
    imap.comes(with_file("Old"))

    async def run(client: Client) -> None:
        account = {"host": "127.0.0.1", "port": imap.port, "security": "none", "user": USER, "password": "wrong"}
        body = {"name": f"Box {uuid.uuid4().hex[:6]}", "type": "imap", "data": account}
        credential = (await client.post("/credentials", body))["id"]
        refused = await client.post(f"/credentials/{credential}/test", {})
        assert (refused["works"], "refused the log-in" in refused["message"]) == (False, True)
        params = {"credential": credential, "output": "resolved", "afterwards": "move", "folder": "Done"}
        made = workflow(f"Mails {uuid.uuid4().hex[:6]}", [node("mail", "email_trigger", params), node("read", "code")])
        made["nodes"][-1]["params"] = {"code": READ}
        made["edges"] = [{"id": "e", "source": "mail", "target": "read"}]
        id = (await client.post("/workflows", made))["id"]
        with pytest.raises(ApiError) as wrong:
            await client.post(f"/workflows/{id}/publish", {})
        assert wrong.value.code == "trigger_refused"
        data = {**account, "password": PASSWORD}
        await client.put(f"/credentials/{credential}", {"name": body["name"], "data": data})
        await client.post(f"/workflows/{id}/publish", {})
        [registration] = (await client.get(f"/workflows/{id}"))["registrations"]

        def poll() -> dict[str, Any]:
            return fire(settings, registration["id"])

        assert not (await asyncio.to_thread(poll)).get("executionIds")
        imap.comes(with_file("New"))
        [begun] = (await asyncio.to_thread(poll))["executionIds"]
        [ended] = await executions_of(client, id, "succeeded")
        assert ended["id"] == begun
        [item] = outputs(await client.get(f"/executions/{begun}"), "read")
        assert (item["subject"], item["text"].strip(), item["size"]) == ("New", "Grüße", 400)
        assert item["attachments"][0]["name"] == "Übersicht.pdf"
        assert [mail.uid for mail in imap.inbox.mails] == [1]
        assert len(imap.boxes["Done"].mails) == 1
        assert not (await asyncio.to_thread(poll)).get("executionIds")

    tenant(run)
