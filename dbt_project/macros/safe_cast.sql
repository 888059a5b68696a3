{#- PostgreSQL's information schema calls every array `ARRAY`, which is no type, and dbt casts the rows of unit tests to
    what it reads there. Without this no unit test could be given `meta.loads`, whose arrays are all of text. -#}
{% macro postgres__safe_cast(field, type) -%}
    cast({{ field }} as {{ 'text[]' if type == 'ARRAY' else type }})
{%- endmacro %}
