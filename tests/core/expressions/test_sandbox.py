"""The code node's sandbox: a real child process, real limits."""

import os
import resource
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psutil
import pytest

from stepweave.expressions import sandbox as sandboxes
from stepweave.expressions.sandbox import (
    JavaScriptSandbox,
    Job,
    SandboxCrashed,
    SandboxError,
    SandboxMemory,
    SandboxTimeout,
)
from stepweave.expressions.sandbox_process import ProcessEnded, SandboxProcess


@pytest.fixture
def sandbox() -> Iterator[JavaScriptSandbox]:
    made = JavaScriptSandbox()
    yield made
    made.close()


def job(code: str, each_item: bool = False, seconds: float = 5.0, **more: Any) -> Job:
    items: list[Any] = more.pop("items", [{"json": {"n": 1}}, {"json": {"n": 2}}])
    outputs: dict[str, Any] = {"A": {"main": [{"json": {"x": 9}}]}, "Dead": None}
    moment = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    return Job(code, each_item, items, outputs, {"id": "w"}, {"id": "e"}, seconds=seconds, now=moment, **more)


def test_code_sees_items_and_other_nodes_and_returns_data(sandbox: JavaScriptSandbox) -> None:
    code = "console.warn('n', { a: 1 });\nreturn $input.all().map((i) => ({ n: i.json.n + $('A').first().json.x }));"
    result = sandbox.run("t", job(code))
    assert result.value == [{"n": 10}, {"n": 11}]
    assert [(line.level, line.message) for line in result.logs] == [("warning", 'n {"a":1}')]


def test_code_runs_for_each_item_and_may_await(sandbox: JavaScriptSandbox) -> None:
    code = "await Promise.resolve(); return { index: $itemIndex, n: $json.n, all: $items.length }"
    assert sandbox.run("t", job(code, True)).value == [{"index": 0, "n": 1, "all": 2}, {"index": 1, "n": 2, "all": 2}]


def test_code_knows_the_round_that_it_runs_in(sandbox: JavaScriptSandbox) -> None:
    rounds = [sandbox.run("t", job("return { round: $runIndex }", iteration=round)).value for round in ("", "2", "2.5")]
    assert rounds == [{"round": 0}, {"round": 2}, {"round": 5}]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (
            "for (const item of $input.all()) item.json.m = item.json.n * 2; return $items",
            [{"n": 1, "m": 2}, {"n": 2, "m": 4}],
        ),
        ("return $input.all().map(({ json }) => json)", [{"n": 1}, {"n": 2}]),
        ("total = 0; $items.forEach((item) => { total += item.json.n }); return [{ total }]", [{"total": 3}]),
        ("return [{ done: $('Dead').isExecuted, w: $workflow.id }]", [{"done": False, "w": "w"}]),
        ("return [{ at: new Date(0), no: undefined }] // done", [{"at": "1970-01-01T00:00:00.000Z"}]),
        ("return [{ big: 5n }]", [{"big": "5"}]),
        ("return [{ b: $jmespath({ a: [{ b: 1 }] }, 'a[0].b') }]", [{"b": 1}]),
        ("return $input.all('side')", [{"s": 1}]),
    ],
)
def test_code_may_do_what_javascript_does(sandbox: JavaScriptSandbox, code: str, value: list[Any]) -> None:
    inputs: dict[str, Any] = {"side": [{"json": {"s": 1}}]}
    found = sandbox.run("t", job(code, inputs=inputs)).value
    assert [entry.get("json", entry) for entry in found] == value


def test_code_that_returns_nothing_gives_nothing(sandbox: JavaScriptSandbox) -> None:
    assert sandbox.run("t", job("")).value is None
    assert sandbox.run("t", job("if ($json.n === 1) return { n: 1 }", True)).value == [{"n": 1}, None]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_dates_are_in_the_workflows_time_zone(sandbox: JavaScriptSandbox, zone: str) -> None:
    code = """const far = DateTime.fromISO('2026-07-02T12:00').setZone('Asia/' + 'Tokyo');
    const now = $now.toISO();
    return { now, far: far.toISO(), text: (1234.5)['toLocale' + 'String'](), hours: new Date(0).getHours() }"""
    berlin = zone == "Europe/Berlin"
    assert sandbox.run("t", job(code, time_zone=zone)).value == {
        "now": "2026-07-02T00:30:00.000+02:00" if berlin else "2026-07-01T22:30:00.000Z",
        "far": "2026-07-02T19:00:00.000+09:00" if berlin else "2026-07-02T21:00:00.000+09:00",
        "text": "1,234.5",
        "hours": 0,
    }


def test_a_time_zone_that_is_not_there_is_an_error(sandbox: JavaScriptSandbox) -> None:
    with pytest.raises(SandboxError, match="there is no time zone Nowhere/Nothing"):
        sandbox.run("t", job("return $now", time_zone="Nowhere/Nothing"))


@pytest.mark.parametrize(
    ("code", "kind", "words", "line"),
    [
        ("\n\nthrow new TypeError('boo')", SandboxError, "TypeError: boo", 3),
        ("throw { a: 1 }", SandboxError, '{"a":1}', None),
        ("\nconst q = null;\nreturn q.foo", SandboxError, "cannot read property 'foo' of null", 3),
        ("const f = (x) =>\n  x.y.z;\nreturn [1].map(f)", SandboxError, "cannot read property 'z' of undefined", 2),
        ("return 1 +;", SandboxError, "SyntaxError", 1),
        ("}); throw 1; (async () => {\n'", SandboxError, "SyntaxError", 2),
        ("return process.env", SandboxError, "process is not defined", 1),
        ("return require('fs')", SandboxError, 'there is no module "fs" here; there are lodash', 1),
        ("return await import('os')", SandboxError, "could not load module", None),
        ("return $('Nope').all()", SandboxError, 'there is no node "Nope"', 1),
        ("const a = []; a[0] = a; return a", SandboxError, "circular reference", None),
        ("return () => 1", SandboxError, "the result is the function", None),
        ("(function f() { f() })()", SandboxError, "Maximum call stack", 1),
        ("await new Promise(() => {})", SandboxError, "never happens", None),
        ("for (;;) {}", SandboxTimeout, "longer than 0.3 s", None),
        ("try { for (;;) {} } finally { for (;;) {} }", SandboxTimeout, "longer than 0.3 s", None),
        ("async function f() { for (;;) await null } await f()", SandboxTimeout, "longer than 0.3 s", None),
        ("/(a+)+$/.test('a'.repeat(40) + 'b')", SandboxTimeout, "longer than 0.3 s", None),
        ("return { toJSON() { for (;;) {} } }", SandboxTimeout, "longer than 0.3 s", None),
        ("const a = []; for (;;) a.push(new Array(9999).fill(1))", SandboxMemory, "more than 64 MB", None),
        ("return 'x'.repeat(2 ** 29)", SandboxMemory, "more than 64 MB", None),
        ("throw { get message() { throw 1 }, toJSON() { throw 1 } }", SandboxError, "cannot be shown", None),
    ],
)
def test_bad_code_gets_a_named_error_and_the_sandbox_survives(
    sandbox: JavaScriptSandbox, code: str, kind: type[SandboxError], words: str, line: int | None
) -> None:
    with pytest.raises(SandboxError, match=words) as caught:
        sandbox.run(
            "t", job(code, seconds=5 if kind is SandboxMemory else 0.3)
        )  # memory fills slowly on a busy machine
    assert type(caught.value) is kind
    assert caught.value.line == line
    assert sandbox.run("t", job("return 1")).value == 1


def test_an_error_says_for_which_item_and_where(sandbox: JavaScriptSandbox) -> None:
    with pytest.raises(SandboxError) as caught:
        sandbox.run("t", job("console.log('é', $json.n);\nif ('é' && $json.n > 1) throw new Error('é')", True))
    assert (caught.value.item, caught.value.line) == (1, 2)
    assert [line.message for line in caught.value.logs] == ["é 1", "é 2"]


def test_a_built_in_that_never_returns_costs_the_process(
    sandbox: JavaScriptSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandboxes, "GRACE_SECONDS", 0.3)
    with pytest.raises(SandboxTimeout):
        sandbox.run("t", job("Array.prototype.reverse.call({ length: 2 ** 53 - 1 })", seconds=0.3))
    monkeypatch.undo()
    assert sandbox.run("t", job("return 1")).value == 1


def test_runs_share_nothing(sandbox: JavaScriptSandbox) -> None:
    sandbox.run("t", job("globalThis.secret = 5; Array.prototype.map = () => 'mine'; return 1"))
    assert sandbox.run("t", job("return [typeof secret, [1].map((x) => x)]")).value == ["undefined", [1]]


def test_another_tenant_gets_another_process(sandbox: JavaScriptSandbox) -> None:
    sandbox.run("one", job("return 1"))
    first = _child()
    sandbox.run("one", job("return 1"))
    assert _child() == first
    sandbox.run("two", job("return 1"))
    assert _child() != first


def test_the_process_has_an_empty_environment_and_no_rights(
    sandbox: JavaScriptSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    sandbox.run("t", job("return 1"))
    child = psutil.Process(_child())
    assert not {"AWS_SECRET_ACCESS_KEY", "PATH", "HOME"} & set(child.environ())
    assert child.open_files() == []
    assert child.num_fds() == 3
    assert child.cwd() == "/"
    limits = {
        name: resource.prlimit(child.pid, getattr(resource, f"RLIMIT_{name}")) for name in ("FSIZE", "NOFILE", "NPROC")
    }
    assert limits == {"FSIZE": (0, 0), "NOFILE": (3, 3), "NPROC": (0, 0)}


def test_much_data_passes_in_and_out(sandbox: JavaScriptSandbox) -> None:
    items: list[Any] = [{"json": {"text": "é\u0000\ud800" * 100, "n": n}} for n in range(2000)]
    assert sandbox.run("t", job("return $input.all()", items=items)).value == items


def test_a_process_that_ended_between_runs_is_replaced(sandbox: JavaScriptSandbox) -> None:
    sandbox.run("t", job("return 1"))
    child = _child()
    os.kill(child, signal.SIGKILL)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert sandbox.run("t", job("return 2")).value == 2


@pytest.mark.parametrize(("status", "kind"), [(-signal.SIGXCPU, SandboxTimeout), (1, SandboxCrashed)])
def test_a_process_that_ends_while_it_runs_is_told_of(
    sandbox: JavaScriptSandbox, monkeypatch: pytest.MonkeyPatch, status: int, kind: type[SandboxError]
) -> None:
    def ended(*_: object) -> str:
        raise ProcessEnded(status)

    with monkeypatch.context() as patched:
        patched.setattr(SandboxProcess, "receive", ended)
        with pytest.raises(SandboxError) as caught:
            sandbox.run("t", job("return 1"))
    assert type(caught.value) is kind
    assert sandbox.run("t", job("return 1")).value == 1


def test_an_interrupted_run_leaves_no_answer_for_the_next(
    sandbox: JavaScriptSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SandboxProcess, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            sandbox.run("t", job("return 'old'"))
    assert sandbox.run("t", job("return 'new'")).value == "new"


def test_endless_wants_are_an_error(sandbox: JavaScriptSandbox) -> None:
    with pytest.raises(SandboxError, match="more than 50"):
        sandbox.run("t", job("return $('n' + Math.random()).all()"))


def test_a_sandbox_can_be_started_ahead_and_closed_twice(sandbox: JavaScriptSandbox) -> None:
    sandbox.start()
    sandbox.start()
    assert sandbox.run("t", job("return 1")).value == 1
    sandbox.close()
    sandbox.close()


def test_logs_are_bounded(sandbox: JavaScriptSandbox) -> None:
    result = sandbox.run("t", job("for (let i = 0; i < 1000; i += 1) console.log('x'.repeat(9000)); return 1"))
    assert (len(result.logs), result.dropped, len(result.logs[0].message)) == (200, 800, 4000)


def test_anything_can_be_logged(sandbox: JavaScriptSandbox) -> None:
    code = "const a = {}; a.a = a; console.error(a, 5n, Symbol('s'), new Error('e'), undefined, null); console.debug()"
    result = sandbox.run("t", job(code))
    assert [(line.level, line.message) for line in result.logs] == [
        ("error", "[object Object] 5n Symbol(s) Error: e undefined null"),
        ("debug", ""),
    ]


def _child() -> int:
    return next(child.pid for child in psutil.Process().children() if "sandbox_child" in " ".join(child.cmdline()))
