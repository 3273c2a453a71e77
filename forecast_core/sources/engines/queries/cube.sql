-- The age cube of a file list: all that is kept of it, without a name in it.
-- One text for every engine; docs/sql/ holds it as DuckDB, PostgreSQL, SQL Server and Spark run it.
--
-- In:  file_list (scope, path, size, version, modified)
-- Out: one row per scope, file type, size class, version and month of the last change (202702).
--      What cannot be placed is there too: file_type is NULL for folders, size_from_bytes where the size is unknown or
--      negative, modified_month where the date is unknown. So what goes in comes out, to the byte.
WITH seen AS (
    SELECT
        scope,
        version,
        LOWER(RIGHT(path, 6)) AS last_six,
        size,
        CAST(YEAR(modified) AS INT) * 100 + CAST(MONTH(modified) AS INT) AS modified_month
    FROM file_list
),
ended AS (
    SELECT
        scope,
        version,
        last_six,
        RIGHT(last_six, 5) AS last_five,
        RIGHT(last_six, 4) AS last_four,
        size,
        modified_month
    FROM seen
),
placed AS (
    SELECT
        scope,
        version,
        TYPE_NUMBER(last_six, last_five, last_four) AS type_number,
        SIZE_CLASS(size) AS size_class,
        modified_month,
        CAST(1 AS BIGINT) AS one,
        size
    FROM ended
),
cells AS (
    SELECT scope, type_number, size_class, version, modified_month, SUM(one) AS files, SUM(size) AS bytes
    FROM placed
    GROUP BY scope, type_number, size_class, version, modified_month
)
SELECT
    scope,
    TYPE_NAME(type_number) AS file_type,
    CLASS_BYTES(size_class) AS size_from_bytes,
    version,
    modified_month,
    CAST(files AS BIGINT) AS files,
    CAST(bytes AS BIGINT) AS bytes
FROM cells
