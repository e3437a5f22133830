"""What code and expressions have beside the language: URLs, bytes, timers, `console`. Values are those of Node 24."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from stepweave.expressions import Evaluator, Scope
from stepweave.expressions.sandbox import JavaScriptSandbox, Job, SandboxError, SandboxTimeout


@pytest.fixture(scope="module")
def sandbox() -> Iterator[JavaScriptSandbox]:
    made = JavaScriptSandbox()
    yield made
    made.close()


def job(code: str, seconds: float = 5.0) -> Job:
    return Job(code, False, [{"json": {"n": 1}}, {"json": {"n": 2}}], {}, {"id": "w"}, {"id": "e"}, seconds=seconds)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (
            "new URL('https://user:p ss@EXAMPLE.com:443/a/./b/../c d?x=1 2#f g').href",
            "https://user:p%20ss@example.com/a/c%20d?x=1%202#f%20g",
        ),
        ("new URL('../x?y', 'https://h.de/a/b/c').href", "https://h.de/a/x?y"),
        ("new URL('http://münchen.de/ä').host", "xn--mnchen-3ya.de"),
        ("new URL('http://0x7f.1/').hostname", "127.0.0.1"),
        ("new URL('http://[2001:DB8:0::1]:8080/').host", "[2001:db8::1]:8080"),
        ("new URL('mailto:a@b.c?subject=x').pathname", "a@b.c"),
        ("[URL.canParse('nothing'), URL.canParse('http://h:99999')]", [False, False]),
        (
            "(() => { const u = new URL('https://h/?a=1'); u.searchParams.set('b', 'ü &'); return u; })()",
            "https://h/?a=1&b=%C3%BC+%26",
        ),
        ("new URLSearchParams({ q: 'a b', n: 1 }).toString()", "q=a+b&n=1"),
        ("[...new URLSearchParams('?a=1&a=%20&b')]", [["a", "1"], ["a", " "], ["b", ""]]),
        ("Buffer.from('héllo 🦄').toString('base64')", "aMOpbGxvIPCfpoQ="),
        ("Buffer.from('aGk_', 'base64url').toString('hex')", "68693f"),
        ("Buffer.from('c3RlcA==\\n', 'base64').toString()", "step"),
        ("Buffer.from([0xe2, 0x82, 0x28, 0xed, 0xa0, 0x80]).toString()", "\ufffd(\ufffd\ufffd\ufffd"),
        ("Buffer.from('é', 'latin1')", {"type": "Buffer", "data": [233]}),
        ("Buffer.concat([Buffer.from('a'), Buffer.alloc(2, 'b')]).toString()", "abb"),
        (
            "[Buffer.byteLength('é'), Buffer.from('abc').indexOf('c'), Buffer.from('ab').equals(Buffer.from('ab'))]",
            [2, 2, True],
        ),
        ("Buffer.from('ffff0001', 'hex').readUInt32BE(0)", 4294901761),
        ("[...new TextEncoder().encode('€')]", [226, 130, 172]),
        ("new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))", "a"),
        ("atob(btoa('hi'))", "hi"),
        (
            "structuredClone({ d: new Date(0), m: [...new Map([[1, { x: 1 }]])] })",
            {"d": "1970-01-01T00:00:00.000Z", "m": [[1, {"x": 1}]]},
        ),
        ("(() => { const a = { b: 1 }; a.a = a; const c = structuredClone(a); return c.a === c && c !== a; })()", True),
        ("(() => { try { structuredClone(() => 1); } catch (e) { return e.name; } })()", "DataCloneError"),
        ("/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())", True),
        ("new Set(crypto.getRandomValues(new Uint8Array(5000))).size > 200", True),
    ],
)
def test_code_and_expressions_have_it(sandbox: JavaScriptSandbox, source: str, value: Any) -> None:
    assert sandbox.run("t", job(f"return {source}")).value == value
    scope = Scope.of_outputs([{"json": {}}], {})
    assert Evaluator(scope).evaluate(f"{{{{ {source} }}}}", 0) == value


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("return _.sortBy([{ n: 2 }, { n: 1 }], 'n').map((each) => each.n)", [1, 2]),
        ("const _ = require('lodash'); return _.chunk([1, 2, 3], 2)", [[1, 2], [3]]),
        ("return lodash.template('hi <%= a %>')({ a: 1 })", "hi 1"),
        ("return [_.merge({}, JSON.parse('{\"__proto__\": {\"z\": 1}}')).z, ({}).z]", [None, None]),
        ("for (_ of [1, 2]); return _", 2),
        ("return require('luxon').Duration.fromISO('PT90M').as('hours')", 1.5),
        ("return [require('node:url').URL === URL, require('buffer').Buffer === Buffer]", [True, True]),
        ("return ['md5', 'sha1', 'RSA-SHA256', 'sha-512'].map((a) => "
         "crypto.createHash(a).update('é').digest('hex').slice(0, 8))",
         ["66ddcd97", "bf15be71", "4a99557e", "9e2ad286"]),
        ("return crypto.createHmac('sha256', 'k').update('m').update(Buffer.from('6d', 'hex')).digest('base64')",
         "sOO908I71avgPDeibtQUhaxrUCcCo7IQtUmXTOez8Vg="),
        ("return require('crypto').hash('sha3-256', 'a').slice(0, 8)", "80084bf2"),
        ("const h = crypto.createHash('sha1').update('a'); const c = h.copy().update('b'); "
         "return h.digest('hex') !== c.digest('hex')",
         True),
        ("return [crypto.pbkdf2Sync('p', 's', 10, 16, 'sha256').toString('hex'), "
         "crypto.scryptSync('p', 's', 8, { N: 16 }).toString('hex')]",
         ["1d6f1f7051b420b93e23f010e486cfea", "4efe92b5bba5ee18"]),
        ("return [crypto.randomBytes(9).length, crypto.randomInt(3) < 3, "
         "crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('a'))]",
         [9, True, True]),
        ("return Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from('a'))).toString('hex').slice(0, 8)",
         "ca978112"),
        ("const k = await crypto.subtle.importKey('raw', Buffer.from('k'), { name: 'HMAC', hash: 'SHA-256' }, "
         "false, ['sign']); const s = await crypto.subtle.sign('HMAC', k, Buffer.from('m'));"
         "return crypto.subtle.verify('HMAC', k, s, Buffer.from('m'))", True),
    ],
)  # fmt: skip
def test_code_has_libraries_and_requires_them(sandbox: JavaScriptSandbox, code: str, value: Any) -> None:
    assert sandbox.run("t", job(code)).value == value


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("require('child_process')", 'there is no module "child_process" here'),
        ("crypto.createHash('nope')", "Digest method not supported"),
        ("crypto.createHmac('nope', 'k')", "Invalid digest: nope"),
        ("crypto.createHash('md5').update(5)", 'The "data" argument must be of type string'),
        ("const h = crypto.createHash('md5'); h.digest(); h.digest()", "Digest already called"),
        ("crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('ab'))", "must have the same byte length"),
        ("crypto.timingSafeEqual('a', 'a')", "compares Buffers"),
        ("crypto.randomBytes(-1)", "out of range"),
        ("crypto.scryptSync('p', 's', 8, { N: 2 ** 20 })", "maxmem"),
        ("await crypto.subtle.importKey('jwk', {}, 'AES-GCM', true, [])", "only raw keys for HMAC"),
    ],
)
def test_what_libraries_refuse_is_told_at_its_line(sandbox: JavaScriptSandbox, code: str, words: str) -> None:
    with pytest.raises(SandboxError, match=words) as caught:
        sandbox.run("t", job(f"\n{code}"))
    assert caught.value.line == 2


def test_random_numbers_are_others_each_time(sandbox: JavaScriptSandbox) -> None:
    code = "return Array.from({ length: 3 }, () => crypto.randomUUID())"
    both = [*sandbox.run("t", job(code)).value, *sandbox.run("t", job(code)).value]
    assert len(set(both)) == len(both)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("await new Promise((r) => setTimeout(r, 5)); return 1", 1),
        (
            "const seen = []; setTimeout(() => seen.push(2), 9); setTimeout((x) => seen.push(x), 1, 1); "
            "await new Promise((r) => setTimeout(r, 20)); return seen",
            [1, 2],
        ),
        (
            "let n = 0; await new Promise((r) => { const h = setInterval(() => { n += 1; "
            "if (n === 3) { clearInterval(h); r() } }, 1) }); return n",
            3,
        ),
        (
            "const id = setTimeout(() => { throw new Error('late') }, 1); clearTimeout(id); "
            "await new Promise((r) => setImmediate(r)); return 'on'",
            "on",
        ),
        (
            "const order = []; queueMicrotask(() => order.push('micro')); setTimeout(() => order.push('timer')); "
            "await new Promise((r) => setTimeout(r, 2)); return order",
            ["micro", "timer"],
        ),
        ("return items", [{"json": {"n": 1}}, {"json": {"n": 2}}]),
        ("items = items.slice(1); items[0].json.m = 3; return items", [{"json": {"n": 2, "m": 3}}]),
    ],
)
def test_code_has_timers_and_items(sandbox: JavaScriptSandbox, code: str, value: Any) -> None:
    assert sandbox.run("t", job(code)).value == value


def test_what_a_timer_throws_ends_the_code_at_its_line(sandbox: JavaScriptSandbox) -> None:
    with pytest.raises(SandboxError, match="boom") as caught:
        sandbox.run("t", job("setTimeout(() => {\n  throw new Error('boom');\n}, 1);\nawait new Promise(() => {})"))
    assert caught.value.line == 2


def test_a_timer_beyond_the_time_limit_ends_the_code_at_once(sandbox: JavaScriptSandbox) -> None:
    with pytest.raises(SandboxTimeout, match="longer than 2 s"):
        sandbox.run("t", job("await new Promise((r) => setTimeout(r, 60000)); return 1", seconds=2))


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        (
            "console.table([{ a: 1, b: 'x' }, { a: 2 }])",
            [
                (
                    "info",
                    "┌─────────┬───┬─────┐\n│ (index) │ a │ b   │\n├─────────┼───┼─────┤\n"
                    "│ 0       │ 1 │ 'x' │\n│ 1       │ 2 │     │\n└─────────┴───┴─────┘",
                )
            ],
        ),
        (
            "console.group('g'); console.warn('in\\nside'); console.groupEnd(); console.log('out')",
            [("info", "g"), ("warning", "  in\n  side"), ("info", "out")],
        ),
        ("console.log('%s is %d%% %j', 'a', 5, { b: 1 }, 'more')", [("info", 'a is 5% {"b":1} more')]),
        ("console.assert(1 > 2, 'no', 3); console.assert(true)", [("error", "Assertion failed: no 3")]),
        (
            "console.count('c'); console.count('c'); console.countReset('c'); console.count('c')",
            [("info", "c: 1"), ("info", "c: 2"), ("info", "c: 1")],
        ),
        (
            "console.dir(new Map([['a', new Set([1])]])); console.log(5n, undefined, null)",
            [("info", '[["a",[1]]]'), ("info", "5n undefined null")],
        ),
    ],
)
def test_console_writes_lines(sandbox: JavaScriptSandbox, code: str, lines: list[tuple[str, str]]) -> None:
    assert [(line.level, line.message) for line in sandbox.run("t", job(f"{code}; return 1")).logs] == lines


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (
            "{ a: NaN, b: 1 / 0, c: -0, d: 10n, e: Symbol('x'), f() {}, l: [undefined, () => 1, Symbol('y')] }",
            {"a": None, "b": None, "c": 0, "d": "10", "l": [None, None, None]},
        ),
        (
            "{ m: new Map([[1, 2]]), s: new Set([1]), b: new Uint8Array([1, 2]), d: new Date(NaN), r: /a/ }",
            {"m": {}, "s": {}, "b": {"0": 1, "1": 2}, "d": None, "r": {}},
        ),
        ("{ nul: '\\0', line: '\\u2028' }", {"nul": "\0", "line": "\u2028"}),
    ],
)
def test_values_leave_as_json_stringify_writes_them(sandbox: JavaScriptSandbox, source: str, value: Any) -> None:
    assert json.dumps(sandbox.run("t", job(f"return {source}")).value) == json.dumps(value)
    scope = Scope.of_outputs([{"json": {}}], {})
    assert json.dumps(Evaluator(scope).evaluate(f"{{{{ ({source}) }}}}", 0)) == json.dumps(value)


@pytest.mark.parametrize(
    "code", ["const a = {}; a.a = a; return a", "let o = {}; for (let i = 0; i < 1e5; i++) o = { o }; return o"]
)
def test_values_that_json_cannot_hold_are_errors(sandbox: JavaScriptSandbox, code: str) -> None:
    with pytest.raises(SandboxError, match=r"circular reference|call stack size"):
        sandbox.run("t", job(code))
