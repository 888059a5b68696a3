with

loads as (

    select * from {{ source('meta', 'loads') }}

),

accepted as (

    select * from loads where status in ('loaded', 'held', 'withdrawn')

),

final as (

    select
        rejected.load_id,
        rejected.entity,
        rejected.file_name,
        rejected.reason,
        rejected.loaded_at as rejected_at,
        exists(
            select 1 from accepted
            where
                rejected.entity = accepted.entity
                and rejected.exported_at = accepted.exported_at
                and rejected.scope = accepted.scope
                and rejected.load_id < accepted.load_id
        ) as is_mended,
        rejected.file_path,
        rejected.exported_at,
        rejected.scope,
        rejected.run_id
    from loads as rejected
    where rejected.status = 'rejected'

)

select * from final
order by load_id desc
