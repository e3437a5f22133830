"""What the specs generate: the catalogue (`docs/reference/catalog.json`) and the nodes' pages (`docs/reference/nodes`).

    python -m functions.nodes.generate           write them
    python -m functions.nodes.generate --check   exit 1 when one is stale, missing or left over

It reads specs only: no node's behaviour runs.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from functions.nodes import catalogue, pages


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with `--check` compare them. Return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m functions.nodes.generate", description="Write the catalogue and the nodes' pages."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    parser.add_argument(
        "--folder", type=Path, default=catalogue.CATALOGUE_FILE.parent, help="of the reference (default: %(default)s)"
    )
    options = parser.parse_args(arguments)
    wanted = _wanted(options.folder)
    stale = sorted(file for file in {*wanted, *_pages_in(options.folder)} if _text(file) != wanted.get(file))
    for file in stale:
        if options.check:
            sys.stderr.write(f"{file} is stale. Run: make generate\n")
        elif file in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[file], encoding="utf-8")
        else:
            file.unlink()
    return 1 if options.check and stale else 0


def _wanted(folder: Path) -> dict[Path, str]:
    nodes = {folder / pages.FOLDER.name / name: text for name, text in pages.rendered().items()}
    return {folder / catalogue.CATALOGUE_FILE.name: catalogue.rendered(), **nodes}


def _pages_in(folder: Path) -> list[Path]:
    return list((folder / pages.FOLDER.name).glob("*.md"))


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


if __name__ == "__main__":
    raise SystemExit(main())
