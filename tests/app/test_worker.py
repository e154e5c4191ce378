"""A worker that crashes says where and of which kind, and nothing of what it held."""

import subprocess
import sys

import msgspec

from morprom.app.worker import Orders
from morprom.kernel import Settings


def test_a_crash_names_its_place_and_kind_and_none_of_the_values() -> None:
    orders = msgspec.to_builtins(Orders(Settings(), "", [], None))
    orders["settings"]["mode"] = "1990000000017"  # the fault's text would quote it
    ended = subprocess.run(
        [sys.executable, "-m", "morprom.app.worker"], input=msgspec.json.encode(orders) + b"\n",
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 1
    said = ended.stdout + ended.stderr
    assert b"unforeseen" in said and b"ValidationError" in said and b"main:" in said
    assert b"19900" not in said and b"Traceback" not in said
