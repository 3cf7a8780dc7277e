"""What lies on the disk: the archive, the database's file, and the room that is left."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import Settings


@dataclass(frozen=True)
class Disk:
    """Sizes in bytes. `database_bytes` is None when the database is no file here, `free_bytes` when there is no disk.

    `free_bytes` is what the archive may still take.
    """

    archive: Path
    archive_files: int
    archive_bytes: int
    database_bytes: int | None
    free_bytes: int | None
    total_bytes: int | None


def measure_disk(settings: Settings) -> Disk:
    """Look at the disk. A folder that is not there yet holds nothing."""
    files, size = _folder(settings.archive)
    place = settings.archive.absolute()
    while not place.exists():
        place = place.parent
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return Disk(settings.archive, files, size, _database_bytes(settings), None, None)
    return Disk(settings.archive, files, size, _database_bytes(settings), usage.free, usage.total)


def _folder(folder: Path) -> tuple[int, int]:
    files = size = 0
    for place, _, names in os.walk(folder):
        for name in names:
            if ".warc" not in name:
                continue
            try:
                size += os.stat(os.path.join(place, name)).st_size  # noqa: PTH116, PTH118 - one call a file
            except OSError:  # gone since it was listed
                continue
            files += 1
    return files, size


def _database_bytes(settings: Settings) -> int | None:
    from sqlalchemy.engine import make_url

    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    parts = (Path(url.database + ending) for ending in ("", "-wal", "-shm"))
    return sum(part.stat().st_size for part in parts if part.exists())
