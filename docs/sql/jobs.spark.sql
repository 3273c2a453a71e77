/* The runs of the archiver: in which months it ran, and how its runs ended. */
/* One text for every engine; docs/sql/ holds it as DuckDB, PostgreSQL, SQL Server and Spark run it. */
/* In:  archive_job (started_at, state) */
/* Out: one row per state and month of the start (202702); month is NULL for runs without a date. */
WITH seen AS (
  SELECT
    state,
    CAST(YEAR(started_at) AS INT) * 100 + CAST(MONTH(started_at) AS INT) AS month
  FROM (
    SELECT
      `StartedAt` AS started_at,
      `Status` AS state
    FROM `ArchiveJob`
  ) AS archive_job
)
SELECT
  state,
  month,
  CAST(COUNT(*) AS BIGINT) AS runs
FROM seen
GROUP BY
  state,
  month
