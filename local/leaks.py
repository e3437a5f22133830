"""Looks for secrets in the files that git has: keys of providers, private keys, our own API keys. `make check` runs it.

python -m local.leaks
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from api.services.api_keys import is_key
from local.settings import ROOT

MOST_BYTES: Final = 5 * 1024**2
"""A larger file is no source."""
PATTERNS: Final = {
    "an API key of ours": re.compile(r"\bswk_[0-9A-Za-z]{38}\b"),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{200,}"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b"),
    "a GitLab token": re.compile(r"\bglpat-[A-Za-z0-9_-]{20}\b"),
    "a Slack token": re.compile(r"\bxox[abprs]-[0-9]{10,}-[A-Za-z0-9-]{20,}\b"),
    "a Stripe key": re.compile(r"\b(?:sk|rk)_live_[A-Za-z0-9]{24,}\b"),
    "a Google API key": re.compile(r"\bAIza[A-Za-z0-9_-]{35}\b"),
    "an OpenAI key": re.compile(r"\bsk-(?:proj-)?[A-Za-z0-9]{40,}\b"),
    "an Anthropic key": re.compile(r"\bsk-ant-[A-Za-z0-9_-]{40,}\b"),
    "an npm token": re.compile(r"\bnpm_[A-Za-z0-9]{36}\b"),
}
KNOWN: Final = {
    "tests/integration/test_http_requests.py": "a made-up token, to see that it is masked",
}
"""Files that may have what looks like one -> why."""


def main() -> int:
    """Print what is found; return 1 where there is something."""
    found = list(leaks(tracked()))
    for path, line, what in found:
        words = "Take it out and revoke it, or say in local/leaks.py why it may stay."
        print(f"{path}:{line}: looks like {what}. {words}")  # a command's output
    return 1 if found else 0


def tracked() -> list[Path]:
    """Return the files that git has."""
    done = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, check=True)  # no input
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def leaks(files: list[Path]) -> Iterator[tuple[str, int, str]]:
    """Give path, line and kind of what looks like a secret."""
    for file in files:
        name = str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else str(file)
        if name in KNOWN or not file.is_file() or file.stat().st_size > MOST_BYTES:
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        for what, pattern in PATTERNS.items():
            for match in pattern.finditer(text):
                if _is_real(what, match[0]):
                    yield name, text.count("\n", 0, match.start()) + 1, what


def _is_real(what: str, text: str) -> bool:
    """Whether a text is more than an example: AWS's own ends in `EXAMPLE`, a key of ours has a checksum."""
    return not text.endswith("EXAMPLE") and (what != "an API key of ours" or is_key(text))


if __name__ == "__main__":
    sys.exit(main())
