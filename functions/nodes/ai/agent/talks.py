"""What an agent keeps of a talk between its turns: one for each of its items, stored after each answer of the model.

A talk lies under the execution that the work began with (`Control.lasting_key`). So an execution that goes on from
one that failed finds it, and asks for no turn again that is paid; and a turn that is tried again finds its answer.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from stepweave.model.json_text import write
from stepweave.runtime import Step
from stepweave.runtime.errors import DataMissing


@dataclass
class Call:
    """A tool that the model wants to be used.

    Attributes:
        id: of the call within the agent's run.
        given: the provider's id of it.
        name: the tool's, as the model calls it.
        arguments: their JSON text, as the model wrote it.
        tool: the id of the node that begins the tool; "" where none is called.
        result: what the model is told, where that is known already.
        is_error: whether that says what is wrong.
        count: how often it was wanted by then, with the same arguments.
    """

    id: str
    given: str
    name: str
    arguments: str
    tool: str = ""
    result: str | None = None
    is_error: bool = False
    count: int = 0


@dataclass
class Talk:
    """An item's talk.

    Attributes:
        about: what it was begun for; another prompt begins another one.
        execution: that the last turn was taken in.
        at: which turn of that execution it was.
        remembered: what was said before, as memory gave it when the talk began.
        messages: what was said since the prompt (`stepweave_ai.keeping`).
        pending: what the last answer calls.
        heard: whether what came of that is among `messages`.
        turns: how many there were.
        calls: how many tools were called.
        tokens: used so far.
        money: spent so far, in US dollars, as decimal text.
        seconds: taken so far: from turn to turn, left out where a person was asked.
        since: when the last turn ended, in seconds since 1970.
        granted: how often a person has let it go on beyond its limits.
        counts: how often each call was made, by tool and arguments.
        refused: the calls that a person refused, likewise.
        steps: what was done, for people.
        ended: whether there is an answer, or an error.
        unremembered: whether memory has not been told of it yet.
        answer: text, or JSON data where that is wanted.
        error: what an error item holds.
    """

    about: str
    execution: str = ""
    at: int = -1
    remembered: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    pending: list[Call] = field(default_factory=list)
    heard: bool = False
    turns: int = 0
    calls: int = 0
    tokens: int = 0
    money: str = "0"
    seconds: float = 0.0
    since: float = 0.0
    granted: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    ended: bool = False
    unremembered: bool = False
    answer: Any = None
    error: dict[str, Any] | None = None

    @property
    def spent(self) -> Decimal:
        """The money spent, in US dollars."""
        return Decimal(self.money)

    def is_at(self, execution: str, number: int) -> bool:
        """Return whether the turn of that number was taken in that execution."""
        return self.execution == execution and self.at == number

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Talk":
        """Return a talk that was stored."""
        return cls(**{**data, "pending": [Call(**call) for call in data["pending"]]})


def about(prompt: str, files: object) -> str:
    """Return what a talk is known by: a digest of its prompt and the files it names."""
    return hashlib.sha256(write([prompt, files]).encode()).hexdigest()


class Talks:
    """The stored talks of one agent."""

    def __init__(self, step: Step[Any]) -> None:
        self._tenant = step.context["tenantId"]
        self._claims = step.control.claims
        self._key_of = step.control.lasting_key

    def find(self, index: int) -> Talk | None:
        """Return the talk of an item; None where there is none. Raises StorageUnavailable."""
        try:
            found = self._claims.fetch_json(self._claims.bucket, self._key(index), self._tenant)
        except DataMissing:
            return None
        return Talk.of(found)

    def store(self, index: int, talk: Talk) -> None:
        """Store the talk of an item. Raises StorageUnavailable."""
        self._claims.store_json(self._key(index), asdict(talk))

    def _key(self, index: int) -> str:
        return self._key_of(f"talk-{index}.json")
