#!/bin/sh
# Make .venv from the locked dependencies. Works as root and as an ordinary user, with or without Debian's python3-venv.
set -eu
cd "$(dirname "$0")/.."

# The distribution's own first: it is compiled by profiles of its use, which many another is not, and a fifth faster.
python=""
for candidate in /usr/bin/python3.11 /usr/bin/python3 python3.11 python3 python3.12; do
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
    if ! "$python" -m venv .venv >/dev/null 2>&1; then
        # Debian keeps ensurepip in a package of its own; its pip wheel alone is enough.
        rm -rf .venv
        "$python" -m venv --without-pip .venv
        deploy/debian-package.sh .cache/pip python3-pip-whl
        wheel=$(ls .cache/pip/usr/share/python-wheels/pip-*.whl | tail -n 1)
        PYTHONPATH=$wheel .venv/bin/python -m pip install -q --no-index --no-deps "$wheel"
    fi
fi

log=.cache/setup.log
mkdir -p .cache
total=$(grep -c '==' requirements.lock)
echo "· $total locked packages from the Python index (a minute or two the first time)"
: > "$log"
.venv/bin/python -m pip install --disable-pip-version-check --progress-bar off --require-hashes \
    -r requirements.lock >"$log" 2>&1 &
pip=$!
trap 'kill $pip 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# One line whenever a fifth of the packages more is at hand; how pip ends is what counts.
shown=0
while kill -0 $pip 2>/dev/null; do
    sleep 1
    got=$(grep -c -E '^(Collecting|Requirement already)' "$log" || true)
    if [ $((got * 5 / total)) -gt $((shown * 5 / total)) ]; then
        shown=$got
        if [ "$got" -ge "$total" ]; then echo "  fetched all, installing"; else echo "  fetched $got of $total"; fi
    fi
done
if ! wait $pip; then
    tail -n 12 "$log" >&2
    cat >&2 <<'HELP'
setup: the dependencies could not be installed (whole log: .cache/setup.log).
  Where the usual package index cannot be reached, name a mirror:  PIP_INDEX_URL=https://MIRROR/simple make setup
  Behind a proxy:                            https_proxy=http://PROXY:PORT make setup
  Then run the same command again; what was fetched is kept.
HELP
    exit 1
fi
if ! .venv/bin/python -m pip install --disable-pip-version-check -q --no-deps --no-build-isolation -e . >>"$log" 2>&1; then
    tail -n 12 "$log" >&2
    echo "setup: the gov command could not be installed (whole log: $log)" >&2
    exit 1
fi
touch .venv/.ready
