"""A command that ends when it is told to, whatever Python is at."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_SECONDS_UNTIL_TOLD_AGAIN = 0.01


def end_when_told() -> None:
    """End on SIGTERM as on Ctrl-C, not where the process stands: what it has started ends with it.

    An exception that a signal's handler raises is dropped, with a word to stderr, where Python calls back of its own
    accord: when it collects an object, and after each module that it imports, of which a command has thousands. Then
    it is raised once more.
    """
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    show = sys.unraisablehook

    def tell_again(dropped: sys.UnraisableHookArgs) -> None:
        error = dropped.exc_value
        if (
            error is None
            or isinstance(error, Exception | GeneratorExit)
            or threading.current_thread() is not threading.main_thread()
        ):
            show(dropped)
            return

        def raise_again(_number: int, _frame: FrameType | None) -> None:
            raise error

        # By a timer, for what is raised in here is dropped as well.
        signal.signal(signal.SIGALRM, raise_again)
        signal.setitimer(signal.ITIMER_REAL, _SECONDS_UNTIL_TOLD_AGAIN)

    sys.unraisablehook = tell_again
