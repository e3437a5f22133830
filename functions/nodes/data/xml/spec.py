"""The XML node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, keep_other_fields_field, result_field

_READ = {"operation": ["toJson"]}
_COMPACT = {"operation": ["toJson"], "form": ["compact"]}
_WRITE = {"operation": ["toXml"]}


class Params(NodeParams):
    """What to make of which text or data."""

    operation: Literal["toJson", "toXml"] = ui(
        "toJson",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[("toJson", "XML to JSON"), ("toXml", "JSON to XML")],
    )
    source: Literal["field", "file"] = ui(
        "field",
        title="XML is in",
        kind=Kind.SELECT,
        expression=False,
        options=[("field", "A text"), ("file", "A file of the item")],
        show_when=_READ,
    )
    xml: Text = ui(
        "",
        title="XML",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.data }}",
        show_when={"operation": ["toJson"], "source": ["field"]},
    )
    file: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file that the item has.",
        show_when={"operation": ["toJson"], "source": ["file"]},
        max_length=200,
    )
    data: Any = ui(
        None,
        title="Data",
        kind=Kind.JSON,
        placeholder='{"order": {"$": {"id": 7}, "line": ["a", "b"]}}',
        help="Empty: the item's fields.",
        show_when=_WRITE,
    )
    form: Literal["compact", "ordered"] = ui(
        "compact",
        title="Form",
        kind=Kind.SELECT,
        expression=False,
        options=[("compact", "Compact: fields by names"), ("ordered", "Ordered: every child in its place")],
        help="Ordered: name, attributes and children, of which texts are strings.",
    )
    output_field: str = result_field("data")
    attributes: Literal["object", "prefix", "merge", "drop"] = ui(
        "object",
        title="Attributes",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("object", "In an object of their own"),
            ("prefix", "Beside the children, with a prefix"),
            ("merge", "Beside the children"),
            ("drop", "Are left out"),
        ],
        show_when=_COMPACT,
        group="options",
    )
    attribute_key: str = ui(
        "$",
        title="Key or prefix of attributes",
        kind=Kind.TEXT,
        expression=False,
        help="To XML, an object under this key, and any name that begins with it, become attributes.",
        show_when={"form": ["compact"]},
        group="options",
        min_length=1,
        max_length=40,
    )
    text_key: str = ui(
        "_",
        title="Key of text",
        kind=Kind.TEXT,
        expression=False,
        help="Where an element has attributes or children, too.",
        show_when={"form": ["compact"]},
        group="options",
        min_length=1,
        max_length=40,
    )
    keep_root: bool = ui(
        True,
        title="Keep the root element",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_COMPACT,
        group="options",
    )
    lists: Literal["repeated", "always"] = ui(
        "repeated",
        title="Lists",
        kind=Kind.SELECT,
        expression=False,
        options=[("repeated", "Of elements that repeat"), ("always", "Of all elements")],
        show_when=_COMPACT,
        group="options",
    )
    list_names: Text = ui(
        "",
        title="Always lists",
        kind=Kind.TEXT,
        placeholder="item, entry",
        help="Names of elements, with commas: a feed of one entry is a list, too.",
        show_when=_COMPACT,
        group="options",
        max_length=2000,
    )
    prefixes: Literal["keep", "drop"] = ui(
        "keep",
        title="Prefixes of namespaces",
        kind=Kind.SELECT,
        expression=False,
        options=[("keep", "Stay: dc:title"), ("drop", "Are left out: title")],
        show_when=_READ,
        group="options",
    )
    trim: bool = ui(
        True,
        title="Trim text",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_READ,
        group="options",
    )
    normalize: bool = ui(
        False,
        title="Make one space of white space",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_READ,
        group="options",
    )
    lower_case: bool = ui(
        False,
        title="Names of elements in lower case",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_READ,
        group="options",
    )
    typed: bool = ui(
        False,
        title="Numbers and true, false are such",
        kind=Kind.BOOLEAN,
        expression=False,
        help="007 and long ids stay text.",
        show_when=_READ,
        group="options",
    )
    allow_doctype: bool = ui(
        False,
        title="Allow a document type",
        kind=Kind.BOOLEAN,
        expression=False,
        help="It is not read; entities stay forbidden.",
        show_when=_READ,
        group="options",
    )
    root: Text = ui(
        "root",
        title="Root element",
        kind=Kind.TEXT,
        help="Where the data is not one field that can be it.",
        show_when=_WRITE,
        group="options",
        min_length=1,
        max_length=200,
    )
    headless: bool = ui(
        False,
        title="Without the XML declaration",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_WRITE,
        group="options",
    )
    pretty: bool = ui(
        True,
        title="With line breaks",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_WRITE,
        group="options",
    )
    cdata: bool = ui(
        False,
        title="CDATA where text needs escapes",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_WRITE,
        group="options",
    )
    illegal: Literal["fail", "replace"] = ui(
        "fail",
        title="Characters that XML cannot have",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "Are an error"), ("replace", "Become U+FFFD")],
        show_when=_WRITE,
        group="options",
    )
    keep_other_fields: bool = keep_other_fields_field()


DOCS = """\
Makes JSON of XML, or XML of JSON.

**Compact** (as xml2js and n8n have it): an element is a field; text alone is its value, attributes are under `$`, text
beside them under `_`, elements that repeat are a list; where all data is a list, its entries become elements `item` of
the root. **Ordered** keeps every child in its place, as
`{"name", "attributes", "children"}`: for mixed content, and for documents in which order counts.

Documents are read in the encoding that they declare. A document type declaration, and entities of its own, are refused:
nothing is fetched and nothing grows.

**Output.** The item with the data or the text in *Write to field*.

**Errors.** `XmlInvalid`: it is not well-formed, with line and column; or a name or character of the data cannot stand
in XML. `XmlForbidden`: it has a document type or entities. `MarkupTooDeep`: elements are nested more than 100 deep.
`FileNotText`: the file's charset is unknown.

**Example.** *XML to JSON* of `{{ $json.data }}`; in the options `item` under *Always lists*.
"""

SPEC = NodeSpec(
    type="xml",
    name="XML",
    category=Category.DATA,
    icon="file-code",
    summary="Makes JSON of XML, or XML of JSON.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="{operation}",
    timeout_seconds=60,
    memory_mb=512,
    errors=("XmlInvalid", "XmlForbidden", "MarkupTooDeep", "FileNotText"),
    output_example=({"data": {"order": {"$": {"id": "7"}, "line": ["a", "b"]}}},),
)
