#!/bin/sh
# Unpack Debian's free Chinese fonts (Noto CJK) below a folder, as root or as an ordinary user, without installing them.
# Usage: deploy/fonts.sh DEST     leaves DEST/*.ttc and the fonts' licence; does nothing if they are there already
set -eu

PACKAGE=fonts-noto-cjk
WANTED="NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc NotoSerifCJK-Regular.ttc NotoSerifCJK-Bold.ttc"

if [ $# -ne 1 ]; then
    echo "usage: $0 DEST" >&2
    exit 2
fi
mkdir -p "$1"
dest=$(cd "$1" && pwd)

are_there() {
    for font in $WANTED; do
        [ -s "$dest/$font" ] || return 1
    done
}

if are_there; then
    exit 0
fi
for tool in apt-get dpkg-deb; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "fonts: $tool is missing; put Noto Sans CJK and Noto Serif CJK (.ttc) into $dest yourself" >&2
        exit 1
    fi
done

work=$(mktemp -d "$dest/.work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# apt's own user must reach the folder when root runs this.
chmod 755 "$work"
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/unpacked"
: > "$work/status"

# What apt says is shown only when it fails.
apt_get() {
    apt-get -q \
        -o Dir::State="$work/state" -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 -o Acquire::Retries=3 -o APT::Update::Error-Mode=any "$@" \
        >"$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; echo "fonts: apt-get $1 failed" >&2; exit 1; }
}

echo "fonts: reading the package list ..."
apt_get update
echo "fonts: fetching $PACKAGE (about 55 MB) ..."
(cd "$work" && apt_get download "$PACKAGE")
echo "fonts: unpacking ..."
dpkg-deb -x "$work/$PACKAGE"_*.deb "$work/unpacked"
for font in $WANTED; do
    # Moved last and one by one: a broken run leaves no half font behind.
    mv -f "$work/unpacked/usr/share/fonts/opentype/noto/$font" "$dest/$font"
done
cp "$work/unpacked/usr/share/doc/$PACKAGE/copyright" "$dest/LICENCE-$PACKAGE.txt"
are_there
echo "fonts: ready in $dest"
