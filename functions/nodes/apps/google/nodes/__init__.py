"""The nodes of Google's apps, one folder each."""
