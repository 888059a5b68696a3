"""QuickBooks CSV exports become history that can be trusted."""
