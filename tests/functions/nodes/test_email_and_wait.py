"""Send email and wait: the mail that asks, the page it leads to, and what cannot be asked."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from functions.nodes.messages.email_and_wait.errors import NoPublicAddress
from functions.nodes.messages.email_and_wait.run import run
from functions.nodes.messages.email_and_wait.spec import SPEC
from local.stack.ports import free_port
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.form_links import path_of, question_key, question_url, signature
from stepweave.runtime.mail.errors import EmailRefused
from tests.fakes.steps import Bench, context, items
from tests.functions.nodes.test_email import Mailbox, account

SECRET = "a test's own secret"
GIVEN = items({"id": 7, "who": "<b>"}, {"id": 8})


@pytest.fixture(scope="module")
def server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    mailbox.port = controller.port
    yield mailbox
    controller.stop()


@pytest.fixture
def mailbox(server: Mailbox) -> Mailbox:
    server.received.clear()
    server.answers.clear()
    return server


@pytest.fixture
def node(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    bench = Bench(SPEC, run)
    account(bench, port=mailbox.port)
    return bench


def ask(bench: Bench, *, attempt: int = 1, **more: Any) -> Any:
    """Run the node, and return what it waits with."""
    known = context()
    known["formUrl"] = f"https://s.example{path_of(SECRET, known['executionId'])}"
    params = {"credential": "smtp", "to": "ada@example.com", "subject": "Refund {{ $json.id }}?", **more}
    assert bench(params, GIVEN, taskToken="t", context=known, attempt=attempt) == {"output": {}}
    return bench.outside.of("node.waiting")[-1]["waiting"]


def test_a_mail_has_a_button_for_each_answer(node: Bench, mailbox: Mailbox) -> None:
    waiting = ask(
        node, message="Of {{ $json.who }}\nnow", approve="Yes, & pay", refuse="No", comment="Why?", cc="c@d.e"
    )
    [(recipients, message)] = mailbox.received
    assert (recipients, message["Subject"]) == (["ada@example.com", "c@d.e"], "Refund 7?")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    url = waiting["url"]
    assert (
        f"Of <b>\r\nnow\r\n\r\nYes, & pay: {url}?decision=Yes%2C%20%26%20pay\r\nNo: {url}?decision=No"
        in plain.get_content()
    )
    assert "Of &lt;b&gt;<br>now" in html.get_content()
    assert re.findall(r'<a href="([^"]*)"', html.get_content()) == [
        f"{url}?decision=Yes%2C%20%26%20pay",
        f"{url}?decision=No",
    ]
    page = waiting["resume"]["page"]
    assert (page["title"], [one["name"] for one in page["fields"]]) == ("Refund 7?", ["decision", "comment"])
    assert page["fields"][0]["choices"] == ["Yes, & pay", "No"]
    of = {"Yes, & pay": {"approved": True}, "No": {"approved": False}}
    assert waiting["resume"]["adds"] == {"field": "decision", "of": of}
    assert (waiting["kind"], waiting["token"]) == ("form", "t")


def test_the_link_is_of_this_run_alone_and_tells_nothing_of_other_pages(node: Bench) -> None:
    waiting, again = ask(node), ask(node, attempt=2)
    assert (waiting["url"], waiting["resume"]["key"]) == (again["url"], again["resume"]["key"])
    id = context()["executionId"]
    own = signature(SECRET, id)
    end = waiting["url"].rpartition("/")[2]
    assert own not in waiting["url"]
    assert question_key(SECRET, id, end) == waiting["resume"]["key"]
    assert question_key(SECRET, id.replace("5", "6"), end) == ""
    for wrong in (own, end[:-1], f"x{end}", end.replace(".", ""), f"{end.partition('.')[0]}.", ".", f".{own}"):
        assert question_key(SECRET, id, wrong) == ""
    assert question_url(f"https://s.example{path_of(SECRET, id)}", "another")[1] != waiting["resume"]["key"]


def test_text_and_forms_are_asked_for_by_one_button(node: Bench, mailbox: Mailbox) -> None:
    waiting = ask(node, answer="text", question="What of {{ $json.id }}?", button="Write to us")
    [field] = waiting["resume"]["page"]["fields"]
    assert (field["name"], field["label"], field["required"]) == ("answer", "What of 7?", True)
    html = mailbox.received[0][1].get_body(("html",))
    assert html is not None
    assert f'<a href="{waiting["url"]}"' in html.get_content()
    assert ">Write to us</a>" in html.get_content()
    rows = [{"name": "size", "type": "choice", "choices": "S\nM"}]
    waiting = ask(node, answer="form", fields=rows, html="<h1>Hi</h1>")
    assert waiting["resume"]["page"]["fields"][0]["choices"] == ["S", "M"]
    assert "adds" not in waiting["resume"]


def test_the_items_go_another_way_when_nobody_answers() -> None:
    bench = Bench(SPEC, run)
    result: Any = bench({"credential": "smtp", "to": "a@b.c", "subject": "s"}, GIVEN, phase="timedOut")
    assert [one["json"]["id"] for one in result["output"]["timeout"]["items"]] == [7, 8]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"refuse": " approve "}, "params.approve"),
        ({"answer": "form"}, "params.fields"),
        ({"answer": "form", "fields": [{"name": "a", "pattern": "(", "type": "text"}]}, "params.fields.0.pattern"),
        ({"answer": "form", "fields": [{"name": "a"}, {"name": "a"}]}, "params.fields.1.name"),
    ],
)
def test_what_cannot_be_asked_is_named_and_not_sent(
    node: Bench, mailbox: Mailbox, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(ParameterInvalid) as caught:
        ask(node, **more)
    assert caught.value.details["field"] == field
    assert mailbox.received == []


def test_nothing_waits_where_the_mail_is_refused(node: Bench, mailbox: Mailbox) -> None:
    mailbox.answers["ada@example.com"] = "550 unknown"
    with pytest.raises(EmailRefused):
        ask(node)
    assert node.outside.of("node.waiting") == []


def test_a_platform_without_an_address_says_so(node: Bench, mailbox: Mailbox) -> None:
    with pytest.raises(NoPublicAddress):
        node({"credential": "smtp", "to": "a@b.c", "subject": "s"}, GIVEN, taskToken="t")
    assert mailbox.received == []
