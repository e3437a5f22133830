"""Every kind of door carries the headers that securityheaders.com grades and OWASP's Secure Headers Project lists.

The table says for each door what each header may be; the edge and CloudFront are made of the same data (test_web.py).
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from api import guard
from functions.system.chat import pages as chat_pages
from functions.system.form import pages as form_pages
from local.services import mail
from local.settings import ROOT
from stacks.constructs.headers import policies
from stepweave_data.hooks import visitors
from stepweave_data.hooks.refusals import SANDBOX

FRAMED_BY_CHOICE: Final = {"X-Frame-Options"}
"""Of forms and chats: which pages may frame one is theirs to say, in `frame-ancestors`."""
OF_ALL: Final = {
    "Strict-Transport-Security": r"max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": r".*camera=\(\).*geolocation=\(\).*microphone=\(\).*",
    "Referrer-Policy": "no-referrer|strict-origin-when-cross-origin",
    "Content-Security-Policy": r".*frame-ancestors 'none'.*",
    "Cross-Origin-Resource-Policy": "same-origin|cross-origin",
}
OF_DOORS: Final[dict[str, dict[str, str]]] = {
    "app": {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy": r"default-src 'self'; script-src 'self'; .*object-src 'none'; base-uri 'self'; .*",
    },
    "api": {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    },
    "connected": {
        "Content-Security-Policy": r"default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; .*"
    },
    "hooks": {"Content-Security-Policy": r"sandbox (?!.*allow-same-origin).*", "Referrer-Policy": "no-referrer"},
    "forms": {"Content-Security-Policy": r"sandbox (?!.*allow-same-origin).*default-src 'none'.*"},
    "chats": {"Content-Security-Policy": r"default-src 'none'; base-uri 'none'; .*"},
}
TELLS_TOO_MUCH: Final = {"server", "x-powered-by", "x-aspnet-version", "x-generator", "expect-ct", "public-key-pins"}
"""OWASP: headers to take out, and those that are withdrawn."""


@pytest.mark.parametrize("door", OF_DOORS)
def test_a_door_has_every_header_of_the_lists(door: str) -> None:
    found, wanted = policies()[door], {**OF_ALL, **OF_DOORS[door]}
    if door in ("forms", "chats"):
        wanted = {name: value for name, value in wanted.items() if name not in FRAMED_BY_CHOICE}
    wrong = {
        name: found.get(name)
        for name, value in wanted.items()
        if not re.fullmatch(value, found.get(name, ""), re.DOTALL)
    }
    assert wrong == {}
    assert not TELLS_TOO_MUCH & {name.lower() for name in found}


def test_there_is_no_door_without_a_table() -> None:
    assert set(policies()) == set(OF_DOORS)


def pages() -> Mapping[str, str]:
    """Return the policy of everything that answers with a page or a text, as it says it itself."""
    look = visitors.plain({})
    return {
        **{f"edge {door}": headers["Content-Security-Policy"] for door, headers in policies().items()},
        "form": form_pages.policy(look, "n")["content-security-policy"],
        "chat": chat_pages.policy(look, "n", "hooks.example", "/chat/a/b")["content-security-policy"],
        "refusal": SANDBOX["content-security-policy"],
        "api": guard.HEADERS["Content-Security-Policy"],
        "inbox": mail.HEADERS["Content-Security-Policy"],
    }


@pytest.mark.parametrize("place", ["form", "chat", "refusal", "api", "inbox", *(f"edge {door}" for door in OF_DOORS)])
def test_no_policy_lets_text_be_style_or_script(place: str) -> None:
    policy = pages()[place]
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"(?:script|style|connect|default|object|worker)-src[^;]* (\*|https?:)(\s|;|$)", policy)


def test_the_app_lets_the_one_style_be_that_a_library_writes() -> None:
    source = Path(ROOT / "web/node_modules/@radix-ui/react-select/dist/index.mjs").read_text(encoding="utf-8")
    found = re.search(r"__html: `([^`]*)`", source)
    assert found
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in policies()["app"]["Content-Security-Policy"]


def test_the_inbox_is_framed_by_nobody_and_runs_nothing() -> None:
    wanted = {name for name in OF_ALL if name != "Strict-Transport-Security"}
    assert wanted <= set(mail.HEADERS)
    assert "default-src 'none'" in mail.HEADERS["Content-Security-Policy"]
