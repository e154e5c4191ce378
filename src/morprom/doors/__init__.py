"""The doors of the platform: one for each kind of caller."""
