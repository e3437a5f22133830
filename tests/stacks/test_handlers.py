"""Every function's handler imports from its own zip and its own layers alone, as Lambda would import it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from functions.nodes.catalogue import handler_of
from stacks.bundling import target, uv
from stacks.bundling.bundler import Bundler
from stacks.bundling.code import package_files
from stacks.bundling.layers import LAYERS
from stacks.constructs.system import SYSTEM
from tests.stacks.conftest import LOCAL, running_specs

pytestmark = pytest.mark.synth

FUNCTIONS = {spec.type: (handler_of(spec), ("core", *spec.layers), ()) for spec in running_specs()} | {
    name: (f"{plan.package or f'functions.system.{name}'}.handler.handler", plan.layers, plan.ships)
    for name, plan in SYSTEM.items()
}
SCRIPT = "import importlib, sys; sys.path[:0] = sys.argv[2:]; importlib.import_module(sys.argv[1]).handler"


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All layers, each in a folder of its name, and what Lambda's runtime brings."""
    folder, bundler = tmp_path_factory.mktemp("layers"), Bundler(target.this_machine())
    for name in LAYERS:
        with zipfile.ZipFile(bundler.layer(name).path) as archive:
            archive.extractall(folder / name)
    requirements = str(uv.ROOT / "local" / "lambda_runtime.txt")
    # Offline: the set-up has put these into uv's cache.
    install = ["pip", "install", "--offline", "--quiet", "--no-deps", "--python", sys.executable]
    uv.run_uv([*install, "--target", str(folder / "runtime"), "-r", requirements])
    return folder


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_handler_imports(name: str, unpacked: Path, tmp_path: Path) -> None:
    handler, layers, ships = FUNCTIONS[name]
    module = handler.rpartition(".")[0]
    bundler = Bundler(target.this_machine(), tmp_path / "build")
    bundle = bundler.code(name, package_files(module.rpartition(".")[0], *ships))
    with zipfile.ZipFile(bundle.path) as archive:
        archive.extractall(tmp_path / "code")
    path = [tmp_path / "code", *(unpacked / layer / "python" for layer in reversed(layers)), unpacked / "runtime"]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", SCRIPT, module, *map(str, path)],
        capture_output=True,
        text=True,
        check=False,
        env={**LOCAL, "AWS_REGION": "us-east-1", "STEPWEAVE_PREFIX": "stepweave-local"},
    )
    assert done.returncode == 0, done.stderr
