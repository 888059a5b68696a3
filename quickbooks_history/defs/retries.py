"""Steps that the database has let down are tried again; nothing else is."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg

from quickbooks_history.warehouse.passing import passes

if TYPE_CHECKING:
    from collections.abc import Iterator

    _Context = dg.OpExecutionContext | dg.AssetExecutionContext | dg.AssetCheckExecutionContext

TRIES = dg.RetryPolicy(max_retries=3, delay=3, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)
"""Three more tries, after about 3, 9 and 21 seconds: as long as a server takes to start again, not to be mended.

It is not given to the steps themselves: Dagster would try again what somebody has stopped (docs/decisions.md, 67).
"""


@contextmanager
def tried_again(context: _Context) -> Iterator[None]:
    """Have a step tried again when it fails by a fault that may pass, a few times.

    It stands around all that the step holds of the database, so that others have their turn while it waits.

    Args:
        context: The step's.

    Raises:
        dagster.RetryRequested: In place of an error that may pass; after the last try, Dagster tells that one.
    """
    try:
        yield
    except Exception as error:
        if not (error.allow_retries if isinstance(error, dg.Failure) else passes(error)):
            raise
        tried = context.retry_number
        if tried < TRIES.max_retries:
            seconds = TRIES.calculate_delay(tried + 1)
            why = str(getattr(error, "description", None) or error).strip().partition("\n")[0]
            context.log.warning(f"waiting {seconds:.0f} s to try {context.op_def.name} again: {why}")
            # Here and not by Dagster, which would wait as long as its clock says, and through Ctrl-C.
            time.sleep(seconds)
        raise dg.RetryRequested(max_retries=TRIES.max_retries) from error
