"""Triggers that poll: each new thing starts the workflow once, wherever a poller dies."""

import json
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg
import pytest

from functions.system.starter.claims import ClaimLost, Claims
from functions.system.starter.launching import launch
from functions.system.starter.once import Once
from functions.system.starter.polling import (
    EventInvalid,
    Polling,
    error_of,
    interval_of,
    pause_of,
    read_answer,
)
from stepweave.aws import AwsError
from stepweave.aws.control.node_functions import AskFailed
from stepweave.model.events import ErrorInfo
from stepweave.model.items import Item
from stepweave.runtime.polling import Poll, Thing, only_new
from stepweave.runtime.starting import Launch, Start, Target, fail
from stepweave_data.link import Link
from stepweave_data.turns import Turns
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.hooks import MACHINE, Machines


class Died(BaseException):
    """The process is gone: nothing of what should follow happens."""


class Provider:
    """A list of things, and the node's function that says which of them are new."""

    def __init__(self) -> None:
        self.things: list[str] = []
        self.failures: list[Exception] = []
        self.asked: list[Mapping[str, Any]] = []
        self.on_ask: Callable[[], object] = lambda: None
        self.answers: list[Any] = []

    def ask(
        self, type: str, version: int, payload: Mapping[str, Any], seconds: float, *, repeatable: bool = False
    ) -> Any:
        self.asked.append(payload)
        self.on_ask()
        if self.failures:
            raise self.failures.pop(0)
        if self.answers:
            return self.answers.pop(0)
        found = [Thing(id, {"id": id}) for id in self.things]
        return only_new(Poll.of(payload["given"]), found, "list").answer()


class Stage:
    """A published workflow with a trigger that polls, and all that the starter talks to."""

    def __init__(self, databases: Databases, tenant: Tenant, **settings: Any) -> None:
        self.databases, self.tenant = databases, tenant
        self.links: list[Link] = []
        self.provider, self.machines, self.outside = Provider(), Machines(), Outside()
        self.launch = Launch(self.outside.send, self.outside.claims, self.machines)
        self.id = str(uuid.uuid4())
        self.dies_at = ""
        target = {
            "tenant_id": str(tenant.id),
            "workflow_id": str(tenant.workflow_id),
            "workflow_name": "W",
            "workflow_version": 1,
            "machine_arn": MACHINE,
            "machine_type": "standard",
            "time_zone": "UTC",
            "concurrency": settings.get("concurrency"),
        }
        with psycopg.connect(databases.owner) as connection:
            connection.execute("UPDATE workflows SET published_version = 1 WHERE id = %s", (tenant.workflow_id,))
            connection.execute(
                """INSERT INTO workflow_versions (tenant_id, workflow_id, number, document, compiled_hash)
                   VALUES (%s, %s, 1, %s, 'h')""",
                (tenant.id, tenant.workflow_id, json.dumps({"settings": settings})),
            )
            connection.execute(
                """INSERT INTO registrations (id, tenant_id, workflow_id, node_id, type, version, params, address,
                                              status, target, expression, time_zone, cursor)
                   VALUES (%s, %s, %s, 'list', 'poll_trigger', 1, '{"url": "u"}', %s, 'active', %s, 'rate(5 minutes)',
                           'UTC', '{"watched": "list", "seen": []}')""",
                (self.id, tenant.id, tenant.workflow_id, self.id, json.dumps(target)),
            )

    def polling(self) -> Polling:
        """Return a poller with a connection of its own, as another Lambda worker has."""
        link = Link(self.databases.app)
        self.links.append(link)

        def start(request: dict[str, Any]) -> bool:
            self.die("before start")
            queued = "queued" in launch(request, Once(link), self.launch, Turns(link))
            self.die("after start")
            return queued

        def tell(it: Any, id: str, error: ErrorInfo) -> None:
            never: list[Item] = []
            target = Target(**it.target)
            fail(
                Start(target=target, trigger="app", node_id=it.node_id, items=never, execution_id=id),
                error,
                self.launch,
            )

        return Polling(Mortal(link, self.die), self.provider, self.launch, start, tell)

    def die(self, place: str) -> None:
        if self.dies_at == place:
            raise Died(place)

    def poll(self) -> dict[str, Any]:
        return self.polling().serve({"tenantId": str(self.tenant.id), "registrationId": self.id})

    def poll_dying(self, place: str) -> None:
        self.dies_at = place
        with pytest.raises(Died):
            self.poll()
        self.dies_at = ""
        self.change("UPDATE registrations SET claimed_until = now() - interval '1 second' WHERE claim IS NOT NULL")

    def change(self, statement: str) -> None:
        with psycopg.connect(self.databases.owner) as connection:
            connection.execute(statement.encode())

    def row(self, columns: str) -> Any:
        with psycopg.connect(self.databases.owner) as connection:
            query = f"SELECT {columns} FROM registrations WHERE id = %s"
            row = connection.execute(query.encode(), (self.id,)).fetchone()
        assert row is not None
        return row if len(row) > 1 else row[0]

    @property
    def given(self) -> list[list[str]]:
        """What each execution that was started got."""
        by_name: dict[str, list[str]] = {}
        for started in self.machines.started:
            batch = started["input"]["trigger"]["output"]["main"]
            ids = [item["json"]["id"] for item in self.outside.claims.fetch(batch, str(self.tenant.id))]
            assert by_name.setdefault(started["name"], ids) == ids, "started anew, it gets the same"
        return list(by_name.values())


class Mortal(Claims):
    """Claims of a poller that may die before or after each of its writes."""

    def __init__(self, link: Link, die: Callable[[str], None]) -> None:
        super().__init__(link)
        self._die = die

    def take(self, tenant_id: str, id: str) -> Any:
        taken = super().take(tenant_id, id)
        self._die("after claim")
        return taken

    def nothing(self, it: Any, claim: str, cursor: Any) -> None:
        self._die("before nothing")
        super().nothing(it, claim, cursor)
        self._die("after nothing")

    def found(self, it: Any, claim: str, pending: Any) -> None:
        self._die("before found")
        super().found(it, claim, pending)
        self._die("after found")

    def started(self, it: Any, claim: str) -> None:
        self._die("before started")
        super().started(it, claim)
        self._die("after started")

    def failed(self, it: Any, claim: str, error: ErrorInfo, seconds: float, cursor: Any = None) -> None:
        self._die("before failed")
        super().failed(it, claim, error, seconds, cursor)

    def release(self, it: Any, claim: str) -> None:
        if not isinstance(sys.exc_info()[1], Died):
            super().release(it, claim)


@pytest.fixture
def stage(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0])
    yield made
    for link in made.links:
        link.close()


@pytest.fixture
def limited(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Stage]:
    made = Stage(databases, tenants[0], concurrency=1)
    yield made
    for link in made.links:
        link.close()


def test_what_is_new_starts_the_workflow_once(stage: Stage) -> None:
    stage.provider.things = ["a", "b"]
    (id,) = stage.poll()["executionIds"]
    assert stage.given == [["a", "b"]]
    assert stage.poll() == {"executionIds": []}
    stage.provider.things = ["b", "c", "a"]
    (other,) = stage.poll()["executionIds"]
    assert (stage.given, id != other) == ([["a", "b"], ["c"]], True)
    assert stage.row("pending, claim, number") == (None, None, 2)


def test_the_function_is_asked_with_what_is_registered(stage: Stage) -> None:
    stage.poll()
    (asked,) = stage.provider.asked
    assert (asked["ask"], asked["tenantId"], asked["params"]) == ("poll", str(stage.tenant.id), {"url": "u"})
    assert (asked["node"]["id"], asked["node"]["type"]) == ("list", "poll_trigger")
    assert asked["given"] == {"cursor": {"watched": "list", "seen": []}, "first": False, "limit": 100}
    assert stage.row("last_polled_at IS NOT NULL, last_error, claim") == (True, None, None)


@pytest.mark.parametrize(
    "place",
    ["after claim", "before found", "after found", "before start", "after start", "before started", "after started"],
)
def test_who_dies_between_two_steps_loses_nothing_and_gives_nothing_twice(stage: Stage, place: str) -> None:
    stage.provider.things = ["a", "b"]
    stage.poll_dying(place)
    stage.provider.things = ["b", "c"]
    for _ in range(3):
        stage.poll()
    never_seen = ["a"] if place in ("after claim", "before found") else []  # it was gone before anybody wrote it down
    assert sorted([*never_seen, *(id for ids in stage.given for id in ids)]) == ["a", "b", "c"]
    assert len({started["name"] for started in stage.machines.started}) == len(stage.given)


@pytest.mark.parametrize("place", ["before nothing", "after nothing"])
def test_who_dies_where_nothing_was_new_changes_nothing(stage: Stage, place: str) -> None:
    stage.poll_dying(place)
    stage.provider.things = ["a"]
    stage.poll()
    assert stage.given == [["a"]]


def test_while_one_polls_no_other_does(stage: Stage) -> None:
    stage.provider.things = ["a"]
    meanwhile: list[dict[str, Any]] = []

    def ask_meanwhile() -> None:
        stage.provider.on_ask = lambda: None
        meanwhile.append(stage.poll())

    stage.provider.on_ask = ask_meanwhile
    stage.poll()
    assert meanwhile == [{"skipped": "it is being polled"}]
    assert stage.given == [["a"]]


def test_of_pollers_at_once_one_gets_the_things(stage: Stage) -> None:
    stage.provider.things = ["a"]
    gate = threading.Barrier(6)

    def poll(polling: Polling) -> None:
        gate.wait()
        polling.serve({"tenantId": str(stage.tenant.id), "registrationId": stage.id})

    threads = [threading.Thread(target=poll, args=(stage.polling(),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stage.given == [["a"]]
    assert len(stage.machines.started) == 1


def test_a_poller_that_was_taken_over_writes_nothing_any_more(stage: Stage) -> None:
    stage.provider.things = ["a"]

    def sleep_for_long() -> None:
        stage.provider.on_ask = lambda: None
        stage.change("UPDATE registrations SET claimed_until = now() - interval '1 second'")
        stage.poll()

    stage.provider.on_ask = sleep_for_long
    assert stage.poll() == {"skipped": "another poll took over"}
    assert stage.given == [["a"]]


def test_no_row_is_locked_while_something_is_asked(stage: Stage) -> None:
    def change() -> None:
        with psycopg.connect(stage.databases.owner) as connection:
            connection.execute("SET lock_timeout = '2s'")
            connection.execute(b"UPDATE registrations SET updated_at = now()")
            connection.execute(b"UPDATE workflows SET updated_at = now()")

    stage.provider.on_ask = change
    stage.poll()
    assert stage.provider.asked


def test_where_there_is_more_it_is_polled_on_at_once(stage: Stage) -> None:
    stage.provider.things = [str(number) for number in range(250)]
    assert len(stage.poll()["executionIds"]) == 3
    assert [len(ids) for ids in stage.given] == [100, 100, 50]


def test_polling_on_has_an_end_and_the_rest_comes_next_time(stage: Stage) -> None:
    stage.provider.things = [str(number) for number in range(1250)]
    assert len(stage.poll()["executionIds"]) == 10
    assert len(stage.poll()["executionIds"]) == 3
    assert sum(len(ids) for ids in stage.given) == 1250


def test_a_function_that_always_has_more_without_things_is_not_asked_on(stage: Stage) -> None:
    stage.provider.answers = [{"items": [], "cursor": 1, "more": True}] * 5
    stage.poll()
    assert len(stage.provider.asked) == 1


def test_things_that_are_large_are_stored_and_told_by_reference(stage: Stage) -> None:
    big = {"id": "a" * 50_000}
    stage.provider.answers = [{"items": [big], "cursor": 1, "more": False}]
    stage.poll()
    (started,) = stage.machines.started
    batch = started["input"]["trigger"]["output"]["main"]
    assert batch["ref"]["key"] == f"{stage.tenant.id}/{started['name']}/list/1-main.json"
    assert stage.given == [["a" * 50_000]]


def test_things_that_hold_nul_and_half_characters_arrive(stage: Stage) -> None:
    stage.provider.answers = [{"items": [{"id": "a\x00b"}], "cursor": {"since": "x\x00\ud800"}, "more": False}]
    stage.poll()
    assert stage.given == [["a\x00b"]]
    assert stage.row("pending") is None


def test_of_things_that_are_large_together_fewer_are_asked_for(stage: Stage) -> None:
    large = AskFailed({"type": "DataTooLarge", "message": "5 MB"})
    stage.provider.failures, stage.provider.things = [large, large], ["a"]
    stage.poll()
    assert [asked["given"]["limit"] for asked in stage.provider.asked] == [100, 20, 4]
    assert stage.given == [["a"]]


def test_one_thing_that_is_too_large_is_an_error(stage: Stage) -> None:
    stage.provider.failures = [AskFailed({"type": "DataTooLarge", "message": "5 MB"})] * 9
    stage.poll()
    assert [asked["given"]["limit"] for asked in stage.provider.asked] == [100, 20, 4, 1]
    assert stage.row("last_error")["type"] == "DataTooLarge"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE workflows SET enabled = false", "paused"),
        ("UPDATE registrations SET enabled = false", "paused"),
        ("UPDATE workflows SET published_version = NULL", "not published"),
        ("UPDATE workflows SET deleted_at = now()", "not published"),
        ("UPDATE registrations SET status = 'leaving', leave_after = now()", "not published"),
        ("DELETE FROM registrations", "gone"),
    ],
)
def test_what_is_paused_or_gone_is_not_polled(stage: Stage, change: str, reason: str) -> None:
    stage.change(change)
    assert reason in stage.poll()["skipped"]
    assert not stage.provider.asked


def test_what_was_found_when_the_workflow_was_paused_starts_when_it_goes_on(stage: Stage) -> None:
    stage.provider.things = ["a"]
    stage.poll_dying("after found")
    stage.change("UPDATE workflows SET enabled = false")
    stage.poll()
    assert stage.given == []
    stage.change("UPDATE workflows SET enabled = true")
    stage.poll()
    assert stage.given == [["a"]]


def test_another_tenants_trigger_is_not_there(stage: Stage, tenants: tuple[Tenant, Tenant]) -> None:
    event = {"tenantId": str(tenants[1].id), "registrationId": stage.id}
    assert stage.polling().serve(event) == {"skipped": "the trigger is gone"}


@pytest.mark.parametrize("event", [{}, {"tenantId": "x", "registrationId": "y"}, {"tenantId": None}])
def test_an_event_that_names_nothing_is_refused(stage: Stage, event: dict[str, Any]) -> None:
    with pytest.raises(EventInvalid, match="tenantId and registrationId"):
        stage.polling().serve(event)


def test_a_workflow_with_a_limit_is_not_polled_while_its_last_things_wait(limited: Stage) -> None:
    limited.provider.things = ["a"]
    limited.poll()
    limited.provider.things = ["a", "b"]
    limited.poll()
    assert limited.given == [["a"]], "the second execution waits for its turn"
    limited.provider.things = ["a", "b", "c"]
    assert limited.poll() == {"skipped": "what was found before still waits for its turn"}
    assert len(limited.provider.asked) == 2


def test_what_waits_may_hold_a_nul(limited: Stage) -> None:
    """Postgres cannot look into JSON that holds one (`->>` refuses it), which a webhook's may, too."""
    limited.provider.things = ["a"]
    limited.poll()
    limited.provider.things = ["a", "b\0"]
    limited.poll()
    assert limited.given == [["a"]], "the second execution waits for its turn"
    assert limited.poll() == {"skipped": "what was found before still waits for its turn"}


def test_a_failure_is_written_down_and_leaves_the_cursor(stage: Stage) -> None:
    stage.provider.things = ["a"]
    stage.poll()
    cursor = stage.row("cursor")
    stage.provider.failures = [AskFailed({"type": "HttpServerError", "message": "It answered 500.", "remedy": "Wait."})]
    assert stage.poll() == {"executionIds": []}
    error, failures, now = stage.row("last_error, failures, cursor")
    assert (error["type"], error["remedy"], failures, now) == ("HttpServerError", "Wait.", 1, cursor)
    assert stage.poll() == {"skipped": "it failed, and is tried again later"}
    stage.change("UPDATE registrations SET retry_at = now()")
    stage.provider.things = ["a", "b"]
    stage.poll()
    assert stage.given == [["a"], ["b"]]
    assert stage.row("last_error, failures, retry_at") == (None, 0, None)


def test_a_function_that_cannot_be_asked_is_a_failure_without_inner_words(stage: Stage) -> None:
    stage.provider.failures = [AwsError("ResourceNotFound", "arn:secret")]
    stage.poll()
    assert stage.row("last_error")["message"] == "The node's function could not be asked (ResourceNotFound)."


@pytest.mark.parametrize("answer", [None, [], {"items": 1}, {"items": [1], "cursor": 1}, {"items": []}])
def test_an_answer_that_is_none_is_a_failure(stage: Stage, answer: Any) -> None:
    stage.provider.answers = [answer]
    stage.poll()
    assert stage.row("last_error")["type"] == "ResultInvalid"


def test_a_cursor_without_end_is_refused() -> None:
    with pytest.raises(AskFailed, match="larger than 256 KB"):
        read_answer({"items": [], "cursor": ["x" * 300_000]})


def test_the_fifth_failure_in_a_row_is_a_failed_execution_and_the_sixth_none(stage: Stage) -> None:
    def failing(count: int) -> None:
        for _ in range(count):
            stage.provider.failures = [AskFailed({"type": "HttpClientError", "message": "It answered 401."})]
            stage.change("UPDATE registrations SET retry_at = NULL")
            stage.poll()

    failing(4)
    assert stage.outside.events == []
    failing(2)
    told = [event["type"] for event in stage.outside.events]
    assert told == ["execution.started", "node.started", "node.failed", "execution.failed"]
    assert stage.outside.events[-1]["error"]["message"] == "It answered 401."
    (context,) = (json.loads(body)["context"] for body in stage.outside.bodies)
    assert (context["trigger"], context["mode"]) == ("app", "live")
    stage.change("UPDATE registrations SET retry_at = NULL")
    stage.poll()
    failing(5)
    ids = [event["id"] for event in stage.outside.of("execution.failed")]
    assert len(set(ids)) == 2, "after a success the next row of failures is told again"


def test_who_dies_after_telling_of_failures_tells_of_the_same_execution_again(stage: Stage) -> None:
    stage.change("UPDATE registrations SET failures = 4")
    stage.provider.failures = [AskFailed({"type": "HttpClientError", "message": "no"})] * 2
    stage.poll_dying("before failed")
    stage.poll()
    ids = [event["id"] for event in stage.outside.of("execution.failed")]
    assert (len(ids), len(set(ids))) == (2, 1)


def test_what_could_not_be_started_is_kept_for_the_next_poll(stage: Stage) -> None:
    stage.provider.things = ["a"]
    stage.outside.failures = [AwsError("ServiceUnavailable", "no queue")] * 30
    with pytest.raises(Exception, match=r"."):
        stage.poll()
    stage.outside.failures.clear()
    assert stage.row("pending IS NOT NULL, claim") == (True, None)
    stage.poll()
    assert stage.given == [["a"]]


def test_a_lost_claim_is_told_to_who_writes(stage: Stage) -> None:
    stage.links.append(Link(stage.databases.app))
    claims = Claims(stage.links[-1])
    taken = claims.take(str(stage.tenant.id), stage.id)
    assert not isinstance(taken, str)
    claim, it = taken
    claims.release(it, claim)
    with pytest.raises(ClaimLost):
        claims.started(it, claim)


@pytest.mark.parametrize(
    ("failures", "interval", "after", "pause"),
    [
        (1, 300, 0, 280),
        (2, 300, 0, 580),
        (5, 300, 0, 3580),
        (50, 300, 0, 3580),
        (1, 60, 0, 40),
        (1, 60, 900, 900),
        (1, 60, 10**9, 24 * 3600),
        (3, 24 * 3600, 0, 24 * 3600 - 20),
    ],
)
def test_failures_are_followed_by_longer_and_longer_pauses(
    failures: int, interval: float, after: float, pause: float
) -> None:
    assert pause_of(failures, interval, after) == pause


def test_a_trigger_of_which_a_part_fails_is_not_kept_waiting_for_long() -> None:
    pauses = [pause_of(failures, interval, 0.0, in_part=True) for failures, interval in ((1, 60), (20, 60), (20, 7200))]
    assert pauses == [40.0, 880.0, 7180.0]


def test_what_says_that_a_part_failed_is_asked_again_soon(stage: Stage) -> None:
    stage.change("UPDATE registrations SET failures = 10")
    stage.provider.failures = [AskFailed({"type": "HttpClientError", "message": "404", "details": {"inPart": True}})]
    stage.poll()
    assert stage.row("retry_at < now() + interval '15 minutes'") is True


def test_what_fails_beside_a_cursor_keeps_that_and_is_a_failure_all_the_same(stage: Stage) -> None:
    failed = {"type": "HttpRateLimited", "message": "429", "retryable": True, "retryAfter": 7200}
    stage.provider.answers = [{"items": [], "cursor": {"waits": 7}, "more": False, "failed": failed}]
    stage.poll()
    error, failures, cursor = stage.row("last_error, failures, cursor")
    assert (error["type"], failures, cursor) == ("HttpRateLimited", 1, {"waits": 7})
    assert stage.row("retry_at > now() + interval '1 hour'") is True
    stage.change("UPDATE registrations SET retry_at = NULL")
    stage.provider.answers = [{"items": [{"id": 1}], "cursor": {"waits": 8}, "more": False, "failed": failed}]
    stage.poll()
    assert (stage.row("failures, cursor"), len(stage.machines.started)) == ((0, {"waits": 8}), 1)


def test_the_interval_is_that_of_the_line() -> None:
    assert (interval_of("rate(5 minutes)"), interval_of("rate(1 day)"), interval_of("0 9 * * *")) == (300, 86_400, 60)


def test_when_to_ask_again_is_taken_from_the_server() -> None:
    error, after = error_of(AskFailed({"type": "HttpRateLimited", "message": "m", "retryAfter": 17, "retryable": True}))
    assert (error, after) == ({"type": "HttpRateLimited", "message": "m", "retryable": True}, 17.0)


REF = {"bucket": "data", "key": "t/mail/1/0", "size": 1, "sha256": "0", "mimeType": "text/plain"}


def test_files_of_what_was_found_go_with_it(stage: Stage) -> None:
    answer = {"items": [{"id": 1}, {"id": 2}], "files": [{"attachment_0": REF}, {}], "cursor": {}, "more": False}
    stage.provider.answers = [answer]
    stage.poll()
    assert read_answer(answer)[0] == [{"json": {"id": 1}, "binary": {"attachment_0": REF}}, {"json": {"id": 2}}]
    assert "t/mail/1/0" in json.dumps(stage.machines.started)


@pytest.mark.parametrize("files", [[{}], "x", [1, 2], {"0": {}}])
def test_files_that_are_not_those_of_the_items_are_no_answer(files: Any) -> None:
    with pytest.raises(AskFailed, match="files"):
        read_answer({"items": [{}, {}], "files": files, "cursor": {}, "more": False})
