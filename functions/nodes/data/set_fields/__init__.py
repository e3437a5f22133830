"""Set fields: gives items new fields, or keeps only some."""
