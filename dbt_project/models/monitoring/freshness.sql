with

-- The tables of the log are those that are partitioned: one for each entity, loaded or not.
entities as (

    select relname::text as entity from pg_catalog.pg_class
    where relnamespace::regnamespace::text = 'raw' and relkind = 'p'

),

loads as (

    select * from {{ source('meta', 'loads') }} where status = 'loaded'

),

newest as (

    select distinct on (entity)
        entity,
        exported_at,
        file_name,
        scope,
        loaded_at
    from loads
    order by entity asc, exported_at desc, load_id desc

),

full_exports as (

    select
        entity,
        max(exported_at) as exported_at
    from loads
    where scope = 'full'
    group by entity

),

final as (

    select
        entities.entity,
        newest.exported_at as latest_export,
        round(extract(epoch from now() - newest.exported_at) / 3600, 1) as hours_since_export,
        newest.file_name as latest_file,
        newest.scope as latest_scope,
        newest.loaded_at as latest_load,
        full_exports.exported_at as latest_full_export
    from entities
    left join newest on entities.entity = newest.entity
    left join full_exports on entities.entity = full_exports.entity

)

select * from final
order by latest_export asc nulls first, entity asc
