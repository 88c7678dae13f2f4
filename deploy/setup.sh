#!/bin/sh
# Make .venv from the locked dependencies. Works as root and as an ordinary user, with or without Debian's python3-venv.
set -eu
cd "$(dirname "$0")/.."

python=""
for candidate in python3.11 python3 python3.12; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "setup: Python 3.11 or newer is needed; on Debian: apt-get install python3" >&2
    exit 1
fi

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "· virtual environment (.venv)"
    rm -rf .venv
    if ! "$python" -m venv .venv 2>/dev/null; then
        # Debian keeps ensurepip in a package of its own; its pip wheel alone is enough.
        rm -rf .venv
        "$python" -m venv --without-pip .venv
        deploy/debian-package.sh python3-pip-whl .cache/pip
        wheel=$(ls .cache/pip/usr/share/python-wheels/pip-*.whl | tail -n 1)
        PYTHONPATH=$wheel .venv/bin/python -m pip install -q --no-index --no-deps "$wheel"
    fi
fi

echo "· dependencies ($(grep -c '==' requirements.lock) locked packages; a minute or two the first time)"
.venv/bin/python -m pip install --disable-pip-version-check --progress-bar off -q --require-hashes -r requirements.lock
.venv/bin/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e .
touch .venv/.ready
