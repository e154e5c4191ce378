"""morprom: an open personal health record platform that speaks Thailand's MOPH-PHR protocol."""

__version__ = "0.1.0"
