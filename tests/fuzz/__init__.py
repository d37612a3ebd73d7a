"""Damaged files for every parser, drawn by hypothesis: in CI a few of each, by `make fuzz` a million."""
