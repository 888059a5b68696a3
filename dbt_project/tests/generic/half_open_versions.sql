{#- The validity of a snapshot's versions (HISTORY.md 3.5): each has a key and a beginning, lasts for some time, none
    reaches into the next, and only the last of a key is open. So no two of a key begin at one moment, and a join on
    `dbt_valid_from <= moment < dbt_valid_to` finds at most one version. -#}
{% test half_open_versions(model, key) %}

with

versions as (

    select
        {{ key | join(',\n        ') }},
        dbt_valid_from,
        dbt_valid_to,
        lead(dbt_valid_from) over (partition by {{ key | join(', ') }} order by dbt_valid_from) as next_valid_from
    from {{ model }}

)

select * from versions
where
    dbt_valid_to <= dbt_valid_from
    or next_valid_from < coalesce(dbt_valid_to, 'infinity')
    or num_nulls({{ key | join(', ') }}, dbt_valid_from) > 0

{% endtest %}
