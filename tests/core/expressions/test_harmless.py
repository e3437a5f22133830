"""Which expressions surely leave built-in objects as they are."""

import pytest

from stepweave.expressions.harmless import is_harmless


@pytest.mark.parametrize(
    "source",
    [
        "$json.v + 1",
        "$json.a === 'b' && $json.c >= 2 ? $json['d e'] : -$json.list[0]",
        "$json.list.filter((x) => x.n !== 1).map((x) => ({ ...x, m: x.n ?? 0 })).length",
        "`a ${$json.b <= 1}`",
        "$now.plus({ days: 1 }).toFormat('yyyy') + DateTime.now().year",
        "Object.keys($json).sort().join(', ')",
        "[1, 2].includes(Math.max(...$json.list))",
        "/a=b/.test($json.v) || $json.v.replace(/x/g, '=')",
        "JSON.stringify($json) + Number($json.v) * +$json.w - -1",
    ],
)
def test_what_only_reads_is_harmless(source: str) -> None:
    assert is_harmless(source)


@pytest.mark.parametrize(
    "source",
    [
        "Math.max = 1",
        "$json.v += 1",
        "$json.v ??= 1",
        "$json.v++",
        "--Math.PI",
        "Math.x <<= 1",
        "Math['max'] = 1",
        "[].constructor",
        "''['constr' + 'uctor']",
        "[]['\\u0063onstructor']",
        "''[`constructor`]",
        "[]?.['constructor']",
        "x[$json.key]",
        "Object.assign({}, $json)",
        "Object",
        "[Object].map((o) => o.freeze(Math))",
        "Reflect.set(Math, 'max', 1)",
        "Array.prototype",
        "[].push.call(Math, 1)",
        "({}).__proto__",
        "`${Math.max = 1}`",
        "(() => { for (Math.max of [1]) ; })()",
        "delete Math.max",
        "new Date()",
        "eval('1')",
        "globalThis.Math",
        "(function () { return this })()",
        "'not closed",
    ],
)
def test_what_might_change_something_is_not(source: str) -> None:
    assert not is_harmless(source)
