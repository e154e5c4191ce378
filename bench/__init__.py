"""The measurements of docs/performance.md: `python -m bench [uploads|disk|reads|agent|views|all] [--quick]`."""
