"""Compress: archives of files, and the files of archives."""
