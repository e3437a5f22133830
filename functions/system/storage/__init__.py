"""Lends node functions rights for the stored data of their own execution."""
