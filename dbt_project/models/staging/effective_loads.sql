{#- A table, not a view: every key that is replayed looks loads up here, and the set of loads that a snapshot is
    brought up to date with must stand still while it is.

    A run leaves it as if it had been made anew, and writes only the loads that differ: with ten years of them, the names
    of all columns that each file has are most of what there is to read. Of these the number is compared, for some may be
    added (`adopt_columns`). A load that is in force no more comes as one of which nothing is known, and goes with the
    post-hook. -#}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='load_id',
    pre_hook="{{ lock_for_writing() }}",
    indexes=[{'columns': ['load_id'], 'unique': true}, {'columns': ['entity', 'exported_at']}],
    post_hook=['delete from {{ this }} where is_full_at_moment is null', '{{ analyze_if_changed() }}']
) }}

with

-- Of each slot, the load accepted last that is neither withdrawn nor held.
effective as (

    select distinct on (entity, exported_at, scope)
        load_id,
        entity,
        exported_at,
        scope,
        cardinality(observed_columns) as number_of_columns
    from {{ source('meta', 'loads') }}
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

),

different as (

    {% if is_incremental() %}
    select
        coalesce(final.load_id, present.load_id) as load_id,
        final.is_full_at_moment,
        final.next_full_at
    from final
    full join {{ this }} as present on final.load_id = present.load_id
    where
        row(final.exported_at, final.scope, final.number_of_columns, final.is_full_at_moment, final.next_full_at)
        is distinct from row(
            present.exported_at,
            present.scope,
            cardinality(present.observed_columns),
            present.is_full_at_moment,
            present.next_full_at
        )
    {% else %}
    select * from final
    {% endif %}

)

select
    different.load_id,
    loads.entity,
    loads.file_name,
    loads.scope,
    loads.exported_at,
    loads.observed_columns,
    different.is_full_at_moment,
    different.next_full_at
from different
left join {{ source('meta', 'loads') }} as loads on different.load_id = loads.load_id
