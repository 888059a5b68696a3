with

loads as (

    select * from {{ source('meta', 'loads') }}

),

days as (

    select
        entity,
        (loaded_at at time zone 'UTC')::date as loaded_on,
        count(*) as files,
        sum(row_count)::bigint as rows_added,
        sum(file_size)::bigint as file_bytes
    from loads
    where status in ('loaded', 'held', 'withdrawn')
    group by entity, loaded_on

),

final as (

    select
        entity as table_name,
        loaded_on,
        files,
        rows_added,
        file_bytes,
        (sum(rows_added) over up_to_the_day)::bigint as rows_total
    from days
    window up_to_the_day as (partition by entity order by loaded_on)

)

select * from final
order by loaded_on desc, table_name asc
