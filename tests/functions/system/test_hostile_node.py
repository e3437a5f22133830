"""A node function that somebody has taken over, and what it asks in the name of its own execution: of other executions
and other credentials of its tenant, and with requests that two readers might read differently.

Other tenants are tried in `test_passes`, objects in `test_storage`, roles in `tests/stacks/test_hostile_node`.
"""

import time
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from functions.system.starter import calling
from functions.system.storage import handler as storage
from functions.system.store import handler as store
from functions.system.vault import handler as vault
from stepweave.aws.passes import ask_pass, pass_of
from tests.fakes.lambda_context import CONTEXT
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import rows, version_naming
from tests.functions.system.test_passes import deployed as deployed
from tests.functions.system.test_passes import stored
from tests.functions.system.test_vault import DATA, Keys
from tests.functions.system.waiting import begin

Pass = dict[str, Any]


class Stage(NamedTuple):
    """An execution with its pass, another one of the tenant's, and what its version names and does not name."""

    own: Pass
    other: Pass
    ask: Pass
    named: str
    secret: str
    older: str
    registration: str
    databases: Databases
    tenant: Tenant


@pytest.fixture
def stage(deployed: Databases, tenants: tuple[Tenant, Tenant], monkeypatch: pytest.MonkeyPatch) -> Stage:
    mine, keys = tenants[0], Keys()
    monkeypatch.setattr(vault, "KmsKeys", lambda: keys)
    named, secret, older, registration = (str(uuid.uuid4()) for _ in range(4))
    for id in (named, secret, older):
        stored(deployed, mine, id, keys)
    version_naming(deployed, mine, older, number=2)
    version_naming(deployed, mine, named)
    own, other = pass_of(begin(deployed, mine)), pass_of(begin(deployed, mine, workflowVersion=2))
    ask = ask_pass(str(mine.id), str(mine.workflow_id), 10, [registration])
    return Stage(own, other, ask, named, secret, older, registration, deployed, mine)


def unsigned(proof: Pass, **changes: Any) -> Pass:
    """Return a pass with changes that nobody signed."""
    return {name: value for name, value in {**proof, **changes}.items() if value is not ...}


PASSES: dict[str, Callable[[Stage], Pass]] = {
    "of another execution": lambda it: unsigned(it.own, executionId=it.other["executionId"]),
    "with another's signature": lambda it: unsigned(it.own, signature=it.other["signature"]),
    "of an older version, which names more": lambda it: unsigned(it.own, workflowVersion=2),
    "of that version as a text": lambda it: unsigned(it.own, workflowVersion="2"),
    "of a version between two": lambda it: unsigned(it.own, workflowVersion=2.5),
    "of a draft": lambda it: unsigned(it.own, workflowVersion=..., mode="draft"),
    "of no version": lambda it: unsigned(it.own, workflowVersion=None),
    "going on from another execution": lambda it: unsigned(it.own, origin=it.other["executionId"]),
    "called by another execution": lambda it: unsigned(it.own, parent={"executionId": it.other["executionId"]}),
    "begun at another time": lambda it: unsigned(it.own, startedAt="2020-01-01T00:00:00.000Z"),
    "of a tenant in capitals": lambda it: unsigned(it.own, tenantId=it.own["tenantId"].upper()),
    "of a tenant with a space": lambda it: unsigned(it.own, tenantId=f"{it.own['tenantId']} "),
    "with two signatures": lambda it: unsigned(it.own, signature=it.own["signature"] + it.other["signature"]),
    "with a signature that is cut off": lambda it: unsigned(it.own, signature=it.own["signature"][:-1]),
    "an ask as an execution": lambda it: unsigned(it.ask, executionId=it.own["executionId"]),
    "an execution as an ask": lambda it: unsigned(it.own, executionId=..., expires=time.time() + 99),
    "an ask that ends later": lambda it: unsigned(it.ask, expires=it.ask["expires"] + 9999),
    "an ask without end": lambda it: unsigned(it.ask, expires=float("inf")),
    "an ask that opens more": lambda it: unsigned(it.ask, opens=[it.secret]),
    "an ask that opens anything": lambda it: unsigned(it.ask, opens=["*"]),
    "an ask for another workflow": lambda it: unsigned(it.ask, workflowId=str(uuid.uuid4())),
}


@pytest.mark.parametrize("name", PASSES)
def test_no_pass_of_its_own_making_is_taken_by_any_door(stage: Stage, name: str) -> None:
    forged = PASSES[name](stage)
    for id in (stage.named, stage.secret, stage.older):
        answer = vault.handler({"pass": forged, "credentialId": id, "type": "http_header"}, CONTEXT)
        assert answer["error"]["code"] == "ContextRefused"
    wanted = [{"do": "list", "store": "s"}]
    (result,) = store.handler({"pass": forged, "operations": wanted}, CONTEXT)["results"]
    assert result["error"]["code"] == "ContextRefused"
    assert storage.handler({"pass": forged}, CONTEXT)["error"]["code"] == "ContextRefused"
    about = {"inputs": {"workflowId": str(stage.tenant.workflow_id)}, "pass": forged}
    assert calling.handler(about, CONTEXT)["refused"]["type"] == "ContextRefused"


REQUESTS: dict[str, Callable[[Stage], dict[str, Any]]] = {
    "as it is": lambda it: {"credentialId": it.secret},
    "in capitals": lambda it: {"credentialId": it.secret.upper()},
    "in braces": lambda it: {"credentialId": "{" + it.secret + "}"},
    "as a URN": lambda it: {"credentialId": f"urn:uuid:{it.secret}"},
    "without dashes": lambda it: {"credentialId": it.secret.replace("-", "")},
    "in a list": lambda it: {"credentialId": [it.secret]},
    "beside the named one in a list": lambda it: {"credentialId": [it.named, it.secret]},
    "as SQL": lambda it: {"credentialId": f"{it.named}' OR id = '{it.secret}"},
    "as a number": lambda it: {"credentialId": uuid.UUID(it.secret).int},
    "of an older version": lambda it: {"credentialId": it.older, "workflowVersion": 2},
    "beside another execution": lambda it: {"credentialId": it.older, "executionId": it.other["executionId"]},
    "as an ask beside the pass": lambda it: {"credentialId": it.secret, "executionId": "", "opens": [it.secret]},
    "with both passes": lambda it: {"credentialId": it.older, "passes": [it.own, it.other]},
    "of any type": lambda it: {"credentialId": it.secret, "types": ["*"]},
    "beside a registration": lambda it: {"credentialId": it.secret, "registrationId": it.registration},
    "beside a registration that is none": lambda it: {"credentialId": it.secret, "registrationId": None},
    "as a registration": lambda it: {"registrationId": it.secret},
    "as a turn": lambda it: {"credentialId": it.secret, "turn": {"requests": 1, "seconds": 60, "within": 0}},
    "as a turn beside the named one": lambda it: {
        "credentialId": it.secret, "registrationId": it.named, "turn": {"requests": 1, "seconds": 60, "within": 0},
    },
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_with_its_own_pass_it_opens_what_its_version_names_however_it_asks(stage: Stage, name: str) -> None:
    answer = vault.handler({"type": "http_header", "pass": stage.own, **REQUESTS[name](stage)}, CONTEXT)
    assert answer["error"]["code"] in ("CredentialNotNamed", "CredentialNotFound", "ContextRefused")
    assert DATA["value"] not in str(answer)
    own = vault.handler({"type": "http_header", "pass": stage.own, "credentialId": stage.named}, CONTEXT)
    assert own["data"] == DATA


@pytest.mark.parametrize("registration", ["its own", "none"])
def test_an_ask_takes_no_turns_of_credentials_that_it_does_not_open(
    stage: Stage, registration: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was looked at was the registration, and what was taken a turn of the credential beside it."""
    from functions.system.vault import pacing

    taken: list[Any] = []

    def take(*given: Any) -> tuple[int, int]:
        taken.extend(given)
        return 1, 0

    monkeypatch.setattr(pacing, "client", lambda: SimpleNamespace(eval=take))
    beside = {"registrationId": stage.registration if registration == "its own" else None}
    turn = {"requests": 1, "seconds": 60, "within": 0}
    asked = {"pass": stage.ask, "credentialId": stage.secret, "turn": turn, **beside}
    assert vault.handler(asked, CONTEXT)["error"]["code"] == "CredentialNotNamed"
    assert taken == []


def test_what_it_says_of_itself_in_the_audit_is_short_and_stands_beside_what_is_known(stage: Stage) -> None:
    asked = {"pass": stage.own, "credentialId": stage.secret, "type": "http_header", "nodeId": "n" * 100_000}
    vault.handler({**asked, "workflowId": str(uuid.uuid4()), "executionId": stage.other["executionId"]}, CONTEXT)
    query = "SELECT details FROM audit WHERE action = 'credential.refused' AND subject = %s"
    ((details,),) = rows(stage.databases, query, stage.secret)
    assert details["executionId"] == stage.own["executionId"]
    assert details["workflowId"] == str(stage.tenant.workflow_id)
    assert details["nodeId"] == "n" * 100
