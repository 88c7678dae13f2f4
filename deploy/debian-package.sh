#!/bin/sh
# Download Debian packages and unpack them below a folder, without root: debian-package.sh FOLDER NAME...
# Package lists are fetched into a folder of our own, so that a machine with no lists at hand will do.
set -eu
if [ $# -lt 2 ]; then
    echo "usage: $0 FOLDER NAME..." >&2
    exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
for tool in apt-get dpkg-deb; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "$*: $tool is missing; unpack these packages of Debian into $folder yourself" >&2
        exit 1
    fi
done

work=$(mktemp -d "$folder/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# apt's own user must reach the folder when root runs this.
chmod 755 "$work"
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial"
: > "$work/status"

# What apt says is shown only when it fails: its clean-up hooks complain where they lack rights.
apt_get() {
    apt-get -qq \
        -o Dir::State="$work/state" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 -o Acquire::Retries=3 "$@" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        return 1
    }
}

fetch() {
    apt_get update && (cd "$work" && apt_get download "$@")
}

echo "· $* from Debian"
if ! fetch "$@"; then
    echo "$*: Debian's archive could not be reached; check the network and /etc/apt/sources.list*" >&2
    exit 1
fi
for package in "$work"/*.deb; do
    dpkg-deb -x "$package" "$folder"
done
