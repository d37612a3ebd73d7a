"""Reads of cases. `of_card`, `holding` and `due` are what other parts ask."""

from lifecycle.selectors.cases.asking import due, holding, of_card

__all__ = ["due", "holding", "of_card"]
