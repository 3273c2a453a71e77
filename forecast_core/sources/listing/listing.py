"""A file list as one stream of rows, however many files it is in.

In:    an upload, a file, a folder of a run, a manifest.
Out:   `Listing`.
Never: reads a row before it is asked to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from forecast_core.errors import SourceError
from forecast_core.schema import Issue
from forecast_core.sources.limits import Limits
from forecast_core.sources.listing.formats import Format
from forecast_core.sources.listing.look import Look, look, look_as
from forecast_core.sources.listing.manifest import Run, is_manifest, newest_run
from forecast_core.sources.listing.parts import ROW, NotUtf8Error, Tally, schema_of
from forecast_core.sources.listing.place import Place, Source

FILE_BITS = 40


@dataclass(frozen=True, eq=False)
class Listing:
    """A file list in one file or several of the same form; `run` is what a manifest promised, if there is one."""

    name: str
    looks: tuple[Look, ...]
    run: Run | None = None

    @property
    def form(self) -> Format:
        """Return the export it is of."""
        return self.looks[0].form

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Return (header, role)."""
        return self.looks[0].headers

    @property
    def roles(self) -> frozenset[str]:
        """Return what is known of each file."""
        return frozenset(role for _, role in self.headers)

    @property
    def how(self) -> tuple[tuple[str, str], ...]:
        """Return what was recognised, in words."""
        many = (("files", f"{len(self.looks):,}"),) if len(self.looks) > 1 else ()
        return (("format", self.form.title), *self.looks[0].how, *many)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Return what had to be said on the way."""
        return (*self.looks[0].issues, *(self.run.issues if self.run else ()))

    def schema(self) -> pa.Schema | None:
        """Return the columns of the batches, None where there is no row."""
        return schema_of(self.batches(Tally()))

    def batches(self, tally: Tally) -> Iterator[pa.RecordBatch]:
        """Yield every row; our own errors, or NotUtf8Error where `loose` has to be asked."""
        schema: pa.Schema | None = None
        try:
            for at, found in enumerate(self.looks):
                for batch in found.part.batches(tally):
                    schema = schema or batch.schema
                    same = batch if batch.schema == schema else batch.select(schema.names).cast(schema)
                    yield same.set_column(0, ROW, pc.add(same[ROW], at << FILE_BITS)) if at else same
        except (pa.ArrowException, OSError) as error:  # Arrow says OSError of a damaged page
            raise _named(error, self.name) from error
        except UnicodeError as error:
            raise NotUtf8Error from error

    def texts_at(self, wanted: Mapping[int, str]) -> dict[int, str]:
        """Return what stands at these rows in the column of a role; reads only as far as the last of them."""
        found: dict[int, str] = {}
        for batch in self.batches(Tally()):
            first = batch[ROW][0].as_py() if batch.num_rows else 0
            inside = [line for line in wanted if first <= line < first + batch.num_rows]
            found |= {line: str(batch[wanted[line]][line - first].as_py() or "") for line in inside}
            if len(found) == len(wanted):
                break
        return found

    def loose(self) -> Listing:
        """Return it with its text read as Windows-1252."""
        return replace(self, looks=tuple(found.loose() for found in self.looks))


def listing_of(source: Source, limits: Limits = Limits()) -> Listing | None:
    """Return the file list at a place or in an upload, None where there is none; SourceError where it is unsound."""
    if not isinstance(source, Place):
        found = look(source, limits)
        return Listing(source.name, (found,)) if found else None
    files = source.below() if source.is_folder else [source]
    manifests = [place for place in files if is_manifest(place.name)]
    if manifests:
        return _of_run(source, newest_run(manifests), limits)
    return _of_files(source, files, lambda place: look(place, limits))


def _of_run(source: Place, run: Run, limits: Limits) -> Listing | None:
    def one(place: Place) -> Look | None:
        return look_as(place, run.headers, limits) if run.headers else look(place, limits)

    found = _of_files(source, run.files, one)
    return replace(found, run=run) if found else None


def _of_files(source: Place, files: Sequence[Place], one: Callable[[Place], Look | None]) -> Listing | None:
    if not files:
        raise SourceError(f"{source.shown} holds no files.", hint="Name the folder of a run, or a file.")
    looks = [one(place) for place in files]
    sound = [found for found in looks if found]
    if len(sound) < len(files) or len({found.form.name for found in sound}) > 1:
        if len(files) == 1:
            return None
        strange = next((place for place, found in zip(files, looks, strict=True) if not found), files[0])
        raise SourceError(
            f"{source.shown} holds files of several kinds, among them {strange.name}.",
            allowed="file lists of one form, or the run of an inventory with its manifest",
            hint="Name the one file.",
        )
    return Listing(source.name, tuple(sound))


def _named(error: Exception, name: str) -> Exception:
    said = str(error)
    if "UTF8" in said or "UTF-8" in said:
        return NotUtf8Error()
    if "straddling" in said:
        return SourceError(
            f"{name} holds a row of more than 8 MB.", hint="A quotation mark may be missing, so that rows became one."
        )
    return SourceError(f"{name} cannot be read to its end: {said.splitlines()[0][:160]}.", hint="Export it again.")
