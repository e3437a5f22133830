"""Every function's handler imports from its own zip and its own layers alone, as Lambda would import it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from functions.nodes.catalogue import handler_of, packages
from stacks.bundling import target, uv
from stacks.bundling.bundler import Bundler
from stacks.bundling.code import package_files
from stacks.constructs.system import SYSTEM
from tests.stacks.conftest import LOCAL, running_specs

pytestmark = pytest.mark.synth

FUNCTIONS = {spec.type: (handler_of(spec), ("core", *spec.layers), ()) for spec in running_specs()} | {
    name: (f"{plan.package or f'functions.system.{name}'}.handler.handler", plan.layers, plan.ships)
    for name, plan in SYSTEM.items()
}
SCRIPT = "import importlib, sys; sys.path[:0] = sys.argv[2:]; importlib.import_module(sys.argv[1]).handler"


@pytest.fixture(scope="session")
def bundler() -> Bundler:
    return Bundler(target.this_machine())


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory, bundler: Bundler) -> Path:
    """All layers, each in a folder of its name, and what Lambda's runtime brings."""
    folder = tmp_path_factory.mktemp("layers")
    for name in ("core", "data", "api", "migrate", "pg"):
        with zipfile.ZipFile(bundler.layer(name).path) as archive:
            archive.extractall(folder / name)
    requirements = str(uv.ROOT / "local" / "lambda_runtime.txt")
    uv.run_uv(["pip", "install", "--quiet", "--no-deps", "--target", str(folder / "runtime"), "-r", requirements])
    return folder


def test_a_node_is_described_where_it_lies() -> None:
    assert {handler_of(spec) for spec in running_specs()} <= {
        f"{package}.handler.handler" for package in packages().values()
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_handler_imports(name: str, bundler: Bundler, unpacked: Path, tmp_path: Path) -> None:
    handler, layers, ships = FUNCTIONS[name]
    module = handler.rpartition(".")[0]
    bundle = bundler.code(f"test-{name}", package_files(module.rpartition(".")[0], *ships))
    with zipfile.ZipFile(bundle.path) as archive:
        archive.extractall(tmp_path)
    path = [tmp_path, *(unpacked / layer / "python" for layer in reversed(layers)), unpacked / "runtime"]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", SCRIPT, module, *map(str, path)],
        capture_output=True,
        text=True,
        check=False,
        env={**LOCAL, "AWS_REGION": "us-east-1", "STEPWEAVE_PREFIX": "stepweave-local"},
    )
    assert done.returncode == 0, done.stderr
