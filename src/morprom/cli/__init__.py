"""The `morprom` command: results alone on standard output, talk on standard error, `--json` where there are results."""

from morprom.cli.root import main

__all__ = ["main"]
