"""CSV (RFC 4180)."""

import csv
from io import StringIO
from typing import Final

from functions.nodes.files.convert_to_file.target import Given, Table, Target, cell_text
from stepweave.model.csv_cells import BOM, DELIMITERS, harmless

_PIECE: Final = 256 * 1024


def write(target: Target, given: Given) -> int:
    """Write a line for each item, and return how many there are. Raises ValueUnwritable, DataTooLarge."""
    params, codec, rows = target.params, target.codec(), 0
    table = Table(params, given)
    guarded = params.formulas == "guard"
    text = StringIO()
    writer = csv.writer(text, delimiter=DELIMITERS[params.delimiter], lineterminator="\r\n")
    if params.bom:
        text.write(BOM)
    if params.header and table.names:
        writer.writerow([harmless(name) for name in table.names] if guarded else table.names)
    for row in table.rows():
        rows += 1
        # A number cannot be a formula: -5 stays what it is.
        cells = [
            harmless(cell_text(value))
            if guarded and type(value) is not int and type(value) is not float
            else cell_text(value)
            for value in row
        ]
        if cells in ([""], []):  # an empty line is no row to most readers
            text.write('""\r\n')
        else:
            writer.writerow(cells)
        if text.tell() > _PIECE:
            target.text(text.getvalue(), codec)
            text.seek(0)
            text.truncate()
    target.text(text.getvalue(), codec)
    return rows
