"""What is done with a picture."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

from functions.nodes.files.image.pictures import check_pixels, color
from functions.nodes.files.image.spec import Params
from stepweave.runtime.placing import invalid

Log = Callable[..., None]


def changed(picture: Image.Image, params: Params, log: Log) -> Image.Image:
    """Return the picture after the operation. Raises ParameterInvalid, DataTooLarge."""
    if params.operation == "resize":
        return _resized(picture, params)
    if params.operation == "crop":
        return _cropped(picture, params)
    if params.operation == "rotate":
        return _turned(picture, params)
    return _written(picture, params, log) if params.operation == "text" else picture


def _resized(picture: Image.Image, params: Params) -> Image.Image:
    width, height = params.width, params.height
    if width is None and height is None:
        raise invalid("width", "Width: it and the height are empty.", "Write one of them, or both.")
    shape = picture.width / picture.height
    wanted = (width or max(1, round((height or 1) * shape)), height or max(1, round((width or 1) / shape)))
    if params.fit == "within":
        scale = min(wanted[0] / picture.width, wanted[1] / picture.height)
        scale = scale if params.enlarge else min(scale, 1)
        wanted = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    check_pixels(*wanted)
    smooth = _smooth(picture)
    if params.fit == "fill":
        return ImageOps.fit(smooth, wanted, Image.Resampling.LANCZOS)
    return smooth.resize(wanted, Image.Resampling.LANCZOS)


def _smooth(picture: Image.Image) -> Image.Image:
    """Return a picture whose pixels can be mixed: palettes and black-and-white cannot."""
    if picture.mode in ("P", "PA", "1"):
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB" if picture.mode != "1" else "L")
    return picture


def _cropped(picture: Image.Image, params: Params) -> Image.Image:
    left, top = max(params.left, 0), max(params.top, 0)
    right = min(params.left + params.width, picture.width) if params.width else picture.width
    bottom = min(params.top + params.height, picture.height) if params.height else picture.height
    if right <= left or bottom <= top:
        raise invalid(
            "left",
            f"Left and top: nothing of the picture's {picture.width} by {picture.height} pixels would be left.",
            "Choose a part of it.",
        )
    return picture.crop((left, top, right, bottom))


def _turned(picture: Image.Image, params: Params) -> Image.Image:
    if params.mirror == "horizontal":
        picture = ImageOps.mirror(picture)
    elif params.mirror == "vertical":
        picture = ImageOps.flip(picture)
    quarters = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    angle = params.angle % 360
    if angle in quarters:
        return picture.transpose(quarters[int(angle)])
    if not angle:
        return picture
    background = color(params.background, "background")
    side = round((picture.width**2 + picture.height**2) ** 0.5)
    check_pixels(side, min(side, picture.width + picture.height))
    turned = picture.convert("RGBA").rotate(-angle, Image.Resampling.BICUBIC, expand=True)
    below = Image.new("RGBA", turned.size, background)
    below.alpha_composite(turned)
    return below


def _written(picture: Image.Image, params: Params, log: Log) -> Image.Image:
    font = ImageFont.truetype(str(_font(params.bold)), params.text_size)
    whole = picture.convert("RGBA")
    above = Image.new("RGBA", whole.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(above)
    width = params.text_width or max(picture.width - params.left, params.text_size)
    lines = [part for line in params.text.splitlines() for part in _broken(line, width, draw, font)]
    missing = sorted({letter for letter in params.text if letter.isprintable() and not _has(font, letter)})
    if missing:
        log("warning", f"The font has no letters for {''.join(missing[:20])}.")
    fill = color(params.text_color, "textColor")
    draw.multiline_text(
        (params.left, params.top), "\n".join(lines), fill=fill, font=font, spacing=params.text_size // 4
    )
    whole.alpha_composite(above)
    return whole if picture.has_transparency_data else whole.convert("RGB")


def _broken(line: str, width: int, draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont) -> list[str]:
    lines, now = [], ""
    for word in line.split(" "):
        longer = f"{now} {word}" if now else word
        if now and draw.textlength(longer, font) > width:
            lines.append(now)
            now = word
        else:
            now = longer
    return [*lines, now]


def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    if letter.isspace() or letter.isascii():
        return True
    return _drawn(font, letter) != _drawn(font, "\U0010fffd")


def _drawn(font: ImageFont.FreeTypeFont, letter: str) -> bytes:
    mask: Any = font.getmask(letter)
    return bytes(mask)


@cache
def _font(bold: bool) -> Path:
    found = find_spec("ttf_opensans")
    if found is None or found.origin is None:
        raise FileNotFoundError("ttf_opensans is not installed")
    return Path(found.origin).parent / "ttf" / f"OpenSans-{'Bold' if bold else 'Regular'}.ttf"
