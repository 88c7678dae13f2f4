#!/bin/sh
# Install Chromium for the browser tests, where that is possible; the headless one is smaller and quicker.
set -eu
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "· Chromium from Debian (for the browser tests)"
    apt-get -qq update || true
    for name in chromium-headless-shell chromium; do
        if DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$name" >/dev/null; then exit 0; fi
    done
fi
echo "!! NO BROWSER: the browser tests will be skipped. Install it with: sudo apt-get install chromium" >&2
