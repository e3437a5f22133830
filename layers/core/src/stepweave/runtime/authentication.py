"""`Authentication`: how a credential goes with an HTTP request, and where it may go."""

from collections.abc import Callable
from dataclasses import dataclass, field

from stepweave.runtime.errors import NodeError
from stepweave.runtime.hosts import BadHost, ascii_host
from stepweave.spec.credential_parts import ANYWHERE, NOWHERE

Types = str | tuple[str, ...]
"""A credential type, or several of which any is taken."""


class CredentialNotForHost(NodeError):
    """The credential may not be sent to this host. `details.host` names it."""


@dataclass(frozen=True, slots=True)
class Authentication:
    """How a credential goes with a request. Its values are secrets.

    Attributes:
        headers: (name, value) pairs.
        query: (name, value) pairs, added to the URL's.
        hosts: patterns of the hosts that it may be sent to, in lower case: `api.example.com`, or `*.example.com` for
            every host below `example.com`; `*` for any. None: any host.
        path: what takes the place of `{credential}` in a URL's path; "" where nothing does.
        digest: user and password of HTTP's digest authentication; None where that is not the way.
        token: names the OAuth2 token among the values without telling it; "" where there is none.
        pace: waits until a request may be sent by the credential's rate, until a time on the clock of
            `time.monotonic` at most; raises HttpRateLimited where that is too early. None where it has no rate.
    """

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    hosts: tuple[str, ...] = ()
    token: str = ""
    pace: Callable[[float], None] | None = field(default=None, compare=False)
    path: str = ""
    digest: tuple[str, str] | None = None

    def paced(self, until: float) -> None:
        """Wait until a request may be sent, `until` at most. To be asked before each. Raises HttpRateLimited."""
        if self.pace is not None:
            self.pace(until)

    def check(self, host: str) -> None:
        """Do nothing where it may be sent to `host` (a name in lower case and ASCII, or an address).

        To be asked for every request, and for every redirect. Raises CredentialNotForHost.
        """
        if self.hosts == (NOWHERE,):
            raise CredentialNotForHost(
                f"The credential names no host that it may be sent to, and this request goes to {host}.",
                f"Write {host} into Allowed hosts of the credential, if it belongs there.",
                details={"host": host},
            )
        if self.hosts and not any(_is_host(host, pattern) for pattern in self.hosts):
            raise CredentialNotForHost(
                f"The credential may not be sent to {host}, only to {', '.join(self.hosts)}.",
                "Send the request to one of these, or change the hosts in the credential.",
                details={"host": host},
            )

    def __repr__(self) -> str:
        """Return no secret: a value lands in logs sooner or later."""
        return f"Authentication(hosts={self.hosts!r})"


def _is_host(host: str, pattern: str) -> bool:
    if pattern == ANYWHERE:
        return True
    below = pattern.startswith("*.")
    try:
        wanted = ascii_host(pattern[2:] if below else pattern)
    except BadHost:
        return False
    return host.endswith(f".{wanted}") if below else host == wanted
