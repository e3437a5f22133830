"""Our JavaScript as bytecode: the installed QuickJS takes it, and gives what the source gives."""

import pytest

from stepweave.expressions import bytecode
from stepweave.expressions.engine import Engine, EngineMemory
from stepweave.expressions.libraries import LIBRARIES
from stepweave.expressions.scope import Scope
from stepweave.expressions.session import Session

SOURCES = (
    "$now.plus({ days: 1 }).toISO().length",
    "'b'.localeCompare('a')",
    "$jmespath({ a: [1] }, 'a[0]')",
    "new URL('http://h/x').pathname",
    "Buffer.from('a').toString('hex')",
    "structuredClone([1])",
    "(5).toLocaleString()",
)


def test_the_package_is_as_this_file_knows_it() -> None:
    assert bytecode._native() is not None


def test_bytecode_gives_what_the_source_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    def results() -> list[object]:
        return [
            Session(Scope.of_outputs([{"json": {}}], {}), 5.0, 2**26).run(each, 0, as_text=False) for each in SOURCES
        ]

    monkeypatch.setattr(bytecode, "put", lambda *_: False)
    by_source = results()
    monkeypatch.undo()
    monkeypatch.setattr(bytecode, "_seen", {"prelude", *LIBRARIES})
    assert results() == by_source


def test_one_step_alone_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytecode, "_seen", set())
    monkeypatch.setattr(bytecode, "_codes", {})
    Engine()
    assert bytecode._codes == {}
    Engine()
    assert set(bytecode._codes) == {"prelude"}


def test_without_memory_for_a_library_it_says_so() -> None:
    session = Session(Scope.of_outputs([{"json": {}}], {}), 5.0, 2**20)
    for _ in range(2):
        with pytest.raises(EngineMemory):
            session.run("$now.toISO().length + 'a'.repeat(3e6).length", 0, as_text=False)
        session = Session(Scope.of_outputs([{"json": {}}], {}), 5.0, 2**20)


def test_expressions_cannot_hand_anything_over() -> None:
    session = Session(Scope.of_outputs([{"json": {}}], {}), 5.0, 2**26)
    source = "(() => { globalThis.stepweaveFunction = () => ({ URL: 'mine' }); return new URL('http://h/').host })()"
    assert session.run(source, 0, as_text=False) == "h"
    assert session.run("typeof stepweaveFunction", 0, as_text=False) == "undefined"
