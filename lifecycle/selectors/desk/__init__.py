"""What the compliance desk reads."""
