"""Text from outside, for logs and terminals: what would be obeyed there is written out."""

from __future__ import annotations

_OBEYED = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    # What turns the direction of text around makes a name look like another; the others end lines.
    code: f"\\u{code:04x}"
    for code in (0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
_ON_LINES = {code: words for code, words in _OBEYED.items() if chr(code) not in "\t\n"}


def visible(text: str, *, lines: bool = False) -> str:
    """Return text in which terminals and logs find nothing to obey: escape sequences, line ends, turns of direction.

    Args:
        text: A name, a header, a cell, a message.
        lines: Whether it is of several lines, whose ends are meant.
    """
    return text.translate(_ON_LINES if lines else _OBEYED)
