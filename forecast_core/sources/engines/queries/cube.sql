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
        LOWER(RIGHT(path, 6)) AS tail,
        size,
        CAST(YEAR(modified) AS INT) AS year,
        CAST(MONTH(modified) AS INT) AS month
    FROM file_list
),
ended AS (
    SELECT scope, version, RIGHT(tail, 1) AS last, ENDING(tail) AS ending, size, year, month FROM seen
),
placed AS (
    SELECT
        scope,
        version,
        CASE WHEN last IN ('/', '\') THEN NULL ELSE FILE_TYPE(ending) END AS file_type,
        SIZE_FROM_BYTES(size) AS size_from_bytes,
        year,
        month,
        size
    FROM ended
)
SELECT
    scope,
    file_type,
    size_from_bytes,
    version,
    year * 100 + month AS modified_month,
    CAST(SUM(CAST(1 AS BIGINT)) AS BIGINT) AS files,
    CAST(SUM(size) AS BIGINT) AS bytes
FROM placed
GROUP BY scope, file_type, size_from_bytes, version, year, month
