"""What a file list says about a file: its columns, families of types, classes of size; each declared once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileColumn:
    """One column of a file list or of an age cube; `aliases` are headers people really have."""

    name: str
    meaning: str
    aliases: tuple[str, ...] = ()


FILE_COLUMNS: tuple[FileColumn, ...] = (
    FileColumn("path", "Path of the file.", ("full path", "fullname", "file name", "filename", "key", "name")),
    FileColumn(
        "size", "Size in bytes.", ("length", "content-length", "contentlength", "bytes", "size (byte)", "size_bytes")
    ),
    FileColumn(
        "modified",
        "Last change of the content.",
        ("lastwritetime", "last-modified", "lastmodified", "lastmodifieddate", "modtime", "updated", "last change"),
    ),
    FileColumn("accessed", "Last access.", ("lastaccesstime", "last accessed", "last access", "atime")),
    FileColumn("scope", "Site, library, department or container.", ("site", "library", "container", "bucket", "share")),
    FileColumn("content_id", "Equal for equal content.", ("contentid", "content-md5", "md5", "sha1", "sha256", "etag")),
    FileColumn(
        "compressed",
        "Bytes after compression, where it was tried.",
        ("compressed size", "compressedsize", "packed size", "packed", "zstd3size", "zlib6size"),
    ),
    FileColumn("version", "0 the current version, 1 the one before …", ("version_rank",)),
    FileColumn("tier", "Storage tier as its store calls it.", ("accesstier", "storageclass", "storage class")),
)
CUBE_COLUMNS: tuple[FileColumn, ...] = (
    FileColumn("file_type", "Family of file types."),
    FileColumn("size_from_bytes", "Lower bound of the size class, a power of two; 0 for empty files."),
    FileColumn("modified_month", "Month of the last change (or access)."),
    FileColumn("files", "Number of files."),
    FileColumn("bytes", "Their bytes."),
    FileColumn("scope", "Site, library, department or container."),
    FileColumn("snapshot_month", "Month at whose end it stood so."),
    FileColumn("basis", "modified or accessed."),
    FileColumn("version", "0 the current version, 1 the one before …"),
    FileColumn("tier", "Storage tier as its store calls it, such as Cool."),
)
NEEDED_OF_FILES = ("path", "size", "modified")
NEEDED_OF_CUBE = ("file_type", "size_from_bytes", "modified_month", "files", "bytes")
BASES = ("modified", "accessed")
EMPTY_CLASS, LARGEST_CLASS = -1, 62

_FAMILIES = {
    "pdf": "pdf",
    "docx": "doc docx docm dot dotx odt rtf",
    "xlsx": "xls xlsx xlsm xlsb xlt xltx ods",
    "pptx": "ppt pptx pptm pps ppsx pot potx odp",
    "images": "jpg jpeg png gif bmp tif tiff heic webp svg psd raw cr2 nef",
    "video": "mp4 mov avi mkv wmv m4v mpg mpeg webm",
}
OTHER = "other"
FILE_TYPES = (*_FAMILIES, OTHER)
ENDINGS = {family: tuple(endings.split()) for family, endings in _FAMILIES.items()}
_FAMILY_OF = {ending: family for family, endings in ENDINGS.items() for ending in endings}


def file_type(path: str) -> str:
    """Return the family of a file by its ending.

    >>> [file_type(name) for name in ("a/Report.DOC", "b.tar.gz", "c")]
    ['docx', 'other', 'other']
    """
    name = path.replace("\\", "/").rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    return _FAMILY_OF.get(ending.lower(), OTHER) if stem else OTHER


def type_order(name: str) -> tuple[int, str]:
    """Return where a type stands in every list: the families as declared, then what a cube calls otherwise.

    >>> sorted(["other", "xlsx", "ebook", "pdf"], key=type_order)
    ['pdf', 'xlsx', 'other', 'ebook']
    """
    return (FILE_TYPES.index(name) if name in FILE_TYPES else len(FILE_TYPES), name)


def size_class(size_bytes: int) -> int:
    """Return the class of a size: c for 2^c up to 2^(c+1) − 1 bytes, −1 for an empty file.

    >>> [size_class(size) for size in (0, 1, 2, 3, 4, 1024)]
    [-1, 0, 1, 1, 2, 10]
    """
    return size_bytes.bit_length() - 1


def class_from_bytes(size_of_class: int) -> int:
    """Return the smallest size of a class.

    >>> class_from_bytes(10), class_from_bytes(-1)
    (1024, 0)
    """
    return 1 << size_of_class if size_of_class >= 0 else 0
