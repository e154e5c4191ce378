"""Sessions and tokens of people and staff who sign in elsewhere, and the clients that may ask."""
