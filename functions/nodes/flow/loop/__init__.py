"""Loop: runs what follows it for each batch of items, or again and again."""
