"""Google: what its apps share."""
