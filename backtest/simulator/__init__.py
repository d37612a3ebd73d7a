"""Fleets whose carriers stop cards by rules of their own.

It knows nothing of the product: it imports none of it and shares no number with it (a contract of import-linter).
"""
