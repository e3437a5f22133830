"""Bundles: only what belongs in, the same bytes every time, built once."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from stacks.bundling import target, uv
from stacks.bundling.archive import files_below, unpacked_bytes, write_zip
from stacks.bundling.bundler import KEPT, Bundler
from stacks.bundling.code import package_files
from stacks.bundling.layers import LAYERS, Layer
from stacks.bundling.uv import BundlingError
from stacks.constructs.system import SYSTEM

HERE = target.this_machine()


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def source(folder: Path, **files: str) -> dict[str, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return {f"{name}.py": folder / f"{name}.py" for name in files}


def test_a_nodes_zip_holds_its_own_folder_and_the_packages_above() -> None:
    files = package_files("functions.nodes.flow.if_")
    above = {f"{folder}/__init__.py" for folder in ("functions", "functions/nodes", "functions/nodes/flow")}
    assert above | {"functions/nodes/flow/if_/handler.py"} <= set(files)
    assert all(name in above or name.startswith("functions/nodes/flow/if_/") for name in files)


def test_a_later_versions_zip_holds_the_whole_folder_of_its_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stacks.bundling.code.ROOT", tmp_path)
    for name in ("__init__.py", "run.py", "handler.py", "v2/__init__.py", "v2/handler.py", "examples/a.json"):
        file = tmp_path / "functions" / "nodes" / "flow" / "odd" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    found = {name.removeprefix("functions/nodes/flow/odd/") for name in package_files("functions.nodes.flow.odd.v2")}
    assert {"run.py", "v2/handler.py"} <= found
    assert "examples/a.json" not in found


def test_the_zip_of_an_apps_trigger_holds_the_whole_folder_of_the_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stacks.bundling.code.ROOT", tmp_path)
    for name in ("__init__.py", "spec.py", "triggers/new_book/handler.py", "triggers/new_book/v2/handler.py"):
        file = tmp_path / "functions" / "nodes" / "apps" / "shelf" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    for package in ("functions.nodes.apps.shelf.triggers.new_book", "functions.nodes.apps.shelf.triggers.new_book.v2"):
        assert "functions/nodes/apps/shelf/spec.py" in package_files(package)


def test_the_apis_zip_ships_the_catalogue() -> None:
    files = package_files("api", *SYSTEM["api"].ships)
    assert {"api/handler.py", "docs/reference/catalog.json"} <= set(files)
    assert not [name for name in files if "__pycache__" in name]


def test_a_function_without_a_handler_is_named() -> None:
    with pytest.raises(BundlingError, match=r"functions/nodes/triggers/manual_trigger/handler\.py is missing"):
        package_files("functions.nodes.triggers.manual_trigger")


def test_a_missing_file_that_a_function_ships_is_named() -> None:
    with pytest.raises(BundlingError, match=r"docs/none\.json is missing"):
        package_files("api", "docs/none.json")


def test_every_system_function_has_its_folder() -> None:
    packages = {plan.package or f"functions.system.{plan.name}" for plan in SYSTEM.values()}
    folders = {f"functions.system.{path.parent.name}" for path in uv.ROOT.glob("functions/system/*/handler.py")}
    assert packages == folders | {"api"}


def test_the_same_content_makes_the_same_bytes_whatever_its_dates(tmp_path: Path) -> None:
    first, second = source(tmp_path / "1", b="B = 1", a="A = 2"), source(tmp_path / "2", a="A = 2", b="B = 1")
    (tmp_path / "2" / "a.py").touch()
    write_zip(tmp_path / "1.zip", first)
    write_zip(tmp_path / "2.zip", second)
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_programs_stay_programs(tmp_path: Path) -> None:
    files = source(tmp_path / "1", tool="", module="")
    files["tool.py"].chmod(0o755)
    write_zip(tmp_path / "1.zip", files)
    with zipfile.ZipFile(tmp_path / "1.zip") as archive:
        modes = {entry.filename: oct(entry.external_attr >> 16 & 0o777) for entry in archive.infolist()}
    assert modes == {"tool.py": "0o755", "module.py": "0o644"}


def test_code_comes_with_bytecode_that_nobody_checks_again(tmp_path: Path) -> None:
    bundle = Bundler(HERE, tmp_path).code("some", source(tmp_path / "src", module="X = 1"))
    compiled = f"__pycache__/module.{sys.implementation.cache_tag}.pyc"
    assert names(bundle.path) == [compiled, "module.py"]
    with zipfile.ZipFile(bundle.path) as archive:
        flags = int.from_bytes(archive.read(compiled)[4:8], "little")
    assert flags == 0b01  # hash-based, unchecked (PEP 552)


def test_code_is_built_once_per_content(tmp_path: Path) -> None:
    files = source(tmp_path / "src", module="X = 1")
    first = Bundler(HERE, tmp_path).code("some", files)
    stamp = first.path.stat().st_ino
    assert Bundler(HERE, tmp_path).code("some", files).path.stat().st_ino == stamp
    files["module.py"].write_text("X = 2")
    assert Bundler(HERE, tmp_path).code("some", files).key != first.key


def test_a_rebuild_gives_the_same_bytes(tmp_path: Path) -> None:
    files = source(tmp_path / "src", module="NAMES = frozenset({'a', 'b', 'c'})\ndef f(x={1: 2}): return x in {3, 4}\n")
    first, second = (Bundler(HERE, tmp_path / name).code("some", files) for name in ("1", "2"))
    assert first.key == second.key
    assert first.path.read_bytes() == second.path.read_bytes()


def test_old_builds_are_forgotten_and_other_things_are_not(tmp_path: Path) -> None:
    bundler = Bundler(HERE, tmp_path)
    other = bundler.code("some-other", source(tmp_path / "other", module="")).path
    for number in range(KEPT + 3):
        last = bundler.code("some", source(tmp_path / "src", module=f"X = {number}")).path
    kept = [path for path in tmp_path.glob("some-*.zip") if path != other]
    assert len(kept) == KEPT
    assert last in kept
    assert other.exists()


def test_a_layer_leaves_out_what_the_layers_below_it_hold() -> None:
    core = set(LAYERS["core"].requirements())
    assert "pydantic" in core
    assert {"sqlalchemy", "psycopg-binary"} <= set(LAYERS["data"].requirements())
    for name in LAYERS.keys() - {"core"}:
        assert not core & set(LAYERS[name].requirements()), name


def test_no_layer_holds_what_the_runtime_brings() -> None:
    held = {package for layer in LAYERS.values() for package in layer.requirements()}
    assert not {"boto3", "botocore", "s3transfer"} & held


def test_every_package_is_pinned_with_its_hashes() -> None:
    lines = [line for layer in LAYERS.values() for line in layer.requirements().values()]
    assert lines
    assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_a_layer_of_locked_packages_and_source_is_built_for_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")  # the set-up has put these wheels into uv's cache
    bundle = Bundler(HERE, tmp_path / "build").layer("core")
    found = names(bundle.path)
    assert {"python/stepweave/spec/node.py", "python/pydantic/__init__.py"} <= set(found)
    assert any(name.startswith("python/pydantic/__pycache__/") for name in found)
    assert not [name for name in found if name.startswith("python/bin/")]
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import stepweave.spec.node, pydantic; print(pydantic.__file__)"
    )
    with zipfile.ZipFile(bundle.path) as archive:
        archive.extractall(tmp_path / "out")
    command = [sys.executable, "-I", "-S", "-c", script, str(tmp_path / "out" / "python")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(str(tmp_path / "out"))


def test_a_layer_over_lambdas_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stacks.bundling.bundler.MOST_BYTES", 10)
    monkeypatch.setitem(
        LAYERS, "huge", Layer("huge", "", package="stepweave", source=uv.ROOT / "stacks" / "cli", on=())
    )
    monkeypatch.setattr(Layer, "requirements", lambda _: {})
    with pytest.raises(BundlingError, match=r"layer 'huge' has .* Lambda takes 250 MB"):
        Bundler(HERE, tmp_path).layer("huge")


def test_a_failing_uv_is_quoted() -> None:
    with pytest.raises(BundlingError, match=r"`uv pip install --none` ended with status 2:\n(.|\n)*--none"):
        uv.run_uv(["pip", "install", "--none"])


def test_a_missing_uv_is_told_where_it_comes_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    uv.uv_command.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(uv, "_OWN_UV", tmp_path / "uv")
    with pytest.raises(BundlingError, match="`make setup` installs it"):
        uv.uv_command()
    uv.uv_command.cache_clear()


def test_without_an_interpreter_for_the_target_bundles_go_without_bytecode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = target.Target("3.99", "x86_64", None)
    bundle = Bundler(elsewhere, tmp_path).code("some", source(tmp_path / "src", module="X = 1"))
    assert names(bundle.path) == ["module.py"]
    assert "no Python 3.99 on this machine" in capsys.readouterr().err


def test_unpacked_size_counts_content(tmp_path: Path) -> None:
    write_zip(tmp_path / "1.zip", files_below(source(tmp_path / "1", a="x" * 1000)["a.py"].parent))
    assert unpacked_bytes(tmp_path / "1.zip") == 1000
