"""Which files a function's zip holds: its own folder and the packages above it, never another function's."""

import re
from pathlib import Path

from stacks.bundling.uv import ROOT, BundlingError

_KEPT_OUT = ("__pycache__", "README.md", "examples")


def package_files(package: str, *more: str) -> dict[str, Path]:
    """Return a package's files by their names in the zip, with the `__init__.py` of each package above it.

    Args:
        package: dotted (`functions.nodes.flow.if_`).
        more: further files of the checkout, kept at the same place in the zip.

    Raises:
        BundlingError: the package has no `handler.py`, or a file of `more` is missing.
    """
    folder = ROOT.joinpath(*package.split("."))
    if not (folder / "handler.py").is_file():
        raise BundlingError(f"{folder.relative_to(ROOT)}/handler.py is missing: every function has one.")
    missing = [name for name in more if not (ROOT / name).is_file()]
    if missing:
        raise BundlingError(f"{missing[0]} is missing: the function {package} ships it.")
    above = [parent / "__init__.py" for parent in folder.parents if parent.is_relative_to(ROOT) and parent != ROOT]
    # A later version of a node lies in its type's folder, an app's trigger in the app's; both may use what is there.
    inside = re.match(r"functions\.nodes\.\w+\.\w+(?=\.)", package)
    whole = ROOT.joinpath(*inside[0].split(".")) if inside else folder
    own = [path for path in whole.rglob("*") if path.is_file() and not set(_KEPT_OUT) & set(path.parts)]
    files = [*above, *own, *(ROOT / name for name in more)]
    return {path.relative_to(ROOT).as_posix(): path for path in sorted(files)}
