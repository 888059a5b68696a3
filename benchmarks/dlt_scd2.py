"""The peer of `scd2`: a CSV file into a table of versions by dlt, as one process.

    python -m benchmarks.dlt_scd2 FILE URL FOLDER table|rows

`table` is dlt's fastest road, which its documentation names: pyarrow reads the file, pandas hashes its rows, COPY takes
them to the staging table. All columns are read as text: guessed types would lose the zeros that a UPC begins with.
`rows` is the road of its first examples: dictionaries of the standard library's reader, normalized one by one.
"""

from __future__ import annotations

import csv
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dlt
from psycopg.conninfo import conninfo_to_dict

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = "dlt"
ROWS_AT_ONCE = 10_000


@dlt.resource(
    name="items",
    write_disposition={"disposition": "merge", "strategy": "scd2", "row_version_column_name": "row_hash"},
)
def table(path: Path) -> Iterator[Any]:
    """The file as one table."""
    from pyarrow import csv as arrow_csv  # which `rows` does without
    from pyarrow import string

    with path.open(newline="") as file:
        headers = next(csv.reader(file))
    options = arrow_csv.ConvertOptions(column_types=dict.fromkeys(headers, string()), strings_can_be_null=False)
    yield arrow_csv.read_csv(path, convert_options=options)


@dlt.resource(name="items", write_disposition={"disposition": "merge", "strategy": "scd2"})
def rows(path: Path) -> Iterator[list[dict[str, str]]]:
    """The file as dictionaries, many at once."""
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        while some := list(islice(reader, ROWS_AT_ONCE)):
            yield some


def _hashed(resource: Any) -> Any:
    from dlt.sources.helpers.transform import add_row_hash_to_table  # by pandas

    return resource.add_map(add_row_hash_to_table("row_hash"))


def main() -> None:
    """Load the file that the command line names, and leave in the folder when it was, in seconds since the epoch."""
    path, url, folder, road = sys.argv[1:]
    parts = conninfo_to_dict(url)
    # dlt wants a host's name; libpq goes by what stands behind the question mark: the folder of the server's socket.
    credentials = f"postgresql://{parts['user']}:none@localhost/{parts['dbname']}?host={parts['host']}"
    pipeline = dlt.pipeline(
        "scd2",
        pipelines_dir=folder,
        destination=dlt.destinations.postgres(credentials=credentials),
        dataset_name=SCHEMA,
    )
    resource = rows(Path(path)) if road == "rows" else _hashed(table(Path(path)))
    pipeline.run(resource, loader_file_format="csv").raise_on_failed_jobs()
    Path(folder, "complete").write_text(str(time.time()))


if __name__ == "__main__":
    main()
