-- The age cube of a file list: all that is kept of it, without a name in it. Nothing else makes a cell.
-- One text for every engine; docs/sql/ holds it as DuckDB, PostgreSQL, SQL Server and Spark run it. A list that is
-- uploaded or lies in a cloud is the table file_list of DuckDB: see engines/listed.py.
--
-- In:  file_list (scope, path, size, version, tier, modified, accessed, aside_because, list_line); of a path only the end
--      is looked at, aside_because and list_line are what a reader of lists knows already
--      $latest, the last month that can be (202702)
-- Out: one row per scope, file type, size class, version, tier and months of the last change and access (202702).
--      aside is '' for files that count, else why they do not, so what goes in comes out, to the byte. It follows from
--      the other columns, so it costs nothing per file.
WITH seen AS (
    SELECT
        aside_because,
        list_line,
        scope,
        version,
        tier,
        LOWER(RIGHT(path, 6)) AS last_six,
        size,
        CAST(YEAR(modified) AS INT) * 100 + CAST(MONTH(modified) AS INT) AS modified_month,
        CAST(YEAR(accessed) AS INT) * 100 + CAST(MONTH(accessed) AS INT) AS accessed_month
    FROM file_list
),
ended AS (
    SELECT
        aside_because,
        list_line,
        scope,
        version,
        tier,
        last_six,
        RIGHT(last_six, 5) AS last_five,
        RIGHT(last_six, 4) AS last_four,
        size,
        modified_month,
        accessed_month
    FROM seen
),
placed AS (
    SELECT
        aside_because,
        list_line,
        scope,
        TYPE_NUMBER(last_six, last_five, last_four) AS type_number,
        SIZE_CLASS(size) AS size_class,
        version,
        tier,
        modified_month,
        accessed_month,
        size
    FROM ended
),
cells AS (
    SELECT
        aside_because,
        scope,
        type_number,
        size_class,
        version,
        tier,
        modified_month,
        accessed_month,
        COUNT(*) AS files,
        SUM(size) AS bytes,
        MIN(list_line) AS first_line
    FROM placed
    GROUP BY aside_because, scope, type_number, size_class, version, tier, modified_month, accessed_month
)
SELECT
    CASE
        WHEN aside_because <> '' THEN aside_because
        WHEN type_number IS NULL THEN 'folders'
        WHEN size_class IS NULL THEN 'size'
        WHEN modified_month IS NULL THEN 'modified'
        WHEN modified_month < 197001 OR modified_month > $latest THEN 'impossible'
        ELSE ''
    END AS aside,
    scope,
    TYPE_NAME(type_number) AS file_type,
    size_class,
    version,
    tier,
    modified_month,
    accessed_month,
    CAST(files AS BIGINT) AS files,
    CASE WHEN size_class IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(bytes AS BIGINT) END AS bytes,
    first_line
FROM cells
