"""Send email and wait: asks by a mail, and goes on with the answer."""
