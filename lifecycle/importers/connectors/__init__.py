"""How data is fetched from others: an interface, and a module for each kind of connection."""
