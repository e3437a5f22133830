"""The code node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec

_START = """\
return $input.all().map((item) => {
  return { ...item.json };
});
"""


class Params(NodeParams):
    """The JavaScript, and how often it runs."""

    mode: Literal["allItems", "eachItem"] = ui(
        "allItems",
        title="Run",
        kind=Kind.SELECT,
        expression=False,
        options=[("allItems", "Once for all items"), ("eachItem", "Once for each item")],
    )
    code: str = ui(
        _START,
        title="JavaScript",
        kind=Kind.CODE,
        language="javascript",
        expression=False,
        help="Return items: objects, or a list of objects. console.log writes to the execution's log.",
        max_length=200_000,
    )
    timeout_seconds: float = ui(
        10,
        title="Time-out in seconds",
        kind=Kind.NUMBER,
        expression=False,
        help="For the whole step.",
        group="options",
        gt=0,
        le=50,
    )


DOCS = """\
Runs JavaScript (ES2023, QuickJS) over the items. It sees what expressions see: `$input`, `$json` and `$itemIndex`
(once for each item), `$('Node name')`, `$workflow`, `$execution`, `$now`, `DateTime`; also `items`, `URL`,
`URLSearchParams`, `Buffer`, `TextEncoder`, `structuredClone`, `atob` and, with `await`, `setTimeout`; `lodash` (also
`_`), `luxon` and `crypto` (`createHash`, `createHmac`, `randomUUID`, `randomBytes`, `timingSafeEqual`,
`subtle.digest`, ...), with or without `require`. `console.log`, `.table`, `.group` and their like write to the
execution's log.

**Output.** What it returns. Once for all items: a list of objects, or one object. Once for each item: an object, a
list, or nothing to drop the item. An object with only `json` (and `binary`, `pairedItem`) is taken as a whole item;
`pairedItem` is the index of the input item it comes from, or a list of them, for `$('Node').item` in later nodes.

**Limits.** No network, no files, no environment, no other modules. 64 MB of memory and the time-out above.

**Errors.** `JavaScriptError` (what it threw, with line and column), `JavaScriptTimeout`, `JavaScriptMemory`,
`ResultInvalid` (something else than objects came back).

**Example.** `return $input.all().filter((item) => item.json.amount > 100)`
"""

SPEC = NodeSpec(
    type="code",
    name="Code",
    category=Category.DATA,
    icon="braces",
    summary="Transforms items with JavaScript.",
    docs=DOCS,
    params=Params,
    timeout_seconds=60,
    memory_mb=512,
    errors=("JavaScriptError", "JavaScriptTimeout", "JavaScriptMemory"),
    output_example=({"id": 7, "amountEur": 111.4},),
)
