{#- Views stay where they stand, and are replaced only when their definition has changed.

    dbt's own materialization puts a new view beside the old one, renames both, and drops the old one with all that
    depends on it, at every run. So a reader misses views for some seconds of every run, a run killed there leaves them
    missing, and of two runs at once one drops what the other has just made, and both fail. -#}
{% materialization view, adapter='postgres' %}
    {% set target_relation = this.incorporate(type='view') %}
    {% set existing_relation = load_cached_relation(this) %}
    {% set candidate = api.Relation.create(identifier=this.identifier ~ '__dbt_tmp', type='view') %}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {% if existing_relation is not none and not existing_relation.is_view %}
        {% do adapter.drop_relation(existing_relation) %}
    {% endif %}

    {#- Of two runs at once, the second finds what the first has made. -#}
    {% call statement('take_turn') %}
        select pg_advisory_xact_lock(hashtextextended('{{ target_relation.render() }}', 0))
    {% endcall %}

    {#- PostgreSQL prints both definitions the same way, when they are the same. -#}
    {% do run_query('create temporary view ' ~ candidate ~ ' as (' ~ sql ~ '\n)') %}
    {% set standing = view_standing(candidate, target_relation) %}
    {% do run_query('drop view ' ~ candidate) %}

    {% if standing == 'same' %}
        {% call noop_statement('main', 'UNCHANGED', 'UNCHANGED') %}
            {{ sql }}
        {% endcall %}
    {% else %}
        {#- A later version's view is not to be replaced by what it was before. -#}
        {% if adapter.get_relation(database=target.database, schema='meta', identifier='schema_migrations') %}
            {% do require_known_schema(run_query('select max(number) from meta.schema_migrations').columns[0].values()[0]) %}
        {% endif %}
        {% if standing == 'other columns' %}
            {% do adapter.drop_relation(target_relation) %}
        {% endif %}
        {% call statement('main') %}
            create or replace view {{ target_relation }} as (
                {{ sql }}
            )
        {% endcall %}
    {% endif %}

    {% do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing_relation)) %}
    {% do persist_docs(target_relation, model) %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#- How a view compares with a new definition of it: `same`; `replaceable`, or not there yet; or `other columns`, when it
    has one that the new definition does not have in its place, which PostgreSQL does not take out of a view. -#}
{% macro view_standing(candidate, relation) %}
    {% set comparison %}
        select
            case
                when pg_get_viewdef(present) = pg_get_viewdef(new) then 'same'
                when exists (
                    select attnum, attname, atttypid, atttypmod, attcollation from pg_attribute where attrelid = present
                    except
                    select attnum, attname, atttypid, atttypmod, attcollation from pg_attribute where attrelid = new
                ) then 'other columns'
                else 'replaceable'
            end
        from (select to_regclass('{{ relation }}') as present, to_regclass('pg_temp.{{ candidate }}') as new) as views
    {% endset %}
    {{ return(run_query(comparison).columns[0].values()[0]) }}
{% endmacro %}
