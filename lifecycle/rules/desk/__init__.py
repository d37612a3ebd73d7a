"""What the compliance desk goes by."""
