"""Top-ups, step by step: asked, decided, paid, arrived, confirmed. Nothing is paid by CardFleet."""
