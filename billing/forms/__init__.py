"""What finance and supervisors are asked for."""
