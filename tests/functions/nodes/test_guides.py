"""The guides to writing nodes: what stands in them is written to a copy of the nodes, passes the suite, and runs."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILE = re.compile(r"^`(functions/nodes/[^`]+)`\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SUITE = ("test_conformance.py", "test_credential_types.py", "test_examples.py")

SPLIT = """
from functions.nodes.data.split_text.run import run
from functions.nodes.data.split_text.spec import SPEC
from tests.fakes.steps import Bench, items
bench = Bench(SPEC, run)
made = bench.json({"text": "{{ $json.t }}", "separator": ";"}, items({"t": "a; b;"}))
assert made == [{"part": "a", "position": 1}, {"part": "b", "position": 2}]
try:
    bench({"text": ",".join("x" * 10_001)}, items({}))
except Exception as error:
    assert type(error).__name__ == "TextTooLong", error
else:
    raise AssertionError("it should have failed")
"""
SHELF = """
import base64
import hmac
import json
from urllib.parse import parse_qs, urlsplit
from functions.nodes.apps.shelf.run import run
from functions.nodes.apps.shelf.spec import APP, SPEC
from functions.nodes.apps.shelf.triggers.loan_due.handler import handler as loan_due
from functions.nodes.apps.shelf.triggers.loan_due.spec import SPEC as LOAN_DUE
from functions.nodes.apps.shelf.triggers.new_book.handler import handler
from functions.nodes.apps.shelf.triggers.new_book.spec import SPEC as NEW_BOOK
from stepweave.runtime import adapter
from stepweave.runtime.http import operations
from tests.fakes import steps
from tests.fakes.asks import AskBench
from tests.fakes.steps import Bench, items
from tests.fakes.web import web_server

def gives(data, status=200):
    return lambda exchange: exchange.answer(status, json.dumps(data).encode(), content_type="application/json")

def books(exchange):
    after = parse_qs(urlsplit(exchange.asked.path).query).get("after")
    gives({"data": {"books": [{"id": "b2" if after else "b1"}], "next": None if after else "n"}})(exchange)

steps.hosts_of = lambda type, data: ()
steps.request_of = lambda type, data: {"headers": [["Authorization", "Bearer " + data["accessToken"]]], "query": []}
bench = Bench(SPEC, run)
bench.outside.credentials["c", "shelf_account"] = {"clientId": "i", "accessToken": "k"}
with web_server() as web:
    operations.BASE_URLS[APP.base_url] = web.url("")
    chosen = {"credential": "c", "resource": "book", "operation": "create", "bookCreateTitle": "Emma"}
    web.routes["/books"] = gives({"id": "b1"}, 201)
    assert bench.json(chosen, items({})) == [{"id": "b1"}]
    assert json.loads(web.asked[0].body) == {"title": "Emma"} and web.asked[0].headers["authorization"] == "Bearer k"
    web.routes["/books"] = books
    chosen = {"credential": "c", "resource": "book", "operation": "list", "returnAll": True}
    assert bench.json(chosen, items({})) == [{"id": "b1"}, {"id": "b2"}]
    asks = AskBench(SPEC, adapter.options_of(SPEC), bench.outside)
    web.routes["/books"] = gives({"data": {"books": [{"id": "b1", "title": "Emma"}], "next": "n"}})
    found = asks("options", {"credential": "c"}, loader="books", search="em")
    assert found["options"] == [{"value": "b1", "label": "Emma"}] and found["next"], found
    assert parse_qs(urlsplit(web.asked[-1].path).query) == {"title": ["em"], "count": ["100"]}
    chosen = {"credential": "c", "resource": "loan", "operation": "end", "loanEndBook": "b1"}
    assert bench.json(chosen, items({})) == [{"book": "b1", "ended": False}]
    web.routes["/books/b1/loan"] = gives({"id": "l7"})
    web.routes["/loans/l7/end"] = gives({"book": "b1", "ended": True})
    assert bench.json(chosen, items({})) == [{"book": "b1", "ended": True}]

    class Context:
        def get_remaining_time_in_millis(self):
            return 20_000

    adapter.vault_function = lambda: bench.outside.vault
    def poll(given):
        node = {"id": "n", "name": "N", "type": NEW_BOOK.type, "version": 1}
        ask = {"ask": "poll", "tenantId": "t", "workflowId": "w", "node": node, "params": {"credential": "c"}}
        said = handler({**ask, "given": {"limit": 100, **given}}, Context())
        assert "answer" in said, said
        return said["answer"]

    listed = [{"id": "b1"}]
    web.routes["/books"] = lambda exchange: gives({"data": {"books": listed, "next": None}})(exchange)
    at_first = poll({"cursor": None, "first": True})
    assert at_first["items"] == []
    listed.insert(0, {"id": "b2"})
    assert poll({"cursor": at_first["cursor"], "first": False})["items"] == [{"id": "b2"}]

    def due(name, given):
        node = {"id": "n", "name": "N", "type": LOAN_DUE.type, "version": 1}
        ask = {"ask": name, "tenantId": "t", "workflowId": "w", "node": node, "params": {"credential": "c"}}
        said = loan_due({**ask, "given": {"address": "https://s.example/hooks/a/~/b", **given}}, Context())
        assert "answer" in said, said
        return said["answer"]

    def called(body, secret, query={}, header="x-shelf-signature"):
        signature = hmac.new(secret.encode(), body, "sha256").hexdigest()
        raw = base64.b64encode(body).decode()
        call = {"method": "POST", "headers": {header: signature}, "query": query, "rawBody": raw, "kept": kept}
        return due("receive", call)

    web.routes["/calls"] = gives({"id": "k1"}, 201)
    kept = due("activate", {})
    sent = json.loads(web.asked[-1].body)
    assert kept == {"id": "k1", "secret": sent["secret"]} and sent["url"] == "https://s.example/hooks/a/~/b"
    body = b'{"id": "d1", "loan": {"id": "l7", "book": "b1"}}'
    assert called(body, kept["secret"]) == {"items": [{"json": {"id": "l7", "book": "b1"}}], "deliveryId": "d1"}
    assert called(body, "another")["refuse"]["status"] == 401
    assert called(b"", "another", {"challenge": "7"})["answer"]["body"] == "7"
    web.routes["/calls/k1"] = lambda exchange: exchange.answer(204)
    assert due("deactivate", {"kept": kept}) is None and web.asked[-1].method == "DELETE"
    del web.routes["/calls/k1"]
    web.routes["/calls"] = gives([{"id": "k1"}])
    assert due("deactivate", {"kept": None}) is None and web.asked[-1].path == "/calls/k1"
"""


def files_of(guide: str) -> dict[str, str]:
    """Return the files that a guide has its reader write."""
    return dict(FILE.findall((ROOT / "docs/guides" / guide).read_text("utf-8")))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the nodes and their tests; what is not written to is the checkout's."""
    leave_out = shutil.ignore_patterns("__pycache__")
    for name in ("functions", "tests/functions/nodes", "tests/fakes", "docs/reference"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=leave_out)
    for name in ("tests/__init__.py", "tests/functions/__init__.py", "pyproject.toml"):
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, tmp_path / name)
    for name in ("local", "api", "stacks", "web", "layers"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run_in(folder: Path, *arguments: str) -> str:
    """Run Python in a copy, and return what it says. Fails the test where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "STEPWEAVE_ALLOW_PRIVATE_NETWORK": "1"}
    done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


GUIDES = [("write-a-node.md", "split_text", 6, SPLIT), ("write-an-app.md", "shelf", 22, SHELF)]
"""Guides, the node types that they make, how many files, and a program that uses what was made."""


def test_the_guides_followed_to_the_letter_make_nodes(copy: Path) -> None:
    for guide, _, count, _ in GUIDES:
        files = files_of(guide)
        assert len(files) == count, guide
        for name, text in files.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_text(text, encoding="utf-8")
    for module in ("generate", "checking"):
        run_in(copy, "-m", f"functions.nodes.{module}")
    suite = [f"tests/functions/nodes/{name}" for name in SUITE]
    either = " or ".join(type for _, type, _, _ in GUIDES)
    said = run_in(copy, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-o", "addopts=", "-k", either, *suite)
    for _, type, _, program in GUIDES:
        assert (copy / f"docs/reference/nodes/{type}.md").is_file()
        assert re.search(rf"\[{type}\b.* PASSED", said), f"no test of {type} ran:\n{said[-2000:]}"
        run_in(copy, "-c", program)
