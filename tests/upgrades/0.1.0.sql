--
-- PostgreSQL database dump
--

\restrict upgrades

-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: marts; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA marts;


--
-- Name: meta; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA meta;


--
-- Name: monitoring; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA monitoring;


--
-- Name: raw; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA raw;


--
-- Name: snapshots; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA snapshots;


--
-- Name: staging; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA staging;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: customer_history; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.customer_history (
    record_key text,
    quickbooks_id text,
    customer_name text,
    column_name text,
    old_value text,
    new_value text,
    changed_at timestamp with time zone,
    change_type text,
    file_name text
);


--
-- Name: customers_snapshot; Type: TABLE; Schema: snapshots; Owner: -
--

CREATE TABLE snapshots.customers_snapshot (
    record_key text,
    quickbooks_id text,
    customer_name text,
    company_name text,
    first_name text,
    middle_name text,
    last_name text,
    account_number text,
    customer_type text,
    job_title text,
    main_phone text,
    alt_phone text,
    work_phone text,
    mobile text,
    fax text,
    main_email text,
    cc_email text,
    terms text,
    price_level text,
    sales_rep text,
    tax_code text,
    tax_item text,
    resale_no text,
    preferred_delivery_method text,
    preferred_payment_method text,
    billing_address_line_1 text,
    billing_address_line_2 text,
    billing_address_line_3 text,
    billing_address_city text,
    billing_address_state text,
    billing_address_postal_code text,
    billing_address_country text,
    shipping_address_line_1 text,
    shipping_address_line_2 text,
    shipping_address_line_3 text,
    shipping_address_city text,
    shipping_address_state text,
    shipping_address_postal_code text,
    shipping_address_country text,
    status text,
    notes text,
    credit_limit numeric,
    current_balance numeric,
    created_date date,
    modified_date date,
    s_no integer,
    line_no bigint,
    file_name text,
    dbt_scd_id text,
    dbt_updated_at timestamp with time zone,
    dbt_valid_from timestamp with time zone,
    dbt_valid_to timestamp with time zone
);


--
-- Name: customers; Type: VIEW; Schema: marts; Owner: -
--

CREATE VIEW marts.customers AS
 WITH open_versions AS (
         SELECT customers_snapshot.record_key,
            customers_snapshot.quickbooks_id,
            customers_snapshot.customer_name,
            customers_snapshot.company_name,
            customers_snapshot.first_name,
            customers_snapshot.middle_name,
            customers_snapshot.last_name,
            customers_snapshot.account_number,
            customers_snapshot.customer_type,
            customers_snapshot.job_title,
            customers_snapshot.main_phone,
            customers_snapshot.alt_phone,
            customers_snapshot.work_phone,
            customers_snapshot.mobile,
            customers_snapshot.fax,
            customers_snapshot.main_email,
            customers_snapshot.cc_email,
            customers_snapshot.terms,
            customers_snapshot.price_level,
            customers_snapshot.sales_rep,
            customers_snapshot.tax_code,
            customers_snapshot.tax_item,
            customers_snapshot.resale_no,
            customers_snapshot.preferred_delivery_method,
            customers_snapshot.preferred_payment_method,
            customers_snapshot.billing_address_line_1,
            customers_snapshot.billing_address_line_2,
            customers_snapshot.billing_address_line_3,
            customers_snapshot.billing_address_city,
            customers_snapshot.billing_address_state,
            customers_snapshot.billing_address_postal_code,
            customers_snapshot.billing_address_country,
            customers_snapshot.shipping_address_line_1,
            customers_snapshot.shipping_address_line_2,
            customers_snapshot.shipping_address_line_3,
            customers_snapshot.shipping_address_city,
            customers_snapshot.shipping_address_state,
            customers_snapshot.shipping_address_postal_code,
            customers_snapshot.shipping_address_country,
            customers_snapshot.status,
            customers_snapshot.notes,
            customers_snapshot.credit_limit,
            customers_snapshot.current_balance,
            customers_snapshot.created_date,
            customers_snapshot.modified_date,
            customers_snapshot.s_no,
            customers_snapshot.line_no,
            customers_snapshot.file_name,
            customers_snapshot.dbt_scd_id,
            customers_snapshot.dbt_updated_at,
            customers_snapshot.dbt_valid_from,
            customers_snapshot.dbt_valid_to
           FROM snapshots.customers_snapshot
          WHERE (customers_snapshot.dbt_valid_to IS NULL)
        ), final AS (
         SELECT open_versions.record_key,
            open_versions.quickbooks_id,
            open_versions.customer_name,
            open_versions.company_name,
            open_versions.first_name,
            open_versions.middle_name,
            open_versions.last_name,
            open_versions.account_number,
            open_versions.customer_type,
            open_versions.job_title,
            open_versions.main_phone,
            open_versions.alt_phone,
            open_versions.work_phone,
            open_versions.mobile,
            open_versions.fax,
            open_versions.main_email,
            open_versions.cc_email,
            open_versions.terms,
            open_versions.credit_limit,
            open_versions.price_level,
            open_versions.sales_rep,
            open_versions.tax_code,
            open_versions.tax_item,
            open_versions.resale_no,
            open_versions.preferred_delivery_method,
            open_versions.preferred_payment_method,
            open_versions.billing_address_line_1,
            open_versions.billing_address_line_2,
            open_versions.billing_address_line_3,
            open_versions.billing_address_city,
            open_versions.billing_address_state,
            open_versions.billing_address_postal_code,
            open_versions.billing_address_country,
            open_versions.shipping_address_line_1,
            open_versions.shipping_address_line_2,
            open_versions.shipping_address_line_3,
            open_versions.shipping_address_city,
            open_versions.shipping_address_state,
            open_versions.shipping_address_postal_code,
            open_versions.shipping_address_country,
            open_versions.current_balance,
            open_versions.status,
            open_versions.notes,
            open_versions.created_date,
            open_versions.modified_date,
            open_versions.file_name,
            open_versions.dbt_valid_from AS valid_from
           FROM open_versions
        )
 SELECT record_key,
    quickbooks_id,
    customer_name,
    company_name,
    first_name,
    middle_name,
    last_name,
    account_number,
    customer_type,
    job_title,
    main_phone,
    alt_phone,
    work_phone,
    mobile,
    fax,
    main_email,
    cc_email,
    terms,
    credit_limit,
    price_level,
    sales_rep,
    tax_code,
    tax_item,
    resale_no,
    preferred_delivery_method,
    preferred_payment_method,
    billing_address_line_1,
    billing_address_line_2,
    billing_address_line_3,
    billing_address_city,
    billing_address_state,
    billing_address_postal_code,
    billing_address_country,
    shipping_address_line_1,
    shipping_address_line_2,
    shipping_address_line_3,
    shipping_address_city,
    shipping_address_state,
    shipping_address_postal_code,
    shipping_address_country,
    current_balance,
    status,
    notes,
    created_date,
    modified_date,
    file_name,
    valid_from
   FROM final;


--
-- Name: invoice_history; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.invoice_history (
    record_key text,
    quickbooks_id text,
    invoice_no text,
    column_name text,
    old_value text,
    new_value text,
    changed_at timestamp with time zone,
    change_type text,
    file_name text
);


--
-- Name: invoices_snapshot; Type: TABLE; Schema: snapshots; Owner: -
--

CREATE TABLE snapshots.invoices_snapshot (
    record_key text,
    quickbooks_id text,
    invoice_no text,
    customer_name text,
    shipping_method text,
    terms text,
    po_number text,
    class text,
    sales_rep text,
    fob text,
    memo text,
    customer_message text,
    template text,
    status text,
    currency text,
    billing_address_line_1 text,
    billing_address_line_2 text,
    billing_address_line_3 text,
    billing_address_line_4 text,
    billing_address_line_5 text,
    billing_address_city text,
    billing_address_state text,
    billing_address_postal_code text,
    billing_address_country text,
    shipping_address_line_1 text,
    shipping_address_line_2 text,
    shipping_address_line_3 text,
    shipping_address_line_4 text,
    shipping_address_line_5 text,
    shipping_address_city text,
    shipping_address_state text,
    shipping_address_postal_code text,
    shipping_address_country text,
    sales_tax text,
    external_id text,
    exchange_rate numeric,
    tax_percentage numeric,
    total_tax numeric,
    total_amount numeric,
    invoice_date date,
    due_date date,
    ship_date date,
    created_date date,
    modified_date date,
    s_no integer,
    line_no bigint,
    file_name text,
    dbt_scd_id text,
    dbt_updated_at timestamp with time zone,
    dbt_valid_from timestamp with time zone,
    dbt_valid_to timestamp with time zone
);


--
-- Name: invoices; Type: VIEW; Schema: marts; Owner: -
--

CREATE VIEW marts.invoices AS
 WITH open_versions AS (
         SELECT invoices_snapshot.record_key,
            invoices_snapshot.quickbooks_id,
            invoices_snapshot.invoice_no,
            invoices_snapshot.customer_name,
            invoices_snapshot.shipping_method,
            invoices_snapshot.terms,
            invoices_snapshot.po_number,
            invoices_snapshot.class,
            invoices_snapshot.sales_rep,
            invoices_snapshot.fob,
            invoices_snapshot.memo,
            invoices_snapshot.customer_message,
            invoices_snapshot.template,
            invoices_snapshot.status,
            invoices_snapshot.currency,
            invoices_snapshot.billing_address_line_1,
            invoices_snapshot.billing_address_line_2,
            invoices_snapshot.billing_address_line_3,
            invoices_snapshot.billing_address_line_4,
            invoices_snapshot.billing_address_line_5,
            invoices_snapshot.billing_address_city,
            invoices_snapshot.billing_address_state,
            invoices_snapshot.billing_address_postal_code,
            invoices_snapshot.billing_address_country,
            invoices_snapshot.shipping_address_line_1,
            invoices_snapshot.shipping_address_line_2,
            invoices_snapshot.shipping_address_line_3,
            invoices_snapshot.shipping_address_line_4,
            invoices_snapshot.shipping_address_line_5,
            invoices_snapshot.shipping_address_city,
            invoices_snapshot.shipping_address_state,
            invoices_snapshot.shipping_address_postal_code,
            invoices_snapshot.shipping_address_country,
            invoices_snapshot.sales_tax,
            invoices_snapshot.external_id,
            invoices_snapshot.exchange_rate,
            invoices_snapshot.tax_percentage,
            invoices_snapshot.total_tax,
            invoices_snapshot.total_amount,
            invoices_snapshot.invoice_date,
            invoices_snapshot.due_date,
            invoices_snapshot.ship_date,
            invoices_snapshot.created_date,
            invoices_snapshot.modified_date,
            invoices_snapshot.s_no,
            invoices_snapshot.line_no,
            invoices_snapshot.file_name,
            invoices_snapshot.dbt_scd_id,
            invoices_snapshot.dbt_updated_at,
            invoices_snapshot.dbt_valid_from,
            invoices_snapshot.dbt_valid_to
           FROM snapshots.invoices_snapshot
          WHERE (invoices_snapshot.dbt_valid_to IS NULL)
        ), final AS (
         SELECT open_versions.record_key,
            open_versions.quickbooks_id,
            open_versions.invoice_no,
            open_versions.customer_name,
            open_versions.invoice_date,
            open_versions.due_date,
            open_versions.ship_date,
            open_versions.shipping_method,
            open_versions.terms,
            open_versions.po_number,
            open_versions.class,
            open_versions.sales_rep,
            open_versions.fob,
            open_versions.memo,
            open_versions.customer_message,
            open_versions.template,
            open_versions.status,
            open_versions.currency,
            open_versions.exchange_rate,
            open_versions.billing_address_line_1,
            open_versions.billing_address_line_2,
            open_versions.billing_address_line_3,
            open_versions.billing_address_line_4,
            open_versions.billing_address_line_5,
            open_versions.billing_address_city,
            open_versions.billing_address_state,
            open_versions.billing_address_postal_code,
            open_versions.billing_address_country,
            open_versions.shipping_address_line_1,
            open_versions.shipping_address_line_2,
            open_versions.shipping_address_line_3,
            open_versions.shipping_address_line_4,
            open_versions.shipping_address_line_5,
            open_versions.shipping_address_city,
            open_versions.shipping_address_state,
            open_versions.shipping_address_postal_code,
            open_versions.shipping_address_country,
            open_versions.sales_tax,
            open_versions.tax_percentage,
            open_versions.total_tax,
            open_versions.total_amount,
            open_versions.external_id,
            open_versions.created_date,
            open_versions.modified_date,
            open_versions.file_name,
            open_versions.dbt_valid_from AS valid_from
           FROM open_versions
        )
 SELECT record_key,
    quickbooks_id,
    invoice_no,
    customer_name,
    invoice_date,
    due_date,
    ship_date,
    shipping_method,
    terms,
    po_number,
    class,
    sales_rep,
    fob,
    memo,
    customer_message,
    template,
    status,
    currency,
    exchange_rate,
    billing_address_line_1,
    billing_address_line_2,
    billing_address_line_3,
    billing_address_line_4,
    billing_address_line_5,
    billing_address_city,
    billing_address_state,
    billing_address_postal_code,
    billing_address_country,
    shipping_address_line_1,
    shipping_address_line_2,
    shipping_address_line_3,
    shipping_address_line_4,
    shipping_address_line_5,
    shipping_address_city,
    shipping_address_state,
    shipping_address_postal_code,
    shipping_address_country,
    sales_tax,
    tax_percentage,
    total_tax,
    total_amount,
    external_id,
    created_date,
    modified_date,
    file_name,
    valid_from
   FROM final;


--
-- Name: invoice_lines_snapshot; Type: TABLE; Schema: snapshots; Owner: -
--

CREATE TABLE snapshots.invoice_lines_snapshot (
    record_key text,
    product_service text,
    occurrence integer,
    quickbooks_id text,
    description text,
    class text,
    sales_tax_code text,
    unit_of_measure text,
    inventory_site text,
    serial_no text,
    lot_no text,
    quantity numeric,
    rate numeric,
    rate_percent numeric,
    amount numeric,
    service_date date,
    s_no integer,
    line_no bigint,
    file_name text,
    dbt_scd_id text,
    dbt_updated_at timestamp with time zone,
    dbt_valid_from timestamp with time zone,
    dbt_valid_to timestamp with time zone
);


--
-- Name: invoice_lines; Type: VIEW; Schema: marts; Owner: -
--

CREATE VIEW marts.invoice_lines AS
 WITH open_lines AS (
         SELECT invoice_lines_snapshot.record_key,
            invoice_lines_snapshot.product_service,
            invoice_lines_snapshot.occurrence,
            invoice_lines_snapshot.quickbooks_id,
            invoice_lines_snapshot.description,
            invoice_lines_snapshot.class,
            invoice_lines_snapshot.sales_tax_code,
            invoice_lines_snapshot.unit_of_measure,
            invoice_lines_snapshot.inventory_site,
            invoice_lines_snapshot.serial_no,
            invoice_lines_snapshot.lot_no,
            invoice_lines_snapshot.quantity,
            invoice_lines_snapshot.rate,
            invoice_lines_snapshot.rate_percent,
            invoice_lines_snapshot.amount,
            invoice_lines_snapshot.service_date,
            invoice_lines_snapshot.s_no,
            invoice_lines_snapshot.line_no,
            invoice_lines_snapshot.file_name,
            invoice_lines_snapshot.dbt_scd_id,
            invoice_lines_snapshot.dbt_updated_at,
            invoice_lines_snapshot.dbt_valid_from,
            invoice_lines_snapshot.dbt_valid_to
           FROM snapshots.invoice_lines_snapshot
          WHERE (invoice_lines_snapshot.dbt_valid_to IS NULL)
        ), invoices AS (
         SELECT invoices.record_key,
            invoices.quickbooks_id,
            invoices.invoice_no,
            invoices.customer_name,
            invoices.invoice_date,
            invoices.due_date,
            invoices.ship_date,
            invoices.shipping_method,
            invoices.terms,
            invoices.po_number,
            invoices.class,
            invoices.sales_rep,
            invoices.fob,
            invoices.memo,
            invoices.customer_message,
            invoices.template,
            invoices.status,
            invoices.currency,
            invoices.exchange_rate,
            invoices.billing_address_line_1,
            invoices.billing_address_line_2,
            invoices.billing_address_line_3,
            invoices.billing_address_line_4,
            invoices.billing_address_line_5,
            invoices.billing_address_city,
            invoices.billing_address_state,
            invoices.billing_address_postal_code,
            invoices.billing_address_country,
            invoices.shipping_address_line_1,
            invoices.shipping_address_line_2,
            invoices.shipping_address_line_3,
            invoices.shipping_address_line_4,
            invoices.shipping_address_line_5,
            invoices.shipping_address_city,
            invoices.shipping_address_state,
            invoices.shipping_address_postal_code,
            invoices.shipping_address_country,
            invoices.sales_tax,
            invoices.tax_percentage,
            invoices.total_tax,
            invoices.total_amount,
            invoices.external_id,
            invoices.created_date,
            invoices.modified_date,
            invoices.file_name,
            invoices.valid_from
           FROM marts.invoices
        ), final AS (
         SELECT open_lines.record_key,
            open_lines.quickbooks_id,
            invoices.invoice_no,
            open_lines.product_service,
            open_lines.occurrence,
            open_lines.description,
            open_lines.quantity,
            open_lines.rate,
            open_lines.rate_percent,
            open_lines.amount,
            open_lines.class,
            open_lines.service_date,
            open_lines.sales_tax_code,
            open_lines.unit_of_measure,
            open_lines.inventory_site,
            open_lines.serial_no,
            open_lines.lot_no,
            open_lines.file_name,
            open_lines.dbt_valid_from AS valid_from
           FROM (open_lines
             JOIN invoices ON ((open_lines.record_key = invoices.record_key)))
        )
 SELECT record_key,
    quickbooks_id,
    invoice_no,
    product_service,
    occurrence,
    description,
    quantity,
    rate,
    rate_percent,
    amount,
    class,
    service_date,
    sales_tax_code,
    unit_of_measure,
    inventory_site,
    serial_no,
    lot_no,
    file_name,
    valid_from
   FROM final;


--
-- Name: item_history; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.item_history (
    record_key text,
    quickbooks_id text,
    item_name text,
    column_name text,
    old_value text,
    new_value text,
    changed_at timestamp with time zone,
    change_type text,
    file_name text
);


--
-- Name: items_snapshot; Type: TABLE; Schema: snapshots; Owner: -
--

CREATE TABLE snapshots.items_snapshot (
    record_key text,
    quickbooks_id text,
    item_name text,
    item_type text,
    item_subtype text,
    unit_of_measure text,
    manufacturers_part_number text,
    purchase_description text,
    cogs_account text,
    preferred_vendor text,
    sales_description text,
    sales_tax_code text,
    income_account text,
    expense_account text,
    asset_account text,
    class text,
    bar_code text,
    status text,
    transx text,
    upc text,
    purchase_cost numeric,
    sales_price numeric,
    min_reorder_point numeric,
    max_reorder_point numeric,
    quantity_on_hand numeric,
    quantity_on_order numeric,
    quantity_on_sales_order numeric,
    unit_weight_kg numeric,
    inventory_date date,
    s_no integer,
    line_no bigint,
    file_name text,
    dbt_scd_id text,
    dbt_updated_at timestamp with time zone,
    dbt_valid_from timestamp with time zone,
    dbt_valid_to timestamp with time zone
);


--
-- Name: item_history_view; Type: VIEW; Schema: marts; Owner: -
--

CREATE VIEW marts.item_history_view AS
 WITH item_history AS (
         SELECT item_history.record_key,
            item_history.quickbooks_id,
            item_history.item_name,
            item_history.column_name,
            item_history.old_value,
            item_history.new_value,
            item_history.changed_at,
            item_history.change_type,
            item_history.file_name
           FROM marts.item_history
        ), versions AS (
         SELECT items_snapshot.record_key,
            items_snapshot.quickbooks_id,
            items_snapshot.item_name,
            items_snapshot.item_type,
            items_snapshot.item_subtype,
            items_snapshot.unit_of_measure,
            items_snapshot.manufacturers_part_number,
            items_snapshot.purchase_description,
            items_snapshot.cogs_account,
            items_snapshot.preferred_vendor,
            items_snapshot.sales_description,
            items_snapshot.sales_tax_code,
            items_snapshot.income_account,
            items_snapshot.expense_account,
            items_snapshot.asset_account,
            items_snapshot.class,
            items_snapshot.bar_code,
            items_snapshot.status,
            items_snapshot.transx,
            items_snapshot.upc,
            items_snapshot.purchase_cost,
            items_snapshot.sales_price,
            items_snapshot.min_reorder_point,
            items_snapshot.max_reorder_point,
            items_snapshot.quantity_on_hand,
            items_snapshot.quantity_on_order,
            items_snapshot.quantity_on_sales_order,
            items_snapshot.unit_weight_kg,
            items_snapshot.inventory_date,
            items_snapshot.s_no,
            items_snapshot.line_no,
            items_snapshot.file_name,
            items_snapshot.dbt_scd_id,
            items_snapshot.dbt_updated_at,
            items_snapshot.dbt_valid_from,
            items_snapshot.dbt_valid_to
           FROM snapshots.items_snapshot
        ), described AS (
         SELECT item_history.record_key,
            item_history.quickbooks_id,
            item_history.item_name,
            item_history.column_name,
            item_history.old_value,
            item_history.new_value,
            item_history.changed_at,
            item_history.change_type,
            item_history.file_name,
            COALESCE(opened.sales_description, closed.sales_description) AS sales_description,
            (item_history.column_name = ANY (ARRAY['purchase_cost'::text, 'sales_price'::text, 'quantity_on_hand'::text, 'quantity_on_order'::text, 'quantity_on_sales_order'::text])) AS is_numeric
           FROM ((item_history
             LEFT JOIN versions opened ON (((item_history.change_type <> 'deleted'::text) AND (item_history.record_key = opened.record_key) AND (item_history.changed_at = opened.dbt_valid_from))))
             LEFT JOIN versions closed ON (((item_history.change_type = 'deleted'::text) AND (item_history.record_key = closed.record_key) AND (item_history.changed_at = closed.dbt_valid_to))))
        ), measured AS (
         SELECT described.record_key,
            described.quickbooks_id,
            described.item_name,
            described.column_name,
            described.old_value,
            described.new_value,
            described.changed_at,
            described.change_type,
            described.file_name,
            described.sales_description,
            described.is_numeric,
                CASE
                    WHEN described.is_numeric THEN trim_scale(((described.new_value)::numeric - (described.old_value)::numeric))
                    ELSE NULL::numeric
                END AS numeric_change,
                CASE
                    WHEN described.is_numeric THEN abs((described.old_value)::numeric)
                    ELSE NULL::numeric
                END AS old_size
           FROM described
        ), final AS (
         SELECT measured.record_key,
            measured.quickbooks_id,
            measured.item_name,
            measured.sales_description,
            measured.column_name,
            measured.old_value,
            measured.new_value,
            measured.numeric_change,
            trim_scale(round((((100)::numeric * measured.numeric_change) / NULLIF(measured.old_size, (0)::numeric)), 2)) AS percent_change,
            measured.changed_at,
            measured.change_type,
            measured.file_name
           FROM measured
        )
 SELECT record_key,
    quickbooks_id,
    item_name,
    sales_description,
    column_name,
    old_value,
    new_value,
    numeric_change,
    percent_change,
    changed_at,
    change_type,
    file_name
   FROM final;


--
-- Name: sales_receipts_snapshot; Type: TABLE; Schema: snapshots; Owner: -
--

CREATE TABLE snapshots.sales_receipts_snapshot (
    record_key text,
    quickbooks_id text,
    sales_receipt_no text,
    customer_name text,
    payment_method text,
    shipping_method text,
    class text,
    sales_rep text,
    fob text,
    memo text,
    message_to_customer text,
    template text,
    billing_address_line_1 text,
    billing_address_line_2 text,
    billing_address_line_3 text,
    billing_address_city text,
    billing_address_state text,
    billing_address_postal_code text,
    billing_address_country text,
    shipping_address_line_1 text,
    shipping_address_line_2 text,
    shipping_address_line_3 text,
    shipping_address_city text,
    shipping_address_state text,
    shipping_address_postal_code text,
    shipping_address_country text,
    customer_sales_tax_code text,
    industry text,
    source_channel text,
    total_tax numeric,
    total_amount numeric,
    sales_receipt_date date,
    due_date date,
    ship_date date,
    created_date date,
    modified_date date,
    s_no integer,
    line_no bigint,
    file_name text,
    dbt_scd_id text,
    dbt_updated_at timestamp with time zone,
    dbt_valid_from timestamp with time zone,
    dbt_valid_to timestamp with time zone
);


--
-- Name: sales_receipts; Type: VIEW; Schema: marts; Owner: -
--

CREATE VIEW marts.sales_receipts AS
 WITH open_versions AS (
         SELECT sales_receipts_snapshot.record_key,
            sales_receipts_snapshot.quickbooks_id,
            sales_receipts_snapshot.sales_receipt_no,
            sales_receipts_snapshot.customer_name,
            sales_receipts_snapshot.payment_method,
            sales_receipts_snapshot.shipping_method,
            sales_receipts_snapshot.class,
            sales_receipts_snapshot.sales_rep,
            sales_receipts_snapshot.fob,
            sales_receipts_snapshot.memo,
            sales_receipts_snapshot.message_to_customer,
            sales_receipts_snapshot.template,
            sales_receipts_snapshot.billing_address_line_1,
            sales_receipts_snapshot.billing_address_line_2,
            sales_receipts_snapshot.billing_address_line_3,
            sales_receipts_snapshot.billing_address_city,
            sales_receipts_snapshot.billing_address_state,
            sales_receipts_snapshot.billing_address_postal_code,
            sales_receipts_snapshot.billing_address_country,
            sales_receipts_snapshot.shipping_address_line_1,
            sales_receipts_snapshot.shipping_address_line_2,
            sales_receipts_snapshot.shipping_address_line_3,
            sales_receipts_snapshot.shipping_address_city,
            sales_receipts_snapshot.shipping_address_state,
            sales_receipts_snapshot.shipping_address_postal_code,
            sales_receipts_snapshot.shipping_address_country,
            sales_receipts_snapshot.customer_sales_tax_code,
            sales_receipts_snapshot.industry,
            sales_receipts_snapshot.source_channel,
            sales_receipts_snapshot.total_tax,
            sales_receipts_snapshot.total_amount,
            sales_receipts_snapshot.sales_receipt_date,
            sales_receipts_snapshot.due_date,
            sales_receipts_snapshot.ship_date,
            sales_receipts_snapshot.created_date,
            sales_receipts_snapshot.modified_date,
            sales_receipts_snapshot.s_no,
            sales_receipts_snapshot.line_no,
            sales_receipts_snapshot.file_name,
            sales_receipts_snapshot.dbt_scd_id,
            sales_receipts_snapshot.dbt_updated_at,
            sales_receipts_snapshot.dbt_valid_from,
            sales_receipts_snapshot.dbt_valid_to
           FROM snapshots.sales_receipts_snapshot
          WHERE (sales_receipts_snapshot.dbt_valid_to IS NULL)
        ), final AS (
         SELECT open_versions.record_key,
            open_versions.quickbooks_id,
            open_versions.sales_receipt_no,
            open_versions.customer_name,
            open_versions.sales_receipt_date,
            open_versions.payment_method,
            open_versions.due_date,
            open_versions.ship_date,
            open_versions.shipping_method,
            open_versions.class,
            open_versions.sales_rep,
            open_versions.fob,
            open_versions.memo,
            open_versions.message_to_customer,
            open_versions.template,
            open_versions.billing_address_line_1,
            open_versions.billing_address_line_2,
            open_versions.billing_address_line_3,
            open_versions.billing_address_city,
            open_versions.billing_address_state,
            open_versions.billing_address_postal_code,
            open_versions.billing_address_country,
            open_versions.shipping_address_line_1,
            open_versions.shipping_address_line_2,
            open_versions.shipping_address_line_3,
            open_versions.shipping_address_city,
            open_versions.shipping_address_state,
            open_versions.shipping_address_postal_code,
            open_versions.shipping_address_country,
            open_versions.customer_sales_tax_code,
            open_versions.total_tax,
            open_versions.total_amount,
            open_versions.industry,
            open_versions.source_channel,
            open_versions.created_date,
            open_versions.modified_date,
            open_versions.file_name,
            open_versions.dbt_valid_from AS valid_from
           FROM open_versions
        )
 SELECT record_key,
    quickbooks_id,
    sales_receipt_no,
    customer_name,
    sales_receipt_date,
    payment_method,
    due_date,
    ship_date,
    shipping_method,
    class,
    sales_rep,
    fob,
    memo,
    message_to_customer,
    template,
    billing_address_line_1,
    billing_address_line_2,
    billing_address_line_3,
    billing_address_city,
    billing_address_state,
    billing_address_postal_code,
    billing_address_country,
    shipping_address_line_1,
    shipping_address_line_2,
    shipping_address_line_3,
    shipping_address_city,
    shipping_address_state,
    shipping_address_postal_code,
    shipping_address_country,
    customer_sales_tax_code,
    total_tax,
    total_amount,
    industry,
    source_channel,
    created_date,
    modified_date,
    file_name,
    valid_from
   FROM final;


--
-- Name: sales_receipt_lines_snapshot; Type: TABLE; Schema: snapshots; Owner: -
--

CREATE TABLE snapshots.sales_receipt_lines_snapshot (
    record_key text,
    product_service text,
    occurrence integer,
    quickbooks_id text,
    description text,
    class text,
    sales_tax_code text,
    unit_of_measure text,
    quantity numeric,
    rate numeric,
    rate_percent numeric,
    amount numeric,
    service_date date,
    s_no integer,
    line_no bigint,
    file_name text,
    dbt_scd_id text,
    dbt_updated_at timestamp with time zone,
    dbt_valid_from timestamp with time zone,
    dbt_valid_to timestamp with time zone
);


--
-- Name: sales_receipt_lines; Type: VIEW; Schema: marts; Owner: -
--

CREATE VIEW marts.sales_receipt_lines AS
 WITH open_lines AS (
         SELECT sales_receipt_lines_snapshot.record_key,
            sales_receipt_lines_snapshot.product_service,
            sales_receipt_lines_snapshot.occurrence,
            sales_receipt_lines_snapshot.quickbooks_id,
            sales_receipt_lines_snapshot.description,
            sales_receipt_lines_snapshot.class,
            sales_receipt_lines_snapshot.sales_tax_code,
            sales_receipt_lines_snapshot.unit_of_measure,
            sales_receipt_lines_snapshot.quantity,
            sales_receipt_lines_snapshot.rate,
            sales_receipt_lines_snapshot.rate_percent,
            sales_receipt_lines_snapshot.amount,
            sales_receipt_lines_snapshot.service_date,
            sales_receipt_lines_snapshot.s_no,
            sales_receipt_lines_snapshot.line_no,
            sales_receipt_lines_snapshot.file_name,
            sales_receipt_lines_snapshot.dbt_scd_id,
            sales_receipt_lines_snapshot.dbt_updated_at,
            sales_receipt_lines_snapshot.dbt_valid_from,
            sales_receipt_lines_snapshot.dbt_valid_to
           FROM snapshots.sales_receipt_lines_snapshot
          WHERE (sales_receipt_lines_snapshot.dbt_valid_to IS NULL)
        ), sales_receipts AS (
         SELECT sales_receipts.record_key,
            sales_receipts.quickbooks_id,
            sales_receipts.sales_receipt_no,
            sales_receipts.customer_name,
            sales_receipts.sales_receipt_date,
            sales_receipts.payment_method,
            sales_receipts.due_date,
            sales_receipts.ship_date,
            sales_receipts.shipping_method,
            sales_receipts.class,
            sales_receipts.sales_rep,
            sales_receipts.fob,
            sales_receipts.memo,
            sales_receipts.message_to_customer,
            sales_receipts.template,
            sales_receipts.billing_address_line_1,
            sales_receipts.billing_address_line_2,
            sales_receipts.billing_address_line_3,
            sales_receipts.billing_address_city,
            sales_receipts.billing_address_state,
            sales_receipts.billing_address_postal_code,
            sales_receipts.billing_address_country,
            sales_receipts.shipping_address_line_1,
            sales_receipts.shipping_address_line_2,
            sales_receipts.shipping_address_line_3,
            sales_receipts.shipping_address_city,
            sales_receipts.shipping_address_state,
            sales_receipts.shipping_address_postal_code,
            sales_receipts.shipping_address_country,
            sales_receipts.customer_sales_tax_code,
            sales_receipts.total_tax,
            sales_receipts.total_amount,
            sales_receipts.industry,
            sales_receipts.source_channel,
            sales_receipts.created_date,
            sales_receipts.modified_date,
            sales_receipts.file_name,
            sales_receipts.valid_from
           FROM marts.sales_receipts
        ), final AS (
         SELECT open_lines.record_key,
            open_lines.quickbooks_id,
            sales_receipts.sales_receipt_no,
            open_lines.product_service,
            open_lines.occurrence,
            open_lines.description,
            open_lines.quantity,
            open_lines.rate,
            open_lines.rate_percent,
            open_lines.amount,
            open_lines.class,
            open_lines.service_date,
            open_lines.sales_tax_code,
            open_lines.unit_of_measure,
            open_lines.file_name,
            open_lines.dbt_valid_from AS valid_from
           FROM (open_lines
             JOIN sales_receipts ON ((open_lines.record_key = sales_receipts.record_key)))
        )
 SELECT record_key,
    quickbooks_id,
    sales_receipt_no,
    product_service,
    occurrence,
    description,
    quantity,
    rate,
    rate_percent,
    amount,
    class,
    service_date,
    sales_tax_code,
    unit_of_measure,
    file_name,
    valid_from
   FROM final;


--
-- Name: order_lines; Type: VIEW; Schema: marts; Owner: -
--

CREATE VIEW marts.order_lines AS
 WITH invoice_lines AS (
         SELECT 'invoice'::text AS order_type,
            invoice_lines.invoice_no AS order_number,
            invoice_lines.record_key,
            invoice_lines.quickbooks_id,
            invoice_lines.product_service,
            invoice_lines.occurrence,
            invoice_lines.description,
            invoice_lines.quantity,
            invoice_lines.rate,
            invoice_lines.rate_percent,
            invoice_lines.amount,
            invoice_lines.class,
            invoice_lines.service_date,
            invoice_lines.sales_tax_code,
            invoice_lines.unit_of_measure,
            invoice_lines.file_name,
            invoice_lines.valid_from
           FROM marts.invoice_lines
        ), sales_receipt_lines AS (
         SELECT 'sales_receipt'::text AS order_type,
            sales_receipt_lines.sales_receipt_no AS order_number,
            sales_receipt_lines.record_key,
            sales_receipt_lines.quickbooks_id,
            sales_receipt_lines.product_service,
            sales_receipt_lines.occurrence,
            sales_receipt_lines.description,
            sales_receipt_lines.quantity,
            sales_receipt_lines.rate,
            sales_receipt_lines.rate_percent,
            sales_receipt_lines.amount,
            sales_receipt_lines.class,
            sales_receipt_lines.service_date,
            sales_receipt_lines.sales_tax_code,
            sales_receipt_lines.unit_of_measure,
            sales_receipt_lines.file_name,
            sales_receipt_lines.valid_from
           FROM marts.sales_receipt_lines
        ), final AS (
         SELECT invoice_lines.order_type,
            invoice_lines.order_number,
            invoice_lines.record_key,
            invoice_lines.quickbooks_id,
            invoice_lines.product_service,
            invoice_lines.occurrence,
            invoice_lines.description,
            invoice_lines.quantity,
            invoice_lines.rate,
            invoice_lines.rate_percent,
            invoice_lines.amount,
            invoice_lines.class,
            invoice_lines.service_date,
            invoice_lines.sales_tax_code,
            invoice_lines.unit_of_measure,
            invoice_lines.file_name,
            invoice_lines.valid_from
           FROM invoice_lines
        UNION ALL
         SELECT sales_receipt_lines.order_type,
            sales_receipt_lines.order_number,
            sales_receipt_lines.record_key,
            sales_receipt_lines.quickbooks_id,
            sales_receipt_lines.product_service,
            sales_receipt_lines.occurrence,
            sales_receipt_lines.description,
            sales_receipt_lines.quantity,
            sales_receipt_lines.rate,
            sales_receipt_lines.rate_percent,
            sales_receipt_lines.amount,
            sales_receipt_lines.class,
            sales_receipt_lines.service_date,
            sales_receipt_lines.sales_tax_code,
            sales_receipt_lines.unit_of_measure,
            sales_receipt_lines.file_name,
            sales_receipt_lines.valid_from
           FROM sales_receipt_lines
        )
 SELECT order_type,
    order_number,
    record_key,
    quickbooks_id,
    product_service,
    occurrence,
    description,
    quantity,
    rate,
    rate_percent,
    amount,
    class,
    service_date,
    sales_tax_code,
    unit_of_measure,
    file_name,
    valid_from
   FROM final;


--
-- Name: orders; Type: VIEW; Schema: marts; Owner: -
--

CREATE VIEW marts.orders AS
 WITH invoices AS (
         SELECT invoices.record_key,
            invoices.quickbooks_id,
            invoices.invoice_no,
            invoices.customer_name,
            invoices.invoice_date,
            invoices.due_date,
            invoices.ship_date,
            invoices.shipping_method,
            invoices.terms,
            invoices.po_number,
            invoices.class,
            invoices.sales_rep,
            invoices.fob,
            invoices.memo,
            invoices.customer_message,
            invoices.template,
            invoices.status,
            invoices.currency,
            invoices.exchange_rate,
            invoices.billing_address_line_1,
            invoices.billing_address_line_2,
            invoices.billing_address_line_3,
            invoices.billing_address_line_4,
            invoices.billing_address_line_5,
            invoices.billing_address_city,
            invoices.billing_address_state,
            invoices.billing_address_postal_code,
            invoices.billing_address_country,
            invoices.shipping_address_line_1,
            invoices.shipping_address_line_2,
            invoices.shipping_address_line_3,
            invoices.shipping_address_line_4,
            invoices.shipping_address_line_5,
            invoices.shipping_address_city,
            invoices.shipping_address_state,
            invoices.shipping_address_postal_code,
            invoices.shipping_address_country,
            invoices.sales_tax,
            invoices.tax_percentage,
            invoices.total_tax,
            invoices.total_amount,
            invoices.external_id,
            invoices.created_date,
            invoices.modified_date,
            invoices.file_name,
            invoices.valid_from
           FROM marts.invoices
        ), sales_receipts AS (
         SELECT sales_receipts.record_key,
            sales_receipts.quickbooks_id,
            sales_receipts.sales_receipt_no,
            sales_receipts.customer_name,
            sales_receipts.sales_receipt_date,
            sales_receipts.payment_method,
            sales_receipts.due_date,
            sales_receipts.ship_date,
            sales_receipts.shipping_method,
            sales_receipts.class,
            sales_receipts.sales_rep,
            sales_receipts.fob,
            sales_receipts.memo,
            sales_receipts.message_to_customer,
            sales_receipts.template,
            sales_receipts.billing_address_line_1,
            sales_receipts.billing_address_line_2,
            sales_receipts.billing_address_line_3,
            sales_receipts.billing_address_city,
            sales_receipts.billing_address_state,
            sales_receipts.billing_address_postal_code,
            sales_receipts.billing_address_country,
            sales_receipts.shipping_address_line_1,
            sales_receipts.shipping_address_line_2,
            sales_receipts.shipping_address_line_3,
            sales_receipts.shipping_address_city,
            sales_receipts.shipping_address_state,
            sales_receipts.shipping_address_postal_code,
            sales_receipts.shipping_address_country,
            sales_receipts.customer_sales_tax_code,
            sales_receipts.total_tax,
            sales_receipts.total_amount,
            sales_receipts.industry,
            sales_receipts.source_channel,
            sales_receipts.created_date,
            sales_receipts.modified_date,
            sales_receipts.file_name,
            sales_receipts.valid_from
           FROM marts.sales_receipts
        ), final AS (
         SELECT 'invoice'::text AS order_type,
            invoices.invoice_no AS order_number,
            invoices.record_key,
            invoices.quickbooks_id,
            invoices.invoice_date AS order_date,
            invoices.due_date,
            invoices.ship_date,
            invoices.customer_name,
            invoices.status,
            invoices.terms,
            NULL::text AS payment_method,
            invoices.shipping_method,
            invoices.sales_rep,
            invoices.class,
            invoices.memo,
            invoices.total_tax,
            invoices.total_amount,
            invoices.file_name,
            invoices.valid_from
           FROM invoices
        UNION ALL
         SELECT 'sales_receipt'::text AS order_type,
            sales_receipts.sales_receipt_no AS order_number,
            sales_receipts.record_key,
            sales_receipts.quickbooks_id,
            sales_receipts.sales_receipt_date AS order_date,
            sales_receipts.due_date,
            sales_receipts.ship_date,
            sales_receipts.customer_name,
            NULL::text AS status,
            NULL::text AS terms,
            sales_receipts.payment_method,
            sales_receipts.shipping_method,
            sales_receipts.sales_rep,
            sales_receipts.class,
            sales_receipts.memo,
            sales_receipts.total_tax,
            sales_receipts.total_amount,
            sales_receipts.file_name,
            sales_receipts.valid_from
           FROM sales_receipts
        )
 SELECT order_type,
    order_number,
    record_key,
    quickbooks_id,
    order_date,
    due_date,
    ship_date,
    customer_name,
    status,
    terms,
    payment_method,
    shipping_method,
    sales_rep,
    class,
    memo,
    total_tax,
    total_amount,
    file_name,
    valid_from
   FROM final;


--
-- Name: products; Type: VIEW; Schema: marts; Owner: -
--

CREATE VIEW marts.products AS
 WITH open_versions AS (
         SELECT items_snapshot.record_key,
            items_snapshot.quickbooks_id,
            items_snapshot.item_name,
            items_snapshot.item_type,
            items_snapshot.item_subtype,
            items_snapshot.unit_of_measure,
            items_snapshot.manufacturers_part_number,
            items_snapshot.purchase_description,
            items_snapshot.cogs_account,
            items_snapshot.preferred_vendor,
            items_snapshot.sales_description,
            items_snapshot.sales_tax_code,
            items_snapshot.income_account,
            items_snapshot.expense_account,
            items_snapshot.asset_account,
            items_snapshot.class,
            items_snapshot.bar_code,
            items_snapshot.status,
            items_snapshot.transx,
            items_snapshot.upc,
            items_snapshot.purchase_cost,
            items_snapshot.sales_price,
            items_snapshot.min_reorder_point,
            items_snapshot.max_reorder_point,
            items_snapshot.quantity_on_hand,
            items_snapshot.quantity_on_order,
            items_snapshot.quantity_on_sales_order,
            items_snapshot.unit_weight_kg,
            items_snapshot.inventory_date,
            items_snapshot.s_no,
            items_snapshot.line_no,
            items_snapshot.file_name,
            items_snapshot.dbt_scd_id,
            items_snapshot.dbt_updated_at,
            items_snapshot.dbt_valid_from,
            items_snapshot.dbt_valid_to
           FROM snapshots.items_snapshot
          WHERE (items_snapshot.dbt_valid_to IS NULL)
        ), final AS (
         SELECT open_versions.record_key,
            open_versions.quickbooks_id,
            open_versions.item_name,
            open_versions.item_type,
            open_versions.item_subtype,
            open_versions.unit_of_measure,
            open_versions.manufacturers_part_number,
            open_versions.purchase_cost,
            open_versions.purchase_description,
            open_versions.cogs_account,
            open_versions.preferred_vendor,
            open_versions.sales_price,
            open_versions.sales_description,
            open_versions.sales_tax_code,
            open_versions.income_account,
            open_versions.expense_account,
            open_versions.asset_account,
            open_versions.class,
            open_versions.bar_code,
            open_versions.min_reorder_point,
            open_versions.max_reorder_point,
            open_versions.quantity_on_hand,
            open_versions.quantity_on_order,
            open_versions.quantity_on_sales_order,
            open_versions.inventory_date,
            open_versions.status,
            open_versions.transx,
            open_versions.unit_weight_kg,
            open_versions.upc,
            open_versions.file_name,
            open_versions.dbt_valid_from AS valid_from
           FROM open_versions
        )
 SELECT record_key,
    quickbooks_id,
    item_name,
    item_type,
    item_subtype,
    unit_of_measure,
    manufacturers_part_number,
    purchase_cost,
    purchase_description,
    cogs_account,
    preferred_vendor,
    sales_price,
    sales_description,
    sales_tax_code,
    income_account,
    expense_account,
    asset_account,
    class,
    bar_code,
    min_reorder_point,
    max_reorder_point,
    quantity_on_hand,
    quantity_on_order,
    quantity_on_sales_order,
    inventory_date,
    status,
    transx,
    unit_weight_kg,
    upc,
    file_name,
    valid_from
   FROM final;


--
-- Name: sales_receipt_history; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.sales_receipt_history (
    record_key text,
    quickbooks_id text,
    sales_receipt_no text,
    column_name text,
    old_value text,
    new_value text,
    changed_at timestamp with time zone,
    change_type text,
    file_name text
);


--
-- Name: applied_loads; Type: TABLE; Schema: meta; Owner: -
--

CREATE TABLE meta.applied_loads (
    snapshot text NOT NULL,
    load_id bigint NOT NULL
);


--
-- Name: archived_partitions; Type: TABLE; Schema: meta; Owner: -
--

CREATE TABLE meta.archived_partitions (
    entity text NOT NULL,
    month date,
    file_name text NOT NULL,
    sha256 text NOT NULL,
    row_count bigint NOT NULL,
    table_bytes bigint NOT NULL,
    file_bytes bigint NOT NULL,
    archived_at timestamp with time zone NOT NULL,
    is_lent boolean DEFAULT false NOT NULL
);


--
-- Name: loads; Type: TABLE; Schema: meta; Owner: -
--

CREATE TABLE meta.loads (
    load_id bigint NOT NULL,
    entity text NOT NULL,
    file_name text NOT NULL,
    scope text NOT NULL,
    exported_at timestamp with time zone NOT NULL,
    sha256 text,
    row_count bigint DEFAULT 0 NOT NULL,
    row_checksum numeric,
    status text NOT NULL,
    reason text,
    loaded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    load_seconds numeric,
    observed_columns text[] DEFAULT '{}'::text[] NOT NULL,
    unknown_columns text[] DEFAULT '{}'::text[] NOT NULL,
    encoding text,
    file_path text NOT NULL,
    file_size bigint,
    file_modified_at timestamp with time zone,
    extracted_at timestamp with time zone NOT NULL,
    run_id text,
    CONSTRAINT loads_scope_check CHECK ((scope = ANY (ARRAY['partial'::text, 'full'::text]))),
    CONSTRAINT loads_status_check CHECK ((status = ANY (ARRAY['loaded'::text, 'duplicate'::text, 'rejected'::text, 'held'::text, 'withdrawn'::text])))
);


--
-- Name: loads_load_id_seq; Type: SEQUENCE; Schema: meta; Owner: -
--

ALTER TABLE meta.loads ALTER COLUMN load_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME meta.loads_load_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: rollback; Type: TABLE; Schema: meta; Owner: -
--

CREATE TABLE meta.rollback (
    begun_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    made_at timestamp with time zone,
    is_the_only_row boolean DEFAULT true NOT NULL,
    CONSTRAINT rollback_is_the_only_row_check CHECK (is_the_only_row)
);


--
-- Name: stale_history; Type: TABLE; Schema: meta; Owner: -
--

CREATE TABLE meta.stale_history (
    entity text NOT NULL,
    record_key text NOT NULL,
    stale_from timestamp with time zone
);


--
-- Name: unchecked_records; Type: TABLE; Schema: meta; Owner: -
--

CREATE TABLE meta.unchecked_records (
    snapshot text NOT NULL,
    record_key text NOT NULL,
    unchecked_from timestamp with time zone
);


--
-- Name: freshness; Type: VIEW; Schema: monitoring; Owner: -
--

CREATE VIEW monitoring.freshness AS
 WITH entities AS (
         SELECT (pg_class.relname)::text AS entity
           FROM pg_class
          WHERE ((((pg_class.relnamespace)::regnamespace)::text = 'raw'::text) AND (pg_class.relkind = 'p'::"char"))
        ), loads AS (
         SELECT loads.load_id,
            loads.entity,
            loads.file_name,
            loads.scope,
            loads.exported_at,
            loads.sha256,
            loads.row_count,
            loads.row_checksum,
            loads.status,
            loads.reason,
            loads.loaded_at,
            loads.load_seconds,
            loads.observed_columns,
            loads.unknown_columns,
            loads.encoding,
            loads.file_path,
            loads.file_size,
            loads.file_modified_at,
            loads.extracted_at,
            loads.run_id
           FROM meta.loads
          WHERE (loads.status = 'loaded'::text)
        ), newest AS (
         SELECT DISTINCT ON (loads.entity) loads.entity,
            loads.exported_at,
            loads.file_name,
            loads.scope,
            loads.loaded_at
           FROM loads
          ORDER BY loads.entity, loads.exported_at DESC, loads.load_id DESC
        ), full_exports AS (
         SELECT loads.entity,
            max(loads.exported_at) AS exported_at
           FROM loads
          WHERE (loads.scope = 'full'::text)
          GROUP BY loads.entity
        ), final AS (
         SELECT entities.entity,
            newest.exported_at AS latest_export,
            round((EXTRACT(epoch FROM (now() - newest.exported_at)) / (3600)::numeric), 1) AS hours_since_export,
            newest.file_name AS latest_file,
            newest.scope AS latest_scope,
            newest.loaded_at AS latest_load,
            full_exports.exported_at AS latest_full_export
           FROM ((entities
             LEFT JOIN newest ON ((entities.entity = newest.entity)))
             LEFT JOIN full_exports ON ((entities.entity = full_exports.entity)))
        )
 SELECT entity,
    latest_export,
    hours_since_export,
    latest_file,
    latest_scope,
    latest_load,
    latest_full_export
   FROM final
  ORDER BY latest_export NULLS FIRST, entity;


--
-- Name: load_durations; Type: VIEW; Schema: monitoring; Owner: -
--

CREATE VIEW monitoring.load_durations AS
 WITH loads AS (
         SELECT loads.load_id,
            loads.entity,
            loads.file_name,
            loads.scope,
            loads.exported_at,
            loads.sha256,
            loads.row_count,
            loads.row_checksum,
            loads.status,
            loads.reason,
            loads.loaded_at,
            loads.load_seconds,
            loads.observed_columns,
            loads.unknown_columns,
            loads.encoding,
            loads.file_path,
            loads.file_size,
            loads.file_modified_at,
            loads.extracted_at,
            loads.run_id
           FROM meta.loads
        ), final AS (
         SELECT loads.load_id,
            loads.run_id,
            loads.entity,
            loads.file_name,
            loads.loaded_at,
            loads.row_count,
            loads.file_size,
            trim_scale(round(loads.load_seconds, 3)) AS load_seconds,
            round(((loads.row_count)::numeric / NULLIF(loads.load_seconds, (0)::numeric))) AS rows_per_second,
            trim_scale(round(EXTRACT(epoch FROM (loads.loaded_at - loads.extracted_at)), 3)) AS waited_seconds,
            trim_scale(round((EXTRACT(epoch FROM (loads.loaded_at - loads.exported_at)) / (3600)::numeric), 1)) AS hours_after_export
           FROM loads
          WHERE (loads.load_seconds IS NOT NULL)
        )
 SELECT load_id,
    run_id,
    entity,
    file_name,
    loaded_at,
    row_count,
    file_size,
    load_seconds,
    rows_per_second,
    waited_seconds,
    hours_after_export
   FROM final
  ORDER BY load_id DESC;


--
-- Name: raw_growth; Type: VIEW; Schema: monitoring; Owner: -
--

CREATE VIEW monitoring.raw_growth AS
 WITH loads AS (
         SELECT loads.load_id,
            loads.entity,
            loads.file_name,
            loads.scope,
            loads.exported_at,
            loads.sha256,
            loads.row_count,
            loads.row_checksum,
            loads.status,
            loads.reason,
            loads.loaded_at,
            loads.load_seconds,
            loads.observed_columns,
            loads.unknown_columns,
            loads.encoding,
            loads.file_path,
            loads.file_size,
            loads.file_modified_at,
            loads.extracted_at,
            loads.run_id
           FROM meta.loads
        ), days AS (
         SELECT loads.entity,
            ((loads.loaded_at AT TIME ZONE 'UTC'::text))::date AS loaded_on,
            count(*) AS files,
            (sum(loads.row_count))::bigint AS rows_added,
            (sum(loads.file_size))::bigint AS file_bytes
           FROM loads
          WHERE (loads.status = ANY (ARRAY['loaded'::text, 'held'::text, 'withdrawn'::text]))
          GROUP BY loads.entity, (((loads.loaded_at AT TIME ZONE 'UTC'::text))::date)
        ), final AS (
         SELECT days.entity AS table_name,
            days.loaded_on,
            days.files,
            days.rows_added,
            days.file_bytes,
            (sum(days.rows_added) OVER up_to_the_day)::bigint AS rows_total
           FROM days
          WINDOW up_to_the_day AS (PARTITION BY days.entity ORDER BY days.loaded_on)
        )
 SELECT table_name,
    loaded_on,
    files,
    rows_added,
    file_bytes,
    rows_total
   FROM final
  ORDER BY loaded_on DESC, table_name;


--
-- Name: rejected_files; Type: VIEW; Schema: monitoring; Owner: -
--

CREATE VIEW monitoring.rejected_files AS
 WITH loads AS (
         SELECT loads.load_id,
            loads.entity,
            loads.file_name,
            loads.scope,
            loads.exported_at,
            loads.sha256,
            loads.row_count,
            loads.row_checksum,
            loads.status,
            loads.reason,
            loads.loaded_at,
            loads.load_seconds,
            loads.observed_columns,
            loads.unknown_columns,
            loads.encoding,
            loads.file_path,
            loads.file_size,
            loads.file_modified_at,
            loads.extracted_at,
            loads.run_id
           FROM meta.loads
        ), accepted AS (
         SELECT loads.load_id,
            loads.entity,
            loads.file_name,
            loads.scope,
            loads.exported_at,
            loads.sha256,
            loads.row_count,
            loads.row_checksum,
            loads.status,
            loads.reason,
            loads.loaded_at,
            loads.load_seconds,
            loads.observed_columns,
            loads.unknown_columns,
            loads.encoding,
            loads.file_path,
            loads.file_size,
            loads.file_modified_at,
            loads.extracted_at,
            loads.run_id
           FROM loads
          WHERE (loads.status = ANY (ARRAY['loaded'::text, 'held'::text, 'withdrawn'::text]))
        ), final AS (
         SELECT rejected.load_id,
            rejected.entity,
            rejected.file_name,
            rejected.reason,
            rejected.loaded_at AS rejected_at,
            (EXISTS ( SELECT 1
                   FROM accepted
                  WHERE ((rejected.entity = accepted.entity) AND (rejected.exported_at = accepted.exported_at) AND (rejected.scope = accepted.scope) AND (rejected.load_id < accepted.load_id)))) AS is_mended,
            rejected.file_path,
            rejected.exported_at,
            rejected.scope,
            rejected.run_id
           FROM loads rejected
          WHERE (rejected.status = 'rejected'::text)
        )
 SELECT load_id,
    entity,
    file_name,
    reason,
    rejected_at,
    is_mended,
    file_path,
    exported_at,
    scope,
    run_id
   FROM final
  ORDER BY load_id DESC;


--
-- Name: table_sizes; Type: VIEW; Schema: monitoring; Owner: -
--

CREATE VIEW monitoring.table_sizes AS
 WITH tables AS (
         SELECT ((relation.relnamespace)::regnamespace)::text AS schema_name,
            (relation.relname)::text AS table_name,
            COALESCE(part.relid, (relation.oid)::regclass) AS part_oid
           FROM (pg_class relation
             LEFT JOIN LATERAL pg_partition_tree((relation.oid)::regclass) part(relid, parentrelid, isleaf, level) ON (true))
          WHERE ((relation.relkind = ANY (ARRAY['r'::"char", 'p'::"char"])) AND (NOT relation.relispartition) AND (((relation.relnamespace)::regnamespace)::text = ANY (ARRAY['raw'::text, 'meta'::text, 'staging'::text, 'snapshots'::text, 'marts'::text])))
        ), sizes AS (
         SELECT tables.schema_name,
            tables.table_name,
            (sum(COALESCE(activity.n_live_tup, (0)::bigint)))::bigint AS estimated_rows,
            (sum(pg_table_size(tables.part_oid)))::bigint AS table_bytes,
            (sum(pg_indexes_size(tables.part_oid)))::bigint AS index_bytes,
            (sum(pg_total_relation_size(tables.part_oid)))::bigint AS total_bytes
           FROM (tables
             LEFT JOIN pg_stat_user_tables activity ON (((tables.part_oid)::oid = activity.relid)))
          GROUP BY tables.schema_name, tables.table_name
        ), final AS (
         SELECT sizes.schema_name,
            sizes.table_name,
            sizes.estimated_rows,
            sizes.total_bytes,
            pg_size_pretty(sizes.total_bytes) AS total_size,
            round((((100 * sizes.total_bytes))::numeric / NULLIF(sum(sizes.total_bytes) OVER (), (0)::numeric)), 1) AS percent_of_all,
            sizes.table_bytes,
            sizes.index_bytes
           FROM sizes
        )
 SELECT schema_name,
    table_name,
    estimated_rows,
    total_bytes,
    total_size,
    percent_of_all,
    table_bytes,
    index_bytes
   FROM final
  ORDER BY total_bytes DESC, schema_name, table_name;


--
-- Name: unused_indexes; Type: VIEW; Schema: monitoring; Owner: -
--

CREATE VIEW monitoring.unused_indexes AS
 WITH indexes AS (
         SELECT COALESCE(parent.inhparent, activity.indexrelid) AS index_oid,
            COALESCE(pg_partition_root((activity.relid)::regclass), (activity.relid)::regclass) AS table_oid,
            activity.idx_scan AS scans,
            pg_relation_size((activity.indexrelid)::regclass) AS index_bytes
           FROM (pg_stat_user_indexes activity
             LEFT JOIN pg_inherits parent ON ((activity.indexrelid = parent.inhrelid)))
          WHERE (activity.schemaname = ANY (ARRAY['raw'::name, 'meta'::name, 'staging'::name, 'snapshots'::name, 'marts'::name]))
        ), unused AS (
         SELECT indexes.index_oid,
            indexes.table_oid,
            (sum(indexes.index_bytes))::bigint AS index_bytes
           FROM indexes
          GROUP BY indexes.index_oid, indexes.table_oid
         HAVING (sum(indexes.scans) = (0)::numeric)
        ), final AS (
         SELECT ((relation.relnamespace)::regnamespace)::text AS schema_name,
            (relation.relname)::text AS table_name,
            ((unused.index_oid)::regclass)::text AS index_name,
            pg_get_indexdef(unused.index_oid) AS definition,
            unused.index_bytes,
            pg_size_pretty(unused.index_bytes) AS index_size,
            pg_stat_get_db_stat_reset_time(here.oid) AS counted_since
           FROM (((unused
             JOIN pg_index described ON ((unused.index_oid = described.indexrelid)))
             JOIN pg_class relation ON (((unused.table_oid)::oid = relation.oid)))
             JOIN pg_database here ON ((here.datname = current_database())))
          WHERE (NOT described.indisunique)
        )
 SELECT schema_name,
    table_name,
    index_name,
    definition,
    index_bytes,
    index_size,
    counted_since
   FROM final
  ORDER BY index_bytes DESC, index_name;


--
-- Name: customers; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.customers (
    "S No" text,
    "Customer Name" text,
    "Company Name" text,
    "First Name" text,
    "Middle Name" text,
    "Last Name" text,
    "Account Number" text,
    "Customer Type" text,
    "Job Title" text,
    "Main Phone" text,
    "Alt. Phone" text,
    "Work Phone" text,
    "Mobile" text,
    "Fax" text,
    "Main Email" text,
    "CC Email" text,
    "Terms" text,
    "Credit Limit" text,
    "Price Level" text,
    "Sales Rep" text,
    "Tax Code" text,
    "Tax Item" text,
    "Resale No" text,
    "Preferred Delivery Method" text,
    "Preferred Payment Method" text,
    "Billing Address Line 1" text,
    "Billing Address Line 2" text,
    "Billing Address Line 3" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line 1" text,
    "Shipping Address Line 2" text,
    "Shipping Address Line 3" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Current Balance" text,
    "Status" text,
    "Notes" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint,
    "Favourite Colour" text
)
PARTITION BY RANGE (_exported_at);


--
-- Name: customers_2025_03; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.customers_2025_03 (
    "S No" text,
    "Customer Name" text,
    "Company Name" text,
    "First Name" text,
    "Middle Name" text,
    "Last Name" text,
    "Account Number" text,
    "Customer Type" text,
    "Job Title" text,
    "Main Phone" text,
    "Alt. Phone" text,
    "Work Phone" text,
    "Mobile" text,
    "Fax" text,
    "Main Email" text,
    "CC Email" text,
    "Terms" text,
    "Credit Limit" text,
    "Price Level" text,
    "Sales Rep" text,
    "Tax Code" text,
    "Tax Item" text,
    "Resale No" text,
    "Preferred Delivery Method" text,
    "Preferred Payment Method" text,
    "Billing Address Line 1" text,
    "Billing Address Line 2" text,
    "Billing Address Line 3" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line 1" text,
    "Shipping Address Line 2" text,
    "Shipping Address Line 3" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Current Balance" text,
    "Status" text,
    "Notes" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint,
    "Favourite Colour" text
);


--
-- Name: customers_2025_04; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.customers_2025_04 (
    "S No" text,
    "Customer Name" text,
    "Company Name" text,
    "First Name" text,
    "Middle Name" text,
    "Last Name" text,
    "Account Number" text,
    "Customer Type" text,
    "Job Title" text,
    "Main Phone" text,
    "Alt. Phone" text,
    "Work Phone" text,
    "Mobile" text,
    "Fax" text,
    "Main Email" text,
    "CC Email" text,
    "Terms" text,
    "Credit Limit" text,
    "Price Level" text,
    "Sales Rep" text,
    "Tax Code" text,
    "Tax Item" text,
    "Resale No" text,
    "Preferred Delivery Method" text,
    "Preferred Payment Method" text,
    "Billing Address Line 1" text,
    "Billing Address Line 2" text,
    "Billing Address Line 3" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line 1" text,
    "Shipping Address Line 2" text,
    "Shipping Address Line 3" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Current Balance" text,
    "Status" text,
    "Notes" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint,
    "Favourite Colour" text
);


--
-- Name: customers_undated; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.customers_undated (
    "S No" text,
    "Customer Name" text,
    "Company Name" text,
    "First Name" text,
    "Middle Name" text,
    "Last Name" text,
    "Account Number" text,
    "Customer Type" text,
    "Job Title" text,
    "Main Phone" text,
    "Alt. Phone" text,
    "Work Phone" text,
    "Mobile" text,
    "Fax" text,
    "Main Email" text,
    "CC Email" text,
    "Terms" text,
    "Credit Limit" text,
    "Price Level" text,
    "Sales Rep" text,
    "Tax Code" text,
    "Tax Item" text,
    "Resale No" text,
    "Preferred Delivery Method" text,
    "Preferred Payment Method" text,
    "Billing Address Line 1" text,
    "Billing Address Line 2" text,
    "Billing Address Line 3" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line 1" text,
    "Shipping Address Line 2" text,
    "Shipping Address Line 3" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Current Balance" text,
    "Status" text,
    "Notes" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint,
    "Favourite Colour" text
);


--
-- Name: invoices; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.invoices (
    "S No" text,
    "Invoice No" text,
    "Customer" text,
    "Invoice Date" text,
    "Due Date" text,
    "Ship Date" text,
    "Shipping Method" text,
    "Terms" text,
    "PO Number" text,
    "Class" text,
    "Sales Rep" text,
    "FOB" text,
    "Memo" text,
    "Customer Message" text,
    "Template" text,
    "Status" text,
    "Currency" text,
    "Exchange Rate" text,
    "Billing Address Line1" text,
    "Billing Address Line2" text,
    "Billing Address Line3" text,
    "Billing Address Line4" text,
    "Billing Address Line5" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line1" text,
    "Shipping Address Line2" text,
    "Shipping Address Line3" text,
    "Shipping Address Line4" text,
    "Shipping Address Line5" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Product/Service" text,
    "Product/Service Description" text,
    "Product/Service Quantity" text,
    "Product/Service Rate" text,
    "Product/Service  Amount" text,
    "Product/Service Class" text,
    "Product/Service Service Date" text,
    "Product/Service Sales Tax" text,
    "Sales Tax" text,
    "Tax Persentage" text,
    "Total Tax" text,
    "Total Amount" text,
    "Unit Of Measure" text,
    "Inventory Site" text,
    "Serial No" text,
    "Lot No" text,
    "External Id" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
)
PARTITION BY RANGE (_exported_at);


--
-- Name: invoices_2025_04; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.invoices_2025_04 (
    "S No" text,
    "Invoice No" text,
    "Customer" text,
    "Invoice Date" text,
    "Due Date" text,
    "Ship Date" text,
    "Shipping Method" text,
    "Terms" text,
    "PO Number" text,
    "Class" text,
    "Sales Rep" text,
    "FOB" text,
    "Memo" text,
    "Customer Message" text,
    "Template" text,
    "Status" text,
    "Currency" text,
    "Exchange Rate" text,
    "Billing Address Line1" text,
    "Billing Address Line2" text,
    "Billing Address Line3" text,
    "Billing Address Line4" text,
    "Billing Address Line5" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line1" text,
    "Shipping Address Line2" text,
    "Shipping Address Line3" text,
    "Shipping Address Line4" text,
    "Shipping Address Line5" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Product/Service" text,
    "Product/Service Description" text,
    "Product/Service Quantity" text,
    "Product/Service Rate" text,
    "Product/Service  Amount" text,
    "Product/Service Class" text,
    "Product/Service Service Date" text,
    "Product/Service Sales Tax" text,
    "Sales Tax" text,
    "Tax Persentage" text,
    "Total Tax" text,
    "Total Amount" text,
    "Unit Of Measure" text,
    "Inventory Site" text,
    "Serial No" text,
    "Lot No" text,
    "External Id" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
);


--
-- Name: invoices_undated; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.invoices_undated (
    "S No" text,
    "Invoice No" text,
    "Customer" text,
    "Invoice Date" text,
    "Due Date" text,
    "Ship Date" text,
    "Shipping Method" text,
    "Terms" text,
    "PO Number" text,
    "Class" text,
    "Sales Rep" text,
    "FOB" text,
    "Memo" text,
    "Customer Message" text,
    "Template" text,
    "Status" text,
    "Currency" text,
    "Exchange Rate" text,
    "Billing Address Line1" text,
    "Billing Address Line2" text,
    "Billing Address Line3" text,
    "Billing Address Line4" text,
    "Billing Address Line5" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line1" text,
    "Shipping Address Line2" text,
    "Shipping Address Line3" text,
    "Shipping Address Line4" text,
    "Shipping Address Line5" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Product/Service" text,
    "Product/Service Description" text,
    "Product/Service Quantity" text,
    "Product/Service Rate" text,
    "Product/Service  Amount" text,
    "Product/Service Class" text,
    "Product/Service Service Date" text,
    "Product/Service Sales Tax" text,
    "Sales Tax" text,
    "Tax Persentage" text,
    "Total Tax" text,
    "Total Amount" text,
    "Unit Of Measure" text,
    "Inventory Site" text,
    "Serial No" text,
    "Lot No" text,
    "External Id" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
);


--
-- Name: items; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.items (
    "S No" text,
    "Item Name" text,
    "Item Type" text,
    "Item Subtype" text,
    "U/M" text,
    "Manufacturer's Part Number" text,
    "Purchase Cost" text,
    "Purchase Description" text,
    "COGS Account" text,
    "Preferred Vendor" text,
    "Sales Price" text,
    "Sales Description" text,
    "Sales Tax Code" text,
    "Income Account" text,
    "Expense Account" text,
    "Asset Account" text,
    "Class" text,
    "Bar Code" text,
    "Min Re-Order Point" text,
    "Max Re-Order Point" text,
    "Quantity On Hand" text,
    "Quantity On Order" text,
    "Quantity On Sales Order" text,
    "Inventory Date" text,
    "Status" text,
    "Transx" text,
    "QuickBooks Internal Id" text,
    "Unit Weight kg" text,
    "UPC" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
)
PARTITION BY RANGE (_exported_at);


--
-- Name: items_2025_03; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.items_2025_03 (
    "S No" text,
    "Item Name" text,
    "Item Type" text,
    "Item Subtype" text,
    "U/M" text,
    "Manufacturer's Part Number" text,
    "Purchase Cost" text,
    "Purchase Description" text,
    "COGS Account" text,
    "Preferred Vendor" text,
    "Sales Price" text,
    "Sales Description" text,
    "Sales Tax Code" text,
    "Income Account" text,
    "Expense Account" text,
    "Asset Account" text,
    "Class" text,
    "Bar Code" text,
    "Min Re-Order Point" text,
    "Max Re-Order Point" text,
    "Quantity On Hand" text,
    "Quantity On Order" text,
    "Quantity On Sales Order" text,
    "Inventory Date" text,
    "Status" text,
    "Transx" text,
    "QuickBooks Internal Id" text,
    "Unit Weight kg" text,
    "UPC" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
);


--
-- Name: items_2025_04; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.items_2025_04 (
    "S No" text,
    "Item Name" text,
    "Item Type" text,
    "Item Subtype" text,
    "U/M" text,
    "Manufacturer's Part Number" text,
    "Purchase Cost" text,
    "Purchase Description" text,
    "COGS Account" text,
    "Preferred Vendor" text,
    "Sales Price" text,
    "Sales Description" text,
    "Sales Tax Code" text,
    "Income Account" text,
    "Expense Account" text,
    "Asset Account" text,
    "Class" text,
    "Bar Code" text,
    "Min Re-Order Point" text,
    "Max Re-Order Point" text,
    "Quantity On Hand" text,
    "Quantity On Order" text,
    "Quantity On Sales Order" text,
    "Inventory Date" text,
    "Status" text,
    "Transx" text,
    "QuickBooks Internal Id" text,
    "Unit Weight kg" text,
    "UPC" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
);


--
-- Name: items_undated; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.items_undated (
    "S No" text,
    "Item Name" text,
    "Item Type" text,
    "Item Subtype" text,
    "U/M" text,
    "Manufacturer's Part Number" text,
    "Purchase Cost" text,
    "Purchase Description" text,
    "COGS Account" text,
    "Preferred Vendor" text,
    "Sales Price" text,
    "Sales Description" text,
    "Sales Tax Code" text,
    "Income Account" text,
    "Expense Account" text,
    "Asset Account" text,
    "Class" text,
    "Bar Code" text,
    "Min Re-Order Point" text,
    "Max Re-Order Point" text,
    "Quantity On Hand" text,
    "Quantity On Order" text,
    "Quantity On Sales Order" text,
    "Inventory Date" text,
    "Status" text,
    "Transx" text,
    "QuickBooks Internal Id" text,
    "Unit Weight kg" text,
    "UPC" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
);


--
-- Name: sales_receipts; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.sales_receipts (
    "S No" text,
    "Sales Receipt No" text,
    "Customer" text,
    "Sales Receipt Date" text,
    "Payment Method" text,
    "Due Date" text,
    "Ship Date" text,
    "Shipping Method" text,
    "Class" text,
    "Sales Rep" text,
    "FOB" text,
    "Memo" text,
    "Message To Customer" text,
    "Template" text,
    "Billing Address Line 1" text,
    "Billing Address Line 2" text,
    "Billing Address Line 3" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line 1" text,
    "Shipping Address Line 2" text,
    "Shipping Address Line 3" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Product/Service" text,
    "Product/Service Description" text,
    "Product/Service Quantity" text,
    "Product/Service Rate" text,
    "Product/Service Amount" text,
    "Product/Service Class" text,
    "Product/Service Service Date" text,
    "Product/Service Sales Tax Code" text,
    "Customer Sales Tax Code" text,
    "Total Tax" text,
    "Total Amount" text,
    "Unit Of Measure" text,
    "Industry" text,
    "SourceChannel" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
)
PARTITION BY RANGE (_exported_at);


--
-- Name: sales_receipts_2025_04; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.sales_receipts_2025_04 (
    "S No" text,
    "Sales Receipt No" text,
    "Customer" text,
    "Sales Receipt Date" text,
    "Payment Method" text,
    "Due Date" text,
    "Ship Date" text,
    "Shipping Method" text,
    "Class" text,
    "Sales Rep" text,
    "FOB" text,
    "Memo" text,
    "Message To Customer" text,
    "Template" text,
    "Billing Address Line 1" text,
    "Billing Address Line 2" text,
    "Billing Address Line 3" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line 1" text,
    "Shipping Address Line 2" text,
    "Shipping Address Line 3" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Product/Service" text,
    "Product/Service Description" text,
    "Product/Service Quantity" text,
    "Product/Service Rate" text,
    "Product/Service Amount" text,
    "Product/Service Class" text,
    "Product/Service Service Date" text,
    "Product/Service Sales Tax Code" text,
    "Customer Sales Tax Code" text,
    "Total Tax" text,
    "Total Amount" text,
    "Unit Of Measure" text,
    "Industry" text,
    "SourceChannel" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
);


--
-- Name: sales_receipts_undated; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.sales_receipts_undated (
    "S No" text,
    "Sales Receipt No" text,
    "Customer" text,
    "Sales Receipt Date" text,
    "Payment Method" text,
    "Due Date" text,
    "Ship Date" text,
    "Shipping Method" text,
    "Class" text,
    "Sales Rep" text,
    "FOB" text,
    "Memo" text,
    "Message To Customer" text,
    "Template" text,
    "Billing Address Line 1" text,
    "Billing Address Line 2" text,
    "Billing Address Line 3" text,
    "Billing Address City" text,
    "Billing Address State" text,
    "Billing Address Postal Code" text,
    "Billing Address Country" text,
    "Shipping Address Line 1" text,
    "Shipping Address Line 2" text,
    "Shipping Address Line 3" text,
    "Shipping Address City" text,
    "Shipping Address State" text,
    "Shipping Address Postal Code" text,
    "Shipping Address Country" text,
    "Product/Service" text,
    "Product/Service Description" text,
    "Product/Service Quantity" text,
    "Product/Service Rate" text,
    "Product/Service Amount" text,
    "Product/Service Class" text,
    "Product/Service Service Date" text,
    "Product/Service Sales Tax Code" text,
    "Customer Sales Tax Code" text,
    "Total Tax" text,
    "Total Amount" text,
    "Unit Of Measure" text,
    "Industry" text,
    "SourceChannel" text,
    "Created Date" text,
    "Modified Date" text,
    "QuickBooks Internal Id" text,
    _sdc_source_lineno bigint,
    _sdc_source_file text DEFAULT current_setting('qbh.source_file'::text, true),
    _sdc_extracted_at timestamp with time zone DEFAULT (current_setting('qbh.extracted_at'::text, true))::timestamp with time zone,
    _sdc_batched_at timestamp with time zone DEFAULT now(),
    _exported_at timestamp with time zone DEFAULT (current_setting('qbh.exported_at'::text, true))::timestamp with time zone,
    _load_id bigint DEFAULT (current_setting('qbh.load_id'::text, true))::bigint
);


--
-- Name: effective_loads; Type: TABLE; Schema: staging; Owner: -
--

CREATE TABLE staging.effective_loads (
    load_id bigint,
    entity text,
    file_name text,
    scope text,
    exported_at timestamp with time zone,
    observed_columns text[],
    is_full_at_moment boolean,
    next_full_at timestamp with time zone
);


--
-- Name: base_customers; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.base_customers AS
 WITH loads AS (
         SELECT effective_loads.load_id,
            effective_loads.entity,
            effective_loads.file_name,
            effective_loads.scope,
            effective_loads.exported_at,
            effective_loads.observed_columns,
            effective_loads.is_full_at_moment,
            effective_loads.next_full_at
           FROM staging.effective_loads
          WHERE (effective_loads.entity = 'customers'::text)
        ), trimmed AS (
         SELECT NULLIF(btrim(customers."S No", ' 	
 '::text), ''::text) AS s_no,
            NULLIF(btrim(customers."Customer Name", ' 	
 '::text), ''::text) AS customer_name,
            NULLIF(btrim(customers."Company Name", ' 	
 '::text), ''::text) AS company_name,
            NULLIF(btrim(customers."First Name", ' 	
 '::text), ''::text) AS first_name,
            NULLIF(btrim(customers."Middle Name", ' 	
 '::text), ''::text) AS middle_name,
            NULLIF(btrim(customers."Last Name", ' 	
 '::text), ''::text) AS last_name,
            NULLIF(btrim(customers."Account Number", ' 	
 '::text), ''::text) AS account_number,
            NULLIF(btrim(customers."Customer Type", ' 	
 '::text), ''::text) AS customer_type,
            NULLIF(btrim(customers."Job Title", ' 	
 '::text), ''::text) AS job_title,
            NULLIF(btrim(customers."Main Phone", ' 	
 '::text), ''::text) AS main_phone,
            NULLIF(btrim(customers."Alt. Phone", ' 	
 '::text), ''::text) AS alt_phone,
            NULLIF(btrim(customers."Work Phone", ' 	
 '::text), ''::text) AS work_phone,
            NULLIF(btrim(customers."Mobile", ' 	
 '::text), ''::text) AS mobile,
            NULLIF(btrim(customers."Fax", ' 	
 '::text), ''::text) AS fax,
            NULLIF(btrim(customers."Main Email", ' 	
 '::text), ''::text) AS main_email,
            NULLIF(btrim(customers."CC Email", ' 	
 '::text), ''::text) AS cc_email,
            NULLIF(btrim(customers."Terms", ' 	
 '::text), ''::text) AS terms,
            NULLIF(btrim(customers."Credit Limit", ' 	
 '::text), ''::text) AS credit_limit,
            NULLIF(btrim(customers."Price Level", ' 	
 '::text), ''::text) AS price_level,
            NULLIF(btrim(customers."Sales Rep", ' 	
 '::text), ''::text) AS sales_rep,
            NULLIF(btrim(customers."Tax Code", ' 	
 '::text), ''::text) AS tax_code,
            NULLIF(btrim(customers."Tax Item", ' 	
 '::text), ''::text) AS tax_item,
            NULLIF(btrim(customers."Resale No", ' 	
 '::text), ''::text) AS resale_no,
            NULLIF(btrim(customers."Preferred Delivery Method", ' 	
 '::text), ''::text) AS preferred_delivery_method,
            NULLIF(btrim(customers."Preferred Payment Method", ' 	
 '::text), ''::text) AS preferred_payment_method,
            NULLIF(btrim(customers."Billing Address Line 1", ' 	
 '::text), ''::text) AS billing_address_line_1,
            NULLIF(btrim(customers."Billing Address Line 2", ' 	
 '::text), ''::text) AS billing_address_line_2,
            NULLIF(btrim(customers."Billing Address Line 3", ' 	
 '::text), ''::text) AS billing_address_line_3,
            NULLIF(btrim(customers."Billing Address City", ' 	
 '::text), ''::text) AS billing_address_city,
            NULLIF(btrim(customers."Billing Address State", ' 	
 '::text), ''::text) AS billing_address_state,
            NULLIF(btrim(customers."Billing Address Postal Code", ' 	
 '::text), ''::text) AS billing_address_postal_code,
            NULLIF(btrim(customers."Billing Address Country", ' 	
 '::text), ''::text) AS billing_address_country,
            NULLIF(btrim(customers."Shipping Address Line 1", ' 	
 '::text), ''::text) AS shipping_address_line_1,
            NULLIF(btrim(customers."Shipping Address Line 2", ' 	
 '::text), ''::text) AS shipping_address_line_2,
            NULLIF(btrim(customers."Shipping Address Line 3", ' 	
 '::text), ''::text) AS shipping_address_line_3,
            NULLIF(btrim(customers."Shipping Address City", ' 	
 '::text), ''::text) AS shipping_address_city,
            NULLIF(btrim(customers."Shipping Address State", ' 	
 '::text), ''::text) AS shipping_address_state,
            NULLIF(btrim(customers."Shipping Address Postal Code", ' 	
 '::text), ''::text) AS shipping_address_postal_code,
            NULLIF(btrim(customers."Shipping Address Country", ' 	
 '::text), ''::text) AS shipping_address_country,
            NULLIF(btrim(customers."Current Balance", ' 	
 '::text), ''::text) AS current_balance,
            NULLIF(btrim(customers."Status", ' 	
 '::text), ''::text) AS status,
            NULLIF(btrim(customers."Notes", ' 	
 '::text), ''::text) AS notes,
            NULLIF(btrim(customers."Created Date", ' 	
 '::text), ''::text) AS created_date,
            NULLIF(btrim(customers."Modified Date", ' 	
 '::text), ''::text) AS modified_date,
            NULLIF(btrim(customers."QuickBooks Internal Id", ' 	
 '::text), ''::text) AS quickbooks_id,
            customers._load_id AS load_id,
            customers._exported_at AS exported_at,
            customers._sdc_source_lineno AS line_no,
            customers._sdc_extracted_at,
            customers._sdc_batched_at
           FROM raw.customers
        ), typed AS (
         SELECT
                CASE
                    WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                    ELSE NULL::integer
                END AS s_no,
            trimmed.customer_name,
            trimmed.company_name,
            trimmed.first_name,
            trimmed.middle_name,
            trimmed.last_name,
            trimmed.account_number,
            trimmed.customer_type,
            trimmed.job_title,
            trimmed.main_phone,
            trimmed.alt_phone,
            trimmed.work_phone,
            trimmed.mobile,
            trimmed.fax,
            trimmed.main_email,
            trimmed.cc_email,
            trimmed.terms,
            trim_scale(
                CASE
                    WHEN (trimmed.credit_limit ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.credit_limit)::numeric
                    WHEN ((trimmed.credit_limit ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.credit_limit ~ '\d'::text)) THEN (translate(trimmed.credit_limit, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.credit_limit ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.credit_limit ~ '\d'::text)) THEN (- (translate(trimmed.credit_limit, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS credit_limit,
            trimmed.price_level,
            trimmed.sales_rep,
            trimmed.tax_code,
            trimmed.tax_item,
            trimmed.resale_no,
            trimmed.preferred_delivery_method,
            trimmed.preferred_payment_method,
            trimmed.billing_address_line_1,
            trimmed.billing_address_line_2,
            trimmed.billing_address_line_3,
            trimmed.billing_address_city,
            trimmed.billing_address_state,
            trimmed.billing_address_postal_code,
            trimmed.billing_address_country,
            trimmed.shipping_address_line_1,
            trimmed.shipping_address_line_2,
            trimmed.shipping_address_line_3,
            trimmed.shipping_address_city,
            trimmed.shipping_address_state,
            trimmed.shipping_address_postal_code,
            trimmed.shipping_address_country,
            trim_scale(
                CASE
                    WHEN (trimmed.current_balance ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.current_balance)::numeric
                    WHEN ((trimmed.current_balance ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.current_balance ~ '\d'::text)) THEN (translate(trimmed.current_balance, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.current_balance ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.current_balance ~ '\d'::text)) THEN (- (translate(trimmed.current_balance, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS current_balance,
            trimmed.status,
            trimmed.notes,
                CASE
                    WHEN (trimmed.created_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.created_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS created_date,
                CASE
                    WHEN (trimmed.modified_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.modified_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS modified_date,
            trimmed.quickbooks_id,
                CASE
                    WHEN (((trimmed.s_no IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                        ELSE NULL::integer
                    END IS NULL)) OR ((NOT (trimmed.credit_limit ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.credit_limit IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.credit_limit ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.credit_limit)::numeric
                        WHEN ((trimmed.credit_limit ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.credit_limit ~ '\d'::text)) THEN (translate(trimmed.credit_limit, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.credit_limit ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.credit_limit ~ '\d'::text)) THEN (- (translate(trimmed.credit_limit, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.current_balance ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.current_balance IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.current_balance ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.current_balance)::numeric
                        WHEN ((trimmed.current_balance ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.current_balance ~ '\d'::text)) THEN (translate(trimmed.current_balance, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.current_balance ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.current_balance ~ '\d'::text)) THEN (- (translate(trimmed.current_balance, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((trimmed.created_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.created_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.created_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((trimmed.modified_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.modified_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.modified_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL))) THEN jsonb_strip_nulls(jsonb_build_object('S No',
                    CASE
                        WHEN ((trimmed.s_no IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                            ELSE NULL::integer
                        END IS NULL)) THEN jsonb_build_array(trimmed.s_no, 'ordinal')
                        ELSE NULL::jsonb
                    END, 'Credit Limit',
                    CASE
                        WHEN ((NOT (trimmed.credit_limit ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.credit_limit IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.credit_limit ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.credit_limit)::numeric
                            WHEN ((trimmed.credit_limit ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.credit_limit ~ '\d'::text)) THEN (translate(trimmed.credit_limit, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.credit_limit ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.credit_limit ~ '\d'::text)) THEN (- (translate(trimmed.credit_limit, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.credit_limit, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Current Balance',
                    CASE
                        WHEN ((NOT (trimmed.current_balance ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.current_balance IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.current_balance ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.current_balance)::numeric
                            WHEN ((trimmed.current_balance ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.current_balance ~ '\d'::text)) THEN (translate(trimmed.current_balance, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.current_balance ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.current_balance ~ '\d'::text)) THEN (- (translate(trimmed.current_balance, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.current_balance, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Created Date',
                    CASE
                        WHEN ((trimmed.created_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.created_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.created_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.created_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Modified Date',
                    CASE
                        WHEN ((trimmed.modified_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.modified_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.modified_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.modified_date, 'date')
                        ELSE NULL::jsonb
                    END))
                    ELSE '{}'::jsonb
                END AS untyped,
            trimmed.load_id,
            trimmed.exported_at,
            trimmed.line_no,
            trimmed._sdc_extracted_at,
            trimmed._sdc_batched_at
           FROM trimmed
        ), final AS (
         SELECT COALESCE(typed.quickbooks_id, typed.customer_name) AS record_key,
            typed.s_no,
            typed.customer_name,
            typed.company_name,
            typed.first_name,
            typed.middle_name,
            typed.last_name,
            typed.account_number,
            typed.customer_type,
            typed.job_title,
            typed.main_phone,
            typed.alt_phone,
            typed.work_phone,
            typed.mobile,
            typed.fax,
            typed.main_email,
            typed.cc_email,
            typed.terms,
            typed.credit_limit,
            typed.price_level,
            typed.sales_rep,
            typed.tax_code,
            typed.tax_item,
            typed.resale_no,
            typed.preferred_delivery_method,
            typed.preferred_payment_method,
            typed.billing_address_line_1,
            typed.billing_address_line_2,
            typed.billing_address_line_3,
            typed.billing_address_city,
            typed.billing_address_state,
            typed.billing_address_postal_code,
            typed.billing_address_country,
            typed.shipping_address_line_1,
            typed.shipping_address_line_2,
            typed.shipping_address_line_3,
            typed.shipping_address_city,
            typed.shipping_address_state,
            typed.shipping_address_postal_code,
            typed.shipping_address_country,
            typed.current_balance,
            typed.status,
            typed.notes,
            typed.created_date,
            typed.modified_date,
            typed.quickbooks_id,
            typed.untyped,
            typed.load_id,
            typed.exported_at,
            typed.line_no,
            typed._sdc_extracted_at,
            typed._sdc_batched_at,
            loads.file_name,
            loads.scope
           FROM (typed
             JOIN loads ON ((typed.load_id = loads.load_id)))
        )
 SELECT record_key,
    s_no,
    customer_name,
    company_name,
    first_name,
    middle_name,
    last_name,
    account_number,
    customer_type,
    job_title,
    main_phone,
    alt_phone,
    work_phone,
    mobile,
    fax,
    main_email,
    cc_email,
    terms,
    credit_limit,
    price_level,
    sales_rep,
    tax_code,
    tax_item,
    resale_no,
    preferred_delivery_method,
    preferred_payment_method,
    billing_address_line_1,
    billing_address_line_2,
    billing_address_line_3,
    billing_address_city,
    billing_address_state,
    billing_address_postal_code,
    billing_address_country,
    shipping_address_line_1,
    shipping_address_line_2,
    shipping_address_line_3,
    shipping_address_city,
    shipping_address_state,
    shipping_address_postal_code,
    shipping_address_country,
    current_balance,
    status,
    notes,
    created_date,
    modified_date,
    quickbooks_id,
    untyped,
    load_id,
    exported_at,
    line_no,
    _sdc_extracted_at,
    _sdc_batched_at,
    file_name,
    scope
   FROM final;


--
-- Name: base_invoices; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.base_invoices AS
 WITH loads AS (
         SELECT effective_loads.load_id,
            effective_loads.entity,
            effective_loads.file_name,
            effective_loads.scope,
            effective_loads.exported_at,
            effective_loads.observed_columns,
            effective_loads.is_full_at_moment,
            effective_loads.next_full_at
           FROM staging.effective_loads
          WHERE (effective_loads.entity = 'invoices'::text)
        ), trimmed AS (
         SELECT NULLIF(btrim(invoices."S No", ' 	
 '::text), ''::text) AS s_no,
            NULLIF(btrim(invoices."Invoice No", ' 	
 '::text), ''::text) AS invoice_no,
            NULLIF(btrim(invoices."Customer", ' 	
 '::text), ''::text) AS customer_name,
            NULLIF(btrim(invoices."Invoice Date", ' 	
 '::text), ''::text) AS invoice_date,
            NULLIF(btrim(invoices."Due Date", ' 	
 '::text), ''::text) AS due_date,
            NULLIF(btrim(invoices."Ship Date", ' 	
 '::text), ''::text) AS ship_date,
            NULLIF(btrim(invoices."Shipping Method", ' 	
 '::text), ''::text) AS shipping_method,
            NULLIF(btrim(invoices."Terms", ' 	
 '::text), ''::text) AS terms,
            NULLIF(btrim(invoices."PO Number", ' 	
 '::text), ''::text) AS po_number,
            NULLIF(btrim(invoices."Class", ' 	
 '::text), ''::text) AS class,
            NULLIF(btrim(invoices."Sales Rep", ' 	
 '::text), ''::text) AS sales_rep,
            NULLIF(btrim(invoices."FOB", ' 	
 '::text), ''::text) AS fob,
            NULLIF(btrim(invoices."Memo", ' 	
 '::text), ''::text) AS memo,
            NULLIF(btrim(invoices."Customer Message", ' 	
 '::text), ''::text) AS customer_message,
            NULLIF(btrim(invoices."Template", ' 	
 '::text), ''::text) AS template,
            NULLIF(btrim(invoices."Status", ' 	
 '::text), ''::text) AS status,
            NULLIF(btrim(invoices."Currency", ' 	
 '::text), ''::text) AS currency,
            NULLIF(btrim(invoices."Exchange Rate", ' 	
 '::text), ''::text) AS exchange_rate,
            NULLIF(btrim(invoices."Billing Address Line1", ' 	
 '::text), ''::text) AS billing_address_line_1,
            NULLIF(btrim(invoices."Billing Address Line2", ' 	
 '::text), ''::text) AS billing_address_line_2,
            NULLIF(btrim(invoices."Billing Address Line3", ' 	
 '::text), ''::text) AS billing_address_line_3,
            NULLIF(btrim(invoices."Billing Address Line4", ' 	
 '::text), ''::text) AS billing_address_line_4,
            NULLIF(btrim(invoices."Billing Address Line5", ' 	
 '::text), ''::text) AS billing_address_line_5,
            NULLIF(btrim(invoices."Billing Address City", ' 	
 '::text), ''::text) AS billing_address_city,
            NULLIF(btrim(invoices."Billing Address State", ' 	
 '::text), ''::text) AS billing_address_state,
            NULLIF(btrim(invoices."Billing Address Postal Code", ' 	
 '::text), ''::text) AS billing_address_postal_code,
            NULLIF(btrim(invoices."Billing Address Country", ' 	
 '::text), ''::text) AS billing_address_country,
            NULLIF(btrim(invoices."Shipping Address Line1", ' 	
 '::text), ''::text) AS shipping_address_line_1,
            NULLIF(btrim(invoices."Shipping Address Line2", ' 	
 '::text), ''::text) AS shipping_address_line_2,
            NULLIF(btrim(invoices."Shipping Address Line3", ' 	
 '::text), ''::text) AS shipping_address_line_3,
            NULLIF(btrim(invoices."Shipping Address Line4", ' 	
 '::text), ''::text) AS shipping_address_line_4,
            NULLIF(btrim(invoices."Shipping Address Line5", ' 	
 '::text), ''::text) AS shipping_address_line_5,
            NULLIF(btrim(invoices."Shipping Address City", ' 	
 '::text), ''::text) AS shipping_address_city,
            NULLIF(btrim(invoices."Shipping Address State", ' 	
 '::text), ''::text) AS shipping_address_state,
            NULLIF(btrim(invoices."Shipping Address Postal Code", ' 	
 '::text), ''::text) AS shipping_address_postal_code,
            NULLIF(btrim(invoices."Shipping Address Country", ' 	
 '::text), ''::text) AS shipping_address_country,
            NULLIF(btrim(invoices."Product/Service", ' 	
 '::text), ''::text) AS line_product_service,
            NULLIF(btrim(invoices."Product/Service Description", ' 	
 '::text), ''::text) AS line_description,
            NULLIF(btrim(invoices."Product/Service Quantity", ' 	
 '::text), ''::text) AS line_quantity,
            NULLIF(btrim(invoices."Product/Service Rate", ' 	
 '::text), ''::text) AS line_rate,
            NULLIF(btrim(invoices."Product/Service  Amount", ' 	
 '::text), ''::text) AS line_amount,
            NULLIF(btrim(invoices."Product/Service Class", ' 	
 '::text), ''::text) AS line_class,
            NULLIF(btrim(invoices."Product/Service Service Date", ' 	
 '::text), ''::text) AS line_service_date,
            NULLIF(btrim(invoices."Product/Service Sales Tax", ' 	
 '::text), ''::text) AS line_sales_tax_code,
            NULLIF(btrim(invoices."Sales Tax", ' 	
 '::text), ''::text) AS sales_tax,
            NULLIF(btrim(invoices."Tax Persentage", ' 	
 '::text), ''::text) AS tax_percentage,
            NULLIF(btrim(invoices."Total Tax", ' 	
 '::text), ''::text) AS total_tax,
            NULLIF(btrim(invoices."Total Amount", ' 	
 '::text), ''::text) AS total_amount,
            NULLIF(btrim(invoices."Unit Of Measure", ' 	
 '::text), ''::text) AS line_unit_of_measure,
            NULLIF(btrim(invoices."Inventory Site", ' 	
 '::text), ''::text) AS line_inventory_site,
            NULLIF(btrim(invoices."Serial No", ' 	
 '::text), ''::text) AS line_serial_no,
            NULLIF(btrim(invoices."Lot No", ' 	
 '::text), ''::text) AS line_lot_no,
            NULLIF(btrim(invoices."External Id", ' 	
 '::text), ''::text) AS external_id,
            NULLIF(btrim(invoices."Created Date", ' 	
 '::text), ''::text) AS created_date,
            NULLIF(btrim(invoices."Modified Date", ' 	
 '::text), ''::text) AS modified_date,
            NULLIF(btrim(invoices."QuickBooks Internal Id", ' 	
 '::text), ''::text) AS quickbooks_id,
            invoices._load_id AS load_id,
            invoices._exported_at AS exported_at,
            invoices._sdc_source_lineno AS line_no,
            invoices._sdc_extracted_at,
            invoices._sdc_batched_at
           FROM raw.invoices
        ), typed AS (
         SELECT
                CASE
                    WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                    ELSE NULL::integer
                END AS s_no,
            trimmed.invoice_no,
            trimmed.customer_name,
                CASE
                    WHEN (trimmed.invoice_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.invoice_date, 7) || '-'::text) || substr(trimmed.invoice_date, 1, 2)) || '-'::text) || substr(trimmed.invoice_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.invoice_date, 7) || '-'::text) || substr(trimmed.invoice_date, 1, 2)) || '-'::text) || substr(trimmed.invoice_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.invoice_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.invoice_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.invoice_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS invoice_date,
                CASE
                    WHEN (trimmed.due_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.due_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS due_date,
                CASE
                    WHEN (trimmed.ship_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.ship_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS ship_date,
            trimmed.shipping_method,
            trimmed.terms,
            trimmed.po_number,
            trimmed.class,
            trimmed.sales_rep,
            trimmed.fob,
            trimmed.memo,
            trimmed.customer_message,
            trimmed.template,
            trimmed.status,
            trimmed.currency,
            trim_scale(
                CASE
                    WHEN (trimmed.exchange_rate ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.exchange_rate)::numeric
                    WHEN ((trimmed.exchange_rate ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.exchange_rate ~ '\d'::text)) THEN (translate(trimmed.exchange_rate, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.exchange_rate ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.exchange_rate ~ '\d'::text)) THEN (- (translate(trimmed.exchange_rate, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS exchange_rate,
            trimmed.billing_address_line_1,
            trimmed.billing_address_line_2,
            trimmed.billing_address_line_3,
            trimmed.billing_address_line_4,
            trimmed.billing_address_line_5,
            trimmed.billing_address_city,
            trimmed.billing_address_state,
            trimmed.billing_address_postal_code,
            trimmed.billing_address_country,
            trimmed.shipping_address_line_1,
            trimmed.shipping_address_line_2,
            trimmed.shipping_address_line_3,
            trimmed.shipping_address_line_4,
            trimmed.shipping_address_line_5,
            trimmed.shipping_address_city,
            trimmed.shipping_address_state,
            trimmed.shipping_address_postal_code,
            trimmed.shipping_address_country,
            trimmed.line_product_service,
            trimmed.line_description,
            trim_scale(
                CASE
                    WHEN (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_quantity)::numeric
                    WHEN ((trimmed.line_quantity ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (translate(trimmed.line_quantity, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.line_quantity ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (- (translate(trimmed.line_quantity, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS line_quantity,
                CASE
                    WHEN (trimmed.line_rate !~~ '%\%'::text) THEN trim_scale(
                    CASE
                        WHEN (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_rate)::numeric
                        WHEN ((trimmed.line_rate ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (translate(trimmed.line_rate, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.line_rate ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (- (translate(trimmed.line_rate, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END)
                    ELSE NULL::numeric
                END AS line_rate,
                CASE
                    WHEN (trimmed.line_rate ~~ '%\%'::text) THEN trim_scale(
                    CASE
                        WHEN (trimmed.line_rate ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$'::text) THEN (rtrim(trimmed.line_rate, ' 	%'::text))::numeric
                        ELSE NULL::numeric
                    END)
                    ELSE NULL::numeric
                END AS line_rate_percent,
            trim_scale(
                CASE
                    WHEN (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_amount)::numeric
                    WHEN ((trimmed.line_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (translate(trimmed.line_amount, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.line_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (- (translate(trimmed.line_amount, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS line_amount,
            trimmed.line_class,
                CASE
                    WHEN (trimmed.line_service_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.line_service_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS line_service_date,
            trimmed.line_sales_tax_code,
            trimmed.sales_tax,
            trim_scale(
                CASE
                    WHEN (trimmed.tax_percentage ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$'::text) THEN (rtrim(trimmed.tax_percentage, ' 	%'::text))::numeric
                    ELSE NULL::numeric
                END) AS tax_percentage,
            trim_scale(
                CASE
                    WHEN (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_tax)::numeric
                    WHEN ((trimmed.total_tax ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (translate(trimmed.total_tax, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.total_tax ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (- (translate(trimmed.total_tax, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS total_tax,
            trim_scale(
                CASE
                    WHEN (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_amount)::numeric
                    WHEN ((trimmed.total_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (translate(trimmed.total_amount, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.total_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (- (translate(trimmed.total_amount, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS total_amount,
            trimmed.line_unit_of_measure,
            trimmed.line_inventory_site,
            trimmed.line_serial_no,
            trimmed.line_lot_no,
            trimmed.external_id,
                CASE
                    WHEN (trimmed.created_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.created_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS created_date,
                CASE
                    WHEN (trimmed.modified_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.modified_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS modified_date,
            trimmed.quickbooks_id,
                CASE
                    WHEN (((trimmed.s_no IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                        ELSE NULL::integer
                    END IS NULL)) OR ((trimmed.invoice_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.invoice_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.invoice_date, 7) || '-'::text) || substr(trimmed.invoice_date, 1, 2)) || '-'::text) || substr(trimmed.invoice_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.invoice_date, 7) || '-'::text) || substr(trimmed.invoice_date, 1, 2)) || '-'::text) || substr(trimmed.invoice_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.invoice_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.invoice_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.invoice_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((trimmed.due_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.due_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.due_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((trimmed.ship_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.ship_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.ship_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((NOT (trimmed.exchange_rate ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.exchange_rate IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.exchange_rate ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.exchange_rate)::numeric
                        WHEN ((trimmed.exchange_rate ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.exchange_rate ~ '\d'::text)) THEN (translate(trimmed.exchange_rate, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.exchange_rate ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.exchange_rate ~ '\d'::text)) THEN (- (translate(trimmed.exchange_rate, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_quantity IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_quantity)::numeric
                        WHEN ((trimmed.line_quantity ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (translate(trimmed.line_quantity, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.line_quantity ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (- (translate(trimmed.line_quantity, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_rate IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.line_rate !~~ '%\%'::text) THEN trim_scale(
                        CASE
                            WHEN (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_rate)::numeric
                            WHEN ((trimmed.line_rate ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (translate(trimmed.line_rate, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.line_rate ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (- (translate(trimmed.line_rate, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END)
                        ELSE NULL::numeric
                    END IS NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.line_rate ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$'::text) THEN (rtrim(trimmed.line_rate, ' 	%'::text))::numeric
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_amount IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_amount)::numeric
                        WHEN ((trimmed.line_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (translate(trimmed.line_amount, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.line_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (- (translate(trimmed.line_amount, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((trimmed.line_service_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.line_service_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.line_service_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((trimmed.tax_percentage IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.tax_percentage ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$'::text) THEN (rtrim(trimmed.tax_percentage, ' 	%'::text))::numeric
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.total_tax IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_tax)::numeric
                        WHEN ((trimmed.total_tax ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (translate(trimmed.total_tax, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.total_tax ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (- (translate(trimmed.total_tax, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.total_amount IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_amount)::numeric
                        WHEN ((trimmed.total_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (translate(trimmed.total_amount, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.total_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (- (translate(trimmed.total_amount, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((trimmed.created_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.created_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.created_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((trimmed.modified_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.modified_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.modified_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL))) THEN jsonb_strip_nulls(jsonb_build_object('S No',
                    CASE
                        WHEN ((trimmed.s_no IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                            ELSE NULL::integer
                        END IS NULL)) THEN jsonb_build_array(trimmed.s_no, 'ordinal')
                        ELSE NULL::jsonb
                    END, 'Invoice Date',
                    CASE
                        WHEN ((trimmed.invoice_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.invoice_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.invoice_date, 7) || '-'::text) || substr(trimmed.invoice_date, 1, 2)) || '-'::text) || substr(trimmed.invoice_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.invoice_date, 7) || '-'::text) || substr(trimmed.invoice_date, 1, 2)) || '-'::text) || substr(trimmed.invoice_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.invoice_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.invoice_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.invoice_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.invoice_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Due Date',
                    CASE
                        WHEN ((trimmed.due_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.due_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.due_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.due_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Ship Date',
                    CASE
                        WHEN ((trimmed.ship_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.ship_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.ship_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.ship_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Exchange Rate',
                    CASE
                        WHEN ((NOT (trimmed.exchange_rate ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.exchange_rate IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.exchange_rate ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.exchange_rate)::numeric
                            WHEN ((trimmed.exchange_rate ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.exchange_rate ~ '\d'::text)) THEN (translate(trimmed.exchange_rate, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.exchange_rate ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.exchange_rate ~ '\d'::text)) THEN (- (translate(trimmed.exchange_rate, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.exchange_rate, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Product/Service Quantity',
                    CASE
                        WHEN ((NOT (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_quantity IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_quantity)::numeric
                            WHEN ((trimmed.line_quantity ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (translate(trimmed.line_quantity, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.line_quantity ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (- (translate(trimmed.line_quantity, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.line_quantity, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Product/Service Rate',
                    CASE
                        WHEN ((NOT (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_rate IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.line_rate !~~ '%\%'::text) THEN trim_scale(
                            CASE
                                WHEN (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_rate)::numeric
                                WHEN ((trimmed.line_rate ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (translate(trimmed.line_rate, '$,'::text, ''::text))::numeric
                                WHEN ((trimmed.line_rate ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (- (translate(trimmed.line_rate, '($,)'::text, ''::text))::numeric)
                                ELSE NULL::numeric
                            END)
                            ELSE NULL::numeric
                        END IS NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.line_rate ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$'::text) THEN (rtrim(trimmed.line_rate, ' 	%'::text))::numeric
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.line_rate, 'rate')
                        ELSE NULL::jsonb
                    END, 'Product/Service  Amount',
                    CASE
                        WHEN ((NOT (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_amount IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_amount)::numeric
                            WHEN ((trimmed.line_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (translate(trimmed.line_amount, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.line_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (- (translate(trimmed.line_amount, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.line_amount, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Product/Service Service Date',
                    CASE
                        WHEN ((trimmed.line_service_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.line_service_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.line_service_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.line_service_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Tax Persentage',
                    CASE
                        WHEN ((trimmed.tax_percentage IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.tax_percentage ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$'::text) THEN (rtrim(trimmed.tax_percentage, ' 	%'::text))::numeric
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.tax_percentage, 'percent')
                        ELSE NULL::jsonb
                    END, 'Total Tax',
                    CASE
                        WHEN ((NOT (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.total_tax IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_tax)::numeric
                            WHEN ((trimmed.total_tax ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (translate(trimmed.total_tax, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.total_tax ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (- (translate(trimmed.total_tax, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.total_tax, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Total Amount',
                    CASE
                        WHEN ((NOT (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.total_amount IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_amount)::numeric
                            WHEN ((trimmed.total_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (translate(trimmed.total_amount, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.total_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (- (translate(trimmed.total_amount, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.total_amount, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Created Date',
                    CASE
                        WHEN ((trimmed.created_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.created_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.created_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.created_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Modified Date',
                    CASE
                        WHEN ((trimmed.modified_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.modified_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.modified_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.modified_date, 'date')
                        ELSE NULL::jsonb
                    END))
                    ELSE '{}'::jsonb
                END AS untyped,
            trimmed.load_id,
            trimmed.exported_at,
            trimmed.line_no,
            trimmed._sdc_extracted_at,
            trimmed._sdc_batched_at
           FROM trimmed
        ), final AS (
         SELECT COALESCE(typed.quickbooks_id, typed.invoice_no) AS record_key,
            typed.s_no,
            typed.invoice_no,
            typed.customer_name,
            typed.invoice_date,
            typed.due_date,
            typed.ship_date,
            typed.shipping_method,
            typed.terms,
            typed.po_number,
            typed.class,
            typed.sales_rep,
            typed.fob,
            typed.memo,
            typed.customer_message,
            typed.template,
            typed.status,
            typed.currency,
            typed.exchange_rate,
            typed.billing_address_line_1,
            typed.billing_address_line_2,
            typed.billing_address_line_3,
            typed.billing_address_line_4,
            typed.billing_address_line_5,
            typed.billing_address_city,
            typed.billing_address_state,
            typed.billing_address_postal_code,
            typed.billing_address_country,
            typed.shipping_address_line_1,
            typed.shipping_address_line_2,
            typed.shipping_address_line_3,
            typed.shipping_address_line_4,
            typed.shipping_address_line_5,
            typed.shipping_address_city,
            typed.shipping_address_state,
            typed.shipping_address_postal_code,
            typed.shipping_address_country,
            typed.line_product_service,
            typed.line_description,
            typed.line_quantity,
            typed.line_rate,
            typed.line_rate_percent,
            typed.line_amount,
            typed.line_class,
            typed.line_service_date,
            typed.line_sales_tax_code,
            typed.sales_tax,
            typed.tax_percentage,
            typed.total_tax,
            typed.total_amount,
            typed.line_unit_of_measure,
            typed.line_inventory_site,
            typed.line_serial_no,
            typed.line_lot_no,
            typed.external_id,
            typed.created_date,
            typed.modified_date,
            typed.quickbooks_id,
            typed.untyped,
            typed.load_id,
            typed.exported_at,
            typed.line_no,
            typed._sdc_extracted_at,
            typed._sdc_batched_at,
            loads.file_name,
            loads.scope
           FROM (typed
             JOIN loads ON ((typed.load_id = loads.load_id)))
        )
 SELECT record_key,
    s_no,
    invoice_no,
    customer_name,
    invoice_date,
    due_date,
    ship_date,
    shipping_method,
    terms,
    po_number,
    class,
    sales_rep,
    fob,
    memo,
    customer_message,
    template,
    status,
    currency,
    exchange_rate,
    billing_address_line_1,
    billing_address_line_2,
    billing_address_line_3,
    billing_address_line_4,
    billing_address_line_5,
    billing_address_city,
    billing_address_state,
    billing_address_postal_code,
    billing_address_country,
    shipping_address_line_1,
    shipping_address_line_2,
    shipping_address_line_3,
    shipping_address_line_4,
    shipping_address_line_5,
    shipping_address_city,
    shipping_address_state,
    shipping_address_postal_code,
    shipping_address_country,
    line_product_service,
    line_description,
    line_quantity,
    line_rate,
    line_rate_percent,
    line_amount,
    line_class,
    line_service_date,
    line_sales_tax_code,
    sales_tax,
    tax_percentage,
    total_tax,
    total_amount,
    line_unit_of_measure,
    line_inventory_site,
    line_serial_no,
    line_lot_no,
    external_id,
    created_date,
    modified_date,
    quickbooks_id,
    untyped,
    load_id,
    exported_at,
    line_no,
    _sdc_extracted_at,
    _sdc_batched_at,
    file_name,
    scope
   FROM final;


--
-- Name: base_items; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.base_items AS
 WITH loads AS (
         SELECT effective_loads.load_id,
            effective_loads.entity,
            effective_loads.file_name,
            effective_loads.scope,
            effective_loads.exported_at,
            effective_loads.observed_columns,
            effective_loads.is_full_at_moment,
            effective_loads.next_full_at
           FROM staging.effective_loads
          WHERE (effective_loads.entity = 'items'::text)
        ), trimmed AS (
         SELECT NULLIF(btrim(items."S No", ' 	
 '::text), ''::text) AS s_no,
            NULLIF(btrim(items."Item Name", ' 	
 '::text), ''::text) AS item_name,
            NULLIF(btrim(items."Item Type", ' 	
 '::text), ''::text) AS item_type,
            NULLIF(btrim(items."Item Subtype", ' 	
 '::text), ''::text) AS item_subtype,
            NULLIF(btrim(items."U/M", ' 	
 '::text), ''::text) AS unit_of_measure,
            NULLIF(btrim(items."Manufacturer's Part Number", ' 	
 '::text), ''::text) AS manufacturers_part_number,
            NULLIF(btrim(items."Purchase Cost", ' 	
 '::text), ''::text) AS purchase_cost,
            NULLIF(btrim(items."Purchase Description", ' 	
 '::text), ''::text) AS purchase_description,
            NULLIF(btrim(items."COGS Account", ' 	
 '::text), ''::text) AS cogs_account,
            NULLIF(btrim(items."Preferred Vendor", ' 	
 '::text), ''::text) AS preferred_vendor,
            NULLIF(btrim(items."Sales Price", ' 	
 '::text), ''::text) AS sales_price,
            NULLIF(btrim(items."Sales Description", ' 	
 '::text), ''::text) AS sales_description,
            NULLIF(btrim(items."Sales Tax Code", ' 	
 '::text), ''::text) AS sales_tax_code,
            NULLIF(btrim(items."Income Account", ' 	
 '::text), ''::text) AS income_account,
            NULLIF(btrim(items."Expense Account", ' 	
 '::text), ''::text) AS expense_account,
            NULLIF(btrim(items."Asset Account", ' 	
 '::text), ''::text) AS asset_account,
            NULLIF(btrim(items."Class", ' 	
 '::text), ''::text) AS class,
            NULLIF(btrim(items."Bar Code", ' 	
 '::text), ''::text) AS bar_code,
            NULLIF(btrim(items."Min Re-Order Point", ' 	
 '::text), ''::text) AS min_reorder_point,
            NULLIF(btrim(items."Max Re-Order Point", ' 	
 '::text), ''::text) AS max_reorder_point,
            NULLIF(btrim(items."Quantity On Hand", ' 	
 '::text), ''::text) AS quantity_on_hand,
            NULLIF(btrim(items."Quantity On Order", ' 	
 '::text), ''::text) AS quantity_on_order,
            NULLIF(btrim(items."Quantity On Sales Order", ' 	
 '::text), ''::text) AS quantity_on_sales_order,
            NULLIF(btrim(items."Inventory Date", ' 	
 '::text), ''::text) AS inventory_date,
            NULLIF(btrim(items."Status", ' 	
 '::text), ''::text) AS status,
            NULLIF(btrim(items."Transx", ' 	
 '::text), ''::text) AS transx,
            NULLIF(btrim(items."QuickBooks Internal Id", ' 	
 '::text), ''::text) AS quickbooks_id,
            NULLIF(btrim(items."Unit Weight kg", ' 	
 '::text), ''::text) AS unit_weight_kg,
            NULLIF(btrim(items."UPC", ' 	
 '::text), ''::text) AS upc,
            items._load_id AS load_id,
            items._exported_at AS exported_at,
            items._sdc_source_lineno AS line_no,
            items._sdc_extracted_at,
            items._sdc_batched_at
           FROM raw.items
        ), typed AS (
         SELECT
                CASE
                    WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                    ELSE NULL::integer
                END AS s_no,
            trimmed.item_name,
            trimmed.item_type,
            trimmed.item_subtype,
            trimmed.unit_of_measure,
            trimmed.manufacturers_part_number,
            trim_scale(
                CASE
                    WHEN (trimmed.purchase_cost ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.purchase_cost)::numeric
                    WHEN ((trimmed.purchase_cost ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.purchase_cost ~ '\d'::text)) THEN (translate(trimmed.purchase_cost, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.purchase_cost ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.purchase_cost ~ '\d'::text)) THEN (- (translate(trimmed.purchase_cost, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS purchase_cost,
            trimmed.purchase_description,
            trimmed.cogs_account,
            trimmed.preferred_vendor,
            trim_scale(
                CASE
                    WHEN (trimmed.sales_price ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.sales_price)::numeric
                    WHEN ((trimmed.sales_price ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.sales_price ~ '\d'::text)) THEN (translate(trimmed.sales_price, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.sales_price ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.sales_price ~ '\d'::text)) THEN (- (translate(trimmed.sales_price, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS sales_price,
            trimmed.sales_description,
            trimmed.sales_tax_code,
            trimmed.income_account,
            trimmed.expense_account,
            trimmed.asset_account,
            trimmed.class,
            trimmed.bar_code,
            trim_scale(
                CASE
                    WHEN (trimmed.min_reorder_point ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.min_reorder_point)::numeric
                    WHEN ((trimmed.min_reorder_point ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.min_reorder_point ~ '\d'::text)) THEN (translate(trimmed.min_reorder_point, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.min_reorder_point ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.min_reorder_point ~ '\d'::text)) THEN (- (translate(trimmed.min_reorder_point, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS min_reorder_point,
            trim_scale(
                CASE
                    WHEN (trimmed.max_reorder_point ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.max_reorder_point)::numeric
                    WHEN ((trimmed.max_reorder_point ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.max_reorder_point ~ '\d'::text)) THEN (translate(trimmed.max_reorder_point, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.max_reorder_point ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.max_reorder_point ~ '\d'::text)) THEN (- (translate(trimmed.max_reorder_point, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS max_reorder_point,
            trim_scale(
                CASE
                    WHEN (trimmed.quantity_on_hand ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.quantity_on_hand)::numeric
                    WHEN ((trimmed.quantity_on_hand ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.quantity_on_hand ~ '\d'::text)) THEN (translate(trimmed.quantity_on_hand, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.quantity_on_hand ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.quantity_on_hand ~ '\d'::text)) THEN (- (translate(trimmed.quantity_on_hand, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS quantity_on_hand,
            trim_scale(
                CASE
                    WHEN (trimmed.quantity_on_order ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.quantity_on_order)::numeric
                    WHEN ((trimmed.quantity_on_order ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.quantity_on_order ~ '\d'::text)) THEN (translate(trimmed.quantity_on_order, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.quantity_on_order ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.quantity_on_order ~ '\d'::text)) THEN (- (translate(trimmed.quantity_on_order, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS quantity_on_order,
            trim_scale(
                CASE
                    WHEN (trimmed.quantity_on_sales_order ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.quantity_on_sales_order)::numeric
                    WHEN ((trimmed.quantity_on_sales_order ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.quantity_on_sales_order ~ '\d'::text)) THEN (translate(trimmed.quantity_on_sales_order, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.quantity_on_sales_order ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.quantity_on_sales_order ~ '\d'::text)) THEN (- (translate(trimmed.quantity_on_sales_order, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS quantity_on_sales_order,
                CASE
                    WHEN (trimmed.inventory_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.inventory_date, 7) || '-'::text) || substr(trimmed.inventory_date, 1, 2)) || '-'::text) || substr(trimmed.inventory_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.inventory_date, 7) || '-'::text) || substr(trimmed.inventory_date, 1, 2)) || '-'::text) || substr(trimmed.inventory_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.inventory_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.inventory_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.inventory_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS inventory_date,
            trimmed.status,
            trimmed.transx,
            trimmed.quickbooks_id,
            trim_scale(
                CASE
                    WHEN (trimmed.unit_weight_kg ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.unit_weight_kg)::numeric
                    WHEN ((trimmed.unit_weight_kg ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.unit_weight_kg ~ '\d'::text)) THEN (translate(trimmed.unit_weight_kg, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.unit_weight_kg ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.unit_weight_kg ~ '\d'::text)) THEN (- (translate(trimmed.unit_weight_kg, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS unit_weight_kg,
            trimmed.upc,
                CASE
                    WHEN (((trimmed.s_no IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                        ELSE NULL::integer
                    END IS NULL)) OR ((NOT (trimmed.purchase_cost ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.purchase_cost IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.purchase_cost ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.purchase_cost)::numeric
                        WHEN ((trimmed.purchase_cost ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.purchase_cost ~ '\d'::text)) THEN (translate(trimmed.purchase_cost, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.purchase_cost ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.purchase_cost ~ '\d'::text)) THEN (- (translate(trimmed.purchase_cost, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.sales_price ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.sales_price IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.sales_price ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.sales_price)::numeric
                        WHEN ((trimmed.sales_price ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.sales_price ~ '\d'::text)) THEN (translate(trimmed.sales_price, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.sales_price ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.sales_price ~ '\d'::text)) THEN (- (translate(trimmed.sales_price, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.min_reorder_point ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.min_reorder_point IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.min_reorder_point ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.min_reorder_point)::numeric
                        WHEN ((trimmed.min_reorder_point ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.min_reorder_point ~ '\d'::text)) THEN (translate(trimmed.min_reorder_point, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.min_reorder_point ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.min_reorder_point ~ '\d'::text)) THEN (- (translate(trimmed.min_reorder_point, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.max_reorder_point ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.max_reorder_point IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.max_reorder_point ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.max_reorder_point)::numeric
                        WHEN ((trimmed.max_reorder_point ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.max_reorder_point ~ '\d'::text)) THEN (translate(trimmed.max_reorder_point, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.max_reorder_point ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.max_reorder_point ~ '\d'::text)) THEN (- (translate(trimmed.max_reorder_point, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.quantity_on_hand ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.quantity_on_hand IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.quantity_on_hand ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.quantity_on_hand)::numeric
                        WHEN ((trimmed.quantity_on_hand ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.quantity_on_hand ~ '\d'::text)) THEN (translate(trimmed.quantity_on_hand, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.quantity_on_hand ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.quantity_on_hand ~ '\d'::text)) THEN (- (translate(trimmed.quantity_on_hand, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.quantity_on_order ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.quantity_on_order IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.quantity_on_order ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.quantity_on_order)::numeric
                        WHEN ((trimmed.quantity_on_order ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.quantity_on_order ~ '\d'::text)) THEN (translate(trimmed.quantity_on_order, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.quantity_on_order ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.quantity_on_order ~ '\d'::text)) THEN (- (translate(trimmed.quantity_on_order, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.quantity_on_sales_order ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.quantity_on_sales_order IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.quantity_on_sales_order ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.quantity_on_sales_order)::numeric
                        WHEN ((trimmed.quantity_on_sales_order ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.quantity_on_sales_order ~ '\d'::text)) THEN (translate(trimmed.quantity_on_sales_order, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.quantity_on_sales_order ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.quantity_on_sales_order ~ '\d'::text)) THEN (- (translate(trimmed.quantity_on_sales_order, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((trimmed.inventory_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.inventory_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.inventory_date, 7) || '-'::text) || substr(trimmed.inventory_date, 1, 2)) || '-'::text) || substr(trimmed.inventory_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.inventory_date, 7) || '-'::text) || substr(trimmed.inventory_date, 1, 2)) || '-'::text) || substr(trimmed.inventory_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.inventory_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.inventory_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.inventory_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((NOT (trimmed.unit_weight_kg ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.unit_weight_kg IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.unit_weight_kg ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.unit_weight_kg)::numeric
                        WHEN ((trimmed.unit_weight_kg ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.unit_weight_kg ~ '\d'::text)) THEN (translate(trimmed.unit_weight_kg, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.unit_weight_kg ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.unit_weight_kg ~ '\d'::text)) THEN (- (translate(trimmed.unit_weight_kg, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL))) THEN jsonb_strip_nulls(jsonb_build_object('S No',
                    CASE
                        WHEN ((trimmed.s_no IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                            ELSE NULL::integer
                        END IS NULL)) THEN jsonb_build_array(trimmed.s_no, 'ordinal')
                        ELSE NULL::jsonb
                    END, 'Purchase Cost',
                    CASE
                        WHEN ((NOT (trimmed.purchase_cost ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.purchase_cost IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.purchase_cost ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.purchase_cost)::numeric
                            WHEN ((trimmed.purchase_cost ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.purchase_cost ~ '\d'::text)) THEN (translate(trimmed.purchase_cost, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.purchase_cost ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.purchase_cost ~ '\d'::text)) THEN (- (translate(trimmed.purchase_cost, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.purchase_cost, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Sales Price',
                    CASE
                        WHEN ((NOT (trimmed.sales_price ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.sales_price IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.sales_price ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.sales_price)::numeric
                            WHEN ((trimmed.sales_price ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.sales_price ~ '\d'::text)) THEN (translate(trimmed.sales_price, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.sales_price ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.sales_price ~ '\d'::text)) THEN (- (translate(trimmed.sales_price, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.sales_price, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Min Re-Order Point',
                    CASE
                        WHEN ((NOT (trimmed.min_reorder_point ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.min_reorder_point IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.min_reorder_point ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.min_reorder_point)::numeric
                            WHEN ((trimmed.min_reorder_point ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.min_reorder_point ~ '\d'::text)) THEN (translate(trimmed.min_reorder_point, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.min_reorder_point ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.min_reorder_point ~ '\d'::text)) THEN (- (translate(trimmed.min_reorder_point, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.min_reorder_point, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Max Re-Order Point',
                    CASE
                        WHEN ((NOT (trimmed.max_reorder_point ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.max_reorder_point IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.max_reorder_point ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.max_reorder_point)::numeric
                            WHEN ((trimmed.max_reorder_point ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.max_reorder_point ~ '\d'::text)) THEN (translate(trimmed.max_reorder_point, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.max_reorder_point ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.max_reorder_point ~ '\d'::text)) THEN (- (translate(trimmed.max_reorder_point, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.max_reorder_point, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Quantity On Hand',
                    CASE
                        WHEN ((NOT (trimmed.quantity_on_hand ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.quantity_on_hand IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.quantity_on_hand ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.quantity_on_hand)::numeric
                            WHEN ((trimmed.quantity_on_hand ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.quantity_on_hand ~ '\d'::text)) THEN (translate(trimmed.quantity_on_hand, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.quantity_on_hand ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.quantity_on_hand ~ '\d'::text)) THEN (- (translate(trimmed.quantity_on_hand, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.quantity_on_hand, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Quantity On Order',
                    CASE
                        WHEN ((NOT (trimmed.quantity_on_order ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.quantity_on_order IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.quantity_on_order ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.quantity_on_order)::numeric
                            WHEN ((trimmed.quantity_on_order ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.quantity_on_order ~ '\d'::text)) THEN (translate(trimmed.quantity_on_order, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.quantity_on_order ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.quantity_on_order ~ '\d'::text)) THEN (- (translate(trimmed.quantity_on_order, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.quantity_on_order, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Quantity On Sales Order',
                    CASE
                        WHEN ((NOT (trimmed.quantity_on_sales_order ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.quantity_on_sales_order IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.quantity_on_sales_order ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.quantity_on_sales_order)::numeric
                            WHEN ((trimmed.quantity_on_sales_order ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.quantity_on_sales_order ~ '\d'::text)) THEN (translate(trimmed.quantity_on_sales_order, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.quantity_on_sales_order ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.quantity_on_sales_order ~ '\d'::text)) THEN (- (translate(trimmed.quantity_on_sales_order, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.quantity_on_sales_order, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Inventory Date',
                    CASE
                        WHEN ((trimmed.inventory_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.inventory_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.inventory_date, 7) || '-'::text) || substr(trimmed.inventory_date, 1, 2)) || '-'::text) || substr(trimmed.inventory_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.inventory_date, 7) || '-'::text) || substr(trimmed.inventory_date, 1, 2)) || '-'::text) || substr(trimmed.inventory_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.inventory_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.inventory_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.inventory_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.inventory_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Unit Weight kg',
                    CASE
                        WHEN ((NOT (trimmed.unit_weight_kg ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.unit_weight_kg IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.unit_weight_kg ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.unit_weight_kg)::numeric
                            WHEN ((trimmed.unit_weight_kg ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.unit_weight_kg ~ '\d'::text)) THEN (translate(trimmed.unit_weight_kg, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.unit_weight_kg ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.unit_weight_kg ~ '\d'::text)) THEN (- (translate(trimmed.unit_weight_kg, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.unit_weight_kg, 'numeric')
                        ELSE NULL::jsonb
                    END))
                    ELSE '{}'::jsonb
                END AS untyped,
            trimmed.load_id,
            trimmed.exported_at,
            trimmed.line_no,
            trimmed._sdc_extracted_at,
            trimmed._sdc_batched_at
           FROM trimmed
        ), final AS (
         SELECT COALESCE(typed.quickbooks_id, typed.item_name) AS record_key,
            typed.s_no,
            typed.item_name,
            typed.item_type,
            typed.item_subtype,
            typed.unit_of_measure,
            typed.manufacturers_part_number,
            typed.purchase_cost,
            typed.purchase_description,
            typed.cogs_account,
            typed.preferred_vendor,
            typed.sales_price,
            typed.sales_description,
            typed.sales_tax_code,
            typed.income_account,
            typed.expense_account,
            typed.asset_account,
            typed.class,
            typed.bar_code,
            typed.min_reorder_point,
            typed.max_reorder_point,
            typed.quantity_on_hand,
            typed.quantity_on_order,
            typed.quantity_on_sales_order,
            typed.inventory_date,
            typed.status,
            typed.transx,
            typed.quickbooks_id,
            typed.unit_weight_kg,
            typed.upc,
            typed.untyped,
            typed.load_id,
            typed.exported_at,
            typed.line_no,
            typed._sdc_extracted_at,
            typed._sdc_batched_at,
            loads.file_name,
            loads.scope
           FROM (typed
             JOIN loads ON ((typed.load_id = loads.load_id)))
        )
 SELECT record_key,
    s_no,
    item_name,
    item_type,
    item_subtype,
    unit_of_measure,
    manufacturers_part_number,
    purchase_cost,
    purchase_description,
    cogs_account,
    preferred_vendor,
    sales_price,
    sales_description,
    sales_tax_code,
    income_account,
    expense_account,
    asset_account,
    class,
    bar_code,
    min_reorder_point,
    max_reorder_point,
    quantity_on_hand,
    quantity_on_order,
    quantity_on_sales_order,
    inventory_date,
    status,
    transx,
    quickbooks_id,
    unit_weight_kg,
    upc,
    untyped,
    load_id,
    exported_at,
    line_no,
    _sdc_extracted_at,
    _sdc_batched_at,
    file_name,
    scope
   FROM final;


--
-- Name: base_sales_receipts; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.base_sales_receipts AS
 WITH loads AS (
         SELECT effective_loads.load_id,
            effective_loads.entity,
            effective_loads.file_name,
            effective_loads.scope,
            effective_loads.exported_at,
            effective_loads.observed_columns,
            effective_loads.is_full_at_moment,
            effective_loads.next_full_at
           FROM staging.effective_loads
          WHERE (effective_loads.entity = 'sales_receipts'::text)
        ), trimmed AS (
         SELECT NULLIF(btrim(sales_receipts."S No", ' 	
 '::text), ''::text) AS s_no,
            NULLIF(btrim(sales_receipts."Sales Receipt No", ' 	
 '::text), ''::text) AS sales_receipt_no,
            NULLIF(btrim(sales_receipts."Customer", ' 	
 '::text), ''::text) AS customer_name,
            NULLIF(btrim(sales_receipts."Sales Receipt Date", ' 	
 '::text), ''::text) AS sales_receipt_date,
            NULLIF(btrim(sales_receipts."Payment Method", ' 	
 '::text), ''::text) AS payment_method,
            NULLIF(btrim(sales_receipts."Due Date", ' 	
 '::text), ''::text) AS due_date,
            NULLIF(btrim(sales_receipts."Ship Date", ' 	
 '::text), ''::text) AS ship_date,
            NULLIF(btrim(sales_receipts."Shipping Method", ' 	
 '::text), ''::text) AS shipping_method,
            NULLIF(btrim(sales_receipts."Class", ' 	
 '::text), ''::text) AS class,
            NULLIF(btrim(sales_receipts."Sales Rep", ' 	
 '::text), ''::text) AS sales_rep,
            NULLIF(btrim(sales_receipts."FOB", ' 	
 '::text), ''::text) AS fob,
            NULLIF(btrim(sales_receipts."Memo", ' 	
 '::text), ''::text) AS memo,
            NULLIF(btrim(sales_receipts."Message To Customer", ' 	
 '::text), ''::text) AS message_to_customer,
            NULLIF(btrim(sales_receipts."Template", ' 	
 '::text), ''::text) AS template,
            NULLIF(btrim(sales_receipts."Billing Address Line 1", ' 	
 '::text), ''::text) AS billing_address_line_1,
            NULLIF(btrim(sales_receipts."Billing Address Line 2", ' 	
 '::text), ''::text) AS billing_address_line_2,
            NULLIF(btrim(sales_receipts."Billing Address Line 3", ' 	
 '::text), ''::text) AS billing_address_line_3,
            NULLIF(btrim(sales_receipts."Billing Address City", ' 	
 '::text), ''::text) AS billing_address_city,
            NULLIF(btrim(sales_receipts."Billing Address State", ' 	
 '::text), ''::text) AS billing_address_state,
            NULLIF(btrim(sales_receipts."Billing Address Postal Code", ' 	
 '::text), ''::text) AS billing_address_postal_code,
            NULLIF(btrim(sales_receipts."Billing Address Country", ' 	
 '::text), ''::text) AS billing_address_country,
            NULLIF(btrim(sales_receipts."Shipping Address Line 1", ' 	
 '::text), ''::text) AS shipping_address_line_1,
            NULLIF(btrim(sales_receipts."Shipping Address Line 2", ' 	
 '::text), ''::text) AS shipping_address_line_2,
            NULLIF(btrim(sales_receipts."Shipping Address Line 3", ' 	
 '::text), ''::text) AS shipping_address_line_3,
            NULLIF(btrim(sales_receipts."Shipping Address City", ' 	
 '::text), ''::text) AS shipping_address_city,
            NULLIF(btrim(sales_receipts."Shipping Address State", ' 	
 '::text), ''::text) AS shipping_address_state,
            NULLIF(btrim(sales_receipts."Shipping Address Postal Code", ' 	
 '::text), ''::text) AS shipping_address_postal_code,
            NULLIF(btrim(sales_receipts."Shipping Address Country", ' 	
 '::text), ''::text) AS shipping_address_country,
            NULLIF(btrim(sales_receipts."Product/Service", ' 	
 '::text), ''::text) AS line_product_service,
            NULLIF(btrim(sales_receipts."Product/Service Description", ' 	
 '::text), ''::text) AS line_description,
            NULLIF(btrim(sales_receipts."Product/Service Quantity", ' 	
 '::text), ''::text) AS line_quantity,
            NULLIF(btrim(sales_receipts."Product/Service Rate", ' 	
 '::text), ''::text) AS line_rate,
            NULLIF(btrim(sales_receipts."Product/Service Amount", ' 	
 '::text), ''::text) AS line_amount,
            NULLIF(btrim(sales_receipts."Product/Service Class", ' 	
 '::text), ''::text) AS line_class,
            NULLIF(btrim(sales_receipts."Product/Service Service Date", ' 	
 '::text), ''::text) AS line_service_date,
            NULLIF(btrim(sales_receipts."Product/Service Sales Tax Code", ' 	
 '::text), ''::text) AS line_sales_tax_code,
            NULLIF(btrim(sales_receipts."Customer Sales Tax Code", ' 	
 '::text), ''::text) AS customer_sales_tax_code,
            NULLIF(btrim(sales_receipts."Total Tax", ' 	
 '::text), ''::text) AS total_tax,
            NULLIF(btrim(sales_receipts."Total Amount", ' 	
 '::text), ''::text) AS total_amount,
            NULLIF(btrim(sales_receipts."Unit Of Measure", ' 	
 '::text), ''::text) AS line_unit_of_measure,
            NULLIF(btrim(sales_receipts."Industry", ' 	
 '::text), ''::text) AS industry,
            NULLIF(btrim(sales_receipts."SourceChannel", ' 	
 '::text), ''::text) AS source_channel,
            NULLIF(btrim(sales_receipts."Created Date", ' 	
 '::text), ''::text) AS created_date,
            NULLIF(btrim(sales_receipts."Modified Date", ' 	
 '::text), ''::text) AS modified_date,
            NULLIF(btrim(sales_receipts."QuickBooks Internal Id", ' 	
 '::text), ''::text) AS quickbooks_id,
            sales_receipts._load_id AS load_id,
            sales_receipts._exported_at AS exported_at,
            sales_receipts._sdc_source_lineno AS line_no,
            sales_receipts._sdc_extracted_at,
            sales_receipts._sdc_batched_at
           FROM raw.sales_receipts
        ), typed AS (
         SELECT
                CASE
                    WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                    ELSE NULL::integer
                END AS s_no,
            trimmed.sales_receipt_no,
            trimmed.customer_name,
                CASE
                    WHEN (trimmed.sales_receipt_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.sales_receipt_date, 7) || '-'::text) || substr(trimmed.sales_receipt_date, 1, 2)) || '-'::text) || substr(trimmed.sales_receipt_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.sales_receipt_date, 7) || '-'::text) || substr(trimmed.sales_receipt_date, 1, 2)) || '-'::text) || substr(trimmed.sales_receipt_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.sales_receipt_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.sales_receipt_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.sales_receipt_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS sales_receipt_date,
            trimmed.payment_method,
                CASE
                    WHEN (trimmed.due_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.due_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS due_date,
                CASE
                    WHEN (trimmed.ship_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.ship_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS ship_date,
            trimmed.shipping_method,
            trimmed.class,
            trimmed.sales_rep,
            trimmed.fob,
            trimmed.memo,
            trimmed.message_to_customer,
            trimmed.template,
            trimmed.billing_address_line_1,
            trimmed.billing_address_line_2,
            trimmed.billing_address_line_3,
            trimmed.billing_address_city,
            trimmed.billing_address_state,
            trimmed.billing_address_postal_code,
            trimmed.billing_address_country,
            trimmed.shipping_address_line_1,
            trimmed.shipping_address_line_2,
            trimmed.shipping_address_line_3,
            trimmed.shipping_address_city,
            trimmed.shipping_address_state,
            trimmed.shipping_address_postal_code,
            trimmed.shipping_address_country,
            trimmed.line_product_service,
            trimmed.line_description,
            trim_scale(
                CASE
                    WHEN (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_quantity)::numeric
                    WHEN ((trimmed.line_quantity ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (translate(trimmed.line_quantity, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.line_quantity ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (- (translate(trimmed.line_quantity, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS line_quantity,
                CASE
                    WHEN (trimmed.line_rate !~~ '%\%'::text) THEN trim_scale(
                    CASE
                        WHEN (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_rate)::numeric
                        WHEN ((trimmed.line_rate ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (translate(trimmed.line_rate, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.line_rate ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (- (translate(trimmed.line_rate, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END)
                    ELSE NULL::numeric
                END AS line_rate,
                CASE
                    WHEN (trimmed.line_rate ~~ '%\%'::text) THEN trim_scale(
                    CASE
                        WHEN (trimmed.line_rate ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$'::text) THEN (rtrim(trimmed.line_rate, ' 	%'::text))::numeric
                        ELSE NULL::numeric
                    END)
                    ELSE NULL::numeric
                END AS line_rate_percent,
            trim_scale(
                CASE
                    WHEN (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_amount)::numeric
                    WHEN ((trimmed.line_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (translate(trimmed.line_amount, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.line_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (- (translate(trimmed.line_amount, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS line_amount,
            trimmed.line_class,
                CASE
                    WHEN (trimmed.line_service_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.line_service_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS line_service_date,
            trimmed.line_sales_tax_code,
            trimmed.customer_sales_tax_code,
            trim_scale(
                CASE
                    WHEN (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_tax)::numeric
                    WHEN ((trimmed.total_tax ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (translate(trimmed.total_tax, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.total_tax ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (- (translate(trimmed.total_tax, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS total_tax,
            trim_scale(
                CASE
                    WHEN (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_amount)::numeric
                    WHEN ((trimmed.total_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (translate(trimmed.total_amount, '$,'::text, ''::text))::numeric
                    WHEN ((trimmed.total_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (- (translate(trimmed.total_amount, '($,)'::text, ''::text))::numeric)
                    ELSE NULL::numeric
                END) AS total_amount,
            trimmed.line_unit_of_measure,
            trimmed.industry,
            trimmed.source_channel,
                CASE
                    WHEN (trimmed.created_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.created_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS created_date,
                CASE
                    WHEN (trimmed.modified_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                    CASE
                        WHEN pg_input_is_valid(((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)))::date
                        ELSE NULL::date
                    END
                    WHEN ((trimmed.modified_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                    ELSE NULL::date
                END AS modified_date,
            trimmed.quickbooks_id,
                CASE
                    WHEN (((trimmed.s_no IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                        ELSE NULL::integer
                    END IS NULL)) OR ((trimmed.sales_receipt_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.sales_receipt_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.sales_receipt_date, 7) || '-'::text) || substr(trimmed.sales_receipt_date, 1, 2)) || '-'::text) || substr(trimmed.sales_receipt_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.sales_receipt_date, 7) || '-'::text) || substr(trimmed.sales_receipt_date, 1, 2)) || '-'::text) || substr(trimmed.sales_receipt_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.sales_receipt_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.sales_receipt_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.sales_receipt_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((trimmed.due_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.due_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.due_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((trimmed.ship_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.ship_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.ship_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((NOT (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_quantity IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_quantity)::numeric
                        WHEN ((trimmed.line_quantity ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (translate(trimmed.line_quantity, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.line_quantity ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (- (translate(trimmed.line_quantity, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_rate IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.line_rate !~~ '%\%'::text) THEN trim_scale(
                        CASE
                            WHEN (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_rate)::numeric
                            WHEN ((trimmed.line_rate ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (translate(trimmed.line_rate, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.line_rate ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (- (translate(trimmed.line_rate, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END)
                        ELSE NULL::numeric
                    END IS NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.line_rate ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$'::text) THEN (rtrim(trimmed.line_rate, ' 	%'::text))::numeric
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_amount IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_amount)::numeric
                        WHEN ((trimmed.line_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (translate(trimmed.line_amount, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.line_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (- (translate(trimmed.line_amount, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((trimmed.line_service_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.line_service_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.line_service_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((NOT (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.total_tax IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_tax)::numeric
                        WHEN ((trimmed.total_tax ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (translate(trimmed.total_tax, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.total_tax ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (- (translate(trimmed.total_tax, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((NOT (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.total_amount IS NOT NULL) AND (trim_scale(
                    CASE
                        WHEN (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_amount)::numeric
                        WHEN ((trimmed.total_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (translate(trimmed.total_amount, '$,'::text, ''::text))::numeric
                        WHEN ((trimmed.total_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (- (translate(trimmed.total_amount, '($,)'::text, ''::text))::numeric)
                        ELSE NULL::numeric
                    END) IS NULL)) OR ((trimmed.created_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.created_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.created_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL)) OR ((trimmed.modified_date IS NOT NULL) AND (
                    CASE
                        WHEN (trimmed.modified_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                        CASE
                            WHEN pg_input_is_valid(((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)))::date
                            ELSE NULL::date
                        END
                        WHEN ((trimmed.modified_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                        ELSE NULL::date
                    END IS NULL))) THEN jsonb_strip_nulls(jsonb_build_object('S No',
                    CASE
                        WHEN ((trimmed.s_no IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.s_no ~ '^\d{1,9}$'::text) THEN (trimmed.s_no)::integer
                            ELSE NULL::integer
                        END IS NULL)) THEN jsonb_build_array(trimmed.s_no, 'ordinal')
                        ELSE NULL::jsonb
                    END, 'Sales Receipt Date',
                    CASE
                        WHEN ((trimmed.sales_receipt_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.sales_receipt_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.sales_receipt_date, 7) || '-'::text) || substr(trimmed.sales_receipt_date, 1, 2)) || '-'::text) || substr(trimmed.sales_receipt_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.sales_receipt_date, 7) || '-'::text) || substr(trimmed.sales_receipt_date, 1, 2)) || '-'::text) || substr(trimmed.sales_receipt_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.sales_receipt_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.sales_receipt_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.sales_receipt_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.sales_receipt_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Due Date',
                    CASE
                        WHEN ((trimmed.due_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.due_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.due_date, 7) || '-'::text) || substr(trimmed.due_date, 1, 2)) || '-'::text) || substr(trimmed.due_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.due_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.due_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.due_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Ship Date',
                    CASE
                        WHEN ((trimmed.ship_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.ship_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.ship_date, 7) || '-'::text) || substr(trimmed.ship_date, 1, 2)) || '-'::text) || substr(trimmed.ship_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.ship_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.ship_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.ship_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Product/Service Quantity',
                    CASE
                        WHEN ((NOT (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_quantity IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.line_quantity ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_quantity)::numeric
                            WHEN ((trimmed.line_quantity ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (translate(trimmed.line_quantity, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.line_quantity ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_quantity ~ '\d'::text)) THEN (- (translate(trimmed.line_quantity, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.line_quantity, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Product/Service Rate',
                    CASE
                        WHEN ((NOT (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_rate IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.line_rate !~~ '%\%'::text) THEN trim_scale(
                            CASE
                                WHEN (trimmed.line_rate ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_rate)::numeric
                                WHEN ((trimmed.line_rate ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (translate(trimmed.line_rate, '$,'::text, ''::text))::numeric
                                WHEN ((trimmed.line_rate ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_rate ~ '\d'::text)) THEN (- (translate(trimmed.line_rate, '($,)'::text, ''::text))::numeric)
                                ELSE NULL::numeric
                            END)
                            ELSE NULL::numeric
                        END IS NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.line_rate ~ '^-?(\d+\.?\d*|\.\d+)\s*%?$'::text) THEN (rtrim(trimmed.line_rate, ' 	%'::text))::numeric
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.line_rate, 'rate')
                        ELSE NULL::jsonb
                    END, 'Product/Service Amount',
                    CASE
                        WHEN ((NOT (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.line_amount IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.line_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.line_amount)::numeric
                            WHEN ((trimmed.line_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (translate(trimmed.line_amount, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.line_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.line_amount ~ '\d'::text)) THEN (- (translate(trimmed.line_amount, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.line_amount, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Product/Service Service Date',
                    CASE
                        WHEN ((trimmed.line_service_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.line_service_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.line_service_date, 7) || '-'::text) || substr(trimmed.line_service_date, 1, 2)) || '-'::text) || substr(trimmed.line_service_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.line_service_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.line_service_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.line_service_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Total Tax',
                    CASE
                        WHEN ((NOT (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.total_tax IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.total_tax ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_tax)::numeric
                            WHEN ((trimmed.total_tax ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (translate(trimmed.total_tax, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.total_tax ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_tax ~ '\d'::text)) THEN (- (translate(trimmed.total_tax, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.total_tax, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Total Amount',
                    CASE
                        WHEN ((NOT (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text)) AND (trimmed.total_amount IS NOT NULL) AND (trim_scale(
                        CASE
                            WHEN (trimmed.total_amount ~ '^-?\d+(\.\d+)?$'::text) THEN (trimmed.total_amount)::numeric
                            WHEN ((trimmed.total_amount ~ '^(-?\$?|\$-)(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (translate(trimmed.total_amount, '$,'::text, ''::text))::numeric
                            WHEN ((trimmed.total_amount ~ '^\(\$?(\d+|\d{1,3}(,\d{3})+)?(\.\d*)?\)$'::text) AND (trimmed.total_amount ~ '\d'::text)) THEN (- (translate(trimmed.total_amount, '($,)'::text, ''::text))::numeric)
                            ELSE NULL::numeric
                        END) IS NULL)) THEN jsonb_build_array(trimmed.total_amount, 'numeric')
                        ELSE NULL::jsonb
                    END, 'Created Date',
                    CASE
                        WHEN ((trimmed.created_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.created_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.created_date, 7) || '-'::text) || substr(trimmed.created_date, 1, 2)) || '-'::text) || substr(trimmed.created_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.created_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.created_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.created_date, 'date')
                        ELSE NULL::jsonb
                    END, 'Modified Date',
                    CASE
                        WHEN ((trimmed.modified_date IS NOT NULL) AND (
                        CASE
                            WHEN (trimmed.modified_date ~ '^\d\d[-/]\d\d[-/]\d{4}$'::text) THEN
                            CASE
                                WHEN pg_input_is_valid(((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)), 'date'::text) THEN (((((substr(trimmed.modified_date, 7) || '-'::text) || substr(trimmed.modified_date, 1, 2)) || '-'::text) || substr(trimmed.modified_date, 4, 2)))::date
                                ELSE NULL::date
                            END
                            WHEN ((trimmed.modified_date ~ '^(\d\d?[-/]\d\d?[-/]\d{4}|\d{4}-\d\d?-\d\d?)$'::text) AND pg_input_is_valid(regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text), 'date'::text)) THEN (regexp_replace(trimmed.modified_date, '^(\d\d?)[-/](\d\d?)[-/](\d{4})$'::text, '\3-\1-\2'::text))::date
                            ELSE NULL::date
                        END IS NULL)) THEN jsonb_build_array(trimmed.modified_date, 'date')
                        ELSE NULL::jsonb
                    END))
                    ELSE '{}'::jsonb
                END AS untyped,
            trimmed.load_id,
            trimmed.exported_at,
            trimmed.line_no,
            trimmed._sdc_extracted_at,
            trimmed._sdc_batched_at
           FROM trimmed
        ), final AS (
         SELECT COALESCE(typed.quickbooks_id, typed.sales_receipt_no) AS record_key,
            typed.s_no,
            typed.sales_receipt_no,
            typed.customer_name,
            typed.sales_receipt_date,
            typed.payment_method,
            typed.due_date,
            typed.ship_date,
            typed.shipping_method,
            typed.class,
            typed.sales_rep,
            typed.fob,
            typed.memo,
            typed.message_to_customer,
            typed.template,
            typed.billing_address_line_1,
            typed.billing_address_line_2,
            typed.billing_address_line_3,
            typed.billing_address_city,
            typed.billing_address_state,
            typed.billing_address_postal_code,
            typed.billing_address_country,
            typed.shipping_address_line_1,
            typed.shipping_address_line_2,
            typed.shipping_address_line_3,
            typed.shipping_address_city,
            typed.shipping_address_state,
            typed.shipping_address_postal_code,
            typed.shipping_address_country,
            typed.line_product_service,
            typed.line_description,
            typed.line_quantity,
            typed.line_rate,
            typed.line_rate_percent,
            typed.line_amount,
            typed.line_class,
            typed.line_service_date,
            typed.line_sales_tax_code,
            typed.customer_sales_tax_code,
            typed.total_tax,
            typed.total_amount,
            typed.line_unit_of_measure,
            typed.industry,
            typed.source_channel,
            typed.created_date,
            typed.modified_date,
            typed.quickbooks_id,
            typed.untyped,
            typed.load_id,
            typed.exported_at,
            typed.line_no,
            typed._sdc_extracted_at,
            typed._sdc_batched_at,
            loads.file_name,
            loads.scope
           FROM (typed
             JOIN loads ON ((typed.load_id = loads.load_id)))
        )
 SELECT record_key,
    s_no,
    sales_receipt_no,
    customer_name,
    sales_receipt_date,
    payment_method,
    due_date,
    ship_date,
    shipping_method,
    class,
    sales_rep,
    fob,
    memo,
    message_to_customer,
    template,
    billing_address_line_1,
    billing_address_line_2,
    billing_address_line_3,
    billing_address_city,
    billing_address_state,
    billing_address_postal_code,
    billing_address_country,
    shipping_address_line_1,
    shipping_address_line_2,
    shipping_address_line_3,
    shipping_address_city,
    shipping_address_state,
    shipping_address_postal_code,
    shipping_address_country,
    line_product_service,
    line_description,
    line_quantity,
    line_rate,
    line_rate_percent,
    line_amount,
    line_class,
    line_service_date,
    line_sales_tax_code,
    customer_sales_tax_code,
    total_tax,
    total_amount,
    line_unit_of_measure,
    industry,
    source_channel,
    created_date,
    modified_date,
    quickbooks_id,
    untyped,
    load_id,
    exported_at,
    line_no,
    _sdc_extracted_at,
    _sdc_batched_at,
    file_name,
    scope
   FROM final;


--
-- Name: data_quality_issues; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.data_quality_issues AS
 WITH loads AS (
         SELECT loads.load_id,
            loads.entity,
            loads.file_name,
            loads.scope,
            loads.exported_at,
            loads.sha256,
            loads.row_count,
            loads.row_checksum,
            loads.status,
            loads.reason,
            loads.loaded_at,
            loads.load_seconds,
            loads.observed_columns,
            loads.unknown_columns,
            loads.encoding,
            loads.file_path,
            loads.file_size,
            loads.file_modified_at,
            loads.extracted_at,
            loads.run_id
           FROM meta.loads
        ), staged_rows AS NOT MATERIALIZED (
         SELECT 'items'::text AS entity,
            'Item Name'::text AS number_header,
            false AS has_lines,
            base_items.load_id,
            base_items.exported_at,
            base_items.file_name,
            base_items.line_no,
            base_items.record_key,
            base_items.untyped
           FROM staging.base_items
        UNION ALL
         SELECT 'customers'::text AS entity,
            'Customer Name'::text AS number_header,
            false AS has_lines,
            base_customers.load_id,
            base_customers.exported_at,
            base_customers.file_name,
            base_customers.line_no,
            base_customers.record_key,
            base_customers.untyped
           FROM staging.base_customers
        UNION ALL
         SELECT 'invoices'::text AS entity,
            'Invoice No'::text AS number_header,
            true AS has_lines,
            base_invoices.load_id,
            base_invoices.exported_at,
            base_invoices.file_name,
            base_invoices.line_no,
            base_invoices.record_key,
            base_invoices.untyped
           FROM staging.base_invoices
        UNION ALL
         SELECT 'sales_receipts'::text AS entity,
            'Sales Receipt No'::text AS number_header,
            true AS has_lines,
            base_sales_receipts.load_id,
            base_sales_receipts.exported_at,
            base_sales_receipts.file_name,
            base_sales_receipts.line_no,
            base_sales_receipts.record_key,
            base_sales_receipts.untyped
           FROM staging.base_sales_receipts
        ), untyped_values AS (
         SELECT staged_rows.entity,
            staged_rows.load_id,
            staged_rows.exported_at,
            staged_rows.file_name,
            staged_rows.line_no,
            value.key AS column_name,
            (value.value ->> 0) AS raw_value,
                CASE (value.value ->> 1)
                    WHEN 'numeric'::text THEN 'not a number: taken as blank'::text
                    WHEN 'date'::text THEN 'not a date: taken as blank'::text
                    WHEN 'rate'::text THEN 'not a number or percentage: taken as blank'::text
                    WHEN 'percent'::text THEN 'not a percentage: taken as blank'::text
                    WHEN 'ordinal'::text THEN 'not a row number: taken as blank'::text
                    ELSE NULL::text
                END AS issue
           FROM ((staged_rows
             CROSS JOIN LATERAL jsonb_each(staged_rows.untyped) value(key, value))
             JOIN loads ON ((staged_rows.load_id = loads.load_id)))
          WHERE ((staged_rows.untyped <> '{}'::jsonb) AND (value.key <> ALL (loads.unknown_columns)))
        ), rows_without_key AS (
         SELECT staged_rows.entity,
            staged_rows.load_id,
            staged_rows.exported_at,
            staged_rows.file_name,
            staged_rows.line_no,
            staged_rows.number_header AS column_name,
            NULL::text AS raw_value,
            format('row without QuickBooks Internal Id and %s: left out of history'::text, staged_rows.number_header) AS issue
           FROM staged_rows
          WHERE (staged_rows.record_key IS NULL)
        ), rows_listed_again AS (
         SELECT staged_rows.entity,
            staged_rows.number_header,
            staged_rows.has_lines,
            staged_rows.load_id,
            staged_rows.exported_at,
            staged_rows.file_name,
            staged_rows.line_no,
            staged_rows.record_key,
            staged_rows.untyped,
            max(staged_rows.line_no) OVER (PARTITION BY staged_rows.entity, staged_rows.load_id, staged_rows.exported_at, staged_rows.record_key) AS last_line_no
           FROM staged_rows
          WHERE ((NOT staged_rows.has_lines) AND (staged_rows.record_key IS NOT NULL))
        ), superseded_rows AS (
         SELECT rows_listed_again.entity,
            rows_listed_again.load_id,
            rows_listed_again.exported_at,
            rows_listed_again.file_name,
            rows_listed_again.line_no,
            NULL::text AS column_name,
            rows_listed_again.record_key AS raw_value,
            format('record listed again on line %s, which counts instead'::text, rows_listed_again.last_line_no) AS issue
           FROM rows_listed_again
          WHERE (rows_listed_again.line_no < rows_listed_again.last_line_no)
        ), final AS (
         SELECT untyped_values.entity,
            untyped_values.load_id,
            untyped_values.exported_at,
            untyped_values.file_name,
            untyped_values.line_no,
            untyped_values.column_name,
            untyped_values.raw_value,
            untyped_values.issue
           FROM untyped_values
        UNION ALL
         SELECT rows_without_key.entity,
            rows_without_key.load_id,
            rows_without_key.exported_at,
            rows_without_key.file_name,
            rows_without_key.line_no,
            rows_without_key.column_name,
            rows_without_key.raw_value,
            rows_without_key.issue
           FROM rows_without_key
        UNION ALL
         SELECT superseded_rows.entity,
            superseded_rows.load_id,
            superseded_rows.exported_at,
            superseded_rows.file_name,
            superseded_rows.line_no,
            superseded_rows.column_name,
            superseded_rows.raw_value,
            superseded_rows.issue
           FROM superseded_rows
        )
 SELECT entity,
    load_id,
    exported_at,
    file_name,
    line_no,
    column_name,
    raw_value,
    issue
   FROM final;


--
-- Name: stg_customers; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_customers AS
 WITH source AS (
         SELECT base_customers.record_key,
            base_customers.s_no,
            base_customers.customer_name,
            base_customers.company_name,
            base_customers.first_name,
            base_customers.middle_name,
            base_customers.last_name,
            base_customers.account_number,
            base_customers.customer_type,
            base_customers.job_title,
            base_customers.main_phone,
            base_customers.alt_phone,
            base_customers.work_phone,
            base_customers.mobile,
            base_customers.fax,
            base_customers.main_email,
            base_customers.cc_email,
            base_customers.terms,
            base_customers.credit_limit,
            base_customers.price_level,
            base_customers.sales_rep,
            base_customers.tax_code,
            base_customers.tax_item,
            base_customers.resale_no,
            base_customers.preferred_delivery_method,
            base_customers.preferred_payment_method,
            base_customers.billing_address_line_1,
            base_customers.billing_address_line_2,
            base_customers.billing_address_line_3,
            base_customers.billing_address_city,
            base_customers.billing_address_state,
            base_customers.billing_address_postal_code,
            base_customers.billing_address_country,
            base_customers.shipping_address_line_1,
            base_customers.shipping_address_line_2,
            base_customers.shipping_address_line_3,
            base_customers.shipping_address_city,
            base_customers.shipping_address_state,
            base_customers.shipping_address_postal_code,
            base_customers.shipping_address_country,
            base_customers.current_balance,
            base_customers.status,
            base_customers.notes,
            base_customers.created_date,
            base_customers.modified_date,
            base_customers.quickbooks_id,
            base_customers.untyped,
            base_customers.load_id,
            base_customers.exported_at,
            base_customers.line_no,
            base_customers._sdc_extracted_at,
            base_customers._sdc_batched_at,
            base_customers.file_name,
            base_customers.scope
           FROM staging.base_customers
          WHERE (base_customers.record_key IS NOT NULL)
        ), final AS (
         SELECT DISTINCT ON (source.record_key, source.exported_at, source.load_id) source.record_key,
            source.quickbooks_id,
            source.customer_name,
            source.company_name,
            source.first_name,
            source.middle_name,
            source.last_name,
            source.account_number,
            source.customer_type,
            source.job_title,
            source.main_phone,
            source.alt_phone,
            source.work_phone,
            source.mobile,
            source.fax,
            source.main_email,
            source.cc_email,
            source.terms,
            source.price_level,
            source.sales_rep,
            source.tax_code,
            source.tax_item,
            source.resale_no,
            source.preferred_delivery_method,
            source.preferred_payment_method,
            source.billing_address_line_1,
            source.billing_address_line_2,
            source.billing_address_line_3,
            source.billing_address_city,
            source.billing_address_state,
            source.billing_address_postal_code,
            source.billing_address_country,
            source.shipping_address_line_1,
            source.shipping_address_line_2,
            source.shipping_address_line_3,
            source.shipping_address_city,
            source.shipping_address_state,
            source.shipping_address_postal_code,
            source.shipping_address_country,
            source.status,
            source.notes,
            source.credit_limit,
            source.current_balance,
            source.created_date,
            source.modified_date,
            source.s_no,
            source.load_id,
            source.line_no,
            source.file_name,
            source.exported_at,
            source.scope,
            source._sdc_extracted_at,
            source._sdc_batched_at
           FROM source
          ORDER BY source.record_key, source.exported_at, source.load_id, source.line_no DESC
        )
 SELECT record_key,
    quickbooks_id,
    customer_name,
    company_name,
    first_name,
    middle_name,
    last_name,
    account_number,
    customer_type,
    job_title,
    main_phone,
    alt_phone,
    work_phone,
    mobile,
    fax,
    main_email,
    cc_email,
    terms,
    price_level,
    sales_rep,
    tax_code,
    tax_item,
    resale_no,
    preferred_delivery_method,
    preferred_payment_method,
    billing_address_line_1,
    billing_address_line_2,
    billing_address_line_3,
    billing_address_city,
    billing_address_state,
    billing_address_postal_code,
    billing_address_country,
    shipping_address_line_1,
    shipping_address_line_2,
    shipping_address_line_3,
    shipping_address_city,
    shipping_address_state,
    shipping_address_postal_code,
    shipping_address_country,
    status,
    notes,
    credit_limit,
    current_balance,
    created_date,
    modified_date,
    s_no,
    load_id,
    line_no,
    file_name,
    exported_at,
    scope,
    _sdc_extracted_at,
    _sdc_batched_at
   FROM final;


--
-- Name: stg_invoice_lines; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_invoice_lines AS
 WITH source AS (
         SELECT base_invoices.record_key,
            base_invoices.s_no,
            base_invoices.invoice_no,
            base_invoices.customer_name,
            base_invoices.invoice_date,
            base_invoices.due_date,
            base_invoices.ship_date,
            base_invoices.shipping_method,
            base_invoices.terms,
            base_invoices.po_number,
            base_invoices.class,
            base_invoices.sales_rep,
            base_invoices.fob,
            base_invoices.memo,
            base_invoices.customer_message,
            base_invoices.template,
            base_invoices.status,
            base_invoices.currency,
            base_invoices.exchange_rate,
            base_invoices.billing_address_line_1,
            base_invoices.billing_address_line_2,
            base_invoices.billing_address_line_3,
            base_invoices.billing_address_line_4,
            base_invoices.billing_address_line_5,
            base_invoices.billing_address_city,
            base_invoices.billing_address_state,
            base_invoices.billing_address_postal_code,
            base_invoices.billing_address_country,
            base_invoices.shipping_address_line_1,
            base_invoices.shipping_address_line_2,
            base_invoices.shipping_address_line_3,
            base_invoices.shipping_address_line_4,
            base_invoices.shipping_address_line_5,
            base_invoices.shipping_address_city,
            base_invoices.shipping_address_state,
            base_invoices.shipping_address_postal_code,
            base_invoices.shipping_address_country,
            base_invoices.line_product_service,
            base_invoices.line_description,
            base_invoices.line_quantity,
            base_invoices.line_rate,
            base_invoices.line_rate_percent,
            base_invoices.line_amount,
            base_invoices.line_class,
            base_invoices.line_service_date,
            base_invoices.line_sales_tax_code,
            base_invoices.sales_tax,
            base_invoices.tax_percentage,
            base_invoices.total_tax,
            base_invoices.total_amount,
            base_invoices.line_unit_of_measure,
            base_invoices.line_inventory_site,
            base_invoices.line_serial_no,
            base_invoices.line_lot_no,
            base_invoices.external_id,
            base_invoices.created_date,
            base_invoices.modified_date,
            base_invoices.quickbooks_id,
            base_invoices.untyped,
            base_invoices.load_id,
            base_invoices.exported_at,
            base_invoices.line_no,
            base_invoices._sdc_extracted_at,
            base_invoices._sdc_batched_at,
            base_invoices.file_name,
            base_invoices.scope
           FROM staging.base_invoices
          WHERE ((base_invoices.record_key IS NOT NULL) AND (base_invoices.line_product_service IS NOT NULL))
        ), final AS (
         SELECT source.record_key,
            source.quickbooks_id,
            source.line_product_service AS product_service,
            (row_number() OVER (PARTITION BY source.record_key, source.exported_at, source.load_id, source.line_product_service ORDER BY source.line_no))::integer AS occurrence,
            source.line_description AS description,
            source.line_class AS class,
            source.line_sales_tax_code AS sales_tax_code,
            source.line_unit_of_measure AS unit_of_measure,
            source.line_inventory_site AS inventory_site,
            source.line_serial_no AS serial_no,
            source.line_lot_no AS lot_no,
            source.line_quantity AS quantity,
            source.line_rate AS rate,
            source.line_rate_percent AS rate_percent,
            source.line_amount AS amount,
            source.line_service_date AS service_date,
            source.s_no,
            source.load_id,
            source.line_no,
            source.file_name,
            source.exported_at,
            source.scope,
            source._sdc_extracted_at,
            source._sdc_batched_at
           FROM source
        )
 SELECT record_key,
    quickbooks_id,
    product_service,
    occurrence,
    description,
    class,
    sales_tax_code,
    unit_of_measure,
    inventory_site,
    serial_no,
    lot_no,
    quantity,
    rate,
    rate_percent,
    amount,
    service_date,
    s_no,
    load_id,
    line_no,
    file_name,
    exported_at,
    scope,
    _sdc_extracted_at,
    _sdc_batched_at
   FROM final;


--
-- Name: stg_invoices; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_invoices AS
 WITH source AS (
         SELECT base_invoices.record_key,
            base_invoices.s_no,
            base_invoices.invoice_no,
            base_invoices.customer_name,
            base_invoices.invoice_date,
            base_invoices.due_date,
            base_invoices.ship_date,
            base_invoices.shipping_method,
            base_invoices.terms,
            base_invoices.po_number,
            base_invoices.class,
            base_invoices.sales_rep,
            base_invoices.fob,
            base_invoices.memo,
            base_invoices.customer_message,
            base_invoices.template,
            base_invoices.status,
            base_invoices.currency,
            base_invoices.exchange_rate,
            base_invoices.billing_address_line_1,
            base_invoices.billing_address_line_2,
            base_invoices.billing_address_line_3,
            base_invoices.billing_address_line_4,
            base_invoices.billing_address_line_5,
            base_invoices.billing_address_city,
            base_invoices.billing_address_state,
            base_invoices.billing_address_postal_code,
            base_invoices.billing_address_country,
            base_invoices.shipping_address_line_1,
            base_invoices.shipping_address_line_2,
            base_invoices.shipping_address_line_3,
            base_invoices.shipping_address_line_4,
            base_invoices.shipping_address_line_5,
            base_invoices.shipping_address_city,
            base_invoices.shipping_address_state,
            base_invoices.shipping_address_postal_code,
            base_invoices.shipping_address_country,
            base_invoices.line_product_service,
            base_invoices.line_description,
            base_invoices.line_quantity,
            base_invoices.line_rate,
            base_invoices.line_rate_percent,
            base_invoices.line_amount,
            base_invoices.line_class,
            base_invoices.line_service_date,
            base_invoices.line_sales_tax_code,
            base_invoices.sales_tax,
            base_invoices.tax_percentage,
            base_invoices.total_tax,
            base_invoices.total_amount,
            base_invoices.line_unit_of_measure,
            base_invoices.line_inventory_site,
            base_invoices.line_serial_no,
            base_invoices.line_lot_no,
            base_invoices.external_id,
            base_invoices.created_date,
            base_invoices.modified_date,
            base_invoices.quickbooks_id,
            base_invoices.untyped,
            base_invoices.load_id,
            base_invoices.exported_at,
            base_invoices.line_no,
            base_invoices._sdc_extracted_at,
            base_invoices._sdc_batched_at,
            base_invoices.file_name,
            base_invoices.scope
           FROM staging.base_invoices
          WHERE (base_invoices.record_key IS NOT NULL)
        ), final AS (
         SELECT DISTINCT ON (source.record_key, source.exported_at, source.load_id) source.record_key,
            source.quickbooks_id,
            source.invoice_no,
            source.customer_name,
            source.shipping_method,
            source.terms,
            source.po_number,
            source.class,
            source.sales_rep,
            source.fob,
            source.memo,
            source.customer_message,
            source.template,
            source.status,
            source.currency,
            source.billing_address_line_1,
            source.billing_address_line_2,
            source.billing_address_line_3,
            source.billing_address_line_4,
            source.billing_address_line_5,
            source.billing_address_city,
            source.billing_address_state,
            source.billing_address_postal_code,
            source.billing_address_country,
            source.shipping_address_line_1,
            source.shipping_address_line_2,
            source.shipping_address_line_3,
            source.shipping_address_line_4,
            source.shipping_address_line_5,
            source.shipping_address_city,
            source.shipping_address_state,
            source.shipping_address_postal_code,
            source.shipping_address_country,
            source.sales_tax,
            source.external_id,
            source.exchange_rate,
            source.tax_percentage,
            source.total_tax,
            source.total_amount,
            source.invoice_date,
            source.due_date,
            source.ship_date,
            source.created_date,
            source.modified_date,
            source.s_no,
            source.load_id,
            source.line_no,
            source.file_name,
            source.exported_at,
            source.scope,
            source._sdc_extracted_at,
            source._sdc_batched_at
           FROM source
          ORDER BY source.record_key, source.exported_at, source.load_id, source.line_no DESC
        )
 SELECT record_key,
    quickbooks_id,
    invoice_no,
    customer_name,
    shipping_method,
    terms,
    po_number,
    class,
    sales_rep,
    fob,
    memo,
    customer_message,
    template,
    status,
    currency,
    billing_address_line_1,
    billing_address_line_2,
    billing_address_line_3,
    billing_address_line_4,
    billing_address_line_5,
    billing_address_city,
    billing_address_state,
    billing_address_postal_code,
    billing_address_country,
    shipping_address_line_1,
    shipping_address_line_2,
    shipping_address_line_3,
    shipping_address_line_4,
    shipping_address_line_5,
    shipping_address_city,
    shipping_address_state,
    shipping_address_postal_code,
    shipping_address_country,
    sales_tax,
    external_id,
    exchange_rate,
    tax_percentage,
    total_tax,
    total_amount,
    invoice_date,
    due_date,
    ship_date,
    created_date,
    modified_date,
    s_no,
    load_id,
    line_no,
    file_name,
    exported_at,
    scope,
    _sdc_extracted_at,
    _sdc_batched_at
   FROM final;


--
-- Name: stg_items; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_items AS
 WITH source AS (
         SELECT base_items.record_key,
            base_items.s_no,
            base_items.item_name,
            base_items.item_type,
            base_items.item_subtype,
            base_items.unit_of_measure,
            base_items.manufacturers_part_number,
            base_items.purchase_cost,
            base_items.purchase_description,
            base_items.cogs_account,
            base_items.preferred_vendor,
            base_items.sales_price,
            base_items.sales_description,
            base_items.sales_tax_code,
            base_items.income_account,
            base_items.expense_account,
            base_items.asset_account,
            base_items.class,
            base_items.bar_code,
            base_items.min_reorder_point,
            base_items.max_reorder_point,
            base_items.quantity_on_hand,
            base_items.quantity_on_order,
            base_items.quantity_on_sales_order,
            base_items.inventory_date,
            base_items.status,
            base_items.transx,
            base_items.quickbooks_id,
            base_items.unit_weight_kg,
            base_items.upc,
            base_items.untyped,
            base_items.load_id,
            base_items.exported_at,
            base_items.line_no,
            base_items._sdc_extracted_at,
            base_items._sdc_batched_at,
            base_items.file_name,
            base_items.scope
           FROM staging.base_items
          WHERE (base_items.record_key IS NOT NULL)
        ), final AS (
         SELECT DISTINCT ON (source.record_key, source.exported_at, source.load_id) source.record_key,
            source.quickbooks_id,
            source.item_name,
            source.item_type,
            source.item_subtype,
            source.unit_of_measure,
            source.manufacturers_part_number,
            source.purchase_description,
            source.cogs_account,
            source.preferred_vendor,
            source.sales_description,
            source.sales_tax_code,
            source.income_account,
            source.expense_account,
            source.asset_account,
            source.class,
            source.bar_code,
            source.status,
            source.transx,
            source.upc,
            source.purchase_cost,
            source.sales_price,
            source.min_reorder_point,
            source.max_reorder_point,
            source.quantity_on_hand,
            source.quantity_on_order,
            source.quantity_on_sales_order,
            source.unit_weight_kg,
            source.inventory_date,
            source.s_no,
            source.load_id,
            source.line_no,
            source.file_name,
            source.exported_at,
            source.scope,
            source._sdc_extracted_at,
            source._sdc_batched_at
           FROM source
          ORDER BY source.record_key, source.exported_at, source.load_id, source.line_no DESC
        )
 SELECT record_key,
    quickbooks_id,
    item_name,
    item_type,
    item_subtype,
    unit_of_measure,
    manufacturers_part_number,
    purchase_description,
    cogs_account,
    preferred_vendor,
    sales_description,
    sales_tax_code,
    income_account,
    expense_account,
    asset_account,
    class,
    bar_code,
    status,
    transx,
    upc,
    purchase_cost,
    sales_price,
    min_reorder_point,
    max_reorder_point,
    quantity_on_hand,
    quantity_on_order,
    quantity_on_sales_order,
    unit_weight_kg,
    inventory_date,
    s_no,
    load_id,
    line_no,
    file_name,
    exported_at,
    scope,
    _sdc_extracted_at,
    _sdc_batched_at
   FROM final;


--
-- Name: stg_sales_receipt_lines; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_sales_receipt_lines AS
 WITH source AS (
         SELECT base_sales_receipts.record_key,
            base_sales_receipts.s_no,
            base_sales_receipts.sales_receipt_no,
            base_sales_receipts.customer_name,
            base_sales_receipts.sales_receipt_date,
            base_sales_receipts.payment_method,
            base_sales_receipts.due_date,
            base_sales_receipts.ship_date,
            base_sales_receipts.shipping_method,
            base_sales_receipts.class,
            base_sales_receipts.sales_rep,
            base_sales_receipts.fob,
            base_sales_receipts.memo,
            base_sales_receipts.message_to_customer,
            base_sales_receipts.template,
            base_sales_receipts.billing_address_line_1,
            base_sales_receipts.billing_address_line_2,
            base_sales_receipts.billing_address_line_3,
            base_sales_receipts.billing_address_city,
            base_sales_receipts.billing_address_state,
            base_sales_receipts.billing_address_postal_code,
            base_sales_receipts.billing_address_country,
            base_sales_receipts.shipping_address_line_1,
            base_sales_receipts.shipping_address_line_2,
            base_sales_receipts.shipping_address_line_3,
            base_sales_receipts.shipping_address_city,
            base_sales_receipts.shipping_address_state,
            base_sales_receipts.shipping_address_postal_code,
            base_sales_receipts.shipping_address_country,
            base_sales_receipts.line_product_service,
            base_sales_receipts.line_description,
            base_sales_receipts.line_quantity,
            base_sales_receipts.line_rate,
            base_sales_receipts.line_rate_percent,
            base_sales_receipts.line_amount,
            base_sales_receipts.line_class,
            base_sales_receipts.line_service_date,
            base_sales_receipts.line_sales_tax_code,
            base_sales_receipts.customer_sales_tax_code,
            base_sales_receipts.total_tax,
            base_sales_receipts.total_amount,
            base_sales_receipts.line_unit_of_measure,
            base_sales_receipts.industry,
            base_sales_receipts.source_channel,
            base_sales_receipts.created_date,
            base_sales_receipts.modified_date,
            base_sales_receipts.quickbooks_id,
            base_sales_receipts.untyped,
            base_sales_receipts.load_id,
            base_sales_receipts.exported_at,
            base_sales_receipts.line_no,
            base_sales_receipts._sdc_extracted_at,
            base_sales_receipts._sdc_batched_at,
            base_sales_receipts.file_name,
            base_sales_receipts.scope
           FROM staging.base_sales_receipts
          WHERE ((base_sales_receipts.record_key IS NOT NULL) AND (base_sales_receipts.line_product_service IS NOT NULL))
        ), final AS (
         SELECT source.record_key,
            source.quickbooks_id,
            source.line_product_service AS product_service,
            (row_number() OVER (PARTITION BY source.record_key, source.exported_at, source.load_id, source.line_product_service ORDER BY source.line_no))::integer AS occurrence,
            source.line_description AS description,
            source.line_class AS class,
            source.line_sales_tax_code AS sales_tax_code,
            source.line_unit_of_measure AS unit_of_measure,
            source.line_quantity AS quantity,
            source.line_rate AS rate,
            source.line_rate_percent AS rate_percent,
            source.line_amount AS amount,
            source.line_service_date AS service_date,
            source.s_no,
            source.load_id,
            source.line_no,
            source.file_name,
            source.exported_at,
            source.scope,
            source._sdc_extracted_at,
            source._sdc_batched_at
           FROM source
        )
 SELECT record_key,
    quickbooks_id,
    product_service,
    occurrence,
    description,
    class,
    sales_tax_code,
    unit_of_measure,
    quantity,
    rate,
    rate_percent,
    amount,
    service_date,
    s_no,
    load_id,
    line_no,
    file_name,
    exported_at,
    scope,
    _sdc_extracted_at,
    _sdc_batched_at
   FROM final;


--
-- Name: stg_sales_receipts; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_sales_receipts AS
 WITH source AS (
         SELECT base_sales_receipts.record_key,
            base_sales_receipts.s_no,
            base_sales_receipts.sales_receipt_no,
            base_sales_receipts.customer_name,
            base_sales_receipts.sales_receipt_date,
            base_sales_receipts.payment_method,
            base_sales_receipts.due_date,
            base_sales_receipts.ship_date,
            base_sales_receipts.shipping_method,
            base_sales_receipts.class,
            base_sales_receipts.sales_rep,
            base_sales_receipts.fob,
            base_sales_receipts.memo,
            base_sales_receipts.message_to_customer,
            base_sales_receipts.template,
            base_sales_receipts.billing_address_line_1,
            base_sales_receipts.billing_address_line_2,
            base_sales_receipts.billing_address_line_3,
            base_sales_receipts.billing_address_city,
            base_sales_receipts.billing_address_state,
            base_sales_receipts.billing_address_postal_code,
            base_sales_receipts.billing_address_country,
            base_sales_receipts.shipping_address_line_1,
            base_sales_receipts.shipping_address_line_2,
            base_sales_receipts.shipping_address_line_3,
            base_sales_receipts.shipping_address_city,
            base_sales_receipts.shipping_address_state,
            base_sales_receipts.shipping_address_postal_code,
            base_sales_receipts.shipping_address_country,
            base_sales_receipts.line_product_service,
            base_sales_receipts.line_description,
            base_sales_receipts.line_quantity,
            base_sales_receipts.line_rate,
            base_sales_receipts.line_rate_percent,
            base_sales_receipts.line_amount,
            base_sales_receipts.line_class,
            base_sales_receipts.line_service_date,
            base_sales_receipts.line_sales_tax_code,
            base_sales_receipts.customer_sales_tax_code,
            base_sales_receipts.total_tax,
            base_sales_receipts.total_amount,
            base_sales_receipts.line_unit_of_measure,
            base_sales_receipts.industry,
            base_sales_receipts.source_channel,
            base_sales_receipts.created_date,
            base_sales_receipts.modified_date,
            base_sales_receipts.quickbooks_id,
            base_sales_receipts.untyped,
            base_sales_receipts.load_id,
            base_sales_receipts.exported_at,
            base_sales_receipts.line_no,
            base_sales_receipts._sdc_extracted_at,
            base_sales_receipts._sdc_batched_at,
            base_sales_receipts.file_name,
            base_sales_receipts.scope
           FROM staging.base_sales_receipts
          WHERE (base_sales_receipts.record_key IS NOT NULL)
        ), final AS (
         SELECT DISTINCT ON (source.record_key, source.exported_at, source.load_id) source.record_key,
            source.quickbooks_id,
            source.sales_receipt_no,
            source.customer_name,
            source.payment_method,
            source.shipping_method,
            source.class,
            source.sales_rep,
            source.fob,
            source.memo,
            source.message_to_customer,
            source.template,
            source.billing_address_line_1,
            source.billing_address_line_2,
            source.billing_address_line_3,
            source.billing_address_city,
            source.billing_address_state,
            source.billing_address_postal_code,
            source.billing_address_country,
            source.shipping_address_line_1,
            source.shipping_address_line_2,
            source.shipping_address_line_3,
            source.shipping_address_city,
            source.shipping_address_state,
            source.shipping_address_postal_code,
            source.shipping_address_country,
            source.customer_sales_tax_code,
            source.industry,
            source.source_channel,
            source.total_tax,
            source.total_amount,
            source.sales_receipt_date,
            source.due_date,
            source.ship_date,
            source.created_date,
            source.modified_date,
            source.s_no,
            source.load_id,
            source.line_no,
            source.file_name,
            source.exported_at,
            source.scope,
            source._sdc_extracted_at,
            source._sdc_batched_at
           FROM source
          ORDER BY source.record_key, source.exported_at, source.load_id, source.line_no DESC
        )
 SELECT record_key,
    quickbooks_id,
    sales_receipt_no,
    customer_name,
    payment_method,
    shipping_method,
    class,
    sales_rep,
    fob,
    memo,
    message_to_customer,
    template,
    billing_address_line_1,
    billing_address_line_2,
    billing_address_line_3,
    billing_address_city,
    billing_address_state,
    billing_address_postal_code,
    billing_address_country,
    shipping_address_line_1,
    shipping_address_line_2,
    shipping_address_line_3,
    shipping_address_city,
    shipping_address_state,
    shipping_address_postal_code,
    shipping_address_country,
    customer_sales_tax_code,
    industry,
    source_channel,
    total_tax,
    total_amount,
    sales_receipt_date,
    due_date,
    ship_date,
    created_date,
    modified_date,
    s_no,
    load_id,
    line_no,
    file_name,
    exported_at,
    scope,
    _sdc_extracted_at,
    _sdc_batched_at
   FROM final;


--
-- Name: customers_2025_03; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.customers ATTACH PARTITION raw.customers_2025_03 FOR VALUES FROM ('2025-03-01 00:00:00+00') TO ('2025-04-01 00:00:00+00');


--
-- Name: customers_2025_04; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.customers ATTACH PARTITION raw.customers_2025_04 FOR VALUES FROM ('2025-04-01 00:00:00+00') TO ('2025-05-01 00:00:00+00');


--
-- Name: customers_undated; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.customers ATTACH PARTITION raw.customers_undated DEFAULT;


--
-- Name: invoices_2025_04; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.invoices ATTACH PARTITION raw.invoices_2025_04 FOR VALUES FROM ('2025-04-01 00:00:00+00') TO ('2025-05-01 00:00:00+00');


--
-- Name: invoices_undated; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.invoices ATTACH PARTITION raw.invoices_undated DEFAULT;


--
-- Name: items_2025_03; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.items ATTACH PARTITION raw.items_2025_03 FOR VALUES FROM ('2025-03-01 00:00:00+00') TO ('2025-04-01 00:00:00+00');


--
-- Name: items_2025_04; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.items ATTACH PARTITION raw.items_2025_04 FOR VALUES FROM ('2025-04-01 00:00:00+00') TO ('2025-05-01 00:00:00+00');


--
-- Name: items_undated; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.items ATTACH PARTITION raw.items_undated DEFAULT;


--
-- Name: sales_receipts_2025_04; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.sales_receipts ATTACH PARTITION raw.sales_receipts_2025_04 FOR VALUES FROM ('2025-04-01 00:00:00+00') TO ('2025-05-01 00:00:00+00');


--
-- Name: sales_receipts_undated; Type: TABLE ATTACH; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.sales_receipts ATTACH PARTITION raw.sales_receipts_undated DEFAULT;


--
-- Data for Name: customer_history; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.customer_history (record_key, quickbooks_id, customer_name, column_name, old_value, new_value, changed_at, change_type, file_name) FROM stdin;
C-1	C-1	Ace	customer_name	\N	Ace	2025-03-31 00:00:00+00	created	customer_all_03_31_2025.csv
C-1	C-1	Ace	main_phone	\N	555-1	2025-03-31 00:00:00+00	created	customer_all_03_31_2025.csv
C-1	C-1	Ace & Co	customer_name	Ace	Ace & Co	2025-04-05 02:00:03+00	changed	Customer_04_05_2025_2_00_03.csv
C-1	C-1	Ace & Co	main_phone	555-1	555-9	2025-04-05 02:00:03+00	changed	Customer_04_05_2025_2_00_03.csv
C-2	C-2	Best	customer_name	\N	Best	2025-03-31 00:00:00+00	created	customer_all_03_31_2025.csv
C-2	C-2	Best	main_phone	\N	555-2	2025-03-31 00:00:00+00	created	customer_all_03_31_2025.csv
\.


--
-- Data for Name: invoice_history; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.invoice_history (record_key, quickbooks_id, invoice_no, column_name, old_value, new_value, changed_at, change_type, file_name) FROM stdin;
I-1	I-1	1001	customer_name	\N	Ace	2025-04-01 02:00:03+00	created	Invoice_04_01_2025_2_00_03.csv
I-1	I-1	1001	invoice_date	\N	2025-04-01	2025-04-01 02:00:03+00	created	Invoice_04_01_2025_2_00_03.csv
I-1	I-1	1001	total_amount	\N	7	2025-04-01 02:00:03+00	created	Invoice_04_01_2025_2_00_03.csv
\.


--
-- Data for Name: item_history; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.item_history (record_key, quickbooks_id, item_name, column_name, old_value, new_value, changed_at, change_type, file_name) FROM stdin;
B-1	B-1	BOLT-1	item_name	\N	BOLT-1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-1	B-1	BOLT-1	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-1	B-1	BOLT-1	sales_price	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-1	B-1	BOLT-1	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-1	B-1	BOLT-1	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-1	B-1	BOLT-1	sales_price	1	\N	2025-04-02 02:00:03+00	changed	Item_04_02_2025_2_00_03.csv
B-1	B-1	BOLT-1	quantity_on_hand	10	9	2025-04-02 02:00:03+00	changed	Item_04_02_2025_2_00_03.csv
B-10	B-10	BOLT-10	item_name	\N	BOLT-10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-10	B-10	BOLT-10	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-10	B-10	BOLT-10	sales_price	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-10	B-10	BOLT-10	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-10	B-10	BOLT-10	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-11	B-11	BOLT-11	item_name	\N	BOLT-11	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-11	B-11	BOLT-11	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-11	B-11	BOLT-11	sales_price	\N	11	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-11	B-11	BOLT-11	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-11	B-11	BOLT-11	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-12	B-12	BOLT-12	item_name	\N	BOLT-12	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-12	B-12	BOLT-12	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-12	B-12	BOLT-12	sales_price	\N	12	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-12	B-12	BOLT-12	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-12	B-12	BOLT-12	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-2	B-2	BOLT-2	item_name	\N	BOLT-2	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-2	B-2	BOLT-2	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-2	B-2	BOLT-2	sales_price	\N	2	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-2	B-2	BOLT-2	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-2	B-2	BOLT-2	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-3	B-3	BOLT-3	item_name	\N	BOLT-3	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-3	B-3	BOLT-3	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-3	B-3	BOLT-3	sales_price	\N	3	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-3	B-3	BOLT-3	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-3	B-3	BOLT-3	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-4	B-4	BOLT-4	item_name	\N	BOLT-4	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-4	B-4	BOLT-4	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-4	B-4	BOLT-4	sales_price	\N	4	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-4	B-4	BOLT-4	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-4	B-4	BOLT-4	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-5	B-5	BOLT-5	item_name	\N	BOLT-5	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-5	B-5	BOLT-5	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-5	B-5	BOLT-5	sales_price	\N	5	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-5	B-5	BOLT-5	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-5	B-5	BOLT-5	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-6	B-6	BOLT-6	item_name	\N	BOLT-6	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-6	B-6	BOLT-6	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-6	B-6	BOLT-6	sales_price	\N	6	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-6	B-6	BOLT-6	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-6	B-6	BOLT-6	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-7	B-7	BOLT-7	item_name	\N	BOLT-7	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-7	B-7	BOLT-7	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-7	B-7	BOLT-7	sales_price	\N	7	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-7	B-7	BOLT-7	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-7	B-7	BOLT-7	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-8	B-8	BOLT-8	item_name	\N	BOLT-8	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-8	B-8	BOLT-8	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-8	B-8	BOLT-8	sales_price	\N	8	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-8	B-8	BOLT-8	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-8	B-8	BOLT-8	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-9	B-9	BOLT-9	item_name	\N	BOLT-9	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-9	B-9	BOLT-9	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-9	B-9	BOLT-9	sales_price	\N	9	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-9	B-9	BOLT-9	quantity_on_hand	\N	10	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
B-9	B-9	BOLT-9	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
N-1	N-1	NUT	item_name	\N	NUT	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
N-1	N-1	NUT	purchase_cost	\N	1	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
N-1	N-1	NUT	sales_price	\N	2	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
N-1	N-1	NUT	quantity_on_hand	\N	5	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
N-1	N-1	NUT	status	\N	true	2025-03-31 00:00:00+00	created	item_all_03_31_2025.csv
N-1	N-1	NUT	sales_price	2	2.5	2025-04-02 02:00:03+00	changed	Item_04_02_2025_2_00_03.csv
N-1	N-1	NUT	quantity_on_hand	5	4	2025-04-02 02:00:03+00	changed	Item_04_02_2025_2_00_03.csv
B-1	B-1	BOLT-1	_record	active	\N	2025-04-10 00:00:00+00	deleted	item_all_04_10_2025.csv
N-1	N-1	NUT	sales_price	2.5	2.75	2025-04-10 00:00:00+00	changed	item_all_04_10_2025.csv
\.


--
-- Data for Name: sales_receipt_history; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.sales_receipt_history (record_key, quickbooks_id, sales_receipt_no, column_name, old_value, new_value, changed_at, change_type, file_name) FROM stdin;
S-1	S-1	501	customer_name	\N	Best	2025-04-01 02:00:03+00	created	Sales Receipt_04_01_2025_2_00_03.csv
S-1	S-1	501	sales_receipt_date	\N	2025-04-01	2025-04-01 02:00:03+00	created	Sales Receipt_04_01_2025_2_00_03.csv
S-1	S-1	501	total_amount	\N	2	2025-04-01 02:00:03+00	created	Sales Receipt_04_01_2025_2_00_03.csv
\.


--
-- Data for Name: applied_loads; Type: TABLE DATA; Schema: meta; Owner: -
--

COPY meta.applied_loads (snapshot, load_id) FROM stdin;
customers_snapshot	1
customers_snapshot	2
invoices_snapshot	3
items_snapshot	4
items_snapshot	5
invoice_lines_snapshot	3
sales_receipts_snapshot	9
sales_receipt_lines_snapshot	9
items_snapshot	10
\.


--
-- Data for Name: archived_partitions; Type: TABLE DATA; Schema: meta; Owner: -
--

COPY meta.archived_partitions (entity, month, file_name, sha256, row_count, table_bytes, file_bytes, archived_at, is_lent) FROM stdin;
\.


--
-- Data for Name: loads; Type: TABLE DATA; Schema: meta; Owner: -
--

COPY meta.loads (load_id, entity, file_name, scope, exported_at, sha256, row_count, row_checksum, status, reason, loaded_at, load_seconds, observed_columns, unknown_columns, encoding, file_path, file_size, file_modified_at, extracted_at, run_id) FROM stdin;
1	customers	customer_all_03_31_2025.csv	full	2025-03-31 00:00:00+00	bc348e202720a81cf34f550138b0f36e064fb97b0cca02525396bfcb2861b9b9	2	15745710211545726945	loaded	\N	2026-11-27 07:55:06.33562+00	0.017542	{customer_name,main_phone,quickbooks_id}	{}	utf-8	/srv/quickbooks/home/inbox/0/customer_all_03_31_2025.csv	77	2026-11-27 07:53:35.413207+00	2026-11-27 07:54:59.726424+00	c5cf1317-1294-49e6-bdd2-61321001193c
2	customers	Customer_04_05_2025_2_00_03.csv	partial	2025-04-05 02:00:03+00	748ceda45c96899ed309be5fe0a18e6251cca96d3308e3a255fc47a910d71479	1	565959241569569660	loaded	columns not in the contract, kept in raw: Favourite Colour	2026-11-27 07:55:06.40958+00	0.035323	{customer_name,main_phone,quickbooks_id}	{"Favourite Colour"}	utf-8	/srv/quickbooks/home/inbox/0/Customer_04_05_2025_2_00_03.csv	88	2026-11-27 07:53:35.414541+00	2026-11-27 07:54:59.754337+00	c5cf1317-1294-49e6-bdd2-61321001193c
3	invoices	Invoice_04_01_2025_2_00_03.csv	partial	2025-04-01 02:00:03+00	0735241be292cc37e145fd6e00c99c86d3da947e4c02c1c840bf7b11bb19f661	2	-5090882680931891029	loaded	\N	2026-11-27 07:55:06.545443+00	0.047613	{invoice_no,customer_name,invoice_date,line_product_service,line_quantity,line_amount,total_amount,quickbooks_id}	{}	utf-8	/srv/quickbooks/home/inbox/0/Invoice_04_01_2025_2_00_03.csv	205	2026-11-27 07:53:35.413394+00	2026-11-27 07:54:59.788295+00	c5cf1317-1294-49e6-bdd2-61321001193c
4	items	item_all_03_31_2025.csv	full	2025-03-31 00:00:00+00	770445aa5ced36c580f97db93a48c37b32da260c99373b5e4eee1d0d017fe119	13	-24214774723992974860	loaded	\N	2026-11-27 07:55:06.729049+00	0.015044	{item_name,purchase_cost,sales_price,quantity_on_hand,status,quickbooks_id}	{}	utf-8	/srv/quickbooks/home/inbox/0/item_all_03_31_2025.csv	387	2026-11-27 07:53:35.409317+00	2026-11-27 07:54:59.817955+00	c5cf1317-1294-49e6-bdd2-61321001193c
5	items	Item_04_02_2025_2_00_03.csv	partial	2025-04-02 02:00:03+00	3bf8c63da395f7411ac2c84f715adde9cfc95d7db6b32b9e672b53bbe3e4eb0a	2	7753229292593081940	loaded	\N	2026-11-27 07:55:06.813149+00	0.018881	{item_name,purchase_cost,sales_price,quantity_on_hand,status,quickbooks_id}	{}	utf-8	/srv/quickbooks/home/inbox/0/Item_04_02_2025_2_00_03.csv	129	2026-11-27 07:53:35.413753+00	2026-11-27 07:54:59.820839+00	c5cf1317-1294-49e6-bdd2-61321001193c
6	items	Item_04_02_2025_02_00_03.csv	partial	2025-04-02 02:00:03+00	3bf8c63da395f7411ac2c84f715adde9cfc95d7db6b32b9e672b53bbe3e4eb0a	0	\N	duplicate	same content as load 5 (Item_04_02_2025_2_00_03.csv)	2026-11-27 07:55:06.871483+00	\N	{item_name,purchase_cost,sales_price,quantity_on_hand,status,quickbooks_id}	{}	utf-8	/srv/quickbooks/home/inbox/0/Item_04_02_2025_02_00_03.csv	129	2026-11-27 07:53:35.413928+00	2026-11-27 07:54:59.849196+00	c5cf1317-1294-49e6-bdd2-61321001193c
7	items	Item_04_03_2025_2_00_03.csv	partial	2025-04-03 02:00:03+00	86323ee5d3f06b9a25b423801ab0597323cf4199b31b61b7e67af8946e0f63ef	0	\N	rejected	required columns are missing: Purchase Cost, Sales Price, Quantity On Hand; add them to the export's template and export it again	2026-11-27 07:55:06.90929+00	\N	{}	{}	\N	/srv/quickbooks/home/inbox/0/Item_04_03_2025_2_00_03.csv	26	2026-11-27 07:53:35.414178+00	2026-11-27 07:54:59.870284+00	c5cf1317-1294-49e6-bdd2-61321001193c
9	sales_receipts	Sales Receipt_04_01_2025_2_00_03.csv	partial	2025-04-01 02:00:03+00	9543a1a0a5b0300428290af7ed900a6ba54e9f129bc5fc050e219ffa25573f2c	1	-3050723328520305938	loaded	\N	2026-11-27 07:55:07.182847+00	0.024893	{sales_receipt_no,customer_name,sales_receipt_date,line_product_service,line_quantity,line_amount,total_amount,quickbooks_id}	{}	utf-8	/srv/quickbooks/home/inbox/0/Sales Receipt_04_01_2025_2_00_03.csv	179	2026-11-27 07:53:35.413576+00	2026-11-27 07:54:59.943521+00	c5cf1317-1294-49e6-bdd2-61321001193c
10	items	item_all_04_10_2025.csv	full	2025-04-10 00:00:00+00	7d5332a60450efc73a9c9209a38e4c64d1043c67600954990350bd4e46953778	12	-9691790609087716748	loaded	\N	2026-11-27 07:57:34.781192+00	0.015218	{item_name,purchase_cost,sales_price,quantity_on_hand,status,quickbooks_id}	{}	utf-8	/srv/quickbooks/home/inbox/1/item_all_04_10_2025.csv	367	2026-11-27 07:56:39.829728+00	2026-11-27 07:57:31.408145+00	685f5755-c6c4-403a-9352-d24bbc2ffcfd
11	items	item_all_04_11_2025.csv	full	2025-04-11 00:00:00+00	263dc16d6603a078c2c5a671da95577dc43c11c19552f67f2cfa0448b44e6b52	1	-7830900850577204703	held	would delete 11 of 12 items (92%), so it waits; qbh approve FILE if that is right, else deliver the whole export	2026-11-27 07:57:34.810373+00	0.010496	{item_name,purchase_cost,sales_price,quantity_on_hand,status,quickbooks_id}	{}	utf-8	/srv/quickbooks/home/inbox/1/item_all_04_11_2025.csv	105	2026-11-27 07:56:39.829804+00	2026-11-27 07:57:31.409813+00	685f5755-c6c4-403a-9352-d24bbc2ffcfd
8	items	Item_04_04_2025_2_00_03.csv	partial	2025-04-04 02:00:03+00	bb096d2b243827e55036ed192fe7ccbe922a0bda6d6552adf2cbd0f42ae639dc	1	-6540714590552496619	withdrawn	withdrawn at 2026-11-27 07:58:43 UTC (run 600f48a3)	2026-11-27 07:55:06.919903+00	0.017835	{item_name,purchase_cost,sales_price,quantity_on_hand,status,quickbooks_id}	{}	utf-8	/srv/quickbooks/home/inbox/0/Item_04_04_2025_2_00_03.csv	103	2026-11-27 07:53:35.414365+00	2026-11-27 07:54:59.908161+00	c5cf1317-1294-49e6-bdd2-61321001193c
\.


--
-- Data for Name: rollback; Type: TABLE DATA; Schema: meta; Owner: -
--

COPY meta.rollback (begun_at, made_at, is_the_only_row) FROM stdin;
\.


--
-- Data for Name: stale_history; Type: TABLE DATA; Schema: meta; Owner: -
--

COPY meta.stale_history (entity, record_key, stale_from) FROM stdin;
\.


--
-- Data for Name: unchecked_records; Type: TABLE DATA; Schema: meta; Owner: -
--

COPY meta.unchecked_records (snapshot, record_key, unchecked_from) FROM stdin;
\.


--
-- Data for Name: customers_2025_03; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.customers_2025_03 ("S No", "Customer Name", "Company Name", "First Name", "Middle Name", "Last Name", "Account Number", "Customer Type", "Job Title", "Main Phone", "Alt. Phone", "Work Phone", "Mobile", "Fax", "Main Email", "CC Email", "Terms", "Credit Limit", "Price Level", "Sales Rep", "Tax Code", "Tax Item", "Resale No", "Preferred Delivery Method", "Preferred Payment Method", "Billing Address Line 1", "Billing Address Line 2", "Billing Address Line 3", "Billing Address City", "Billing Address State", "Billing Address Postal Code", "Billing Address Country", "Shipping Address Line 1", "Shipping Address Line 2", "Shipping Address Line 3", "Shipping Address City", "Shipping Address State", "Shipping Address Postal Code", "Shipping Address Country", "Current Balance", "Status", "Notes", "Created Date", "Modified Date", "QuickBooks Internal Id", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id, "Favourite Colour") FROM stdin;
\N	Ace	\N	\N	\N	\N	\N	\N	\N	555-1	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	C-1	2	customer_all_03_31_2025.csv	2026-11-27 07:54:59.726424+00	2026-11-27 07:55:06.33337+00	2025-03-31 00:00:00+00	1	\N
\N	Best	\N	\N	\N	\N	\N	\N	\N	555-2	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	C-2	3	customer_all_03_31_2025.csv	2026-11-27 07:54:59.726424+00	2026-11-27 07:55:06.33337+00	2025-03-31 00:00:00+00	1	\N
\.


--
-- Data for Name: customers_2025_04; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.customers_2025_04 ("S No", "Customer Name", "Company Name", "First Name", "Middle Name", "Last Name", "Account Number", "Customer Type", "Job Title", "Main Phone", "Alt. Phone", "Work Phone", "Mobile", "Fax", "Main Email", "CC Email", "Terms", "Credit Limit", "Price Level", "Sales Rep", "Tax Code", "Tax Item", "Resale No", "Preferred Delivery Method", "Preferred Payment Method", "Billing Address Line 1", "Billing Address Line 2", "Billing Address Line 3", "Billing Address City", "Billing Address State", "Billing Address Postal Code", "Billing Address Country", "Shipping Address Line 1", "Shipping Address Line 2", "Shipping Address Line 3", "Shipping Address City", "Shipping Address State", "Shipping Address Postal Code", "Shipping Address Country", "Current Balance", "Status", "Notes", "Created Date", "Modified Date", "QuickBooks Internal Id", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id, "Favourite Colour") FROM stdin;
\N	Ace & Co	\N	\N	\N	\N	\N	\N	\N	555-9	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	C-1	2	Customer_04_05_2025_2_00_03.csv	2026-11-27 07:54:59.754337+00	2026-11-27 07:55:06.380303+00	2025-04-05 02:00:03+00	2	red
\.


--
-- Data for Name: customers_undated; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.customers_undated ("S No", "Customer Name", "Company Name", "First Name", "Middle Name", "Last Name", "Account Number", "Customer Type", "Job Title", "Main Phone", "Alt. Phone", "Work Phone", "Mobile", "Fax", "Main Email", "CC Email", "Terms", "Credit Limit", "Price Level", "Sales Rep", "Tax Code", "Tax Item", "Resale No", "Preferred Delivery Method", "Preferred Payment Method", "Billing Address Line 1", "Billing Address Line 2", "Billing Address Line 3", "Billing Address City", "Billing Address State", "Billing Address Postal Code", "Billing Address Country", "Shipping Address Line 1", "Shipping Address Line 2", "Shipping Address Line 3", "Shipping Address City", "Shipping Address State", "Shipping Address Postal Code", "Shipping Address Country", "Current Balance", "Status", "Notes", "Created Date", "Modified Date", "QuickBooks Internal Id", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id, "Favourite Colour") FROM stdin;
\.


--
-- Data for Name: invoices_2025_04; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.invoices_2025_04 ("S No", "Invoice No", "Customer", "Invoice Date", "Due Date", "Ship Date", "Shipping Method", "Terms", "PO Number", "Class", "Sales Rep", "FOB", "Memo", "Customer Message", "Template", "Status", "Currency", "Exchange Rate", "Billing Address Line1", "Billing Address Line2", "Billing Address Line3", "Billing Address Line4", "Billing Address Line5", "Billing Address City", "Billing Address State", "Billing Address Postal Code", "Billing Address Country", "Shipping Address Line1", "Shipping Address Line2", "Shipping Address Line3", "Shipping Address Line4", "Shipping Address Line5", "Shipping Address City", "Shipping Address State", "Shipping Address Postal Code", "Shipping Address Country", "Product/Service", "Product/Service Description", "Product/Service Quantity", "Product/Service Rate", "Product/Service  Amount", "Product/Service Class", "Product/Service Service Date", "Product/Service Sales Tax", "Sales Tax", "Tax Persentage", "Total Tax", "Total Amount", "Unit Of Measure", "Inventory Site", "Serial No", "Lot No", "External Id", "Created Date", "Modified Date", "QuickBooks Internal Id", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id) FROM stdin;
\N	1001	Ace	04-01-2025	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	NUT	\N	2	\N	4	\N	\N	\N	\N	\N	\N	7	\N	\N	\N	\N	\N	\N	\N	I-1	2	Invoice_04_01_2025_2_00_03.csv	2026-11-27 07:54:59.788295+00	2026-11-27 07:55:06.536572+00	2025-04-01 02:00:03+00	3
\N	1001	Ace	04-01-2025	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	BOLT-3	\N	1	\N	3	\N	\N	\N	\N	\N	\N	7	\N	\N	\N	\N	\N	\N	\N	I-1	3	Invoice_04_01_2025_2_00_03.csv	2026-11-27 07:54:59.788295+00	2026-11-27 07:55:06.536572+00	2025-04-01 02:00:03+00	3
\.


--
-- Data for Name: invoices_undated; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.invoices_undated ("S No", "Invoice No", "Customer", "Invoice Date", "Due Date", "Ship Date", "Shipping Method", "Terms", "PO Number", "Class", "Sales Rep", "FOB", "Memo", "Customer Message", "Template", "Status", "Currency", "Exchange Rate", "Billing Address Line1", "Billing Address Line2", "Billing Address Line3", "Billing Address Line4", "Billing Address Line5", "Billing Address City", "Billing Address State", "Billing Address Postal Code", "Billing Address Country", "Shipping Address Line1", "Shipping Address Line2", "Shipping Address Line3", "Shipping Address Line4", "Shipping Address Line5", "Shipping Address City", "Shipping Address State", "Shipping Address Postal Code", "Shipping Address Country", "Product/Service", "Product/Service Description", "Product/Service Quantity", "Product/Service Rate", "Product/Service  Amount", "Product/Service Class", "Product/Service Service Date", "Product/Service Sales Tax", "Sales Tax", "Tax Persentage", "Total Tax", "Total Amount", "Unit Of Measure", "Inventory Site", "Serial No", "Lot No", "External Id", "Created Date", "Modified Date", "QuickBooks Internal Id", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id) FROM stdin;
\.


--
-- Data for Name: items_2025_03; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.items_2025_03 ("S No", "Item Name", "Item Type", "Item Subtype", "U/M", "Manufacturer's Part Number", "Purchase Cost", "Purchase Description", "COGS Account", "Preferred Vendor", "Sales Price", "Sales Description", "Sales Tax Code", "Income Account", "Expense Account", "Asset Account", "Class", "Bar Code", "Min Re-Order Point", "Max Re-Order Point", "Quantity On Hand", "Quantity On Order", "Quantity On Sales Order", "Inventory Date", "Status", "Transx", "QuickBooks Internal Id", "Unit Weight kg", "UPC", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id) FROM stdin;
\N	BOLT-1	\N	\N	\N	\N	1	\N	\N	\N	1	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-1	\N	\N	2	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-2	\N	\N	\N	\N	1	\N	\N	\N	2	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-2	\N	\N	3	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-3	\N	\N	\N	\N	1	\N	\N	\N	3	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-3	\N	\N	4	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-4	\N	\N	\N	\N	1	\N	\N	\N	4	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-4	\N	\N	5	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-5	\N	\N	\N	\N	1	\N	\N	\N	5	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-5	\N	\N	6	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-6	\N	\N	\N	\N	1	\N	\N	\N	6	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-6	\N	\N	7	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-7	\N	\N	\N	\N	1	\N	\N	\N	7	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-7	\N	\N	8	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-8	\N	\N	\N	\N	1	\N	\N	\N	8	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-8	\N	\N	9	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-9	\N	\N	\N	\N	1	\N	\N	\N	9	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-9	\N	\N	10	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-10	\N	\N	\N	\N	1	\N	\N	\N	10	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-10	\N	\N	11	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-11	\N	\N	\N	\N	1	\N	\N	\N	11	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-11	\N	\N	12	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	BOLT-12	\N	\N	\N	\N	1	\N	\N	\N	12	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-12	\N	\N	13	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\N	NUT	\N	\N	\N	\N	1	\N	\N	\N	2	\N	\N	\N	\N	\N	\N	\N	\N	\N	5	\N	\N	\N	true	\N	N-1	\N	\N	14	item_all_03_31_2025.csv	2026-11-27 07:54:59.817955+00	2026-11-27 07:55:06.727453+00	2025-03-31 00:00:00+00	4
\.


--
-- Data for Name: items_2025_04; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.items_2025_04 ("S No", "Item Name", "Item Type", "Item Subtype", "U/M", "Manufacturer's Part Number", "Purchase Cost", "Purchase Description", "COGS Account", "Preferred Vendor", "Sales Price", "Sales Description", "Sales Tax Code", "Income Account", "Expense Account", "Asset Account", "Class", "Bar Code", "Min Re-Order Point", "Max Re-Order Point", "Quantity On Hand", "Quantity On Order", "Quantity On Sales Order", "Inventory Date", "Status", "Transx", "QuickBooks Internal Id", "Unit Weight kg", "UPC", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id) FROM stdin;
\N	NUT	\N	\N	\N	\N	1	\N	\N	\N	2.50	\N	\N	\N	\N	\N	\N	\N	\N	\N	4	\N	\N	\N	true	\N	N-1	\N	\N	2	Item_04_02_2025_2_00_03.csv	2026-11-27 07:54:59.820839+00	2026-11-27 07:55:06.802493+00	2025-04-02 02:00:03+00	5
\N	BOLT-1	\N	\N	\N	\N	1	\N	\N	\N	n/a	\N	\N	\N	\N	\N	\N	\N	\N	\N	9	\N	\N	\N	true	\N	B-1	\N	\N	3	Item_04_02_2025_2_00_03.csv	2026-11-27 07:54:59.820839+00	2026-11-27 07:55:06.802493+00	2025-04-02 02:00:03+00	5
\N	NUT	\N	\N	\N	\N	1	\N	\N	\N	99	\N	\N	\N	\N	\N	\N	\N	\N	\N	4	\N	\N	\N	true	\N	N-1	\N	\N	2	Item_04_04_2025_2_00_03.csv	2026-11-27 07:54:59.908161+00	2026-11-27 07:55:06.91717+00	2025-04-04 02:00:03+00	8
\N	BOLT-2	\N	\N	\N	\N	1	\N	\N	\N	2	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-2	\N	\N	2	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-3	\N	\N	\N	\N	1	\N	\N	\N	3	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-3	\N	\N	3	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-4	\N	\N	\N	\N	1	\N	\N	\N	4	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-4	\N	\N	4	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-5	\N	\N	\N	\N	1	\N	\N	\N	5	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-5	\N	\N	5	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-6	\N	\N	\N	\N	1	\N	\N	\N	6	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-6	\N	\N	6	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-7	\N	\N	\N	\N	1	\N	\N	\N	7	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-7	\N	\N	7	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-8	\N	\N	\N	\N	1	\N	\N	\N	8	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-8	\N	\N	8	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-9	\N	\N	\N	\N	1	\N	\N	\N	9	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-9	\N	\N	9	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-10	\N	\N	\N	\N	1	\N	\N	\N	10	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-10	\N	\N	10	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-11	\N	\N	\N	\N	1	\N	\N	\N	11	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-11	\N	\N	11	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	BOLT-12	\N	\N	\N	\N	1	\N	\N	\N	12	\N	\N	\N	\N	\N	\N	\N	\N	\N	10	\N	\N	\N	true	\N	B-12	\N	\N	12	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	NUT	\N	\N	\N	\N	1	\N	\N	\N	2.75	\N	\N	\N	\N	\N	\N	\N	\N	\N	4	\N	\N	\N	true	\N	N-1	\N	\N	13	item_all_04_10_2025.csv	2026-11-27 07:57:31.408145+00	2026-11-27 07:57:34.779065+00	2025-04-10 00:00:00+00	10
\N	NUT	\N	\N	\N	\N	1	\N	\N	\N	2.75	\N	\N	\N	\N	\N	\N	\N	\N	\N	4	\N	\N	\N	true	\N	N-1	\N	\N	2	item_all_04_11_2025.csv	2026-11-27 07:57:31.409813+00	2026-11-27 07:57:34.803674+00	2025-04-11 00:00:00+00	11
\.


--
-- Data for Name: items_undated; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.items_undated ("S No", "Item Name", "Item Type", "Item Subtype", "U/M", "Manufacturer's Part Number", "Purchase Cost", "Purchase Description", "COGS Account", "Preferred Vendor", "Sales Price", "Sales Description", "Sales Tax Code", "Income Account", "Expense Account", "Asset Account", "Class", "Bar Code", "Min Re-Order Point", "Max Re-Order Point", "Quantity On Hand", "Quantity On Order", "Quantity On Sales Order", "Inventory Date", "Status", "Transx", "QuickBooks Internal Id", "Unit Weight kg", "UPC", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id) FROM stdin;
\.


--
-- Data for Name: sales_receipts_2025_04; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.sales_receipts_2025_04 ("S No", "Sales Receipt No", "Customer", "Sales Receipt Date", "Payment Method", "Due Date", "Ship Date", "Shipping Method", "Class", "Sales Rep", "FOB", "Memo", "Message To Customer", "Template", "Billing Address Line 1", "Billing Address Line 2", "Billing Address Line 3", "Billing Address City", "Billing Address State", "Billing Address Postal Code", "Billing Address Country", "Shipping Address Line 1", "Shipping Address Line 2", "Shipping Address Line 3", "Shipping Address City", "Shipping Address State", "Shipping Address Postal Code", "Shipping Address Country", "Product/Service", "Product/Service Description", "Product/Service Quantity", "Product/Service Rate", "Product/Service Amount", "Product/Service Class", "Product/Service Service Date", "Product/Service Sales Tax Code", "Customer Sales Tax Code", "Total Tax", "Total Amount", "Unit Of Measure", "Industry", "SourceChannel", "Created Date", "Modified Date", "QuickBooks Internal Id", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id) FROM stdin;
\N	501	Best	04-01-2025	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	NUT	\N	1	\N	2	\N	\N	\N	\N	\N	2	\N	\N	\N	\N	\N	S-1	2	Sales Receipt_04_01_2025_2_00_03.csv	2026-11-27 07:54:59.943521+00	2026-11-27 07:55:07.174724+00	2025-04-01 02:00:03+00	9
\.


--
-- Data for Name: sales_receipts_undated; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.sales_receipts_undated ("S No", "Sales Receipt No", "Customer", "Sales Receipt Date", "Payment Method", "Due Date", "Ship Date", "Shipping Method", "Class", "Sales Rep", "FOB", "Memo", "Message To Customer", "Template", "Billing Address Line 1", "Billing Address Line 2", "Billing Address Line 3", "Billing Address City", "Billing Address State", "Billing Address Postal Code", "Billing Address Country", "Shipping Address Line 1", "Shipping Address Line 2", "Shipping Address Line 3", "Shipping Address City", "Shipping Address State", "Shipping Address Postal Code", "Shipping Address Country", "Product/Service", "Product/Service Description", "Product/Service Quantity", "Product/Service Rate", "Product/Service Amount", "Product/Service Class", "Product/Service Service Date", "Product/Service Sales Tax Code", "Customer Sales Tax Code", "Total Tax", "Total Amount", "Unit Of Measure", "Industry", "SourceChannel", "Created Date", "Modified Date", "QuickBooks Internal Id", _sdc_source_lineno, _sdc_source_file, _sdc_extracted_at, _sdc_batched_at, _exported_at, _load_id) FROM stdin;
\.


--
-- Data for Name: customers_snapshot; Type: TABLE DATA; Schema: snapshots; Owner: -
--

COPY snapshots.customers_snapshot (record_key, quickbooks_id, customer_name, company_name, first_name, middle_name, last_name, account_number, customer_type, job_title, main_phone, alt_phone, work_phone, mobile, fax, main_email, cc_email, terms, price_level, sales_rep, tax_code, tax_item, resale_no, preferred_delivery_method, preferred_payment_method, billing_address_line_1, billing_address_line_2, billing_address_line_3, billing_address_city, billing_address_state, billing_address_postal_code, billing_address_country, shipping_address_line_1, shipping_address_line_2, shipping_address_line_3, shipping_address_city, shipping_address_state, shipping_address_postal_code, shipping_address_country, status, notes, credit_limit, current_balance, created_date, modified_date, s_no, line_no, file_name, dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to) FROM stdin;
C-1	C-1	Ace	\N	\N	\N	\N	\N	\N	\N	555-1	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	2	customer_all_03_31_2025.csv	a35f04f82897287ae4080372e40292d4	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	2025-04-05 02:00:03+00
C-1	C-1	Ace & Co	\N	\N	\N	\N	\N	\N	\N	555-9	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	2	Customer_04_05_2025_2_00_03.csv	d6b3eeb22fc6dc75b54ae7523bfa49e5	2025-04-05 02:00:03+00	2025-04-05 02:00:03+00	\N
C-2	C-2	Best	\N	\N	\N	\N	\N	\N	\N	555-2	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	3	customer_all_03_31_2025.csv	1cc712de479d7074d9894b8d352a20b8	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
\.


--
-- Data for Name: invoice_lines_snapshot; Type: TABLE DATA; Schema: snapshots; Owner: -
--

COPY snapshots.invoice_lines_snapshot (record_key, product_service, occurrence, quickbooks_id, description, class, sales_tax_code, unit_of_measure, inventory_site, serial_no, lot_no, quantity, rate, rate_percent, amount, service_date, s_no, line_no, file_name, dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to) FROM stdin;
I-1	BOLT-3	1	I-1	\N	\N	\N	\N	\N	\N	\N	1	\N	\N	3	\N	\N	3	Invoice_04_01_2025_2_00_03.csv	a20a235c2d6e0f56582ef6baac635fee	2025-04-01 02:00:03+00	2025-04-01 02:00:03+00	\N
I-1	NUT	1	I-1	\N	\N	\N	\N	\N	\N	\N	2	\N	\N	4	\N	\N	2	Invoice_04_01_2025_2_00_03.csv	3a4d08875d288de6a5c54b63e38dee66	2025-04-01 02:00:03+00	2025-04-01 02:00:03+00	\N
\.


--
-- Data for Name: invoices_snapshot; Type: TABLE DATA; Schema: snapshots; Owner: -
--

COPY snapshots.invoices_snapshot (record_key, quickbooks_id, invoice_no, customer_name, shipping_method, terms, po_number, class, sales_rep, fob, memo, customer_message, template, status, currency, billing_address_line_1, billing_address_line_2, billing_address_line_3, billing_address_line_4, billing_address_line_5, billing_address_city, billing_address_state, billing_address_postal_code, billing_address_country, shipping_address_line_1, shipping_address_line_2, shipping_address_line_3, shipping_address_line_4, shipping_address_line_5, shipping_address_city, shipping_address_state, shipping_address_postal_code, shipping_address_country, sales_tax, external_id, exchange_rate, tax_percentage, total_tax, total_amount, invoice_date, due_date, ship_date, created_date, modified_date, s_no, line_no, file_name, dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to) FROM stdin;
I-1	I-1	1001	Ace	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	7	2025-04-01	\N	\N	\N	\N	\N	3	Invoice_04_01_2025_2_00_03.csv	81d02088ecc810f7e4153b7054614724	2025-04-01 02:00:03+00	2025-04-01 02:00:03+00	\N
\.


--
-- Data for Name: items_snapshot; Type: TABLE DATA; Schema: snapshots; Owner: -
--

COPY snapshots.items_snapshot (record_key, quickbooks_id, item_name, item_type, item_subtype, unit_of_measure, manufacturers_part_number, purchase_description, cogs_account, preferred_vendor, sales_description, sales_tax_code, income_account, expense_account, asset_account, class, bar_code, status, transx, upc, purchase_cost, sales_price, min_reorder_point, max_reorder_point, quantity_on_hand, quantity_on_order, quantity_on_sales_order, unit_weight_kg, inventory_date, s_no, line_no, file_name, dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to) FROM stdin;
B-1	B-1	BOLT-1	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	1	\N	\N	10	\N	\N	\N	\N	\N	2	item_all_03_31_2025.csv	9d7f7240d164f97ce59c2f1548497132	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	2025-04-02 02:00:03+00
B-10	B-10	BOLT-10	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	10	\N	\N	10	\N	\N	\N	\N	\N	11	item_all_03_31_2025.csv	f08cbe7a00aa9614c0d04550eaacefc1	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-11	B-11	BOLT-11	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	11	\N	\N	10	\N	\N	\N	\N	\N	12	item_all_03_31_2025.csv	6843bbed8bf4b76ccaf7e669709adae4	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-12	B-12	BOLT-12	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	12	\N	\N	10	\N	\N	\N	\N	\N	13	item_all_03_31_2025.csv	3ca32d2925f28b43d4bc5ea52e46c485	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-2	B-2	BOLT-2	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	2	\N	\N	10	\N	\N	\N	\N	\N	3	item_all_03_31_2025.csv	d9538819d2ecbe2b1a2057cdb6df797f	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-3	B-3	BOLT-3	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	3	\N	\N	10	\N	\N	\N	\N	\N	4	item_all_03_31_2025.csv	c428a193d7dc913000640eeddddd6da6	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-4	B-4	BOLT-4	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	4	\N	\N	10	\N	\N	\N	\N	\N	5	item_all_03_31_2025.csv	f4dbe80199cf1f943e16dbe4a22793e1	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-5	B-5	BOLT-5	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	5	\N	\N	10	\N	\N	\N	\N	\N	6	item_all_03_31_2025.csv	0ffd9955f0f20cb9de5ddceef7596b89	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-6	B-6	BOLT-6	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	6	\N	\N	10	\N	\N	\N	\N	\N	7	item_all_03_31_2025.csv	ee9b4c3be282d6f9743b9799e41fdda1	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-7	B-7	BOLT-7	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	7	\N	\N	10	\N	\N	\N	\N	\N	8	item_all_03_31_2025.csv	af1eaedba66f2ab70a30d7e4c9678def	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-8	B-8	BOLT-8	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	8	\N	\N	10	\N	\N	\N	\N	\N	9	item_all_03_31_2025.csv	d767b0b306e0e6bbad98a5f0dbf2e557	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
B-9	B-9	BOLT-9	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	9	\N	\N	10	\N	\N	\N	\N	\N	10	item_all_03_31_2025.csv	b012a0013e2e3d95015ceba1582fff82	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	\N
N-1	N-1	NUT	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	2	\N	\N	5	\N	\N	\N	\N	\N	14	item_all_03_31_2025.csv	59be89f2d2b7e445d70f0cc875f35c4c	2025-03-31 00:00:00+00	2025-03-31 00:00:00+00	2025-04-02 02:00:03+00
N-1	N-1	NUT	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	2.75	\N	\N	4	\N	\N	\N	\N	\N	13	item_all_04_10_2025.csv	8b8657ea1a3b985bb2d55fd7d8dad84b	2025-04-10 00:00:00+00	2025-04-10 00:00:00+00	\N
B-1	B-1	BOLT-1	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	\N	\N	\N	9	\N	\N	\N	\N	\N	3	Item_04_02_2025_2_00_03.csv	3291b79edaeaab439af8081f2bc6975b	2025-04-02 02:00:03+00	2025-04-02 02:00:03+00	2025-04-10 00:00:00+00
N-1	N-1	NUT	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	true	\N	\N	1	2.5	\N	\N	4	\N	\N	\N	\N	\N	2	Item_04_02_2025_2_00_03.csv	1dc27a35a4351f3f85539a8b878daa53	2025-04-02 02:00:03+00	2025-04-02 02:00:03+00	2025-04-10 00:00:00+00
\.


--
-- Data for Name: sales_receipt_lines_snapshot; Type: TABLE DATA; Schema: snapshots; Owner: -
--

COPY snapshots.sales_receipt_lines_snapshot (record_key, product_service, occurrence, quickbooks_id, description, class, sales_tax_code, unit_of_measure, quantity, rate, rate_percent, amount, service_date, s_no, line_no, file_name, dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to) FROM stdin;
S-1	NUT	1	S-1	\N	\N	\N	\N	1	\N	\N	2	\N	\N	2	Sales Receipt_04_01_2025_2_00_03.csv	1331f0c55e46433c767c3e4cc04756d0	2025-04-01 02:00:03+00	2025-04-01 02:00:03+00	\N
\.


--
-- Data for Name: sales_receipts_snapshot; Type: TABLE DATA; Schema: snapshots; Owner: -
--

COPY snapshots.sales_receipts_snapshot (record_key, quickbooks_id, sales_receipt_no, customer_name, payment_method, shipping_method, class, sales_rep, fob, memo, message_to_customer, template, billing_address_line_1, billing_address_line_2, billing_address_line_3, billing_address_city, billing_address_state, billing_address_postal_code, billing_address_country, shipping_address_line_1, shipping_address_line_2, shipping_address_line_3, shipping_address_city, shipping_address_state, shipping_address_postal_code, shipping_address_country, customer_sales_tax_code, industry, source_channel, total_tax, total_amount, sales_receipt_date, due_date, ship_date, created_date, modified_date, s_no, line_no, file_name, dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to) FROM stdin;
S-1	S-1	501	Best	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	2	2025-04-01	\N	\N	\N	\N	\N	2	Sales Receipt_04_01_2025_2_00_03.csv	81bf27b2adcb65bfc9cb0ee5e0440184	2025-04-01 02:00:03+00	2025-04-01 02:00:03+00	\N
\.


--
-- Data for Name: effective_loads; Type: TABLE DATA; Schema: staging; Owner: -
--

COPY staging.effective_loads (load_id, entity, file_name, scope, exported_at, observed_columns, is_full_at_moment, next_full_at) FROM stdin;
1	customers	customer_all_03_31_2025.csv	full	2025-03-31 00:00:00+00	{customer_name,main_phone,quickbooks_id}	t	\N
2	customers	Customer_04_05_2025_2_00_03.csv	partial	2025-04-05 02:00:03+00	{customer_name,main_phone,quickbooks_id}	f	\N
3	invoices	Invoice_04_01_2025_2_00_03.csv	partial	2025-04-01 02:00:03+00	{invoice_no,customer_name,invoice_date,line_product_service,line_quantity,line_amount,total_amount,quickbooks_id}	f	\N
9	sales_receipts	Sales Receipt_04_01_2025_2_00_03.csv	partial	2025-04-01 02:00:03+00	{sales_receipt_no,customer_name,sales_receipt_date,line_product_service,line_quantity,line_amount,total_amount,quickbooks_id}	f	\N
10	items	item_all_04_10_2025.csv	full	2025-04-10 00:00:00+00	{item_name,purchase_cost,sales_price,quantity_on_hand,status,quickbooks_id}	t	\N
5	items	Item_04_02_2025_2_00_03.csv	partial	2025-04-02 02:00:03+00	{item_name,purchase_cost,sales_price,quantity_on_hand,status,quickbooks_id}	f	2025-04-10 00:00:00+00
4	items	item_all_03_31_2025.csv	full	2025-03-31 00:00:00+00	{item_name,purchase_cost,sales_price,quantity_on_hand,status,quickbooks_id}	t	2025-04-10 00:00:00+00
\.


--
-- Name: loads_load_id_seq; Type: SEQUENCE SET; Schema: meta; Owner: -
--

SELECT pg_catalog.setval('meta.loads_load_id_seq', 11, true);


--
-- Name: applied_loads applied_loads_pkey; Type: CONSTRAINT; Schema: meta; Owner: -
--

ALTER TABLE ONLY meta.applied_loads
    ADD CONSTRAINT applied_loads_pkey PRIMARY KEY (snapshot, load_id);


--
-- Name: archived_partitions archived_partitions_pkey; Type: CONSTRAINT; Schema: meta; Owner: -
--

ALTER TABLE ONLY meta.archived_partitions
    ADD CONSTRAINT archived_partitions_pkey PRIMARY KEY (entity, file_name);


--
-- Name: loads loads_pkey; Type: CONSTRAINT; Schema: meta; Owner: -
--

ALTER TABLE ONLY meta.loads
    ADD CONSTRAINT loads_pkey PRIMARY KEY (load_id);


--
-- Name: rollback rollback_pkey; Type: CONSTRAINT; Schema: meta; Owner: -
--

ALTER TABLE ONLY meta.rollback
    ADD CONSTRAINT rollback_pkey PRIMARY KEY (is_the_only_row);


--
-- Name: stale_history stale_history_pkey; Type: CONSTRAINT; Schema: meta; Owner: -
--

ALTER TABLE ONLY meta.stale_history
    ADD CONSTRAINT stale_history_pkey PRIMARY KEY (entity, record_key);


--
-- Name: unchecked_records unchecked_records_pkey; Type: CONSTRAINT; Schema: meta; Owner: -
--

ALTER TABLE ONLY meta.unchecked_records
    ADD CONSTRAINT unchecked_records_pkey PRIMARY KEY (snapshot, record_key);


--
-- Name: 03add09d219b523c2b764e49c1b000ce; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX "03add09d219b523c2b764e49c1b000ce" ON marts.invoice_history USING btree (record_key, changed_at);


--
-- Name: 0c5d762d31b15302d1368508b4ec7057; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX "0c5d762d31b15302d1368508b4ec7057" ON marts.item_history USING btree (record_key, changed_at);


--
-- Name: 7e78be8fc2f2feaee99a4a44a91e319c; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX "7e78be8fc2f2feaee99a4a44a91e319c" ON marts.customer_history USING btree (record_key, changed_at);


--
-- Name: b6c3606cfd7c9243cc4c3ec659715cca; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX b6c3606cfd7c9243cc4c3ec659715cca ON marts.sales_receipt_history USING btree (record_key, changed_at);


--
-- Name: loads_content; Type: INDEX; Schema: meta; Owner: -
--

CREATE UNIQUE INDEX loads_content ON meta.loads USING btree (entity, exported_at, scope, sha256) WHERE (status = ANY (ARRAY['loaded'::text, 'held'::text, 'withdrawn'::text]));


--
-- Name: loads_delivery; Type: INDEX; Schema: meta; Owner: -
--

CREATE INDEX loads_delivery ON meta.loads USING btree (file_path, file_size, file_modified_at);


--
-- Name: customers__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX customers__load_id_idx ON ONLY raw.customers USING btree (_load_id);


--
-- Name: customers_2025_03__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX customers_2025_03__load_id_idx ON raw.customers_2025_03 USING btree (_load_id);


--
-- Name: customers_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX customers_coalesce__exported_at_idx ON ONLY raw.customers USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Customer Name", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: customers_2025_03_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX customers_2025_03_coalesce__exported_at_idx ON raw.customers_2025_03 USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Customer Name", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: customers_2025_04__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX customers_2025_04__load_id_idx ON raw.customers_2025_04 USING btree (_load_id);


--
-- Name: customers_2025_04_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX customers_2025_04_coalesce__exported_at_idx ON raw.customers_2025_04 USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Customer Name", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: customers_undated__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX customers_undated__load_id_idx ON raw.customers_undated USING btree (_load_id);


--
-- Name: customers_undated_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX customers_undated_coalesce__exported_at_idx ON raw.customers_undated USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Customer Name", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: invoices__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX invoices__load_id_idx ON ONLY raw.invoices USING btree (_load_id);


--
-- Name: invoices_2025_04__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX invoices_2025_04__load_id_idx ON raw.invoices_2025_04 USING btree (_load_id);


--
-- Name: invoices_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX invoices_coalesce__exported_at_idx ON ONLY raw.invoices USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Invoice No", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: invoices_2025_04_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX invoices_2025_04_coalesce__exported_at_idx ON raw.invoices_2025_04 USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Invoice No", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: invoices_undated__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX invoices_undated__load_id_idx ON raw.invoices_undated USING btree (_load_id);


--
-- Name: invoices_undated_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX invoices_undated_coalesce__exported_at_idx ON raw.invoices_undated USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Invoice No", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: items__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX items__load_id_idx ON ONLY raw.items USING btree (_load_id);


--
-- Name: items_2025_03__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX items_2025_03__load_id_idx ON raw.items_2025_03 USING btree (_load_id);


--
-- Name: items_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX items_coalesce__exported_at_idx ON ONLY raw.items USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Item Name", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: items_2025_03_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX items_2025_03_coalesce__exported_at_idx ON raw.items_2025_03 USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Item Name", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: items_2025_04__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX items_2025_04__load_id_idx ON raw.items_2025_04 USING btree (_load_id);


--
-- Name: items_2025_04_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX items_2025_04_coalesce__exported_at_idx ON raw.items_2025_04 USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Item Name", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: items_undated__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX items_undated__load_id_idx ON raw.items_undated USING btree (_load_id);


--
-- Name: items_undated_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX items_undated_coalesce__exported_at_idx ON raw.items_undated USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Item Name", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: sales_receipts__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX sales_receipts__load_id_idx ON ONLY raw.sales_receipts USING btree (_load_id);


--
-- Name: sales_receipts_2025_04__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX sales_receipts_2025_04__load_id_idx ON raw.sales_receipts_2025_04 USING btree (_load_id);


--
-- Name: sales_receipts_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX sales_receipts_coalesce__exported_at_idx ON ONLY raw.sales_receipts USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Sales Receipt No", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: sales_receipts_2025_04_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX sales_receipts_2025_04_coalesce__exported_at_idx ON raw.sales_receipts_2025_04 USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Sales Receipt No", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: sales_receipts_undated__load_id_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX sales_receipts_undated__load_id_idx ON raw.sales_receipts_undated USING btree (_load_id);


--
-- Name: sales_receipts_undated_coalesce__exported_at_idx; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX sales_receipts_undated_coalesce__exported_at_idx ON raw.sales_receipts_undated USING btree (COALESCE(NULLIF(btrim("QuickBooks Internal Id", ' 	
 '::text), ''::text), NULLIF(btrim("Sales Receipt No", ' 	
 '::text), ''::text)), _exported_at);


--
-- Name: 0aa555da87112c4f9ff1148a4f7329d3; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "0aa555da87112c4f9ff1148a4f7329d3" ON snapshots.sales_receipt_lines_snapshot USING btree (record_key, dbt_valid_from);


--
-- Name: 0e40e48fd24e3b0eb9058c9b25e5ea0f; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "0e40e48fd24e3b0eb9058c9b25e5ea0f" ON snapshots.customers_snapshot USING btree (record_key, dbt_valid_from);


--
-- Name: 208f7f46ec1697df3a164d8a5d5bf46d; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "208f7f46ec1697df3a164d8a5d5bf46d" ON snapshots.items_snapshot USING btree (dbt_valid_to);


--
-- Name: 282460e4e4c37a48997641a8682e9b39; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "282460e4e4c37a48997641a8682e9b39" ON snapshots.invoice_lines_snapshot USING btree (dbt_valid_to);


--
-- Name: 3e91fdf09661aeadd2b2fe25307bcfb4; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE UNIQUE INDEX "3e91fdf09661aeadd2b2fe25307bcfb4" ON snapshots.invoices_snapshot USING btree (dbt_scd_id);


--
-- Name: 3f0b0067bf551ab7e7ed8870b8db7b97; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "3f0b0067bf551ab7e7ed8870b8db7b97" ON snapshots.invoices_snapshot USING btree (dbt_valid_to);


--
-- Name: 4a1b4ad65f53333900d4a9c5409823c6; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "4a1b4ad65f53333900d4a9c5409823c6" ON snapshots.sales_receipts_snapshot USING btree (dbt_valid_to);


--
-- Name: 4d0deccc210b2895d958821a5e66eec8; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE UNIQUE INDEX "4d0deccc210b2895d958821a5e66eec8" ON snapshots.customers_snapshot USING btree (dbt_scd_id);


--
-- Name: 5f7a5398e739ac47acd7db4b306cf516; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "5f7a5398e739ac47acd7db4b306cf516" ON snapshots.sales_receipt_lines_snapshot USING btree (dbt_valid_to);


--
-- Name: 6b99b0e9671b158fb919dbf17ed55fa5; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "6b99b0e9671b158fb919dbf17ed55fa5" ON snapshots.customers_snapshot USING btree (customer_name);


--
-- Name: 767e560a95f1dcf8f230f4145fff586f; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE UNIQUE INDEX "767e560a95f1dcf8f230f4145fff586f" ON snapshots.sales_receipts_snapshot USING btree (dbt_scd_id);


--
-- Name: 7fcd1730348e7a3235dee90404bd3814; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE UNIQUE INDEX "7fcd1730348e7a3235dee90404bd3814" ON snapshots.sales_receipt_lines_snapshot USING btree (dbt_scd_id);


--
-- Name: 80fe303d283f06651287c821c0b07458; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "80fe303d283f06651287c821c0b07458" ON snapshots.sales_receipts_snapshot USING btree (record_key, dbt_valid_from);


--
-- Name: 9274fd6e395f93b149ed0bcaded12d61; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX "9274fd6e395f93b149ed0bcaded12d61" ON snapshots.items_snapshot USING btree (record_key, dbt_valid_from);


--
-- Name: b4a6b7e08de4bd9c800a32037c54aaab; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX b4a6b7e08de4bd9c800a32037c54aaab ON snapshots.invoices_snapshot USING btree (invoice_no);


--
-- Name: b84d04490bb130ead3c9489c6611a3b0; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX b84d04490bb130ead3c9489c6611a3b0 ON snapshots.customers_snapshot USING btree (dbt_valid_to);


--
-- Name: d3b746347d82697e14e0bd81ec43d1b6; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX d3b746347d82697e14e0bd81ec43d1b6 ON snapshots.invoice_lines_snapshot USING btree (record_key, dbt_valid_from);


--
-- Name: e0b11967467237ff0f23625c2c1cfb47; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE UNIQUE INDEX e0b11967467237ff0f23625c2c1cfb47 ON snapshots.items_snapshot USING btree (dbt_scd_id);


--
-- Name: ecbafeb3e93694f33213ccda92a99e3c; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX ecbafeb3e93694f33213ccda92a99e3c ON snapshots.invoices_snapshot USING btree (record_key, dbt_valid_from);


--
-- Name: ef0080a1a52979ef76ca6f731fd28e69; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE UNIQUE INDEX ef0080a1a52979ef76ca6f731fd28e69 ON snapshots.invoice_lines_snapshot USING btree (dbt_scd_id);


--
-- Name: f5372098c86e743827075a9e5f996880; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX f5372098c86e743827075a9e5f996880 ON snapshots.items_snapshot USING btree (item_name);


--
-- Name: fc05c7cedb79ad5e04bcf6a5e9d2b07e; Type: INDEX; Schema: snapshots; Owner: -
--

CREATE INDEX fc05c7cedb79ad5e04bcf6a5e9d2b07e ON snapshots.sales_receipts_snapshot USING btree (sales_receipt_no);


--
-- Name: 204df651d699b5c9c7c8783bc6aabe83; Type: INDEX; Schema: staging; Owner: -
--

CREATE INDEX "204df651d699b5c9c7c8783bc6aabe83" ON staging.effective_loads USING btree (entity, exported_at);


--
-- Name: 361939ae90bb490fa24b2d8cc630250f; Type: INDEX; Schema: staging; Owner: -
--

CREATE UNIQUE INDEX "361939ae90bb490fa24b2d8cc630250f" ON staging.effective_loads USING btree (load_id);


--
-- Name: customers_2025_03__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.customers__load_id_idx ATTACH PARTITION raw.customers_2025_03__load_id_idx;


--
-- Name: customers_2025_03_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.customers_coalesce__exported_at_idx ATTACH PARTITION raw.customers_2025_03_coalesce__exported_at_idx;


--
-- Name: customers_2025_04__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.customers__load_id_idx ATTACH PARTITION raw.customers_2025_04__load_id_idx;


--
-- Name: customers_2025_04_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.customers_coalesce__exported_at_idx ATTACH PARTITION raw.customers_2025_04_coalesce__exported_at_idx;


--
-- Name: customers_undated__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.customers__load_id_idx ATTACH PARTITION raw.customers_undated__load_id_idx;


--
-- Name: customers_undated_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.customers_coalesce__exported_at_idx ATTACH PARTITION raw.customers_undated_coalesce__exported_at_idx;


--
-- Name: invoices_2025_04__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.invoices__load_id_idx ATTACH PARTITION raw.invoices_2025_04__load_id_idx;


--
-- Name: invoices_2025_04_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.invoices_coalesce__exported_at_idx ATTACH PARTITION raw.invoices_2025_04_coalesce__exported_at_idx;


--
-- Name: invoices_undated__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.invoices__load_id_idx ATTACH PARTITION raw.invoices_undated__load_id_idx;


--
-- Name: invoices_undated_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.invoices_coalesce__exported_at_idx ATTACH PARTITION raw.invoices_undated_coalesce__exported_at_idx;


--
-- Name: items_2025_03__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.items__load_id_idx ATTACH PARTITION raw.items_2025_03__load_id_idx;


--
-- Name: items_2025_03_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.items_coalesce__exported_at_idx ATTACH PARTITION raw.items_2025_03_coalesce__exported_at_idx;


--
-- Name: items_2025_04__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.items__load_id_idx ATTACH PARTITION raw.items_2025_04__load_id_idx;


--
-- Name: items_2025_04_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.items_coalesce__exported_at_idx ATTACH PARTITION raw.items_2025_04_coalesce__exported_at_idx;


--
-- Name: items_undated__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.items__load_id_idx ATTACH PARTITION raw.items_undated__load_id_idx;


--
-- Name: items_undated_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.items_coalesce__exported_at_idx ATTACH PARTITION raw.items_undated_coalesce__exported_at_idx;


--
-- Name: sales_receipts_2025_04__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.sales_receipts__load_id_idx ATTACH PARTITION raw.sales_receipts_2025_04__load_id_idx;


--
-- Name: sales_receipts_2025_04_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.sales_receipts_coalesce__exported_at_idx ATTACH PARTITION raw.sales_receipts_2025_04_coalesce__exported_at_idx;


--
-- Name: sales_receipts_undated__load_id_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.sales_receipts__load_id_idx ATTACH PARTITION raw.sales_receipts_undated__load_id_idx;


--
-- Name: sales_receipts_undated_coalesce__exported_at_idx; Type: INDEX ATTACH; Schema: raw; Owner: -
--

ALTER INDEX raw.sales_receipts_coalesce__exported_at_idx ATTACH PARTITION raw.sales_receipts_undated_coalesce__exported_at_idx;


--
-- Name: applied_loads applied_loads_load_id_fkey; Type: FK CONSTRAINT; Schema: meta; Owner: -
--

ALTER TABLE ONLY meta.applied_loads
    ADD CONSTRAINT applied_loads_load_id_fkey FOREIGN KEY (load_id) REFERENCES meta.loads(load_id);


--
-- PostgreSQL database dump complete
--

\unrestrict upgrades

