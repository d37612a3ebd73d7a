"""`/api/v1/agents/` and `/api/v1/assignments/`."""
