{#- How staging turns the text of an export's cell into a typed value (HISTORY.md section 3.2).
    Every macro takes the name of a trimmed text column and gives null for a text that it cannot type; such texts
    become rows of `data_quality_issues`.

    Nearly all cells are written plainly, with no blanks around. So those that take a `cell`, the column as the export has
    it, look at that first: PostgreSQL trims a text anew each time that it is named, which takes as long as to look. -#}

{#- Trims blanks, tabs, line ends and the no-break blank of Windows-1252; blank is null. -#}
{% macro to_text(column) -%}
    nullif(btrim({{ column }}, e' \t\r\n\u00a0'), '')
{%- endmacro %}

{#- `1490.40`, `1,490.40`, `$70.00`, `-12`, `-$12`, `(12.00)`. Thousands must stand in threes: `1,49` is no number,
    for it is more likely a decimal comma than 149. Trailing zeros go, so that equal numbers print alike. -#}
{% macro to_numeric(text, cell) -%}
    trim_scale(
        case
            when {{ is_plain_number(cell) }} then {{ cell }}::numeric
            when
                {{ text }} ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$' and {{ text }} ~ '\d'
                then translate({{ text }}, '$,', '')::numeric
            when
                {{ text }} ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$' and {{ text }} ~ '\d'
                then -translate({{ text }}, '($,)', '')::numeric
        end
    )
{%- endmacro %}

{#- As nearly all numbers are written. -#}
{% macro is_plain_number(cell) -%}
    {{ cell }} ~ '^-?\d+(\.\d+)?$'
{%- endmacro %}

{#- A number with or without a percent sign: `6.625%` is 6.625. -#}
{% macro to_percent(text) -%}
    trim_scale(
        case when {{ text }} ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$' then rtrim({{ text }}, e' \t%')::numeric end
    )
{%- endmacro %}

{#- `MM-DD-YYYY`, `MM/DD/YYYY` and `YYYY-MM-DD`; a day that does not exist is null. A regular expression that replaces takes
    ten times as long as one that only looks. -#}
{% macro to_date(text, cell) -%}
    {%- set iso = "regexp_replace(" ~ text ~ ", '^(\\d\\d?)[-/](\\d\\d?)[-/](\\d{4})$', '\\3-\\1-\\2')" -%}
    case
        when {{ is_plain_date(cell) }} then to_date({{ cell }}, 'MM-DD-YYYY')
        when
            {{ text }} ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$' and pg_input_is_valid({{ iso }}, 'date')
            then {{ iso }}::date
    end
{%- endmacro %}

{#- As nearly all dates are written, with both digits of month and day, and of a day that the month has in every year. -#}
{% macro is_plain_date(cell) -%}
    {%- set day = '(0[1-9]|[12][0-9])' -%}
    {%- set days = '(0[13578]|1[02])[-/](' ~ day ~ '|3[01])|(0[469]|11)[-/](' ~ day ~ '|30)|02[-/](0[1-9]|1[0-9]|2[0-8])' -%}
    {{ cell }} ~ '^({{ days }})[-/][1-9][0-9]{3}$'
{%- endmacro %}

{#- A length is asked for by itself: with `{1,9}` the regular expression takes three times as long. -#}
{% macro to_integer(text, cell) -%}
    case
        when {{ is_plain_integer(cell) }} then {{ cell }}::integer
        when {{ is_plain_integer(text) }} then {{ text }}::integer
    end
{%- endmacro %}

{% macro is_plain_integer(text) -%}
    {{ text }} ~ '^\d+$' and length({{ text }}) <= 9
{%- endmacro %}

{#- The typed form of a trimmed column by its kind, one of text, numeric, date, rate, percent, ordinal. -#}
{% macro to_kind(text, kind, cell) -%}
    {%- if kind == 'text' -%} {{ text }}
    {%- elif kind == 'numeric' -%} {{ to_numeric(text, cell) }}
    {%- elif kind == 'rate' -%} case when {{ text }} not like '%\%' then {{ to_numeric(text, cell) }} end
    {%- elif kind == 'percent' -%} {{ to_percent(text) }}
    {%- elif kind == 'date' -%} {{ to_date(text, cell) }}
    {%- elif kind == 'ordinal' -%} {{ to_integer(text, cell) }}
    {%- else -%} {{ exceptions.raise_compiler_error("unknown kind of column: " ~ kind) }}
    {%- endif -%}
{%- endmacro %}

{#- Whether a trimmed column has a text that is nothing of its kind. What is written as nearly all are is asked for first: to
    make a number or a date of it, only to see that it can be made, takes three times as long. -#}
{% macro cannot_be_typed(text, kind, cell) -%}
    (
        {%- if kind in ('numeric', 'rate') %}not {{ is_plain_number(cell) }} and {% endif -%}
        {%- if kind == 'date' %}not {{ is_plain_date(cell) }} and {% endif -%}
        {%- if kind == 'ordinal' %}not ({{ is_plain_integer(cell) }}) and {% endif -%}
        {{ text }} is not null and {{ to_kind(text, kind, cell) }} is null
        {%- if kind == 'rate' %} and {{ to_percent(text) }} is null{% endif -%}
    )
{%- endmacro %}
