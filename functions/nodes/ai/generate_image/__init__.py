"""The generate image node."""
