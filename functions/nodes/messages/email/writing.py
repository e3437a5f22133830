"""What stands in a message: as it is written or as templates make it, and its files."""

from collections.abc import Callable
from html import escape
from typing import Any

from functions.nodes.messages.email.errors import TemplateInvalid
from functions.nodes.messages.email.spec import Params
from stepweave.model.items import Item
from stepweave.runtime.item_files import OpenFile
from stepweave.runtime.mail.attachments import attachments_of, inline_of, matched
from stepweave.runtime.mail.message import Written
from stepweave.runtime.mustache import TemplateError, render

Log = Callable[..., None]
"""`Step.log`."""


def written_of(params: Params, item: Item, open_file: OpenFile, log: Log) -> Written:
    """Return what stands in the message of an item.

    Args:
        params: evaluated for the item.
        item: whose files go with it.
        open_file: `Step.open_file`.
        log: is told of pictures that nobody sees.

    Raises:
        TemplateInvalid: a template cannot be filled in.
        ParameterInvalid, DataMissing: a file is not there.
        EmailTooLarge: there are too many files.
    """
    subject, text, html = params.subject, params.text, params.html
    if params.content == "template":
        data = item["json"] if params.template_data in (None, "") else params.template_data
        subject = _filled(params.template_subject, "templateSubject", data, _one_line)
        text = _filled(params.template_text, "templateText", data, str)
        html = _filled(params.template_html, "templateHtml", data, _escaped)
    files = attachments_of(params.attachments, item, open_file)
    rows = [(row.name, row.value) for row in params.inline_images if row.name or row.value not in (None, "")]
    pictures = inline_of(rows, item, open_file)
    html, missing, unseen = matched(html, pictures)
    if missing:
        log("warning", f"The HTML shows pictures that are not there: {', '.join(missing[:10])}.")
    if unseen:
        log("warning", f'The HTML does not show {", ".join(unseen[:10])}: write <img src="cid:{unseen[0]}">.')
    return Written(subject, text, html, [*files, *pictures])


def _filled(template: str, field: str, data: Any, put: Callable[[str], str]) -> str:
    try:
        return render(template, data, put)
    except TemplateError as error:
        raise TemplateInvalid(
            f"The template cannot be filled in: {error}.",
            "Close each section that is opened, and write fields as {{ customer.name }}.",
            details={"field": f"params.{field}"},
        ) from None


def _escaped(text: str) -> str:
    return escape(text, quote=True)


def _one_line(text: str) -> str:
    """Return a text for the subject: a line break in data is a space there."""
    return " ".join(text.splitlines())
