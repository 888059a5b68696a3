{#- Data tests cost what changed, not what there is: in a run that loads, they look at the records whose history has been
    rewritten since tests last passed (`meta.unchecked_records`), and at all of them when there is a `*` among these, as
    after a first build. By hand, without the variable, `dbt test` looks at everything. -#}
{% macro unchecked(relation) %}
    {%- if not execute or everything_is_unchecked() -%}
        {{ relation }}
    {%- else -%}
        (
            select checked.*
            from (select distinct record_key from meta.unchecked_records) as unchecked
            cross join lateral (
                select * from {{ relation }} where record_key = unchecked.record_key offset 0
            ) as checked
        )
    {%- endif -%}
{% endmacro %}


{% macro everything_is_unchecked() %}
    {% if not var('only_unchecked', false) %}
        {{ return(true) }}
    {% endif %}
    {% set all_unchecked %}
        select exists (select from meta.unchecked_records where record_key = '*')
    {% endset %}
    {{ return(run_query(all_unchecked).columns[0].values()[0]) }}
{% endmacro %}


{#- What dbt puts in place of a generic test's `model`. Snapshots and all that is made of them have a `record_key`. -#}
{% macro postgres__get_where_subquery(relation) %}
    {% if relation.schema in ('snapshots', 'marts') and not config.get('where') %}
        {% set looked_at = unchecked(relation) | trim %}
        {{ return(relation if looked_at == relation | string else looked_at ~ ' as dbt_subquery') }}
    {% else %}
        {{ return(dbt.default__get_where_subquery(relation)) }}
    {% endif %}
{% endmacro %}


{% macro mark_everything_unchecked() %}
    insert into meta.unchecked_records (snapshot, record_key) values ('{{ this.identifier }}', '*') on conflict do nothing
{% endmacro %}
