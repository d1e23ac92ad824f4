"""One way to read every data set of texts, whatever its archive looks like."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path

from dlnlp.datasets.imdb import iterate_imdb, read_imdb
from dlnlp.datasets.location import find
from dlnlp.datasets.records import Review, log_bad_row
from dlnlp.datasets.registry import DatasetError, DatasetSpec, dataset_spec
from dlnlp.datasets.star_reviews import iterate_star_reviews
from dlnlp.tables.reader import BadRow


def iterate(
    name: str,
    split: str,
    *,
    path: Path | None = None,
    on_bad_row: Callable[[BadRow], None] | None = None,
) -> Generator[Review, None, None]:
    """Stream the reviews of a split, in the order of the archive; close it to stop early.

    Holds one review at a time in memory (for IMDB also the films of all reviews).

    Args:
        name: "reviews5", "amazon_full" or "imdb".
        split: "train" or "test"; for IMDB also "unsup", the unlabelled reviews.
        path: The archive; by default what `find` finds.
        on_bad_row: Called with each record that is skipped as malformed; by default they are
            logged. At the end of a complete file without a published checksum (amazon_full),
            also called once if its number of records is not the published one.

    Raises:
        DatasetError: At once for an unknown name or split or a missing file; while reading, for
            an archive that is damaged or holds something else.
    """
    spec, archive = _resolve(name, split, path)
    report = on_bad_row or log_bad_row
    if spec.name == "imdb":
        return iterate_imdb(spec, split, archive, report)
    return iterate_star_reviews(spec, split, archive, report)


def read_documents(
    name: str, split: str, rows: Sequence[int], *, path: Path | None = None
) -> dict[int, Review]:
    """Return the reviews with the given `Review.row`, by row, in the order asked for.

    Streams the archive until all are found.

    Raises:
        DatasetError: As `iterate`; or a row does not exist or is malformed.
    """
    spec, archive = _resolve(name, split, path)
    wanted = frozenset(rows)
    found: dict[int, Review] = {}
    if spec.name == "imdb":
        found = read_imdb(spec, split, archive, wanted)
    elif wanted:
        # Bad rows matter here only if they were asked for; then they are missing below.
        reviews = iterate_star_reviews(spec, split, archive, lambda bad_row: None)
        with closing(reviews):
            for review in reviews:
                if review.row in wanted:
                    found[review.row] = review
                    if len(found) == len(wanted):
                        break
    if missing := sorted(wanted - found.keys()):
        raise DatasetError(
            f"{archive} has no readable review in row {missing[0]} of {split!r}: it is not the "
            f"file that the rows were taken from; get the published {spec.file_name}."
        )
    return {row: found[row] for row in rows}


def _resolve(name: str, split: str, path: Path | None) -> tuple[DatasetSpec, Path]:
    spec = dataset_spec(name)
    if not spec.folder:
        raise DatasetError(f"{name} holds no texts: open {spec.file_name} with NumPy.")
    if split not in spec.splits:
        raise DatasetError(
            f"{name} has no split {split!r}: choose one of {', '.join(spec.splits)}."
        )
    archive = find(name) if path is None else Path(path)
    if archive is None or not archive.is_file():
        remedy = "download it, or set" if spec.url else "set"
        raise DatasetError(
            f"{archive or spec.file_name} is not there: {remedy} DLNLP_DATA to the folder that "
            f"holds {spec.file_name}."
        )
    return spec, archive
