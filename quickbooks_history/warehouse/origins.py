"""Where a value of history comes from: the file, line, load and run that brought it, and those that last said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import class_row

from quickbooks_history.exports.contract import Kind, Level
from quickbooks_history.warehouse.history import records_with_key

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

    from quickbooks_history.exports.contract import Entity


@dataclass(frozen=True)
class Origin:
    """One value of a record, or of one of its lines, at a moment, and where it comes from.

    Attributes:
        record_key: The record.
        column_name: Its column, as the staging model names it.
        value: What it holds, as text.
        closed_at: When the record, or the line, was closed before the moment; None if it was there then.
        since: The moment from which on it has held this value; None if no export has ever said it.
        file_name: The file that brought the value, or None if no export that lists the record had the column.
        line_no: The physical line of that file.
        raw_value: The cell as it stands there; None where the log's month is archived.
        load_id: The load of that file.
        run_id: The run that loaded it.
        loaded_at: When.
        file_path: Where the file lay then.
        sha256: Hex digest of its bytes.
        last_file_name: The last file, until the moment, that says the same.
        last_line_no: The physical line of that file.
    """

    record_key: str
    column_name: str
    value: str | None
    closed_at: datetime | None
    since: datetime | None
    file_name: str | None
    line_no: int | None
    raw_value: str | None
    load_id: int | None
    run_id: str | None
    loaded_at: datetime | None
    file_path: str | None
    sha256: str | None
    last_file_name: str | None
    last_line_no: int | None


@dataclass(frozen=True)
class Line:
    """One line of a transaction: the product or service, and which of the lines with it, from 1."""

    product_service: str
    occurrence: int = 1


_QUERY = """
with columns (column_name, observed_as, header) as (

    select * from unnest({columns}::text[], {observed_as}::text[], {headers}::text[])

),

-- Every version until the moment.
versions as (

    select
        version.*,
        to_jsonb(version) as cells
    from {snapshot} as version
    where record_key = any(array({keys})) and dbt_valid_from <= {moment} {of_line}

),

-- Every export until then that lists the record, whether or not it changed anything.
observations as materialized (

    select
        staged.record_key,
        staged.exported_at,
        staged.load_id,
        staged.line_no,
        staged.scope,
        loads.observed_columns
    from (select distinct record_key from versions) as records
    cross join lateral (
        select * from {staging} as staged
        where record_key = records.record_key and exported_at <= {moment} {of_line}
        offset 0
    ) as staged
    inner join staging.effective_loads as loads on staged.load_id = loads.load_id

),

told as (

    select
        versions.record_key,
        versions.dbt_valid_from,
        versions.dbt_valid_to,
        versions.file_name,
        versions.line_no,
        columns.*,
        versions.cells ->> columns.column_name as value,
        row_number() over (partition by versions.record_key, column_name order by dbt_valid_from desc) as nth_last,
        lag(dbt_valid_from) over applied is null as is_first,
        lag(versions.cells ->> column_name) over applied is distinct from versions.cells ->> column_name as differs,
        lag(dbt_valid_to) over applied is distinct from dbt_valid_from as is_after_gap,
        exists (
            select from staging.effective_loads as loads
            where
                loads.entity = {entity}
                and loads.exported_at = versions.dbt_valid_from
                and columns.observed_as = any(loads.observed_columns)
        ) as may_be_observed
    from versions cross join columns
    window applied as (partition by versions.record_key, column_name order by dbt_valid_from)

),

-- The version that brought the value: later ones only carry it on, and so does one that comes back without the column.
origins as (

    select distinct on (record_key, column_name) *
    from told
    where is_first or differs or (is_after_gap and may_be_observed)
    order by record_key, column_name, dbt_valid_from desc

)

select
    held.record_key,
    held.column_name,
    held.value,
    case when held.dbt_valid_to <= {moment} then held.dbt_valid_to end as closed_at,
    case when loads.load_id is not null then coalesce(observed.exported_at, origins.dbt_valid_from) end as since,
    loads.file_name,
    coalesce(observed.line_no, case when of_version.file_name = origins.file_name then origins.line_no end) as line_no,
    in_raw.cell as raw_value,
    loads.load_id,
    loads.run_id,
    loads.loaded_at,
    loads.file_path,
    loads.sha256,
    last_loads.file_name as last_file_name,
    latest.line_no as last_line_no
from told as held
inner join origins on held.record_key = origins.record_key and held.column_name = origins.column_name
left join lateral (
    select * from observations
    where
        record_key = origins.record_key
        and origins.observed_as = any(observed_columns)
        -- A blank that nobody said at first, for want of the column, somebody may have said later.
        and (
            exported_at = origins.dbt_valid_from
            or exported_at > origins.dbt_valid_from and not origins.may_be_observed
        )
    order by exported_at asc, scope = 'full' desc
    limit 1
) as observed on true
-- Of a month that is archived, the version itself knows its file and line.
left join lateral (
    select * from staging.effective_loads as at_moment
    where
        observed.load_id is null
        and at_moment.entity = {entity}
        and at_moment.exported_at = origins.dbt_valid_from
        and origins.observed_as = any(at_moment.observed_columns)
    order by at_moment.file_name = origins.file_name desc
    limit 1
) as of_version on true
left join meta.loads as loads on loads.load_id = coalesce(observed.load_id, of_version.load_id)
left join lateral (
    select * from observations
    where
        record_key = origins.record_key
        and exported_at >= origins.dbt_valid_from
        and origins.observed_as = any(observed_columns)
    order by exported_at desc, scope = 'full' desc
    limit 1
) as latest on true
left join meta.loads as last_loads on latest.load_id = last_loads.load_id
left join lateral (
    select to_jsonb(source) ->> origins.header as cell
    from {raw} as source
    where
        _load_id = observed.load_id
        and _exported_at = observed.exported_at
        and _sdc_source_lineno = observed.line_no
) as in_raw on true
where held.nth_last = 1
order by held.record_key, array_position({columns}::text[], held.column_name)
"""


def explained_columns(entity: Entity, *, lines: bool = False) -> dict[str, tuple[str, str]]:
    """Return the columns whose origin can be asked for: names, each with what the ledger calls it and its header.

    Args:
        entity: Whose.
        lines: Those of the lines of transactions instead of the transactions.
    """
    level = Level.LINE if lines else Level.RECORD
    found = {}
    for column in entity.columns:
        if column.level is level and column.kind is not Kind.ORDINAL:
            for name in column.staging_names:
                found[name.removeprefix("line_") if lines else name] = (name, column.header)
    return found


def origins_query(
    connection: psycopg.Connection,
    entity: Entity,
    *,
    key: str,
    at: datetime,
    column: str | None = None,
    line: Line | None = None,
) -> str:
    """SQL that a person can run to see where values come from; the arguments are those of `origins`."""
    columns = explained_columns(entity, lines=line is not None)
    names = [column] if column is not None else list(columns)
    snapshot = f"{entity.singular}_lines_snapshot" if line else f"{entity.name}_snapshot"
    staging = f"stg_{entity.singular}_lines" if line else f"stg_{entity.name}"
    of_line = (
        sql.SQL("and product_service = {} and occurrence = {}").format(
            sql.Literal(line.product_service), sql.Literal(line.occurrence)
        )
        if line
        else sql.SQL("")
    )
    return (
        sql.SQL(_QUERY)
        .format(
            snapshot=sql.Identifier("snapshots", snapshot),
            staging=sql.Identifier("staging", staging),
            raw=sql.Identifier("raw", entity.name),
            keys=records_with_key(entity, sql.Literal(key)),
            of_line=of_line,
            entity=sql.Literal(entity.name),
            moment=sql.Literal(at),
            columns=sql.Literal(names),
            observed_as=sql.Literal([columns[name][0] for name in names]),
            headers=sql.Literal([columns[name][1] for name in names]),
        )
        .as_string(connection)
    )


def origins(
    connection: psycopg.Connection,
    entity: Entity,
    *,
    key: str,
    at: datetime,
    column: str | None = None,
    line: Line | None = None,
) -> list[Origin]:
    """Say where the values of a record come from.

    Args:
        connection: To a warehouse whose snapshots are built.
        entity: What the record is.
        key: Its QuickBooks id, or a name or number that it has or had; several records may have had one name.
        at: The moment at which it held the values; of a record that was closed before, those that it held last.
        column: Only this column, one of `explained_columns`.
        line: One line of the transaction instead of the transaction.

    Returns:
        For each record and column, in the order of the export's columns, the value and where it comes from. None of
        records that the log does not know until then.
    """
    query = origins_query(connection, entity, key=key, at=at, column=column, line=line)
    with connection.cursor(row_factory=class_row(Origin)) as cursor:
        return cursor.execute(query.encode()).fetchall()
