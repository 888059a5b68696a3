{#- Schemas are named as HISTORY.md section 4 names them (`staging`, `snapshots`, `marts`), in every environment:
    environments differ in their database. The target `scratch` makes all of it anew from the log, by itself in one
    schema, for `qbh verify` and `qbh rebuild` to compare with what is there. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema if is_scratch() else custom_schema_name or target.schema }}
{%- endmacro %}


{#- Whether this run leaves alone what the warehouse keeps about its own tables. -#}
{% macro is_scratch() %}
    {{ return(target.name == 'scratch') }}
{% endmacro %}


{#- As dbt's own, but two runs at once make a schema one after the other: `if not exists` alone lets one of them fail. -#}
{% macro postgres__create_schema(relation) %}
    {% call statement('create_schema') %}
        select pg_advisory_xact_lock(hashtext('quickbooks_history.schema'));
        create schema if not exists {{ relation.without_identifier().include(database=False) }}
    {% endcall %}
{% endmacro %}
