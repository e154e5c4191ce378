"""Code systems: small ones written by hand, large ones imported."""
