{#- An incremental strategy that leaves a table as if it had been built anew, but writes only the rows that differ, in
    one transaction; what depends on the table stays where it is. For models small enough to be computed whole;
    needs a `unique_key`. -#}
{% macro get_incremental_differences_sql(arg_dict) %}
    {%- set target = arg_dict['target_relation'] -%}
    {%- set computed = arg_dict['temp_relation'] -%}
    {%- set unique_key = arg_dict['unique_key'] -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') %}
    delete from {{ target }} as present
    using (select {{ columns }} from {{ target }} except select {{ columns }} from {{ computed }}) as gone
    where present.{{ unique_key }} = gone.{{ unique_key }};

    insert into {{ target }} ({{ columns }})
    select {{ columns }} from {{ computed }}
    except
    select {{ columns }} from {{ target }}
{% endmacro %}
