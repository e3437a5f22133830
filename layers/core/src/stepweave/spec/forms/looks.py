"""Fields that triggers with pages have alike: where a page is, its language, its looks, and who may frame it."""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, ui
from stepweave.spec.forms.languages import LANGUAGES, OTHER

Language = Literal["en", "de", "fr", "es", "it", "pt", "nl", "ar", "other"]
Appearance = Literal["auto", "light", "dark"]
_ORIGIN: Final = r"https?://[A-Za-z0-9.:*-]+"


def path_field(example: str) -> Any:
    """Return the field of a page's path (`str`); `example` is shown where there is none."""
    return ui(
        ...,
        title="Path",
        kind=Kind.TEXT,
        expression=False,
        placeholder=example,
        help="The last part of the address. Letters, digits, dot, dash, underscore and slash.",
        min_length=1,
        max_length=190,
        pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$",
    )


def language_field(help: str) -> Any:
    """Return the field of the language (`Language`)."""
    return ui(
        "en",
        title="Language",
        kind=Kind.SELECT,
        expression=False,
        options=[*LANGUAGES.items(), (OTHER, "Another language")],
        help=help,
    )


def language_tag_field() -> Any:
    """Return the field of another language's tag (`str`)."""
    return ui(
        "",
        title="Language tag",
        kind=Kind.TEXT,
        expression=False,
        placeholder="ja",
        help="As ja or pt-BR, for screen readers. What the pages say themselves is English unless the list has it.",
        show_when={"language": [OTHER]},
        required_when_shown=True,
        pattern=r"^$|^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$",
    )


def color_field() -> Any:
    """Return the field of the colour (`str`)."""
    return ui(
        "#4f46e5",
        title="Colour",
        kind=Kind.TEXT,
        expression=False,
        placeholder="#4f46e5",
        help="Of buttons and marks.",
        group="options",
        pattern=r"^#[0-9A-Fa-f]{6}$",
    )


def appearance_field() -> Any:
    """Return the field of light or dark (`Appearance`)."""
    return ui(
        "auto",
        title="Light or dark",
        kind=Kind.SELECT,
        expression=False,
        options=[("auto", "As the visitor has it"), ("light", "Light"), ("dark", "Dark")],
        group="options",
    )


def logo_field() -> Any:
    """Return the field of the logo's address (`str`)."""
    return ui(
        "",
        title="Logo",
        kind=Kind.TEXT,
        expression=False,
        placeholder="https://example.com/logo.svg",
        help="The address of a picture, with https.",
        group="options",
        max_length=2000,
        pattern=r"^$|^https://[^\s/?#@\"';]+([/?#][^\s\"]*)?$",
    )


def embed_field() -> Any:
    """Return the field of the pages that may show it in a frame (`str`)."""
    return ui(
        "",
        title="Pages that may show it in a frame",
        kind=Kind.TEXT,
        expression=False,
        placeholder="https://www.example.com",
        help="Origins with commas, * for all, or empty for none.",
        group="options",
        max_length=2000,
        pattern=rf"^(\*|\s*|\s*{_ORIGIN}\s*(,\s*{_ORIGIN}\s*)*)$",
    )
