"""Which supervisor runs on a state folder: there is one at most."""

import os

import psutil

from local.settings import LocalSettings


def supervisor(settings: LocalSettings) -> psutil.Process | None:
    """Return the process of `local.up` that runs on this state folder, or None. This process itself does not count."""
    try:
        process = psutil.Process(int(settings.pid_file.read_text()))
        command = process.cmdline()
    except (OSError, ValueError, psutil.Error):
        return None
    return process if "local.up" in command and process.pid != os.getpid() else None
