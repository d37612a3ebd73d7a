"""How CardFleet answers while a whole company works with it: `make load` (docs/scaling.md)."""
