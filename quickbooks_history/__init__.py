"""QuickBooks CSV exports become history that can be trusted."""


def version() -> str:
    """Return the version of the program, as it was installed."""
    from importlib import metadata  # not for every process that imports something of the package

    return metadata.version("quickbooks-history")
