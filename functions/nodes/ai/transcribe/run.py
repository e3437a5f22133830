"""Writes down what is said in the items' recordings."""

from typing import Any

from functions.nodes.ai.transcribe.recording import recording_of
from functions.nodes.ai.transcribe.spec import Params
from functions.nodes.ai.transcribe.subtitles import subtitles
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.placing import placed


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items with what is said."""
    # Imported here: what talks to providers costs more than the rest of the function.
    from stepweave_ai.services import Services

    services = Services(step)

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        model, file = params.model.strip(), recording_of(params.file, entry.item, step.open_file)
        given = {"language": params.language, "prompt": params.prompt, "temperature": params.temperature}
        settings = {name: value for name, value in given.items() if value not in ("", None)}
        timed = params.output != "text"
        found = services.ask(
            lambda asked, seconds: asked.transcribe(model, file, settings, timed=timed, seconds=seconds)
        )
        services.pay(model, found.tokens, found.billed_seconds)
        return [placed(entry.item, params.output_field, _given(params, found))]

    return step.each(work, concurrency=int(step.constant("concurrency")))


def _given(params: Params, found: Any) -> Any:
    if params.output == "text":
        return found.text
    if params.output == "srt":
        return subtitles(found.segments)
    segments = [{"start": one.start, "end": one.end, "text": one.text} for one in found.segments]
    return {"text": found.text, "language": found.language, "seconds": found.seconds, "segments": segments}
