"""What Google's credentials have in common: scopes, hosts, and where tokens come from."""

from typing import Any, Final

from stepweave.spec.fields import Kind, ui

TOKEN_URL: Final = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
HOSTS: Final = ("*.googleapis.com",)
WHOSE: Final = "https://oauth2.googleapis.com/tokeninfo?access_token={accessToken}"
"""Tells what a token may do, whatever its scopes are."""

_AUTH: Final = "https://www.googleapis.com/auth/"
SHEETS: Final = f"{_AUTH}spreadsheets"
DRIVE: Final = f"{_AUTH}drive"
DOCUMENTS: Final = f"{_AUTH}documents"
CALENDAR: Final = f"{_AUTH}calendar"
GMAIL: Final = f"{_AUTH}gmail.modify"
ALL: Final = (SHEETS, DRIVE, DOCUMENTS, CALENDAR, GMAIL)

EVERYTHING: Final = f"""\
The scopes of the apps; leave out those that you do not use:

| app | scope |
| --- | --- |
| Google Sheets | `{SHEETS}` |
| Google Drive, and choosing spreadsheets and documents from lists | `{DRIVE}` |
| Google Docs | `{DOCUMENTS}` |
| Google Calendar | `{CALENDAR}` |
| Gmail (all but deleting for ever, which needs `https://mail.google.com/`) | `{GMAIL}` |
"""


def scopes_field() -> Any:
    """Return the field (`str`): what is asked for, the scopes of all apps unless somebody takes some out."""
    return ui(
        " ".join(ALL),
        title="Scopes",
        kind=Kind.TEXT,
        help="One for each app, separated by spaces: take out those of apps that you do not use.",
        min_length=1,
        max_length=2000,
    )
