"""Reads of cases. `of_card`, `open_about`, `holding` and `due` are what other parts ask."""

from lifecycle.selectors.cases.asking import due, holding, of_card, open_about

__all__ = ["due", "holding", "of_card", "open_about"]
