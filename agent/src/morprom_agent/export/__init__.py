"""Reads a 43-file export, whatever its version, encoding and order, and hands out visits day by day, newest first."""

from morprom_agent.export.export import Export, opened
from morprom_agent.export.faults import Faults
from morprom_agent.export.loading import RefRule
from morprom_agent.export.model import Day, Officer, Person, Visit
from morprom_agent.export.rows import Row
from morprom_agent.export.sources import fingerprint

__all__ = ["Day", "Export", "Faults", "Officer", "Person", "RefRule", "Row", "Visit", "fingerprint", "opened"]
