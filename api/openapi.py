"""Writes docs/reference/openapi.json, or with `--check` says whether it is current.

python -m api.openapi [--check]
"""

import json
import sys
from pathlib import Path
from typing import Final

from api.app import create_app

PATH: Final = Path(__file__).parent.parent / "docs" / "reference" / "openapi.json"


def document() -> str:
    """Return the OpenAPI document as JSON text."""
    return json.dumps(create_app().openapi(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write, or check. Returns the exit status."""
    text = document()
    if "--check" not in arguments:
        PATH.write_text(text, encoding="utf-8")
        return 0
    if PATH.exists() and PATH.read_text(encoding="utf-8") == text:
        return 0
    print(f"{PATH.name} is stale; run `make generate`.", file=sys.stderr)  # noqa: T201  # a command's output
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
