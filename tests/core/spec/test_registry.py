"""Finding what the modules of a package register."""

import sys
from pathlib import Path

import pytest

from stepweave.spec.registry import found_in


def _package(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, **modules: str) -> list[str]:
    package = folder / name
    package.mkdir()
    (package / "__init__.py").touch()
    for module, text in modules.items():
        (package / f"{module}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    for loaded in (name, *(f"{name}.{module}" for module in modules)):
        monkeypatch.delitem(sys.modules, loaded, raising=False)
    return [str(package)]


def test_each_module_gives_its_value_in_the_order_of_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _package(tmp_path, monkeypatch, "some_kinds", b="KIND = 'second'", a="KIND = 'first'")
    assert found_in("some_kinds", path, "KIND", str) == ["first", "second"]


@pytest.mark.parametrize("text", ["", "KIND = 7"])
def test_a_module_that_registers_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    path = _package(tmp_path, monkeypatch, "no_kinds", forgot=text)
    with pytest.raises(TypeError, match=r"no_kinds.forgot has no KIND that is a str"):
        found_in("no_kinds", path, "KIND", str)
