"""The webhooks' writers."""
