/* The age cube of a file list: all that is kept of it, without a name in it. Nothing else makes a cell. */
/* One text for every engine; docs/sql/ holds it as DuckDB, PostgreSQL, SQL Server and Spark run it. A list that is */
/* uploaded or lies in a cloud is the table file_list of DuckDB: see engines/listed.py. */
/* In:  file_list (scope, path, size, version, tier, modified, accessed, aside_because, list_line); of a path only the end */
/*      is looked at, aside_because and list_line are what a reader of lists knows already */
/*      $latest, the last month that can be (202702) */
/* Out: one row per scope, file type, size class, version, tier and months of the last change and access (202702). */
/*      aside is '' for files that count, else why they do not, so what goes in comes out, to the byte. It follows from */
/*      the other columns, so it costs nothing per file. */
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
  FROM (
    SELECT
      `site` AS scope,
      `path` AS path,
      CAST(`size` AS BIGINT) AS size,
      0 AS version,
      '' AS tier,
      `modified` AS modified,
      CAST(NULL AS TIMESTAMP) AS accessed,
      '' AS aside_because,
      CAST(NULL AS BIGINT) AS list_line
    FROM `files`
  ) AS file_list
), ended AS (
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
), placed AS (
  SELECT
    aside_because,
    list_line,
    scope,
    CASE
      WHEN last_four IN ('.pdf')
      AND last_five <> last_four
      AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\\')
      THEN 0
      WHEN (
        last_four IN ('.doc', '.dot', '.odt', '.rtf')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\\')
      )
      OR (
        last_five IN ('.docx', '.docm', '.dotx')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\\')
      )
      THEN 1
      WHEN (
        last_four IN ('.xls', '.xlt', '.ods')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\\')
      )
      OR (
        last_five IN ('.xlsx', '.xlsm', '.xlsb', '.xltx')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\\')
      )
      THEN 2
      WHEN (
        last_four IN ('.ppt', '.pps', '.pot', '.odp')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\\')
      )
      OR (
        last_five IN ('.pptx', '.pptm', '.ppsx', '.potx')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\\')
      )
      THEN 3
      WHEN (
        last_four IN ('.jpg', '.png', '.gif', '.bmp', '.tif', '.svg', '.psd', '.raw', '.cr2', '.nef')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\\')
      )
      OR (
        last_five IN ('.jpeg', '.tiff', '.heic', '.webp')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\\')
      )
      THEN 4
      WHEN (
        last_four IN ('.mp4', '.mov', '.avi', '.mkv', '.wmv', '.m4v', '.mpg')
        AND last_five <> last_four
        AND NOT SUBSTRING(last_five, 1, 1) IN ('/', '\\')
      )
      OR (
        last_five IN ('.mpeg', '.webm')
        AND last_six <> last_five
        AND NOT SUBSTRING(last_six, 1, 1) IN ('/', '\\')
      )
      THEN 5
      WHEN RIGHT(last_four, 1) IN ('/', '\\')
      THEN NULL
      ELSE 6
    END AS type_number,
    CASE
      WHEN size > 0
      THEN CASE
        WHEN size < 4294967296
        THEN CASE
          WHEN size < 65536
          THEN CASE
            WHEN size < 256
            THEN CASE
              WHEN size < 16
              THEN CASE
                WHEN size < 4
                THEN CASE WHEN size < 2 THEN 0 ELSE 1 END
                ELSE CASE WHEN size < 8 THEN 2 ELSE 3 END
              END
              ELSE CASE
                WHEN size < 64
                THEN CASE WHEN size < 32 THEN 4 ELSE 5 END
                ELSE CASE WHEN size < 128 THEN 6 ELSE 7 END
              END
            END
            ELSE CASE
              WHEN size < 4096
              THEN CASE
                WHEN size < 1024
                THEN CASE WHEN size < 512 THEN 8 ELSE 9 END
                ELSE CASE WHEN size < 2048 THEN 10 ELSE 11 END
              END
              ELSE CASE
                WHEN size < 16384
                THEN CASE WHEN size < 8192 THEN 12 ELSE 13 END
                ELSE CASE WHEN size < 32768 THEN 14 ELSE 15 END
              END
            END
          END
          ELSE CASE
            WHEN size < 16777216
            THEN CASE
              WHEN size < 1048576
              THEN CASE
                WHEN size < 262144
                THEN CASE WHEN size < 131072 THEN 16 ELSE 17 END
                ELSE CASE WHEN size < 524288 THEN 18 ELSE 19 END
              END
              ELSE CASE
                WHEN size < 4194304
                THEN CASE WHEN size < 2097152 THEN 20 ELSE 21 END
                ELSE CASE WHEN size < 8388608 THEN 22 ELSE 23 END
              END
            END
            ELSE CASE
              WHEN size < 268435456
              THEN CASE
                WHEN size < 67108864
                THEN CASE WHEN size < 33554432 THEN 24 ELSE 25 END
                ELSE CASE WHEN size < 134217728 THEN 26 ELSE 27 END
              END
              ELSE CASE
                WHEN size < 1073741824
                THEN CASE WHEN size < 536870912 THEN 28 ELSE 29 END
                ELSE CASE WHEN size < 2147483648 THEN 30 ELSE 31 END
              END
            END
          END
        END
        ELSE CASE
          WHEN size < 281474976710656
          THEN CASE
            WHEN size < 1099511627776
            THEN CASE
              WHEN size < 68719476736
              THEN CASE
                WHEN size < 17179869184
                THEN CASE WHEN size < 8589934592 THEN 32 ELSE 33 END
                ELSE CASE WHEN size < 34359738368 THEN 34 ELSE 35 END
              END
              ELSE CASE
                WHEN size < 274877906944
                THEN CASE WHEN size < 137438953472 THEN 36 ELSE 37 END
                ELSE CASE WHEN size < 549755813888 THEN 38 ELSE 39 END
              END
            END
            ELSE CASE
              WHEN size < 17592186044416
              THEN CASE
                WHEN size < 4398046511104
                THEN CASE WHEN size < 2199023255552 THEN 40 ELSE 41 END
                ELSE CASE WHEN size < 8796093022208 THEN 42 ELSE 43 END
              END
              ELSE CASE
                WHEN size < 70368744177664
                THEN CASE WHEN size < 35184372088832 THEN 44 ELSE 45 END
                ELSE CASE WHEN size < 140737488355328 THEN 46 ELSE 47 END
              END
            END
          END
          ELSE CASE
            WHEN size < 72057594037927936
            THEN CASE
              WHEN size < 4503599627370496
              THEN CASE
                WHEN size < 1125899906842624
                THEN CASE WHEN size < 562949953421312 THEN 48 ELSE 49 END
                ELSE CASE WHEN size < 2251799813685248 THEN 50 ELSE 51 END
              END
              ELSE CASE
                WHEN size < 18014398509481984
                THEN CASE WHEN size < 9007199254740992 THEN 52 ELSE 53 END
                ELSE CASE WHEN size < 36028797018963968 THEN 54 ELSE 55 END
              END
            END
            ELSE CASE
              WHEN size < 1152921504606846976
              THEN CASE
                WHEN size < 288230376151711744
                THEN CASE WHEN size < 144115188075855872 THEN 56 ELSE 57 END
                ELSE CASE WHEN size < 576460752303423488 THEN 58 ELSE 59 END
              END
              ELSE CASE
                WHEN size < 4611686018427387904
                THEN CASE WHEN size < 2305843009213693952 THEN 60 ELSE 61 END
                ELSE 62
              END
            END
          END
        END
      END
      WHEN size = 0
      THEN -1
    END AS size_class,
    version,
    tier,
    modified_month,
    accessed_month,
    size
  FROM ended
), cells AS (
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
  GROUP BY
    aside_because,
    scope,
    type_number,
    size_class,
    version,
    tier,
    modified_month,
    accessed_month
)
SELECT
  CASE
    WHEN aside_because <> ''
    THEN aside_because
    WHEN type_number IS NULL
    THEN 'folders'
    WHEN size_class IS NULL
    THEN 'size'
    WHEN modified_month IS NULL
    THEN 'modified'
    WHEN modified_month < 197001 OR modified_month > 202711
    THEN 'impossible'
    ELSE ''
  END AS aside,
  scope,
  CASE
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
  END AS file_type,
  size_class,
  version,
  tier,
  modified_month,
  accessed_month,
  CAST(files AS BIGINT) AS files,
  CASE WHEN size_class IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(bytes AS BIGINT) END AS bytes,
  first_line
FROM cells
