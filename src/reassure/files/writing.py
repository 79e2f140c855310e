"""Writing results so that nobody ever sees half a file: beside the target first, then renamed."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reassure.errors import InputError, Problem


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all; its folder is made. `InputError` when that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(beside, 0o600)
            os.replace(beside, path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(path, error) from None


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """
    Write several files into a folder, all or none of them new: each is written beside the folder first.

    Files that the folder already holds and that are not named are left alone.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for name, data in files.items():
                (beside / name).write_bytes(data)
                (beside / name).chmod(0o600)
            folder.mkdir(exist_ok=True)
            for name in files:
                os.replace(beside / name, folder / name)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise _unwritable(folder, error) from None


def _unwritable(path: Path, error: OSError) -> InputError:
    reason = error.strerror or type(error).__name__
    return InputError(
        [Problem("", "", "a place that can be written to", file=str(path), says=f"cannot be written ({reason})")]
    )
