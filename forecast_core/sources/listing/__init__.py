"""Lists of files as the world exports them: any of the declared forms, from a disk, an upload or a cloud, as a stream.

In:    a `Source`: a `Place` or an `Upload`.
Out:   `Listing`: batches of rows with a column per role.
Never: converts a size or a date, or keeps a row; that is `inventory`.
"""

from forecast_core.sources.listing.formats import ANY_LIST, Format, formats
from forecast_core.sources.listing.listing import FILE_BITS, Listing, listing_of
from forecast_core.sources.listing.parts import ROW, NotUtf8Error, Tally
from forecast_core.sources.listing.place import SCHEMES, Place, Source, Stores, Upload, place_of

__all__ = [
    "ANY_LIST",
    "FILE_BITS",
    "ROW",
    "SCHEMES",
    "Format",
    "Listing",
    "NotUtf8Error",
    "Place",
    "Source",
    "Stores",
    "Tally",
    "Upload",
    "formats",
    "listing_of",
    "place_of",
]
