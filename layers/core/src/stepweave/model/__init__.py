"""The words of the product as types: workflow, node, edge, port, item, event, diagnostic. Pure data, no behaviour."""
