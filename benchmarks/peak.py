"""Run a command and write down the most memory that it had: `python peak.py FILE COMMAND...`.

In a process of its own, and a small one: what the kernel counts for a child begins with what its parent holds.
"""

import os
import shutil
import sys
from pathlib import Path

if __name__ == "__main__":
    peak, *command = sys.argv[1:]
    child = os.posix_spawn(shutil.which(command[0]) or command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    Path(peak).write_text(str(usage.ru_maxrss * 1024))  # the kernel counts in KiB
    sys.exit(os.waitstatus_to_exitcode(status))
