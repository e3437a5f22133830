"""Google Drive trigger: a file was created or updated in a folder."""
