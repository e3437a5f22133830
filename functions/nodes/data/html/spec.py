"""The HTML node as a value."""

from typing import Any, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, keep_other_fields_field, result_field


class Extraction(NodeParams):
    """What is taken from the page, and the field that it goes to."""

    name: str = ui(
        ...,
        title="Field",
        kind=Kind.TEXT,
        expression=False,
        placeholder="title",
        min_length=1,
        max_length=500,
    )
    selector: Text = ui(
        ..., title="CSS selector", kind=Kind.TEXT, placeholder="h1, .headline", min_length=1, max_length=2000
    )
    returns: Literal["text", "html", "outerHtml", "attribute", "value"] = ui(
        "text",
        title="Take",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("text", "Text"),
            ("html", "HTML within"),
            ("outerHtml", "HTML with the element"),
            ("attribute", "An attribute"),
            ("value", "Value of a form's field"),
        ],
    )
    attribute: Text = ui(
        "",
        title="Attribute",
        kind=Kind.TEXT,
        placeholder="href",
        show_when={"returns": ["attribute"]},
        required_when_shown=True,
        max_length=200,
    )
    as_list: bool = ui(
        False,
        title="All that match, as a list",
        kind=Kind.BOOLEAN,
        expression=False,
    )
    skip: Text = ui(
        "",
        title="Leave out",
        kind=Kind.TEXT,
        placeholder="img, .ad",
        help="Elements within, by a selector.",
        max_length=2000,
    )


_SOURCED = ["extract", "toText"]


class Params(NodeParams):
    """What to do with which HTML."""

    operation: Literal["extract", "build", "table", "toText"] = ui(
        "extract",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("extract", "Extract content"),
            ("build", "Build from a template"),
            ("table", "Make a table of all items"),
            ("toText", "Make plain text"),
        ],
    )
    source: Literal["field", "file"] = ui(
        "field",
        title="HTML is in",
        kind=Kind.SELECT,
        expression=False,
        options=[("field", "A text"), ("file", "A file of the item")],
        show_when={"operation": _SOURCED},
    )
    html: Text = ui(
        "",
        title="HTML",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.data }}",
        show_when={"operation": _SOURCED, "source": ["field"]},
    )
    file: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file that the item has.",
        show_when={"operation": _SOURCED, "source": ["file"]},
        max_length=200,
    )
    values: list[Extraction] = ui(
        ...,
        title="Extract",
        kind=Kind.COLLECTION,
        default_factory=list,
        show_when={"operation": ["extract"]},
        required_when_shown=True,
        max_length=200,
    )
    language: Literal["escaped", "expressions"] = ui(
        "escaped",
        title="Template",
        kind=Kind.SELECT,
        expression=False,
        options=[("escaped", "Fields, escaped"), ("expressions", "Expressions, as they are")],
        help="Escaped: no value can bring markup or scripts into the page.",
        show_when={"operation": ["build"]},
    )
    template: str = ui(
        "",
        title="Template",
        kind=Kind.CODE,
        language="html",
        expression=False,
        placeholder="<h1>{{ title }}</h1>{{# rows }}<p>{{ name }}</p>{{/ rows }}",
        show_when={"operation": ["build"], "language": ["escaped"]},
        required_when_shown=True,
        max_length=200_000,
    )
    data: Any = ui(
        None,
        title="Values",
        kind=Kind.JSON,
        placeholder='{"title": "{{ $json.name }}"}',
        help="An object. Empty: the item's fields.",
        show_when={"operation": ["build"], "language": ["escaped"]},
    )
    page: Text = ui(
        "",
        title="HTML",
        kind=Kind.MULTILINE,
        help="Values of expressions are not escaped: use it for values that you trust.",
        show_when={"operation": ["build"], "language": ["expressions"]},
        max_length=10_000_000,
    )
    output_field: str = result_field("html")
    trim: bool = ui(
        True,
        title="Trim",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Drops white space around values.",
        show_when={"operation": ["extract"]},
        group="options",
    )
    clean_up: bool = ui(
        False,
        title="Clean up text",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Makes one space of line breaks and spaces within.",
        show_when={"operation": ["extract", "toText"]},
        group="options",
    )
    skip_images: bool = ui(
        True,
        title="Leave out what images say",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["toText"]},
        group="options",
    )
    caption: Text = ui(
        "", title="Caption", kind=Kind.TEXT, show_when={"operation": ["table"]}, group="options", max_length=2000
    )
    capitalize: bool = ui(
        False,
        title="Headings as words",
        kind=Kind.BOOLEAN,
        expression=False,
        help="first_name becomes First Name.",
        show_when={"operation": ["table"]},
        group="options",
    )
    table_attributes: str = ui(
        "",
        title="Attributes of the table",
        kind=Kind.TEXT,
        expression=False,
        placeholder='class="grid" style="width: 100%"',
        show_when={"operation": ["table"]},
        group="options",
        max_length=2000,
        pattern=r"^[^<>]*$",
    )
    header_attributes: str = ui(
        "",
        title="Attributes of headings",
        kind=Kind.TEXT,
        expression=False,
        show_when={"operation": ["table"]},
        group="options",
        max_length=2000,
        pattern=r"^[^<>]*$",
    )
    row_attributes: str = ui(
        "",
        title="Attributes of rows",
        kind=Kind.TEXT,
        expression=False,
        show_when={"operation": ["table"]},
        group="options",
        max_length=2000,
        pattern=r"^[^<>]*$",
    )
    cell_attributes: str = ui(
        "",
        title="Attributes of cells",
        kind=Kind.TEXT,
        expression=False,
        show_when={"operation": ["table"]},
        group="options",
        max_length=2000,
        pattern=r"^[^<>]*$",
    )
    keep_other_fields: bool = keep_other_fields_field()


DOCS = """\
Takes content out of HTML, or makes HTML. Pages are read as browsers read them, however broken they are; no script runs
and nothing is fetched.

**Extract.** A row for each field: a CSS selector (with `:has()`, `:not()`, `:nth-child()`), and what is taken of the
first element that matches, or of all, as a list: its text (without scripts and styles), the HTML in it or with it, an
attribute, or the value of a form's field. Where nothing matches the field is null, or an empty list.

**Build.** `{{ name }}` in the template is a field of the item (a path such as `customer.name`), escaped so that it
is text and nothing else; `{{{ name }}}` is the same as it is. `{{# rows }}…{{/ rows }}` stands once for each entry of a
list, `{{^ rows }}…{{/ rows }}` where there is none, `{{ . }}` is the entry itself. With *Expressions, as they are* the
text is filled in as any other field, and nothing is escaped.

**Table.** All items become one table, a column for each field in the order in which they first come, all escaped.

**Output.** The item with the extracted fields, or with the result in *Write to field*; of a table, one item.

**Errors.** `SelectorInvalid`: a selector cannot be read. `TemplateInvalid`: a section is not closed, a path cannot be
read, or too much comes out. `MarkupTooDeep`: more than 500 elements are open at once. `FileNotText`: the file's charset
is unknown.

**Example.** *Extract* from `{{ $json.body }}`: field `links`, selector `a[href]`, an attribute, `href`, as a list.
"""

SPEC = NodeSpec(
    type="html",
    name="HTML",
    category=Category.DATA,
    icon="code-xml",
    summary="Extracts content of HTML by CSS selectors, builds HTML, and makes text of it.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    layers=("markup",),
    subtitle="{operation}",
    timeout_seconds=60,
    memory_mb=512,
    errors=("SelectorInvalid", "TemplateInvalid", "MarkupTooDeep", "FileNotText"),
    output_example=({"title": "Example Domain", "links": ["https://example.com"]},),
)
