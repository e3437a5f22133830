"""One turn of an agent: what the tools gave is told to the model, and what it answers is kept before anything else.

Several items are several talks, which go on side by side; each is stored by itself. A turn that is tried again, and an
execution that goes on from one that failed, find the answers that were there, and ask for none of them twice.
"""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from decimal import Decimal
from typing import Any, Final, cast

from functions.nodes.ai.agent.asking import Asking
from functions.nodes.ai.agent.calls import MOST_AT_ONCE, REFUSED, Tools, arguments_of, hear, known_by, refusal_of
from functions.nodes.ai.agent.errors import AgentLimit, limit_reached
from functions.nodes.ai.agent.spec import Params
from functions.nodes.ai.agent.talks import Call, Talk, Talks, about
from stepweave.model.items import Batch, Item, item
from stepweave.model.step import ASK_TO_GO_ON, AgentCall, AgentLoop, AgentResult
from stepweave.runtime import Step
from stepweave.runtime.errors import DataMissing, NodeError
from stepweave.runtime.placing import placed
from stepweave.runtime.results import stored
from stepweave_ai.keeping import kept
from stepweave_ai.steps import Models
from stepweave_ai.talking import Message, ToolResult

MOST_STEPS: Final = 1_500
"""Turns of one execution: each writes about ten events into its history, which has 25,000."""


class Turn:
    """One turn of all talks that are at work."""

    def __init__(self, step: Step[Params]) -> None:
        self._step = step
        self._loop = cast("AgentLoop", step.control.loop)
        self._number = self._loop["round"] + 1 if "round" in self._loop else 0
        self._execution = step.context["executionId"]
        self._talks = Talks(step)
        self._tools = Tools(self._loop["tools"])
        self._models = Models(step)
        self._asking = Asking(step, self._models, self._tools)
        self._params = [step.params(index) for index in range(len(step.items()))]
        self._all: list[Talk] = []

    def take(self) -> dict[str, list[Item]]:
        """Return what the agent ends with; nothing where it calls tools.

        Raises:
            NodeError: a talk failed, and the agent does not go on after errors or is tried again.
        """
        self._all = [self._talk(index, params) for index, params in enumerate(self._params)]
        self._models.carry(sum(talk.tokens for talk in self._all), sum((talk.spent for talk in self._all), Decimal(0)))
        self._hear()
        self._remember()
        self._ask()
        if all(talk.ended for talk in self._all):
            return self._given()
        if self._number >= MOST_STEPS:
            raise AgentLimit(
                f"The agent has taken {MOST_STEPS:,} turns in this execution.",
                "Give it fewer items at a time: put it into a Loop.",
            )
        self._call()
        return {}

    def _talk(self, index: int, params: Params) -> Talk:
        """Return an item's talk: the one that is stored, or a new one."""
        files = [row.file for row in params.files]
        known = about(params.prompt, files)
        talk = self._talks.find(index)
        if talk is None or talk.about != known:
            return Talk(known, since=time.time())
        if talk.execution != self._execution and self._number == 0:
            if talk.ended and not talk.unremembered:
                return Talk(known, since=time.time())
            self._step.log("info", f"Goes on after turn {talk.turns} of an execution that failed.")
            talk.since = time.time()
        return talk

    def _done(self, talk: Talk) -> bool:
        """Return whether this turn of a talk was taken before: the step is tried again."""
        return talk.is_at(self._execution, self._number)

    def _hear(self) -> None:
        """Tell the talks what came of their calls, and store that, whatever becomes of the turn."""
        results = {result["id"]: result for result in self._loop.get("results", ())}
        # A call's id begins with its item's place: what was called before a talk began is of one that is gone.
        if any(self._all[int(id.partition(".")[0])].turns == 0 for id in results):
            raise DataMissing("What the agent was told so far is no longer stored.", "Run the workflow again.")
        now = time.time()
        for index, talk in enumerate(self._all):
            if talk.ended or talk.heard or not talk.pending or self._done(talk):
                continue
            if not all(call.result is not None or call.id in results for call in talk.pending):
                # Of an execution before this one: they are called now.
                self._asking.check_limit(self._params[index], talk)
                continue
            if talk.pending[0].tool == ASK_TO_GO_ON:
                self._let_go_on(index, talk, results[talk.pending[0].id])
                continue
            asked = self._listen(talk, results, self._params[index].most_result)
            if not asked:  # time in which a person decides does not count
                talk.seconds += max(0.0, now - talk.since)
            talk.since, talk.heard = now, True
            said = [ToolResult(call.given, call.result or "", call.is_error) for call in talk.pending]
            talk.messages.append(kept(Message("user", said)))
            self._talks.store(index, talk)

    def _let_go_on(self, index: int, talk: Talk, result: AgentResult) -> None:
        """Take what a person said to whether a talk may go on. Raises AgentLimit where it may not."""
        talk.since, talk.pending = time.time(), []
        decided = result.get("decision")
        if decided is not None:
            talk.granted += 1
            self._step.log("info", f"{decided.get('decidedBy', '')} lets it go on.")
            self._talks.store(index, talk)
            return
        told = refusal_of(result)
        error = limit_reached(told["message"].removesuffix("."), {"turns": talk.turns})
        if not self._goes_on_after(index, error):
            raise error
        self._talks.store(index, talk)

    def _goes_on_after(self, index: int, error: NodeError) -> bool:
        """Return whether a talk's error becomes an error item, which it then ends with."""
        error.item = index
        if not self._step.kept.goes_on_after(error):
            return False
        self._step.log("error", f"Item {index}: {error.message}", error.to_json())
        talk = self._all[index]
        talk.ended, talk.unremembered, talk.error = True, False, cast("dict[str, Any]", error.to_json())
        return True

    def _listen(self, talk: Talk, results: dict[str, AgentResult], most: int) -> bool:
        """Take what came of a talk's calls; return whether a person was asked about one."""
        asked = False
        for place, call in enumerate(talk.pending):
            if call.result is not None:
                continue
            result = results[call.id]
            step = hear(call, result, self._items(result), most)
            talk.steps.append(step)
            asked = asked or "decidedBy" in step
            error = step.get("error")
            if error is not None and error["type"] == REFUSED:
                talk.refused.append(known_by(call.name, arguments_of(call)))
            cut_off = result["error"].get("cutOff") if "error" in result else None
            if error is not None and (cut_off or call.is_error):
                words = f"{call.name}: {error['message']}"
                self._step.telling.log("warning", words, error, cut_off=cut_off, iteration=self._place(place, cut_off))
        return asked

    def _place(self, place: int, cut_off: list[str] | None) -> str | None:
        """Return the round of a call of the turn before; None where nothing was cut off there."""
        around = self._step.control.iteration
        return f"{around}.{self._number - 1}.{place}".lstrip(".") if cut_off else None

    def _items(self, result: AgentResult) -> list[Item]:
        tenant = self._step.context["tenantId"]
        batches: list[Batch] = result.get("batches", [])
        return [one for batch in batches for one in self._step.control.claims.fetch(batch, tenant)]

    def _remember(self) -> None:
        """Have those talks remembered that have an answer since an attempt or an execution before. Raises NodeError."""
        for index, talk in enumerate(self._all):
            if talk.unremembered and (error := self._unremembered(index)) is not None:
                self._failed({index: error})

    def _unremembered(self, index: int) -> NodeError | None:
        """Have a talk remembered that has an answer; return why it could not be."""
        talk = self._all[index]
        if talk.unremembered and self._params[index].memory:
            try:
                self._asking.remember(index, self._params[index], talk)
            except NodeError as error:
                return error
            self._talks.store(index, talk)
        return None

    def _failed(self, failed: dict[int, NodeError]) -> None:
        """Make error items of failures where the agent goes on after them. Raises the first of the others."""
        left = {index: error for index, error in failed.items() if not self._goes_on_after(index, error)}
        for index in failed.keys() - left.keys():
            self._store(index)
        if left:
            raise left[min(left)]

    def _active(self) -> list[int]:
        """Return the talks whose turn it is: the first ones that have no answer yet."""
        left = [index for index, talk in enumerate(self._all) if not talk.ended]
        # Items may be of one remembered talk, where each must see the answer of the one before.
        return left[: 1 if self._step.constant("memory") else int(self._step.constant("concurrency"))]

    def _ask(self) -> None:
        """Ask the model for each talk whose turn it is, and store each answer at once. Raises NodeError."""
        waiting = [index for index in self._active() if not self._done(self._all[index]) and self._is_asked(index)]
        if not waiting:
            return
        room = self._room(len(waiting))
        failed = {index: error for index, error in self._at_once(waiting, room) if error is not None}
        self._failed(failed)

    def _is_asked(self, index: int) -> bool:
        talk = self._all[index]
        return not talk.pending or talk.heard

    def _room(self, talks: int) -> int:
        """Return how many calls each of some talks may make in this turn."""
        left = self._loop["most"] - sum(talk.calls for talk in self._all)
        return max(0, min(MOST_AT_ONCE, left // talks))

    def _at_once(self, waiting: list[int], room: int) -> Iterator[tuple[int, NodeError | None]]:
        def one(index: int) -> NodeError | None:
            talk = self._all[index]
            try:
                self._asking.turn(index, self._params[index], talk, room)
            except NodeError as error:
                self._talks.store(index, talk)  # what was paid is kept
                return error
            self._store(index)
            return self._unremembered(index)

        if len(waiting) == 1:
            yield waiting[0], one(waiting[0])
            return
        with ThreadPoolExecutor(len(waiting)) as pool:
            asked: list[tuple[int, Future[NodeError | None]]] = [
                (index, pool.submit(copy_context().run, one, index)) for index in waiting
            ]
            for index, future in asked:
                yield index, future.result()

    def _store(self, index: int) -> None:
        talk = self._all[index]
        talk.execution, talk.at = self._execution, self._number
        self._talks.store(index, talk)

    def _call(self) -> None:
        """Say which tools are to be called."""
        control = self._step.control
        calls = [call for index in self._active() for call in self._pending(index)]
        items = [item(arguments_of(call)) for call in calls]
        inputs = {str(at): [one] for at, one in enumerate(items)}
        batches = stored(inputs, control.claims, control.key("call"), control.inline_limit)
        made: list[AgentCall] = [
            {"id": call.id, "tool": call.tool, "input": batches[str(at)]} for at, call in enumerate(calls)
        ]
        control.extra |= {"round": self._number, "talk": {"items": len(self._all)}, "calls": made}
        control.suspend()

    def _pending(self, index: int) -> list[Call]:
        talk = self._all[index]
        return [] if talk.heard else [call for call in talk.pending if call.result is None]

    def _given(self) -> dict[str, list[Item]]:
        """Return the items with their answers, in their order."""
        given: dict[str, list[Item]] = {}
        for index, (source, talk) in enumerate(zip(self._step.items(), self._all, strict=True)):
            if talk.error is not None:
                port = self._step.control.failure_port or "main"
                (failed,) = self._step.made_of(
                    source, [item({**source["json"], "error": talk.error}, source.get("binary"))]
                )
                given.setdefault(port, []).append(failed)
                continue
            params = self._params[index]
            answered = placed(source, params.output_field, talk.answer)
            if params.steps:
                answered = placed(answered, "steps", talk.steps)
            given.setdefault("main", []).extend(self._step.made_of(source, [answered]))
        return given
