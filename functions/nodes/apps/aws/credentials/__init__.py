"""The credential type of AWS."""
