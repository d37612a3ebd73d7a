"""Evidence packs: what one says of itself, what of a text and of the files may go in, what may be asked for."""
