"""Published vulnerabilities of products like this one: webhooks, forms and nodes (docs/security/published-cves.md)."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import redis

from local.settings import ROOT
from stepweave_data.history.live import connect
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.form.stage import Stage
from tests.functions.system.hooks import Bench, Machines, call, succeeded, target
from tests.functions.system.test_webhook import RESPONSE

FILE: Final = {"filepath": "/etc/passwd", "originalFilename": "a.png", "mimetype": "image/png", "size": 5}
"""What the library that n8n reads uploads with says of one."""


@pytest.fixture
def client(redis_url: str) -> Iterator[redis.Redis]:
    made = connect(redis_url)
    made.flushdb()
    yield made
    made.close()


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/json; boundary=multipart/form-data", ""]
)
def test_cve_2026_21858_a_form_takes_files_from_forms_only(
    databases: Databases, tenants: tuple[Tenant, Tenant], client: redis.Redis, kind: str
) -> None:
    """n8n took a JSON body's `files` for what it had parsed itself, and read the path that stood in it."""
    stage = Stage(databases, tenants[0], client)
    body = json.dumps({"data": {"f0": "a@b.example"}, "files": {"f2": FILE, "photo": FILE}, "~token": stage.token()})
    answer = stage.post(body.encode(), Content_Type=kind)
    assert answer["statusCode"] == 415
    assert "root:" not in answer["body"]
    assert stage.machines.started == []
    stage.link.close()


def test_cve_2026_21858_a_webhooks_json_is_data_whatever_it_says_of_files(client: redis.Redis) -> None:
    bench = Bench(client, machines=Machines(ends=lambda _: succeeded(RESPONSE)))
    bench.methods = {"POST": target(bodyType="any")}
    sent = {"files": {"photo": FILE}, "binary": {"photo": {"key": "other/secret", **FILE}}, "$claim": {"key": "x"}}
    bench(call(body=sent))
    (started,) = bench.machines.started
    (item,) = started["input"]["trigger"]["output"]["main"]["items"]
    assert item["json"]["body"] == sent
    assert not item.get("binary")


WRITES: Final = {"write_text", "write_bytes", "mkdir", "makedirs", "rename", "unlink", "rmtree", "symlink_to", "touch"}
PROGRAMS: Final = {"subprocess", "pty"}
STARTS: Final = {"system", "popen", "execv", "execve", "execvp", "spawnv", "spawnl", "posix_spawn", "fork", "startfile"}


KNOWN: Final = {
    "generate.py": "writes the nodes' pages in this repository; it is in no function",
    "databases/redis/run.py": "a key of the tenant's own Redis",
    "databases/sqlite/run.py": "a file that `tempfile` named",
    "files/file_server/ftp.py": "at the tenant's own server",
    "files/file_server/sftp.py": "at the tenant's own server",
}
"""Modules with such calls -> what they are about."""


def test_cve_2026_21877_and_cve_2026_40933_no_node_starts_programs_or_writes_where_it_is_told() -> None:
    """n8n's Git node wrote into any folder, Flowise's tools were programs that a flow named."""
    nodes = ROOT / "functions/nodes"
    found = {str(path.relative_to(nodes)): set(dangerous(path)) for path in nodes.rglob("*.py")}
    assert {name for name, what in found.items() if what} == KNOWN.keys()
    assert not any(what & (PROGRAMS | STARTS | {"open"}) for what in found.values())


def dangerous(path: Path) -> Iterator[str]:
    """Give what a module has that starts programs, or writes files other than those that `tempfile` makes."""
    for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(part, ast.Import):
            yield from (name.name for name in part.names if name.name in PROGRAMS)
        elif isinstance(part, ast.ImportFrom) and part.module in PROGRAMS:
            yield part.module
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            of: Any = part.func.value
            starts = part.func.attr in STARTS and isinstance(of, ast.Name) and of.id == "os"
            if starts or part.func.attr in WRITES:
                yield part.func.attr
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "open":
            yield "open"
