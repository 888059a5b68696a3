{#- A node of the project by its name, for what it says of itself; nothing while dbt reads the project. -#}
{% macro node_named(name) %}
    {{ return((graph.nodes.values() | selectattr('name', 'equalto', name) | first) if execute else {}) }}
{% endmacro %}
