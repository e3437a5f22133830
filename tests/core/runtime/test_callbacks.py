"""Callback URLs: signed, given to Standard executions, and seen by expressions."""

import json
import time
from typing import Any

import pytest

from functions.nodes.data.set_fields.run import run as set_fields
from functions.nodes.data.set_fields.spec import SPEC
from functions.nodes.flow.wait.run import run as wait
from functions.nodes.flow.wait.spec import SPEC as WAIT
from stepweave.runtime import callbacks
from stepweave.runtime.callbacks import given_at, is_signed, of_step, resume_urls, signature
from stepweave.runtime.starting import Launch, Start, run, start
from tests.core.runtime.test_starting import EXPRESS, STANDARD, Machines, Scene
from tests.fakes.steps import Bench, context, items
from tests.fixtures.moto_server import Boto

URL = "https://stepweave.example/hooks/resume"


def test_a_signature_is_good_for_its_execution_and_secret_alone() -> None:
    given = signature("secret", "e1")
    assert len(given) == 43
    assert is_signed("secret", "e1", given)
    assert not any(
        (
            is_signed("secret", "e2", given),
            is_signed("other", "e1", given),
            is_signed("secret", "e1", ""),
            is_signed("secret", "e1", given + "="),
            is_signed("secret", "e1", "\ud800é"),
        )
    )


def test_a_steps_url_proves_when_the_step_began() -> None:
    url = of_step(f"{URL}/e1/{signature('secret', 'e1')}", 1_790_000_000_000)
    own = url.rpartition("/")[2]
    at, _, proof = own.partition(".")
    assert given_at("secret", "e1", own) == 1_790_000_000_000
    assert signature("secret", "e1") not in url  # who has one cannot make another
    later, cut = f"{int(at, 16) + 1:x}.{proof}", f"{at}.{proof[:-1]}!"
    for wrong in (later, cut, f"{at}.", f".{proof}", proof, at, "", "é.\ud800"):
        assert given_at("secret", "e1", wrong) is None
    assert given_at("secret", "e2", own) is given_at("other", "e1", own) is None
    assert not is_signed("secret", "e1", own)


def test_urls_are_made_where_there_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_PUBLIC_URL", "https://stepweave.example/")
    assert resume_urls() is None
    monkeypatch.setenv("STEPWEAVE_RESUME_SECRET", "secret")
    urls = resume_urls()
    assert urls is not None
    assert urls("e1") == f"{URL}/e1/{signature('secret', 'e1')}"


def test_on_aws_the_secret_is_read_when_first_needed(on_moto: Boto, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_PUBLIC_URL", "https://stepweave.example")
    monkeypatch.setenv("STEPWEAVE_RESUME_SECRET_ARN", "callbacks-of-a-test")
    urls = resume_urls()
    assert urls is not None
    on_moto("secretsmanager").create_secret(Name="callbacks-of-a-test", SecretString="from aws")
    assert {urls("e1"), urls("e1")} == {f"{URL}/e1/{signature('from aws', 'e1')}"}


def test_standard_executions_know_their_url_and_express_ones_have_none() -> None:
    scene = Scene(machines=Machines({"status": "SUCCEEDED", "output": json.dumps({"response": None, "last": None})}))
    launch = Launch(scene.outside.send, scene.outside.claims, scene.machines, lambda id: f"{URL}/{id}/x")
    started = start(Start(target=STANDARD, trigger="manual", node_id="t", items=items({})), launch=launch)
    run(Start(target=EXPRESS, trigger="manual", node_id="t", items=items({})), launch=launch)
    standard, express = (given["context"] for _, _, given in scene.machines.started)
    assert standard["resumeUrl"] == f"{URL}/{started.execution_id}/x"
    assert "resumeUrl" not in express
    assert callbacks.PREFIX == "resume"


def test_expressions_see_the_url() -> None:
    params = {"assignments": [{"name": "url", "value": "{{ $execution.resumeUrl }}"}]}
    given: Any = {**context(), "resumeUrl": URL}
    given["resumeUrl"] = f"{URL}/e1/{signature('secret', 'e1')}"
    [found] = Bench(SPEC, set_fields).json(params, items({}), context=given)
    base, _, own = found["url"].rpartition("/")
    began = given_at("secret", "e1", own)
    assert base == f"{URL}/e1"
    assert began
    assert began <= time.time() * 1000
    assert Bench(SPEC, set_fields).json(params, items({})) == [{"url": None}]


def test_what_waits_tells_what_it_was_given() -> None:
    bench = Bench(WAIT, wait)
    bench({"mode": "callback"}, items({"id": 1}), taskToken="t")
    (told,) = bench.outside.of("node.waiting")
    assert told["input"] == {"main": [{"count": 1, "items": [{"json": {"id": 1}}]}]}
    assert (told["waiting"]["kind"], told["waiting"]["token"]) == ("callback", "t")
