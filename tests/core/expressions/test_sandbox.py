"""The code node's sandbox: a real child process, real limits."""

import os
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from stepweave.expressions.sandbox import (
    JavaScriptSandbox,
    Job,
    SandboxCrashed,
    SandboxError,
    SandboxMemory,
    SandboxTimeout,
)


@pytest.fixture
def sandbox() -> Iterator[JavaScriptSandbox]:
    made = JavaScriptSandbox()
    yield made
    made.close()


def job(code: str, each_item: bool = False, seconds: float = 5.0) -> Job:
    items: list[Any] = [{"json": {"n": 1}}, {"json": {"n": 2}}]
    outputs: dict[str, Any] = {"A": {"main": [{"json": {"x": 9}}]}, "Dead": None}
    return Job(code, each_item, items, outputs, {"id": "w"}, {"id": "e"}, seconds=seconds)


def test_code_sees_items_and_other_nodes_and_returns_data(sandbox: JavaScriptSandbox) -> None:
    code = "console.warn('n', { a: 1 });\nreturn $input.all().map((i) => ({ n: i.json.n + $('A').first().json.x }));"
    result = sandbox.run("t", job(code))
    assert result.value == [{"n": 10}, {"n": 11}]
    assert [(line.level, line.message) for line in result.logs] == [("warning", 'n {"a":1}')]


def test_code_runs_for_each_item_and_may_await(sandbox: JavaScriptSandbox) -> None:
    code = "await Promise.resolve(); return { index: $itemIndex, n: $json.n }"
    assert sandbox.run("t", job(code, True)).value == [{"index": 0, "n": 1}, {"index": 1, "n": 2}]


@pytest.mark.parametrize(
    ("code", "kind", "words", "line"),
    [
        ("\n\nthrow new TypeError('boo')", SandboxError, "TypeError: boo", 3),
        ("\nconst q = null;\nreturn q.foo", SandboxError, "cannot read property 'foo' of null", 3),
        ("return 1 +;", SandboxError, "SyntaxError", 1),
        ("return process.env", SandboxError, "process is not defined", 1),
        ("return $('Nope').all()", SandboxError, 'there is no node "Nope"', 1),
        ("const a = []; a[0] = a; return a", SandboxError, "circular reference", None),
        ("(function f() { f() })()", SandboxError, "Maximum call stack", None),
        ("await new Promise(() => {})", SandboxError, "never happens", None),
        ("for (;;) {}", SandboxTimeout, "longer than 0.3 s", None),
        ("async function f() { for (;;) await null } await f()", SandboxTimeout, "longer than 0.3 s", None),
        ("/(a+)+$/.test('a'.repeat(40) + 'b')", SandboxTimeout, "longer than 0.3 s", None),
        ("const a = []; for (;;) a.push(new Array(9999).fill(1))", SandboxMemory, "more than 64 MB", None),
    ],
)
def test_bad_code_gets_a_named_error_and_the_sandbox_survives(
    sandbox: JavaScriptSandbox, code: str, kind: type[SandboxError], words: str, line: int | None
) -> None:
    with pytest.raises(SandboxError, match=words) as caught:
        sandbox.run("t", job(code, seconds=0.3))
    assert type(caught.value) is kind
    assert caught.value.line == line
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


def test_the_process_has_an_empty_environment_and_no_open_files(
    sandbox: JavaScriptSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    sandbox.run("t", job("return 1"))
    child = psutil.Process(_child())
    assert not {"AWS_SECRET_ACCESS_KEY", "PATH", "HOME"} & set(child.environ())
    assert child.open_files() == []
    assert child.rlimit(psutil.RLIMIT_FSIZE)[0] == 0


def test_a_killed_process_is_said_and_replaced(sandbox: JavaScriptSandbox) -> None:
    sandbox.run("t", job("return 1"))
    os.kill(_child(), 9)
    try:
        assert sandbox.run("t", job("return 2")).value == 2
    except SandboxCrashed:
        assert sandbox.run("t", job("return 2")).value == 2


def test_logs_are_bounded(sandbox: JavaScriptSandbox) -> None:
    result = sandbox.run("t", job("for (let i = 0; i < 1000; i += 1) console.log('x'.repeat(9000)); return 1"))
    assert (len(result.logs), result.dropped, len(result.logs[0].message)) == (200, 800, 4000)


def _child() -> int:
    return next(child.pid for child in psutil.Process().children() if "sandbox_child" in " ".join(child.cmdline()))
