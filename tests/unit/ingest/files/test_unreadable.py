"""Memory that runs out is the limit's fault, never told as damage of the file."""

import errno
import zlib

import pytest

from cf_pipeline.ingest.files.formats.archive import refuse_damage
from cf_pipeline.ingest.files.formats.calamine_workbook import refuse_calamine_errors
from cf_pipeline.ingest.files.unreadable import UnreadableError

NO_MEMORY = [OSError(errno.ENOMEM, "Cannot allocate memory"), zlib.error("Error -4 while decompressing data")]
DAMAGE = [OSError(errno.EINVAL, "Invalid argument"), zlib.error("Error -3 while decompressing data")]


@pytest.mark.parametrize("error", NO_MEMORY, ids=str)
def test_a_read_without_memory_is_a_lack_of_memory(error):
    with pytest.raises(MemoryError), refuse_damage():
        raise error


@pytest.mark.parametrize("number", [errno.EIO, errno.EMFILE])
@pytest.mark.parametrize("reading", [refuse_damage, refuse_calamine_errors])
def test_a_device_that_fails_is_neither_and_its_words_are_left_out(reading, number):
    with pytest.raises(OSError, match=rf"^\[Errno {number}\] $"), reading():
        raise OSError(number, "a file's name or more")


@pytest.mark.parametrize("error", DAMAGE, ids=str)
def test_a_read_of_damaged_bytes_is_damage(error):
    with pytest.raises(UnreadableError, match="corrupt"), refuse_damage():
        raise error


def test_a_workbook_read_without_memory_is_a_lack_of_memory():
    with pytest.raises(MemoryError), refuse_calamine_errors():
        raise NO_MEMORY[0]
