"""RSS: each new entry of one or several feeds starts the workflow."""
