"""What CardFleet keeps while its processes are killed at random moments under load: `make chaos` (see README.md)."""
