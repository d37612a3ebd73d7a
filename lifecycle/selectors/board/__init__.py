"""What the supervisor's board shows, each part in one or two statements however large the fleet is."""
