"""Commands end when they are told to, also where Python drops what a signal's handler raises."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

# The callback of a weak reference, as Python's own after each import.
IN_A_CALLBACK = """
import sys, time, weakref
from quickbooks_history.termination import end_when_told

class Module:
    pass

def called_back(_):
    print("called back", flush=True)
    until = time.monotonic() + 1
    while time.monotonic() < until:
        pass

end_when_told()
try:
    module = Module()
    seen = weakref.ref(module, called_back)
    del module
    time.sleep(10)
    print("went on")
finally:
    print("ended what it had begun")
"""


@pytest.mark.parametrize(("told", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT)])
def test_it_ends_when_told_while_python_calls_back(told: signal.Signals, status: int) -> None:
    with subprocess.Popen([sys.executable, "-c", IN_A_CALLBACK], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "called back\n"
        process.send_signal(told)
        assert process.stdout.read() == "ended what it had begun\n"
    assert process.returncode == status
