"""What a model is asked in a turn, and what its answer means: tools to call, or the end."""

import time
from dataclasses import replace
from typing import Any, Final

from functions.nodes.ai.agent.calls import Tools, check_stuck, to_go_on
from functions.nodes.ai.agent.errors import limit_reached
from functions.nodes.ai.agent.spec import Params
from functions.nodes.ai.agent.talks import Talk
from stepweave.model.json_text import write
from stepweave.runtime import Step
from stepweave_ai.attaching import files_of
from stepweave_ai.checking import check_of, schema_of
from stepweave_ai.errors import SpendingLimit
from stepweave_ai.keeping import kept, read
from stepweave_ai.remembering import Memory
from stepweave_ai.steps import Models, Way
from stepweave_ai.structured import read_json
from stepweave_ai.talking import Answer, Message, Request, Stop, Text, Tool
from stepweave_ai.tool_calls import taking_turns

_LAST: Final = "This is your last turn: no tool can be called any more. Answer now, with what you know."
_AS_JSON: Final = "Now give your answer as JSON."
_SAY: Final = "Give your answer in words now."


class Asking:
    """Asks for one turn.

    Args:
        step: the step.
        models: of its accounts.
        tools: that may be called.
    """

    def __init__(self, step: Step[Params], models: Models, tools: Tools) -> None:
        self._step, self._models, self._tools = step, models, tools

    def turn(self, index: int, params: Params, talk: Talk, room: int) -> None:
        """Ask the model once, and take its answer into the talk.

        Args:
            index: of the item.
            params: of the item.
            talk: of the item.
            room: how many tools may be called.

        Raises:
            NodeError: what `Models` raises; AgentLimit, AgentStuck.
        """
        if params.memory and talk.turns == 0:
            talk.remembered = [kept(message) for message in self._memory(index, params).before()]
        try:
            reached = self.check_limit(params, talk)
            if reached and params.on_limit == "ask":
                talk.pending, talk.heard = [to_go_on(f"{index}.{talk.turns}", reached)], False
                return
            is_last = reached != "" or talk.turns + 1 >= _most(params, talk)
            no_tools = room <= 0 or (is_last and params.on_limit == "answer")
            answer = self._asked(index, params, talk, last=no_tools)
            self._answered(index, params, talk, answer, 0 if no_tools else room, is_last=is_last)
        except SpendingLimit:
            if params.on_limit != "answer" or talk.turns == 0:
                raise
            self._end_with_what_there_is(index, talk, "what it may spend is spent")
        talk.unremembered = talk.ended and params.memory

    def remember(self, index: int, params: Params, talk: Talk) -> None:
        """Have what was asked and answered remembered. Raises StoreUnavailable, MemoryFull: it is tried again then."""
        answer = talk.answer if isinstance(talk.answer, str) else write(talk.answer)
        self._memory(index, params).after(params.prompt, answer)
        talk.unremembered = False

    def _memory(self, index: int, params: Params) -> Memory:
        return Memory(self._step, self._models, params, index)

    def check_limit(self, params: Params, talk: Talk) -> str:
        """Return the limit that a talk has reached, in words; "" for none. Raises AgentLimit where the agent fails."""
        seconds = params.most_seconds and params.most_seconds * (1 + talk.granted)
        if talk.turns >= (most := _most(params, talk)):
            reason = f"it has used its {most} turns"
            details: dict[str, Any] = {"turns": talk.turns, "mostTurns": most}
        elif seconds is not None and talk.seconds >= seconds:
            reason = f"it has worked for {talk.seconds:.0f} seconds, and may for {seconds:g}"
            details = {"seconds": round(talk.seconds, 1), "mostSeconds": seconds}
        else:
            return ""
        if params.on_limit != "fail":
            return reason
        raise limit_reached(reason, details)

    def _asked(self, index: int, params: Params, talk: Talk, *, last: bool) -> Answer:
        request = self._request(index, params, talk, last=last)
        begun = time.monotonic()
        try:
            answer = self._models.answer(request, Way.of(index, params))
        finally:
            self._pay(index, talk)
        talk.turns += 1
        self._tell(talk, answer, time.monotonic() - begun)
        return answer

    def _pay(self, index: int, talk: Talk) -> None:
        """Count what was used for an item since this was asked last."""
        tokens, money = self._models.spent_for(index)
        talk.tokens += tokens
        talk.money = str(talk.spent + money)

    def _request(self, index: int, params: Params, talk: Talk, *, last: bool) -> Request:
        files = files_of(params.files, self._step.items()[index], self._step.open_file)
        prompt = Message("user", [*files, Text(params.prompt)])
        messages = [*map(read, talk.remembered), prompt, *map(read, talk.messages)]
        if last and messages[-1] is not prompt:
            messages.append(Message("user", [Text(_LAST)]))
        tools = [] if last else [Tool(one["name"], one["description"], one["parameters"]) for one in self._tools.told]
        return Request(
            model=params.model.strip(),
            messages=taking_turns(messages),
            system=params.system,
            temperature=params.temperature,
            most_tokens=params.most_tokens,
            tools=tools,
        )

    def _answered(self, index: int, params: Params, talk: Talk, answer: Answer, room: int, *, is_last: bool) -> None:
        """Take an answer into the talk. Raises AgentLimit, AgentStuck where it wants tools and may not go on."""
        talk.messages.append(kept(Message("assistant", [*_words(answer), *answer.calls])))
        talk.pending, talk.heard = [], False
        if not answer.calls:
            self._end(index, params, talk, answer)
            return
        for place, call in enumerate(answer.calls):
            made = self._tools.call(call, f"{index}.{talk.turns}.{place}", talk, room)
            room -= bool(made.tool)
            talk.calls += bool(made.tool)
            talk.pending.append(made)
        if is_last and params.on_limit == "answer":
            self._end_with_what_there_is(index, talk, "it was told to answer, and wanted tools")
        else:
            self.check_limit(params, talk)
            check_stuck(talk.pending)

    def _end(self, index: int, params: Params, talk: Talk, answer: Answer) -> None:
        if params.output == "json":
            talk.answer = self._as_json(index, params, talk, answer.text)
        elif not answer.text.strip() and talk.turns < _most(params, talk) and not _was_told(talk):
            talk.messages[-1:] = [kept(Message("user", [Text(_SAY)]))]
            return
        else:
            talk.answer = answer.text
            if answer.stop is Stop.LENGTH:
                said = f"The answer of {answer.model} was cut: it reached the most tokens that it may have."
                self._step.log("warning", said)
        talk.ended = True

    def _as_json(self, index: int, params: Params, talk: Talk, text: str) -> Any:
        """Return the answer as JSON that keeps to the schema, asked for once more where it does not yet.

        Raises:
            AnswerInvalid: it does not after all repairs.
        """
        schema = schema_of(params.json_schema)
        value = read_json(text)
        if value is not None and not check_of(schema)(value):
            return value
        request = self._request(index, params, talk, last=False)
        asked = taking_turns([*request.messages, Message("user", [Text(_AS_JSON)])])
        try:
            return self._models.json(
                replace(request, tools=(), messages=asked), Way.of(index, params), params.json_schema, params.repairs
            )
        finally:
            self._pay(index, talk)

    def _end_with_what_there_is(self, index: int, talk: Talk, why: str) -> None:
        said = [part.text for data in talk.messages for part in read(data).parts if isinstance(part, Text)]
        talk.answer, talk.ended = (said[-1] if said else ""), True
        self._step.log("warning", f"Item {index}: the agent ends with what there is, because {why}.")

    def _tell(self, talk: Talk, answer: Answer, seconds: float) -> None:
        """Write into the log what a turn gave."""
        calls = ", ".join(f"{call.name}({call.arguments[:200]})" for call in answer.calls)
        what = f"calls {calls}" if calls else "answers"
        used = {"input": answer.tokens.input, "output": answer.tokens.output, "cached": answer.tokens.cached}
        told = {"turn": talk.turns, "seconds": round(seconds, 2), "tokens": used, "text": answer.text[:2000]}
        self._step.log("info", f"Turn {talk.turns}: {answer.model} {what}", told)


def _most(params: Params, talk: Talk) -> int:
    """Return the turns that a talk may take: as many again each time that a person lets it go on."""
    return params.most_turns * (1 + talk.granted)


def _words(answer: Answer) -> list[Text]:
    return [Text(answer.text)] if answer.text.strip() else []


def _was_told(talk: Talk) -> bool:
    """Return whether the model has been told already to say something."""
    return any(data == kept(Message("user", [Text(_SAY)])) for data in talk.messages)
