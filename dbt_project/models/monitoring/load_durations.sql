with

loads as (

    select * from {{ source('meta', 'loads') }}

),

final as (

    select
        load_id,
        run_id,
        entity,
        file_name,
        loaded_at,
        row_count,
        file_size,
        trim_scale(round(load_seconds, 3)) as load_seconds,
        round(row_count / nullif(load_seconds, 0)) as rows_per_second,
        trim_scale(round(extract(epoch from loaded_at - extracted_at), 3)) as waited_seconds,
        trim_scale(round(extract(epoch from loaded_at - exported_at) / 3600, 1)) as hours_after_export
    from loads
    where load_seconds is not null

)

select * from final
order by load_id desc
