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
from tests.fakes.imap import CAPABILITIES, PASSWORD, USER, Box, Imap, imap_server
from tests.fixtures.oauth2.provider import Provider
from tests.fixtures.oauth2.serving import serving
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


def test_a_mailbox_is_connected_at_a_provider_and_its_token_renewed_when_the_server_refuses_it(
    tenant: Session, imap: Imap, settings: LocalSettings
) -> None:
    imap.capabilities = (*CAPABILITIES, "AUTH=XOAUTH2", "LOGINDISABLED")
    imap.comes(with_file("Old"))

    async def run(client: Client, provider: Provider) -> None:
        mail = {"user": USER, "imapHost": "127.0.0.1", "imapPort": imap.port, "imapSecurity": "none"}
        data = {name: value for name, value in provider.credential.items() if name != "testUrl"} | mail
        body = {"name": f"Box {uuid.uuid4().hex[:6]}", "type": "mail_oauth2", "data": data}
        credential = (await client.post("/credentials", body))["id"]
        early = await client.post(f"/credentials/{credential}/test", {})
        assert (early["works"], "is not connected yet" in early["message"]) == (False, True)
        connect = await client.post(f"/credentials/{credential}/connect", {})
        back = await asyncio.to_thread(provider.agree, connect["authorizeUrl"])
        assert (await client.raw("GET", "/api/oauth2/callback", params=back)).status_code == 200
        # The server takes nothing yet: the token is renewed once, and then its words are told.
        refused = await client.post(f"/credentials/{credential}/test", {})
        assert (refused["works"], provider.grants_of("refresh_token")) == (False, 1)
        assert "status 400, scope https://mail.google.com/" in refused["message"]
        imap.tokens = {token.access_token for token in provider.tokens}
        works = await client.post(f"/credentials/{credential}/test", {})
        assert (works["works"], works["message"]) == (True, "The log-in works; there are 2 mailboxes.")

        made = workflow(f"Mails {uuid.uuid4().hex[:6]}", [node("mail", "email_trigger", {"credential": credential})])
        made["nodes"].append(node("end", "no_op"))
        made["edges"] = [{"id": "e", "source": "mail", "target": "end"}]
        id = (await client.post("/workflows", made))["id"]
        await client.post(f"/workflows/{id}/publish", {})
        [registration] = (await client.get(f"/workflows/{id}"))["registrations"]
        # Somebody changes the password at the provider, say: old tokens count no more, and no clock has told so.
        before = {token for _, token in imap.bearers}
        imap.tokens = set()
        imap.answers["CAPABILITY"] = lambda session, tag: _takes_renewed(imap, provider, before, session, tag)
        imap.comes(with_file("New"))
        [begun] = (await asyncio.to_thread(fire, settings, registration["id"]))["executionIds"]
        assert [one["id"] for one in await executions_of(client, id, "succeeded")] == [begun]
        assert provider.grants_of("refresh_token") == 2
        assert imap.bearers[-1][1] not in before

    with serving(Provider(redirects={f"{settings.url}/api/oauth2/callback"})) as provider:
        tenant(lambda client: run(client, provider))


def _takes_renewed(imap: Imap, provider: Provider, before: set[str], session: Any, tag: bytes) -> None:
    """Answer CAPABILITY as ever; from now on the server takes the tokens that were given since."""
    imap.tokens = {token.access_token for token in provider.tokens} - before
    session.send(f"* CAPABILITY {' '.join(imap.capabilities)}\r\n".encode(), tag + b" OK done\r\n")
