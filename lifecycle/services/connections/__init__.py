"""Connections to carriers and other systems: set up by administrators, run by the clock."""
