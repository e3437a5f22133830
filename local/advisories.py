"""Holds the lock files against known faults of packages, without a network. `make check` runs it.

    python -m local.advisories

`advisories.json` has for each package the latest advisory that matters here, and the version from which it is mended.
The list is as old as its last change: `make audit` asks the databases of the networks, and what it finds goes here.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from local.settings import ROOT

LIST: Final = ROOT / "local" / "advisories.json"
PYTHON: Final = ROOT / "uv.lock"
WEB: Final = ROOT / "web" / "package-lock.json"


def main() -> int:
    """Print what is found; return 1 where there is something."""
    known = json.loads(LIST.read_text(encoding="utf-8"))
    found = [
        *faults(known["pypi"], locked_python(PYTHON.read_text(encoding="utf-8"))),
        *faults(known["npm"], locked_web(WEB.read_text(encoding="utf-8"))),
    ]
    for line in found:
        print(line)
    return 1 if found else 0


def faults(known: Mapping[str, Mapping[str, str]], locked: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Give a sentence for each locked package that is older than the version which mended a known fault."""
    for name, version in locked:
        advisory = known.get(name)
        if advisory and _numbers(version) < _numbers(advisory["below"]):
            yield f"{name} {version} has {advisory['id']}: lock {advisory['below']} or later."


def locked_python(text: str) -> Iterator[tuple[str, str]]:
    """Give name and version of each package of a `uv.lock`."""
    for package in tomllib.loads(text)["package"]:
        if "version" in package:
            yield package["name"], package["version"]


def locked_web(text: str) -> Iterator[tuple[str, str]]:
    """Give name and version of each package of a `package-lock.json`, those within others too."""
    packages: dict[str, Any] = json.loads(text)["packages"]
    for place, package in packages.items():
        if place and "version" in package:
            yield place.rpartition("node_modules/")[2], package["version"]


def _numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers; what follows them (`rc1`, `-beta`) makes no difference here."""
    return tuple(int(part) for part in re.split(r"[^0-9.]", version, maxsplit=1)[0].split(".") if part)


if __name__ == "__main__":
    sys.exit(main())
