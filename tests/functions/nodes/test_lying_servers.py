"""Every node that asks HTTP servers, against servers that lie: a typed error that its spec declares, and nothing else.

New nodes are in it by themselves (`tests/functions/nodes/lying`).
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import pytest

from stepweave.runtime import network
from stepweave.runtime.http import connections
from stepweave.spec.operations import BodyCursor, Cursor, LinkHeader, NextUrl, Offset, PageNumber, Paging
from tests.fakes.certificates import made
from tests.fakes.web import Exchange, Web, web_server
from tests.functions.nodes.lying.given import NOT_TRIED
from tests.functions.nodes.lying.lies import LIES, SECRET, WORDS, Lie, refuses
from tests.functions.nodes.lying.subjects import Outcome, Subject, subjects

pytestmark = [
    pytest.mark.no_cover,  # many cases of what other tests cover: traced, they take twice as long
    # Connections that break in the midst of an SDK are left to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

MOST_OPERATIONS: Final = 12
"""Of one app that lies are told to: about every third or fourth of a large one."""
LEAST_WAIT: Final = 30.0
"""Seconds: a provider may say in its documentation how long it wants to be left alone, whatever its header says."""
SECONDS: Final = 5.0
FIRST_SECONDS: Final = 60.0
"""For the first request of a type, which loads its SDK too."""
_TOO_LATE: Final = ("RequestTimeout", "NodeTimeout", "ModelTimeout", "EmailUnavailable", "ConnectionFailed")


@cache
def by_type() -> dict[str, list[Subject]]:
    """Return the subjects by their node type."""
    found: dict[str, list[Subject]] = defaultdict(list)
    for subject in subjects():
        found[subject.spec.type].append(subject)
    return found


reaching: dict[str, list[Subject]] = {}
"""Those whose made-up parameters lead to a request: of an app, most operations."""


def found_of(web: Web, type: str) -> list[Subject]:
    """Return a type's subjects that ask a server with what is made up and given."""
    if type not in reaching:
        web.otherwise = LIES["forbidden"].give
        reaching[type] = []
        every = -(-len(by_type()[type]) // MOST_OPERATIONS)
        for subject in by_type()[type][::every]:
            web.asked.clear()
            subject.ask(web.url(""), FIRST_SECONDS)
            reaching[type] += [subject] if web.asked else []
    assert reaching[type], f"{type} asks no server with made-up parameters: write it to tests/.../lying/given.py"
    return reaching[type]


TYPES = pytest.mark.parametrize("type", list(by_type()))


@pytest.fixture(scope="module")
def server() -> Iterator[Web]:
    with web_server() as web:
        yield web


@pytest.fixture
def lying(server: Web, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server that stands in for all providers' own; a test says what it answers."""
    standing(monkeypatch, server.url(""))
    server.asked.clear()
    yield server
    for pool in connections.pools.values():
        pool.close()
    connections.pools.clear()


def standing(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Have a server stand in for every provider's, as `STEPWEAVE_APP_SERVERS` does for one."""
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    for module in [network, *(one for one in list(sys.modules.values()) if hasattr(one, "stand_in_for"))]:
        monkeypatch.setattr(module, "stand_in_for", lambda _: url)


def tell(web: Web, lie: Lie) -> None:
    web.asked.clear()
    web.otherwise = lie.give


def check(subject: Subject, name: str, lie: Lie, outcome: Outcome, asked: int) -> None:
    """Fail where the outcome of a lie is not as promised."""
    where = f"{subject}, {name}: {outcome.error or 'no error'} {json.dumps(outcome.told)[:600]}"
    assert outcome.error != "NodeCrashed", f"it crashed. {where}"
    assert not outcome.error or outcome.error in subject.spec.all_errors, f"its spec does not declare it. {where}"
    if lie.fails and not subject.gives_bytes and not {name, "*"} & set(subject.given.unread):
        assert outcome.error, f"it took a lie for an answer. {where}"
    assert SECRET not in json.dumps(outcome.told), f"it tells a secret. {where}"
    if outcome.error:
        assert asked <= subject.given.most_requests, f"it asked {asked} times. {where}"


def tried(web: Web, type: str, index: int) -> Subject:
    """Return the operation that a lie is tried on: another with each lie."""
    found = found_of(web, type)
    return found[index % len(found)]


def is_waited_for(subject: Subject, lie: Lie) -> bool:
    """Whether a node tries again by itself for so long that a test has no time for it."""
    return bool(subject.given.patient) and lie.away


@TYPES
def test_a_lie_is_a_typed_error(lying: Web, type: str) -> None:
    for index, (name, lie) in enumerate(LIES.items()):
        subject = tried(lying, type, index)
        if not (lie.heavy or is_waited_for(subject, lie)):
            tell(lying, lie)
            outcome = subject.ask(lying.url(""), SECONDS)
            check(subject, name, lie, outcome, len(lying.asked))


@TYPES
def test_an_error_is_told_in_the_remotes_words(lying: Web, type: str) -> None:
    subject = found_of(lying, type)[0]
    missing = []
    worded = {name: lie for name, lie in LIES.items() if lie.words and not is_waited_for(subject, lie)}
    for name, lie in worded.items():
        tell(lying, lie)
        outcome = subject.ask(lying.url(""), SECONDS)
        if WORDS not in str(outcome.told.get("message")):
            missing.append(f"{name}: {outcome.told.get('message')}")
    allowed = len(worded) - 1 if subject.given.wordless else len(worded) // 2  # a provider has its own shapes
    assert len(missing) <= allowed, f"{subject}: the server's own words are missing. " + "\n".join(missing)


@TYPES
def test_a_busy_server_is_asked_again_later(lying: Web, type: str) -> None:
    subject = tried(lying, type, 0)
    if subject.given.patient:
        pytest.skip(subject.given.patient)
    tell(lying, LIES["busy"])
    outcome = subject.ask(lying.url(""), SECONDS)
    assert outcome.told.get("retryable") is True, f"{subject}: {outcome.told}"
    assert (outcome.retry_after or 0) >= LEAST_WAIT, f"{subject}: when to ask again is not told on ({outcome})"


@TYPES
def test_a_body_without_end_ends(lying: Web, type: str) -> None:
    subject = tried(lying, type, 0)
    if subject.given.patient or subject.given.endless:
        pytest.skip(subject.given.patient or subject.given.endless)
    tell(lying, LIES["no body without end"])
    outcome = subject.ask(lying.url(""), SECONDS)
    check(subject, "no body without end", LIES["no body without end"], outcome, len(lying.asked))
    assert outcome.error not in _TOO_LATE, f"{subject} reads until its time is over: {outcome.error}"


@TYPES
def test_a_slow_drip_ends_with_the_time(lying: Web, type: str) -> None:
    subject = tried(lying, type, 0)
    if subject.spec.listens:
        pytest.skip("an ask has its caller's time, which its own tests are about")
    tell(lying, LIES["a slow drip"])
    outcome = subject.ask(lying.url(""), 0.2)
    assert outcome.error in _TOO_LATE, f"{subject}: {outcome.error}"
    assert outcome.error in subject.spec.all_errors


@pytest.fixture
def reached(lying: Web, type: str) -> Subject:
    """The first operation of a type that asks a server; found before another one stands in."""
    return found_of(lying, type)[0]


@TYPES
def test_an_expired_certificate_is_named(reached: Subject, expired: Web) -> None:
    subject = reached
    outcome = subject.ask(expired.url(""), SECONDS)
    assert outcome.error in subject.spec.all_errors, f"{subject}: {outcome}"
    assert outcome.error != "NodeCrashed", str(subject)
    assert expired.asked == [], f"{subject} asked all the same"
    assert "certificate" in str(outcome.told.get("message")).lower(), f"{subject}: {outcome.told}"


@pytest.fixture(scope="module")
def expired_server() -> Iterator[Web]:
    with web_server(made("localhost", expired=True).server()) as web:
        yield web


@pytest.fixture
def expired(expired_server: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    standing(monkeypatch, expired_server.url(""))
    return expired_server


PAGED = [one for one in subjects() if one.operation and one.operation.request and one.operation.paging]


@pytest.mark.parametrize("subject", PAGED, ids=str)
@pytest.mark.parametrize("lie", ["the same page", "the same items"])
def test_pages_without_end_end(lying: Web, subject: Subject, lie: str) -> None:
    operation = subject.operation
    assert operation is not None
    assert operation.paging is not None
    lying.otherwise = pages(operation.paging, operation.items, same=lie == "the same page")
    every = {"returnAll": True} if "return_all" in operation.params.model_fields else {}
    given = {**subject.given.operations.get(operation.id, {}), **every}
    again = Subject(subject.spec, subject.given, operation)
    again.given.operations[operation.id] = given
    outcome = again.ask(lying.url(""), SECONDS)
    assert outcome.error in ("ResponseInvalid", "ResponseTooLarge"), f"{subject}: {outcome}"


def pages(paging: Paging, at: str, *, same: bool) -> Any:
    """Return what answers with a page that is never the last, as an operation's paging says."""
    count = [0]

    def give(exchange: Exchange) -> None:
        count[0] += not same
        page: dict[str, Any] = {}
        rows: Any = [{"id": "1", "name": "x"}] * 3
        headers = {}
        match paging:
            case Cursor(at=place) | BodyCursor(at=place):
                page = put(page, place, f"c{count[0]}")
            case NextUrl(at=place):
                page = put(page, place, f"{exchange.asked.path.partition('?')[0]}?next={count[0]}")
            case LinkHeader():
                headers["link"] = f'<{exchange.asked.path.partition("?")[0]}?next={count[0]}>; rel="next"'
            case PageNumber() | Offset():
                pass
        body = put(page, at, rows) if at else page or rows
        exchange.answer(200, json.dumps(body).encode(), content_type="application/json", **headers)

    return give


def put(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    from stepweave.spec.fieldpaths import set_at

    set_at(data, path, value)
    return data


def test_what_is_left_out_is_there_and_says_why() -> None:
    from functions.nodes import catalogue

    known = {spec.type for spec in catalogue.specs()}
    assert set(NOT_TRIED) <= known
    assert all(NOT_TRIED.values())
    assert refuses({}).words
