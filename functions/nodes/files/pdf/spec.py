"""The PDF node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import FieldNames, Text, names_field

_CREATE = {"operation": ["create"]}
_ONE = {"operation": ["split", "pages"]}


class Params(NodeParams):
    """Which PDFs, and what is done with them."""

    operation: Literal["create", "merge", "split", "pages"] = ui(
        "create",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("create", "Make of HTML or Markdown"),
            ("merge", "Merge"),
            ("split", "Split"),
            ("pages", "Take pages out"),
        ],
    )
    source: Literal["html", "markdown"] = ui(
        "html",
        title="Content is",
        kind=Kind.SELECT,
        expression=False,
        options=[("html", "HTML"), ("markdown", "Markdown")],
        show_when=_CREATE,
    )
    content: Text = ui(
        "",
        title="Content",
        kind=Kind.MULTILINE,
        placeholder="<h1>Invoice {{ $json.number }}</h1>",
        show_when=_CREATE,
        required_when_shown=True,
    )
    files: FieldNames = names_field(
        "Files",
        placeholder="data, terms",
        help="Names of files that the item has, in order. Empty: all of them.",
        show_when={"operation": ["merge"]},
    )
    merged: Literal["one", "each"] = ui(
        "one",
        title="Give",
        kind=Kind.SELECT,
        expression=False,
        options=[("one", "One PDF of all items"), ("each", "One PDF of each item")],
        show_when={"operation": ["merge"]},
    )
    file: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file that the item has.",
        show_when=_ONE,
        max_length=200,
    )
    every: int = ui(
        1,
        title="Pages of a part",
        kind=Kind.NUMBER,
        show_when={"operation": ["split"]},
        ge=1,
        le=5000,
    )
    pages: Text = ui(
        "",
        title="Pages",
        kind=Kind.TEXT,
        placeholder="1-3, 7, -1",
        help="In the order in which they are to come; -1 is the last page, 5- all from the fifth on.",
        show_when={"operation": ["pages"]},
        required_when_shown=True,
        max_length=1000,
    )
    password: Text = ui(
        "",
        title="Password",
        kind=Kind.TEXT,
        help="Of encrypted PDFs. The new ones have none.",
        show_when={"operation": ["merge", "split", "pages"]},
        group="options",
        max_length=200,
    )
    paper: Literal["A4", "A5", "A3", "Letter", "Legal"] = ui(
        "A4",
        title="Paper",
        kind=Kind.SELECT,
        expression=False,
        options=[("A4", "A4"), ("A5", "A5"), ("A3", "A3"), ("Letter", "Letter"), ("Legal", "Legal")],
        show_when=_CREATE,
        group="options",
    )
    landscape: bool = ui(
        False, title="Landscape", kind=Kind.BOOLEAN, expression=False, show_when=_CREATE, group="options"
    )
    margin: float = ui(20, title="Margin in mm", kind=Kind.NUMBER, show_when=_CREATE, group="options", ge=0, le=60)
    text_size: float = ui(
        11, title="Size of letters", kind=Kind.NUMBER, show_when=_CREATE, group="options", ge=5, le=40
    )
    page_numbers: bool = ui(
        False, title="Page numbers", kind=Kind.BOOLEAN, expression=False, show_when=_CREATE, group="options"
    )
    title: Text = ui("", title="Title", kind=Kind.TEXT, show_when=_CREATE, group="options", max_length=300)
    file_name: Text = ui(
        "",
        title="Name of the file",
        kind=Kind.TEXT,
        placeholder="invoice-{{ $json.number }}.pdf",
        group="options",
        max_length=200,
    )
    output_file: Text = ui(
        "data",
        title="Write to file",
        kind=Kind.TEXT,
        help="What the item calls the new file; one of that name is replaced.",
        group="options",
        min_length=1,
        max_length=200,
    )


DOCS = """\
Makes PDFs, and works with their pages.

**Make of HTML or Markdown.** Headings, paragraphs, lists, tables, links, bold, italic, code, quotes, lines and colours
of text; `align` and `width` as HTML has them. Style sheets and scripts are left out: no browser is at work. Nothing is
fetched: a picture (`<img src="logo">`) is a file of the item by its name, or a `data:` URL of PNG, JPEG, GIF or WebP;
others are left out, which the log says. Letters are Latin, Greek and Cyrillic (Open Sans).

**Merge, split, take pages out.** Pages stay as they are, with their links within; forms and bookmarks may be lost.

**Output.** *Make*, *take pages out* and *merge each*: the item with `fileName`, `size`, `pages` and the file. *Merge*
of all: one item. *Split*: an item for each part, with `part`, `firstPage` and `pages`.

**Errors.** `FileInvalid`: a file is no PDF, or damaged. `FileEncrypted`: it has a password, and none is given or a
wrong one. `PageUnwritable`: the HTML cannot be laid out. `MarkupTooDeep`: elements are nested without end.
`DataTooLarge`: more than 100 MB, 5,000 pages or 2 MB of HTML. `ParameterInvalid`: there is no such page.

**Example.** Markdown `# Report\\n\\n{{ $json.summary }}`, then *Send email* with the file `data`.
"""

SPEC = NodeSpec(
    type="pdf",
    name="PDF",
    category=Category.DATA,
    icon="file-text",
    summary="Makes PDFs of HTML or Markdown, merges, splits and takes pages out.",
    docs=DOCS,
    params=Params,
    subtitle="{operation}",
    layers=("pdf", "crypto", "images", "pdf-pages"),
    timeout_seconds=300,
    memory_mb=1024,
    errors=("FileInvalid", "FileEncrypted", "PageUnwritable", "MarkupTooDeep"),
    output_example=({"fileName": "invoice.pdf", "size": 20480, "pages": 2},),
)
