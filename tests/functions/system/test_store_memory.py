"""The memory keeps talks of workflows apart, whole, in order and once, and forgets what is past its time."""

import json
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from functions.system.store.serving import serve
from stepweave.runtime.memory import MOST_MESSAGE, MOST_TURN, Memory, Recalled, fitting
from stepweave.runtime.storing import MemoryFull, MemorySessionInvalid, Store, StoreUnavailable, StoreValueInvalid
from stepweave_data.link import Link
from stepweave_data.store import memory as kept
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant, make_tenant
from tests.functions.system.stored import Stage


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    made.outside.link.close()


@pytest.fixture
def memory(stage: Stage) -> Memory:
    return Memory(stage.store, str(stage.tenant.workflow_id))


def turn(said: str, answered: str = "") -> list[dict[str, Any]]:
    return [{"role": "user", "content": said}, {"role": "assistant", "content": answered or said.upper()}]


def remember(memory: Memory, *said: str, session: str = "s", keep_days: int | None = None) -> None:
    for text in said:
        memory.remember(session, turn(text), once=str(uuid.uuid4()), keep_days=keep_days)


def said(recalled: Recalled) -> list[str]:
    return [message["content"] for message in recalled.messages if message["role"] == "user"]


def late(databases: Databases) -> None:
    with psycopg.connect(databases.owner) as connection:
        connection.execute("UPDATE memory_sessions SET expires_at = now() - interval '1 second'")


def test_the_newest_turns_are_recalled_oldest_first_and_the_others_counted(memory: Memory) -> None:
    assert memory.recall("s", 5) == Recalled("", [], 0)
    remember(memory, "a", "b", "c")
    assert memory.recall("s", 2) == Recalled("", [*turn("b"), *turn("c")], 2)
    assert (said(memory.recall("s", 9)), memory.recall("s", 9).older) == (["a", "b", "c"], 0)
    assert memory.recall("s", 0) == Recalled("", [], 6)


def test_further_fields_of_messages_are_kept_as_they_are(memory: Memory) -> None:
    calls = [{"id": "1", "name": "look", "arguments": '{"b": 1, "a": 2}'}]
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": "?"},
        {"role": "assistant", "content": "", "toolCalls": calls, "z": 1, "a": 2**60},
        {"role": "user", "content": "", "toolResults": [{"callId": "1", "text": "🦉", "isError": False}]},
        {"role": "assistant", "content": "An owl."},
    ]
    memory.remember("s", messages, once="1", keep_days=1)
    assert memory.recall("s", 1).messages == messages  # a window is never cut between a call and its result
    assert json.dumps(memory.recall("s", 1).messages) == json.dumps(messages)


def test_talks_of_workflows_and_tenants_are_apart_and_a_memory_is_shared_by_name(
    memory: Memory, stage: Stage, databases: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    remember(memory, "mine")
    remember(memory.shared("team"), "ours")
    stranger = Store(stage.outside.ask, str(tenants[1].id))
    others = Memory(stranger, str(tenants[1].workflow_id))
    assert [said(one.recall("s", 9)) for one in (others, others.shared("team"))] == [[], []]
    assert said(Memory(stranger, str(stage.tenant.workflow_id)).recall("s", 9)) == []
    with psycopg.connect(databases.owner) as connection:
        row = connection.execute(
            "INSERT INTO workflows (tenant_id, name, document) VALUES (%s, 'V', '{}') RETURNING id", (stage.tenant.id,)
        ).fetchone()
    assert row is not None
    second = Memory(stage.store, str(row[0]))
    assert (said(second.recall("s", 9)), said(second.shared(" team ").recall("s", 9))) == ([], ["ours"])
    assert said(memory.shared("").recall("s", 9)) == ["mine"]


def test_another_tenants_workflow_cannot_be_written_to(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    foreign = Memory(stage.store, str(tenants[1].workflow_id))
    with pytest.raises(MemorySessionInvalid, match="workflow of this memory"):
        remember(foreign, "in my own tenant")
    own = Memory(Store(stage.outside.ask, str(tenants[1].id)), str(tenants[1].workflow_id))
    assert said(own.recall("s", 9)) == []


@pytest.mark.parametrize("session", ["12345", "0", "a b/c?d=ü🦉", "null", "x" * 512, " ", "'; DROP TABLE x --"])
def test_any_text_is_a_session(memory: Memory, session: str) -> None:
    remember(memory, "a", session=session)
    assert (said(memory.recall(session, 1)), said(memory.recall(session + "!"[: len(session) < 512], 1))) == (
        ["a"],
        ["a"] if len(session) == 512 else [],
    )


@pytest.mark.parametrize("session", ["", "x" * 513, "a\x00b", "a\nb", "\ud800"])
def test_what_is_no_session_says_what_to_give(memory: Memory, session: str) -> None:
    with pytest.raises(MemorySessionInvalid, match="session key") as raised:
        memory.recall(session, 1)
    assert "chat" in raised.value.remedy
    with pytest.raises(MemorySessionInvalid):
        remember(memory, "a", session=session)


def test_a_turn_is_remembered_once_however_often_it_is_tried(memory: Memory, stage: Stage) -> None:
    stage.outside.lost = 1
    with pytest.raises(StoreUnavailable):
        memory.remember("s", turn("a"), once="k", keep_days=1)
    memory.remember("s", turn("a", "another answer"), once="k", keep_days=1)
    assert memory.recall("s", 9).messages == turn("a")
    memory.remember("t", turn("a"), once="k", keep_days=1)
    assert memory.recall("t", 9).messages == turn("a")


def test_turns_of_executions_at_once_are_all_there_and_whole(stage: Stage) -> None:
    def write(number: int) -> None:
        link = Link(stage.databases.app)
        try:
            own = Memory(Store(lambda it: serve(it, link), str(stage.tenant.id)), str(stage.tenant.workflow_id))
            own.remember("s", turn(str(number), f"answer {number}") * 3, once=str(number), keep_days=None)
        finally:
            link.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    messages = Memory(stage.store, str(stage.tenant.workflow_id)).recall("s", 99).messages
    turns = [messages[place : place + 6] for place in range(0, len(messages), 6)]
    assert sorted(int(one[0]["content"]) for one in turns) == list(range(24))
    assert all(one == turn(one[0]["content"], f"answer {one[0]['content']}") * 3 for one in turns)


def test_a_summary_stands_for_what_is_older(memory: Memory) -> None:
    remember(memory, "a", "b", "c", "d")
    older = memory.older("s", 1)
    assert (older.summary, older.messages) == ("", [*turn("a"), *turn("b"), *turn("c")])
    remember(memory, "e")
    assert memory.summarise("s", "a to c", older.upto)
    assert memory.recall("s", 1) == Recalled("a to c", turn("e"), 2)
    further = memory.older("s", 1)
    assert (further.summary, further.messages) == ("a to c", turn("d"))


def test_of_two_summaries_the_one_that_goes_further_stays(memory: Memory) -> None:
    remember(memory, "a", "b", "c")
    short, long = memory.older("s", 2).upto, memory.older("s", 1).upto
    assert [memory.summarise("s", "long", long), memory.summarise("s", "short", short)] == [True, False]
    assert (memory.recall("s", 1).summary, memory.recall("s", 1).older) == ("long", 0)
    assert not memory.summarise("s", "again", long)


def test_a_summary_of_a_talk_that_is_gone_is_not_kept(memory: Memory, databases: Databases) -> None:
    remember(memory, "a", "b", keep_days=1)
    upto = memory.older("s", 1).upto
    late(databases)
    assert not memory.summarise("s", "gone", upto)
    remember(memory, "c", "d")
    assert not memory.summarise("s", "gone", upto)
    assert memory.recall("s", 9) == Recalled("", [*turn("c"), *turn("d")], 0)


def test_a_talk_past_its_time_is_absent_and_begins_anew(memory: Memory, databases: Databases, stage: Stage) -> None:
    remember(memory, "a", keep_days=30)
    late(databases)
    assert memory.recall("s", 9) == Recalled()
    remember(memory, "b", keep_days=None)
    assert memory.recall("s", 9) == Recalled("", turn("b"), 0)
    remember(memory, "x", session="old", keep_days=1)
    late(databases)
    row = stage.outside.link.call("SELECT sweep_store(100)")
    assert row is not None
    with psycopg.connect(databases.owner) as connection:
        left = connection.execute("SELECT count(*) FROM memory_messages").fetchone()
    assert (row[0] >= 2, left) == (True, (0,))


def test_two_hundred_large_messages_are_kept_and_recalled_as_far_as_there_is_room(memory: Memory) -> None:
    for number in range(100):
        memory.remember("s", turn(f"{number} " + "ü" * 40_000, "x" * 40_000), once=str(number), keep_days=1)
    found = memory.recall("s", 100)
    size = sum(len(json.dumps(message, ensure_ascii=False).encode()) for message in found.messages)
    assert 2_500_000 < size <= 3 * 1024 * 1024
    assert len(found.messages) + found.older == 200
    assert found.messages[-1]["content"] == "x" * 40_000


@pytest.mark.no_cover  # much of what others do: traced, it takes twice as long
def test_a_message_that_is_too_large_is_cut_and_says_so(memory: Memory) -> None:
    memory.remember("s", turn("x" * 3_000_000, "short"), once="1", keep_days=1)
    first, second = memory.recall("s", 1).messages
    assert "more characters were not kept" in first["content"]
    assert (len(first["content"]) > MOST_MESSAGE // 4, second["content"]) == (True, "short")
    many = fitting([{"role": "user", "content": "ü" * 100_000, "deep": [{"a": ["\ud800y\x00"]}]}] * 40)
    assert sum(len(json.dumps(message)) for message in many) <= MOST_TURN
    assert many[0]["deep"] == [{"a": ["\ufffdy"]}]
    wide = fitting([{"role": "user", "content": "x", "rows": list(range(400_000))}])
    assert wide == [{"role": "user", "content": "x"}]


def test_a_talk_forgets_its_oldest_turns_rather_than_refuse_new_ones(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_MESSAGES", 6)
    remember(memory, "a", "b", "c", "d", "e")
    assert said(memory.recall("s", 99)) == ["c", "d", "e"]
    monkeypatch.setattr(kept, "MOST_BYTES", 1)
    remember(memory, "f")
    assert said(memory.recall("s", 99)) == ["f"]


def test_there_are_so_many_talks_at_most(databases: Databases, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = make_tenant(databases)
    memory = Memory(Store(stage.outside.ask, str(tenant.id)), str(tenant.workflow_id))
    monkeypatch.setattr(kept, "MOST_TALKS", 1)
    remember(memory, "a")
    with pytest.raises(MemoryFull, match="1 talks already"):
        remember(memory, "a", session="second")
    remember(memory, "b")
    assert said(memory.recall("s", 9)) == ["a", "b"]


@pytest.mark.parametrize(
    "messages",
    [[], [{"role": "system", "content": "x"}], [{"role": "user"}], [{"role": "user", "content": [1]}], turn("a") * 501],
)
def test_what_is_no_turn_is_refused(memory: Memory, messages: list[dict[str, Any]]) -> None:
    with pytest.raises(StoreValueInvalid):
        memory.remember("s", messages, once="1", keep_days=1)
    assert memory.recall("s", 9) == Recalled()
