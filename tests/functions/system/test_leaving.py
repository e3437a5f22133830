"""What the sweeper does of triggers that are to be taken away at their providers."""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from functions.system.sweeper.leaving import Leaving
from stepweave.runtime.errors import CredentialMissing, CredentialUnavailable
from stepweave_data.link import Link
from stepweave_data.listening.registered import MOST_TRIES, pause_after
from tests.fakes.aws import FakeNodeFunctions
from tests.fakes.providers import Provider, away, dead, refused
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant

URL = "https://stepweave.example"


class Room:
    """A sweeper, a provider, and rows to sweep."""

    def __init__(self, databases: Databases, tenant: Tenant) -> None:
        self.owner, self.url, self.tenant = databases.owner, databases.app, tenant
        self.provider, self.functions = Provider(), FakeNodeFunctions()
        self.functions.answer = self.provider.answer
        self.link = Link(databases.app)
        self.kept: dict[str, dict[str, Any] | Exception] = {}
        self.leaving = Leaving(self.link, self.functions, self.open, URL)
        query = "INSERT INTO workflows (tenant_id, name, document) VALUES (%s, 'W', '{\"nodes\": []}') RETURNING id"
        [(self.workflow,)] = self.run(query, tenant.id)

    def run(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.owner) as connection:
            done = connection.execute(query.encode(), values)
            return done.fetchall() if done.description else []

    def open(self, tenant_id: str, id: str) -> dict[str, Any]:
        assert tenant_id == str(self.tenant.id)
        found = self.kept[id]
        if isinstance(found, Exception):
            raise found
        return found

    def row(self, node: str, status: str = "leaving", due: int = -1, tries: int = 0, *, sealed: bool = True) -> str:
        address = secrets.token_urlsafe(24)
        moment = datetime.now(UTC) + timedelta(seconds=due)
        [(id,)] = self.run(
            """INSERT INTO registrations (tenant_id, workflow_id, node_id, type, version, params, address, status,
                                          leave_after, tries, wrapped_key, nonce, ciphertext)
               VALUES (%s, %s, %s, 'github_trigger', 1, '{"owner": "o"}', %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
            *(self.tenant.id, self.workflow, node, address, status, moment, tries),
            *([b"k", b"n", b"c"] if sealed else [None] * 3),
        )
        self.kept[str(id)] = {"id": 7}
        self.provider.there[f"{URL}/hooks/{self.tenant.slug}/~/{address}"] = {}
        return str(id)

    def state(self, id: str) -> Any:
        query = """SELECT status, tries, last_error ->> 'type', leave_after - now() > make_interval(secs => 30)
                   FROM registrations WHERE id = %s"""
        found = self.run(query, id)
        return found[0] if found else None


@pytest.fixture
def room(databases: Databases, tenants: tuple[Tenant, Tenant]) -> Iterator[Room]:
    made = Room(databases, tenants[0])
    made.run("DELETE FROM registrations")
    yield made
    made.run("DELETE FROM registrations")
    made.link.close()


def test_what_is_due_is_taken_away_with_what_is_kept_of_it(room: Room) -> None:
    ids = [room.row("a"), room.row("b", "joining")]
    assert room.leaving.sweep() == 2
    assert [room.state(id) for id in ids] == [None, None]
    assert room.provider.there == {}
    for _, _, payload, _ in room.functions.asked:
        assert (payload["ask"], payload["given"]["kept"], payload["params"]) == (
            "deactivate",
            {"id": 7},
            {"owner": "o"},
        )
        assert payload["workflowId"] == str(room.workflow)


def test_a_provider_is_told_what_is_live_of_the_same_node(room: Room) -> None:
    room.row("a", "active")
    room.row("a")
    room.row("b")
    [[live]] = room.run("SELECT address FROM registrations WHERE status = 'active'")
    assert room.leaving.sweep() == 2
    told = {payload["node"]["id"]: payload["given"]["active"] for _, _, payload, _ in room.functions.asked}
    assert told == {"a": f"{URL}/hooks/{room.tenant.slug}/~/{live}", "b": ""}


def test_what_is_live_or_not_due_or_given_up_stays(room: Room) -> None:
    ids = [room.row("a", "active"), room.row("b", "joining", due=60), room.row("c", due=60), room.row("d", "failed")]
    assert room.leaving.sweep() == 0
    assert room.functions.asked == []
    assert [room.state(id)[0] for id in ids] == ["active", "joining", "leaving", "failed"]


@pytest.mark.parametrize("error", [away(), dead(), refused(status=401), refused(type="CredentialMissing")])
def test_what_cannot_be_taken_away_is_tried_again_later_until_it_works(room: Room, error: Exception) -> None:
    id = room.row("a")
    room.provider.says["a", "deactivate"] = error
    assert room.leaving.sweep() == 0
    status, tries, type, later = room.state(id)
    assert (status, tries, bool(type), later) == ("leaving", 1, True, True)
    assert room.leaving.sweep() == 0
    assert len(room.functions.asked) == 1
    room.run("UPDATE registrations SET leave_after = now() - interval '1 second'")
    room.provider.says.clear()
    assert room.leaving.sweep() == 1
    assert room.state(id) is None


def test_after_many_tries_a_person_must(room: Room) -> None:
    id = room.row("a", tries=MOST_TRIES - 1)
    room.provider.says["a", "deactivate"] = away()
    room.leaving.sweep()
    assert room.state(id)[:3] == ("failed", MOST_TRIES, "RequestTimeout")
    room.run("UPDATE registrations SET leave_after = now() - interval '1 second'")
    room.provider.says.clear()
    assert room.leaving.sweep() == 0


def test_pauses_grow_to_a_day() -> None:
    pauses = [pause_after(tries) for tries in range(MOST_TRIES)]
    assert pauses[:3] == [60, 120, 240]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 24 * 3600
    assert 3 * 24 * 3600 < sum(pauses) < 14 * 24 * 3600


@pytest.mark.parametrize("details", [{"status": 404}, {"status": 410}, {"unknownAsk": "deactivate"}])
def test_what_a_provider_knows_no_more_or_never_did_is_gone(room: Room, details: dict[str, Any]) -> None:
    id = room.row("a")
    room.provider.says["a", "deactivate"] = refused(**details)
    assert room.leaving.sweep() == 1
    assert room.state(id) is None


def test_one_of_which_nothing_is_kept_is_found_by_its_address(room: Room) -> None:
    nothing, lost, shut = room.row("a", sealed=False), room.row("b"), room.row("c")
    room.kept[nothing] = AssertionError("nobody asks for it")
    room.kept[lost] = CredentialMissing("It is gone.")
    room.kept[shut] = CredentialUnavailable("The vault does not answer.")
    assert room.leaving.sweep() == 2
    assert [payload["given"]["kept"] for _, _, payload, _ in room.functions.asked] == [None, None]
    assert room.state(shut)[2] == "CredentialUnavailable"


def test_another_sweeper_leaves_what_one_has_taken(room: Room) -> None:
    room.row("a")
    seen: list[int] = []

    def meanwhile(payload: Any) -> Any:
        other = Link(room.url)
        seen.append(Leaving(other, room.functions, room.open, URL).sweep())
        other.close()
        return room.provider.answer(payload)

    room.functions.answer = meanwhile
    assert room.leaving.sweep() == 1
    assert seen == [0]


def test_what_was_made_live_while_the_sweeper_looked_stays(room: Room) -> None:
    id = room.row("a", "joining")
    rows = room.link.rows

    def late(query: str, values: Any = ()) -> Any:
        found = rows(query, values)
        room.run("UPDATE registrations SET status = 'active', leave_after = NULL WHERE id = %s", id)
        return found

    room.link.rows = late  # type: ignore[method-assign]  # to come in between
    assert room.leaving.sweep() == 0
    assert (room.state(id)[0], room.functions.asked) == ("active", [])
