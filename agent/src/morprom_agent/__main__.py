"""`python -m morprom_agent`."""

from morprom_agent.cli import main

main()
