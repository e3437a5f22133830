"""The GitHub node as a value."""

from stepweave.spec.operation_forms import app_node, operations_in
from stepweave.spec.operations import App, LinkHeader, OptionsRequest, RateLimit, RequestSpec

REPOSITORIES = OptionsRequest(
    name="repositories",
    # The list of a user's repositories has no private ones, an organisation's is another: the search has all.
    request=RequestSpec(
        "GET",
        "/search/repositories",
        query=(("q", "{search} in:name user:{owner} fork:true"), ("sort", "updated")),
    ),
    items="items",
    paging=LinkHeader(size_query="per_page", size=50),
    value="name",
    detail="description",
)

LABELS = OptionsRequest(
    name="labels",
    request=RequestSpec("GET", "/repos/{owner}/{repository}/labels"),
    paging=LinkHeader(size_query="per_page", size=100),
    value="name",
    detail="description",
)

APP = App(
    base_url="https://api.github.com",
    credential=("github_token", "github_oauth2"),
    operations=operations_in(__package__),
    options=(REPOSITORIES, LABELS),
    headers=(("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")),
    rate_limit=RateLimit(statuses=(403, 429), remaining="x-ratelimit-remaining", reset="x-ratelimit-reset"),
)

DOCS = """\
Works with repositories at GitHub: issues, comments, pull requests, reviews, releases, files, commits and Actions.

**Files.** *Get* puts a file into `binary.data`; *Save* writes a text, or one of the item's files of up to 30 MB
(`DataTooLarge` beyond).

**Example.** Issue, Create: owner `octocat`, repository `hello-world`, title `Order {{ $json.id }} failed`.
"""

SPEC = app_node(
    APP,
    type="github",
    name="GitHub",
    icon="git-branch",
    summary="Works with issues, pull requests, releases and files, and runs Actions.",
    docs=DOCS,
)
