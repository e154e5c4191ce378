"""Processor time of process trees, from /proc."""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """`root` and all its descendants that live."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _fields(int(entry.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def seconds(root: int) -> float:
    """Processor seconds that a tree has used so far, by living members and by those that have ended."""
    total = 0
    for pid in tree(root):
        fields = _fields(pid)
        if fields:
            total += sum(int(fields[place]) for place in (11, 12, 13, 14))
    return total / TICK


def model() -> str:
    """The processor's name."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return "unknown"


def _fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the third on: state, ppid, …; none when it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
