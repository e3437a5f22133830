"""A GitHub on loopback: repositories with webhooks and issues, which tests and the browser's tests ask for."""

import json
from typing import Any

from tests.fakes.web import Exchange, Web

BASE_URL = "https://api.github.com"


class GitHub:
    """Repositories of `octocat`. `hooks` has all webhooks by id, `issues` what was opened, in order.

    `refuses[repository]` is the status that its list of webhooks answers an attempt to make one with.
    """

    def __init__(self, web: Web) -> None:
        self.web = web
        self.hooks: dict[int, dict[str, Any]] = {}
        self.issues: list[dict[str, Any]] = []
        self.refuses: dict[str, int] = {}

    def opens(self, repository: str) -> None:
        """Have a repository."""
        self.web.routes[f"/repos/octocat/{repository}/hooks"] = lambda exchange: self._all(exchange, repository)
        self.web.routes[f"/repos/octocat/{repository}/issues"] = lambda exchange: self._issues(exchange, repository)

    def of(self, repository: str) -> list[dict[str, Any]]:
        """Return the webhooks of a repository."""
        return [hook for hook in self.hooks.values() if hook["repository"] == repository]

    def keep(self, repository: str, asked: bytes) -> int:
        """Have a webhook as it is asked for. Returns its id."""
        id = len(self.hooks) + 100
        self.hooks[id] = {"id": id, "repository": repository, **json.loads(asked)}
        self.web.routes[f"/repos/octocat/{repository}/hooks/{id}"] = lambda exchange: self._one(exchange, id)
        return id

    def _all(self, exchange: Exchange, repository: str) -> None:
        if exchange.asked.method == "GET":
            answer(exchange, self.of(repository))
        elif repository in self.refuses:
            answer(exchange, {"message": "You may not"}, self.refuses[repository])
        else:
            answer(exchange, {"id": self.keep(repository, exchange.asked.body)}, 201)

    def _one(self, exchange: Exchange, id: int) -> None:
        exchange.answer(204 if self.hooks.pop(id, None) else 404)

    def _issues(self, exchange: Exchange, repository: str) -> None:
        asked = json.loads(exchange.asked.body)
        if asked["title"].startswith("Status "):
            status = int(asked["title"].removeprefix("Status "))
            answer(exchange, {"message": f"It says {status}"}, status)
            return
        made = {"number": len(self.issues) + 1, "title": asked["title"], "repository": repository}
        self.issues.append(made)
        answer(exchange, made, 201)


def answer(exchange: Exchange, data: Any, status: int = 200) -> None:
    """Answer with JSON."""
    exchange.answer(status, json.dumps(data).encode(), content_type="application/json")
