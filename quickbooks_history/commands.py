"""Where the console scripts begin, before anything is imported."""

from __future__ import annotations

from quickbooks_history.garbage import imported_to_stay


def qbh() -> None:
    """Be the command line."""
    with imported_to_stay("quickbooks_history.cli"):
        from quickbooks_history.cli import main
    main()


def tap() -> None:
    """Be the Singer tap."""
    with imported_to_stay("quickbooks_history.singer.tap"):
        from quickbooks_history.singer.tap import main
    main()


def target() -> None:
    """Be the Singer target."""
    with imported_to_stay("quickbooks_history.singer.target"):
        from quickbooks_history.singer.target import main
    main()
