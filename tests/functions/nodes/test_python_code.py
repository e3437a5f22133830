"""The Python code node with the real sandbox: a process that forks, and forks that the kernel locks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.nodes.code.python_code.errors import PythonError, PythonMemory, PythonTimeout
from functions.nodes.code.python_code.run import run, sandbox
from functions.nodes.code.python_code.spec import SPEC
from stepweave.runtime.errors import NodeError, ResultInvalid
from tests.fakes.steps import Bench, items


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    sandbox().close()
    sandbox.cache_clear()


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


GIVEN = items({"n": 1, "a": {"b": "x"}}, {"n": 2})


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("return None", []),
        ("pass", []),
        ("", []),
        ("return []", []),
        ("return _items", [{"n": 1, "a": {"b": "x"}}, {"n": 2}]),
        ("return items[1]", [{"n": 2}]),
        ("return {'json': {'a': 1}}", [{"a": 1}]),
        ("return ({'n': i.json.n * 2} for i in _input.all())", [{"n": 2}, {"n": 4}]),
        ("yield {'a': 1}\nyield {'a': 2}", [{"a": 1}, {"a": 2}]),
        ("return {'b': _input.first().json.a.b, 'last': _input.last()['json']['n']}", [{"b": "x", "last": 2}]),
        ("for item in _items:\n    item.json.more = item['json']['n'] + 1\nreturn _items[-1:]", [{"n": 2, "more": 3}]),
        ("return {**_items[1].json, 'z': [*range(2)]}", [{"n": 2, "z": [0, 1]}]),
        ("total: int = 0\ndef add(n):\n    global total\n    total += n\nadd(2)\nreturn {'t': total}", [{"t": 2}]),
        ("def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nreturn {'f': f(5)}", [{"f": 120}]),
        ("class A:\n    x = 1\n    def y(self):\n        return A.x\nreturn {'y': A().y()}", [{"y": 1}]),
        ("from collections import *\nreturn Counter('aab')", [{"a": 2, "b": 1}]),
        ("from __future__ import annotations\nimport re as r\nreturn {'x': r.sub('a', 'b', 'aa')}", [{"x": "bb"}]),
        ("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    return {'e': str(e)}", [{"e": "division by zero"}]),
        ("if [y := n for n in (1, 2)]:\n    return {'y': y}", [{"y": 2}]),
        ("match {'k': [1, 2]}:\n    case {'k': [a, *rest], **other}:\n        return {'r': rest}", [{"r": [2]}]),
        ("import datetime as d\nreturn {'d': d.datetime.strptime('2026-01-02', '%Y-%m-%d')}",
         [{"d": "2026-01-02T00:00:00"}]),
        ("from zoneinfo import ZoneInfo\nfrom datetime import datetime\n"
         "return {'h': datetime(2026, 7, 1, tzinfo=ZoneInfo('Asia/Kolkata')).isoformat()}",
         [{"h": "2026-07-01T00:00:00+05:30"}]),
        ("return {'z': str(_now.tzinfo), 'h': _today.hour}", [{"z": "UTC", "h": 0}]),
        ("from decimal import Decimal\nimport uuid\n"
         "return {'d': Decimal('1.10'), 's': {1}, 'u': uuid.UUID(int=0), 'n': [float('nan'), float('-inf')]}",
         [{"d": "1.10", "s": [1], "u": "00000000-0000-0000-0000-000000000000", "n": [None, None]}]),
        ("import enum, dataclasses\nclass E(enum.Enum):\n    A = 'x'\n@dataclasses.dataclass\nclass D:\n    e: E\n"
         "return {'d': D(E.A), 1: True, None: 2}", [{"d": {"e": "x"}, "1": True, "null": 2}]),
        ("import hashlib, hmac, base64, secrets, random, uuid\n"
         "return {'h': hmac.new(b'k', b'm', 'sha256').hexdigest()[:6], 'm': hashlib.md5(b'').hexdigest()[:6], "
         "'b': base64.b64encode(b'a').decode(), 'r': 0 <= random.random() < 1, 'l': len(secrets.token_hex(4)), "
         "'v': uuid.uuid4().version}",
         [{"h": "b60090", "m": "d41d8c", "b": "YQ==", "r": True, "l": 8, "v": 4}]),
        ("import json, statistics, itertools, csv, io, textwrap, string, urllib.parse, html, difflib, calendar, zlib\n"
         "return {'m': statistics.median([1, 5, 3]), 'q': urllib.parse.quote('a b'), 'c': list(csv.reader(['a,b']))}",
         [{"m": 3, "q": "a%20b", "c": [["a", "b"]]}]),
        ("import xml.etree.ElementTree as E\n"
         "return {'t': E.fromstring('<a>x</a>').text, 'e': 'é'.encode('cp1252').hex()}",
         [{"t": "x", "e": "e9"}]),
        ("return {'x': 6 / 2, 'y': 2.5, 'z': 1e300, 'big': 2**64}", [{"x": 3, "y": 2.5, "z": 1e300, "big": 2**64}]),
        ("from decimal import Decimal\n"
         "return {'a': 'nan', 'b': '\\nan To Infinity', 'c': float('inf'), 'd': Decimal('NaN')}",
         [{"a": "nan", "b": "\nan To Infinity", "c": None, "d": "NaN"}]),
        ("return {'half': '\\ud83e', 'whole': '\\U0001f984'}", [{"half": "\ufffd", "whole": "\U0001f984"}]),
        ("if __name__ == '__main__':\n    try:\n        return {'a': 1}\n    finally:\n        print('end')",
         [{"a": 1}]),
        ("fs = [lambda: i for i in range(2)]\nx = 1\ndel x\nreturn {'f': fs[0](), 'x': 'x' in globals()}",
         [{"f": 1, "x": False}]),
        ("return {'__proto__': {'a': 1}, 'constructor': 2}", [{"__proto__": {"a": 1}, "constructor": 2}]),
        ("return {'n': _itemIndex + _runIndex, 'w': _workflow.name, 'e': _execution['mode']}",
         [{"n": 0, "w": "Order triage", "e": "live"}]),
        ("name = 'items'\nitems = [1]\nreturn {'n': len(items), '_': len(_items)}", [{"n": 1, "_": 2}]),
    ],
)  # fmt: skip
def test_code_returns_items(node: Bench, code: str, expected: Any) -> None:
    assert node.json({"code": code}, GIVEN) == expected


def test_whole_numbers_are_as_javascript_has_them(node: Bench) -> None:
    assert str(node.json({"code": "return {'x': 6 / 2}"}, GIVEN)) == "[{'x': 3}]"


def test_the_code_a_new_node_starts_with_runs(node: Bench) -> None:
    assert node.json({}, GIVEN) == [{"n": 1, "a": {"b": "x"}, "seen": True}, {"n": 2, "seen": True}]


def test_code_runs_once_for_each_item_and_leaves_nothing_for_the_next(node: Bench) -> None:
    code = "if _json['n'] == 1:\n    kept = 1\n    return\n"
    code += "return [{'i': _itemIndex, 'n': _item.json.n, 'kept': 'kept' in globals()}]"
    assert node.json({"mode": "eachItem", "code": code}, GIVEN) == [{"i": 1, "n": 2, "kept": False}]


def test_print_and_warnings_become_log_lines(node: Bench) -> None:
    code = "print('sum', 3, sep='=')\nprint('a', end='')\nprint('b\\nc')\n"
    code += "import logging\nlogging.warning('w')\nprint('end', end='')"
    node({"code": code}, GIVEN)
    lines = [(line["level"], line["message"]) for line in node.outside.of("node.log")]
    assert lines == [("info", "sum=3"), ("info", "ab"), ("info", "c"), ("warning", "WARNING:root:w"), ("info", "end")]


def test_log_lines_are_kept_when_the_code_fails_and_bounded(node: Bench) -> None:
    with pytest.raises(PythonError):
        node({"code": "print('before')\n1 / 0"}, GIVEN)
    node({"code": "for i in range(300):\n    print('x' * 9000)"}, GIVEN)
    lines = [line["message"] for line in node.outside.of("node.log")]
    assert lines[0] == "before"
    assert len(lines) == 202
    assert (len(lines[1]), lines[-1]) == (4000, "100 more lines were not kept.")


@pytest.mark.parametrize(
    ("returned", "words"),
    [("5", "a number or a list"), ("'x'", "text"), ("[None]", "null"), ("True", "a boolean"), ("[[1]]", "or a list")],
)
def test_what_is_no_item_is_refused(node: Bench, returned: str, words: str) -> None:
    with pytest.raises(ResultInvalid, match=f"The code returned .*{words}"):
        node({"code": f"return {returned}"}, GIVEN)


@pytest.mark.parametrize(
    ("code", "words", "place"),
    [
        ("\nraise ValueError('no rate')", "ValueError: no rate", (2, 1)),
        ("def f(x):\n    return 1 / x\n\nf(0)", "ZeroDivisionError: division by zero", (2, 12)),
        ("x = 'é'; y = x + 1", "TypeError", (1, 14)),
        ("import json\njson.loads('{')", "JSONDecodeError", (2, 1)),
        ("a = 1\nreturn 1 +", "SyntaxError: invalid syntax", (2, 11)),
        ("if 1:\nx", "SyntaxError: expected an indented block", (2, 1)),
        ("await x", "SyntaxError: 'await' outside", (1, 1)),
        ("(" * 10_000, "SyntaxError: too many nested parentheses", (1, 201)),
        ("x" + ".a" * 90_000, "RecursionError", None),
        ("def f():\n    f()\nf()", "RecursionError", (2, 5)),
        ("return open('/etc/passwd')", "PermissionError: a code node's code opens no files", (1, 8)),
        ("import os", "ModuleNotFoundError: os is not available in a code node", (1, 1)),
        ("import numpy as np", "there is no module numpy here", (1, 1)),
        ("from urllib import request", "urllib.request is not available", (1, 1)),
        ("_input.first().json.nope", "there is no field 'nope' here; there are n, a", (1, 1)),
        ("return _('Nowhere').first()", "there is no node 'Nowhere'", (1, 8)),
        ("exit()", "NameError", (1, 1)),
        ("raise SystemExit(3)", "SystemExit: 3", (1, 1)),
        ("class E(Exception):\n    def __str__(self):\n        raise self\nraise E()",
         "E: what was raised cannot be shown", (4, 1)),
        ("int('9' * 5000)", "Exceeds the limit", (1, 1)),
        ("x = []\nfor _i in range(100_000):\n    x = [x]\nreturn {'x': x}", "RecursionError", None),
        ("x = {}\nx['x'] = x\nreturn x", "Circular reference", None),
        ("return {(1, 2): 3}", "keys of what a code node returns must be text", None),
        ("return {'b': b'x'}", "bytes are no JSON; return base64", None),
        ("return {'f': print}", "a value of type method", None),
        ("x = 1\x00", "null bytes", None),
    ],
)  # fmt: skip
def test_what_code_raises_is_told_with_its_place(
    node: Bench, code: str, words: str, place: tuple[int, int] | None
) -> None:
    with pytest.raises(PythonError, match=words.replace("(", r"\(").replace(")", r"\)")) as caught:
        node({"code": code}, GIVEN)
    found = caught.value.details or {}
    assert (found.get("line"), found.get("column")) == (place or (None, None))


@pytest.mark.parametrize(
    ("code", "kind", "line"),
    [
        ("while True:\n    pass", PythonTimeout, (1, 2)),
        ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", PythonTimeout, (3,)),
        ("import re\nre.match('(a+)+$', 'a' * 50 + 'b')", PythonTimeout, (2,)),
        ("\n10 ** 10 ** 9", PythonTimeout, (2,)),
        ("import time\ntime.sleep(60)", PythonTimeout, (2,)),
        ("a = []\nwhile True:\n    a.append('x' * 10 ** 7)", PythonMemory, (3,)),
        ("x = 'x' * 10 ** 11", PythonMemory, (1,)),
        ("import zlib\nx = zlib.compress(bytes(10 ** 7))\nreturn {'x': zlib.decompress(x * 1).hex() * 9}",
         PythonMemory, (3, None)),
        ("return {'x': 'y' * (33 * 2 ** 20)}", PythonMemory, (None,)),
        ("def f(): pass\nf.__code__ = f.__code__.replace(co_code=bytes([255]) * 64, co_stacksize=1)\nf()",
         PythonError, None),
    ],
)  # fmt: skip
def test_what_does_not_end_or_takes_too_much_ends_with_the_line(
    node: Bench, code: str, kind: type[NodeError], line: tuple[int | None, ...] | None
) -> None:
    seconds = 0.3 if kind is PythonTimeout else 8
    with pytest.raises(kind) as caught:
        node({"code": code, "timeoutSeconds": seconds}, GIVEN)
    assert line is None or (caught.value.details or {}).get("line") in line
    assert node.json({"code": "return {'still': 'here'}"}, GIVEN) == [{"still": "here"}]


def test_each_run_starts_clean(node: Bench) -> None:
    node({"code": "import json\njson.dumps = None\n__builtins__['len'] = None"}, GIVEN)
    assert node.json({"code": "import json\nreturn {'n': len(json.dumps([]))}"}, GIVEN) == [{"n": 2}]


def test_another_tenants_code_gets_another_process(node: Bench) -> None:
    node({"code": "return {}"}, GIVEN)
    first = sandbox()._process
    sandbox()._tenant = "somebody else"
    node({"code": "return {}"}, GIVEN)
    assert sandbox()._process is not first


def test_the_process_has_no_environment(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    sandbox().close()
    code = "import json\nreturn {'e': dict(json.codecs.__builtins__['__import__']('os').environ)}"
    assert [one["e"].keys() - {"LC_CTYPE"} for one in node.json({"code": code}, GIVEN)] == [set()]  # Python's own
    process = sandbox()._process
    assert process is not None
    assert Path(f"/proc/{process.pid}/environ").read_bytes() == b""


def test_a_fork_that_writes_its_own_answer_gives_no_more_than_data(node: Bench) -> None:
    """Whoever owns the fork's process can write to its pipe: lengths, JSON and indexes are checked."""
    write = "import json\nw = json.codecs.__builtins__['__import__']('posix').write\n"
    with pytest.raises(ResultInvalid):
        node({"code": write + "w(1, b'R' + (1).to_bytes(4, 'big') + b'7')"}, GIVEN)
    with pytest.raises(PythonError):
        node({"code": write + "w(1, b'R' + (10 ** 9).to_bytes(4, 'big') + b'7')"}, GIVEN)
    with pytest.raises(PythonError):
        node({"code": write + "w(1, b'R' + (200000).to_bytes(4, 'big') + b'[' * 200000)"}, GIVEN)
    with pytest.raises(PythonError, match="asks for too many"):
        node({"code": write + "w(1, b'W' + (11).to_bytes(4, 'big') + b'\"module:os\"')"}, GIVEN)
    forged = write + "w(1, b'S' + (14).to_bytes(4, 'big') + b'[[9], [\"0\"]]  '[:14])\nreturn [{'a': 1}, {'a': 2}]"
    assert node.json({"code": forged}, GIVEN) == [{"a": 1}, {"a": 2}]


TRACED: list[Any] = [{"json": {"n": n}, "origin": {"a": ["main", 9 - n], "b": ["main", 0]}} for n in range(3)]
UNCLEAR = {"a": None, "b": ["main", 0]}


@pytest.mark.parametrize(
    ("code", "sources"),
    [
        ("return _items[::-1]", [2, 1, 0]),
        ("return [i for i in items if i.json.n != 1]", [0, 2]),
        ("return [{**i.json, 'x': 1} for i in items]", [0, 1, 2]),
        ("return [{'json': {**i['json'], 'x': 1}} for i in items]", [0, 1, 2]),
        ("return [i.json | {'x': 1} for i in items]", [0, 1, 2]),
        ("import copy\nreturn [copy.deepcopy(i) for i in items]", [0, 1, 2]),
        ("return [i.json.copy() for i in items]", [0, 1, 2]),
        ("return [{'n': i.json.n} for i in items]", [UNCLEAR] * 3),
        ("return {**items[0].json, **items[1].json}", [UNCLEAR]),
        ("return [{'json': {}, 'pairedItem': 2}, {'json': {}, 'pairedItem': {'item': 1}}]", [2, 1]),
    ],
)
def test_results_keep_where_they_come_from_or_say_it(node: Bench, code: str, sources: list[Any]) -> None:
    output = node({"code": code}, TRACED)["output"]
    known = [one.get("origin") for one in TRACED]
    found = [one.get("origin") for one in output["main"]["items"]]
    assert [known.index(origin) if origin in known else origin for origin in found] == sources


A_OUTPUT: dict[str, Any] = {"main": {"count": 10, "items": items(*({"a": n} for n in range(10)))}}
PAIRED: dict[str, Any] = {"refs": {"A": A_OUTPUT, "Skipped": None}, "paired": {"A": "a"}}


def test_code_reads_other_nodes(node: Bench) -> None:
    code = "return [{'a': _('A').itemMatching(i).json.a} for i in range(3)]"
    assert node.json({"code": code}, TRACED, **PAIRED) == [{"a": 9}, {"a": 8}, {"a": 7}]
    each = {"mode": "eachItem", "code": "return {'a': _node['A'].json.a, 'ran': _('Skipped').isExecuted}"}
    assert node.json(each, TRACED, **PAIRED) == [{"a": n, "ran": False} for n in (9, 8, 7)]
    with pytest.raises(PythonError, match="is not clear in code that runs once for all items"):
        node({"code": "return _('A').item"}, TRACED, **PAIRED)


def test_nothing_is_left_open(node: Bench) -> None:
    node({"code": "return {}"}, GIVEN)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(PythonTimeout):
            node({"code": "while True: pass", "timeoutSeconds": 0.1}, GIVEN)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
