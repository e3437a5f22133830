"""Published escapes from sandboxes (`escapes.json`), against both code nodes and every door of expressions.

Made after the advisories' descriptions and proofs, in the words of a code node. Code that gets somewhere returns,
logs or throws the canary (the environment's `STEPWEAVE_CANARY`, or what is in FILE), writes TOUCH, connects to PORT,
or leaves `polluted` on what others use. GHSA and CVE numbers are at https://github.com/advisories, `owner/repo#n` are
threads there."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from functions.nodes.code.code.run import run as run_javascript
from functions.nodes.code.code.run import sandbox as javascript_sandbox
from functions.nodes.code.code.spec import SPEC as JAVASCRIPT
from functions.nodes.code.python_code.run import run as run_python
from functions.nodes.code.python_code.run import sandbox as python_sandbox
from functions.nodes.code.python_code.spec import SPEC as PYTHON
from functions.nodes.data.set_fields.run import run as run_set
from functions.nodes.data.set_fields.spec import SPEC as SET
from stepweave.expressions import Evaluator, ExpressionError, Scope
from stepweave.expressions.formulas import parse_formula
from stepweave.expressions.preview import Preview, preview
from stepweave.runtime.errors import NodeError
from tests.fakes.steps import Bench, items

ESCAPES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("escapes.json").read_text())
"""Each with `advisory`, `product`, `language` (`js`, `py`) and the lines of its `code`."""
CANARY = "hunter2-of-the-environment-and-of-the-file"
GIVEN = items({"n": 1}, {"n": 2})
LEFT = "[({}).polluted, [].polluted, ''.polluted, (() => 1).polluted, Reflect.polluted].map((each) => each ?? null)"


@dataclass
class World:
    """What an escape could reach: a file, a place to write, a server that counts calls."""

    file: Path
    touch: Path
    server: socket.socket

    def code(self, escape: dict[str, Any]) -> str:
        port = str(self.server.getsockname()[1])
        code = "\n".join(escape["code"])
        return code.replace("FILE", str(self.file)).replace("TOUCH", str(self.touch)).replace("PORT", port)

    def check(self, said: object) -> None:
        assert CANARY not in str(said)
        assert not self.touch.exists()
        with pytest.raises(BlockingIOError):
            self.server.accept()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("escapes")
    (folder / "canary").write_text(CANARY)
    server = socket.create_server(("127.0.0.1", 0))
    server.setblocking(False)
    os.environ["STEPWEAVE_CANARY"] = CANARY
    made = World(folder / "canary", folder / "touched", server)
    yield made
    del os.environ["STEPWEAVE_CANARY"]
    made.server.close()
    for sandbox in (javascript_sandbox, python_sandbox):
        sandbox().close()
        sandbox.cache_clear()


def _node(spec: Any, run: Any) -> Callable[[str], object]:
    def door(code: str) -> object:
        bench = Bench(spec, run)
        try:
            said: object = bench({"code": code, "timeoutSeconds": 2}, GIVEN)
        except NodeError as error:
            said = (str(error), error.details)
        return said, [line["message"] for line in bench.outside.of("node.log")]

    return door


def _expression(code: str) -> object:
    """As an expression for one item, and what it left for the next."""
    evaluator = Evaluator(Scope.of_outputs(GIVEN, {}))
    said = []
    body = code.removeprefix("return ")
    for at, text in enumerate((f"{{{{ (() => {{ {code} \n}})() }}}}", f"x {{{{ {body} }}}}", f"{{{{ {body} }}}}")):
        try:
            said.append(evaluator.evaluate(text, at % 2))
        except ExpressionError as error:
            said.append((error.message, error.expression == text))
    assert evaluator.evaluate(f"{{{{ {LEFT} }}}}", 1) == [None] * 5
    return said


def _field(code: str) -> object:
    """As a field of a node."""
    bench = Bench(SET, run_set)
    value = f"{{{{ (() => {{ {code} \n}})() }}}}"
    try:
        return bench({"fields": [{"name": "x", "type": "string", "value": value}]}, GIVEN)
    except NodeError as error:
        return error.message


DOORS = {
    "javascript": _node(JAVASCRIPT, run_javascript),
    "python": _node(PYTHON, run_python),
    "expression": _expression,
    "field": _field,
}


@pytest.mark.parametrize("escape", ESCAPES, ids=lambda escape: escape["advisory"])
def test_a_published_escape_reaches_nothing(world: World, escape: dict[str, Any]) -> None:
    code = world.code(escape)
    for door in DOORS.values():
        world.check(door(code))
    assert parse_formula(code.removeprefix("return ")) is None  # and none of it is handed to the state machine


def test_what_escapes_changed_is_not_there_for_the_next(world: World) -> None:
    assert DOORS["javascript"](f"return {{ left: {LEFT} }}") == DOORS["javascript"](
        "return { left: [null, null, null, null, null] }"
    )
    assert "[1]" in str(DOORS["python"]("import json\nreturn {'x': json.dumps([1])}"))


def test_the_preview_is_as_closed(world: World) -> None:
    wanted = [escape for escape in ESCAPES if escape["product"] == "n8n" and escape["language"] == "js"][:3]
    for escape in wanted:
        try:
            said: object = preview(Preview(f"{{{{ (() => {{ {world.code(escape)} }})() }}}}", items=GIVEN))
        except ExpressionError as error:
            said = error.message
        world.check(said)


def test_there_are_sixty_each_with_its_advisory() -> None:
    advisories = {escape["advisory"] for escape in ESCAPES}
    assert len(advisories) == len(ESCAPES) >= 60
    form = re.compile(r"(CVE-\d{4}-\d{4,}|GHSA(-[\w]{4}){3}|[\w-]+/[\w-]+(#\d+| doc))")
    assert all(form.match(each) for each in advisories)


CONTROL = """
import json, os, socket, sys
socket.setdefaulttimeout(0.2)
reached = []
touch, told = sys.argv[1], json.load(sys.stdin)
for name, code in told:
    pid = os.fork()
    if pid == 0:
        space = {}
        try:
            exec("def main():\\n" + "\\n".join("    " + line for line in code.split("\\n")), space)
            said = str(space["main"]())
        except BaseException as error:
            said = repr(error)
        os._exit(7 if os.environ["STEPWEAVE_CANARY"] in said or os.path.exists(touch) else 0)
    _, status = os.waitpid(pid, 0)
    if status == 7 << 8 or os.path.exists(touch):
        reached.append(name)
    if os.path.exists(touch):
        os.remove(touch)
print()
print(json.dumps(reached))
"""
NODE_CONTROL = """
const [touch] = process.argv.slice(1); const fs = require('fs')
let text = ''; process.stdin.on('data', (d) => { text += d })
process.stdin.on('end', async () => { const reached = []
  for (const [name, code] of JSON.parse(text)) { let said = ''; const log = console.log
    console.log = (...v) => { said += require('util').format(...v) }
    try { const AsyncFunction = (async () => {}).constructor
      const run = new AsyncFunction('require', '$', code)
      said += String(await run(require, () => { throw new Error() })) } catch (e) { said += String(e) }
    console.log = log; delete Error.prepareStackTrace
    if (said.includes(process.env.STEPWEAVE_CANARY) || fs.existsSync(touch)) reached.push(name)
    fs.rmSync(touch, { force: true }) }
  console.log(JSON.stringify(reached)); process.exit(0) })
process.on('unhandledRejection', () => {}); process.mainModule ??= { require }
"""


@pytest.mark.parametrize(("language", "least"), [("py", 20), ("js", 15)])
def test_without_a_sandbox_they_do_reach(world: World, language: str, least: int) -> None:
    """So the tests above can fail: the same code, where nothing holds it."""
    tool = sys.executable if language == "py" else shutil.which("node") or "node"
    told = [
        (escape["advisory"], world.code(escape))
        for escape in ESCAPES
        if escape["language"] == language and escape["product"] not in ("QuickJS", "quickjs-ng", "CPython", "lodash")
    ]
    arguments = ["-c", CONTROL] if language == "py" else ["-e", NODE_CONTROL]
    answer = subprocess.run(
        [tool, *arguments, str(world.touch)], input=json.dumps(told), capture_output=True, text=True, check=False
    )
    assert len(json.loads(answer.stdout.strip().split("\n")[-1])) >= least, answer.stdout
    world.touch.unlink(missing_ok=True)
    world.server.close()
    world.server = socket.create_server(("127.0.0.1", 0))
    world.server.setblocking(False)
