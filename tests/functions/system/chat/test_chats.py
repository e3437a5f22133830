"""Conversations: what a message starts and how often, what is seen of its answer, and what is refused."""

import json
import threading
from typing import Any

import pytest

from functions.system.chat.progress import LOST_SECONDS
from local.settings import ROOT
from stepweave.aws import AwsError
from stepweave.model.events import EventType
from stepweave_data import redis_keys as keys
from stepweave_data.hooks import probing
from tests.functions.system.chat.stage import HOST, PLACE, SECRET, Stage, output, partial, told
from tests.functions.system.messages import FAILED, STARTED, SUCCEEDED, node, rows
from tests.functions.system.waiting import waiting

DONE = EventType.EXECUTION_SUCCEEDED


def ended(kind: EventType = DONE, **fields: Any) -> Any:
    from stepweave.runtime.events import event

    return event(kind, **fields)


def test_the_page_holds_what_everybody_may_read_and_runs_our_script_only(stage: Stage) -> None:
    stage.publish(says={"greeting": "</script><b>Hi", "suggestions": ["A?"]})
    answer = stage.ask()
    body, policy = answer["body"], answer["headers"]["content-security-policy"]
    given = json.loads(body.partition('id="given">')[2].partition("</script>")[0])
    assert (answer["statusCode"], given["shown"]["greeting"], given["place"]) == (200, "</script><b>Hi", PLACE)
    assert "<h1>Ask &lt;us&gt;</h1>" in body
    nonce = policy.partition("script-src 'nonce-")[2].partition("'")[0]
    assert body.count(f'nonce="{nonce}"') == 2
    assert f"connect-src {HOST}{PLACE}/ ws://{HOST}/live wss://{HOST}/live" in policy
    for part in ("default-src 'none'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"):
        assert part in policy
    script = stage.ask("chat.js")
    assert (script["statusCode"], "immutable" in script["headers"]["cache-control"]) == (200, True)
    assert stage.ask(method="HEAD")["body"] == ""


def test_a_message_starts_the_workflow_with_one_item(stage: Stage) -> None:
    token = stage.enter()
    id = stage.sent(token, " Where is\r\nit?\x00 ", id="message-1")
    (started,) = stage.machines.started
    item = started["input"]["trigger"]["output"]["main"]["items"][0]["json"]
    session = item.pop("sessionId")
    assert (started["name"], len(session), session in token) == (id, 32, False)
    assert item == {"chatInput": "Where is\nit?", "action": "sendMessage", "messageId": "message-1", "files": []}
    assert started["input"]["context"]["trigger"] == "chat"


def test_sent_again_it_is_the_same_execution(stage: Stage) -> None:
    token = stage.enter()
    answers = [stage.send(token, "Hi", id="the-same") for _ in range(5)]
    assert {answer["statusCode"] for answer in answers} == {202}
    assert len({started["name"] for started in stage.machines.started}) == 1
    assert len(stage.talk(token)) == 1


def test_sent_at_the_same_moment_to_several_workers_it_is_one(stage: Stage) -> None:
    token, answers = stage.enter(), []
    workers = [Stage(stage.databases, stage.tenant, stage.redis) for _ in range(6)]
    send = [
        threading.Thread(target=lambda it=it: answers.append(it.send(token, "Hi", id="the-same"))) for it in workers
    ]
    for one in send:
        one.start()
    for one in send:
        one.join()
    assert {answer["statusCode"] for answer in answers} == {202}
    assert len({started["name"] for it in workers for started in it.machines.started}) == 1
    for it in workers:
        it.link.close()


def test_one_message_at_a_time_and_the_next_when_the_answer_is_there(stage: Stage) -> None:
    token = stage.enter()
    id = stage.sent(token)
    assert told(stage.send(token, "And?")) == (409, "still_answering")
    stage.tell(id, node(STARTED), node(SUCCEEDED, output=output(answer="Yes")), ended())
    stage.sent(token, "And?")
    assert [turn["state"] for turn in stage.talk(token)] == ["answered", "running"]
    # Another visitor is held up by nobody.
    stage.sent(stage.enter())


def test_what_comes_is_seen_bit_by_bit_and_only_of_the_node_that_answers(stage: Stage) -> None:
    token = stage.enter()
    id = stage.sent(token)
    stage.tell(
        id, node(STARTED, "0t"), partial("secret rows", "0t"), node(SUCCEEDED, "0t", output=output(answer="rows")),
        node(STARTED), partial("Good "),
    )  # fmt: skip
    found = stage.turn(token, id)
    steps = [{"name": "Look up", "state": "done"}, {"name": "Answer", "state": "works"}]
    assert (found["state"], found["coming"], found["steps"]) == ("running", "Good ", steps)
    stage.tell(id, partial("morning", offset=5))
    later = stage.turn(token, id, f"source={found['source']}&at=5&tag={found['tag']}")
    assert (later["from"], later["coming"]) == (5, "morning")
    # A second attempt begins anew.
    stage.tell(id, partial("Hello", attempt=2))
    assert stage.turn(token, id, f"source={found['source']}&at=12")["from"] == 0
    assert stage.turn(token, id)["coming"] == "Hello"
    stage.tell(id, node(SUCCEEDED, attempt=2, output=output(answer="Hello!")))
    # It has answered, whatever goes on behind it.
    assert (stage.turn(token, id)["state"], stage.turn(token, id)["answer"]) == ("answered", "Hello!")


CASES = json.loads((ROOT / "tests" / "contract" / "chat-answers.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_where_the_answer_lies(stage: Stage, case: dict[str, Any]) -> None:
    names = [f"n{place}" for place in range(len(case["outputs"]))]
    stage.publish(view={"answers": [*names, "another"], "field": case["field"]})
    token = stage.enter()
    id = stage.sent(token)
    for name, given in zip(reversed(names), reversed(case["outputs"]), strict=True):
        stage.tell(id, node(STARTED, name), node(SUCCEEDED, name, output=output(**given)))
    stage.tell(id, ended())
    assert stage.turn(token, id)["answer"] == case["answer"]


def test_a_failure_is_told_without_its_reason_and_the_conversation_goes_on(stage: Stage) -> None:
    token = stage.enter()
    id = stage.sent(token)
    error = {"type": "ModelAccessDenied", "message": "sk-secret was refused"}
    stage.tell(id, node(STARTED), node(FAILED, error=error), ended(EventType.EXECUTION_FAILED, error=error))
    answer = stage.ask(f"turn/{id}", x_chat_session=token)
    assert (json.loads(answer["body"])["state"], "secret" in answer["body"]) == ("failed", False)
    stage.sent(token, "Again")


def test_who_waits_for_somebody_is_told_so_and_gets_the_answer_later(stage: Stage) -> None:
    token = stage.enter()
    id = stage.sent(token)
    stage.tell(id, node(STARTED), waiting("0t", "token", "approval", details={"title": "Pay 5000 to Bob?"}))
    stage.tell(id, node(SUCCEEDED))
    shown = stage.ask(f"turn/{id}", x_chat_session=token)["body"]
    assert "Bob" not in shown
    stage.publish(view={"answers": ["b"]})
    id = stage.sent(token2 := stage.enter())
    stage.tell(id, node(STARTED, "0t"), waiting("0t", "token", "approval"))
    assert stage.turn(token2, id)["state"] == "waiting"
    stage.tell(id, node(SUCCEEDED, "0t"), node(STARTED, "b"), node(SUCCEEDED, "b", output=output(answer="Paid")))
    assert stage.turn(token2, id)["answer"] == "Paid"


def test_a_message_is_stopped_with_what_had_come(stage: Stage) -> None:
    token = stage.enter()
    id = stage.sent(token)
    stage.tell(id, node(STARTED), partial("Once upon"))
    answer = stage.ask(f"stop/{id}", b"{}", x_chat_session=token)
    found = json.loads(answer["body"])
    assert (found["state"], found["answer"]) == ("stopped", "Once upon")
    assert [arn.rpartition(":")[2] for arn in stage.machines.stopped] == [id]
    assert rows(stage.databases, "SELECT status FROM executions WHERE id = %s", id) == [("cancelled",)]
    stage.sent(token, "Again")


def test_who_waits_for_news_gets_them_as_they_come_and_nothing_in_vain(stage: Stage) -> None:
    token = stage.enter()
    id = stage.sent(token)
    stage.tell(id, node(STARTED))
    tag = stage.turn(token, id)["tag"]
    assert stage.turn(token, id, f"tag={tag}")["tag"] == tag
    later = threading.Timer(0.1, lambda: stage.tell(id, partial("Hi")))
    later.start()
    stage.link.close()
    assert stage.turn(token, id, f"tag={tag}")["coming"] == "Hi"
    later.join()


def test_files_are_stored_and_told_of(stage: Stage) -> None:
    stage.publish(files={"accept": ["image/*", ".pdf"], "most": 2})
    token = stage.enter()
    answer = stage.send(token, "", ("a.png", "image/png", b"\x89PNG"), ("../b.PDF", "application/x", b"%PDF"))
    assert answer["statusCode"] == 202
    item = stage.machines.started[0]["input"]["trigger"]["output"]["main"]["items"][0]
    assert sorted(item["binary"]) == ["file", "file_1"]
    assert [one["fileName"] for one in item["json"]["files"]] == ["a.png", "b.PDF"]
    (turn,) = stage.talk(token)
    assert turn["files"][0] == {"fileName": "a.png", "size": 4}


PNG = ("a.png", "image/png", b"\x89PNG")


@pytest.mark.parametrize(
    ("changes", "text", "files", "status", "code"),
    [
        ({}, "", (), 422, "empty"),
        ({}, "\x00 \n", (), 422, "empty"),
        ({}, "x" * 101, (), 422, "too_long"),
        ({}, "Hi", (PNG,), 422, "no_files"),
        ({"files": {"accept": [], "most": 1}}, "Hi", (PNG, PNG), 422, "too_many_files"),
        ({"files": {"accept": [".pdf"], "most": 1}}, "Hi", (PNG,), 422, "file_kind"),
        ({"files": {"accept": [], "most": 1}}, "Hi", (("a.png", "image/png", b""),), 422, "empty_file"),
        ({"files": {"accept": [], "most": 1}}, "Hi", (("a", "a/b", b"x" * 4_500_000),), 413, "too_large"),
        ({"paused": True}, "Hi", (), 503, "workflow_paused"),
    ],
)
def test_what_is_refused_starts_nothing(
    stage: Stage, changes: Any, text: str, files: Any, status: int, code: str
) -> None:
    token = stage.enter()
    stage.publish(**changes)
    assert told(stage.send(token, text, *files)) == (status, code)
    assert (stage.machines.started, stage.talk(token)) == ([], [])


@pytest.mark.parametrize("id", ["short", "x" * 65, "a b c d e", "<script>"])
def test_a_message_without_an_id_of_its_own_is_refused(stage: Stage, id: str) -> None:
    assert told(stage.send(stage.enter(), "Hi", id=id)) == (422, "bad_message")


def test_too_many_messages_are_held_back_by_address_and_by_conversation(stage: Stage) -> None:
    stage.publish(perMinute=2)
    token = stage.enter()
    codes = [told(stage.send(token, "Hi", X_Stepweave_Caller=f"203.0.113.{last}"))[0] for last in range(3)]
    assert codes == [202, 409, 429]
    stage.publish(perMinute=2)
    assert [told(stage.send(stage.enter(), "Hi"))[0] for _ in range(3)] == [202, 202, 429]


def test_when_nothing_can_be_started_the_message_may_come_again(stage: Stage) -> None:
    token = stage.enter()
    stage.machines.error = AwsError("ServiceUnavailable", "away", retryable=True)
    assert told(stage.send(token, "Hi", id="message-1"))[0] == 503
    stage.machines.error = None
    assert stage.talk(token) == []


def test_a_start_that_was_cut_off_does_not_hold_the_conversation_up_for_ever(stage: Stage) -> None:
    token = stage.enter()
    id = stage.sent(token)
    rows(
        stage.databases,
        "UPDATE chat_turns SET created_at = now() - make_interval(secs => %s) RETURNING 1",
        LOST_SECONDS + 1,
    )
    assert stage.turn(token, id)["state"] == "failed"


def test_express_workflows_are_the_starters(stage: Stage) -> None:
    stage.publish(machine="express")
    stage.sent(stage.enter())
    assert [request["trigger"] for request in stage.handed_over] == ["chat"]


def test_who_listens_hears_of_one_execution_only(stage: Stage) -> None:
    token = stage.enter()
    id = stage.sent(token)
    answer = json.loads(stage.ask(f"live/{id}", b"{}", x_chat_session=token)["body"])
    assert answer["channel"] == f"chat:{id}"
    import hashlib

    kept = stage.redis.get(keys.ticket(hashlib.sha256(answer["ticket"].encode()).hexdigest()))
    assert json.loads(str(kept)) == {"tenantId": str(stage.tenant.id), "userId": f"chat:{id}", "sessionId": ""}


def test_what_is_old_is_forgotten(stage: Stage) -> None:
    token = stage.enter()
    stage.sent(token)
    rows(stage.databases, "UPDATE chat_turns SET expires_at = now() - interval '1 s' RETURNING 1")
    assert stage.talk(token) == []
    assert stage.link.call("SELECT sweep_chats(1000) > 0") == (True,)


def test_a_test_call_is_answered_and_starts_nothing(stage: Stage) -> None:
    import time

    signed = probing.proof(SECRET, "chat", "acme", "help", int(time.time()) + 30)
    answer = stage.ask(x_stepweave_probe=signed)
    assert json.loads(answer["body"])["nodeId"] == "chat"


def test_what_is_not_there_is_said_for_people_and_for_the_script(stage: Stage) -> None:
    page = stage.ask(place="/chat/acme/nothing")
    assert (page["statusCode"], page["headers"]["content-type"]) == (404, "text/html; charset=utf-8")
    assert told(stage.ask("talk", place="/chat/acme/nothing")) == (404, "unknown_chat")
    assert told(stage.ask("nonsense"))[0] == 405
    assert stage.ask(method="PUT")["statusCode"] == 405
    stage.publish(paused=True)
    assert stage.ask()["statusCode"] == 503
