-- Looked at when all tables are as the run leaves them.
-- depends_on: {{ ref('item_history') }}, {{ ref('customer_history') }}
-- depends_on: {{ ref('invoice_history') }}, {{ ref('invoice_lines_snapshot') }}
-- depends_on: {{ ref('sales_receipt_history') }}, {{ ref('sales_receipt_lines_snapshot') }}
with

-- The index of a partition counts for that of its table.
indexes as (

    select
        coalesce(parent.inhparent, activity.indexrelid) as index_oid,
        coalesce(pg_partition_root(activity.relid), activity.relid) as table_oid,
        activity.idx_scan as scans,
        pg_relation_size(activity.indexrelid) as index_bytes
    from pg_catalog.pg_stat_user_indexes as activity
    left join pg_catalog.pg_inherits as parent on activity.indexrelid = parent.inhrelid
    where activity.schemaname in ('raw', 'meta', 'staging', 'snapshots', 'marts')

),

unused as (

    select
        index_oid,
        table_oid,
        sum(index_bytes)::bigint as index_bytes
    from indexes
    group by index_oid, table_oid
    having sum(scans) = 0

),

-- A unique index is used by every row that is written.
final as (

    select
        relation.relnamespace::regnamespace::text as schema_name,
        relation.relname::text as table_name,
        unused.index_oid::regclass::text as index_name,
        pg_get_indexdef(unused.index_oid) as definition,
        unused.index_bytes,
        pg_size_pretty(unused.index_bytes) as index_size,
        pg_stat_get_db_stat_reset_time(here.oid) as counted_since
    from unused
    inner join pg_catalog.pg_index as described on unused.index_oid = described.indexrelid
    inner join pg_catalog.pg_class as relation on unused.table_oid = relation.oid
    inner join pg_catalog.pg_database as here on here.datname = current_database()
    where not described.indisunique

)

select * from final
order by index_bytes desc, index_name asc
