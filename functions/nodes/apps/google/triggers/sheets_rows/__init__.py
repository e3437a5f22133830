"""Google Sheets trigger: a row was added or changed."""
