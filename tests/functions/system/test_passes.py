"""Hostile code in a node function has its environment, role, payload and network: it gets nothing of other tenants.

What its role lets it call is asserted over the templates (`tests/stacks/test_nodes.py`); here it calls all of that.
"""

import json
import time
import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from functions.system.recorder.recording import Recorder
from functions.system.starter import calling
from functions.system.starter import handler as starter
from functions.system.store import handler as store
from functions.system.vault import handler as vault
from stepweave.aws import Aws
from stepweave.aws.control.node_functions import NodeFunctions
from stepweave.aws.passes import SECRET, NoKey, PassRefused, ask_pass, checked, pass_of, request_by, signed
from stepweave_data.history.store import History
from stepweave_data.link import Link
from stepweave_data.passes import Passes
from stepweave_data.vaulting import seal
from tests.fakes.lambda_context import CONTEXT
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.messages import batch, context_of, record, rows, started, stored_events, version_naming
from tests.functions.system.test_recorder_history import Silent
from tests.functions.system.test_vault import DATA, Keys
from tests.functions.system.waiting import begin

WORKERS = (
    vault.link,
    vault.passes,
    vault.naming,
    store.link,
    store.passes,
    starter.link,
    calling.passes,
    calling.calls,
)


@pytest.fixture
def deployed(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Databases]:
    """The functions that nodes reach, with the key and Postgres."""
    monkeypatch.setenv(SECRET, "the-key")
    monkeypatch.setenv("STEPWEAVE_DATABASE_URL", databases.app)
    for worker in WORKERS:
        worker.cache_clear()
    yield databases
    for link in (vault.link, store.link, starter.link):
        link().close()
    for worker in WORKERS:
        worker.cache_clear()


def forgeries(own: dict[str, Any], tenant_id: str, workflow_id: str) -> dict[str, Any]:
    """Return passes that hostile code may make of its own: each says to be the other tenant's."""
    theirs = {"tenantId": tenant_id, "workflowId": workflow_id}
    old = {name: value for name, value in own.items() if name != "signature"}
    ask = {**theirs, "expires": int(time.time()) + 1000}
    return {
        "nothing": None,
        "text": "pass",
        "empty": {},
        "another tenant": {**own, **theirs},
        "no signature": {**old, **theirs},
        "an empty signature": {**own, **theirs, "signature": ""},
        "a signature of another kind": {**own, **theirs, "signature": ["x"]},
        "another's key": {**own, **theirs, "signature": "A" * 43},
        "surrogates": {**own, **theirs, "signature": "\ud800" * 43},
        "an ask of its own": {**ask, "signature": own["signature"]},
        "an ask without one": ask,
        "a tenant in a list": {**own, "tenantId": [tenant_id]},
    }


def stored(databases: Databases, tenant: Tenant, id: str, keys: Keys) -> None:
    """Store a credential of the tenant's."""
    sealed = seal(DATA, str(tenant.id), id, keys)
    query = """INSERT INTO credentials (id, tenant_id, name, type, hint, wrapped_key, nonce, ciphertext)
               VALUES (%s, %s, %s, 'http_header', '', %s, %s, %s) RETURNING id"""
    rows(databases, query, id, tenant.id, id, sealed.wrapped_key, sealed.nonce, sealed.ciphertext)


NAMES = list(forgeries({"signature": ""}, "", ""))


@pytest.mark.parametrize("name", NAMES)
def test_hostile_code_gets_nothing_of_another_tenants(
    deployed: Databases, tenants: tuple[Tenant, Tenant], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = tenants
    own = begin(deployed, mine)
    forged = forgeries(pass_of(own), str(theirs.id), str(theirs.workflow_id))[name]
    keys, credential = Keys(), str(uuid.uuid4())
    monkeypatch.setattr(vault, "KmsKeys", lambda: keys)
    stored(deployed, theirs, credential, keys)
    version_naming(deployed, theirs, credential)
    version_naming(deployed, mine, credential)  # whoever may write workflows may name what they like

    asked = {"tenantId": str(theirs.id), "pass": forged, "credentialId": credential, "type": "http_header"}
    assert vault.handler(asked, CONTEXT)["error"]["code"] == "ContextRefused"
    assert vault.handler({**asked, "turn": {}}, CONTEXT)["error"]["code"] == "ContextRefused"
    assert vault.handler({**asked, "registrationId": credential}, CONTEXT)["error"]["code"] == "ContextRefused"
    # With its own pass it names the other's: the pass counts, not what stands beside it.
    honest = {**asked, "pass": pass_of(own)}
    assert vault.handler(honest, CONTEXT)["error"]["code"] == "CredentialNotFound"

    wanted = [{"do": "list", "store": "s"}, {"do": "set", "store": "s", "key": "k", "value": 1}]
    answer = store.handler({"tenantId": str(theirs.id), "pass": forged, "operations": wanted}, CONTEXT)
    assert [result["error"]["code"] for result in answer["results"]] == ["ContextRefused"]
    assert rows(deployed, "SELECT 1 FROM store_entries WHERE tenant_id = %s", theirs.id) == []

    call = {"context": forged, "nodeId": "w", "iteration": "", "attempt": 1, "workflowId": str(theirs.workflow_id)}
    batched = {"batch": {"count": 1, "items": [{"json": {}}]}, "each": False}
    if isinstance(forged, dict):
        assert calling.handler({"call": {**call, **batched}}, CONTEXT)["refused"]["type"] == "ContextRefused"
    about = {"inputs": {"tenantId": str(theirs.id), "workflowId": str(theirs.workflow_id)}, "pass": forged}
    assert calling.handler(about, CONTEXT)["refused"]["type"] == "ContextRefused"


def test_events_into_anothers_history_are_dropped_and_its_own_get_through(
    deployed: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    mine, theirs = tenants
    victim, own = begin(deployed, theirs), context_of(mine)
    history, link = History(deployed.app), Link(deployed.app)
    passes = Passes(lambda: link)
    recorder = Recorder(history, Silent(), None, passes.bearer)
    before = len(stored_events(deployed, victim["executionId"]))
    forged: list[Any] = [
        {**victim, "signature": own["signature"]},
        {**own, "executionId": victim["executionId"]},
        {name: value for name, value in victim.items() if name != "signature"},
        {**own, "parent": {"executionId": victim["executionId"], "nodeId": "w", "iteration": ""}},
    ]
    # Nothing comes again: a forged message must not hold back whom it names.
    assert recorder.take([record(batch(context, started(context))) for context in (*forged, own)]) == []
    assert len(stored_events(deployed, victim["executionId"])) == before
    assert len(stored_events(deployed, own["executionId"])) == 1
    (noted,) = rows(deployed, "SELECT details FROM audit WHERE tenant_id = %s AND action = 'pass.refused'", theirs.id)
    assert noted[0]["executionId"] == victim["executionId"]
    history.close()
    link.close()


def test_a_pass_is_good_for_secrets_while_its_execution_lasts(
    deployed: Databases, tenants: tuple[Tenant, Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    context, keys, credential = begin(deployed, tenants[0]), Keys(), str(uuid.uuid4())
    monkeypatch.setattr(vault, "KmsKeys", lambda: keys)
    stored(deployed, tenants[0], credential, keys)
    version_naming(deployed, tenants[0], credential)
    asked = {"pass": pass_of(context), "credentialId": credential, "type": "http_header"}
    assert vault.handler(asked, CONTEXT)["data"] == DATA
    query = (
        "UPDATE executions SET status = 'succeeded', ended_at = now() - interval '1 hour' WHERE id = %s RETURNING id"
    )
    rows(deployed, query, context["executionId"])
    answer = vault.handler(asked, CONTEXT)["error"]
    assert (answer["code"], answer["message"]) == ("ContextRefused", "The execution has ended.")


def test_hostile_code_opens_what_its_version_names_and_nothing_else_of_its_tenants(
    deployed: Databases, tenants: tuple[Tenant, Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, keys = tenants[0], Keys()
    monkeypatch.setattr(vault, "KmsKeys", lambda: keys)
    named, older, drafted, other = (str(uuid.uuid4()) for _ in range(4))
    for id in (named, older, drafted, other):
        stored(deployed, mine, id, keys)
    version_naming(deployed, mine, older, number=2)
    version_naming(deployed, mine, named.upper(), number=3)
    drafting = "UPDATE workflows SET document = %s WHERE id = %s RETURNING id"
    rows(deployed, drafting, json.dumps({"nodes": [{"params": {"credential": drafted}}]}), mine.workflow_id)
    context = begin(deployed, mine)
    assert opened_with(pass_of(context), named, older, drafted, other) == ["", *["CredentialNotNamed"] * 3]
    # What it says beside its pass counts for nothing, and turns of others' rates are not for it either.
    beside = {"pass": pass_of(context), "workflowVersion": 2, "executionId": "", "type": "http_header"}
    assert vault.handler({**beside, "credentialId": older}, CONTEXT)["error"]["code"] == "CredentialNotNamed"
    turn = {"requests": 1, "seconds": 60, "within": 0}
    answer = vault.handler({**beside, "credentialId": other, "turn": turn}, CONTEXT)
    assert answer["error"]["code"] == "CredentialNotNamed"
    # A workflow that it calls runs with a pass of its own; one of the caller's opens nothing of the callee's.
    caller = {"executionId": context["executionId"], "nodeId": "w", "iteration": ""}
    called = begin(deployed, mine, workflowVersion=2, parent=caller)
    assert opened_with(pass_of(called), older, named) == ["", "CredentialNotNamed"]
    # A draft's run: what ran counts, not what the draft became, and neither what its pinned items and notes say.
    draft = begin(deployed, mine, workflowVersion=None, mode="draft")
    assert opened_with(pass_of(draft), drafted) == ["CredentialNotNamed"]
    ran = {
        "nodes": [{"params": {"a": {"b": [drafted]}}, "pinned": {"main": [{"json": {"x": other}}]}}],
        "notes": [other],
    }
    query = "UPDATE executions SET document = %s WHERE id = %s RETURNING id"
    rows(deployed, query, json.dumps(ran), draft["executionId"])
    assert opened_with(pass_of(draft), drafted, other, named) == ["", "CredentialNotNamed", "CredentialNotNamed"]
    refused = (
        "SELECT details, subject FROM audit WHERE action = 'credential.refused' AND tenant_id = %s ORDER BY at LIMIT 1"
    )
    noted = rows(deployed, refused, mine.id)
    assert noted[0][0] == {"executionId": context["executionId"], "workflowId": str(mine.workflow_id)}
    assert noted[0][1] == older


def test_an_ask_opens_what_its_parameters_name(
    deployed: Databases, tenants: tuple[Tenant, Tenant], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, keys = tenants[0], Keys()
    monkeypatch.setattr(vault, "KmsKeys", lambda: keys)
    named, other, registration = (str(uuid.uuid4()) for _ in range(3))
    for id in (named, other):
        stored(deployed, mine, id, keys)
    params, body = {"account": {"credential": named}}, {"credential": {"text": f"see {other}"}, "body": other}
    asked: list[dict[str, Any]] = []

    def invoke(_: str, given: dict[str, Any], **__: Any) -> dict[str, Any]:
        asked.append(given)
        return {"answer": 1}

    functions = SimpleNamespace(invoke=invoke)
    monkeypatch.setattr(Aws, "shared", staticmethod(lambda: SimpleNamespace(functions=functions)))
    payload = {"tenantId": str(mine.id), "workflowId": str(mine.workflow_id), "params": params, "given": body}
    NodeFunctions("sw").ask("http_request", 1, payload, 1)
    (given,) = asked
    assert opened_with(given["pass"], named, other) == ["", "CredentialNotNamed"]
    # It may not widen its pass, nor read what other triggers keep.
    widened = {**given["pass"], "opens": [named, other]}
    assert opened_with(widened, other) == ["ContextRefused"]
    answer = vault.handler({"pass": given["pass"], "registrationId": registration}, CONTEXT)
    assert answer["error"]["code"] == "CredentialNotNamed"
    # The control plane signs for what it asks.
    assert opened_with(request_by(str(mine.id), credentialId=other)["pass"], other, named) == ["", "CredentialNotNamed"]


def opened_with(proof: dict[str, Any], *ids: str) -> list[str]:
    """Return the code of the refusal of each credential, "" where it was opened."""
    asked = [{"pass": proof, "credentialId": id, "type": "http_header"} for id in ids]
    return [vault.handler(one, CONTEXT).get("error", {}).get("code", "") for one in asked]


def test_what_began_before_there_were_signatures_goes_on_until_it_ends(
    deployed: Databases, tenants: tuple[Tenant, Tenant]
) -> None:
    context, link = begin(deployed, tenants[0]), Link(deployed.app)
    passes = Passes(lambda: link)
    old = {name: value for name, value in pass_of(context).items() if name != "signature"}
    moved = "UPDATE executions SET started_at = signed_since() + %s::interval WHERE id = %s RETURNING 1"
    rows(deployed, moved, "1 second", context["executionId"])
    with pytest.raises(PassRefused):
        passes.bearer(old)
    rows(deployed, moved, "-1 second", context["executionId"])
    bearer = passes.bearer(old)
    assert (bearer.tenant_id, bearer.execution_id) == (context["tenantId"], context["executionId"])
    for changed in ({"tenantId": str(tenants[1].id)}, {"workflowId": str(uuid.uuid4())}, {"executionId": "x"}):
        with pytest.raises(PassRefused):
            passes.bearer(old | changed)
    rows(deployed, "UPDATE executions SET status = 'succeeded' WHERE id = %s RETURNING id", context["executionId"])
    with pytest.raises(PassRefused):
        passes.bearer(old)
    link.close()


def test_a_key_is_replaced_without_an_execution_that_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    context: dict[str, Any] = {"tenantId": "t", "executionId": "e", "workflowId": "w", "workflowVersion": 3}
    monkeypatch.setenv(SECRET, "old")
    before = signed(context)
    monkeypatch.setenv(SECRET, "new\nold")
    after = signed(context)
    # JSONata has one kind of number, and a machine's payload is JSON.
    assert checked({**json.loads(json.dumps(before)), "workflowVersion": 3.0}).execution_id == "e"
    monkeypatch.setenv(SECRET, "new")
    assert checked(after).tenant_id == "t"
    with pytest.raises(PassRefused):
        checked(before)
    monkeypatch.delenv(SECRET)
    assert signed(context) is context
    with pytest.raises(NoKey):
        checked(after)


def test_an_asks_pass_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "k")
    assert checked(ask_pass("t", "w")).workflow_id == "w"
    with pytest.raises(PassRefused, match="over"):
        checked(ask_pass("t", "w", -1000))
    with pytest.raises(PassRefused, match="changed"):
        checked({**ask_pass("t", "w", -1000), "expires": int(time.time()) + 9})


def test_the_secret_of_a_refused_pass_is_in_no_log(
    deployed: Databases, tenants: tuple[Tenant, Tenant], log_lines: list[dict[str, Any]]
) -> None:
    own = pass_of(begin(deployed, tenants[0]))
    vault.handler({"pass": {**own, "tenantId": str(tenants[1].id)}, "credentialId": "c", "type": "smtp"}, CONTEXT)
    told = json.dumps(log_lines)
    assert "a pass was refused" in told
    assert own["signature"] not in told
    assert "the-key" not in told
    with psycopg.connect(deployed.owner) as connection:
        assert (
            connection.execute("SELECT 1 FROM audit WHERE details::text LIKE %s", (f"%{own['signature']}%",)).fetchone()
            is None
        )
