"""The services of Plurali: each owns one database and never imports another."""
