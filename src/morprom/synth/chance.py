"""Draws from a seeded generator, short enough to be used a hundred times a visit."""

import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def pick(rng: Random, options: Sequence[T]) -> T:
    """One of `options`, each as likely. (Half the time of Random.choice.)"""
    return options[int(rng.random() * len(options))]


def between(rng: Random, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return low + int(rng.random() * (high - low + 1))


def happens(rng: Random, probability: float) -> bool:
    """Whether something of that probability happens."""
    return rng.random() < probability


def how_many(rng: Random, mean: float) -> int:
    """A Poisson count (Knuth's product method, in steps so that large means do not underflow)."""
    count = 0
    while mean > 20:
        count += how_many(rng, 20)
        mean -= 20
    floor, product = math.exp(-mean), rng.random()
    while product > floor:
        count += 1
        product *= rng.random()
    return count


def some(rng: Random, options: Sequence[T], count: int) -> list[T]:
    """`count` different options in a random order, fewer when there are fewer."""
    return rng.sample(options, min(count, len(options)))


def weighted(rng: Random, weights: Mapping[T, float]) -> T:
    """One key, as likely as its weight."""
    mark = rng.random() * sum(weights.values())
    last = next(iter(weights))
    for last, weight in weights.items():  # noqa: B007 (rounding may leave the mark above zero)
        mark -= weight
        if mark < 0:
            break
    return last
