"""Zips for Lambda, built with uv for the target interpreter and platform, cached by content. No Docker, no AWS."""
