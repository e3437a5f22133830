"""Every operation of the API takes whatever its document allows, and much that it forbids, as each role.

What an operation makes is what later ones are asked for (`learn`): so they are tried on what is in an odd state.

`make fuzz` asks many more of each (`STEPWEAVE_FUZZ_EXAMPLES`, for each operation and role), and says how many requests
it made and how they were answered. What is looked for: an answer of 500 and above, a refusal that the document does not
tell of (`tests.api.recording`), anything of another tenant or of a credential in an answer or in what the API logs, and
a row of another tenant that changed.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from api.openapi import PATH as DOCUMENT
from api.permissions import ROLES
from tests.api.conftest import World
from tests.api.fuzz.teams import OWN, Team, become, digest, learn, log_in, make_team
from tests.fixtures.servers import Databases

EXAMPLES: Final = int(os.environ.get("STEPWEAVE_FUZZ_EXAMPLES") or 0)
"""Of each operation, for each role; 0, in the whole suite, is one of every third."""
THIRDS: Final = 1 if EXAMPLES else 3
NOBODY: Final = "nobody"
CALLERS: Final = (*ROLES, *(list(OWN) if EXAMPLES else list(OWN)[:1]), NOBODY)
"""Each role that there is, roles of the workspace's own, and who is not logged in."""
LEAKS: Final = ("Traceback (most recent call last)", "psycopg", "sqlalchemy", "password_hash", "ciphertext")
"""What stands in no answer, whoever asks."""
_SCHEMA: Final = schemathesis.openapi.from_dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))

pytestmark = pytest.mark.no_cover  # what it reaches depends on the draw


@pytest.mark.parametrize("role", CALLERS)
def test_no_request_breaks_the_api_or_reaches_another_tenant(
    world: World, databases: Databases, role: str, capfd: pytest.CaptureFixture[str]
) -> None:
    other, team = (make_team(world, databases, newer=True) for _ in range(2))
    team.ids["user_id"].clear()  # who takes themselves out of the workspace asks nothing more
    before = digest(databases, other.id)
    if role != NOBODY:
        become(team, world, databases, role)
    client = world.anonymous() if role == NOBODY else team.client
    statuses: Counter[int] = Counter()
    for operation in _operations()[CALLERS.index(role) % THIRDS :: THIRDS]:

        @settings(
            max_examples=EXAMPLES or 1,
            database=None,
            derandomize=not EXAMPLES,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=_cases(operation), data=st.data())
        def ask(case: Any, data: st.DataObject) -> None:
            request = _request(case, data, team, other)
            answer = client.request(**request)
            words = f"{role}: {request} -> {answer.status_code} {answer.text[:500]}"
            statuses[answer.status_code] += 1
            assert answer.status_code < 500, words
            for leak in (other.mark, other.secret, team.secret, *LEAKS):
                assert leak not in answer.text, f"{leak} leaks. {words}"
            if answer.status_code == 201 and answer.headers.get("content-type") == "application/json":
                learn(team, answer.request.url.path, answer.json())
            if answer.status_code == 401 and role != NOBODY:
                log_in(team, world)

        world.redis.flushdb()
        ask()
    if EXAMPLES:
        with capfd.disabled():
            sys.stdout.write(f"\n{role}: {statuses.total()} requests, answered {dict(sorted(statuses.items()))}\n")
    assert role == NOBODY or statuses.keys() & {200, 201, 204}
    assert statuses.keys() & {403, 401, 404, 422}
    logged = "".join(capfd.readouterr())
    assert team.secret not in logged
    assert other.secret not in logged
    assert "unforeseen error" not in logged
    assert digest(databases, other.id) == before
    # Without a cookie there is no session to end: nothing changes, and nothing is written in the audit.
    world.changed = {id: name for id, name in world.changed.items() if name != "logout"}


def _operations() -> list[Any]:
    """Return the operations, those that end what the others need last."""
    found: list[Any] = [result.ok() for result in _SCHEMA.get_all_operations() if isinstance(result, Ok)]
    assert len(found) > 100
    return sorted(found, key=lambda one: (one.method == "delete", one.path.count("{")))


def _cases(operation: Any) -> Any:
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))


def _request(case: Any, data: st.DataObject, team: Team, other: Team) -> Mapping[str, Any]:
    """Return what the client sends: the case, its path often with what is there, of the team's own or of another's."""
    for name in case.path_parameters or {}:
        choices = [*team.ids.get(name, []), *other.ids.get(name, [])]
        value = data.draw(st.none() | st.sampled_from(choices)) if choices else None
        if value is not None:
            case.path_parameters[name] = value
    sent = case.as_transport_kwargs(base_url="http://testserver")
    headers = {
        name: value
        for name, value in sent.pop("headers").items()
        if name.lower() not in {"authorization", "content-length", "x-schemathesis-testcaseid"}
    }
    sent.pop("cookies", None)
    if not isinstance(sent.get("data"), str | bytes | None):
        sent["content"] = None
    elif "data" in sent:
        sent["content"] = sent.pop("data")
    return {**{name: value for name, value in sent.items() if value is not None}, "headers": headers}
