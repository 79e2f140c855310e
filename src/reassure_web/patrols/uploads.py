"""An uploaded file for a reader that takes a path; faults carry the name that the person knows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from reassure.errors import InputError

T = TypeVar("T")


def read_upload(content: bytes, name: str, read: Callable[[Path], T]) -> T:
    """What a reader makes of an uploaded file; the file is gone afterwards."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(name).suffix[:10]}"
        path.write_bytes(content)
        try:
            return read(path)
        except InputError as error:
            raise InputError(replace(p, file=Path(name).name) for p in error.problems) from None
