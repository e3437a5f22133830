"""J: nodes over 100,000 items by reference, in a fresh process with the deployed layers, as Lambda runs them.

Seconds of the processor from payload to result (items fetched from S3 and read, worked on, written and stored, events
sent), and the most memory that the process held. Cold: what the step imports is in the seconds.
"""

import hashlib
import json
import random
import subprocess
import uuid
from collections.abc import Callable
from typing import Any, Final

from benchmarks.bare import client
from benchmarks.coldstart import PYTHON, deployed_environment, layer_folders, payload_of
from benchmarks.figures import Figure, figure
from functions.nodes.catalogue import packages
from local.cli.catalogue import load_catalogue
from local.settings import ROOT, LocalSettings

ITEMS: Final = 100_000
MOST_SECONDS: Final = 5.0
MOST_MB: Final = 512.0
TENANT: Final = "00000000-0000-4000-8000-0000000000be"
PROBE: Final = """
import importlib, json, resource, sys, time
sys.path[:0] = json.loads(sys.argv[1])
handler = importlib.import_module(sys.argv[2]).handler
class Context:
    aws_request_id = "bench"
    def get_remaining_time_in_millis(self): return 60000
payload = json.loads(sys.stdin.read())
began = time.process_time()
output = handler(payload, Context())["output"]
used = time.process_time() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([used, peak, {port: batch["count"] for port, batch in output.items()}]))
"""
_BY_COUNTRY: Final = [{"operation": operation, "field": "total"} for operation in ("sum", "median")]
CASES: Final[dict[str, tuple[dict[str, Any], tuple[str, ...]]]] = {
    "sort": (
        {"keys": [{"field": "country"}, {"field": "total", "compare": "number", "direction": "descending"}]},
        ("main",),
    ),
    "merge": ({"mode": "fields", "match": [{"first": "id", "second": "id"}]}, ("first", "second")),
    "summarize": (
        {"groupBy": "country", "summaries": [*_BY_COUNTRY, {"operation": "countDistinct", "field": "name"}]},
        ("main",),
    ),
    "remove_duplicates": ({}, ("main",)),
}
"""Node type -> its parameters, and the ports that get 100,000 items each. Duplicates are looked for in all fields."""


def measure(settings: LocalSettings, say: Callable[[str], None]) -> list[Figure]:
    """Return seconds and megabytes by node type."""
    catalogue = {entry.type: entry for entry in load_catalogue()}
    folder = settings.state / "bench-lists"
    folder.mkdir(parents=True, exist_ok=True)
    environment = deployed_environment(settings)
    batches = [_stored(settings, environment["STEPWEAVE_DATA_BUCKET"], seed) for seed in (1, 2)]
    figures = []
    for type, (params, ports) in CASES.items():
        say(f"J: {type} of {ITEMS:,} items")
        entry = catalogue[type]
        payload = payload_of(entry, params=params)
        payload["context"]["tenantId"] = TENANT
        payload["inputs"] = {port: [batch] for port, batch in zip(ports, batches, strict=False)}
        module = f"{packages()[type, entry.version]}.handler"
        done = subprocess.run(
            [str(PYTHON), "-c", PROBE, json.dumps([str(ROOT), *layer_folders(entry, folder)]), module],
            input=json.dumps(payload),
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{type} failed: {done.stderr[-2000:]}")
        seconds, peak, counts = json.loads(done.stdout.splitlines()[-1])
        say(f"J: {type}: {counts}")
        figures.append(figure(f"J.{type}.{ITEMS}_items_s", seconds, at_most=MOST_SECONDS))
        figures.append(figure(f"J.{type}.{ITEMS}_items_mb", peak, at_most=MOST_MB))
    return figures


def _stored(settings: LocalSettings, bucket: str, seed: int) -> dict[str, Any]:
    """Store items of about 180 bytes of JSON each, in an order of the seed's, and return their batch."""
    some = random.Random(seed)
    ids = list(range(ITEMS))
    some.shuffle(ids)
    items = [
        {
            "json": {
                "id": number,
                "name": f"Customer {some.randrange(ITEMS)}",
                "country": some.choice(("DE", "FR", "IT", "ES", "PL")),
                "total": round(some.random() * 1000, 2),
                "tags": ["new", "paid"],
                "address": {"city": "Berlin", "zip": "10115"},
                "at": "2026-11-29T10:00:00Z",
            }
        }
        for number in ids
    ]
    content = json.dumps(items, separators=(",", ":")).encode()
    key = f"{TENANT}/{uuid.uuid4()}/items.json"
    client(settings, "s3").put_object(Bucket=bucket, Key=key, Body=content)
    ref = {"bucket": bucket, "key": key, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return {"count": ITEMS, "ref": ref}
