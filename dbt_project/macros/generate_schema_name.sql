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
