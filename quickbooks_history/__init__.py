"""QuickBooks CSV exports become history that can be trusted.

Most should build on the command line, `qbh`, and on the tables. What Python programs may build on is below: it changes
with a major or a minor version alone, and the change is told. All else is inner works, whatever its name.

- `quickbooks_history.settings.Settings`: every setting, from the environment; a run reads them there, too.
- `quickbooks_history.definitions.defs`: all that Dagster shows and runs, for a code location. When it is imported, the
  dbt project is parsed if it has changed.
- `quickbooks_history.loading.load`: what `qbh load` does.
- `quickbooks_history.exports.contract.ENTITIES`: what an export is, for each entity.
- `quickbooks_history.exports.contract.Entity`, `quickbooks_history.exports.contract.Column`: what it is made of.
- `quickbooks_history.exports.inbox.list_inbox`: which exports lie in files and folders.
- `quickbooks_history.exports.reading.read_file`, `quickbooks_history.exports.reading.read_export`: what stands in one,
  validated.
- `quickbooks_history.warehouse.connection.database_url`, `quickbooks_history.warehouse.connection.connect`: the
  database, for SQL of your own. The embedded server starts at need.
- `quickbooks_history.warehouse.history.changes`, `quickbooks_history.warehouse.history.state_at`: what `qbh history`
  and `qbh as-of` show.
- `quickbooks_history.demo.write_exports`: the exports of a made-up company.
- `quickbooks_history.version`: which version this is.

The package is typed (`py.typed`).
"""


def version() -> str:
    """Return the version of the program, as it was installed."""
    from importlib import metadata  # not for every process that imports something of the package

    return metadata.version("quickbooks-history")
