"""What the commands share: their options, and how they read, print and refuse."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from local.cli import running
from local.settings import LocalSettings
from stepweave.model.diagnostics import Diagnostic

USAGE = 2
"""Exit status when the command could not even begin: no such file, JSON that is none, nothing answers."""

Url = Annotated[
    str, typer.Option(help="Where Stepweave serves.", envvar="STEPWEAVE_URL", show_default="the local stack")
]
Email = Annotated[str, typer.Option(help="Who to log in as.", envvar="STEPWEAVE_EMAIL")]
Password = Annotated[str, typer.Option(help="Their password.", envvar="STEPWEAVE_PASSWORD", show_default=False)]
ApiKey = Annotated[
    str,
    typer.Option(
        help="An API key, in place of logging in. Better in the variable: commands are seen by others.",
        envvar="STEPWEAVE_API_KEY",
        show_default=False,
    ),
]


def target_of(url: str, email: str, password: str, api_key: str) -> running.Target:
    """Return where to ask, and as whom. Ends the command where neither could even be sent."""
    api_key = api_key.strip()
    if not (api_key.isascii() and api_key.isprintable()):
        refuse("The API key has a character that no key has. Copy it again: it begins with swk_.")
    if not url.isprintable():
        refuse("The address has a character that no address has. Give --url as it stands in a browser.")
    return running.Target(url or LocalSettings.from_environment().url, email, password, api_key)


def read_file(file: Path) -> Any:
    """Return a file's JSON; `-` is stdin. Ends the command where there is none."""
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except OSError as error:
        refuse(f"{file} cannot be read: {error.strerror}.")
    except UnicodeDecodeError as error:
        refuse(f"{file} is not UTF-8 text (byte {error.start}).")
    return read_json(text, str(file))


def read_argument(text: str) -> Any:
    """Return the JSON of an argument, or of the `@file` that it names."""
    if text.startswith("@"):
        return read_file(Path(text[1:]))
    return read_json(text, "--input")


def read_json(text: str, where: str) -> Any:
    """Return a text's JSON. Ends the command where it is none."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        refuse(f"{where} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.")


def refuse(message: str) -> Any:
    """End the command, which could not begin."""
    print(f"stepweave: {message}", file=sys.stderr)
    raise typer.Exit(USAGE)


def say(line: str) -> None:
    """Tell people something."""
    print(line, file=sys.stderr)


def tell(diagnostics: Sequence[Diagnostic]) -> None:
    """Tell people of diagnostics."""
    for diagnostic in diagnostics:
        say(f"{diagnostic.severity}: {diagnostic.message} {diagnostic.remedy}")


def show(data: Any) -> None:
    """Print a result."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2)
    print(text)
