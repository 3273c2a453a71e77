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
    LOWER(RIGHT(path, 6)) AS last_six,
    size,
    CAST(EXTRACT(YEAR FROM modified) AS INT) * 100 + CAST(EXTRACT(MONTH FROM modified) AS INT) AS modified_month
  FROM (
    SELECT
      "site" AS scope,
      "path" AS path,
      CAST("size" AS BIGINT) AS size,
      0 AS version,
      "modified" AS modified
    FROM "files"
  ) AS file_list
), ended AS (
  SELECT
    scope,
    version,
    last_six,
    RIGHT(last_six, 5) AS last_five,
    RIGHT(last_six, 4) AS last_four,
    size,
    modified_month
  FROM seen
), placed AS (
  SELECT
    scope,
    version,
    CASE
      WHEN last_four IN ('.pdf')
      AND last_five <> last_four
      AND NOT LEFT(last_five, 1) IN ('/', '\')
      THEN 0
      WHEN (
        last_four IN ('.doc', '.dot', '.odt', '.rtf')
        AND last_five <> last_four
        AND NOT LEFT(last_five, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.docx', '.docm', '.dotx')
        AND last_six <> last_five
        AND NOT LEFT(last_six, 1) IN ('/', '\')
      )
      THEN 1
      WHEN (
        last_four IN ('.xls', '.xlt', '.ods')
        AND last_five <> last_four
        AND NOT LEFT(last_five, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.xlsx', '.xlsm', '.xlsb', '.xltx')
        AND last_six <> last_five
        AND NOT LEFT(last_six, 1) IN ('/', '\')
      )
      THEN 2
      WHEN (
        last_four IN ('.ppt', '.pps', '.pot', '.odp')
        AND last_five <> last_four
        AND NOT LEFT(last_five, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.pptx', '.pptm', '.ppsx', '.potx')
        AND last_six <> last_five
        AND NOT LEFT(last_six, 1) IN ('/', '\')
      )
      THEN 3
      WHEN (
        last_four IN ('.jpg', '.png', '.gif', '.bmp', '.tif', '.svg', '.psd', '.raw', '.cr2', '.nef')
        AND last_five <> last_four
        AND NOT LEFT(last_five, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.jpeg', '.tiff', '.heic', '.webp')
        AND last_six <> last_five
        AND NOT LEFT(last_six, 1) IN ('/', '\')
      )
      THEN 4
      WHEN (
        last_four IN ('.mp4', '.mov', '.avi', '.mkv', '.wmv', '.m4v', '.mpg')
        AND last_five <> last_four
        AND NOT LEFT(last_five, 1) IN ('/', '\')
      )
      OR (
        last_five IN ('.mpeg', '.webm')
        AND last_six <> last_five
        AND NOT LEFT(last_six, 1) IN ('/', '\')
      )
      THEN 5
      WHEN RIGHT(last_four, 1) IN ('/', '\')
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
    modified_month,
    CAST(1 AS BIGINT) AS one,
    size
  FROM ended
), cells AS (
  SELECT
    scope,
    type_number,
    size_class,
    version,
    modified_month,
    SUM(one) AS files,
    SUM(size) AS bytes
  FROM placed
  GROUP BY
    scope,
    type_number,
    size_class,
    version,
    modified_month
)
SELECT
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
  CASE
    WHEN size_class = -1
    THEN CAST(0 AS BIGINT)
    WHEN size_class = 0
    THEN CAST(1 AS BIGINT)
    WHEN size_class = 1
    THEN CAST(2 AS BIGINT)
    WHEN size_class = 2
    THEN CAST(4 AS BIGINT)
    WHEN size_class = 3
    THEN CAST(8 AS BIGINT)
    WHEN size_class = 4
    THEN CAST(16 AS BIGINT)
    WHEN size_class = 5
    THEN CAST(32 AS BIGINT)
    WHEN size_class = 6
    THEN CAST(64 AS BIGINT)
    WHEN size_class = 7
    THEN CAST(128 AS BIGINT)
    WHEN size_class = 8
    THEN CAST(256 AS BIGINT)
    WHEN size_class = 9
    THEN CAST(512 AS BIGINT)
    WHEN size_class = 10
    THEN CAST(1024 AS BIGINT)
    WHEN size_class = 11
    THEN CAST(2048 AS BIGINT)
    WHEN size_class = 12
    THEN CAST(4096 AS BIGINT)
    WHEN size_class = 13
    THEN CAST(8192 AS BIGINT)
    WHEN size_class = 14
    THEN CAST(16384 AS BIGINT)
    WHEN size_class = 15
    THEN CAST(32768 AS BIGINT)
    WHEN size_class = 16
    THEN CAST(65536 AS BIGINT)
    WHEN size_class = 17
    THEN CAST(131072 AS BIGINT)
    WHEN size_class = 18
    THEN CAST(262144 AS BIGINT)
    WHEN size_class = 19
    THEN CAST(524288 AS BIGINT)
    WHEN size_class = 20
    THEN CAST(1048576 AS BIGINT)
    WHEN size_class = 21
    THEN CAST(2097152 AS BIGINT)
    WHEN size_class = 22
    THEN CAST(4194304 AS BIGINT)
    WHEN size_class = 23
    THEN CAST(8388608 AS BIGINT)
    WHEN size_class = 24
    THEN CAST(16777216 AS BIGINT)
    WHEN size_class = 25
    THEN CAST(33554432 AS BIGINT)
    WHEN size_class = 26
    THEN CAST(67108864 AS BIGINT)
    WHEN size_class = 27
    THEN CAST(134217728 AS BIGINT)
    WHEN size_class = 28
    THEN CAST(268435456 AS BIGINT)
    WHEN size_class = 29
    THEN CAST(536870912 AS BIGINT)
    WHEN size_class = 30
    THEN CAST(1073741824 AS BIGINT)
    WHEN size_class = 31
    THEN CAST(2147483648 AS BIGINT)
    WHEN size_class = 32
    THEN CAST(4294967296 AS BIGINT)
    WHEN size_class = 33
    THEN CAST(8589934592 AS BIGINT)
    WHEN size_class = 34
    THEN CAST(17179869184 AS BIGINT)
    WHEN size_class = 35
    THEN CAST(34359738368 AS BIGINT)
    WHEN size_class = 36
    THEN CAST(68719476736 AS BIGINT)
    WHEN size_class = 37
    THEN CAST(137438953472 AS BIGINT)
    WHEN size_class = 38
    THEN CAST(274877906944 AS BIGINT)
    WHEN size_class = 39
    THEN CAST(549755813888 AS BIGINT)
    WHEN size_class = 40
    THEN CAST(1099511627776 AS BIGINT)
    WHEN size_class = 41
    THEN CAST(2199023255552 AS BIGINT)
    WHEN size_class = 42
    THEN CAST(4398046511104 AS BIGINT)
    WHEN size_class = 43
    THEN CAST(8796093022208 AS BIGINT)
    WHEN size_class = 44
    THEN CAST(17592186044416 AS BIGINT)
    WHEN size_class = 45
    THEN CAST(35184372088832 AS BIGINT)
    WHEN size_class = 46
    THEN CAST(70368744177664 AS BIGINT)
    WHEN size_class = 47
    THEN CAST(140737488355328 AS BIGINT)
    WHEN size_class = 48
    THEN CAST(281474976710656 AS BIGINT)
    WHEN size_class = 49
    THEN CAST(562949953421312 AS BIGINT)
    WHEN size_class = 50
    THEN CAST(1125899906842624 AS BIGINT)
    WHEN size_class = 51
    THEN CAST(2251799813685248 AS BIGINT)
    WHEN size_class = 52
    THEN CAST(4503599627370496 AS BIGINT)
    WHEN size_class = 53
    THEN CAST(9007199254740992 AS BIGINT)
    WHEN size_class = 54
    THEN CAST(18014398509481984 AS BIGINT)
    WHEN size_class = 55
    THEN CAST(36028797018963968 AS BIGINT)
    WHEN size_class = 56
    THEN CAST(72057594037927936 AS BIGINT)
    WHEN size_class = 57
    THEN CAST(144115188075855872 AS BIGINT)
    WHEN size_class = 58
    THEN CAST(288230376151711744 AS BIGINT)
    WHEN size_class = 59
    THEN CAST(576460752303423488 AS BIGINT)
    WHEN size_class = 60
    THEN CAST(1152921504606846976 AS BIGINT)
    WHEN size_class = 61
    THEN CAST(2305843009213693952 AS BIGINT)
    WHEN size_class = 62
    THEN CAST(4611686018427387904 AS BIGINT)
  END AS size_from_bytes,
  version,
  modified_month,
  CAST(files AS BIGINT) AS files,
  CAST(bytes AS BIGINT) AS bytes
FROM cells
