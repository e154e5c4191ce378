"""Durable uploads a second, their latency and what they cost, against two floors measured in the same round."""

import tempfile
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import bare, instance
from bench.copying import copy_floor
from bench.corpus import HOSPITALS, Corpus, make_corpus
from bench.load import Load, Outcome
from bench.tables import heading, middle, say, table, verdict
from morprom_wire import paths

TARGET_RATE = 2500
TARGET_SHARE = {1: 0.40, 3: 0.28}
TARGET_COST = 3.0
TARGET_P50, TARGET_P99 = 4.0, 15.0
NO_TOKEN = "x" * 700  # as long as a token: the floor reads the same bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured; every worker count starts on an empty database, which takes all its connections in turn."""

    rounds: int = 3
    workers: tuple[int, ...] = (1, 2, 3)
    connections: tuple[int, ...] = (1, 16, 64, 256)
    seconds: float = 2.0
    visits: int = 50_000
    shape: int | None = None
    """The place in HOSPITALS of the one vendor that sends, or None for all of them."""


QUICK = Plan(1, (1, 3), (1, 64), 1.2, 15_000)
OURS = Plan(3, (1, 3), (1, 64), 2.0, 25_000, shape=0)
"""Our own agent's shape alone, which tells of nothing odd."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One measurement. Processor times are milliseconds an answer."""

    outcome: Outcome
    server: float
    postgres: float

    @property
    def cost(self) -> float:
        """Processor milliseconds of server and PostgreSQL."""
        return self.server + self.postgres


def measure(plan: Plan, load: Load) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="morprom-bench-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        corpus = make_corpus(folder, plan.visits, shape=plan.shape)
        instance.prepare(folder / "prepared")
        ours: dict[tuple[int, int], list[Cell]] = {}
        floor: dict[tuple[int, int], list[Cell]] = {}
        copied: list[dict[str, float]] = []
        for _ in range(plan.rounds):
            for workers in plan.workers:
                _round_of_floor(plan, load, corpus, workers, floor)
                data = instance.copied(folder / "prepared", folder / "run")
                with instance.serving(data, workers) as platform:
                    heads = platform.heads(paths.UPDATE_PHR)
                    for connections, rows in _shares(plan, corpus):
                        cell = _cell(load, platform, connections, corpus.bodies, rows, heads, plan.seconds)
                        ours.setdefault((workers, connections), []).append(cell)
                    if workers == plan.workers[-1]:
                        copied.append(copy_floor(platform))
    _print(plan, corpus, ours, floor, copied)


def _round_of_floor(
    plan: Plan, load: Load, corpus: Corpus, workers: int, cells: dict[tuple[int, int], list[Cell]]
) -> None:
    head = (
        f"POST {paths.UPDATE_PHR} HTTP/1.1\r\nhost: 127.0.0.1\r\nuser-agent: bench\r\nauthorization: Bearer "
        f"{NO_TOKEN}\r\ncontent-type: application/json\r\naccept: */*\r\ncontent-length: "
    ).encode()
    with bare.serving(workers) as served:
        for connections in plan.connections:
            cell = _cell(
                load, served, connections, corpus.bodies, corpus.rows, [head] * len(HOSPITALS), plan.seconds,
                only_once=False,
            )  # fmt: skip
            cells.setdefault((workers, connections), []).append(cell)


def _cell(
    load: Load,
    served: instance.Platform | bare.Bare,
    connections: int,
    bodies: Path,
    rows: "array[int]",
    heads: list[bytes],
    seconds: float,
    *,
    only_once: bool = True,
) -> Cell:
    used = [0.0, 0.0]

    def watch() -> Callable[[], None]:
        before = served.processor_seconds()

        def stop() -> None:
            used[:] = [later - earlier for later, earlier in zip(served.processor_seconds(), before, strict=True)]

        return stop

    outcome = load.run(
        served.port, connections, bodies, rows, heads, seconds=seconds, only_once=only_once, watch=watch
    )  # fmt: skip
    if not outcome.all_good:
        raise SystemExit(f"answers that are not 200: {outcome.statuses}")
    return Cell(outcome, *(1000 * one / len(outcome.micros) for one in used))


def _shares(plan: Plan, corpus: Corpus) -> Iterator[tuple[int, "array[int]"]]:
    """Every number of connections gets visits of its own; one connection needs few."""
    weights = [1 if connections == 1 else 6 for connections in plan.connections]
    start = 0
    for connections, weight in zip(plan.connections, weights, strict=True):
        count = len(corpus) * weight // sum(weights)
        yield connections, corpus.rows[3 * start : 3 * (start + count)]
        start += count


def _print(
    plan: Plan,
    corpus: Corpus,
    ours: dict[tuple[int, int], list[Cell]],
    floor: dict[tuple[int, int], list[Cell]],
    copied: list[dict[str, float]],
) -> None:
    heading("Uploads" if plan.shape is None else f"Uploads in the shape of {HOSPITALS[plan.shape].vendor} alone")
    size = sum(corpus.rows[1::3]) / len(corpus)
    say(f"One new visit each, {size:,.0f} bytes on average, medians of {plan.rounds} rounds; times in ms.\n")
    names = ("workers", "connections", "a second", "p50", "p99", "server ms", "PostgreSQL ms",
             "floor (a) a second", "floor ms", "share of (a)", "cost of (a)")  # fmt: skip
    rows = [(workers, connections, *_figures(cells, floor[workers, connections]))
            for (workers, connections), cells in sorted(ours.items())]  # fmt: skip
    table(names, rows)
    say("Floor (b), COPY of the same sealed rows into the same tables, visits a second: " + ", ".join(
        f"{middle(copied, lambda one, name=name: one[name]):,.0f} {name}" for name in copied[0]) + ".\n")  # fmt: skip
    table(("target", "measured", ""), list(_targets(ours, floor)))


def _figures(cells: list[Cell], bare_cells: list[Cell]) -> tuple[float, ...]:
    rate, bare_rate = middle(cells, lambda one: one.outcome.rate), middle(bare_cells, lambda one: one.outcome.rate)
    cost, bare_cost = middle(cells, lambda one: one.cost), middle(bare_cells, lambda one: one.cost)
    return (
        rate,
        middle(cells, lambda one: one.outcome.milliseconds(0.5)),
        middle(cells, lambda one: one.outcome.milliseconds(0.99)),
        middle(cells, lambda one: one.server),
        middle(cells, lambda one: one.postgres),
        bare_rate,
        bare_cost,
        rate / bare_rate,
        cost / bare_cost,
    )


def _targets(ours: dict[tuple[int, int], list[Cell]], floor: dict[tuple[int, int], list[Cell]]) -> Iterator[list[str]]:
    best = {
        workers: max(middle(cells, lambda one: one.outcome.rate) for (w, _), cells in ours.items() if w == workers)
        for workers in {workers for workers, _ in ours}
    }
    best_floor = {
        workers: max(middle(cells, lambda one: one.outcome.rate) for (w, _), cells in floor.items() if w == workers)
        for workers in best
    }
    yield [f"{TARGET_RATE:,} a second at 3 workers", f"{best[3]:,.0f}", verdict(best[3] >= TARGET_RATE)]
    for workers, share in TARGET_SHARE.items():
        is_now = best[workers] / best_floor[workers]
        yield [f"{share:.0%} of (a) at {workers} workers", f"{is_now:.0%}", verdict(is_now >= share)]
    busiest = max(connections for _, connections in ours)
    cost = middle(ours[3, busiest], lambda one: one.cost) / middle(floor[3, busiest], lambda one: one.cost)
    yield [f"processor time at most {TARGET_COST:.0f} times (a)", f"{cost:.1f}", verdict(cost <= TARGET_COST)]
    p50, p99 = (middle(ours[1, 1], lambda one, share=share: one.outcome.milliseconds(share)) for share in (0.5, 0.99))
    yield [f"p50 at most {TARGET_P50:.0f} ms, p99 {TARGET_P99:.0f} ms at one connection", f"{p50:.1f}, {p99:.1f}",
           verdict(p50 <= TARGET_P50 and p99 <= TARGET_P99)]  # fmt: skip
