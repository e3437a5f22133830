"""A page on which a message is answered that asks something, and the buttons that lead there."""

from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol
from urllib.parse import quote

from stepweave.expressions.patterns import PatternError, matches
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.forms import FormInvalid, Page, PageField, page_of

DECISION: Final = "decision"


class Question(Protocol):
    """What a node's parameters have of it (`stepweave.spec.questions`)."""

    @property
    def subject(self) -> str:
        """What is asked: the title of the page."""

    @property
    def message(self) -> str:
        """What people need to know."""

    @property
    def answer(self) -> Literal["approval", "text", "form"]:
        """What kind of answer there is."""

    @property
    def approve(self) -> str:
        """What approving is called."""

    @property
    def refuse(self) -> str:
        """What refusing is called; "" where one can only approve."""

    @property
    def comment(self) -> str:
        """What a comment is called; "" for none."""

    @property
    def question(self) -> str:
        """What stands above a free text."""

    @property
    def fields(self) -> list[PageField]:
        """Of a form."""

    @property
    def button(self) -> str:
        """What the button is called that leads to text or form."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    Attributes:
        page: on which it is answered.
        buttons: of the message: what each says, and where it leads.
        adds: what the item has besides, by the answer to a field (contracts.md, "Waiting").
    """

    page: Page
    buttons: tuple[tuple[str, str], ...]
    adds: dict[str, Any]


def asked_of(params: Question, url: str) -> Asked:
    """Return what parameters ask.

    Args:
        params: evaluated.
        url: of the page.

    Raises:
        ParameterInvalid: it cannot be shown.
    """
    if params.answer != "approval":
        return Asked(_page(params, _fields(params)), ((params.button.strip() or "Answer", url),), {})
    approve, refuse = (" ".join(name.split()) for name in (params.approve, params.refuse))
    if not approve or approve.casefold() == refuse.casefold():
        raise ParameterInvalid(
            "The two answers are called the same, or the first is empty.",
            "Call them differently: Approve and Refuse.",
            details={"field": "params.approve"},
        )
    names = [name for name in (approve, refuse) if name]
    buttons = tuple((name, f"{url}?{DECISION}={quote(name, safe='')}") for name in names)
    of = {approve: {"approved": True}} | ({refuse: {"approved": False}} if refuse else {})
    return Asked(_page(params, _decision(params, names)), buttons, {"field": DECISION, "of": of})


def _decision(params: Question, names: list[str]) -> list[PageField]:
    row = {"type": "choice", "display": "radio", "required": True, "label": " / ".join(names)}
    made = [{**row, "name": DECISION, "choices": "\n".join(names)}]
    comment = params.comment.strip()
    made += [{"name": "comment", "type": "longText", "label": comment}] if comment else []
    return [PageField.model_validate(one) for one in made]


def _fields(params: Question) -> list[PageField]:
    if params.answer == "form":
        if not any(field.type not in ("info", "hidden") for field in params.fields):
            raise ParameterInvalid("The form has no field to fill in.", "Add one.", details={"field": "params.fields"})
        return params.fields
    row = {"name": "answer", "type": "longText", "required": True, "label": params.question}
    return [PageField.model_validate(row)]


def _page(params: Question, fields: list[PageField]) -> Page:
    try:
        made = page_of(params.subject, params.message, "", fields)
    except FormInvalid as error:
        raise ParameterInvalid(error.message, error.remedy, details={"field": error.field}) from None
    for index, field in enumerate(fields):
        try:
            matches(field.pattern, "") if field.pattern else None
        except PatternError as error:
            place = {"field": f"params.fields.{index}.pattern"}
            raise ParameterInvalid(str(error), error.remedy, details=place) from None
    return made
