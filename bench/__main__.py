"""`python -m bench [SECTION] [--quick]`: measure, and print the tables of docs/performance.md as Markdown."""

import argparse
import time

from bench import disk, reads, sending, signing, uploads, views
from bench.load import Load
from bench.tables import heading, say, where

SECTIONS = ("uploads", "disk", "reads", "agent", "views", "sign-in", "token", "all")


def main() -> None:
    """Run the sections that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("section", nargs="?", default="all", choices=SECTIONS)
    parser.add_argument("--quick", action="store_true", help="one short round of the most telling cells")
    given = parser.parse_args()
    started = time.monotonic()
    say(where())
    load = Load()
    try:
        if given.section in ("uploads", "all"):
            uploads.measure(uploads.QUICK if given.quick else uploads.Plan(), load)
            if not given.quick:
                uploads.measure(uploads.OURS, load)
        if given.section in ("disk", "all"):
            disk.measure(3_000 if given.quick else 20_000, load)
        if given.section in ("reads", "all"):
            reads.measure(reads.QUICK if given.quick else reads.Plan(), load)
        if given.section in ("agent", "all"):
            sending.measure(sending.QUICK if given.quick else sending.Plan())
        if given.section in ("views", "all"):
            heading("Rendering alone")
            views.main()
        if given.section in ("sign-in", "token", "all"):
            plan = signing.QUICK if given.quick else signing.Plan()
            signing.measure(plan, sign_ins=given.section != "token", tokens=given.section != "sign-in")
    finally:
        load.close()
    say(f"\nTook {time.monotonic() - started:,.0f} s.")


if __name__ == "__main__":
    main()
