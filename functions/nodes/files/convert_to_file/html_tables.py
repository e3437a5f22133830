"""An HTML page with a table."""

from html import escape

from functions.nodes.files.convert_to_file.target import Given, Table, Target, cell_text


def write(target: Target, given: Given) -> int:
    """Write a table with a row for each item, and return how many there are."""
    table, rows = Table(target.params, given), 0
    target.text('<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n</head>\n<body>\n<table>\n')
    if target.params.header:
        cells = "".join(f"<th>{escape(name)}</th>" for name in table.names)
        target.text(f"<thead>\n<tr>{cells}</tr>\n</thead>\n")
    target.text("<tbody>\n")
    for row in table.rows():
        cells = "".join(f"<td>{escape(cell_text(value))}</td>" for value in row)
        target.text(f"<tr>{cells}</tr>\n")
        rows += 1
    target.text("</tbody>\n</table>\n</body>\n</html>\n")
    return rows
