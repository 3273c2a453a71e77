/* The monthly history of an archive log: what was archived in each month, and what of it left primary since. */
/* One text for every engine; docs/sql/ holds it as DuckDB, PostgreSQL, SQL Server and Spark run it. */
/* In:  archived_file (tenant, site, unique_id, name, size, archived_at, state) */
/*      deleted_file  (tenant, site, unique_id, size, deleted_at) */
/* Out: one row per tenant, site and month (202702); month is NULL for entries that are not archived or not dated. */
/* Freed is booked in the month of archiving. An original counts once, however often its deletion was logged and however */
/* often it was archived: at its last archiving before its last deletion, with the smaller of the two sizes. */
/* Sums are whole numbers and each ratio is one division, so that every engine gives the same cell. */
WITH gone AS (
  SELECT
    tenant,
    site,
    unique_id,
    MAX(deleted_at) AS deleted_at,
    MAX(CASE WHEN size >= 0 THEN size END) AS size
  FROM (
    SELECT
      "TenantId" AS tenant,
      "SiteId" AS site,
      "UniqueId" AS unique_id,
      CAST("Size" AS BIGINT) AS size,
      "Deleted" AS deleted_at
    FROM "DeletedFile"
  ) AS deleted_file
  WHERE
    NOT deleted_at IS NULL
  GROUP BY
    tenant,
    site,
    unique_id
), freed AS (
  SELECT
    taken.tenant,
    taken.site,
    taken.archived_at,
    CASE
      WHEN taken.size < 0
      THEN 0
      WHEN gone.size < taken.size
      THEN gone.size
      ELSE COALESCE(taken.size, 0)
    END AS size,
    ROW_NUMBER() OVER (
      PARTITION BY taken.tenant, taken.site, taken.unique_id
      ORDER BY taken.archived_at DESC, COALESCE(taken.size, 0) DESC
    ) AS place
  FROM (
    SELECT
      "TenantId" AS tenant,
      "SiteId" AS site,
      "UniqueId" AS unique_id,
      "Filename" AS name,
      CAST("Size" AS BIGINT) AS size,
      "ArchivedAt" AS archived_at,
      "State" AS state
    FROM "ArchivedFile"
  ) AS taken
  INNER JOIN gone
    ON taken.unique_id = gone.unique_id
    AND taken.site = gone.site
    AND taken.tenant = gone.tenant
    AND taken.archived_at <= gone.deleted_at
  WHERE
    taken.state = 'Archived'
), seen AS (
  SELECT
    tenant,
    site,
    archived_at,
    LOWER(SUBSTRING(name, -6)) AS last_six,
    CASE WHEN size >= 0 THEN size END AS size,
    CASE WHEN state = 'Archived' THEN 1 ELSE 0 END AS archived
  FROM (
    SELECT
      "TenantId" AS tenant,
      "SiteId" AS site,
      "UniqueId" AS unique_id,
      "Filename" AS name,
      CAST("Size" AS BIGINT) AS size,
      "ArchivedAt" AS archived_at,
      "State" AS state
    FROM "ArchivedFile"
  ) AS archived_file
), ended AS (
  SELECT
    tenant,
    site,
    archived_at,
    last_six,
    SUBSTRING(last_six, -5) AS last_five,
    SUBSTRING(last_six, -4) AS last_four,
    size,
    archived
  FROM seen
), typed AS (
  SELECT
    tenant,
    site,
    archived_at,
    CASE
      WHEN last_four IN ('.pdf')
      AND last_five <> last_four
      AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\')
      THEN 0
      WHEN (
        last_four IN ('.doc', '.dot', '.odt', '.rtf')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.docx', '.docm', '.dotx')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\')
      )
      THEN 1
      WHEN (
        last_four IN ('.xls', '.xlt', '.ods')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.xlsx', '.xlsm', '.xlsb', '.xltx')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\')
      )
      THEN 2
      WHEN (
        last_four IN ('.ppt', '.pps', '.pot', '.odp')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.pptx', '.pptm', '.ppsx', '.potx')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\')
      )
      THEN 3
      WHEN (
        last_four IN ('.jpg', '.png', '.gif', '.bmp', '.tif', '.svg', '.psd', '.raw', '.cr2', '.nef')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.jpeg', '.tiff', '.heic', '.webp')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\')
      )
      THEN 4
      WHEN (
        last_four IN ('.mp4', '.mov', '.avi', '.mkv', '.wmv', '.m4v', '.mpg')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.mpeg', '.webm')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\')
      )
      THEN 5
      WHEN SUBSTRING(last_four, -1) IN ('/', '\')
      THEN NULL
      ELSE 6
    END AS type_number,
    size,
    archived
  FROM ended
), moves AS (
  SELECT
    tenant,
    site,
    CASE WHEN archived = 1 THEN CAST(YEAR(archived_at) AS INT) END AS year,
    CASE WHEN archived = 1 THEN CAST(MONTH(archived_at) AS INT) END AS month,
    CAST(1 AS BIGINT) AS entries,
    CAST(archived AS BIGINT) AS files,
    CASE
      WHEN archived = 1 AND size IS NULL
      THEN CAST(1 AS BIGINT)
      ELSE CAST(0 AS BIGINT)
    END AS unsized,
    CASE
      WHEN archived = 1
      AND CASE
        WHEN type_number = 0
        THEN 'pdf'
        WHEN type_number = 1
        THEN 'docx'
        WHEN type_number = 2
        THEN 'xlsx'
        WHEN type_number = 3
        THEN 'pptx'
        WHEN type_number = 4
        THEN 'images'
        WHEN type_number = 5
        THEN 'video'
        WHEN type_number = 6
        THEN 'other'
      END = 'pdf'
      THEN CAST(1 AS BIGINT)
      ELSE CAST(0 AS BIGINT)
    END AS pdf,
    CASE
      WHEN archived = 1
      AND CASE
        WHEN type_number = 0
        THEN 'pdf'
        WHEN type_number = 1
        THEN 'docx'
        WHEN type_number = 2
        THEN 'xlsx'
        WHEN type_number = 3
        THEN 'pptx'
        WHEN type_number = 4
        THEN 'images'
        WHEN type_number = 5
        THEN 'video'
        WHEN type_number = 6
        THEN 'other'
      END = 'docx'
      THEN CAST(1 AS BIGINT)
      ELSE CAST(0 AS BIGINT)
    END AS docx,
    CASE
      WHEN archived = 1
      AND CASE
        WHEN type_number = 0
        THEN 'pdf'
        WHEN type_number = 1
        THEN 'docx'
        WHEN type_number = 2
        THEN 'xlsx'
        WHEN type_number = 3
        THEN 'pptx'
        WHEN type_number = 4
        THEN 'images'
        WHEN type_number = 5
        THEN 'video'
        WHEN type_number = 6
        THEN 'other'
      END = 'xlsx'
      THEN CAST(1 AS BIGINT)
      ELSE CAST(0 AS BIGINT)
    END AS xlsx,
    CASE WHEN archived = 1 THEN COALESCE(size, 0) ELSE CAST(0 AS BIGINT) END AS bytes,
    CAST(0 AS BIGINT) AS freed_files,
    CAST(0 AS BIGINT) AS freed_bytes
  FROM typed
  UNION ALL
  SELECT
    tenant,
    site,
    CAST(YEAR(archived_at) AS INT) AS year,
    CAST(MONTH(archived_at) AS INT) AS month,
    CAST(0 AS BIGINT) AS entries,
    CAST(0 AS BIGINT) AS files,
    CAST(0 AS BIGINT) AS unsized,
    CAST(0 AS BIGINT) AS pdf,
    CAST(0 AS BIGINT) AS docx,
    CAST(0 AS BIGINT) AS xlsx,
    CAST(0 AS BIGINT) AS bytes,
    CAST(1 AS BIGINT) AS freed_files,
    size AS freed_bytes
  FROM freed
  WHERE
    place = 1
)
SELECT
  tenant,
  site,
  year * 100 + month AS month,
  CAST(SUM(entries) AS BIGINT) AS entries,
  CAST(SUM(files) AS BIGINT) AS files_archived,
  CAST(SUM(unsized) AS BIGINT) AS files_without_size,
  CAST(SUM(pdf) AS BIGINT) AS pdf_archived,
  CAST(SUM(docx) AS BIGINT) AS docx_archived,
  CAST(SUM(xlsx) AS BIGINT) AS xlsx_archived,
  CAST(SUM(bytes) AS BIGINT) AS bytes_archived,
  CAST(SUM(freed_files) AS BIGINT) AS files_freed,
  CAST(SUM(freed_bytes) AS BIGINT) AS bytes_freed,
  CAST(SUM(bytes) AS DOUBLE) / CAST(1073741824 AS DOUBLE) AS archived_gb,
  CAST(SUM(freed_bytes) AS DOUBLE) / CAST(1073741824 AS DOUBLE) AS savings_gb
FROM moves
GROUP BY
  tenant,
  site,
  year,
  month
