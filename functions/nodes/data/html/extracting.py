"""What CSS selectors find in a page."""

import re
from typing import Any

from html_to_markdown import ConversionOptions, PreprocessingOptions, convert
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from functions.nodes.data.html.errors import SelectorInvalid
from functions.nodes.data.html.spec import Extraction
from stepweave.runtime.placing import invalid, shown

_RAW = frozenset({"script", "style", "title", "textarea"})
"""Elements whose text is no markup."""


def extracted(html: str, values: list[Extraction], *, trim: bool, clean_up: bool) -> list[tuple[str, Any]]:
    """Return the values of the rows, each with its field.

    Raises:
        SelectorInvalid: a selector cannot be read.
        ParameterInvalid: a row takes an attribute and names none.
    """
    page = LexborHTMLParser(html)
    found: list[tuple[str, Any]] = []
    for number, row in enumerate(values):
        if row.returns == "attribute" and not row.attribute:
            raise invalid(f"values.{number}.attribute", "No attribute is named.", "Write one, such as href.")
        nodes = _matching(page, row.selector, f"values.{number}.selector")
        if row.skip:
            _check(row.skip, f"values.{number}.skip")
        taken = (_taken(node, row, f"values.{number}.skip") for node in (nodes if row.as_list else nodes[:1]))
        tidy = [_tidied(value, trim=trim, clean_up=clean_up) for value in taken]
        found.append((row.name, tidy if row.as_list else tidy[0] if tidy else None))
    return found


def plain(html: str, *, skip_images: bool = True) -> str:
    """Return the text of HTML, a line for each block; scripts and styles are none."""
    options = ConversionOptions(
        output_format="plain",
        extract_metadata=False,
        skip_images=skip_images,
        preprocessing=PreprocessingOptions(enabled=False),
    )
    return convert(html, options).content or ""


def _matching(page: Any, selector: str, field: str) -> list[LexborNode]:
    try:
        if "\0" in selector:  # ends the text for the library, which then finds something else
            raise ValueError(selector)
        nodes: list[LexborNode] = page.css(selector)
    except (SelectolaxError, ValueError):
        raise SelectorInvalid(
            f"{shown(selector)} is no CSS selector.", "Change it.", details={"field": f"params.{field}"}
        ) from None
    return nodes


def _check(selector: str, field: str) -> None:
    _matching(LexborHTMLParser(""), selector, field)


def _taken(node: LexborNode, row: Extraction, field: str) -> Any:
    if row.returns == "attribute":
        there = node.attributes
        return there.get(row.attribute.lower(), there.get(row.attribute)) if row.attribute else None
    if row.returns == "value":
        return _value(node)
    tag = node.tag or ""
    if row.skip and tag not in _RAW:
        node = _without(node, row.skip, field)
    if row.returns == "outerHtml":
        return node.html or ""
    if row.returns == "html":
        return node.inner_html or ""
    return node.text(deep=True) if tag in _RAW else plain(_wrapped(node, tag))


def _wrapped(node: LexborNode, tag: str) -> str:
    """Return an element as a page of its own; cells and rows, which count in tables only, without themselves."""
    is_part = tag in ("td", "th", "tr", "tbody", "thead", "tfoot", "li", "body", "html", "option", "a")
    return (node.inner_html if is_part else node.html) or ""


def _without(node: LexborNode, skip: str, field: str) -> LexborNode:
    copy = LexborHTMLParser(f"<x-part>{node.html}</x-part>").css_first("x-part")
    inner = copy.child if copy is not None else None
    if inner is None or inner.tag != node.tag:
        return node
    for unwanted in _matching(inner, skip, field):
        if unwanted.html != inner.html:
            unwanted.decompose()
    return inner


def _value(node: LexborNode) -> Any:
    match node.tag:
        case "textarea":
            return node.text(deep=True)
        case "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            return _value(chosen) if chosen is not None else None
        case "option":
            value = node.attributes.get("value")
            return value if value is not None else node.text(deep=True)
    return node.attributes.get("value")


def _tidied(value: Any, *, trim: bool, clean_up: bool) -> Any:
    if not isinstance(value, str):
        return value
    if clean_up:
        value = re.sub(r"\s+", " ", value)
    return value.strip() if trim else value
