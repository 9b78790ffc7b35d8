"""Run tests on a PostgreSQL server of their own: `make torture` calls it.

TEST_DATABASE_URL names a server that is there already.
"""

import os
import subprocess
import sys
from contextlib import ExitStack

from tests import servers


if __name__ == "__main__":
    with ExitStack() as stack:
        server = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(
            servers.postgres()
        )
        command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
        part = subprocess.run(command, env=os.environ | {"DATABASE_URL": server})
    sys.exit(part.returncode)
