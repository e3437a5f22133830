"""Finds the Chromium that browser tests drive; on a Debian machine without one, and as root, installs Debian's."""

import os
import shutil
import subprocess
from typing import Final

NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class BrowserMissing(Exception):
    """There is no Chromium. `str()` says what to do."""


def find_chromium() -> str:
    """Return the path of a Chromium. Raises BrowserMissing."""
    wanted = os.environ.get("STEPWEAVE_CHROMIUM")
    if wanted:
        if shutil.which(wanted) is None:
            raise BrowserMissing(f"STEPWEAVE_CHROMIUM={wanted} is no program.")
        return wanted
    return _on_path() or _install()


def _on_path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def _install() -> str:
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        print("installing Chromium for the browser tests (apt-get install chromium) ...", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ((apt, "update", "-qq"), (apt, "install", "-y", "-qq", "chromium")):
            subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
        found = _on_path()
        if found:
            return found
    raise BrowserMissing(
        "browser tests need Chromium.\n"
        "  Install it (Debian: `apt-get install chromium`), or set STEPWEAVE_CHROMIUM to one."
    )
