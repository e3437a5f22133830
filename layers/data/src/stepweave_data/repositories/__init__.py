"""Reading and writing the tables, one module per aggregate. Functions take a session that is bound to a tenant already.

The functions of `users` and `tokens` that come before a tenant is known take an open session, and go through the
database's look-up functions (migrations/versions/0001_functions.sql). Nothing here decides who may do what.
"""
