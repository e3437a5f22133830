"""D: what a cold start of each node function costs over an empty handler, in the deployed layers and interpreter.

Import: the processor time from starting the process until the handler's module is imported. First: the time until its
first result is there, the step's events in the queue. Each in fresh processes, the median of several, the empty handler
measured in between. Goals are on ratios to the empty handler: milliseconds change with the machine and its day.
"""

import json
import os
import statistics
import subprocess
import time
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.figures import Figure, figure
from functions.nodes.catalogue import packages
from local.cli.catalogue import load_catalogue
from local.settings import ROOT, LocalSettings
from local.stack.deploy import deploy_environment
from stepweave.spec.catalogue import CatalogueEntry

ROUNDS: Final = 7
PYTHON: Final = ROOT / ".stepweave" / "lambda-runtime" / "bin" / "python"
PROBE: Final = """
import time, sys, json, importlib
began = float(sys.argv[4])
sys.path[:0] = json.loads(sys.argv[1])
handler = importlib.import_module(sys.argv[2]).handler
imported = time.process_time()
class Context:
    aws_request_id = "bench"
    def get_remaining_time_in_millis(self): return 30000
result = handler(json.loads(sys.argv[3]), Context())
print(json.dumps([imported * 1000, (time.monotonic() - began) * 1000]))
"""
PARAMS: Final[dict[str, dict[str, Any]]] = {
    "code": {"code": "return $input.all()"},
    "set_fields": {"assignments": [{"name": "x", "value": "{{ $json.n }}"}]},
    "if": {"conditions": [{"left": "{{ $json.n }}", "type": "number", "operator": "equals", "right": 1}]},
    "respond_to_webhook": {"bodyKind": "firstItem"},
    "no_op": {},
}
"""Nodes that need nothing but the platform. The others' first step waits for their server, so only imports count."""
HEAVY: Final = frozenset(("database",))
GOALS: Final = {"import": 12.0, "first": 18.0}
"""At most this times the empty handler's, for light nodes."""


def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return import and first-invocation times in milliseconds, beside the empty handler's."""
    folder = settings.state / "bench-empty"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "empty_handler.py").write_text("def handler(event, context):\n    return event\n")
    environment = deployed_environment(settings)
    figures = []
    for entry in load_catalogue():
        if entry.trigger:
            continue
        say(f"D: cold start of {entry.type}")
        paths = [str(ROOT), *layer_folders(entry, folder)]
        module = f"{packages()[entry.type, entry.version]}.handler"
        empty, ours = [], []
        for _ in range(ROUNDS):
            empty.append(_probe([str(folder)], "empty_handler", {}, environment))
            runs = entry.type in PARAMS
            ours.append(_probe(paths, module, payload_of(entry) if runs else None, environment))
        for index, name in enumerate(GOALS):
            if name == "import" or entry.type in PARAMS:
                times, empty_times = (statistics.median(one[index] for one in found) for found in (ours, empty))
                most = None if entry.type in HEAVY else GOALS[name]
                figures.append(figure(f"D.{entry.type}.{name}_ms", times, empty_times, at_most=most, goal_on="ratio"))
    return figures


def _probe(paths: list[str], module: str, payload: Any, environment: dict[str, str]) -> list[float]:
    program = PROBE if payload is not None else PROBE.replace("result = handler", "result = (lambda *_: None)")
    done = subprocess.run(
        [str(PYTHON), "-c", program, json.dumps(paths), module, json.dumps(payload), str(time.monotonic())],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} failed: {done.stderr[-2000:]}")
    times: list[float] = json.loads(done.stdout.splitlines()[-1])
    return times


def layer_folders(entry: CatalogueEntry, into: Path) -> list[str]:
    """Unpack the node's layers as they were bundled last, bytecode included, and return their folders."""
    found = []
    for name in ("core", *entry.layers):
        built = (ROOT / ".stepweave" / "build").glob(f"layer-{name}-*.zip")
        latest = max(built, key=lambda path: path.stat().st_mtime, default=None)
        if latest is None:
            raise RuntimeError(f"the layer {name} is not built")
        folder = into / latest.stem
        if not folder.exists():
            with zipfile.ZipFile(latest) as archive:
                archive.extractall(folder)
        found.append(str(folder / "python"))
    return found


def deployed_environment(settings: LocalSettings) -> dict[str, str]:
    """Return the environment that a node's function has on the stack."""
    outputs: dict[str, str] = {}
    for stack in json.loads((settings.state / "outputs.json").read_text()).values():
        outputs |= stack
    local = deploy_environment(settings)
    kept = {name: value for name, value in local.items() if name.startswith("AWS_")}
    return {
        **kept,
        "PATH": os.environ["PATH"],
        "STEPWEAVE_PREFIX": "stepweave-local",
        "STEPWEAVE_EVENTS_QUEUE_URL": outputs["EventsQueueUrl"],
        "STEPWEAVE_DATA_BUCKET": outputs["DataBucketName"],
        "STEPWEAVE_ALLOW_PRIVATE_NETWORK": "1",
    }


def payload_of(entry: CatalogueEntry, items: int = 1, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what a state machine gives a node, with so many items and its parameters, by default those of `PARAMS`."""
    context = {
        "tenantId": str(uuid.uuid4()),
        "executionId": str(uuid.uuid4()),
        "workflowId": str(uuid.uuid4()),
        "workflowName": "Benchmark D",
        "workflowVersion": None,
        "trigger": "manual",
        "mode": "draft",
        "startedAt": "2026-01-01T00:00:00.000Z",
        "timeZone": "UTC",
    }
    return {
        "context": context,
        "node": {"id": "n", "name": "n", "type": entry.type, "version": entry.version},
        "params": PARAMS[entry.type] if params is None else params,
        "settings": {"onError": "stop", "maxAttempts": 1},
        "inputs": {"main": [{"count": items, "items": [{"json": {"n": number}} for number in range(1, items + 1)]}]},
        "refs": {},
        "attempt": 1,
        "inlineLimit": 32768,
    }
