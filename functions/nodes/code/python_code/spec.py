"""The Python code node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec

_START = """\
for item in _items:
    item["json"]["seen"] = True
return _items
"""


class Params(NodeParams):
    """The Python, and how often it runs."""

    mode: Literal["allItems", "eachItem"] = ui(
        "allItems",
        title="Run",
        kind=Kind.SELECT,
        expression=False,
        options=[("allItems", "Once for all items"), ("eachItem", "Once for each item")],
    )
    code: str = ui(
        _START,
        title="Python",
        kind=Kind.CODE,
        language="python",
        expression=False,
        help="Return items: dicts, or a list of dicts. print writes to the execution's log.",
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
Runs Python (CPython, 3.13 on AWS) over the items. It finds `_items`, a list of dicts with `json` and perhaps
`binary`, and `_item`, `_json` and `_itemIndex` (once for each item); `_("Node name")` and `_node["Node name"]` with
`.first()`, `.last()`, `.all()`, `.item` and `.itemMatching(i)`; `_input`, `_workflow`, `_execution`, `_vars`, `_now`
and `_today`. Fields can be read as attributes, too: `item.json.name`. `print` writes to the execution's log. The part
of the standard library that computes can be imported: `json re math datetime zoneinfo collections itertools functools
statistics decimal fractions random secrets uuid hashlib hmac base64 zlib csv io string textwrap difflib html xml
urllib.parse email dataclasses enum typing` and their like.

**Output.** What it returns. Once for all items: a list of dicts, or one dict. Once for each item: a dict, a list, or
None to drop the item. A dict with only `json` (and `binary`, `pairedItem`) is taken as a whole item; `pairedItem` is
the index of the input item it comes from, or a list of them. Dates become ISO 8601 text, decimals and UUIDs text,
sets and generators lists, NaN null.

**Limits.** No network, no files, no environment, no processes or threads, no packages from PyPI. 128 MB of memory, 32
MB of results, and the time-out above.

**Errors.** `PythonError` (what it raised, with line and column), `PythonTimeout` and `PythonMemory` (with the line
where it was), `PythonUnavailable` (a system without the kernel's locks), `ResultInvalid` (something else than dicts
came back).

**Example.** `return [item for item in _items if item["json"]["amount"] > 100]`
"""

SPEC = NodeSpec(
    type="python_code",
    name="Python code",
    category=Category.DATA,
    icon="square-code",
    summary="Transforms items with Python.",
    docs=DOCS,
    params=Params,
    timeout_seconds=60,
    memory_mb=512,
    errors=("PythonError", "PythonTimeout", "PythonMemory", "PythonUnavailable"),
    output_example=({"id": 7, "amountEur": 111.4},),
)
