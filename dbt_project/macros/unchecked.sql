{#- Data tests cost what changed, not what there is: in a run that loads, they look at the records whose history has been
    rewritten since tests last passed (`meta.unchecked_records`), and at all of them when there is a `*` among these, as
    after a first build. By hand, without the variable, `dbt test` looks at everything.

    Of a record's versions and changes they look at those from where it was rewritten on, and at the version before: a
    record of ten years has thousands.

    whole: for what can only be told of a record from all its versions or changes.
    noted_for: the relation whose records have been rewritten, where it is another: of more entities, which these are compared
        with. -#}
{% macro unchecked(relation, whole=false, noted_for=none) %}
    {%- if not execute or everything_is_unchecked() -%}
        {{ relation }}
    {%- else -%}
        (
            select checked.*
            from ({{ unchecked_records(entities_behind(node_named((noted_for or relation).identifier))) }}) as unchecked
            cross join lateral (
                select * from {{ relation }} as rewritten
                where record_key = unchecked.record_key {%- if not whole %} {{ since_rewritten(relation) }} {%- endif %}
                offset 0
            ) as checked
        )
    {%- endif -%}
{% endmacro %}


{#- The records that tests look at, each with the moment from which on it was rewritten: those that a snapshot of these
    entities has noted, for records of two entities may have the same key. All that are noted, if no entity is named. -#}
{% macro unchecked_records(entities) -%}
    {%- set snapshots = [] %}
    {%- for node in graph.nodes.values() if node.config.get('strategy') == 'append_log' %}
        {%- if node.config.meta.entity in entities %}
            {%- do snapshots.append(node.name) %}
        {%- endif %}
    {%- endfor %}
    select
        record_key,
        min(coalesce(unchecked_from, '-infinity')) as unchecked_from
    from meta.unchecked_records
    {%- if snapshots %}
    where snapshot in ('{{ snapshots | join("', '") }}')
    {%- endif %}
    group by record_key
{%- endmacro %}


{#- The entities whose snapshots a node is, or is made of. -#}
{% macro entities_behind(node) %}
    {% set entity = node.config.get('meta', {}).get('entity') %}
    {% if entity %}
        {{ return([entity]) }}
    {% endif %}
    {% set entities = [] %}
    {% for parent in node.depends_on.nodes if parent in graph.nodes %}
        {% do entities.extend(entities_behind(graph.nodes[parent])) %}
    {% endfor %}
    {{ return(entities) }}
{% endmacro %}


{#- Leaves out what a record was before it was rewritten, where the relation has a time: versions, and changes. -#}
{% macro since_rewritten(relation) -%}
    {%- set node = node_named(relation.identifier) -%}
    {%- if node.config.get('strategy') == 'append_log' and node.config.meta.lines -%}
        and (dbt_valid_to is null or dbt_valid_to >= unchecked.unchecked_from)
    {%- elif node.config.get('strategy') == 'append_log' -%}
        and dbt_valid_from >= (
            select coalesce(max(dbt_valid_from), '-infinity') from {{ relation }}
            where record_key = unchecked.record_key and dbt_valid_from < unchecked.unchecked_from
        )
    {%- elif 'changed_at' in node.columns -%}
        and changed_at >= unchecked.unchecked_from
    {%- endif -%}
{%- endmacro %}


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
