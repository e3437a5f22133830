"""The Markdown node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, keep_other_fields_field, result_field

_TO_HTML = {"operation": ["toHtml"]}
_TO_MARKDOWN = {"operation": ["toMarkdown"]}


class Params(NodeParams):
    """What to make of which text."""

    operation: Literal["toHtml", "toMarkdown"] = ui(
        "toHtml",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[("toHtml", "Markdown to HTML"), ("toMarkdown", "HTML to Markdown")],
    )
    source: Literal["field", "file"] = ui(
        "field",
        title="It is in",
        kind=Kind.SELECT,
        expression=False,
        options=[("field", "A text"), ("file", "A file of the item")],
    )
    markdown: Text = ui(
        "",
        title="Markdown",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.text }}",
        show_when={"operation": ["toHtml"], "source": ["field"]},
        max_length=5_000_000,
    )
    html: Text = ui(
        "",
        title="HTML",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.body }}",
        show_when={"operation": ["toMarkdown"], "source": ["field"]},
    )
    file: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file that the item has.",
        show_when={"source": ["file"]},
        max_length=200,
    )
    output_field: str = result_field("data")
    raw_html: Literal["escape", "keep"] = ui(
        "escape",
        title="HTML within",
        kind=Kind.SELECT,
        expression=False,
        options=[("escape", "Is text"), ("keep", "Stays HTML")],
        help="Keep it only of Markdown that you trust: it may have scripts.",
        show_when=_TO_HTML,
        group="options",
    )
    line_breaks: bool = ui(
        False,
        title="Line breaks count",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_TO_HTML,
        group="options",
    )
    tables: bool = ui(True, title="Tables", kind=Kind.BOOLEAN, expression=False, show_when=_TO_HTML, group="options")
    strikethrough: bool = ui(
        True, title="Strikethrough", kind=Kind.BOOLEAN, expression=False, show_when=_TO_HTML, group="options"
    )
    task_lists: bool = ui(
        True, title="Task lists", kind=Kind.BOOLEAN, expression=False, show_when=_TO_HTML, group="options"
    )
    heading_ids: bool = ui(
        False,
        title="Headings have ids",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Made of their text, as GitHub does.",
        show_when=_TO_HTML,
        group="options",
    )
    heading_start: int = ui(
        1,
        title="Level of the first headings",
        kind=Kind.NUMBER,
        help="2 makes <h2> of #.",
        show_when=_TO_HTML,
        group="options",
        ge=1,
        le=6,
    )
    new_window: bool = ui(
        False,
        title="Links open a new window",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_TO_HTML,
        group="options",
    )
    whole_page: bool = ui(
        False,
        title="Make a whole page",
        kind=Kind.BOOLEAN,
        expression=False,
        help="With <html>, <head> and <body>.",
        show_when=_TO_HTML,
        group="options",
    )
    headings: Literal["atx", "underlined"] = ui(
        "atx",
        title="Headings",
        kind=Kind.SELECT,
        expression=False,
        options=[("atx", "# Heading"), ("underlined", "Underlined")],
        show_when=_TO_MARKDOWN,
        group="options",
    )
    bullet: Literal["-", "*", "+"] = ui(
        "-",
        title="Bullets",
        kind=Kind.SELECT,
        expression=False,
        options=[("-", "-"), ("*", "*"), ("+", "+")],
        show_when=_TO_MARKDOWN,
        group="options",
    )
    emphasis: Literal["*", "_"] = ui(
        "*",
        title="Emphasis",
        kind=Kind.SELECT,
        expression=False,
        options=[("*", "*text*"), ("_", "_text_")],
        show_when=_TO_MARKDOWN,
        group="options",
    )
    code_blocks: Literal["backticks", "tildes", "indented"] = ui(
        "backticks",
        title="Code blocks",
        kind=Kind.SELECT,
        expression=False,
        options=[("backticks", "```"), ("tildes", "~~~"), ("indented", "Indented")],
        show_when=_TO_MARKDOWN,
        group="options",
    )
    links: Literal["inline", "reference"] = ui(
        "inline",
        title="Links",
        kind=Kind.SELECT,
        expression=False,
        options=[("inline", "In the text"), ("reference", "At the end")],
        show_when=_TO_MARKDOWN,
        group="options",
    )
    escape: bool = ui(
        True,
        title="Escape what would be Markdown",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when=_TO_MARKDOWN,
        group="options",
    )
    images: bool = ui(
        True, title="Images", kind=Kind.BOOLEAN, expression=False, show_when=_TO_MARKDOWN, group="options"
    )
    skip: Text = ui(
        "",
        title="Leave out",
        kind=Kind.TEXT,
        placeholder="nav, .ad, footer",
        help="Elements, by CSS selectors with commas between them.",
        show_when=_TO_MARKDOWN,
        group="options",
        max_length=2000,
    )
    keep_other_fields: bool = keep_other_fields_field()


DOCS = """\
Makes HTML of Markdown (CommonMark with tables, strikethrough and task lists), or Markdown of HTML.

HTML within Markdown is text unless the options keep it, and links to `javascript:` are none, so what strangers write
brings no script into a page. Of HTML, scripts and styles are left out.

**Output.** The item with the result in *Write to field*.

**Errors.** `MarkupTooDeep`: more than 500 elements of HTML are open at once. `FileNotText`: the file's charset is
unknown.

**Example.** *Markdown to HTML* of `{{ $json.answer }}`, field `html`.
"""

SPEC = NodeSpec(
    type="markdown",
    name="Markdown",
    category=Category.DATA,
    icon="file-text",
    summary="Makes HTML of Markdown, or Markdown of HTML.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    layers=("markup",),
    subtitle="{operation}",
    timeout_seconds=60,
    memory_mb=512,
    errors=("MarkupTooDeep", "FileNotText"),
    output_example=({"data": "<h1>Title</h1>\n"},),
)
