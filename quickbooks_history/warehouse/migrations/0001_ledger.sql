-- The schema `meta` as version 0.1.0 has made it, which kept no note of that. What is there of it already stays: so this
-- takes up a database of 0.1.0 as it is, and brings up to it one of the days before.

-- The ledger: one row per delivery, accepted or not. What a delivery is known by (path, size, modification time) lets a
-- folder be looked through again without reading its files.
create table if not exists loads (
    load_id bigint generated always as identity primary key,
    entity text not null,
    file_name text not null,
    scope text not null check (scope in ('partial', 'full')),
    exported_at timestamptz not null,
    sha256 text,
    row_count bigint not null default 0,
    row_checksum numeric,
    status text not null check (status in ('loaded', 'duplicate', 'rejected', 'held', 'withdrawn')),
    reason text,
    loaded_at timestamptz not null default clock_timestamp(),
    load_seconds numeric,
    observed_columns text[] not null default '{}',
    unknown_columns text[] not null default '{}',
    encoding text,
    file_path text not null,
    file_size bigint,
    file_modified_at timestamptz,
    extracted_at timestamptz not null,
    run_id text
);
alter table loads add column if not exists row_checksum numeric;
alter table loads add column if not exists load_seconds numeric;
create unique index if not exists loads_content
    on loads (entity, exported_at, scope, sha256) where status in ('loaded', 'held', 'withdrawn');
create index if not exists loads_delivery on loads (file_path, file_size, file_modified_at);

create table if not exists applied_loads (
    snapshot text,
    load_id bigint references loads,
    primary key (snapshot, load_id)
);

create table if not exists stale_history (
    entity text,
    record_key text,
    stale_from timestamptz,
    primary key (entity, record_key)
);
alter table stale_history add column if not exists stale_from timestamptz;

create table if not exists unchecked_records (
    snapshot text,
    record_key text,
    unchecked_from timestamptz,
    primary key (snapshot, record_key)
);
alter table unchecked_records add column if not exists unchecked_from timestamptz;

-- For some hours it had no column `snapshot`. It says what is yet to be tested: then that is everything.
do $$
begin
    if not exists (
        select from pg_attribute where attrelid = 'unchecked_records'::regclass and attname = 'snapshot'
    ) then
        delete from unchecked_records;
        alter table unchecked_records drop constraint unchecked_records_pkey;
        alter table unchecked_records add column snapshot text;
        alter table unchecked_records add primary key (snapshot, record_key);
        insert into unchecked_records (snapshot, record_key) values ('*', '*');
    end if;
end
$$;

create table if not exists archived_partitions (
    entity text,
    month date,
    file_name text,
    sha256 text not null,
    row_count bigint not null,
    table_bytes bigint not null,
    file_bytes bigint not null,
    archived_at timestamptz not null,
    is_lent boolean not null default false,
    primary key (entity, file_name)
);

create table if not exists rollback (
    begun_at timestamptz not null default clock_timestamp(),
    made_at timestamptz,
    is_the_only_row boolean primary key default true check (is_the_only_row)
);
alter table rollback add column if not exists made_at timestamptz;

-- What of these files has been applied here. A program that knows fewer than are noted writes nothing.
create table if not exists schema_migrations (
    number integer primary key,
    name text not null,
    applied_at timestamptz not null default clock_timestamp(),
    program_version text not null
);
