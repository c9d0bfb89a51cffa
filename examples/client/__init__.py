"""A typed client of the interface, to copy into a program of one's own."""
