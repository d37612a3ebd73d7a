"""The only writers of the compliance desk's records."""
