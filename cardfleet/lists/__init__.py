"""Lists as people look at them: filters in the address, saved views, columns, files, and reports by e-mail."""
