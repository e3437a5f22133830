"""Image: resizes, crops, turns and converts pictures, and writes text on them."""
