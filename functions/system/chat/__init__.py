"""Chats: a page on which visitors write, and read what a workflow answers."""
