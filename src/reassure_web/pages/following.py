"""A process that ends with the one that started it, which may be killed and cannot say so then."""

import os
from collections.abc import Callable
from multiprocessing import parent_process
from threading import Thread


def follow_parent() -> None:
    """End this process once its parent is gone; nothing where no process of Python started it."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.join,), daemon=True).start()


def _end_with(wait: Callable[[], None]) -> None:
    wait()
    os._exit(1)
