#!/bin/sh
# Download one Debian package and unpack it below a folder, without root: debian-package.sh NAME FOLDER
# Package lists are fetched into a folder of our own, so that a machine with no lists at hand will do.
set -eu
name=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
state=$folder/.apt
mkdir -p "$state/state/lists/partial" "$state/cache/archives/partial"

# What apt says is shown only when it fails: its clean-up hooks complain where they lack rights.
apt() {
    apt-get -qq -o Dir::State="$state/state" -o Dir::State::status=/var/lib/dpkg/status \
        -o Dir::Cache="$state/cache" -o APT::Sandbox::User="$(id -un)" "$@" >"$state/log" 2>&1 || {
        cat "$state/log" >&2
        return 1
    }
}

echo "· $name from Debian"
apt update
(cd "$state" && apt download "$name")
dpkg-deb -x "$state"/"$name"_*.deb "$folder"
rm -rf "$state"
