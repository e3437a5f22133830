"""Pictures from files, and files from pictures."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, Final

from PIL import ExifTags, Image, ImageColor, ImageOps, UnidentifiedImageError

from functions.nodes.files.image.spec import Params
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.file_errors import FileInvalid
from stepweave.runtime.placing import invalid

FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP")
"""What is read: of Pillow's formats those that need no other program, and have no code in them."""
MOST_PIXELS: Final = 50_000_000
_OPAQUE: Final = ("JPEG", "BMP")
_DAMAGED: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    TypeError,
    KeyError,
    Image.DecompressionBombError,
)
_MOST_TEXT: Final = 500
Image.MAX_IMAGE_PIXELS = None  # `check_pixels` is asked instead, before anything is unpacked


@contextmanager
def opened(copy: IO[bytes]) -> Iterator[Image.Image]:
    """Give the picture of a file, upright.

    Raises:
        FileInvalid: it is none, or damaged.
        DataTooLarge: it has more than `MOST_PIXELS`.
    """
    try:
        picture = Image.open(copy, formats=FORMATS)
    except UnidentifiedImageError:
        raise _wrong("it is none that is read: JPEG, PNG, GIF, WebP, TIFF or BMP") from None
    except _DAMAGED as error:
        raise _wrong(f"it is damaged ({type(error).__name__})") from None
    with picture:
        check_pixels(picture.width, picture.height)
        format = picture.format
        try:
            frames = getattr(picture, "n_frames", 1)
            if frames > 1:
                picture.seek(0)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
        except _DAMAGED as error:
            raise _wrong(f"it is damaged ({str(error)[:80] or type(error).__name__})") from None
        upright.format = format
        upright.info["frames"] = frames
        yield upright


def check_pixels(width: int, height: int) -> None:
    """Refuse a picture that takes too much memory. Raises DataTooLarge."""
    if width * height > MOST_PIXELS:
        raise DataTooLarge(
            f"A picture of {width:,} by {height:,} pixels is more than {MOST_PIXELS // 1_000_000} million.",
            "Take a smaller one.",
        )


def color(value: str, field: str, mode: str = "RGBA") -> Any:
    """Return a colour's parts. Raises ParameterInvalid."""
    if value.strip().lower() == "transparent":
        return (0, 0, 0, 0) if mode == "RGBA" else (255, 255, 255)
    try:
        return ImageColor.getcolor(value.strip(), mode)
    except ValueError:
        raise invalid(field, f"“{value[:40]}” is no colour.", "Write #ff8800, a name as red, or transparent.") from None


def encoded(made: Image.Image, source: Image.Image, params: Params) -> tuple[bytes, str, str]:
    """Return a picture's file, its format and its type."""
    format = (source.format or "PNG") if params.format == "same" else params.format.upper()
    out = io.BytesIO()
    exif = source.getexif() if params.keep_metadata else None
    more: dict[str, Any] = {"exif": exif.tobytes()} if exif else {}
    if profile := source.info.get("icc_profile"):
        more["icc_profile"] = profile
    if format in ("JPEG", "WEBP"):
        more["quality"] = params.quality
    if format == "JPEG":
        more["optimize"] = True
    ready = _flat(made, params.background) if format in _OPAQUE else made
    if format in _OPAQUE and ready.mode not in ("L", "RGB", "CMYK"):
        ready = ready.convert("RGB")
    if format not in ("JPEG", "TIFF") and ready.mode in ("CMYK", "F", "I", "YCbCr", "LAB", "HSV"):
        ready = ready.convert("RGB")
        more.pop("icc_profile", None)  # it is of the colours before
    if ready.mode == "CMYK" and made.mode != "CMYK":
        more.pop("icc_profile", None)
    if format == "GIF":
        more.pop("exif", None)
    try:
        ready.save(out, format, **more)
    except (OSError, ValueError) as error:
        raise _wrong(f"it cannot be written as {format} ({error})") from None
    return out.getvalue(), format.lower(), Image.MIME.get(format, "application/octet-stream")


def _flat(picture: Image.Image, background: str) -> Image.Image:
    """Return a picture without transparency."""
    if not picture.has_transparency_data:
        return picture
    below = Image.new("RGB", picture.size, color(background, "background", "RGB")[:3])
    whole = picture.convert("RGBA")
    below.paste(whole, mask=whole.getchannel("A"))
    return below


def told(picture: Image.Image) -> dict[str, Any]:
    """Return what is known of a picture."""
    found: dict[str, Any] = {
        "width": picture.width,
        "height": picture.height,
        "format": (picture.format or "").lower(),
        "mode": picture.mode,
        "frames": picture.info["frames"],
        "transparent": picture.has_transparency_data,
    }
    dpi = picture.info.get("dpi")
    if isinstance(dpi, tuple) and dpi and dpi[0] == dpi[0]:
        found["dpi"] = round(float(dpi[0]))
    if exif := _exif(picture):
        found["exif"] = exif
    return found


def _exif(picture: Image.Image) -> dict[str, Any]:
    exif = picture.getexif()
    found: dict[str, Any] = {}
    for tags in (exif, exif.get_ifd(ExifTags.IFD.Exif)):
        for tag, value in tags.items():
            name = ExifTags.TAGS.get(tag)
            if name is None or name in ("ExifOffset", "GPSInfo", "MakerNote", "UserComment"):
                continue
            if (plain := _plain(value)) is not None:
                found[name[0].lower() + name[1:]] = plain
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    for field, tag, negative in (("latitude", 2, "S"), ("longitude", 4, "W")):
        degrees = place.get(tag)
        if isinstance(degrees, tuple) and len(degrees) == 3:
            try:
                value = sum(float(part) / 60**power for power, part in enumerate(degrees))
            except (ZeroDivisionError, ValueError, TypeError):
                continue
            if value == value:
                found[field] = round(-value if place.get(tag - 1) == negative else value, 6)
    return found


def _plain(value: Any) -> str | int | float | None:
    if isinstance(value, str):
        return value.replace("\x00", "").strip()[:_MOST_TEXT] or None
    if isinstance(value, int):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return round(number, 6) if number == number and abs(number) < 1e15 else None


def _wrong(words: str) -> FileInvalid:
    return FileInvalid(f"The picture cannot be read: {words}.", "Send another.", details={"field": "params.file"})
