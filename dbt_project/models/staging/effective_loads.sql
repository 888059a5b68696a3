{#- A table, not a view: every key that is replayed looks loads up here, and the set of loads that a snapshot is
    brought up to date with must stand still while it is. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='differences',
    unique_key='load_id',
    pre_hook="{{ lock_for_writing() }}",
    indexes=[{'columns': ['load_id'], 'unique': true}, {'columns': ['entity', 'exported_at']}],
    post_hook='{{ analyze_if_changed() }}'
) }}

with

loads as (

    select * from {{ source('meta', 'loads') }}

),

-- Of each slot, the load accepted last that is neither withdrawn nor held.
effective as (

    select distinct on (entity, exported_at, scope)
        load_id,
        entity,
        file_name,
        scope,
        exported_at,
        observed_columns
    from loads
    where status = 'loaded'
    order by entity asc, exported_at asc, scope asc, load_id desc

),

-- When the next full export of the entity comes: records that it does not list end there. Latest first, so that the
-- window only ever grows: one that shrinks is read anew for every load, and ten years of loads took two seconds.
final as (

    select
        *,
        bool_or(scope = 'full') over same_moment as is_full_at_moment,
        min(exported_at) filter (where scope = 'full') over later_moments as next_full_at
    from effective
    window
        same_moment as (partition by entity, exported_at),
        later_moments as (
            partition by entity
            order by exported_at desc
            groups between unbounded preceding and 1 preceding
        )

)

select * from final
