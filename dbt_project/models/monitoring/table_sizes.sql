-- Looked at when all tables are as the run leaves them.
-- depends_on: {{ ref('item_history') }}, {{ ref('customer_history') }}
-- depends_on: {{ ref('invoice_history') }}, {{ ref('invoice_lines_snapshot') }}
-- depends_on: {{ ref('sales_receipt_history') }}, {{ ref('sales_receipt_lines_snapshot') }}
with

-- A partitioned table is one, with all its partitions; of another, there is no tree.
tables as (

    select
        relation.relnamespace::regnamespace::text as schema_name,
        relation.relname::text as table_name,
        coalesce(part.relid, relation.oid) as part_oid
    from pg_catalog.pg_class as relation
    left join lateral pg_partition_tree(relation.oid) as part on true
    where
        relation.relkind in ('r', 'p')
        and not relation.relispartition
        and relation.relnamespace::regnamespace::text in ('raw', 'meta', 'staging', 'snapshots', 'marts')

),

sizes as (

    select
        tables.schema_name,
        tables.table_name,
        sum(coalesce(activity.n_live_tup, 0))::bigint as estimated_rows,
        sum(pg_table_size(tables.part_oid))::bigint as table_bytes,
        sum(pg_indexes_size(tables.part_oid))::bigint as index_bytes,
        sum(pg_total_relation_size(tables.part_oid))::bigint as total_bytes
    from tables
    left join pg_catalog.pg_stat_user_tables as activity on tables.part_oid = activity.relid
    group by tables.schema_name, tables.table_name

),

final as (

    select
        schema_name,
        table_name,
        estimated_rows,
        total_bytes,
        pg_size_pretty(total_bytes) as total_size,
        round(100 * total_bytes / nullif(sum(total_bytes) over (), 0), 1) as percent_of_all,
        table_bytes,
        index_bytes
    from sizes

)

select * from final
order by total_bytes desc, schema_name asc, table_name asc
