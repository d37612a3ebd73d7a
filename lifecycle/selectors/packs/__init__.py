"""What goes into an evidence pack: a module a subject, each a few tables of the cards in its scope."""
