"""What pages ask people for."""
