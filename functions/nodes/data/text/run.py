"""Works on one text for each item. What only some operations need is imported by them: a cold start has one."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from functions.nodes.data.text.errors import TemplateInvalid
from functions.nodes.data.text.spec import Params
from stepweave.model.items import Item
from stepweave.model.numbers import data_text
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import DataTooLarge, PatternInvalid, ValueMismatch
from stepweave.runtime.placing import invalid, placed, shown

_ESCAPES: Final = {"\\n": "\n", "\\t": "\t", "\\r": "\r", "\\\\": "\\"}
_MOST_CHARACTERS: Final = 20_000_000


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, or one for each part."""

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        value = _WORK[params.operation](entry)
        values = value if params.operation == "split" and params.as_items else [value]
        keep = params.keep_other_fields
        return [placed(entry.item, params.output_field, one, keep=keep) for one in values]

    return step.each(work)


def _split(entry: Entry[Params]) -> list[str]:
    params = entry.params
    if params.by == "pattern":
        from stepweave.expressions.patterns import divided

        parts = _by_pattern("pattern", lambda: divided(params.pattern, params.text, ignore_case=params.ignore_case))
    else:
        separator = _unescaped(params.separator)
        if not separator:
            parts = list(params.text)
        elif params.ignore_case:
            parts = re.split(re.escape(separator), params.text, flags=re.IGNORECASE)
        else:
            parts = params.text.split(separator)
    parts = [part.strip() for part in parts] if params.trim_parts else parts
    return [part for part in parts if part] if params.drop_empty else parts


def _join(entry: Entry[Params]) -> str:
    params = entry.params
    if not isinstance(params.list, list):
        raise ValueMismatch(
            f"{shown(params.list)} is no list.", "Give a list, as {{ $json.tags }}.", details={"field": "params.list"}
        )
    parts = [data_text(part) for part in params.list]
    parts = [part for part in parts if part] if params.drop_empty else parts
    return _unescaped(params.separator).join(parts)


def _replace(entry: Entry[Params]) -> str:
    params = entry.params
    if params.by == "pattern":
        from stepweave.expressions.patterns import replaced_in

        text: str = _by_pattern(
            "pattern",
            lambda: replaced_in(
                params.pattern,
                params.text,
                params.replacement,
                ignore_case=params.ignore_case,
                everywhere=params.everywhere,
            ),
        )
        return text
    if not params.find:
        raise invalid("find", "There is nothing to find.", "Write the text that is to be replaced.")
    most, count = (-1 if params.everywhere else 1), params.text.count(params.find)
    if count * len(params.replacement) + len(params.text) > _MOST_CHARACTERS:
        raise DataTooLarge("The text would become too long.", "Replace with a shorter text.")
    if params.ignore_case:
        expression = re.compile(re.escape(params.find), re.IGNORECASE)
        return expression.sub(lambda _: params.replacement, params.text, count=max(most, 0))
    return params.text.replace(params.find, params.replacement, most)


def _extract(entry: Entry[Params]) -> Any:
    params = entry.params
    if params.kind == "pattern":
        from stepweave.expressions.patterns import found_in

        how = {"ignore_case": params.ignore_case}
        matches = _by_pattern("extractPattern", lambda: found_in(params.extract_pattern, params.text, **how))
        found: list[Any] = [match[1] if len(match) > 1 else match[0] for match in matches]
    else:
        from functions.nodes.data.text.shaping import extracted

        found = extracted(params.text, params.kind)
    match params.which:
        case "first":
            return found[0] if found else None
        case "last":
            return found[-1] if found else None
        case "distinct":
            return list(dict.fromkeys(found))
    return found


def _template(entry: Entry[Params]) -> str:
    from stepweave.runtime.mustache import TemplateError, render

    try:
        return render(entry.params.template, entry.json, str)
    except TemplateError as error:
        raise TemplateInvalid(
            f"The template cannot be filled in: {error}.", "Mend the template.", details={"field": "params.template"}
        ) from None


def _trim(entry: Entry[Params]) -> str:
    params = entry.params
    strip = {"both": str.strip, "start": str.lstrip, "end": str.rstrip}[params.side]
    return strip(params.text, params.characters or None)


def _slice(entry: Entry[Params]) -> str:
    params = entry.params
    part = params.text[params.start : params.end]
    is_cut = params.end is not None and params.text[params.start :] != part
    return part.rstrip() + params.ellipsis if is_cut and params.ellipsis else part


def _normalize(entry: Entry[Params]) -> str:
    from functions.nodes.data.text.shaping import without_accents

    params = entry.params
    text = without_accents(params.text) if params.drop_accents else params.text
    return unicodedata.normalize(params.normal_form, text)


def _measure(entry: Entry[Params]) -> Any:
    from functions.nodes.data.text.shaping import measured

    measures = measured(entry.params.text)
    return measures if entry.params.unit == "all" else measures[entry.params.unit]


def _pad(entry: Entry[Params]) -> str:
    from functions.nodes.data.text.shaping import padded

    params = entry.params
    return padded(params.text, params.length, params.filler, params.side)


def _case(entry: Entry[Params]) -> str:
    from functions.nodes.data.text.shaping import in_case

    return in_case(entry.params.text, entry.params.case)


def _slug(entry: Entry[Params]) -> str:
    from functions.nodes.data.text.shaping import slug

    return slug(entry.params.text)


def _encode(entry: Entry[Params]) -> str:
    from functions.nodes.data.text.codecs import encoded

    return encoded(entry.params)


def _decode(entry: Entry[Params]) -> str:
    from functions.nodes.data.text.codecs import decoded

    return decoded(entry.params)


def _by_pattern(field: str, ask: Callable[[], Any]) -> Any:
    from stepweave.expressions.patterns import PatternError

    try:
        return ask()
    except PatternError as error:
        raise PatternInvalid(str(error), error.remedy, details={"field": f"params.{field}"}) from None


def _unescaped(text: str) -> str:
    return re.sub(r"\\[ntr\\]", lambda found: _ESCAPES[found[0]], text)


_WORK: Final[dict[str, Callable[[Entry[Params]], Any]]] = {
    "split": _split,
    "join": _join,
    "replace": _replace,
    "extract": _extract,
    "template": _template,
    "case": _case,
    "trim": _trim,
    "pad": _pad,
    "slice": _slice,
    "encode": _encode,
    "decode": _decode,
    "normalize": _normalize,
    "slug": _slug,
    "measure": _measure,
}
