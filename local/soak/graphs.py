"""Random workflows of real nodes that fail at random places: before they wait, while they wait, in loops, in retries.

Each follows from a number alone, so that one that was found can be made again.
"""

import random
from typing import Any, Final

NO_WORKFLOW: Final = "00000000-0000-4000-8000-000000000000"
NOBODY_LISTENS: Final = "http://127.0.0.1:9/"
_BREAKS: Final = "if ($input.first().json.n % 3 === 2) throw new Error('broken'); return $input.all()"
_GOES_ON: Final = "return $input.all().map(({json}) => ({json: {...json, n: (json.n ?? 0) + 1}}))"


def children() -> dict[str, dict[str, Any]]:
    """Return the workflows that the random ones call: one that works, one that fails, one that takes too long."""
    return {
        "works": _called([_node("x", "code", {"code": _GOES_ON})]),
        "fails": _called([_node("x", "stop_and_error", {"message": "no stock"})]),
        "lasts": _called([_node("x", "wait", {"mode": "duration", "amount": 10, "unit": "minutes"})]),
    }


def graph(number: int, called: dict[str, str], demo: str) -> dict[str, Any]:
    """Return the workflow of a number.

    Args:
        number: its seed.
        called: the ids of `children`, once they are published.
        demo: the address of the demo service.
    """
    return _Growing(random.Random(number), called, demo).workflow(number)  # noqa: S311 - not for secrets


class _Growing:
    def __init__(self, draw: random.Random, called: dict[str, str], demo: str) -> None:
        self.draw = draw
        self.called = called
        self.demo = demo
        self.nodes = [_node("t", "manual_trigger", {})]
        self.edges: list[dict[str, Any]] = []

    def workflow(self, number: int) -> dict[str, Any]:
        self._region([("t", "main")], self.draw.randint(2, 7), 0)
        settings = {"mode": "standard"}
        return {"schema": 1, "name": f"soak {number}", "nodes": self.nodes, "edges": self.edges, "settings": settings}

    def _region(self, sources: list[tuple[str, str]], count: int, depth: int) -> list[tuple[str, str]]:
        """Add nodes behind sources; return the ports of those that were added right here."""
        here: list[tuple[str, str]] = []
        while count > 0:
            loop = depth < 2 and count > 1 and self.draw.random() < 0.25
            type, params, ports = self._loop() if loop else self.draw.choice(self._kinds())()
            settings: dict[str, Any] = {"onError": self.draw.choice(["stop", "continue", "branch", "branch"])}
            if not loop and self.draw.random() < 0.3:
                settings["retry"] = {"maxAttempts": 2, "intervalSeconds": 1}
            id = f"n{len(self.nodes)}"
            self.nodes.append(_node(id, type, params, settings))
            for source, port in self.draw.sample(sources + here, min(len(sources + here), self.draw.randint(1, 2))):
                self._connect(source, port, id, "first" if type == "merge" else "main")
            here += [(id, port) for port in (*ports, *(["error"] if settings["onError"] == "branch" else []))]
            count -= 1
            if loop:
                size = self.draw.randint(1, min(3, count))
                count -= size
                body = self._region([(id, "loop")], size, depth + 1)
                least = 1 if params["mode"] == "repeat" else 0
                for source, port in self.draw.sample(body, min(len(body), self.draw.randint(least, 2))):
                    self._connect(source, port, id, "back")
        return here

    def _connect(self, source: str, port: str, target: str, target_port: str) -> None:
        edge = {"source": source, "sourcePort": port, "target": target, "targetPort": target_port}
        self.edges.append({"id": f"e{len(self.edges)}", **edge})

    def _kinds(self) -> list[Any]:
        return [self._code, self._fields, self._call, self._call, self._approval, self._wait, self._request, self._mail]

    def _loop(self) -> tuple[str, dict[str, Any], list[str]]:
        if self.draw.random() < 0.5:
            params = {"mode": "each", "batchSize": self.draw.randint(1, 2), "concurrency": self.draw.randint(1, 2)}
            return "loop", params, ["done"]
        return "loop", {"mode": "repeat", "maxRounds": 2, "until": []}, ["done"]

    def _code(self) -> tuple[str, dict[str, Any], list[str]]:
        return "code", {"code": self.draw.choice([_BREAKS, _GOES_ON])}, ["main"]

    def _fields(self) -> tuple[str, dict[str, Any], list[str]]:
        value = self.draw.choice(["{{ $json.n + 1 }}", "{{ $json.none.deeper }}"])
        return "set_fields", {"assignments": [{"name": "n", "type": "number", "value": value}]}, ["main"]

    def _call(self) -> tuple[str, dict[str, Any], list[str]]:
        workflow = self.draw.choice([*self.called.values(), NO_WORKFLOW])
        params = {"workflowId": workflow, "wait": self.draw.random() < 0.8, "timeoutSeconds": self.draw.randint(2, 6)}
        return "execute_workflow", params, ["main"]

    def _approval(self) -> tuple[str, dict[str, Any], list[str]]:
        approvers = self.draw.choice(["", "nobody", "{{ $json.none.mail }}"])
        params = {"title": "May it?", "approvers": approvers, "limitSeconds": self.draw.randint(1, 3)}
        return "approval", params, ["approved", "timedOut"]

    def _wait(self) -> tuple[str, dict[str, Any], list[str]]:
        if self.draw.random() < 0.4:
            return "wait", {"mode": "callback", "limitSeconds": self.draw.randint(1, 3)}, ["timeout"]
        until = self.draw.choice(["2020-01-01T00:00Z", "soon", "{{ $json.none.at }}", "9999-12-31T00:00Z"])
        return "wait", {"mode": "until", "until": until}, ["main"]

    def _request(self) -> tuple[str, dict[str, Any], list[str]]:
        url = self.draw.choice([NOBODY_LISTENS, f"{self.demo}/echo", f"{self.demo}/status/500", "{{ $json.none.url }}"])
        return "http_request", {"url": url, "timeoutSeconds": 5}, ["main"]

    def _mail(self) -> tuple[str, dict[str, Any], list[str]]:
        return "email", {"credential": NO_WORKFLOW, "to": "ada@example.com", "subject": "x", "text": "x"}, ["main"]


def _called(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    edge = {"id": "e", "source": "c", "sourcePort": "main", "target": "x", "targetPort": "main"}
    return {"schema": 1, "name": "called", "nodes": [_node("c", "workflow_trigger", {}), *nodes], "edges": [edge]}


def _node(id: str, type: str, params: dict[str, Any], settings: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"id": id, "type": type, "version": 1, "name": id, "params": params, "settings": settings or {}}
