"""Mails on the embedded stack: read from a real Dovecot, sent on with their files, and asked by and answered."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from local.client.rest import Client
from local.stack.ports import free_port
from tests.fakes.dovecot import PASSWORD, USER, Dovecot, dovecot, program
from tests.fakes.mail_services import MailServices
from tests.fakes.web import web_server
from tests.functions.nodes.test_email import Mailbox
from tests.functions.nodes.test_read_email import WITH_FILES
from tests.integration.conftest import Session
from tests.integration.test_flow import outputs, workflow
from tests.integration.test_main_job import node, run_draft
from tests.integration.test_waiting import begun, until

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    found = program()
    if found is None:
        pytest.skip("there is no Dovecot")
    with dovecot(found) as running:
        yield running


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    made = Mailbox()
    controller = Controller(made, hostname="127.0.0.1", port=free_port())
    controller.start()
    made.port = controller.port
    yield made
    controller.stop()


async def credential(client: Client, type: str, **data: Any) -> str:
    body = {"name": f"{type} {uuid.uuid4().hex[:6]}", "type": type, "data": data}
    found: str = (await client.post("/credentials", body))["id"]
    return found


async def sending(client: Client, mailbox: Mailbox) -> str:
    data = {"host": "127.0.0.1", "port": mailbox.port, "security": "none", "from": "Shop <shop@example.com>"}
    return await credential(client, "smtp", **data)


def test_a_mail_is_read_sent_on_with_its_files_and_moved(tenant: Session, server: Dovecot, mailbox: Mailbox) -> None:
    server.put(WITH_FILES)

    async def run(client: Client) -> dict[str, Any]:
        imap = {"host": "127.0.0.1", "port": server.port, "security": "none", "user": USER, "password": PASSWORD}
        box, smtp = await credential(client, "imap", **imap), await sending(client, mailbox)
        found = {"credential": box, "which": "unread", "output": "resolved"}
        mail = {
            "credential": smtp,
            "to": "ada@example.com",
            "subject": "Fwd: {{ $json.subject }}",
            "text": "{{ $json.text }}",
            "attachments": "*",
            "inReplyTo": "{{ $json.messageId }}",
        }
        move = {"credential": box, "operation": "move", "uids": "{{ $('find').item.json.uid }}", "folder": "Sent"}
        nodes = [node("find", "read_email", found), node("mail", "email", mail), node("move", "read_email", move)]
        return await run_draft(client, workflow("Mails", nodes, "start>find", "find>mail", "mail>move"))

    execution = tenant(run)
    assert execution["status"] == "succeeded", execution
    [moved] = outputs(execution, "move")
    assert moved["movedTo"] == "Sent"
    [(_, message)] = mailbox.received
    assert message["Subject"] == "Fwd: Größe of order 7"
    assert message["References"] == "<7@example.com>"
    assert [one.get_filename() for one in message.iter_attachments()] == ["Größe.pdf", "winmail.dat", "inner.eml"]


def test_a_mail_asks_and_its_first_answer_lets_the_workflow_go_on(tenant: Session, mailbox: Mailbox) -> None:
    async def run(client: Client) -> tuple[dict[str, Any], list[int]]:
        ask = {
            "credential": await sending(client, mailbox),
            "to": "ada@example.com",
            "subject": "Refund order 7?",
            "message": "It is about **20 EUR**.",
            "comment": "Why?",
        }
        nodes = [node("ask", "email_and_wait", ask), node("after", "no_op")]
        id = await begun(client, workflow("Asking", nodes, "start>ask", "ask>after"))
        await until(client, id, waiting=1)
        [(_, message)] = mailbox.received
        html = message.get_body(("html",))
        assert html is not None
        links = [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]*)"', html.get_content())]
        approve, refuse = ("/forms/" + one.partition("/forms/")[2] for one in links)
        looked = [await client.raw("GET", one) for one in (approve, refuse, approve)]
        page = looked[1].text
        assert "<strong>20 EUR</strong>" in page
        assert 'value="Refuse" checked' in page
        wait = re.search(r'name="~wait" value="([^"]*)"', page)
        assert wait is not None
        sent = {"~wait": wait[1], "f0": "Refuse", "f1": "Too late"}
        path = refuse.partition("?")[0]
        answers = [await client.raw("POST", path, data=one) for one in (sent, {**sent, "f0": "Approve"})]
        done = await until(client, id)
        after = await client.raw("GET", approve)
        return done, [one.status_code for one in (*looked, *answers, after)]

    execution, statuses = tenant(run)
    assert execution["status"] == "succeeded", execution
    assert statuses == [200, 200, 200, 200, 409, 200]
    [answer] = outputs(execution, "after")
    assert (answer["decision"], answer["approved"], answer["comment"]) == ("Refuse", False, "Too late")


def test_nobody_answers_in_time(tenant: Session, mailbox: Mailbox) -> None:
    async def run(client: Client) -> dict[str, Any]:
        smtp = await sending(client, mailbox)
        ask = {"credential": smtp, "to": "a@example.com", "subject": "s", "answer": "text", "limitSeconds": 1}
        nodes = [node("ask", "email_and_wait", ask), node("late", "no_op")]
        id = await begun(client, workflow("Late", nodes, "start>ask", "ask.timeout>late"))
        return await until(client, id)

    execution = tenant(run)
    assert (execution["status"], outputs(execution, "late")) == ("succeeded", [{}])


def test_amazon_ses_sends_with_an_aws_credential(tenant: Session) -> None:
    async def run(client: Client, url: str) -> dict[str, Any]:
        keys = {"accessKeyId": "AKIARIGHT", "secretAccessKey": "s", "region": "eu-central-1", "endpoint": url}
        mail = {"credential": await credential(client, "aws", **keys), "sender": "shop@example.com"}
        mail |= {"to": "ada@example.com", "subject": "Hello", "text": "Text"}
        return await run_draft(client, workflow("SES", [node("mail", "email", mail)], "start>mail"))

    with web_server() as web:
        services = MailServices(web)
        execution = tenant(lambda client: run(client, web.url("")))
    assert execution["status"] == "succeeded", execution
    [(_, (_, message))] = services.sent
    assert message["Subject"] == "Hello"
    assert outputs(execution, "mail")[0]["messageId"] == "<0107019abc-1-000000@eu-central-1.amazonses.com>"
