"""The GitHub node as a value."""

from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import App, RateLimit

APP = App(
    base_url="https://api.github.com",
    credential="github_token",
    operations=operations_in(__package__),
    headers=(("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")),
    rate_limit=RateLimit(statuses=(403, 429), remaining="x-ratelimit-remaining", reset="x-ratelimit-reset"),
)

DOCS = """\
Works with repositories at GitHub: issues, comments and files.

**Example.** Issue, Create: owner `octocat`, repository `hello-world`, title `Order {{ $json.id }} failed`.
"""

SPEC = app_node(
    APP,
    type="github",
    name="GitHub",
    icon="git-branch",
    summary="Opens, reads and lists issues, comments on them, and saves files.",
    docs=DOCS,
)
