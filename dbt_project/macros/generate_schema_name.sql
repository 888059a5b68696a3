{#- Schemas are named as HISTORY.md section 4 names them (`staging`, `snapshots`, `marts`), in every environment:
    environments differ in their database. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
