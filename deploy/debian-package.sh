#!/bin/sh
# Download one Debian package and unpack it below a folder, without root: debian-package.sh NAME FOLDER
# Package lists are fetched into a folder of our own, so that a machine with no lists at hand will do.
set -eu
if [ $# -ne 2 ]; then
    echo "usage: $0 NAME FOLDER" >&2
    exit 2
fi
name=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
for tool in apt-get dpkg-deb; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "$name: $tool is missing; unpack Debian's package $name into $folder yourself" >&2
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
    apt_get update && (cd "$work" && apt_get download "$name")
}

echo "· $name from Debian"
if ! fetch; then
    echo "$name: Debian's archive could not be reached; check the network and /etc/apt/sources.list*" >&2
    exit 1
fi
dpkg-deb -x "$work/$name"_*.deb "$folder"
