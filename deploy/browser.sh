#!/bin/sh
# Install Chromium for the browser tests, where that is possible.
set -eu
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "· Chromium from Debian (for the browser tests)"
    if apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null; then
        exit 0
    fi
fi
echo "!! NO BROWSER: the browser tests will be skipped. Install it with: sudo apt-get install chromium" >&2
