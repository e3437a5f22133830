"""How the pages of tenants look: a colour of their own, light or dark. No style comes from outside."""

import re
from typing import Final, TypedDict

_LIGHT: Final = "--page:#f4f4f5;--card:#fff;--ink:#18181b;--soft:#52525b;--line:#a1a1aa;--wrong:#b91c1c"
_DARK: Final = "--page:#101013;--card:#1b1b20;--ink:#f4f4f5;--soft:#b4b4bd;--line:#71717a;--wrong:#fca5a5"
_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_PLAIN: Final = "#4f46e5"
_HALF: Final = 0.179
"""The luminance at which black and white on a colour have the same contrast (WCAG 2.2, "contrast ratio")."""


class Look(TypedDict):
    """How pages look: fields of the trigger, in JSON's spelling."""

    color: str
    appearance: str
    logoUrl: str
    language: str
    embed: str


def palette(color: str, appearance: str) -> str:
    """Return the colours as CSS: `--page`, `--card`, `--ink`, `--soft`, `--line`, `--wrong`, `--accent`, `--on-accent`.

    Args:
        color: of buttons and marks, `#rrggbb`; anything else is the plain one.
        appearance: `light`, `dark`, or `auto` for what the visitor has.
    """
    accent = color if _HEX.fullmatch(color) else _PLAIN
    own = f"--accent:{accent};--on-accent:{'#000' if _luminance(accent) > _HALF else '#fff'}"
    if appearance == "dark":
        return f":root{{color-scheme:dark;{_DARK};{own}}}"
    light = f":root{{color-scheme:light;{_LIGHT};{own}}}"
    if appearance == "light":
        return light
    return f"{light}@media(prefers-color-scheme:dark){{:root{{color-scheme:dark;{_DARK}}}}}"


def frames(embed: str) -> str:
    """Return who may show a page in a frame, as `frame-ancestors` has it; `embed` is as the trigger has it."""
    parts = [part.strip() for part in embed.split(",") if part.strip()]
    return " ".join(parts) if parts else "'none'"


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
