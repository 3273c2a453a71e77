/* The age cube of a file list: all that is kept of it, without a name in it. */
/* One text for every engine; docs/sql/ holds it as DuckDB, PostgreSQL, SQL Server and Spark run it. */
/* In:  file_list (scope, path, size, version, modified) */
/* Out: one row per scope, file type, size class, version and month of the last change (202702). */
/*      What cannot be placed is there too: file_type is NULL for folders, size_from_bytes where the size is unknown or */
/*      negative, modified_month where the date is unknown. So what goes in comes out, to the byte. */
WITH seen AS (
  SELECT
    scope,
    version,
    LOWER(RIGHT(path, 6)) AS tail,
    size,
    CAST(EXTRACT(YEAR FROM modified) AS INT) AS year,
    CAST(EXTRACT(MONTH FROM modified) AS INT) AS month
  FROM (
    SELECT
      "site" AS scope,
      "path" AS path,
      CAST("size" AS BIGINT) AS size,
      CAST(NULL AS BIGINT) AS version,
      "modified" AS modified
    FROM "files"
  ) AS file_list
), ended AS (
  SELECT
    scope,
    version,
    RIGHT(tail, 1) AS last,
    CASE
      WHEN LEFT(RIGHT(tail, 4), 1) = '.'
      AND LENGTH(tail) > 4
      AND NOT LEFT(RIGHT(tail, 5), 1) IN ('/', '\')
      THEN RIGHT(tail, 3)
      WHEN LEFT(RIGHT(tail, 5), 1) = '.'
      AND LENGTH(tail) > 5
      AND NOT LEFT(RIGHT(tail, 6), 1) IN ('/', '\')
      THEN RIGHT(tail, 4)
    END AS ending,
    size,
    year,
    month
  FROM seen
), placed AS (
  SELECT
    scope,
    version,
    CASE
      WHEN last IN ('/', '\')
      THEN NULL
      ELSE CASE
        WHEN ending IN ('pdf')
        THEN 'pdf'
        WHEN ending IN ('doc', 'docx', 'docm', 'dot', 'dotx', 'odt', 'rtf')
        THEN 'docx'
        WHEN ending IN ('xls', 'xlsx', 'xlsm', 'xlsb', 'xlt', 'xltx', 'ods')
        THEN 'xlsx'
        WHEN ending IN ('ppt', 'pptx', 'pptm', 'pps', 'ppsx', 'pot', 'potx', 'odp')
        THEN 'pptx'
        WHEN ending IN (
          'jpg',
          'jpeg',
          'png',
          'gif',
          'bmp',
          'tif',
          'tiff',
          'heic',
          'webp',
          'svg',
          'psd',
          'raw',
          'cr2',
          'nef'
        )
        THEN 'images'
        WHEN ending IN ('mp4', 'mov', 'avi', 'mkv', 'wmv', 'm4v', 'mpg', 'mpeg', 'webm')
        THEN 'video'
        ELSE 'other'
      END
    END AS file_type,
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
                THEN CASE WHEN size < 2 THEN CAST(1 AS BIGINT) ELSE CAST(2 AS BIGINT) END
                ELSE CASE WHEN size < 8 THEN CAST(4 AS BIGINT) ELSE CAST(8 AS BIGINT) END
              END
              ELSE CASE
                WHEN size < 64
                THEN CASE WHEN size < 32 THEN CAST(16 AS BIGINT) ELSE CAST(32 AS BIGINT) END
                ELSE CASE WHEN size < 128 THEN CAST(64 AS BIGINT) ELSE CAST(128 AS BIGINT) END
              END
            END
            ELSE CASE
              WHEN size < 4096
              THEN CASE
                WHEN size < 1024
                THEN CASE WHEN size < 512 THEN CAST(256 AS BIGINT) ELSE CAST(512 AS BIGINT) END
                ELSE CASE WHEN size < 2048 THEN CAST(1024 AS BIGINT) ELSE CAST(2048 AS BIGINT) END
              END
              ELSE CASE
                WHEN size < 16384
                THEN CASE WHEN size < 8192 THEN CAST(4096 AS BIGINT) ELSE CAST(8192 AS BIGINT) END
                ELSE CASE WHEN size < 32768 THEN CAST(16384 AS BIGINT) ELSE CAST(32768 AS BIGINT) END
              END
            END
          END
          ELSE CASE
            WHEN size < 16777216
            THEN CASE
              WHEN size < 1048576
              THEN CASE
                WHEN size < 262144
                THEN CASE WHEN size < 131072 THEN CAST(65536 AS BIGINT) ELSE CAST(131072 AS BIGINT) END
                ELSE CASE WHEN size < 524288 THEN CAST(262144 AS BIGINT) ELSE CAST(524288 AS BIGINT) END
              END
              ELSE CASE
                WHEN size < 4194304
                THEN CASE
                  WHEN size < 2097152
                  THEN CAST(1048576 AS BIGINT)
                  ELSE CAST(2097152 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 8388608
                  THEN CAST(4194304 AS BIGINT)
                  ELSE CAST(8388608 AS BIGINT)
                END
              END
            END
            ELSE CASE
              WHEN size < 268435456
              THEN CASE
                WHEN size < 67108864
                THEN CASE
                  WHEN size < 33554432
                  THEN CAST(16777216 AS BIGINT)
                  ELSE CAST(33554432 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 134217728
                  THEN CAST(67108864 AS BIGINT)
                  ELSE CAST(134217728 AS BIGINT)
                END
              END
              ELSE CASE
                WHEN size < 1073741824
                THEN CASE
                  WHEN size < 536870912
                  THEN CAST(268435456 AS BIGINT)
                  ELSE CAST(536870912 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 2147483648
                  THEN CAST(1073741824 AS BIGINT)
                  ELSE CAST(2147483648 AS BIGINT)
                END
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
                THEN CASE
                  WHEN size < 8589934592
                  THEN CAST(4294967296 AS BIGINT)
                  ELSE CAST(8589934592 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 34359738368
                  THEN CAST(17179869184 AS BIGINT)
                  ELSE CAST(34359738368 AS BIGINT)
                END
              END
              ELSE CASE
                WHEN size < 274877906944
                THEN CASE
                  WHEN size < 137438953472
                  THEN CAST(68719476736 AS BIGINT)
                  ELSE CAST(137438953472 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 549755813888
                  THEN CAST(274877906944 AS BIGINT)
                  ELSE CAST(549755813888 AS BIGINT)
                END
              END
            END
            ELSE CASE
              WHEN size < 17592186044416
              THEN CASE
                WHEN size < 4398046511104
                THEN CASE
                  WHEN size < 2199023255552
                  THEN CAST(1099511627776 AS BIGINT)
                  ELSE CAST(2199023255552 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 8796093022208
                  THEN CAST(4398046511104 AS BIGINT)
                  ELSE CAST(8796093022208 AS BIGINT)
                END
              END
              ELSE CASE
                WHEN size < 70368744177664
                THEN CASE
                  WHEN size < 35184372088832
                  THEN CAST(17592186044416 AS BIGINT)
                  ELSE CAST(35184372088832 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 140737488355328
                  THEN CAST(70368744177664 AS BIGINT)
                  ELSE CAST(140737488355328 AS BIGINT)
                END
              END
            END
          END
          ELSE CASE
            WHEN size < 72057594037927936
            THEN CASE
              WHEN size < 4503599627370496
              THEN CASE
                WHEN size < 1125899906842624
                THEN CASE
                  WHEN size < 562949953421312
                  THEN CAST(281474976710656 AS BIGINT)
                  ELSE CAST(562949953421312 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 2251799813685248
                  THEN CAST(1125899906842624 AS BIGINT)
                  ELSE CAST(2251799813685248 AS BIGINT)
                END
              END
              ELSE CASE
                WHEN size < 18014398509481984
                THEN CASE
                  WHEN size < 9007199254740992
                  THEN CAST(4503599627370496 AS BIGINT)
                  ELSE CAST(9007199254740992 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 36028797018963968
                  THEN CAST(18014398509481984 AS BIGINT)
                  ELSE CAST(36028797018963968 AS BIGINT)
                END
              END
            END
            ELSE CASE
              WHEN size < 1152921504606846976
              THEN CASE
                WHEN size < 288230376151711744
                THEN CASE
                  WHEN size < 144115188075855872
                  THEN CAST(72057594037927936 AS BIGINT)
                  ELSE CAST(144115188075855872 AS BIGINT)
                END
                ELSE CASE
                  WHEN size < 576460752303423488
                  THEN CAST(288230376151711744 AS BIGINT)
                  ELSE CAST(576460752303423488 AS BIGINT)
                END
              END
              ELSE CASE
                WHEN size < 4611686018427387904
                THEN CASE
                  WHEN size < 2305843009213693952
                  THEN CAST(1152921504606846976 AS BIGINT)
                  ELSE CAST(2305843009213693952 AS BIGINT)
                END
                ELSE CAST(4611686018427387904 AS BIGINT)
              END
            END
          END
        END
      END
      WHEN size = 0
      THEN CAST(0 AS BIGINT)
    END AS size_from_bytes,
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
GROUP BY
  scope,
  file_type,
  size_from_bytes,
  version,
  year,
  month
