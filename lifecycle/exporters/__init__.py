"""Tables people download from lifecycle's pages."""
