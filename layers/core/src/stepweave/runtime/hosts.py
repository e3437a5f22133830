"""Host names beyond ASCII, as the wire has them."""


class BadHost(ValueError):
    """A host's name that cannot be one. `str()` says why."""


def ascii_host(host: str) -> str:
    """Return a host's name as name servers, URLs and mail carry it: `straße.de` is `xn--strae-oqa.de`.

    Capitals and full-width letters become what browsers make of them (UTS 46, not transitional; IDNA 2008). Python's
    own `idna` codec is of 2003 and leads to other hosts.

    Raises:
        BadHost: it has a character or a label that no host's name has.
    """
    if host.isascii():
        return host.lower()
    # Imported here: its tables cost 5 ms, which only names beyond ASCII need.
    import idna

    try:
        return idna.encode(host, uts46=True, transitional=False).decode()
    except UnicodeError as error:
        raise BadHost(str(error)) from None
