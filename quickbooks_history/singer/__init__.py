"""The Singer plugins: a tap that reads QuickBooks exports, and a loader that appends to PostgreSQL."""
