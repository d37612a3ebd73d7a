"""Pure rules of who may hold which card."""
