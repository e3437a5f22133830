"""The text node as a value. Longer than other files: the fields of all its operations, one after another."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, keep_other_fields_field, result_field

Operation = Literal[
    "split",
    "join",
    "replace",
    "extract",
    "template",
    "case",
    "trim",
    "pad",
    "slice",
    "encode",
    "decode",
    "normalize",
    "slug",
    "measure",
]
_OF_TEXT: Final = [
    "split", "replace", "extract", "case", "trim", "pad", "slice", "encode", "decode", "normalize", "slug", "measure"
]  # fmt: skip
_BY_PATTERN: Final = {"operation": ["split", "replace"]}


class Params(NodeParams):
    """What to do with which text."""

    operation: Operation = ui(
        "replace",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("split", "Split"),
            ("join", "Join"),
            ("replace", "Replace"),
            ("extract", "Extract"),
            ("template", "Fill in a template"),
            ("case", "Change the case"),
            ("trim", "Trim"),
            ("pad", "Pad"),
            ("slice", "Take a part"),
            ("encode", "Encode"),
            ("decode", "Decode"),
            ("normalize", "Normalise Unicode"),
            ("slug", "Make a slug"),
            ("measure", "Measure"),
        ],
    )
    text: Text = ui(
        "",
        title="Text",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.text }}",
        show_when={"operation": _OF_TEXT},
        max_length=5_000_000,
    )
    list: Any = ui(
        None,
        title="List",
        kind=Kind.TEXT,
        placeholder="{{ $json.tags }}",
        show_when={"operation": ["join"]},
        required_when_shown=True,
    )
    by: Literal["text", "pattern"] = ui(
        "text",
        title="By",
        kind=Kind.SELECT,
        expression=False,
        options=[("text", "A text"), ("pattern", "A regular expression")],
        show_when=_BY_PATTERN,
    )
    separator: Text = ui(
        ",",
        title="Separator",
        kind=Kind.TEXT,
        help="\\n is a line break, \\t a tab. Empty: every character.",
        show_when={"operation": ["split", "join"]},
        max_length=1000,
    )
    find: Text = ui(
        "",
        title="Find",
        kind=Kind.TEXT,
        show_when={"operation": ["replace"], "by": ["text"]},
        required_when_shown=True,
        max_length=100_000,
    )
    pattern: Text = ui(
        "",
        title="Regular expression",
        kind=Kind.TEXT,
        placeholder="/\\s+/ or ([0-9]+)",
        help="As in JavaScript.",
        show_when={"operation": ["split", "replace"], "by": ["pattern"]},
        required_when_shown=True,
        max_length=10_000,
    )
    replacement: Text = ui(
        "",
        title="Replace with",
        kind=Kind.TEXT,
        help="Of a regular expression, $1 is a group, $& the match, $$ a dollar sign.",
        show_when={"operation": ["replace"]},
        max_length=100_000,
    )
    kind: Literal["emails", "urls", "numbers", "pattern"] = ui(
        "emails",
        title="What",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("emails", "E-mail addresses"),
            ("urls", "URLs"),
            ("numbers", "Numbers"),
            ("pattern", "By a regular expression"),
        ],
        show_when={"operation": ["extract"]},
    )
    extract_pattern: Text = ui(
        "",
        title="Regular expression",
        kind=Kind.TEXT,
        placeholder="#([0-9]+)",
        help="Where it has a group, the first is taken.",
        show_when={"operation": ["extract"], "kind": ["pattern"]},
        required_when_shown=True,
        max_length=10_000,
    )
    which: Literal["all", "distinct", "first", "last"] = ui(
        "all",
        title="Take",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("all", "All, as a list"),
            ("distinct", "All, each once"),
            ("first", "The first"),
            ("last", "The last"),
        ],
        show_when={"operation": ["extract"]},
    )
    template: str = ui(
        "",
        title="Template",
        kind=Kind.CODE,
        language="text",
        expression=False,
        placeholder="Dear {{ name }},{{# lines }}\n- {{ . }}{{/ lines }}",
        help="{{ name }} is a field of the item, {{# list }}…{{/ list }} stands once for each entry.",
        show_when={"operation": ["template"]},
        required_when_shown=True,
        max_length=200_000,
    )
    case: Literal["upper", "lower", "sentence", "title", "camel", "pascal", "snake", "kebab", "constant", "swap"] = ui(
        "upper",
        title="Case",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("upper", "UPPER CASE"),
            ("lower", "lower case"),
            ("sentence", "Sentence case"),
            ("title", "Title Case"),
            ("camel", "camelCase"),
            ("pascal", "PascalCase"),
            ("snake", "snake_case"),
            ("kebab", "kebab-case"),
            ("constant", "CONSTANT_CASE"),
            ("swap", "sWAP cASE"),
        ],
        show_when={"operation": ["case"]},
    )
    side: Literal["both", "start", "end"] = ui(
        "both",
        title="Side",
        kind=Kind.SELECT,
        expression=False,
        options=[("both", "Both"), ("start", "The start"), ("end", "The end")],
        show_when={"operation": ["trim", "pad"]},
    )
    characters: Text = ui(
        "",
        title="Characters",
        kind=Kind.TEXT,
        help="To drop; empty: white space.",
        show_when={"operation": ["trim"]},
        max_length=1000,
    )
    length: int = ui(
        10,
        title="Length",
        kind=Kind.NUMBER,
        help="In characters.",
        show_when={"operation": ["pad"]},
        ge=0,
        le=1_000_000,
    )
    filler: Text = ui(
        " ",
        title="Pad with",
        kind=Kind.TEXT,
        show_when={"operation": ["pad"]},
        min_length=1,
        max_length=1000,
    )
    start: int = ui(
        0,
        title="From character",
        kind=Kind.NUMBER,
        help="From 0; negative counts from the end.",
        show_when={"operation": ["slice"]},
    )
    end: int | None = ui(
        None,
        title="To character",
        kind=Kind.NUMBER,
        help="Which is not taken. Empty: to the end.",
        show_when={"operation": ["slice"]},
    )
    ellipsis: Text = ui(
        "",
        title="Put behind what was cut off",
        kind=Kind.TEXT,
        placeholder="…",
        show_when={"operation": ["slice"]},
        max_length=100,
    )
    encoding: Literal["base64", "base64url", "hex", "url", "html", "json"] = ui(
        "base64",
        title="Encoding",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("base64", "Base64"),
            ("base64url", "Base64 for URLs"),
            ("hex", "Hexadecimal"),
            ("url", "URL"),
            ("html", "HTML"),
            ("json", "JSON string"),
        ],
        show_when={"operation": ["encode", "decode"]},
    )
    charset: Text = ui(
        "utf-8",
        title="Charset",
        kind=Kind.TEXT,
        help="Of the bytes: utf-8, windows-1252, shift_jis, ...",
        show_when={"operation": ["encode", "decode"], "encoding": ["base64", "base64url", "hex", "url"]},
        max_length=40,
    )
    normal_form: Literal["NFC", "NFD", "NFKC", "NFKD"] = ui(
        "NFC",
        title="Form",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("NFC", "NFC: characters as one"),
            ("NFD", "NFD: letters and accents apart"),
            ("NFKC", "NFKC: and look-alikes the same"),
            ("NFKD", "NFKD: and look-alikes the same, apart"),
        ],
        show_when={"operation": ["normalize"]},
    )
    drop_accents: bool = ui(
        False,
        title="Drop accents",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["normalize"]},
    )
    unit: Literal["characters", "bytes", "utf16", "words", "lines", "all"] = ui(
        "characters",
        title="Measure",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("characters", "Characters"),
            ("bytes", "Bytes in UTF-8"),
            ("utf16", "As JavaScript's length"),
            ("words", "Words"),
            ("lines", "Lines"),
            ("all", "All of them"),
        ],
        show_when={"operation": ["measure"]},
    )
    output_field: str = result_field("text")
    everywhere: bool = ui(
        True,
        title="Everywhere",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: the first place only.",
        show_when={"operation": ["replace"]},
        group="options",
    )
    ignore_case: bool = ui(
        False,
        title="Ignore upper and lower case",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["split", "replace", "extract"]},
        group="options",
    )
    trim_parts: bool = ui(
        True,
        title="Trim the parts",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["split"]},
        group="options",
    )
    drop_empty: bool = ui(
        False,
        title="Drop empty parts",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["split", "join"]},
        group="options",
    )
    as_items: bool = ui(
        False,
        title="An item for each part",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["split"]},
        group="options",
    )
    keep_other_fields: bool = keep_other_fields_field()


DOCS = """\
Works on one text for each item. Characters are Unicode's: 🎉 is one.

**Regular expressions** are JavaScript's (`/abc/i`, too). They run in a process that is stopped
where one takes too long.

**Templates** are Mustache's, without code: `{{ name }}` is a field of the item by its path, `{{# list }}…{{/ list }}`
stands once for each entry of a list, `{{ . }}` is the entry, `{{^ list }}…{{/ list }}` stands where there is none.
Nothing is escaped.

**Slugs** are letters and digits of ASCII with hyphens: *Größe: 5 m²* is `grosse-5-m2`.

**Output.** The item with the result in *Write to field*: a text; a list of *Split* (or an item for each part) and of
*Extract*; a number, or an object of all, of *Measure*.

**Errors.** `PatternInvalid`: a regular expression cannot be read, takes too long or finds too much. `ValueMismatch`:
the text is not in the encoding that is to be decoded, has characters that the charset lacks, or what is to be joined is
no list. `TemplateInvalid`: a section is not closed, a path cannot be read, or too much comes out.

**Example.** *Replace*, by a regular expression `\\s+`, with one space.
"""

SPEC = NodeSpec(
    type="text",
    name="Text",
    category=Category.DATA,
    icon="type",
    summary="Splits, joins, replaces, extracts and encodes text.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="{operation}",
    timeout_seconds=60,
    errors=("PatternInvalid", "ValueMismatch", "TemplateInvalid"),
    output_example=({"text": "Ada Lovelace"},),
)
