"""Sends a hospital's visits, read from its 43-file export, to a MOPH-PHR platform and keeps the two in step."""

__version__ = "0.1.0"

__all__ = ["__version__"]
