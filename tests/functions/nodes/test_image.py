"""Pictures: what is done with them, and what is refused."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from functions.nodes.files.image.run import run
from functions.nodes.files.image.spec import SPEC
from stepweave.runtime.errors import NodeError
from tests.fakes.item_files import content_of, with_file
from tests.fakes.steps import Bench


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


def picture(width: int = 40, height: int = 20, mode: str = "RGB", format: str = "PNG", **more: Any) -> bytes:
    """Return a picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", (width, height), "red")
    made.paste(Image.new("RGB", (width - width // 2, height), "blue"), (width // 2, 0))
    out = io.BytesIO()
    made.convert(mode).save(out, format, **more)
    return out.getvalue()


def made(node: Bench, content: bytes, operation: str, name: str = "a.png", **params: Any) -> tuple[Any, Image.Image]:
    [one] = node({"operation": operation, **params}, with_file(node, content, name))["output"]["main"]["items"]
    found = Image.open(io.BytesIO(content_of(node, one["binary"]["data"])))
    assert (one["json"]["image"]["width"], one["json"]["image"]["height"]) == found.size
    assert one["json"]["image"]["format"] == str(found.format).lower()
    assert one["json"]["fileName"] == one["binary"]["data"]["fileName"]
    return one, found


def refused(node: Bench, content: bytes, operation: str = "info", **params: Any) -> str:
    with pytest.raises(NodeError) as caught:
        node({"operation": operation, **params}, with_file(node, content))
    assert caught.value.remedy
    return type(caught.value).__name__


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"width": 20}, (20, 10)),
        ({"height": 40}, (80, 40)),
        ({"width": 10, "height": 10}, (10, 5)),
        ({"width": 10, "height": 10, "fit": "fill"}, (10, 10)),
        ({"width": 10, "height": 10, "fit": "stretch"}, (10, 10)),
        ({"width": 400, "enlarge": False}, (40, 20)),
        ({"width": 1, "height": 1}, (1, 1)),
    ],
)
def test_a_picture_gets_another_size(node: Bench, params: dict[str, Any], size: tuple[int, int]) -> None:
    assert made(node, picture(), "resize", **params)[1].size == size


def test_parts_are_cut_out_and_pictures_are_turned(node: Bench) -> None:
    right = made(node, picture(), "crop", left=20, width=100)[1]
    assert (right.size, right.getpixel((0, 0))) == ((20, 20), (0, 0, 255))
    assert made(node, picture(), "crop", left=-5, top=-5, width=10, height=10)[1].size == (5, 5)
    assert refused(node, picture(), "crop", left=40) == "ParameterInvalid"
    turned = made(node, picture(), "rotate", angle=90)[1]
    assert (turned.size, turned.getpixel((0, 0)), turned.getpixel((0, 39))) == ((20, 40), (255, 0, 0), (0, 0, 255))
    assert made(node, picture(), "rotate", mirror="horizontal")[1].getpixel((0, 0)) == (0, 0, 255)
    tilted = made(node, picture(), "rotate", angle=45, background="transparent")[1]
    assert tilted.getpixel((0, 0)) == (0, 0, 0, 0)


def test_a_camera_s_note_is_followed_and_dropped(node: Bench) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera\x00"
    exif.get_ifd(0x8825)[1], exif.get_ifd(0x8825)[2] = "S", (33.0, 30.0, 0.0)
    content = picture(format="JPEG", exif=exif)
    one, found = made(node, content, "convert", "a.jpg")
    assert (found.size, dict(found.getexif())) == ((20, 40), {})
    assert one["binary"]["data"]["fileName"] == "a.jpg"
    kept = made(node, content, "convert", keepMetadata=True)[1].getexif()
    assert (kept.get(0x010F), kept.get(0x0112, 1)) == ("Camera\x00", 1)
    [told] = node.json({"operation": "info"}, with_file(node, content))
    assert told["image"]["exif"] == {"make": "Camera", "latitude": -33.5}


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I"])
@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "gif", "tiff", "bmp"])
def test_every_kind_of_picture_goes_into_every_format(node: Bench, mode: str, format: str) -> None:
    content = picture(mode=mode, format="TIFF")
    one, found = made(node, content, "convert", "x.tif", format=format)
    assert found.size == (40, 20)
    found.load()
    assert one["binary"]["data"]["mimeType"] == f"image/{format}"
    made(node, content, "resize", width=10, format=format)


def test_transparency_gets_a_background_where_there_is_none(node: Bench) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    found = made(node, out.getvalue(), "convert", format="jpeg", background="#00ff00")[1].getpixel((1, 1))
    assert isinstance(found, tuple)
    assert found[1] > 240
    assert max(found[0], found[2]) < 20


def test_text_is_written_in_lines(node: Bench) -> None:
    white = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(white, "PNG")
    params: dict[str, Any] = {
        "text": "Grüße Привет and more words than fit",
        "textSize": 30,
        "textColor": "red",
        "left": 5,
    }
    found = made(node, white.getvalue(), "text", **params)[1]
    box = found.convert("L").point(lambda level: 255 - level).getbbox()
    assert box is not None
    assert box[2] <= 200
    assert box[3] > 90
    assert not node.outside.of("node.log")
    made(node, white.getvalue(), "text", text="日本")
    assert "日" in node.outside.of("node.log")[0]["message"]
    assert refused(node, white.getvalue(), "text", text="a", textColor="nice") == "ParameterInvalid"


def test_of_an_animation_the_first_picture_is_taken(node: Bench) -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    [told] = node.json({"operation": "info"}, with_file(node, out.getvalue()))
    assert told["image"]["frames"] == 3
    assert made(node, out.getvalue(), "convert", format="png")[1].convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def png_of(width: int, height: int) -> bytes:
    """Return a small file that says it is a large picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def test_large_pictures_are_refused_before_they_are_unpacked(node: Bench) -> None:
    assert refused(node, png_of(30_000, 30_000)) == "DataTooLarge"
    assert refused(node, png_of(10_000, 5_001)) == "DataTooLarge"
    assert refused(node, picture(), "resize", width=20_000, height=20_000, fit="stretch") == "DataTooLarge"


def test_what_is_no_picture_is_refused(node: Bench) -> None:
    whole = picture(400, 300, format="JPEG")
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n"
    for content in (b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", whole[:300], png_of(10, 10)[:40], eps):
        assert refused(node, content) == "FileInvalid"
    assert refused(node, picture(), "resize") == "ParameterInvalid"
