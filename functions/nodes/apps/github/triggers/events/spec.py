"""The GitHub trigger as a value."""

from typing import Final, Literal

from functions.nodes.apps.github.spec import APP
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import HTTP_ERRORS
from stepweave.spec.options import OptionsFrom
from stepweave.spec.triggers import credential_field, receiving_trigger

EVERYTHING: Final = "*"
EVENTS: Final = (
    ("push", "Commits were pushed"),
    ("pull_request", "A pull request was opened, changed or closed"),
    ("pull_request_review", "A pull request was reviewed"),
    ("issues", "An issue was opened, changed or closed"),
    ("issue_comment", "Somebody commented on an issue or a pull request"),
    ("release", "A release was published or changed"),
    ("create", "A branch or a tag was made"),
    ("delete", "A branch or a tag was deleted"),
    ("fork", "The repository was forked"),
    ("star", "A star was given or taken"),
    ("workflow_run", "A workflow of GitHub Actions ran"),
    ("deployment_status", "A deployment has a new status"),
    (EVERYTHING, "Everything"),
)


class Event(NodeParams):
    """One kind of event."""

    event: Literal[
        "push",
        "pull_request",
        "pull_request_review",
        "issues",
        "issue_comment",
        "release",
        "create",
        "delete",
        "fork",
        "star",
        "workflow_run",
        "deployment_status",
        "*",
    ] = ui("push", title="Event", kind=Kind.SELECT, expression=False, options=EVENTS)


class Params(NodeParams):
    """Which repository, and what of it."""

    credential: str = credential_field(APP.credential)
    owner: str = ui(
        ...,
        title="Owner",
        kind=Kind.TEXT,
        expression=False,
        placeholder="octocat",
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9_.-]+$",
    )
    repository: str = ui(
        ...,
        title="Repository",
        kind=Kind.TEXT,
        expression=False,
        placeholder="hello-world",
        options_from=OptionsFrom("repositories", needs=("credential", "owner"), searches=True),
        min_length=1,
        max_length=100,
        pattern=r"^[A-Za-z0-9_.-]+$",
    )
    events: list[Event] = ui(
        ..., title="Events", kind=Kind.COLLECTION, help="Any of these starts the workflow.", min_length=1, max_length=13
    )


DOCS = """\
Starts the workflow when something happens in a repository. Publishing makes a webhook there, with a secret of its own;
unpublishing deletes it again. The credential needs the permission *Webhooks* (read and write) for the repository, a
classic token the scope `admin:repo_hook`.

**Output.** One item for each event: `event`, `action` (what happened, where the event says so), `delivery` (GitHub's id
of it), and all that GitHub tells, as `payload`.

**Once.** GitHub signs what it sends, and what is not signed with the webhook's secret is refused. A delivery that comes
again, also by *Redeliver* at GitHub, starts nothing again.

**Errors.** They arise when publishing, which then changes nothing. `RepositoryMissing` when there is no such repository
for this token; `HttpClientError` when GitHub refuses the token or the webhook; `HttpRateLimited`, `HttpServerError`,
`RequestTimeout` when it cannot answer now; `ResponseInvalid`, `ResponseTooLarge`, `TooManyRedirects` when what answers
is not GitHub.

**Example.** Owner `octocat`, repository `hello-world`, event *An issue was opened, changed or closed*; then *If*
`{{ $json.action }}` equals `opened`.
"""

SPEC = receiving_trigger(
    APP,
    type="github_trigger",
    name="GitHub trigger",
    icon="git-branch",
    summary="Starts the workflow when something happens in a GitHub repository.",
    docs=DOCS,
    params=Params,
    subtitle="{owner}/{repository}",
    errors=("RepositoryMissing", *HTTP_ERRORS),
    output_example=(
        {
            "event": "issues",
            "action": "opened",
            "delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
            "payload": {
                "action": "opened",
                "issue": {"number": 7, "title": "It breaks", "html_url": "https://github.com/octocat/hello-world/7"},
                "repository": {"full_name": "octocat/hello-world"},
                "sender": {"login": "octocat"},
            },
        },
    ),
)
