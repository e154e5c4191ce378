"""A note that one programme leaves for another, read once."""
