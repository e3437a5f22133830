"""Text, and files that came as base64."""

import base64
import binascii
import re
from typing import Any

from functions.nodes.files.convert_to_file.errors import ValueUnwritable
from functions.nodes.files.convert_to_file.target import Given, Target, cell_text
from stepweave.model.csv_cells import BOM


def write(target: Target, given: Given) -> int:
    """Write what the items give as content, and return how many did. Raises ValueUnwritable."""
    rows = 0
    codec = target.codec() if target.params.format == "text" else ""
    for _, content in given():
        if target.params.format == "base64":
            target.write(_bytes(content))
        else:
            mark = BOM if target.params.bom and rows == 0 else ""
            target.text(mark + ("\n" if rows else "") + cell_text(content), codec)
        rows += 1
    return rows


def _bytes(content: Any) -> bytes:
    text = content if isinstance(content, str) else "?"
    text = text.partition(",")[2] if re.match(r"data:[^,]{0,200};base64,", text) else text
    plain = re.sub(r"\s+", "", text).translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueUnwritable(
            "The content is no base64.", "Give text of base64, or a data: URL.", details={"field": "params.content"}
        ) from None
