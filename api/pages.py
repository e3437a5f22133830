"""The one page that the API itself serves: where a provider sends people back to after they connected a credential.

It tells the editor by a `BroadcastChannel` of the origin, not through `window.opener`: the editor's
`Cross-Origin-Opener-Policy` cuts that off, for providers' pages must not reach it. Script and style stand in the page,
and the policy of the path names their hashes (`stacks/security_headers.json`); what varies is in attributes only.
"""

import base64
import hashlib
from html import escape
from typing import Final

from api.services.connecting import Outcome

SCRIPT: Final = """
const told = document.body.dataset;
const channel = new BroadcastChannel("stepweave-oauth2");
channel.postMessage({
  credentialId: told.credential,
  connected: told.connected === "yes",
  message: document.querySelector("p").textContent,
});
document.querySelector("button").addEventListener("click", () => window.close());
if (told.connected === "yes") setTimeout(() => window.close(), 600);
"""
STYLE: Final = """
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #1a1f2b; --line: #d9dde5; --accent: #3f51d9; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12151c; --card: #1b1f29; --ink: #e8eaf0; --line: #343a48; --accent: #8b98ff; }
}
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
main { box-sizing: border-box; width: min(26rem, calc(100vw - 2rem)); padding: 1.5rem; border: 1px solid var(--line);
  border-radius: 12px; background: var(--card); overflow-wrap: anywhere; }
h1 { margin: 0 0 .5rem; font-size: 1.1rem; }
p { margin: 0 0 1rem; }
button { font: inherit; padding: .4rem .9rem; border: 1px solid var(--accent); border-radius: 8px; background: none;
  color: var(--accent); cursor: pointer; }
"""


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY: Final = (
    f"default-src 'none'; script-src {_hash(SCRIPT)}; style-src {_hash(STYLE)}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Its content security policy, the same as in `stacks/security_headers.json`; here for who reaches the API directly."""


def connected_page(outcome: Outcome) -> str:
    """Return the page that says what became of connecting a credential."""
    title = "Connected" if outcome.connected else "Not connected"
    attributes = (
        f'data-credential="{escape(outcome.credential_id)}" data-connected="{"yes" if outcome.connected else "no"}"'
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - Stepweave</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body {attributes}><main><h1>{title}</h1><p>{escape(outcome.message)}</p>"
        f'<button type="button">Close this window</button></main><script>{SCRIPT}</script></body></html>'
    )
