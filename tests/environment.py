"""The environment the tests run in: loaded before the settings are (pyproject.toml).

What is already in the environment wins where it names a server: `make test` runs
the same tests again with DATABASE_URL.
"""

import atexit
import os
import shutil
import tempfile


_data = tempfile.mkdtemp(prefix="fourpi-tests-")
_owner = os.getpid()


@atexit.register
def _remove_data() -> None:
    # A child that a test forked may come by here too; the folder is not its own.
    if os.getpid() == _owner:
        shutil.rmtree(_data, ignore_errors=True)


os.environ.update(
    EMBEDDED="1",
    DEBUG="0",
    WEAK_PASSWORD_HASHES="1",
    STATIC_MANIFEST="0",
    DATA_DIR=_data,
    # Tests ask for many reports at one moment; the one of the limit sets it again.
    REPORTS_AN_HOUR="1000",
    # pytest-playwright keeps an event loop in the main thread, which Django takes
    # for asynchronous code. None of ours is asynchronous.
    DJANGO_ALLOW_ASYNC_UNSAFE="1",
)
for name in ("SECRET_KEY", "BROKER_URL", "CACHE_URL", "EMAIL_URL", "HTTPS"):
    os.environ.pop(name, None)
