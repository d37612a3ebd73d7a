"""Reading files of call records: a module a format, and the set-based pass over what they hold.

Python finds the header, decodes and streams. Everything after that happens to whole columns in the database:
`staging` copies the rows as text, `words` reads each distinct spelling once, `owners` says whose a number or name
was when, `resolving` joins them into one typed row a call.
"""
