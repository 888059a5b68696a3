"""The Dagster definitions, a file a subject."""
