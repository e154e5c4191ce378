"""The sandbox: what a vendor's programmer sees of their payload."""
