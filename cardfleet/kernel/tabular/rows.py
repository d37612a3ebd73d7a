"""What a table is read into."""

from collections.abc import Iterator

Row = tuple[int, list[str]]  # the line a person sees in the file, counted from 1, and the text of each cell
Rows = Iterator[Row]
