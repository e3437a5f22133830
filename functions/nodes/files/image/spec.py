"""The image node as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, NodeSpec
from stepweave.spec.parts import Text

_MADE = ["resize", "crop", "rotate", "text", "convert"]


class Params(NodeParams):
    """Which picture, and what is done with it."""

    operation: Literal["resize", "crop", "rotate", "text", "convert", "info"] = ui(
        "resize",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("resize", "Resize"),
            ("crop", "Crop"),
            ("rotate", "Rotate or mirror"),
            ("text", "Write text on it"),
            ("convert", "Convert"),
            ("info", "Tell about it"),
        ],
    )
    file: Text = ui(
        "data",
        title="File",
        kind=Kind.TEXT,
        help="The name of a file that the item has, or an expression that gives one: {{ $binary.data }}.",
        max_length=200,
    )
    width: int | None = ui(
        None,
        title="Width",
        kind=Kind.NUMBER,
        help="In pixels. Empty: as the height asks.",
        show_when={"operation": ["resize", "crop"]},
        ge=1,
        le=20_000,
    )
    height: int | None = ui(
        None,
        title="Height",
        kind=Kind.NUMBER,
        help="In pixels. Empty: as the width asks.",
        show_when={"operation": ["resize", "crop"]},
        ge=1,
        le=20_000,
    )
    fit: Literal["within", "fill", "stretch"] = ui(
        "within",
        title="Proportions",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("within", "Stay: it fits within"),
            ("fill", "Stay: what stands out is cut off"),
            ("stretch", "Change as width and height say"),
        ],
        show_when={"operation": ["resize"]},
    )
    enlarge: bool = ui(
        True,
        title="Also enlarge",
        kind=Kind.BOOLEAN,
        expression=False,
        show_when={"operation": ["resize"], "fit": ["within"]},
        group="options",
    )
    left: int = ui(0, title="Left", kind=Kind.NUMBER, show_when={"operation": ["crop", "text"]}, ge=-20_000, le=20_000)
    top: int = ui(0, title="Top", kind=Kind.NUMBER, show_when={"operation": ["crop", "text"]}, ge=-20_000, le=20_000)
    angle: float = ui(
        0,
        title="Degrees, clockwise",
        kind=Kind.NUMBER,
        show_when={"operation": ["rotate"]},
        ge=-360,
        le=360,
    )
    mirror: Literal["no", "horizontal", "vertical"] = ui(
        "no",
        title="Mirror",
        kind=Kind.SELECT,
        expression=False,
        options=[("no", "No"), ("horizontal", "Left to right"), ("vertical", "Top to bottom")],
        show_when={"operation": ["rotate"]},
    )
    text: Text = ui(
        "",
        title="Text",
        kind=Kind.MULTILINE,
        placeholder="{{ $json.name }}",
        show_when={"operation": ["text"]},
        required_when_shown=True,
        max_length=5000,
    )
    text_size: int = ui(32, title="Size of letters", kind=Kind.NUMBER, show_when={"operation": ["text"]}, ge=4, le=2000)
    text_width: int = ui(
        0,
        title="Width of lines",
        kind=Kind.NUMBER,
        help="In pixels; longer lines are broken. 0: to the right edge.",
        show_when={"operation": ["text"]},
        group="options",
        ge=0,
        le=20_000,
    )
    text_color: Text = ui(
        "#000000",
        title="Colour of letters",
        kind=Kind.TEXT,
        placeholder="#ff8800",
        show_when={"operation": ["text"]},
        max_length=40,
    )
    bold: bool = ui(
        False, title="Bold", kind=Kind.BOOLEAN, expression=False, show_when={"operation": ["text"]}, group="options"
    )
    format: Literal["same", "jpeg", "png", "webp", "gif", "tiff", "bmp"] = ui(
        "same",
        title="Format",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("same", "As it is"),
            ("jpeg", "JPEG"),
            ("png", "PNG"),
            ("webp", "WebP"),
            ("gif", "GIF"),
            ("tiff", "TIFF"),
            ("bmp", "BMP"),
        ],
        show_when={"operation": _MADE},
    )
    quality: int = ui(
        85,
        title="Quality",
        kind=Kind.NUMBER,
        help="Of JPEG and WebP, in per cent.",
        show_when={"operation": _MADE},
        group="options",
        ge=1,
        le=100,
    )
    background: Text = ui(
        "#ffffff",
        title="Background",
        kind=Kind.TEXT,
        help="Where a format has no transparency, and behind what is turned. A colour, or transparent.",
        show_when={"operation": _MADE},
        group="options",
        max_length=40,
    )
    keep_metadata: bool = ui(
        False,
        title="Keep EXIF data",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Camera, date, place. Off: nobody learns where it was taken.",
        show_when={"operation": _MADE},
        group="options",
    )
    file_name: Text = ui(
        "",
        title="Name of the file",
        kind=Kind.TEXT,
        help="Empty: its own, with the format's ending.",
        show_when={"operation": _MADE},
        group="options",
        max_length=200,
    )
    output_file: Text = ui(
        "data",
        title="Write to file",
        kind=Kind.TEXT,
        help="What the item calls the new file; one of that name is replaced.",
        show_when={"operation": _MADE},
        group="options",
        min_length=1,
        max_length=200,
    )


DOCS = """\
Changes a picture of each item, or tells about it. JPEG, PNG, GIF, WebP, TIFF and BMP are read; of an animation the
first picture. Pictures that a camera turned by a note in them (EXIF) are upright before anything else is done. Colour
profiles stay.

**Text.** In Open Sans, which has Latin, Greek and Cyrillic letters; a letter that it has not is a box, which the log
says. Long lines are broken at spaces.

**Output.** The item with `fileName`, `image` (`width`, `height`, `format`, `size`) and the new file. *Tell about it*
gives no file, and more: `mode`, `frames`, `transparent`, `dpi` and `exif` (what the camera wrote, with
`latitude` and `longitude`).

**Errors.** `FileInvalid`: it is no picture, damaged, or of a format that is not read (SVG, HEIC). `DataTooLarge`: it
has more than 50 MB or 50 million pixels, or the new one would have. `ParameterInvalid`: a colour is none, what is to be
cut out lies beside the picture.

**Example.** *Resize*, width `1200`, JPEG: photos become small enough for a mail.
"""

SPEC = NodeSpec(
    type="image",
    name="Image",
    category=Category.DATA,
    icon="image",
    summary="Resizes, crops, turns and converts pictures, and writes text on them.",
    docs=DOCS,
    params=Params,
    subtitle="{operation}",
    layers=("images",),
    timeout_seconds=120,
    memory_mb=1024,
    errors=("FileInvalid",),
    output_example=(
        {"fileName": "photo.jpg", "image": {"width": 1200, "height": 800, "format": "jpeg", "size": 204800}},
    ),
)
