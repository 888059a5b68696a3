"""How much each part of the benchmarks does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Sizes of one run; the defaults are those that the bounds are for.

    Attributes:
        long_nights: Nights of the long history: ten years.
        short_nights: Nights that it is measured against: one year.
        few_nights: Nights before those that one night after the long history is measured against.
        more_nights: How many nights more are measured after either.
        reads: How often each query is executed.
        raw_rows: Rows of the export that is loaded into raw.
        raw_repeats: How often, in turns with plain COPY.
        upstream_rows: Rows of the export that the unmodified loader is given, at once when the product is.
        big_rows: Rows of the big export.
        scd2_rows: Rows of the export whose versions are made here and by dlt; 0 leaves the part out.
        scd2_repeats: How often, in turns.
        nights: Nightly files that come at once.
        nights_by_hand: How many of them are loaded by hand, night by night; 0 leaves that out.
        yardsticks_verified: Whether `qbh verify` also looks at the homes that ten years are only measured against.
        memory_rows: Rows of the exports that tap and loader are measured with, smallest first.
    """

    long_nights: int = 3650
    short_nights: int = 365
    few_nights: int = 10
    more_nights: int = 5
    reads: int = 50
    raw_rows: int = 1_000_000
    raw_repeats: int = 3
    upstream_rows: int = 50_000
    big_rows: int = 1_000_000
    scd2_rows: int = 100_000
    scd2_repeats: int = 3
    nights: int = 53
    nights_by_hand: int = 5
    yardsticks_verified: bool = True
    memory_rows: tuple[int, ...] = (100_000, 1_000_000, 10_000_000)


SMALL = Sizes(
    long_nights=365,
    short_nights=36,
    more_nights=2,
    reads=20,
    raw_repeats=1,  # of a million rows: with fewer, the start of Meltano is most of what is compared
    upstream_rows=20_000,
    big_rows=20_000,
    scd2_rows=0,
    nights_by_hand=0,
    yardsticks_verified=False,
    memory_rows=(100_000, 1_000_000),
)

TINY = Sizes(
    long_nights=20,
    short_nights=10,
    few_nights=2,
    more_nights=1,
    reads=3,
    raw_rows=10_000,
    raw_repeats=1,
    upstream_rows=1_000,
    big_rows=2_000,
    scd2_rows=2_000,
    scd2_repeats=1,
    nights=5,
    nights_by_hand=2,
    memory_rows=(1_000, 10_000),
)
"""To see whether the benchmarks themselves work; its figures mean nothing."""
