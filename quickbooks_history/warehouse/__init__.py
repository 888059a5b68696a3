"""The PostgreSQL warehouse: its server, connections, ledger and maintenance."""
